"""Everything that somebody can do to the bot, each once: what the tests of the matrix go through.

An act may need something on the screen first (a clip, a panel, an open form); `Scene` puts it there. Which rows the
matrix has is told in `test_matrix`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tests.discord.scene import DAILY, PROMPT, Person, Scene
from tests.discord.stage import walk


class Sight(StrEnum):
    """What comes of an act, and who sees it."""

    ALL = "a message for everybody"
    MEMBER = "a message for the member alone"
    FORM = "a form"
    CHOICES = "choices"
    NOTHING = "nothing"


def sight_of(result: Any) -> Sight:
    if isinstance(result, list):
        return Sight.CHOICES
    if result.modal is not None:
        return Sight.FORM
    if result.response is None:
        return Sight.MEMBER if any(each.ephemeral for each in result.followups) else Sight.NOTHING
    return Sight.MEMBER if result.response.ephemeral else Sight.ALL


def told(result: Any) -> str:
    """All that an answer says, in its messages."""
    answers = [result.response, *result.followups]
    return "\n".join(
        "\n".join([each.content or "", *(c["content"] for c in flat(each.components) if c.get("type") == 10)])
        for each in answers
        if each is not None
    )


def flat(components: Any) -> list[dict[str, Any]]:
    """All components of a stored message, depth first."""
    found: list[dict[str, Any]] = []
    for each in components:
        within = [*(each.get("components") or []), *filter(None, [each.get("accessory")])]
        found += [each, *flat(within)]
    return found


Screen = Callable[[Scene, Person], Awaitable[Any]]


@dataclass(frozen=True)
class Act:
    """One thing to do.

    Attributes:
        go: does it, with what `screen` has put there.
        orders: it makes a clip of whoever does it, on their quota.
        presses: how the ids of what is pressed or chosen begin, or of the form that is sent.
        moderates: it is for who may manage the server.
        says: part of what the answer says, as a pattern.
        others: what others are told who do it to what is not theirs; "" where it is for anybody, on their own account.
        erases: it takes away what other acts have made.
    """

    name: str
    go: Callable[[Person, Any], Awaitable[Any]]
    sight: Sight = Sight.MEMBER
    screen: Screen = Scene.nothing
    orders: bool = False
    presses: str = ""
    moderates: bool = False
    says: str = ""
    others: str = ""
    in_dms: bool = True
    erases: bool = False

    def __str__(self) -> str:
        return self.name

    def doer(self, scene: Scene) -> Person:
        """Who does it, where nothing else is said."""
        return scene.moderator if self.moderates else scene.alice

    async def do(self, scene: Scene, who: Person | None = None) -> Any:
        who = who or self.doer(scene)
        return await self.go(who, await self.screen(scene, who))


def _slash(name: str, sight: Sight = Sight.MEMBER, *, screen: Screen = Scene.nothing, **rest: Any) -> Act:
    options = rest.pop("options", {})

    async def go(who: Person, shown: Any) -> Any:
        filled = {key: value(who, shown) if callable(value) else value for key, value in options.items()}
        return await who.slash(name, **filled)

    return Act(f"/{name}" + rest.pop("note", ""), go, sight, screen, **rest)


def _press(verb: str, screen: Screen, sight: Sight = Sight.MEMBER, *, note: str = "", **rest: Any) -> Act:
    start = f"flipbook:{verb}:" + rest.pop("more", "")

    async def go(who: Person, shown: Any) -> Any:
        return await who.press(shown, start)

    return Act(f"button {verb}{note}", go, sight, screen, presses=start, **rest)


def _completion(name: str, option: str, screen: Screen = Scene.nothing, **rest: Any) -> Act:
    return Act(f"typing {name} {option}:", lambda who, _: who.complete(name, option), Sight.CHOICES, screen, **rest)


def _job_in(message: Any) -> int:
    custom_id = next(c.custom_id for c in walk(message.components) if getattr(c, "custom_id", None))
    return int(custom_id.rsplit(":", 1)[1])


def _admin(name: str, says: str, **options: Any) -> Act:
    return _slash(f"admin {name}", options=options, says=says, moderates=True, in_dms=False)


RIGHTS = "Manage Server"

OF_THE_SERVER: dict[str, Any] = {"moderates": True, "in_dms": False, "others": "manage this server"}

COMMANDS = (
    _slash("video", Sight.ALL, options={"prompt": PROMPT}, orders=True, says="Queued"),
    _slash(
        "video",
        options={"prompt": PROMPT, "private": True},
        note=" private",
        orders=True,
        in_dms=False,
        says="direct messages",
    ),
    _slash("queue", screen=Scene.waiting, says="position|rendering|posted"),
    _slash(
        "cancel",
        screen=Scene.waiting,
        options={"job": lambda _, shown: _job_in(shown)},
        others="no clip",
        says="cancelled|stops at",
    ),
    _slash("history", screen=Scene.clip, says="Your clips"),
    _slash("show", Sight.ALL, screen=Scene.clip, options={"id": lambda _, shown: _job_in(shown)}, says="seed"),
    _slash("help", says="Flipbook"),
    _slash("quota", says="left today"),
    _slash("settings me", says="Your settings"),
    _slash("settings server", moderates=True, in_dms=False, others="manage", says="server's settings"),
    _slash("privacy export", screen=Scene.clip, says="all that I store"),
    _slash("privacy delete", says="Delete everything"),
    Act(
        "menu Recipe",
        lambda who, shown: who.menu("Recipe", shown),
        screen=Scene.clip,
        in_dms=False,
        says="Recipe of clip",
    ),
    Act(
        "menu Animate",
        lambda who, shown: who.menu("Animate this picture", shown),
        Sight.FORM,
        Scene.picture,
        in_dms=False,
    ),
)

ADMIN = (
    _admin("pause", "paused in this server"),
    _admin("resume", "take requests|go on"),
    _admin("clear", "No clip waits|wait in|waits in"),
    _admin("block", "no longer make", member=lambda who, _: who.actor),
    _admin("unblock", "again|not blocked", member=lambda who, _: who.actor),
    _admin("blocked", "Nobody|Blocked"),
    _admin("stats", "GPU time"),
    _admin("quota set", "Set", clips=DAILY),
    _admin("quota remove", "Removed"),
    _admin("quota show", "a day"),
    _admin("channels add", "only in", channel=lambda who, _: who.room),
    _admin("channels remove", "not on the list", channel="1"),
    _admin("channels show", "clips"),
    _admin("words add", "on the list", words="moon"),
    _admin("words remove", "allowed again|not on the list", word="moon"),
    replace(_admin("words edit", ""), sight=Sight.FORM),
    _admin("words show", "unwanted words"),
)

TYPING = (
    _completion("video", "prompt"),
    _completion("video", "style"),
    _completion("cancel", "job", Scene.waiting),
    _completion("show", "id", Scene.clip),
    _completion("admin words remove", "word", moderates=True, in_dms=False),
    _completion("admin channels remove", "channel", moderates=True, in_dms=False),
)

BUTTONS = (
    _press("cancel", Scene.waiting, others="no clip", says="cancelled|stops at"),
    _press("again", Scene.cancelled, Sight.ALL, note=" of a cancelled clip", orders=True, says="Queued"),
    _press("reroll", Scene.clip, Sight.ALL, orders=True, says="Queued"),
    _press("extend", Scene.clip, Sight.ALL, orders=True, says="Queued"),
    _press("shorter", Scene.too_large, Sight.ALL, orders=True, says="Queued"),
    _press("smoother", Scene.clip, Sight.ALL, orders=True, says="Queued"),
    _press("larger", Scene.clip, Sight.ALL, orders=True, says="Queued"),
    _press("edit", Scene.clip, Sight.FORM),
    _press("recipe", Scene.clip, says="Recipe of clip"),
    _press("delete", Scene.clip, others="Only the member", says="for good"),
    _press("delete-sure", Scene.question, others="Only the member", says="is deleted|was deleted", erases=True),
    _press("again", Scene.recipe, Sight.ALL, note=" of a recipe", orders=True, says="Queued"),
    _press("edit", Scene.recipe, Sight.FORM, note=" of a recipe"),
    _press("cancel-here", Scene.queue, others="no clip", says="cancelled|stops at|over already"),
    _press("look-again", Scene.queue, says="position|ready in|no clips"),
    _press("again", Scene.history, Sight.ALL, note=" of the history", orders=True, says="Queued"),
    _press("show", Scene.history, Sight.ALL, note=" of the history", says="seed"),
    _press("delete", Scene.history, note=" of the history", others="Only the member", says="for good"),
    _press("history", Scene.several, says="Your clips"),
    _press("help", Scene.help, says="thing 1"),
    _press("forget", Scene.privacy, more="keep", erases=True, says="Deleted"),
    _press("forget", Scene.privacy, note=" with messages", more="remove", erases=True, says="Deleted"),
    _press("settings-negative", Scene.panel, Sight.FORM, more="me"),
    _press("settings-reset", Scene.panel, more="me", says="Your settings"),
    _press(
        "settings-negative",
        Scene.server_panel,
        Sight.FORM,
        note=" of the server",
        more="server",
        **OF_THE_SERVER,
    ),
    _press(
        "settings-reset",
        Scene.server_panel,
        note=" of the server",
        more="server",
        says="server's settings",
        **OF_THE_SERVER,
    ),
    Act(
        "select setting",
        lambda who, shown: who.choose(shown, "flipbook:setting:me:motion", '"left"'),
        screen=Scene.panel,
        presses="flipbook:setting:me:motion",
        says="Your settings",
    ),
    Act(
        "select setting of the server",
        lambda who, shown: who.choose(shown, "flipbook:setting:server:motion", '"left"'),
        screen=Scene.server_panel,
        presses="flipbook:setting:server:motion",
        says="server's settings",
        **OF_THE_SERVER,
    ),
    _press("clear", Scene.clear, moderates=True, in_dms=False, others=RIGHTS, says="returned to|No clip was"),
)

FORMS = (
    Act(
        "form edit",
        lambda who, form: who.submit(form, prompt="a cat", seed=""),
        Sight.ALL,
        Scene.edit_form,
        orders=True,
        says="Queued",
        presses="flipbook:edit:",
    ),
    Act(
        "form animate",
        lambda who, form: who.submit(form, prompt=PROMPT),
        Sight.ALL,
        Scene.animate_form,
        orders=True,
        says="Queued",
        in_dms=False,
        presses="flipbook:animate:",
    ),
    Act(
        "form words",
        lambda who, form: who.submit(form),
        screen=Scene.words_form,
        presses="flipbook:words:",
        moderates=True,
        says="Saved",
        in_dms=False,
    ),
    Act(
        "form negative",
        lambda who, form: who.submit(form),
        screen=Scene.negative_form,
        presses="flipbook:settings-negative-form:me",
        says="Your settings",
    ),
    Act(
        "form negative of the server",
        lambda who, form: who.submit(form),
        screen=Scene.server_negative_form,
        presses="flipbook:settings-negative-form:server",
        says="server's settings",
        **OF_THE_SERVER,
    ),
)

ACTS = (*COMMANDS, *ADMIN, *TYPING, *BUTTONS, *FORMS)
