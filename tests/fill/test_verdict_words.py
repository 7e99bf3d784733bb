"""Words of verdicts: they say what was asked, and nothing of what was not."""

from __future__ import annotations

import pytest

from tests.encode.pieces import little_waltz
from zhiyin.fill.constraints import Sounds
from zhiyin.score import Cell, Notes

CELLS = [Cell(0, bar) for bar in range(4)]


@pytest.mark.parametrize(
    ("sounding", "resting", "en", "zh"),
    [
        (3, 0, "3 bars of parts must sound: all do.", "3 个声部小节应有音：都做到了。"),
        (1, 0, "1 bar of a part must sound: it does.", "1 个声部小节应有音：都做到了。"),
        (0, 0, "No bar was asked to sound or to rest.", "没有要求哪一小节有音或休止。"),
        (0, 2, "2 bars of parts must rest: 2 do not.", "2 个声部小节应休止：2 个没有做到。"),
        (
            2,
            1,
            "2 bars of parts must sound, 1 must rest: 1 does not.",
            "2 个声部小节应有音，1 个应休止：1 个没有做到。",
        ),
    ],
)
def test_a_verdict_names_only_what_was_asked(sounding: int, resting: int, en: str, zh: str) -> None:
    wish = Sounds(frozenset(CELLS[:sounding]), frozenset(CELLS[sounding : sounding + resting]))
    verdict = wish.check(little_waltz())  # its first part sounds in every bar
    assert (verdict.text_en, verdict.text_zh) == (en, zh)


def test_the_first_part_of_the_waltz_sounds_in_every_bar() -> None:
    notes: Notes = little_waltz().parts[0].notes
    assert all(len(notes.between(bar * 30_240, (bar + 1) * 30_240)) for bar in range(4))
