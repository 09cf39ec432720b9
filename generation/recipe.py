"""The recipe: everything needed to make a clip again, as JSON text inside the clip's file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Self, cast

from .errors import InvalidRequest, NoRecipe
from .request import ResolvedRequest

RECIPE_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything needed to make a clip again: the resolved request and the weights it was made with."""

    request: ResolvedRequest
    fingerprint: str

    def to_json(self) -> str:
        """JSON text, as it stands in the file's comment tag."""
        request = json.loads(self.request.to_json())
        return json.dumps(
            {"flipbook": RECIPE_SCHEMA, "request": request, "fingerprint": self.fingerprint},
            ensure_ascii=True,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            NoRecipe: it is something else, of a newer schema, or damaged.
        """
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise NoRecipe("the comment tag holds no recipe of Flipbook") from error
        if not isinstance(content, dict) or "flipbook" not in content:
            raise NoRecipe("the comment tag holds no recipe of Flipbook")
        fields = cast("dict[str, Any]", content)
        if fields["flipbook"] != RECIPE_SCHEMA:
            raise NoRecipe(f"the recipe has schema {fields['flipbook']}; this version reads {RECIPE_SCHEMA}")
        try:
            request = ResolvedRequest.from_json(json.dumps(fields.get("request")))
        except InvalidRequest as error:
            raise NoRecipe(f"the recipe is damaged: {error}") from error
        return cls(request, str(fields.get("fingerprint", "unknown")))
