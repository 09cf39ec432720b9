"""A stage with everything that the acts of the matrix need on the screen: see `acts`."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
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

    @property
    def moderator(self) -> Person:
        return self.person(self.mod)

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

    async def server_negative_form(self, who: Person) -> Any:
        return await who.press(await self.server_panel(who), "flipbook:settings-negative:")

    async def too_large(self, who: Person) -> discord.Message:
        """What a clip that fits nowhere leaves: the offer of a shorter one."""
        longest = self.stage.bot.service.offer.lengths[-1]
        answer = await who.slash("video", prompt=PROMPT, length=longest.seconds)
        await self.finish(who)
        clip = self.message(answer.response.id)
        assert clip is not None
        job_id = id_in(clip, "flipbook:reroll:").rsplit(":", 1)[1]
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Shorter", custom_id=f"flipbook:shorter:{job_id}"))
        view.stop()
        return await self.stage.bot.get_partial_messageable(self.room.id).send(view=view)


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
