"""Laws of windows: what is stripped, what is kept, and that both doors give the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.judge.windows import tune, window
from zhiyin.errors import InvalidInput
from zhiyin.judge.excerpts import Excerpt, score_excerpt, snapped
from zhiyin.score import MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_STEP

COLUMNS = ("onset", "duration", "pitch", "part", "is_drums")


def score_of(*parts: Part, bars: int = 12) -> Score:
    return Score(parts=parts, length_ticks=bars * 96 * TICKS_PER_STEP)


def part_of(
    *rows: tuple[int, int, int], program: int = 40, velocity: int = 80, is_drums: bool = False
) -> Part:
    notes = Notes.of((o * TICKS_PER_STEP, d * TICKS_PER_STEP, p, velocity) for o, d, p in rows)
    return Part("p", notes, program=program, is_drums=is_drums)


def is_same(a: Excerpt, b: Excerpt) -> bool:
    return all(np.array_equal(getattr(a, n), getattr(b, n)) for n in COLUMNS) and a.metre == b.metre


def test_notes_are_counted_from_the_first_bar_line_and_cut_at_the_last() -> None:
    # The window is steps 96..864. 90 begins before it, 864 after it; 840 + 96 is cut at 864.
    score = score_of(part_of((90, 24, 60), (96, 24, 62), (840, 96, 64), (864, 24, 65)))
    found = score_excerpt(score, first_bar=1)
    assert found.onset.tolist() == [0, 744]
    assert found.duration.tolist() == [24, 24]
    assert found.pitch.tolist() == [62, 64]


def test_tempo_velocity_title_and_kin_of_a_program_leave_no_trace() -> None:
    rows = [(0, 24, 60), (24, 24, 64), (96, 48, 67)]
    plain = score_of(part_of(*rows))
    other = replace(
        score_of(part_of(*rows, program=41, velocity=20)), tempos=(Tempo(0, 47.0),), title="Étude"
    )
    assert is_same(score_excerpt(plain), score_excerpt(other))


def test_ornaments_go_and_a_note_doubled_by_its_own_player_counts_once() -> None:
    # A grace note of 2 steps; middle C twice in one part, the longer one stays.
    score = score_of(part_of((0, 2, 71), (2, 22, 72), (24, 12, 60), (24, 24, 60)))
    found = score_excerpt(score)
    assert list(zip(found.onset.tolist(), found.pitch.tolist(), found.duration.tolist(), strict=True)) == [
        (3, 72, 21),
        (24, 60, 24),
    ]


def test_hands_and_manuals_are_one_player_and_two_violins_are_two() -> None:
    hands = score_of(part_of((0, 24, 72), program=0), part_of((0, 24, 48), program=0))
    violins = score_of(part_of((0, 24, 72), program=40), part_of((0, 24, 48), program=40))
    assert score_excerpt(hands).part.tolist() == [0, 0]
    assert sorted(
        zip(score_excerpt(violins).pitch.tolist(), score_excerpt(violins).part.tolist(), strict=True)
    ) == [
        (48, 0),
        (72, 1),
    ]


def test_parts_are_ordered_by_height_and_drums_come_last() -> None:
    drums = part_of((0, 24, 36), program=0, is_drums=True)
    found = score_excerpt(score_of(drums, part_of((0, 24, 80)), part_of((0, 24, 50))))
    by_pitch = dict(zip(found.pitch.tolist(), found.part.tolist(), strict=True))
    assert by_pitch == {50: 0, 80: 1, 36: 2}
    assert found.is_drums.tolist() == [p == 36 for p in found.pitch.tolist()]


@pytest.mark.parametrize(
    ("steps", "place"), [(0, 0), (1, 0), (2, 3), (4, 4), (8, 8), (11, 12), (16, 16), (23, 24)]
)
def test_places_snap_to_32nds_and_triplet_16ths(steps: int, place: int) -> None:
    assert snapped(np.array([steps])).tolist() == [place]


def test_a_window_across_a_change_of_metre_is_refused() -> None:
    marks = (MetreMark(0, Metre(4, 4)), MetreMark(4 * 96 * TICKS_PER_STEP, Metre(3, 4)))
    score = replace(score_of(part_of((0, 24, 60))), metres=marks)
    with pytest.raises(InvalidInput, match=r"eight bars must be equally long, got \[96, 96, 96, 96, 72"):
        score_excerpt(score)


def test_a_window_of_few_notes_or_full_of_empty_bars_is_not_judged() -> None:
    assert tune(0).is_worth_judging
    assert not window([(b * 96, 96, 60) for b in range(8)]).is_worth_judging  # 8 notes
    assert not window([(n * 12, 12, 60) for n in range(32)]).is_worth_judging  # 4 bars


def test_transposing_past_the_keyboard_is_refused_with_the_interval() -> None:
    with pytest.raises(InvalidInput, match=r"pitches must stay 0..127, got \+60 semitones"):
        tune(0).transposed(60)


def test_bars_that_are_no_whole_sixteenths_are_refused() -> None:
    with pytest.raises(InvalidInput, match="a bar must be whole sixteenths, got 40 steps"):
        window([(0, 24, 60)], bar_steps=40)
