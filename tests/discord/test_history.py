"""/history and /show: a member's own clips, found again, shown again; and what others may see of them."""

from __future__ import annotations

import os

import discord

from bot import eraser
from tests.discord.stage import Stage, button, clips_of, stage, text_of, walk


async def made(s: Stage, *prompts: str, **options) -> None:
    """Clips of alice's, one after the other."""
    for prompt in prompts:
        await s.clip(await s.alice.slash(s.channel, "video", prompt=prompt, **options))


async def history(s: Stage, who=None, channel=None, **options):
    answer = (await (who or s.alice).slash(channel or s.channel, "history", **options)).response
    assert answer.ephemeral
    return answer.message


def galleries(message) -> list[str | None]:
    """The descriptions of all pictures, for those who cannot see them."""
    found = [c for c in walk(message.components) if isinstance(c, discord.MediaGalleryComponent)]
    return [item.description for gallery in found for item in gallery.items]


async def test_history_shows_pictures_recipe_and_link_newest_first_and_pages(settings):
    async with stage(settings) as s:
        await made(s, *(f"clip {n}" for n in range(1, 7)), seed=5)
        page = await history(s)
        text = text_of(page)
        assert text.index("clip 6") < text.index("clip 5") < text.index("clip 2")
        assert "clip 1" not in text and "seed 5" in text
        posted = [m.id for m in s.channel.history() if clips_of(m)]
        assert f"/{s.guild.id}/{s.channel.id}/{max(posted)}" in text
        assert [a.filename for a in page.attachments] == [f"strip-{job}.webp" for job in (6, 5, 4, 3, 2)]
        assert galleries(page) == [f"clip {n}" for n in (6, 5, 4, 3, 2)]
        assert len([c for c in walk(page.components)]) <= 40
        older = await s.alice.click(page, custom_id=button(page, "Older"))
        page = older.response.message
        assert "clip 1" in text_of(page) and "clip 2" not in text_of(page)
        assert [a.filename for a in page.attachments] == ["strip-1.webp"]
        newest = await s.alice.click(page, custom_id=button(page, "Newest"))
        assert "clip 6" in text_of(newest.response.message)
        assert not [m for m in s.channel.history(viewer=s.bob) if "Your clips" in text_of(m)]


async def test_history_finds_clips_by_words_on_every_page(settings):
    async with stage(settings) as s:
        await made(s, "a Fox", "a cat", *(f"a fox {n}" for n in range(5)))
        page = await history(s, words="FOX")
        assert "a cat" not in text_of(page) and "a Fox\n" not in text_of(page)
        older = await s.alice.click(page, custom_id=button(page, "Older"))
        assert "a Fox" in text_of(older.response.message) and "a cat" not in text_of(older.response.message)
        nothing = await history(s, words="**bear**")
        assert r"no clips with “\*\*bear\*\*”" in text_of(nothing)


async def test_a_page_of_the_longest_prompts_fits_one_message_and_its_again_makes_the_same_clip(settings):
    async with stage(settings) as s:
        for number in range(5):
            await made(s, f"{number} " + "*" * 900, seed=2**53 - 9 + number)
        page = await history(s)
        assert sum(len(c.content) for c in walk(page.components) if isinstance(c, discord.TextDisplay)) <= 4000
        again = await s.alice.click(page, custom_id=button(page, "Again"))
        assert f"seed {2**53 - 9} " in text_of(await s.clip(again)), "the last Again belongs to the oldest clip"
    clips = settings.store_dir / "clips"
    assert (clips / "1.mp4").read_bytes() == (clips / "6.mp4").read_bytes()


async def test_a_clip_without_a_strip_is_listed_as_well(settings):
    async with stage(settings) as s:
        await made(s, "a fox")
        (settings.store_dir / "clips" / "1.strip.webp").unlink()
        page = await history(s)
        assert "a fox" in text_of(page) and not page.attachments


async def test_history_in_direct_messages_and_in_a_thread(settings):
    async with stage(settings) as s:
        await made(s, "a fox")
        in_dms = await s.alice.user.slash("history")
        assert "a fox" in text_of(in_dms.response.message)
        await s.bot.get_channel(s.channel.id).create_thread(name="t", type=discord.ChannelType.public_thread)
        [thread] = s.channel.threads
        assert "a fox" in text_of(await history(s, channel=thread))
        assert "no clips" in text_of(await history(s, s.bob, channel=thread))


async def shown(s: Stage, who, channel=None, **options):
    return (await who.slash(channel or s.channel, "show", **options)).response


async def test_ones_own_clip_is_shown_to_all_again(settings):
    async with stage(settings) as s:
        await made(s, "a fox", seed=7)
        answer = await shown(s, s.alice, id=1)
        assert not answer.ephemeral
        assert [a.filename for a in answer.attachments] == ["flipbook-1.mp4"]
        assert "seed 7" in text_of(answer.message)
        rerolled = await s.clip(await s.bob.click(answer.message, custom_id=button(answer.message, "Re-roll")))
        assert f"<@{s.bob.id}>" in text_of(rerolled)


async def test_the_history_shows_a_clip_again_and_deleting_that_copy_deletes_the_clip(settings):
    async with stage(settings) as s:
        await made(s, "a fox")
        page = await history(s)
        copy = (await s.alice.click(page, custom_id=button(page, "Show"))).response
        assert not copy.ephemeral and copy.attachments
        question = await s.alice.click(copy.message, custom_id=button(copy.message, "Delete"))
        await s.alice.click(question.response.message, label="Delete for good")
        assert not [m for m in s.channel.history() if clips_of(m)], "neither the clip nor its copy"


async def test_every_copy_of_a_clip_goes_with_it_and_no_other(settings, monkeypatch):
    monkeypatch.setattr(eraser, "PACE_S", 0.0)
    async with stage(settings) as s:
        await made(s, "a fox", "a cat")
        elsewhere = s.guild.create_text_channel("elsewhere")
        for channel in (s.channel, elsewhere, elsewhere):
            await shown(s, s.alice, channel, id=1)
        other = await shown(s, s.alice, elsewhere, id=2)
        page = await history(s)
        question = await s.alice.click(page, custom_id=f"flipbook:delete:{1}")
        await s.alice.click(question.response.message, label="Delete for good")

        def clips() -> list[str]:
            return [text_of(m) for channel in (s.channel, elsewhere) for m in channel.history() if clips_of(m)]

        await s.until(lambda: len(clips()) == 2, "the end of all copies")
        assert all("a cat" in text for text in clips())
        assert [m.id for m in elsewhere.history() if clips_of(m)] == [other.message.id]


async def test_a_clip_that_is_deleted_while_it_is_shown_again_is_not_shown(settings):
    async with stage(settings) as s:
        await made(s, "a fox")
        album = s.bot.service.album
        file = album.file

        async def deleted_meanwhile(job):
            path = await file(job)
            await s.bot.service._store.delete_clip(job.id)
            return path

        album.file = deleted_meanwhile
        answer = await s.alice.slash(s.channel, "show", id=1)
        assert any(told.ephemeral and "no clip" in told.content.lower() for told in answer.followups)
        assert len([m for m in s.channel.history() if clips_of(m)]) == 1, "the clip's own message alone"


async def test_a_clip_of_this_server_is_shown_to_others_alone(settings):
    async with stage(settings) as s:
        await made(s, "a fox")
        answer = await shown(s, s.bob, id=1)
        assert answer.ephemeral and answer.attachments


async def test_nobody_sees_a_clip_of_a_channel_that_is_closed_to_them_or_of_another_server(settings):
    async with stage(settings) as s:
        closed = s.guild.create_text_channel(
            "closed",
            overwrites={
                s.guild.default_role: discord.PermissionOverwrite(view_channel=False),
                s.alice: discord.PermissionOverwrite(view_channel=True),
                s.bot.user: discord.PermissionOverwrite(view_channel=True),
            },
        )
        asked = await s.alice.slash(closed, "video", prompt="a secret")
        await s.until(lambda: [m for m in closed.history() if m.id == asked.response.id and clips_of(m)], "the clip")
        for answer in (await shown(s, s.bob, id=1), (await s.bob.user.slash("show", id=1)).response):
            assert answer.ephemeral and "no clip 1" in answer.content
        elsewhere = s.env.create_guild()
        stranger = elsewhere.add_member(s.env.create_user("carol"))
        away = elsewhere.create_text_channel("away")
        assert "no clip 1" in (await shown(s, stranger, away, id=1)).content
        assert (await shown(s, s.alice, id=1)).attachments


async def test_an_adult_clip_is_shown_among_adults_only(settings):
    async with stage(settings) as s:
        await made(s, "a fox")
        job = await s.bot.service._store.get(1)
        adult = type(job)(**{**{name: getattr(job, name) for name in job.__slots__}, "age_restricted": True})

        async def get(_):
            return adult

        s.bot.service.album._store.get, kept = get, s.bot.service.album._store.get
        answer = await shown(s, s.alice, id=1)
        s.bot.service.album._store.get = kept
        assert answer.ephemeral and "age-restricted" in answer.content


async def test_the_history_shows_pictures_of_adult_clips_among_adults_only(settings, monkeypatch):
    async with stage(settings) as s:
        room = s.guild.create_text_channel("after-dark")
        monkeypatch.setattr(discord.TextChannel, "is_nsfw", lambda channel: channel.id == room.id)
        await s.alice.slash(room, "video", prompt="a fox")
        await s.until(lambda: [m for m in room.history() if clips_of(m)], "the clip")
        assert galleries(await history(s)) == []
        assert galleries(await history(s, channel=room)) == ["a fox"]


async def test_a_clip_that_is_too_large_for_a_place_is_not_shown_and_a_shorter_one_is_offered(settings):
    async with stage(settings) as s:
        [longest] = s.bot.service.offer.lengths[-1:]
        await made(s, "a fox", length=longest.seconds)
        os.truncate(settings.store_dir / "clips" / "1.mp4", 26 << 20)  # more than the simulated Discord takes
        answer = await shown(s, s.alice, id=1)
        assert answer.ephemeral and "MiB" in text_of(answer.message)
        shorter = await s.clip(await s.alice.click(answer.message, custom_id=button(answer.message, "Shorter")))
        assert f"{longest.frames // 2} frames" in text_of(shorter)


async def test_what_cannot_be_shown_says_why(settings):
    async with stage(settings) as s:
        await made(s, "a fox")
        assert "no clip 99" in (await shown(s, s.alice, id=99)).content
        (settings.store_dir / "clips" / "1.mp4").unlink()
        gone = await shown(s, s.alice, id=1)
        assert gone.ephemeral and "not kept any more" in gone.content


async def test_a_clip_that_discord_refuses_leaves_no_placeholder(settings):
    async with stage(settings) as s:
        await made(s, "a fox")
        s.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=500)
        answer = await s.alice.slash(s.channel, "show", id=1)
        assert len([m for m in s.channel.history(viewer=s.bob)]) == 1
        assert any(f.ephemeral for f in answer.followups)


async def test_show_offers_ones_own_clips_by_their_words_and_numbers(settings):
    async with stage(settings) as s:
        await made(s, "a fox", "a cat")
        by_word = await s.alice.autocomplete(s.channel, "show", "id", "FO")
        assert [(c["name"], c["value"]) for c in by_word] == [("1 · a fox", 1)]
        assert [c["value"] for c in await s.alice.autocomplete(s.channel, "show", "id", "")] == [2, 1]
        assert [c["value"] for c in await s.alice.autocomplete(s.channel, "show", "id", "2")] == [2]
        assert await s.bob.autocomplete(s.channel, "show", "id", "") == []
