"""A tiny real discord.py bot, with which the peer's own tests prove that the library accepts the peer.

It answers /video as the design says: defer, then edit the deferred message with the bot's token.
"""

import asyncio
import hashlib
import io
import os
import re
from typing import Any

import discord
import yarl
from discord import app_commands, ui
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route


def video_bytes(prompt: str, size: int = 200_000) -> bytes:
    """Bytes that look like nothing else, the same for the same prompt."""
    block = hashlib.sha256(prompt.encode()).digest()
    return (b"\r\n--" + block) * (size // (len(block) + 4) + 1)


class Again(ui.DynamicItem[ui.Button[Any]], template=r"again:(?P<count>\d+)"):
    """A button that works after a restart: its state is its custom_id."""

    def __init__(self, count: int) -> None:
        super().__init__(ui.Button(label=f"Again ({count})", custom_id=f"again:{count}"))
        self.count = count

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: ui.Item[Any], match: re.Match[str], /) -> "Again":
        return cls(int(match["count"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        assert interaction.message is not None and isinstance(interaction.channel, discord.TextChannel)
        target = interaction.channel.get_partial_message(interaction.message.id)
        await target.edit(view=clip("pressed", "video.mp4", self.count + 1), attachments=[movie("pressed")])


class Ask(ui.Modal, title="Ask"):
    prompt: ui.Label[Any] = ui.Label(text="Prompt", component=ui.TextInput[Any](custom_id="prompt"))
    still: ui.Label[Any] = ui.Label(text="Still", component=ui.FileUpload[Any](custom_id="still"))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        prompt, still = self.prompt.component, self.still.component
        assert isinstance(prompt, ui.TextInput) and isinstance(still, ui.FileUpload)
        data = await still.values[0].read()
        await interaction.response.send_message(f"{prompt.value}: {hashlib.sha256(data).hexdigest()}")


def movie(prompt: str) -> discord.File:
    return discord.File(io.BytesIO(video_bytes(prompt)), "video.mp4", description=prompt)


def clip(prompt: str, filename: str, count: int) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    gallery: ui.MediaGallery[Any] = ui.MediaGallery(
        discord.MediaGalleryItem(f"attachment://{filename}", description=prompt)
    )
    row: ui.ActionRow[Any] = ui.ActionRow()
    row.add_item(Again(count))
    view.add_item(ui.Container(ui.TextDisplay(f"**{prompt}**"), gallery, row))
    return view


class TinyBot(commands.AutoShardedBot):
    async def setup_hook(self) -> None:
        self.add_dynamic_items(Again)
        self.tree.add_command(video)
        self.tree.add_command(secret)
        self.tree.add_command(late)
        self.tree.add_command(ask)
        self.tree.add_command(remind)
        self.tree.add_command(about)
        await self.tree.sync()


@app_commands.command(description="Makes a clip")
@app_commands.describe(prompt="What to see", start="A first picture")
async def video(
    interaction: discord.Interaction[Any],
    prompt: str,
    frames: int = 8,
    start: discord.Attachment | None = None,
) -> None:
    answer = await interaction.response.defer(thinking=True)
    assert answer is not None and answer.message_id is not None
    assert isinstance(interaction.channel, discord.TextChannel)
    message = interaction.channel.get_partial_message(answer.message_id)
    await message.edit(content=f"Queued ({frames} frames)")
    try:
        await message.edit(content=None, view=clip(prompt, "video.mp4", 1), attachments=[movie(prompt)])
    except discord.HTTPException as error:
        await message.edit(content=f"HTTP {error.status} {error.code}")


@video.autocomplete("prompt")
async def complete(interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=f"{current} {scene}", value=f"{current} {scene}") for scene in ("surfing", "reading")
    ]


@app_commands.command(description="Only you see the answer")
async def secret(interaction: discord.Interaction[Any]) -> None:
    answer = await interaction.response.send_message("for your eyes only", ephemeral=True)
    assert isinstance(interaction.channel, discord.TextChannel) and answer.message_id is not None
    try:
        await interaction.channel.get_partial_message(answer.message_id).edit(content="edited with the bot's token")
    except discord.NotFound as error:
        await interaction.followup.send(f"not found: {error.code}", ephemeral=True)


@app_commands.command(description="Answers too late")
async def late(interaction: discord.Interaction[Any]) -> None:
    await asyncio.sleep(float(os.environ.get("TINY_LATE_S", "3.2")))
    await interaction.response.defer()


@app_commands.command(description="Opens a form")
async def ask(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_modal(Ask())


@app_commands.command(description="Answers and sends the same news twice")
async def remind(interaction: discord.Interaction[Any]) -> None:
    assert isinstance(interaction.channel, discord.TextChannel)
    answer = await interaction.response.send_message("noted")
    for _ in range(2):
        reference = interaction.channel.get_partial_message(answer.message_id or 0)
        await interaction.channel.send(
            f"{interaction.user.mention} done",
            nonce="job-1",
            reference=reference,
            allowed_mentions=discord.AllowedMentions(users=[interaction.user], replied_user=False),
        )
    await interaction.user.send("also by mail")


@app_commands.context_menu(name="About This")
async def about(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    await interaction.response.send_message(f"it has {len(message.attachments)} files", ephemeral=True)


def main() -> None:
    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    bot = TinyBot(
        command_prefix=commands.when_mentioned,
        intents=discord.Intents(guilds=True),
        allowed_mentions=discord.AllowedMentions.none(),
    )
    bot.run(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    main()
