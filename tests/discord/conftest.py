"""What a bot of these tests runs on, unless a test says otherwise."""

from __future__ import annotations

import pytest

from tests.discord.stage import make_settings


@pytest.fixture
def settings(tmp_path, tiny_checkpoint):
    return make_settings(tmp_path, tiny_checkpoint)
