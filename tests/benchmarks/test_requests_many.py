"""Laws of the many requests: the grammar is fair, repeatable, and says what it claims to ask."""

from __future__ import annotations

import re
from collections import Counter

from benchmarks.midi_tables import INSTRUMENTS, parse_key
from benchmarks.requests import Outcome
from benchmarks.requests_many import COUNT, HARD, MANNERS, SEEDS, _asked_only, draw


def test_the_same_seed_draws_the_same_requests_and_another_draws_others() -> None:
    assert draw(SEEDS[0]) == draw(SEEDS[0]) != draw(SEEDS[1])
    assert len({asking.text for asking in draw(SEEDS[0])}) == COUNT == 300 // len(SEEDS)


def test_every_style_is_asked_in_both_languages_and_players_go_from_one_to_six() -> None:
    askings = draw(SEEDS[0])
    assert set(Counter((a.style, a.lang) for a in askings)) == {
        (s, lang) for s in MANNERS for lang in ("en", "zh")
    }
    assert {len(a.hard["players"]) for a in askings} == {1, 2, 3, 4, 5, 6}
    assert {a.hard["bars"] for a in askings} >= {4, 64}
    assert {a.hard["metre"] for a in askings} == {"4/4", "3/4", "2/4", "6/8"}


def test_what_is_asked_stands_in_the_sentence() -> None:
    for asking in draw(SEEDS[0]):
        for name in ("tempo", "bars"):
            assert re.search(rf"(?<!\d){asking.hard[name]}(?!\d)", asking.text), asking
        assert asking.hard["metre"] in asking.text and asking.hard["key"][0] in asking.text
        assert all(name in INSTRUMENTS for name in asking.hard["players"])
        assert 0 <= parse_key(asking.hard["key"])[0] < 12


def test_a_take_that_was_not_written_has_broken_every_wish() -> None:
    lost = _asked_only(Outcome("x", 1, error="ConstraintsUnmet: no"))
    assert lost.broken is not None and set(lost.broken) == set(HARD)
