"""Times in words: about how long, in each language with its plurals and its decimal mark."""

from __future__ import annotations

import pytest

from bot.cards import duration, wait
from bot.messages import Place
from bot.speech import voice

MINUTE, HOUR = 60.0, 3600.0


@pytest.mark.parametrize(
    ("language", "seconds", "words"),
    [
        ("en", 0, "a few seconds"),
        ("en", 8, "about 10 seconds"),
        ("en", 89, "about 90 seconds"),
        ("en", 91, "about 2 minutes"),
        ("en", 2 * HOUR, "about 2 hours"),
        ("de", 1.5 * HOUR, "etwa 1,5 Stunden"),
        ("de", 20, "etwa 20 Sekunden"),
        ("fr", 1.5 * HOUR, "environ 1,5 heure"),
        ("fr", 2 * HOUR, "environ 2 heures"),
        ("es", 1.5 * HOUR, "aprox. 1,5 horas"),
        ("pt-BR", 1.5 * HOUR, "cerca de 1,5 hora"),
        ("pt-BR", 3 * MINUTE, "cerca de 3 minutos"),
        ("ja", 3 * MINUTE, "約 3 分"),
    ],
)
def test_a_time_is_told_in_the_unit_that_fits_it(language, seconds, words):
    assert duration(seconds, voice(language)) == words


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("en", 1, "1 minute"),
        ("de", 1, "1 Minute"),
        ("fr", 0, "0 minute"),
        ("pt-BR", 0, "0 minuto"),
        ("es", 0, "0 minutos"),
    ],
)
def test_each_language_has_its_own_singular(language, count, words):
    assert voice(language)("duration-minutes", count=count) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "about 2 minutes, likely within 5 minutes"),
        ("de", "etwa 2 Minuten, wahrscheinlich innerhalb von 5 Minuten"),
        ("fr", "environ 2 minutes, sans doute en moins de 5 minutes"),
    ],
)
def test_a_later_time_is_told_beside_the_likely_one_where_it_is_much_later(language, words):
    say = voice(language)
    assert wait(Place(3, 2 * MINUTE, 5 * MINUTE), say) == words
    assert wait(Place(3, 2 * MINUTE, 2.2 * MINUTE), say) == duration(2 * MINUTE, say)
    assert wait(Place(1, 1, 5), say) == duration(1, say)
