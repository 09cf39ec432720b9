"""The local page speaks the language of the machine, or the one that is set."""

from __future__ import annotations

import pytest
from simcord import interactions

from bot.local_language import speaking, system_language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "fr_FR", "LC_ALL": ""}, "fr"),
        ({"LANG": "pt_PT.UTF-8"}, "pt-BR"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fi_FI.UTF-8"}, "en"),
    ],
)
def test_the_language_of_the_machine_is_taken_where_it_is_one_of_ours(environment, language):
    assert system_language(environment) == language


@pytest.mark.parametrize(("language", "spoken"), [("es", "es-ES"), ("ja", "ja"), ("en", "en-US")])
def test_members_and_server_speak_it_as_long_as_the_page_is_served(monkeypatch, language, spoken):
    sent = {"locale": "en-US", "guild_locale": "en-US"}
    monkeypatch.setattr(interactions, "base_payload", lambda **_: (None, dict(sent)))
    plain = interactions.base_payload
    with speaking(language):
        assert interactions.base_payload(user_id=1)[1] == {"locale": spoken, "guild_locale": spoken}
    assert interactions.base_payload is plain
