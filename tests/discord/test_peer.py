"""Every process test trusts the loopback Discord, so a real discord.py bot and plain HTTP try it out here."""

import asyncio
import hashlib
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import pytest_asyncio

from .peer import furnished_world
from .peer_answers import Answers
from .peer_bot import video_bytes
from .peer_client import ROOT, PeerClient, PeerRefused, PeerTimeout, running_peer
from .peer_members import Members
from .peer_model import Permission
from .peer_rules import COMPONENTS_V2, EPHEMERAL, ApiError, Json, Upload, check_commands, check_components
from .peer_views import PeerFile

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEARTBEAT_S = 0.2


@asynccontextmanager
async def tiny_bot(peer: PeerClient, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.discord.peer_bot",
            cwd=ROOT,
            env=os.environ | peer.where.environment() | more,
            stderr=log,
        )
        try:
            await peer.wait_synced("video", 20)
            yield process
        except Exception as error:
            log.seek(0)
            error.add_note(log.read().decode()[-3000:])
            raise
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def peer() -> AsyncIterator[PeerClient]:
    """One peer and one bot for every test that does not kill it; each test looks at its own messages."""
    async with running_peer(heartbeat_interval_s=HEARTBEAT_S) as client, tiny_bot(client):
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lonely() -> AsyncIterator[PeerClient]:
    """A peer without a bot, for requests by hand."""
    async with running_peer() as client:
        yield client


async def api(
    peer: PeerClient, method: str, path: str, body: object = None, *, token: str | None = None
) -> tuple[int, Json]:
    headers = {"Authorization": f"Bot {token or peer.where.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, peer.where.api_url + path, json=body, headers=headers) as response,
    ):
        return response.status, await response.json() if response.status != 204 else {}


# With a real bot -----------------------------------------------------------------------------------


async def test_a_deferred_answer_becomes_a_clip_whose_bytes_arrive_unchanged(peer: PeerClient) -> None:
    used = await peer.slash("video", {"prompt": "a panda", "frames": 12})
    message = await peer.wait_for_message(lambda one: one.interaction_id == used.id and bool(one.attachments))

    (file,) = message.attachments
    assert await peer.download(file) == video_bytes("a panda")
    assert file.sha256 == hashlib.sha256(video_bytes("a panda")).hexdigest()
    assert (file.filename, file.content_type, file.description) == ("video.mp4", "video/mp4", "a panda")
    assert message.flags & COMPONENTS_V2 and not message.thinking and message.text == "**a panda**"
    assert [button.custom_id for button in message.buttons] == ["again:1"]
    assert [edit.via for edit in message.edits] == ["interaction", "bot", "bot"]
    assert message.edits[1].text == "Queued (12 frames)"
    assert message.edits[0].at < message.edits[1].at < message.edits[2].at
    acknowledged = await peer.interaction(used.id)
    assert (acknowledged.state, acknowledged.callback_type, acknowledged.message_id) == (
        "acknowledged",
        5,
        message.id,
    )


async def test_a_pressed_button_reaches_the_bot_and_an_edit_replaces_the_files(peer: PeerClient) -> None:
    used = await peer.slash("video", {"prompt": "a fox"})
    message = await peer.wait_for_message(lambda one: one.interaction_id == used.id and bool(one.buttons))
    with pytest.raises(PeerRefused, match="no component"):
        await peer.press(message.id, "again:7")

    await peer.press(message.id, "again:1", user="bob")

    after = await peer.wait_for_message(lambda one: one.id == message.id and one.text == "**pressed**")
    assert [button.custom_id for button in after.buttons] == ["again:2"]
    assert [await peer.download(file) for file in after.attachments] == [video_bytes("pressed")]
    assert after.attachments[0].id != message.attachments[0].id


async def test_an_ephemeral_answer_is_seen_by_its_member_only_and_is_out_of_the_bot_tokens_reach(
    peer: PeerClient,
) -> None:
    used = await peer.slash("secret")
    told = await peer.wait_for_message(lambda one: one.text == "not found: 10008", viewer="alice")
    (answer,) = [one for one in await peer.messages(viewer="alice") if one.interaction_id == used.id and one != told]
    assert answer.text == "for your eyes only" and answer.flags & EPHEMERAL
    assert not [one for one in await peer.messages(viewer="bob") if one.id in (answer.id, told.id)]


async def test_autocompletion_a_context_menu_and_a_form_with_a_file_work(peer: PeerClient) -> None:
    choices = await peer.autocomplete("video", "prompt", "a cat")
    assert [choice["value"] for choice in choices] == ["a cat surfing", "a cat reading"]

    said = await peer.say("look at this")
    menu = await peer.menu("About This", said)
    await peer.wait_for_message(lambda one: one.interaction_id == menu.id and one.text == "it has 0 files")

    opened = await peer.acknowledged((await peer.slash("ask")).id)
    picture = PeerFile("still.png", os.urandom(5000), "image/png")
    with pytest.raises(PeerRefused, match="no fields"):
        await peer.modal_submit(opened, {"prompt": "a hill", "still": [picture], "size": "big"})
    sent = await peer.modal_submit(opened, {"prompt": "a hill", "still": [picture]})
    message = await peer.wait_for_message(lambda one: one.interaction_id == sent.id)
    assert message.text == f"a hill: {hashlib.sha256(picture.data).hexdigest()}"


async def test_a_repeated_nonce_sends_one_message_and_the_mention_pings_once(peer: PeerClient) -> None:
    await peer.slash("remind", user="bob")
    mail = await peer.wait_for_message(lambda one: one.text == "also by mail", viewer="bob")
    assert mail.channel_id != await peer.channel()
    (reply,) = [one for one in await peer.messages() if one.nonce == "job-1"]
    assert reply.reference_id is not None and reply.pinged == [await peer.user("bob")]
    assert len([one for one in await peer.requests("POST", "/messages") if one.body["nonce"] == "job-1"]) == 2


async def test_what_the_client_of_a_member_refuses_never_reaches_the_bot(peer: PeerClient) -> None:
    before = len(await peer.interactions())
    for name, options, reason in [
        ("picture", {}, "has not synced"),
        ("video", {}, "'prompt' is missing"),
        ("video", {"prompt": "x", "speed": 3}, "no options"),
        ("video", {"prompt": "x", "frames": "many"}, "option type 4"),
        ("video", {"prompt": "x", "start": 12}, "nothing with id"),
    ]:
        with pytest.raises(PeerRefused, match=reason):
            await peer.slash(name, options)
    assert len(await peer.interactions()) == before


async def test_injected_errors_reach_the_bot_as_discord_would_send_them(peer: PeerClient) -> None:
    await peer.inject("PATCH", r"/channels/\d+/messages/", 500, skip=1)  # the edit after "Queued"
    used = await peer.slash("video", {"prompt": "retried"})
    message = await peer.wait_for_message(lambda one: one.interaction_id == used.id and bool(one.attachments))
    edits = [(one.status, one.injected) for one in await peer.requests("PATCH", f"/messages/{message.id}")]
    assert edits == [(200, False), (500, True), (200, False)]

    await peer.inject("PATCH", r"/channels/\d+/messages/", 429)
    used = await peer.slash("video", {"prompt": "slowed down"})
    message = await peer.wait_for_message(lambda one: one.interaction_id == used.id and bool(one.attachments))
    assert [one.status for one in await peer.requests("PATCH", f"/messages/{message.id}")] == [429, 200, 200]

    await peer.set_upload_limit(1000)
    used = await peer.slash("video", {"prompt": "too large"})
    await peer.wait_for_message(lambda one: one.interaction_id == used.id and one.text == "HTTP 413 40005")
    await peer.set_upload_limit(None)

    await peer.inject("PATCH", r"/channels/\d+/messages/", 403, code=50013, skip=1)
    used = await peer.slash("video", {"prompt": "forbidden"})
    await peer.wait_for_message(lambda one: one.interaction_id == used.id and one.text == "HTTP 403 50013")
    assert await peer.clear_faults() == 0


async def test_a_request_held_after_it_was_carried_out_shows_its_effect_before_its_answer(
    peer: PeerClient,
) -> None:
    hold = await peer.hold("PATCH", r"/channels/\d+/messages/", when="after")
    used = await peer.slash("video", {"prompt": "held"})
    held = await hold.wait_held()
    assert held.status is None and held.carried_out_at is not None
    message = await peer.wait_for_message(lambda one: one.interaction_id == used.id and "Queued" in one.text)
    await asyncio.sleep(0.2)
    assert len((await peer.message(message.id)).edits) == 2  # the bot waits for its answer
    await hold.release()
    await peer.wait_for_message(lambda one: one.id == message.id and bool(one.attachments))


async def test_heartbeats_and_a_resumed_session_are_recorded(peer: PeerClient) -> None:
    before = await peer.wait_connected()
    await peer.close_gateway(4000)
    after = await peer.until(lambda: _resumed(peer, before.number), 10, "no new connection")
    assert after.session_id == before.session_id and after.identified_at is None

    live = await peer.until(lambda: _beating(peer, 4), 10, "too few heartbeats")
    assert all(gap < 10 * HEARTBEAT_S for gap in live.gaps_s) and live.longest_gap_s > 0
    used = await peer.slash("video", {"prompt": "after the resume"})
    await peer.wait_for_message(lambda one: one.interaction_id == used.id and bool(one.attachments))


async def _resumed(peer: PeerClient, after: int):
    found = [one for one in await peer.connections() if one.number > after and one.resumed_at is not None]
    return found[-1] if found else None


async def _beating(peer: PeerClient, count: int):
    live = (await peer.connections())[-1]
    return live if len(live.heartbeats) >= count else None


# Killed and started again --------------------------------------------------------------------------


async def test_a_killed_bot_comes_back_to_the_same_world_and_edits_its_old_message() -> None:
    async with running_peer(heartbeat_interval_s=HEARTBEAT_S, ack_window_s=1.0) as peer:
        gate = await peer.hold("PATCH", r"/channels/\d+/messages/", when="before", skip=1)
        async with tiny_bot(peer) as bot:
            used = await peer.slash("video", {"prompt": "a whale"})
            await gate.wait_held()
            os.kill(bot.pid, signal.SIGKILL)
            await bot.wait()
            await peer.wait_disconnected()
        await gate.drop()
        (message,) = [one for one in await peer.messages() if one.interaction_id == used.id]
        assert message.text == "Queued (8 frames)" and not message.attachments
        with pytest.raises(PeerRefused, match="not connected"):
            await peer.slash("video", {"prompt": "anyone?"})

        unheard = await peer.slash("video", {"prompt": "lost"}, offline=True)
        assert not unheard.delivered
        async with tiny_bot(peer, TINY_LATE_S="1.2"):
            used = await peer.slash("video", {"prompt": "a whale"})
            message = await peer.wait_for_message(lambda one: one.interaction_id == used.id and bool(one.buttons))
            late = await peer.slash("late")
            refused = await peer.until(lambda: _answered(peer, late.id), 5, "no late answer")
            assert (refused.status, refused.code) == (404, 10062)
            assert (await peer.interaction(late.id)).state == "failed"
            assert (await peer.interaction(unheard.id)).state == "failed"
        async with tiny_bot(peer):
            await peer.press(message.id, "again:1")
            after = await peer.wait_for_message(lambda one: one.id == message.id and one.text == "**pressed**")
            assert [button.custom_id for button in after.buttons] == ["again:2"]
        assert len([one for one in await peer.connections() if one.identified_at]) == 3


async def _answered(peer: PeerClient, interaction: int):
    found = [one for one in await peer.requests("POST", f"/interactions/{interaction}/") if one.status]
    return found[0] if found else None


# By hand -------------------------------------------------------------------------------------------


async def test_a_wrong_token_is_401_and_a_missing_route_is_501_by_name(lonely: PeerClient) -> None:
    assert (await api(lonely, "GET", "/users/@me", token="stolen"))[0] == 401
    status, answer = await api(lonely, "GET", "/guilds/1/audit-logs")
    assert status == 501 and "GET /guilds/1/audit-logs" in answer["message"]
    assert [one.status for one in await lonely.requests(path_contains="audit-logs")] == [501]


async def test_permissions_in_a_channel_decide_what_the_bot_may_do(lonely: PeerClient) -> None:
    channel, bot = await lonely.channel(), await lonely.bot_id()
    path = f"/channels/{channel}/messages"
    assert (await api(lonely, "POST", path, {"content": "hello"}))[0] == 200
    await lonely.call("set_overwrite", channel=channel, target=bot, deny=int(Permission.SEND_MESSAGES))
    status, answer = await api(lonely, "POST", path, {"content": "hello"})
    assert (status, answer["code"]) == (403, 50013)
    await lonely.call("set_overwrite", channel=channel, target=bot, deny=int(Permission.VIEW_CHANNEL))
    status, answer = await api(lonely, "POST", path, {"content": "hello"})
    assert (status, answer["code"]) == (403, 50001)
    await lonely.call("set_overwrite", channel=channel, target=bot)


async def test_closed_direct_messages_are_50007(lonely: PeerClient) -> None:
    bob = await lonely.user("bob")
    _, channel = await api(lonely, "POST", "/users/@me/channels", {"recipient_id": str(bob)})
    await lonely.call("set_dms", user=bob, open=False)
    status, answer = await api(lonely, "POST", f"/channels/{channel['id']}/messages", {"content": "psst"})
    assert (status, answer["code"]) == (403, 50007)


async def test_a_dropped_request_never_happens_and_its_client_hears_nothing(lonely: PeerClient) -> None:
    path = f"/channels/{await lonely.channel()}/messages"
    gate = await lonely.hold("POST", "/messages$", when="before")
    sending = asyncio.create_task(api(lonely, "POST", path, {"content": "never said"}))
    await gate.wait_held()
    await gate.drop()
    with pytest.raises(aiohttp.ClientError):
        await sending
    assert "never said" not in [one.text for one in await lonely.messages()]


async def test_a_wait_that_fails_says_what_was_seen_instead(lonely: PeerClient) -> None:
    await api(lonely, "POST", f"/channels/{await lonely.channel()}/messages", {"content": "only this"})
    with pytest.raises(PeerTimeout, match="only this"):
        await lonely.wait_for_message(lambda one: one.text == "something else", 0.1)


async def test_a_user_install_has_five_follow_ups_and_no_way_by_the_bot_token(lonely: PeerClient) -> None:
    alice = await lonely.user("alice")
    place = await lonely.call("create_guild", name="elsewhere", owner=alice, bot_present=False)
    command = {
        "name": "video",
        "description": "Makes a clip",
        "integration_types": [0, 1],
        "contexts": [0, 1, 2],
    }
    app = lonely.where.application_id
    assert (await api(lonely, "PUT", f"/applications/{app}/commands", [command]))[0] == 200
    used = await lonely.slash("video", channel=place["channel_id"], offline=True)
    async with aiohttp.ClientSession() as session:
        token = await _token_by_identifying(lonely, session, place["channel_id"])
        interaction, secret = token
        callback = f"{lonely.where.api_url}/interactions/{interaction}/{secret}/callback"
        answer = {"type": 4, "data": {"content": "here"}}
        assert (await session.post(callback, json=answer)).status == 204
        second = await session.post(callback, json=answer)
        assert (second.status, (await second.json())["code"]) == (400, 40060)
        hook = f"{lonely.where.api_url}/webhooks/{app}/{secret}"
        codes = [(await session.post(hook, json={"content": "more"})).status for _ in range(6)]
    assert codes == [200] * 5 + [400]
    assert used.state == "pending" and not used.delivered
    status, refusal = await api(lonely, "POST", f"/channels/{place['channel_id']}/messages", {"content": "hi"})
    assert (status, refusal["code"]) == (403, 50001)


async def _token_by_identifying(peer: PeerClient, session: aiohttp.ClientSession, channel: int) -> tuple[str, str]:
    """A bare gateway client, uncompressed: HELLO, IDENTIFY, READY, GUILD_CREATE, then one interaction."""
    async with session.ws_connect(f"{peer.where.gateway_url}?v=10&encoding=json") as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": peer.where.token, "intents": 1, "properties": {}}})
        assert [(await socket.receive_json())["t"] for _ in range(2)] == ["READY", "GUILD_CREATE"]
        await peer.slash("video", channel=channel)
        event = (await socket.receive_json())["d"]
        assert event["authorizing_integration_owners"] == {"1": str(await peer.user("alice"))}
        return event["id"], event["token"]


@pytest.mark.parametrize(("token", "intents", "code"), [("stolen", 1, 4004), (None, 1 << 15, 4014)])
async def test_the_gateway_refuses_a_wrong_token_and_privileged_intents(
    lonely: PeerClient, token: str | None, intents: int, code: int
) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(lonely.where.gateway_url) as socket:
        await socket.receive_json()
        identify = {"token": token or lonely.where.token, "intents": intents, "properties": {}}
        await socket.send_json({"op": 2, "d": identify})
        await socket.receive()
        assert socket.close_code == code


# The rules alone -----------------------------------------------------------------------------------


async def test_a_token_is_dead_after_fifteen_minutes_and_the_bot_token_still_edits() -> None:
    now = [1_800_000_000.0]
    world = furnished_world("http://127.0.0.1/cdn")
    world.clock = lambda: now[0]
    world.sync(None, [{"name": "video", "description": "Makes a clip"}])
    alice = next(user.id for user in world.users.values() if user.name == "alice")
    channel = next(iter(world.channels))
    members, answers = Members(world), Answers(world)
    used = members.slash(members.place(alice, channel, "de"), "video", {})
    answer = answers.respond(used.id, used.token, {"type": 5}, [])
    message = int(answer["interaction"]["response_message_id"])

    now[0] += 15 * 60 - 1
    answers.edit_by_token(used.token, "@original", {"content": "in time"}, [])
    now[0] += 2
    with pytest.raises(ApiError, match="50027"):
        answers.edit_by_token(used.token, "@original", {"content": "too late"}, [])
    assert world.edit(channel, message, {"content": "by the bot"}, []).content == "by the bot"


def _text(content: str) -> Json:
    return {"type": 10, "content": content}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"content": "x" * 2001}, "BAD_LENGTH"),
        ({"content": "both", "flags": COMPONENTS_V2, "components": [_text("x")]}, "LEGACY_FIELDS"),
        ({"flags": COMPONENTS_V2, "components": [_text("x")] * 41}, "BAD_LENGTH|MAX_LENGTH"),
        ({"flags": COMPONENTS_V2, "components": [{"type": 12, "items": []}]}, "BAD_LENGTH"),
        (
            {
                "flags": COMPONENTS_V2,
                "components": [{"type": 12, "items": [{"media": {"url": "attachment://no.mp4"}}]}],
            },
            "not an attachment",
        ),
        ({"components": [_text("needs the flag")]}, "UNION_TYPE_CHOICES"),
        ({"content": ""}, "50006"),
        ({"content": "x", "flags": EPHEMERAL}, "cannot be set here"),
        (
            {"content": "x", "attachments": [{"id": "0", "filename": "gone.mp4"}]},
            "Neither an upload nor kept",
        ),
        ({"content": "x", "poll": {"question": {}}}, "501"),
    ],
)
async def test_a_message_over_a_limit_is_refused_and_nothing_is_sent(body: Json, reason: str) -> None:
    world = furnished_world("http://127.0.0.1/cdn")
    with pytest.raises(ApiError, match=reason):
        world.send(next(iter(world.channels)), body, [])
    assert not world.messages and not world.attachments


async def test_components_v2_cannot_be_taken_back_and_old_content_must_be_cleared() -> None:
    world = furnished_world("http://127.0.0.1/cdn")
    channel = next(iter(world.channels))
    message = world.send(channel, {"content": "plain"}, [])
    v2 = {"flags": COMPONENTS_V2, "components": [_text("new")]}
    with pytest.raises(ApiError, match="LEGACY_FIELDS"):
        world.edit(channel, message.id, v2, [])
    world.edit(channel, message.id, v2 | {"content": None}, [])
    with pytest.raises(ApiError, match="cannot be removed"):
        world.edit(channel, message.id, {"flags": 0}, [])
    with pytest.raises(ApiError, match="LEGACY_FIELDS"):
        world.edit(channel, message.id, {"content": "plain again"}, [])
    assert message.text() == "new" and len(message.edits) == 2


async def test_an_edit_keeps_drops_or_adds_files_as_its_attachments_say() -> None:
    world = furnished_world("http://127.0.0.1/cdn")
    channel = next(iter(world.channels))
    files = [Upload(index, f"{index}.png", bytes([index]), "image/png") for index in range(2)]
    message = world.send(channel, {"attachments": [{"id": 0}, {"id": 1}]}, files)
    first, second = message.attachments

    def names() -> list[str]:
        return [one.filename for one in message.attachments]

    world.edit(channel, message.id, {"content": "omitted keeps"}, [])
    assert names() == ["0.png", "1.png"]
    extra = Upload(0, "my film.mp4", b"x", "video/mp4")
    world.edit(channel, message.id, {"attachments": [{"id": str(second.id)}, {"id": 0}]}, [extra])
    assert names() == ["1.png", "my_film.mp4"] and first.id not in world.attachments
    world.edit(channel, message.id, {}, [Upload(0, "more.png", b"y", "image/png")])
    assert names() == ["1.png", "my_film.mp4", "more.png"]
    world.edit(channel, message.id, {"attachments": []}, [])
    assert names() == [] and message.text() == "omitted keeps"


async def test_forty_components_are_the_limit_with_the_nested_ones_counted() -> None:
    nested: Json = {"type": 17, "components": [_text("x")] * 39}
    check_components([nested], v2=True)
    with pytest.raises(ApiError, match="40 or fewer"):
        check_components([nested, _text("one more")], v2=True)


@pytest.mark.parametrize(
    ("command", "fine"),
    [
        ({"name": "video", "description": "Makes a clip"}, True),
        ({"name": "видео", "description": "Makes a clip"}, True),
        ({"name": "Video", "description": "Makes a clip"}, False),
        ({"name": "make video", "description": "Makes a clip"}, False),
        ({"name": "video", "description": ""}, False),
        ({"name": "video", "description": "x" * 101}, False),
        ({"name": "Make A Clip", "type": 3}, True),
        ({"name": "Make A Clip", "type": 3, "description": "no"}, False),
        ({"name": "video", "description": "x", "description_localizations": {"de": "x" * 101}}, False),
        ({"name": "video", "description": "x", "name_localizations": {"xx": "video"}}, False),
    ],
)
async def test_command_names_and_descriptions_follow_discords_limits(command: Json, fine: bool) -> None:
    if fine:
        assert check_commands([command]) == [command]
    else:
        with pytest.raises(ApiError, match="50035"):
            check_commands([command])


async def test_twenty_six_options_or_choices_are_refused() -> None:
    def options(count: int, **more: object) -> list[Json]:
        return [{"type": 3, "name": f"o{number}", "description": "x"} | more for number in range(count)]

    def command(wanted: list[Json]) -> list[Json]:
        return [{"name": "video", "description": "Makes a clip", "options": wanted}]

    choices = [{"name": str(number), "value": str(number)} for number in range(26)]
    check_commands(command(options(25)))
    check_commands(command(options(1, choices=choices[:25])))
    for wanted in (options(26), options(1, choices=choices), options(1) + options(2, required=True)[1:]):
        with pytest.raises(ApiError, match="50035"):
            check_commands(command(wanted))
