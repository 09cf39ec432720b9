"""Everything that somebody can do to the bot, each once: what the tests of the matrix go through.

An act may need something on the screen first (a clip, a panel, an open form); `Scene` puts it there. Which rows the
matrix has is told in `test_matrix`.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import discord
from pytest import MonkeyPatch

from bot.clock import Clock
from bot.executor import Rendered, RenderTask
from cogs import uploads
from generation.errors import RenderCancelled
from tests.bot.house import ScriptedExecutor
from tests.conftest import VOCABULARY
from tests.discord.stage import Stage, clips_of, make_settings, stage, walk
from tests.pictures import picture
from tests.sketch import save_sketch

DAILY = 1_000
PROMPT = "a fox"


class HeldExecutor(ScriptedExecutor):
    """Begins no render while it is held, so that jobs wait."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()

    async def render(self, task: RenderTask) -> Rendered:
        while not self.open.is_set():
            if task.cancelled.is_set():
                raise RenderCancelled("stopped")
            await asyncio.sleep(0.005)
        return await super().render(task)


@dataclass(frozen=True)
class Person:
    """Somebody in one place; `room` is None in the direct messages with the bot."""

    actor: Any
    room: Any = None

    @property
    def id(self) -> int:
        return self.actor.id

    @property
    def _here(self) -> tuple[Any, ...]:
        return () if self.room is None else (self.room,)

    async def slash(self, name: str, **options: Any) -> Any:
        return await self.actor.slash(*self._here, name, **options)

    async def complete(self, name: str, option: str, typed: str = "") -> Any:
        return await self.actor.autocomplete(*self._here, name, option, typed)

    async def menu(self, name: str, message: Any) -> Any:
        return await self.actor.context_menu(self.room, name, message)

    async def press(self, message: Any, custom_id: str) -> Any:
        return await self.actor.click(message, custom_id=id_in(message, custom_id))

    async def choose(self, message: Any, custom_id: str, value: str) -> Any:
        return await self.actor.select(message, [value], custom_id=id_in(message, custom_id))

    async def submit(self, form: Any, **written: Any) -> Any:
        return await self.actor.submit_modal(form, {**as_shown(form), **written})


def id_in(message: Any, start: str) -> str:
    """The whole id of a message's first button or select whose id begins so."""
    found = [custom_id for c in walk(message.components) if (custom_id := getattr(c, "custom_id", None))]
    fitting = [custom_id for custom_id in found if custom_id.startswith(start)]
    assert fitting, f"nothing of {start!r}, only {found}"
    return fitting[0]


def as_shown(form: Any) -> dict[str, Any]:
    """What stands in a form as it is opened."""
    assert form.modal is not None, f"no form, but {form}"
    fields = [label["component"] for label in form.modal["components"]]
    return {
        each["custom_id"]: [option["value"] for option in each["options"] if option.get("default")]
        if "options" in each
        else each.get("value") or ""
        for each in fields
    }


@dataclass
class Scene:
    """A stage in one place, with a member, another member and a moderator, and ways to put things on the screen."""

    stage: Stage
    executor: HeldExecutor
    room: Any
    in_dms: bool
    mod: Any
    now: list[float]
    filled: set[int] = field(default_factory=set)

    def person(self, actor: Any) -> Person:
        return Person(actor.user) if self.in_dms else Person(actor, self.room)

    @property
    def alice(self) -> Person:
        return self.person(self.stage.alice)

    @property
    def bob(self) -> Person:
        return self.person(self.stage.bob)

    def doer(self, act: Act) -> Person:
        return self.person(self.mod) if act.moderates else self.alice

    @contextmanager
    def demoted(self) -> Iterator[None]:
        """The moderator has lost the role meanwhile."""
        member = self.stage.env.backend.guilds[self.stage.guild.id].members[self.mod.id]
        roles, member.role_ids = member.role_ids, []
        yield
        member.role_ids = roles

    def message(self, message_id: int) -> discord.Message | None:
        return next((m for m in self.room.history() if m.id == message_id), None)

    async def restart(self) -> None:
        self.executor = HeldExecutor()
        await self.stage.restart(executor=self.executor)

    async def finish(self, who: Person | None = None) -> None:
        """Let everything be rendered and delivered, then hold again."""
        self.executor.open.set()
        waiting = ("queued", "running", "rendered")
        await self.stage.until(lambda: not [j for j in self.jobs(who) if j["state"] in waiting], "the last clip")
        self.executor.open.clear()

    async def forged(self, message: Any, start: str) -> discord.Message:
        """A public message of the bot's with one button or select of another, as if others had got hold of its id."""
        view = discord.ui.View(timeout=None)
        [found] = [c for c in walk(message.components) if getattr(c, "custom_id", None) == id_in(message, start)]
        if isinstance(found, discord.SelectMenu):
            view.add_item(discord.ui.Select(custom_id=found.custom_id, options=found.options))
        else:
            view.add_item(discord.ui.Button(label="Press", custom_id=found.custom_id))
        view.stop()
        return await self.stage.bot.get_channel(self.room.id).send(view=view)

    def jobs(self, who: Person | None = None) -> list[sqlite3.Row]:
        """What is stored of someone's jobs, the oldest first."""
        with closing(sqlite3.connect(self.stage.bot.settings.store_dir / "flipbook.sqlite3")) as database:
            database.row_factory = sqlite3.Row
            every = database.execute("SELECT * FROM jobs ORDER BY id").fetchall()
        return [job for job in every if who is None or job["user_id"] == who.id]

    def is_job_of(self, message_id: int) -> bool:
        """Whether a message carries a job."""
        return any(job["message_id"] == message_id for job in self.jobs())

    async def left(self, who: Person) -> int:
        return (await self.stage.bot.service.limits.quota(who.id)).left

    # What stands on the screen --------------------------------------------------------------------------

    async def nothing(self, who: Person) -> None:
        return None

    async def clip(self, who: Person) -> discord.Message:
        """A delivered clip; as long as it is not deleted, the same one."""
        self.now[0] += 60.0  # a press of the same button is another press
        for job in self.jobs(who):
            if job["state"] == "delivered" and job["deleted_at"] is None:
                message = self.message(job["message_id"])
                if message is not None and not message.flags.ephemeral:
                    return message
        answer = await who.slash("video", prompt=PROMPT)
        await self.finish(who)
        message = self.message(answer.response.id)
        assert message is not None and clips_of(message), "no clip came"
        return message

    async def waiting(self, who: Person) -> discord.Message:
        """A clip that waits, in its message."""
        answer = await who.slash("video", prompt=PROMPT)
        assert answer.response is not None, answer
        return answer.response.message

    async def cancelled(self, who: Person) -> discord.Message:
        """A cancelled clip's message, which offers to try again."""
        message = await self.waiting(who)
        await who.press(message, "flipbook:cancel:")

        def look() -> discord.Message | None:
            fresh = self.message(message.id)
            ids = [getattr(c, "custom_id", "") or "" for c in walk(fresh.components)] if fresh else []
            return fresh if any(each.startswith("flipbook:again:") for each in ids) else None

        return await self.stage.until(look, "the offer to try again")

    async def several(self, who: Person) -> discord.Message:
        """The history of a member who has more than one page of clips."""
        if who.id not in self.filled:
            for _ in range(6):
                await who.slash("video", prompt=PROMPT)
            await self.finish(who)
            self.filled.add(who.id)
        return (await who.slash("history")).response.message

    async def history(self, who: Person) -> discord.Message:
        await self.clip(who)
        return (await who.slash("history")).response.message

    async def queue(self, who: Person) -> discord.Message:
        await self.waiting(who)
        return (await who.slash("queue")).response.message

    async def recipe(self, who: Person) -> discord.Message:
        return (await who.press(await self.clip(who), "flipbook:recipe:")).response.message

    async def question(self, who: Person) -> discord.Message:
        """Whether to delete a clip for good."""
        return (await who.press(await self.clip(who), "flipbook:delete:")).response.message

    async def help(self, who: Person) -> discord.Message:
        return (await who.slash("help")).response.message

    async def panel(self, who: Person) -> discord.Message:
        return (await who.slash("settings me")).response.message

    async def server_panel(self, who: Person) -> discord.Message:
        return (await who.slash("settings server")).response.message

    async def privacy(self, who: Person) -> discord.Message:
        await self.clip(who)
        return (await who.slash("privacy delete")).response.message

    async def clear(self, who: Person) -> discord.Message:
        for _ in range(2):  # the first is taken at once
            await self.waiting(self.alice)
        return (await who.slash("admin clear")).response.message

    async def picture(self, who: Person) -> discord.Message:
        files = [("me.png", picture())]
        if who.room is None:
            return await who.actor.send_dm("look", attachments=files)
        return await who.actor.send(who.room, "look", attachments=files)

    async def edit_form(self, who: Person) -> Any:
        return await who.press(await self.clip(who), "flipbook:edit:")

    async def animate_form(self, who: Person) -> Any:
        return await who.menu("Animate this picture", await self.picture(who))

    async def words_form(self, who: Person) -> Any:
        return await who.slash("admin words edit")

    async def negative_form(self, who: Person) -> Any:
        return await who.press(await self.panel(who), "flipbook:settings-negative:")


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

    async def do(self, scene: Scene, who: Person | None = None) -> Any:
        who = who or scene.doer(self)
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
    _press("settings-negative", Scene.panel, Sight.FORM),
    _press("settings-reset", Scene.panel, says="Your settings"),
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
        moderates=True,
        in_dms=False,
        others="manage this server",
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
    ),
    Act(
        "form words",
        lambda who, form: who.submit(form),
        screen=Scene.words_form,
        moderates=True,
        says="Saved",
        in_dms=False,
    ),
    Act("form negative", lambda who, form: who.submit(form), screen=Scene.negative_form, says="Your settings"),
)

ACTS = (*COMMANDS, *ADMIN, *TYPING, *BUTTONS, *FORMS)

ROOMS = ("channel", "thread", "forum post", "direct messages")

NAMES = ["slow", "impossible", *(f"thing {number}" for number in range(400))]
MANY = [{"name": name, "words": {"en": [name]}} for name in NAMES]
"""What the executor does by its name, and things to draw that fill more than one page of /help."""


@asynccontextmanager
async def scene(tmp_path: Path, room: str = "channel") -> AsyncGenerator[Scene]:
    """The bot in a real bot's settings but with nothing drawn, in one kind of place."""
    vocabulary = {**VOCABULARY, "objects": [*VOCABULARY["objects"], *MANY]}
    settings = make_settings(
        tmp_path / "var",
        save_sketch(tmp_path / "sketch", schema=2, name="worded", vocabulary=vocabulary),
        discord_token="a-token",
        daily_clips=DAILY,
        max_active_jobs=DAILY,
        stop_timeout_s=0.1,
        progress_interval_s=60.0,
    )
    executor, now = HeldExecutor(), [time.time()]
    async with stage(settings, executor=executor, clock=Clock(now=lambda: now[0])) as s:
        role = s.guild.create_role("moderators", permissions=discord.Permissions(manage_guild=True))
        mod = s.guild.add_member(s.env.create_user("mod"), roles=[role])

        async def simulated(url: str, *, most: int) -> bytes | None:
            return s.env.backend.cdn.get(url)

        with MonkeyPatch.context() as patch:
            patch.setattr(uploads, "fetch", simulated)
            yield Scene(s, executor, await _room(s, room), room == "direct messages", mod, now)


async def _room(s: Stage, room: str) -> Any:
    match room:
        case "channel":
            return s.channel
        case "thread":
            started = await s.bot.get_channel(s.channel.id).create_thread(
                name="talk", type=discord.ChannelType.public_thread
            )
            return next(thread for thread in s.channel.threads if thread.id == started.id)
        case "forum post":
            forum = s.guild.create_forum_channel("ideas")
            await s.bot.get_channel(forum.id).create_thread(name="clips", content="post yours")
            [post] = forum.threads
            return post
        case _:
            return s.alice.user.dm_channel
