"""Discord's documented limits as pure checks: a body that Discord refuses raises ApiError.

Page names in the docstrings are those of the Discord API docs.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]

MIB: Final = 1024 * 1024
EPHEMERAL: Final = 1 << 6
LOADING: Final = 1 << 7
SUPPRESS_EMBEDS: Final = 1 << 2
SUPPRESS_NOTIFICATIONS: Final = 1 << 12
COMPONENTS_V2: Final = 1 << 15

CONTENT_LIMIT: Final = 2000  # characters
COMPONENT_LIMIT: Final = 40  # nested ones included
TEXT_DISPLAY_LIMIT: Final = 4000  # characters over all text displays of one message
TEXT_INPUT_LIMIT: Final = 4000  # characters
ATTACHMENT_LIMIT: Final = 10  # files per message
ACK_WINDOW_S: Final = 3.0
TOKEN_LIFETIME_S: Final = 15 * 60.0
USER_INSTALL_FOLLOW_UPS: Final = 5

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE = (
    1,
    2,
    3,
    4,
    9,
    10,
    11,
    12,
    13,
)
SEPARATOR, CONTAINER, LABEL, FILE_UPLOAD = 14, 17, 18, 19
SELECTS: Final = frozenset({3, 5, 6, 7, 8})
V2_ONLY: Final = frozenset({SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER})
V2_TOP_LEVEL: Final = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER})
IN_CONTAINER: Final = V2_TOP_LEVEL - {CONTAINER}
MODAL_TOP_LEVEL: Final = frozenset({ROW, TEXT, LABEL})
LINK_BUTTON: Final = 5
CHANNEL_TYPES: Final = frozenset({*range(6), *range(10, 16)})
"""Those of Discord's published OpenAPI description (`ChannelTypes`); media channels are not among them."""

# fmt: off
LOCALES: Final = frozenset({
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu",
    "nl", "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg",
    "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
})
# fmt: on


class ApiError(Exception):
    """A refusal in Discord's own words (Discord API docs, Opcodes and Status Codes, JSON error codes)."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} ({code}): {message} {errors or ''}")
        self.status, self.code, self.message, self.errors = status, code, message, errors

    def body(self) -> Json:
        answer: Json = {"message": self.message, "code": self.code}
        if self.errors is not None:
            answer["errors"] = self.errors
        return answer


class NotImplementedByPeer(ApiError):
    """Discord would answer, this peer cannot: add the rule before a test relies on it."""

    def __init__(self, what: str) -> None:
        super().__init__(501, 0, f"the loopback Discord does not implement {what}")


def invalid(path: str, code: str, message: str) -> ApiError:
    """50035 with the error under its path, such as `components.0.items` (Discord API docs, Reference)."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for key in reversed(path.split(".")):
        errors = {key: errors}
    return ApiError(400, 50035, "Invalid Form Body", errors)


def require_length(path: str, value: Any, low: int, high: int) -> None:
    if not isinstance(value, str):
        raise invalid(path, "BASE_TYPE_BAD_TYPE", "Must be a string.")
    if not low <= len(value) <= high:
        raise invalid(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")


def require_list(path: str, value: Any, low: int, high: int) -> list[Any]:
    if not isinstance(value, list):
        raise invalid(path, "BASE_TYPE_BAD_TYPE", "Must be an array.")
    if not low <= len(value) <= high:
        raise invalid(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
    return value


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart body: `index` is the n of `files[n]`."""

    index: int
    filename: str
    data: bytes
    content_type: str


# Components ------------------------------------------------------------------------------------------


def children(component: Json) -> Iterator[tuple[str, Json]]:
    """The direct children with their path inside the component."""
    for key in ("components",):
        for index, child in enumerate(component.get(key) or ()):
            yield f"{key}.{index}", child
    for key in ("component", "accessory"):
        if isinstance(component.get(key), dict):
            yield key, component[key]


def walk(components: list[Json], path: str = "components") -> Iterator[tuple[str, Json]]:
    """Every component, depth first, with the path that an error names."""
    for index, component in enumerate(components):
        yield from _walk_one(component, f"{path}.{index}")


def _walk_one(component: Json, path: str) -> Iterator[tuple[str, Json]]:
    yield path, component
    for key, child in children(component):
        yield from _walk_one(child, f"{path}.{key}")


def media_of(component: Json) -> Iterator[tuple[str, Json]]:
    """The unfurled media items that one component shows, with their path inside it."""
    kind = component.get("type")
    if kind == GALLERY:
        for index, item in enumerate(component.get("items") or ()):
            yield f"items.{index}.media", item.get("media") or {}
    elif kind == THUMBNAIL:
        yield "media", component.get("media") or {}
    elif kind == FILE:
        yield "file", component.get("file") or {}


def check_components(components: Any, *, v2: bool) -> None:
    """Refuses a message's components that break a limit (Discord API docs, Component Reference)."""
    top = require_list("components", components, 0, COMPONENT_LIMIT if v2 else 5)
    found = list(walk(top))
    if len(found) > COMPONENT_LIMIT:
        raise invalid("components", "BASE_TYPE_MAX_LENGTH", f"Must be {COMPONENT_LIMIT} or fewer in length.")
    allowed = V2_TOP_LEVEL if v2 else {ROW}
    for index, component in enumerate(top):
        if component.get("type") not in allowed:
            raise invalid(f"components.{index}.type", "UNION_TYPE_CHOICES", f"Must be one of {sorted(allowed)}.")
    texts = 0
    custom_ids: set[str] = set()
    for path, component in found:
        _check_component(path, component)
        texts += len(component.get("content", "")) if component["type"] == TEXT else 0
        custom_id = component.get("custom_id")
        if custom_id in custom_ids:
            raise invalid(path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        if custom_id is not None:
            custom_ids.add(custom_id)
    if texts > TEXT_DISPLAY_LIMIT:
        raise invalid("components", "BASE_TYPE_MAX_LENGTH", f"Text exceeds {TEXT_DISPLAY_LIMIT} characters.")


def _check_component(path: str, component: Json) -> None:
    kind = component.get("type")
    match kind:
        case 1:
            row = require_list(f"{path}.components", component.get("components"), 1, 5)
            kinds = {child.get("type") for child in row}
            if not (kinds == {BUTTON} or (len(row) == 1 and kinds <= SELECTS | {TEXT_INPUT})):
                raise invalid(f"{path}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "Bad row layout.")
        case 2:
            _check_button(path, component)
        case _ if kind in SELECTS:
            _check_select(path, component)
        case 9:
            require_list(f"{path}.components", component.get("components"), 1, 3)
            if (component.get("accessory") or {}).get("type") not in (BUTTON, THUMBNAIL):
                raise invalid(f"{path}.accessory", "BASE_TYPE_REQUIRED", "A button or thumbnail is required.")
        case 10:
            require_length(f"{path}.content", component.get("content"), 1, TEXT_DISPLAY_LIMIT)
        case 12:
            for index, item in enumerate(require_list(f"{path}.items", component.get("items"), 1, 10)):
                if item.get("description") is not None:
                    require_length(f"{path}.items.{index}.description", item["description"], 1, 1024)
        case 11 | 13 | 14:
            pass
        case 17:
            for index, child in enumerate(component.get("components") or ()):
                if child.get("type") not in IN_CONTAINER:
                    raise invalid(f"{path}.components.{index}.type", "UNION_TYPE_CHOICES", "Not in a container.")
        case 4 | 18 | 19:
            raise invalid(f"{path}.type", "UNION_TYPE_CHOICES", "This component belongs to modals.")
        case _:
            raise NotImplementedByPeer(f"component type {kind} (at {path})")
    for key, media in media_of(component):
        url = media.get("url")
        if not isinstance(url, str) or not url.startswith(("attachment://", "http://", "https://")):
            raise invalid(f"{path}.{key}.url", "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def _check_button(path: str, button: Json) -> None:
    if button.get("label") is None and button.get("emoji") is None:
        raise invalid(f"{path}.label", "BASE_TYPE_REQUIRED", "A label or an emoji is required.")
    if button.get("label") is not None:
        require_length(f"{path}.label", button["label"], 1, 80)
    if button.get("style") == LINK_BUTTON:
        require_length(f"{path}.url", button.get("url"), 1, 512)
    elif button.get("style") in (1, 2, 3, 4):
        require_length(f"{path}.custom_id", button.get("custom_id"), 1, 100)
    else:
        raise NotImplementedByPeer(f"button style {button.get('style')} (at {path})")


def _check_select(path: str, select: Json) -> None:
    require_length(f"{path}.custom_id", select.get("custom_id"), 1, 100)
    if select.get("placeholder") is not None:
        require_length(f"{path}.placeholder", select["placeholder"], 0, 150)
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not (0 <= least <= 25 and 1 <= most <= 25 and least <= most):
        raise invalid(f"{path}.max_values", "NUMBER_TYPE_MAX", "Bad numbers of values.")
    if select["type"] != STRING_SELECT:
        return
    values: set[str] = set()
    for index, option in enumerate(require_list(f"{path}.options", select.get("options"), 1, 25)):
        for key, needed in (("label", True), ("value", True), ("description", False)):
            if needed or option.get(key) is not None:
                require_length(f"{path}.options.{index}.{key}", option.get(key), 1, 100)
        if option["value"] in values:
            raise invalid(f"{path}.options.{index}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Not unique.")
        values.add(option["value"])
    chosen = sum(bool(option.get("default")) for option in select["options"])
    if chosen > most:
        raise invalid(f"{path}.options", "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "More defaults than max_values.")


def _check_text_input(path: str, field: Json) -> None:
    require_length(f"{path}.custom_id", field.get("custom_id"), 1, 100)
    least, most = field.get("min_length") or 0, field.get("max_length") or TEXT_INPUT_LIMIT
    if not 0 <= least <= most <= TEXT_INPUT_LIMIT:
        raise invalid(f"{path}.max_length", "NUMBER_TYPE_MAX", "Bad lengths.")
    for key, limit in (("label", 45), ("placeholder", 100), ("value", most)):
        if field.get(key) is not None:
            require_length(f"{path}.{key}", field[key], 0, limit)


def check_modal(data: Json) -> None:
    """Refuses a modal that breaks a limit (Discord API docs, Receiving and Responding to Interactions)."""
    require_length("data.custom_id", data.get("custom_id"), 1, 100)
    require_length("data.title", data.get("title"), 1, 45)
    top = require_list("data.components", data.get("components"), 1, 5)
    for index, component in enumerate(top):
        path = f"data.components.{index}"
        if component.get("type") not in MODAL_TOP_LEVEL:
            raise invalid(f"{path}.type", "UNION_TYPE_CHOICES", f"Must be one of {sorted(MODAL_TOP_LEVEL)}.")
        if component["type"] == LABEL:
            require_length(f"{path}.label", component.get("label"), 1, 45)
            if component.get("description") is not None:
                require_length(f"{path}.description", component["description"], 1, 100)
    for path, field in walk(top, "data.components"):
        kind = field.get("type")
        if kind in SELECTS:
            _check_select(path, field)
        elif kind == TEXT_INPUT:
            _check_text_input(path, field)
        elif kind == FILE_UPLOAD:
            require_length(f"{path}.custom_id", field.get("custom_id"), 1, 100)
        elif kind not in (ROW, TEXT, LABEL):
            raise NotImplementedByPeer(f"modal component type {kind} (at {path})")


def check_text(body: Json) -> None:
    """Refuses content and embeds over their limits (Discord API docs, Message resource)."""
    content = body.get("content")
    if content is not None:
        require_length("content", content, 0, CONTENT_LIMIT)
    embeds = require_list("embeds", body.get("embeds") or [], 0, 10)
    size = 0
    for index, embed in enumerate(embeds):
        for key, limit in (("title", 256), ("description", 4096)):
            if embed.get(key) is not None:
                require_length(f"embeds.{index}.{key}", embed[key], 0, limit)
                size += len(embed[key])
        for number, field in enumerate(require_list(f"embeds.{index}.fields", embed.get("fields") or [], 0, 25)):
            require_length(f"embeds.{index}.fields.{number}.name", field.get("name"), 1, 256)
            require_length(f"embeds.{index}.fields.{number}.value", field.get("value"), 1, 1024)
            size += len(field["name"]) + len(field["value"])
        if embed.get("footer"):
            require_length(f"embeds.{index}.footer.text", embed["footer"].get("text"), 0, 2048)
            size += len(embed["footer"]["text"])
    if size > 6000:
        raise invalid("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    for key in ("poll", "sticker_ids"):
        if body.get(key):
            raise NotImplementedByPeer(f"messages with '{key}'")


# Application commands --------------------------------------------------------------------------------


def _is_command_name(name: str) -> bool:
    """`^[-_'\\p{L}\\p{N}]{1,32}$` in lower case, marks of Devanagari and Thai included."""
    kinds_ok = all(c in "-_'" or unicodedata.category(c)[0] in "LN" or _is_mark(c) for c in name)
    return 1 <= len(name) <= 32 and kinds_ok and name == name.lower()


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" and unicodedata.name(char, "").startswith(("DEVANAGARI", "THAI"))


def _check_name(path: str, name: Any, *, menu: bool) -> None:
    require_length(path, name, 1, 32)
    if not menu and not _is_command_name(name):
        raise invalid(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_localised(path: str, owner: Json, *, menu: bool) -> int:
    """Checks name and description in every language; returns the longest length of each, summed."""
    _check_name(f"{path}name", owner.get("name"), menu=menu)
    names, descriptions = [len(owner["name"])], [len(owner.get("description") or "")]
    if menu:
        if owner.get("description"):
            raise invalid(f"{path}description", "APPLICATION_COMMAND_INVALID_DESCRIPTION", "Must be empty.")
    else:
        require_length(f"{path}description", owner.get("description"), 1, 100)
    for key, lengths in (("name_localizations", names), ("description_localizations", descriptions)):
        for locale, text in (owner.get(key) or {}).items():
            if locale not in LOCALES:
                raise invalid(f"{path}{key}.{locale}", "LOCALE_INVALID", "Not a Discord locale.")
            if key.startswith("name"):
                _check_name(f"{path}{key}.{locale}", text, menu=menu)
            else:
                require_length(f"{path}{key}.{locale}", text, 1, 100)
            lengths.append(len(text))
    return max(names) + max(descriptions)


def _check_options(path: str, options: Any, depth: int) -> int:
    """Checks one level of options (Discord API docs, Application Commands); returns their character count."""
    size = 0
    optional_seen = False
    seen: set[str] = set()
    for index, option in enumerate(require_list(f"{path}options", options, 0, 25)):
        here = f"{path}options.{index}."
        size += _check_localised(here, option, menu=False)
        if option["name"] in seen:
            raise invalid(f"{here}name", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name must be unique")
        seen.add(option["name"])
        kind = option.get("type")
        if kind not in range(1, 12) or (kind == 2 and depth > 0) or (kind == 1 and depth > 1):
            raise invalid(f"{here}type", "BASE_TYPE_CHOICES", "Not an option type that is allowed here.")
        if kind in (1, 2):
            size += _check_options(here, option.get("options") or [], depth + 1 if kind == 2 else 2)
            continue
        if option.get("required") and optional_seen:
            raise invalid(here + "required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required come first")
        optional_seen = optional_seen or not option.get("required")
        unknown = set(option.get("channel_types") or ()) - CHANNEL_TYPES
        if unknown:
            raise invalid(f"{here}channel_types", "BASE_TYPE_CHOICES", f"No channel types: {sorted(unknown)}.")
        choices = require_list(f"{here}choices", option.get("choices") or [], 0, 25)
        if choices and (option.get("autocomplete") or kind not in (3, 4, 10)):
            raise invalid(f"{here}choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "No choices allowed here")
        size += sum(check_choice(f"{here}choices.{number}", choice) for number, choice in enumerate(choices))
    return size


def check_choice(path: str, choice: Json) -> int:
    require_length(f"{path}.name", choice.get("name"), 1, 100)
    value = choice.get("value")
    if isinstance(value, str):
        require_length(f"{path}.value", value, 0, 100)
    elif not isinstance(value, int | float):
        raise invalid(f"{path}.value", "BASE_TYPE_REQUIRED", "This field is required")
    return len(choice["name"]) + len(str(value))


def check_command(path: str, command: Json) -> None:
    """Refuses one command over Discord's limits (Discord API docs, Application Commands)."""
    kind = command.get("type", 1)
    if kind not in (1, 2, 3):
        raise NotImplementedByPeer(f"application command type {kind}")
    size = _check_localised(path, command, menu=kind != 1)
    if kind != 1 and command.get("options"):
        raise invalid(f"{path}options", "APPLICATION_COMMAND_OPTIONS_INVALID", "Context menus have no options")
    if kind == 1:
        size += _check_options(path, command.get("options") or [], 0)
    if size > 8000:
        raise invalid(f"{path}name", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")


def check_commands(commands: Any) -> list[Json]:
    """Refuses a bulk overwrite as Discord does: 100 slash commands, 15 of each menu kind, unique names."""
    if not isinstance(commands, list):
        raise invalid("commands", "BASE_TYPE_BAD_TYPE", "Must be an array.")
    seen: set[tuple[int, str]] = set()
    counts = {1: 0, 2: 0, 3: 0}
    for index, command in enumerate(commands):
        check_command(f"{index}.", command)
        kind = command.get("type", 1)
        counts[kind] += 1
        if (kind, command["name"]) in seen:
            raise invalid(f"{index}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Names must be unique")
        seen.add((kind, command["name"]))
    if counts[1] > 100 or counts[2] > 15 or counts[3] > 15:
        raise ApiError(400, 30032, "Maximum number of application commands reached")
    return commands


_UNSAFE = re.compile(r"[^\w.\-]", re.UNICODE)


def safe_filename(name: str) -> str:
    """The name under which Discord stores an upload: spaces and signs become underscores."""
    return _UNSAFE.sub("_", name) or "unknown"
