"""Summary numbers can be counted by hand.

Conventions: quarters and MIDI pitch.
Does not know: files.
"""

from __future__ import annotations

import math

import pytest

from tests.analysis.pieces import QUARTER, line
from zhiyin.analysis.statistics import summarise
from zhiyin.score import MetreMark, Part, Score, Tempo
from zhiyin.theory.metre import Metre

SCORE = Score(
    parts=(
        Part("flute", line("C5 E5 G5:2 -:2 C5:.5 C5:.5 C5", velocity=90), role="melody", program=73),
        Part("kit", line("C2 C2", velocity=60), role="drums", is_drums=True),
    )
)


def test_bars_seconds_and_notes() -> None:
    found = summarise(SCORE)
    assert (found.bars, found.seconds, found.notes, found.notes_per_second) == (2, 4.0, 8, 2.0)


def test_ranges_leave_drums_out_and_parts_keep_theirs() -> None:
    found = summarise(SCORE)
    assert (found.low, found.high) == (72, 79)
    assert [(p.name, p.role, p.low, p.high, p.notes) for p in found.parts] == [
        ("flute", "melody", 72, 79, 6),
        ("kit", "drums", 36, 36, 2),
    ]


def test_polyphony_counts_sounding_notes_and_touching_notes_do_not_overlap() -> None:
    found = summarise(SCORE)
    assert (found.polyphony, found.parts[0].polyphony) == (2, 1)


def test_pitch_class_shares_follow_sounding_time() -> None:
    found = summarise(SCORE)  # C 3 quarters, E 1, G 2
    assert found.pitch_class_shares[0] == 0.5
    assert found.pitch_class_shares[4] == pytest.approx(1 / 6)
    assert found.pitch_class_entropy == pytest.approx(0.5 + math.log2(6) / 6 + math.log2(3) / 3)


def test_off_beats_rests_and_velocity() -> None:
    found = summarise(SCORE)
    assert found.off_beat_share == 1 / 8
    assert found.rest_share == pytest.approx(2 / 8)
    assert found.mean_velocity == (6 * 90 + 2 * 60) / 8


def test_tempo_is_the_mean_over_time() -> None:
    score = Score(parts=(Part("a", line("C4:4 C4:4")),), tempos=(Tempo(0, 60.0), Tempo(4 * QUARTER, 120.0)))
    found = summarise(score)  # 4 s + 2 s for 8 quarters
    assert found.tempo_bpm == pytest.approx(80.0)
    assert found.tempo_range == (60.0, 120.0)


def test_metres_stand_in_order_of_first_use() -> None:
    marks = (
        MetreMark(0, Metre(3, 4)),
        MetreMark(3 * QUARTER, Metre(4, 4)),
        MetreMark(7 * QUARTER, Metre(3, 4)),
    )
    assert summarise(Score(metres=marks)).metres == (Metre(3, 4), Metre(4, 4))


def test_an_empty_score_has_empty_numbers() -> None:
    found = summarise(Score(parts=(Part("a"),)))
    assert (found.bars, found.seconds, found.notes, found.low, found.polyphony) == (0, 0.0, 0, None, 0)
    assert (found.pitch_class_entropy, found.rest_share, found.parts[0].density) == (0.0, 0.0, 0.0)
