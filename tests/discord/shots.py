"""The README's pictures of the bot at work: `python -m tests.discord.shots docs`.

The shipped process serves its local page to a headless Chromium, which a script drives as a person would. Takes about
a minute; run it again after the messages change.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

from PIL import Image

from tests.discord.browser import ChatPage, find_chromium, open_browser
from tests.discord.test_local_page import running_bot

PROMPT = "a panda in a green field"
COLOURS = 128
WIDTH = 900


def shots(page: ChatPage, folder: Path) -> dict[str, Path]:
    """Walk through the main states; the files by their names."""
    taken: dict[str, Path] = {}

    def take(name: str) -> None:
        taken[name] = folder / f"{name}.png"
        page.screenshot(taken[name])

    page.command("video", prompt=PROMPT, quality="best", length="4 s")
    page.until(
        lambda: re.search(r"\b[2-9]\d %", page.last_message()),
        "the bar to move",
        timeout_s=60,
    )
    take("rendering")
    page.until(lambda: page.videos().count() == 1, "the clip", timeout_s=120)
    page.play()
    take("clip")
    page.command("video", prompt="a red fox in the snow")
    page.until(lambda: page.videos().count() == 2, "the second clip", timeout_s=120)
    page.command("history")
    page.until(lambda: PROMPT in page.last_message() and page.pictures_are_loaded(), "the history")
    take("history")
    return taken


def shrink(path: Path, target: Path) -> None:
    """Write a screenshot as a small PNG."""
    with Image.open(path) as picture:
        height = round(picture.height * WIDTH / picture.width)
        small = picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
        small.quantize(COLOURS).save(target, optimize=True)


def main() -> None:
    """Take the pictures and put them into a folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.discord.shots", description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        parser.error("there is no chromium on this machine")
    with (
        tempfile.TemporaryDirectory() as scratch,
        running_bot(Path(scratch) / "var") as bot,
        open_browser(chromium) as opened,
    ):
        for name, path in shots(opened(bot.link()), Path(scratch)).items():
            shrink(path, options.folder / f"{name}.png")


if __name__ == "__main__":
    main()
