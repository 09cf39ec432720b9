"""Holds every prompt to the rules before anything is reserved; counts what it refuses and keeps nothing of it."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterable

from data import Store
from generation.request import VideoRequest

from .orders import Refused
from .plain import plain
from .prompt_rules import WordList, is_findable, shipped_rules

log = logging.getLogger(__name__)

MOST_WORDS = 500
LONGEST_WORD = 100
"""What one server may define: so many words or phrases of so many characters."""

WORD_SHOWN = 60
"""Characters of a word that is told to be unfit."""

NOTHING = WordList(())


class PromptGate:
    """The shipped rules and each server's own words."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rules = shipped_rules()
        self._words: dict[int, list[str]] = {}
        self._lists: dict[int, WordList] = {}
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Read the servers' words."""
        for guild_id, words in (await self._store.unwanted_words()).items():
            self._remember(guild_id, words)

    async def check(self, request: VideoRequest, *, guild_id: int | None, adult_allowed: bool) -> None:
        """Let the words of a request pass, those that it must not show as well; or count them and refuse them.

        Raises:
            Refused: the message names the rule, never the word.
        """
        await self._check(request.prompt, "prompt", guild_id, adult_allowed=adult_allowed)
        await self.check_negative(request.negative_prompt or "", guild_id=guild_id)

    async def check_negative(self, text: str, *, guild_id: int | None) -> None:
        """As `check`, of what clips must not show alone; whoever does not want adult content may say so anywhere."""
        await self._check(text, "negative", guild_id, adult_allowed=True)

    # texts: prompt-minors prompt-adult prompt-server negative-minors negative-server
    async def _check(self, text: str, part: str, guild_id: int | None, *, adult_allowed: bool) -> None:
        unwanted = NOTHING if guild_id is None else self._lists.get(guild_id, NOTHING)
        category = self._rules.judge(text, adult_allowed=adult_allowed, unwanted=unwanted)
        if category is not None:
            log.info("a %s was refused: %s", part, category)
            await self._store.count_refusal(guild_id, category)
            raise Refused(f"{part}-{category}")

    def words(self, guild_id: int) -> list[str]:
        """The words and phrases that a server does not want."""
        return list(self._words.get(guild_id, ()))

    def digest(self, guild_id: int) -> str:
        """Tells a server's words from those that they were before: 16 hexadecimal digits."""
        return hashlib.sha256("\n".join(self.words(guild_id)).encode()).hexdigest()[:16]

    async def set_words(self, guild_id: int, words: Iterable[str], *, digest: str | None = None) -> None:
        """Replace the words and phrases that a server does not want.

        Args:
            digest: of the words that are replaced; None for whatever they are.

        Raises:
            Refused: too many, one that is too long, or one in which there is nothing to look for; or others are there.
        """
        async with self._changing:
            if digest is not None and digest != self.digest(guild_id):
                raise Refused("admin-words-changed-meanwhile")
            await self._put(guild_id, words)

    async def add_words(self, guild_id: int, words: Iterable[str]) -> int:
        """Add words and phrases to those that a server does not want; how many were not there before.

        Raises:
            Refused: see `set_words`.
        """
        async with self._changing:
            before = self.words(guild_id)
            await self._put(guild_id, [*before, *words])
            return len(self.words(guild_id)) - len(before)

    async def remove_word(self, guild_id: int, word: str) -> bool:
        """Allow a word or phrase again; False where it was allowed."""
        async with self._changing:
            before, removed = self.words(guild_id), _tidy([word])
            if removed.isdisjoint(before):
                return False
            await self._put(guild_id, [each for each in before if each not in removed])
            return True

    async def _put(self, guild_id: int, words: Iterable[str]) -> None:
        chosen = sorted(_tidy(words))
        if len(chosen) > MOST_WORDS:
            raise Refused("admin-words-too-many", most=MOST_WORDS)
        for word in chosen:
            if len(word) > LONGEST_WORD:
                raise Refused("admin-words-too-long", word=plain(word, WORD_SHOWN), longest=LONGEST_WORD)
            if not is_findable(word):
                raise Refused("admin-words-no-letters", word=plain(word, WORD_SHOWN))
        await self._store.put_unwanted_words(guild_id, chosen)
        self._remember(guild_id, chosen)

    def _remember(self, guild_id: int, words: list[str]) -> None:
        self._words[guild_id], self._lists[guild_id] = words, WordList(words)


def _tidy(words: Iterable[str]) -> set[str]:
    """Words as they are stored and compared."""
    return {" ".join(word.split()).casefold() for word in words} - {""}
