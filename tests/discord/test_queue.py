"""/queue: a member's own jobs with their places, to cancel; and the places that messages keep up to date."""

from __future__ import annotations

import discord
import pytest

from tests.discord.stage import SLOW, Stage, button, make_settings, stage, text_of, walk


@pytest.fixture
def settings(tmp_path, slow_checkpoint):
    return make_settings(tmp_path, slow_checkpoint, max_active_jobs=20)


async def asked(s: Stage, who, prompt: str, **options):
    return await who.slash(s.channel, "video", prompt=prompt, **options)


async def panel(s: Stage, who, channel=None):
    answer = (await who.slash(channel or s.channel, "queue")).response
    assert answer.ephemeral
    return answer.message


async def test_queue_lists_only_ones_own_jobs_with_place_and_time(settings):
    async with stage(settings) as s:
        await s.text(await asked(s, s.alice, "first", **SLOW), "Rendering")
        await asked(s, s.bob, "second")
        text = text_of(await panel(s, s.bob))
        assert "second" in text and "first" not in text
        assert "position 1" in text and "ready in " in text
        assert "1 clip waits in this server" in text and "19 of your 20 clips left" in text
        assert "rendering, ready in " in text_of(await panel(s, s.alice))
        await s.alice.slash(s.channel, "cancel")


async def test_a_long_queue_of_long_prompts_still_fits_one_message(settings):
    async with stage(settings) as s:
        await s.text(await asked(s, s.alice, "first", **SLOW), "Rendering")
        for number in range(2, 13):
            await asked(s, s.alice, f"{number} " + "*" * 600)
        message = await panel(s, s.alice)
        assert "and 4 more" in text_of(message) and "11 clips wait in this server" in text_of(message)
        assert sum(len(c.content) for c in walk(message.components) if isinstance(c, discord.TextDisplay)) <= 4000
        assert len(list(walk(message.components))) <= 40
        for job in (*range(2, 13), 1):
            await s.alice.slash(s.channel, "cancel", job=job)


async def test_each_job_has_a_button_that_cancels_it_and_shows_the_rest(settings):
    async with stage(settings) as s:
        await s.text(await asked(s, s.alice, "first", **SLOW), "Rendering")
        waiting = await asked(s, s.alice, "zebra")
        message, stale = await panel(s, s.alice), await panel(s, s.alice)
        cancels = [c.custom_id for c in walk(message.components) if getattr(c, "label", None) == "Cancel"]
        assert len(cancels) == 2
        answer = (await s.alice.click(message, custom_id=cancels[1])).response
        assert answer.id == message.id and "Clip 2 is cancelled" in text_of(answer.message)
        assert "zebra" not in text_of(answer.message) and "first" in text_of(answer.message)
        await s.text(waiting, "Cancelled")
        late = (await s.alice.click(stale, custom_id=cancels[1])).response
        assert "over already" in text_of(late.message)
        last = (await s.alice.click(message, custom_id=cancels[0])).response
        assert "stops at its next step" in text_of(last.message)


async def test_cancel_asks_which_where_there_are_several(settings):
    async with stage(settings) as s:
        await s.alice.slash(s.channel, "cancel")
        await s.text(await asked(s, s.alice, "first", **SLOW), "Rendering")
        waiting = await asked(s, s.alice, "zebra")
        which = (await s.alice.slash(s.channel, "cancel")).response
        assert which.ephemeral and "Which one" in text_of(which.message)
        cancels = [c.custom_id for c in walk(which.message.components) if getattr(c, "label", None) == "Cancel"]
        left = (await s.alice.click(which.message, custom_id=cancels[1])).response
        assert "zebra" not in text_of(left.message) and "first" in text_of(left.message)
        await s.text(waiting, "Cancelled")
        only = (await s.alice.slash(s.channel, "cancel")).response
        assert "stops at its next step" in only.content


async def test_nobody_cancels_anothers_job_by_a_button_of_the_list(settings):
    async with stage(settings) as s:
        await s.text(await asked(s, s.alice, "first", **SLOW), "Rendering")
        hers = await panel(s, s.alice)
        his = await panel(s, s.bob)
        his_click = await s.bot.service.cancel(1, user_id=s.bob.id)
        assert his_click == "not_found" and "no clips on their way" in text_of(his)
        assert button(hers, "Cancel")
        await s.alice.slash(s.channel, "cancel")


async def test_look_again_shows_where_the_jobs_stand_by_now(settings):
    async with stage(settings) as s:
        await s.text(await asked(s, s.alice, "first", **SLOW), "Rendering")
        message = await panel(s, s.alice)
        await s.alice.slash(s.channel, "cancel")
        await s.until(lambda: s.bot.service._worker.running is None, "the end of the render")
        answer = (await s.alice.click(message, custom_id=button(message, "Look again"))).response
        assert "no clips on their way" in text_of(answer.message)


async def test_in_direct_messages_all_that_waits_is_counted(settings):
    async with stage(settings) as s:
        await s.text(await asked(s, s.alice, "first", **SLOW), "Rendering")
        await asked(s, s.bob, "second")
        assert "1 clip waits in all" in text_of((await s.alice.user.slash("queue")).response.message)
        await s.alice.slash(s.channel, "cancel")


async def test_a_waiting_job_moves_up_in_its_message_when_another_goes(settings):
    async with stage(settings) as s:
        await s.text(await asked(s, s.alice, "first", **SLOW), "Rendering")
        await asked(s, s.bob, "second")
        third = await asked(s, s.bob, "third")
        assert "position 2" in text_of(s.message(third))
        await s.bob.slash(s.channel, "cancel", job=2)
        await s.text(third, "you are next")
        await s.alice.slash(s.channel, "cancel")
