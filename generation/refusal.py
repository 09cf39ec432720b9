"""What is wrong with given fields, in the words of the fields: pydantic's errors as ours; loads no torch."""

from __future__ import annotations

from pydantic import ValidationError

from .errors import InvalidRequest


def refusal(error: ValidationError | TypeError) -> InvalidRequest:
    """The refusal of all bad fields; its code and values are those of the first one."""
    told = explain(error)
    if isinstance(error, TypeError):
        return InvalidRequest(told)
    first = error.errors(include_url=False, include_input=False)[0]
    field, values = ".".join(str(part) for part in first["loc"]), first.get("ctx", {})
    match first["type"]:
        case "string_too_short":
            return InvalidRequest(told, code="prompt-empty")
        case "string_too_long":
            return InvalidRequest(told, code="text-too-long", most=values["max_length"])
        case "less_than_equal":
            return InvalidRequest(told, code="value-too-large", field=field, most=values["le"])
        case "greater_than_equal":
            return InvalidRequest(told, code="value-too-small", field=field, least=values["ge"])
        case ours if "-" in ours:  # pydantic's own have none
            return InvalidRequest(told, code=ours, **values)
        case _:
            return InvalidRequest(told)


def explain(error: ValidationError | TypeError) -> str:
    """One line per bad field, in the words of the field."""
    if isinstance(error, TypeError):
        return str(error)
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=False):
        field = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        lines.append(f"{field}: {message}" if field else message)
    return "; ".join(lines)
