"""Notes are lined up with bars and beats exactly.

Conventions: ticks.
Does not know: any analysis.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.pieces import QUARTER, line
from zhiyin.analysis.columns import (
    bar_edges,
    beats_of,
    columns_of,
    pitch_class_profiles,
    spread,
    strong_onsets,
    top_line,
)
from zhiyin.score import MetreMark, Notes, Part, Score
from zhiyin.theory.metre import Metre


def empty(bars: int, metre: str = "4/4", *, pickup: int = 0) -> Score:
    """Return a silent score of whole bars after a pick-up."""
    metre_ = Metre.parse(metre)
    return Score(
        metres=(MetreMark(0, metre_),), pickup_ticks=pickup, length_ticks=pickup + bars * metre_.bar_ticks
    )


def test_beats_of_common_metres() -> None:
    four, three, six = (beats_of(empty(1, metre)) for metre in ("4/4", "3/4", "6/8"))
    assert (four.edges // QUARTER).tolist() == [0, 1, 2, 3, 4]
    assert four.weight.tolist() == [1.0, 0.5, 0.75, 0.5]
    assert three.weight.tolist() == [1.0, 0.5, 0.5]
    assert six.edges.tolist() == [0, 3 * QUARTER // 2, 3 * QUARTER]


def test_beats_of_a_pick_up_are_counted_back_from_the_downbeat() -> None:
    beats = beats_of(empty(1, pickup=3 * QUARTER // 2))
    assert (beats.edges[:4] * 2 // QUARTER).tolist() == [0, 1, 3, 5]
    assert beats.weight[:3].tolist() == [0.5, 0.5, 1.0]


def test_beats_follow_a_change_of_metre() -> None:
    marks = (MetreMark(0, Metre(4, 4)), MetreMark(4 * QUARTER, Metre(3, 4)))
    score = Score(metres=marks, length_ticks=7 * QUARTER)
    assert beats_of(score).bar.tolist() == [0] * 4 + [1] * 3
    assert (bar_edges(score) // QUARTER).tolist() == [0, 4, 7]


def test_strong_onsets_are_downbeats_and_mid_bars() -> None:
    assert (strong_onsets(empty(2)) // QUARTER).tolist() == [0, 2, 4, 6]
    assert (strong_onsets(empty(2, "3/4")) // QUARTER).tolist() == [0, 3]


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 60)), max_size=20))
def test_spreading_keeps_every_tick_of_every_note(rows: list[tuple[int, int]]) -> None:
    onset = np.array([row[0] for row in rows], np.int64)
    length = np.array([row[1] for row in rows], np.int64)
    row, window, overlap = spread(onset, onset + length, np.array([0, 7, 20, 50, 51, 150]))
    assert np.bincount(row, weights=overlap, minlength=len(rows)).tolist() == length.tolist()
    assert np.all(overlap > 0)
    assert np.all((window >= 0) & (window < 5))


def test_profiles_count_quarters_in_each_window() -> None:
    score = Score(parts=(Part("a", line("C4:3 E4:2")),), length_ticks=8 * QUARTER)
    profiles = pitch_class_profiles(columns_of(score), bar_edges(score))
    assert (profiles[0, 0], profiles[0, 4], profiles[1, 4], profiles.sum()) == (3.0, 1.0, 1.0, 5.0)


def test_top_line_keeps_the_highest_note_of_each_moment() -> None:
    notes = Notes.of([(0, 1, 60), (0, 1, 67), (5, 1, 62), (9, 1, 50), (9, 1, 51)])
    assert top_line(notes.onset, notes.pitch).tolist() == [False, True, True, False, True]


def test_columns_leave_drums_out_unless_asked() -> None:
    score = Score(parts=(Part("a", line("C4")), Part("kit", line("C2 C2"), is_drums=True)))
    assert columns_of(score).part.tolist() == [0]
    assert columns_of(score, with_drums=True).part.tolist() == [0, 1, 1]
