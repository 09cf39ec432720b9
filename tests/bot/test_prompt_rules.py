"""What a prompt may ask for: evasions are read as they are meant, and harmless words pass."""

from __future__ import annotations

import pytest

from bot.orders import Order, Refused, Wish
from bot.prompt_rules import Category, WordList, shipped_rules
from data import ChannelRoute
from generation.catalogue import describe
from generation.request import VideoRequest
from tests.bot.house import MEMBER, house

GUILD = 70


def judge(prompt: str, *, adult_allowed: bool = False, unwanted: tuple[str, ...] = ()) -> Category | None:
    text = VideoRequest(prompt=prompt).prompt  # as it reaches the rules
    return shipped_rules().judge(text, adult_allowed=adult_allowed, unwanted=WordList(unwanted))


EVASIONS = [
    *("nude", "NUDE", "(nude)", "nude!", "nüde", "nuuuude", "nud3", "nu*de", "n u d e", "n.u.d.e", "n-u-d-e"),
    *("nu\u200bde", "nu\u00adde", "nu\u2060de"),  # zero-width space, soft hyphen, word joiner
    *("\uff4e\uff55\uff44\uff45", "\U0001d427\U0001d42e\U0001d41d\U0001d41e"),  # full-width, mathematical bold
    *("nud\u0435", "\u0578ude", "nu\u0501e"),  # Cyrillic ie, Armenian vo, Komi de
]


@pytest.mark.parametrize("word", EVASIONS)
def test_a_word_is_read_however_it_is_spelled(word):
    assert judge(f"a {word} statue") is Category.ADULT
    assert judge(f"a {word} statue", adult_allowed=True) is None


@pytest.mark.parametrize(
    "prompt",
    ["a nude child", "sexy schoolgirl", "a n4ked 12 year old", "nude, aged 15", "ein nacktes Mädchen", "fillette nue",
     "niña desnuda", "menina nua", "裸の女と少女", "lolicon", "s3xy t33n", "a nu\u0501e g\u0456rl", "12歳のヌード"],
)  # fmt: skip
def test_sexual_content_with_minors_is_refused_everywhere(prompt):
    assert judge(prompt) is judge(prompt, adult_allowed=True) is Category.MINORS


@pytest.mark.parametrize(
    "prompt",
    ["Scunthorpe", "first class", "a young tree", "a school class on the grass", "Essex and Sussex", "a cocktail",
     "Dick Whittington and his cat", "an assassin", "a child with a kite", "a 12 years old oak", "a baby elephant",
     "a great tit on a branch", "chicken breasts on a grill", "a pussy willow", "裸足で走る犬", "ピエロ", "a sextant",
     "Titan", "analysis of a canal", "a girl on a beach", "4k 3d render, 16x9", "l'homme et l'enfant", "a b c d e f"],
)  # fmt: skip
def test_harmless_prompts_pass(prompt):
    assert judge(prompt) is None


def test_everything_that_the_starter_draws_passes_in_every_language():
    card = describe("starter")
    names = [phrase.text for phrase in card.vocabulary.phrases]
    assert len(names) > 1000
    refused = [text for text in (*names, *card.examples) if judge(text) is not None]
    assert refused == []


def test_a_servers_words_are_read_the_same_way():
    assert judge("a p1neapple on p1zza", unwanted=("pineapple on pizza",)) is Category.SERVER
    assert judge("pineapple", unwanted=("pineapple on pizza",)) is None
    assert judge("大きな赤い犬", unwanted=("赤い犬",)) is Category.SERVER


async def ask(
    h, prompt: str, *, negative: str | None = None, guild_id: int | None = GUILD, age_restricted: bool = False
):
    h.keys += 1
    request = VideoRequest(prompt=prompt, negative_prompt=negative)
    wish = Wish(MEMBER, guild_id, request, press="again", age_restricted=age_restricted)
    return await h.service.submit(Order(wish, ChannelRoute(2, h.keys), f"k{h.keys}"))


async def test_a_refused_prompt_reserves_nothing_and_is_counted_but_not_kept(tmp_path):
    async with house(tmp_path, resume=False) as h:
        for prompt in ("a nude fox", "another nude fox", "a nude child"):
            with pytest.raises(Refused) as refusal:
                await ask(h, prompt)
            assert "nude" not in str(refusal.value)
        with pytest.raises(Refused):
            await ask(h, "a nude fox", guild_id=None)
        await ask(h, "a nude fox", age_restricted=True)
        assert (await h.service.limits.quota(MEMBER)).reserved == 1
        assert await h.store.refusals(GUILD) == {"adult": 2, "minors": 1}
        assert await h.store.refusals(None) == {"adult": 1}
    kept = b"".join(path.read_bytes() for path in (tmp_path / "local").iterdir())
    assert b"another nude" not in kept and b"nude child" not in kept


async def test_a_servers_words_outlive_the_process_and_hold_nowhere_else(tmp_path):
    async with house(tmp_path, resume=False) as h:
        await h.service.prompts.set_words(GUILD, ["Clown ", "clown", "  balloon   dog "])
        for words in (["x" * 101], ["moon", "!?"], map(str, range(501))):
            with pytest.raises(Refused, match="Nothing was changed"):
                await h.service.prompts.set_words(GUILD, words)
    async with house(tmp_path, resume=False) as h:
        assert h.service.prompts.words(GUILD) == ["balloon dog", "clown"]
        for prompt in ("two clowns", "a balloon-dog"):
            with pytest.raises(Refused, match="server"):
                await ask(h, prompt)
        await ask(h, "a clown", guild_id=GUILD + 1)


async def test_what_a_clip_must_not_show_is_held_to_the_same_rules(tmp_path):
    async with house(tmp_path, resume=False) as h:
        await h.service.prompts.set_words(GUILD, ["clown"])
        for negative, key in (
            ("clowns", "negative-server"),
            ("a nude child", "negative-minors"),
        ):
            with pytest.raises(Refused) as refusal:
                await ask(h, "a fox", negative=negative)
            assert refusal.value.key == key and negative not in str(refusal.value)
        assert (await h.service.limits.quota(MEMBER)).reserved == 0
        assert await h.store.refusals(GUILD) == {"server": 1, "minors": 1}
        await ask(h, "a fox", negative="nude")
        h.now[0] += 60
        await ask(h, "a child", negative="nude, nsfw")
