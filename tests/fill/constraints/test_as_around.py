"""Laws of playing as around: a part stays in its range with a margin, lines leap no wider than they do or an octave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhiyin.fill.acts.grow import continue_
from zhiyin.fill.acts.infill import infill
from zhiyin.fill.acts.usual import widest_strike
from zhiyin.fill.constraints import AsAround, CellState, WithinReach
from zhiyin.fill.constraints.as_around import Habit, habit_of
from zhiyin.fill.desk import lay_out
from zhiyin.fill.scope import whole_bars
from zhiyin.score import Cell, MetreMark, Note, Notes, Part, Score
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.metre import Metre

QUARTER = 10080
BAR = 4 * QUARTER
TUNE = (60, 62, 64, 65, 67, 65, 64, 62)  # a line of steps: low 60, high 67


def tune(*pitches: int) -> Part:
    notes = Notes.of([Note(i * QUARTER, QUARTER, p) for i, p in enumerate(pitches)])
    return Part("Voice", notes, role="melody", program=52)


def hands() -> Part:
    """Return eight chords, the widest an eleventh: C2 E2 to C2 F3."""
    notes = [Note(i * QUARTER, QUARTER, p) for i in range(8) for p in (36, 53 if i == 3 else 43)]
    return Part("Left hand", Notes.of(notes), role="accompaniment", program=0)


def cell(*line: tuple[int, int], bar: int = 2, part: int = 0) -> CellState:
    return CellState(
        part=part, bar=bar, length=96, role="melody", is_drums=False, instrument=find_instrument("voice"), key=None,
        metre=Metre(4, 4), chords=[], strong=frozenset({0}), is_last_bar=False, start=96 * bar, line=list(line),
    )  # fmt: skip


def test_a_line_of_steps_may_go_two_semitones_beyond_and_leap_an_octave() -> None:
    assert habit_of(tune(*TUNE)) == Habit(58, 69, 12)


def test_a_line_that_leaps_a_tenth_may_leap_a_tenth() -> None:
    assert habit_of(tune(*TUNE[:7], 48)) == Habit(46, 69, 16)


def test_chords_have_a_range_and_no_leaps_and_few_notes_and_drums_have_no_habit() -> None:
    assert habit_of(hands()) == Habit(34, 55)
    assert habit_of(tune(*TUNE[:7])) is None
    assert habit_of(replace(tune(*TUNE), is_drums=True)) is None


@pytest.mark.parametrize(
    ("before", "low", "high"), [(None, 58, 69), ((96 * 2 - 24, 67), 58, 69), ((96 * 2 - 24, 48), 58, 60)]
)
def test_the_mask_is_the_range_cut_to_what_the_last_note_reaches(
    before: tuple[int, int] | None, low: int, high: int
) -> None:
    wish = AsAround((Habit(58, 69, 12),), frozenset({Cell(0, 2)}))
    mask = wish.value_mask(cell(*([before] if before else [])), 0)
    assert mask is not None and np.flatnonzero(mask)[[0, -1]].tolist() == [low, high]


def test_cells_that_are_not_written_are_free() -> None:
    assert AsAround((Habit(58, 69, 12),), frozenset({Cell(0, 2)})).value_mask(cell(bar=1), 0) is None


def test_a_leap_into_the_written_bar_counts_and_one_before_it_does_not() -> None:
    score = Score(parts=(tune(60, 74, 60, 62, 75, 62, 64, 65),), metres=(MetreMark(0, Metre(4, 4)),))
    wish = AsAround((Habit(50, 80, 12),), frozenset({Cell(0, 1)}))
    verdict = wish.check(score)
    # Bar 2 has 75 62 64 65; from 62 up to 75 and down again are thirteen semitones each.
    assert (verdict.kept, verdict.measured, verdict.where) == (False, "2 of 4 notes", "bars 2")


def test_continuing_and_filling_in_keep_range_and_hands_of_each_part() -> None:
    desk = lay_out(Score(parts=(tune(*TUNE), hands()), metres=(MetreMark(0, Metre(4, 4)),)))
    assert widest_strike(hands()) == 17
    for order in (continue_(desk, 2), infill(desk, whole_bars(desk.frame, (0, 1), (1,)))):
        habit = next(w for w in order.wishes if isinstance(w, AsAround))
        assert habit.habits == (Habit(58, 69, 12), Habit(34, 55))
        assert habit.cells == {c for c in order.scope.cells(order.desk.frame) if c.part >= 0}
        assert next(w for w in order.limits if isinstance(w, WithinReach)).reaches == (16, 17)
