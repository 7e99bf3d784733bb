"""Laws of backings: rolls told from the root, and back to notes."""

from __future__ import annotations

import numpy as np

from zhiyin.encode.backing import LOW, NONE, Ground, Notes4, cell_size, folded, roll_notes, rolls, skyline


def ground(roots: list[int]) -> Ground:
    cells = len(roots)
    chord = np.zeros((cells, 12), bool)
    chord[np.arange(cells), roots] = True
    return Ground(
        cell_steps=6, start=np.arange(cells) * 6, bar=np.zeros(cells, np.int64), place=np.arange(cells), kind=2,
        root=np.array(roots), chord=chord, tonic=np.zeros(cells, np.int64), tune=np.full(cells, NONE),
        is_new=np.zeros(cells, bool),
    )  # fmt: skip


def notes(rows: list[tuple[int, int, int]], *, is_tune: bool = False) -> Notes4:
    table = np.array(rows, np.int64)
    return Notes4(table[:, 0], table[:, 1], table[:, 2], np.full(len(rows), is_tune))


def test_row_zero_is_the_root_whatever_the_chord() -> None:
    # C2 = 36 under C, then G2 = 43 under G: both stand an octave above row 0.
    strike, _ = rolls(notes([(0, 6, 36), (6, 6, 43)]), np.ones(2, bool), ground([0, 7, 7, 7]))
    assert np.argwhere(strike).tolist() == [[0, 36 - LOW], [1, 43 - (LOW - 5)]]
    assert (36 - LOW) % 12 == 0 and (43 - (LOW - 5)) % 12 == 0


def test_notes_come_back_from_their_rolls_over_a_change_of_chord() -> None:
    rows = [(0, 18, 48), (0, 6, 64), (6, 18, 67), (18, 6, 48)]
    under = ground([0, 0, 7, 5])
    strike, sound = rolls(notes(rows), np.ones(4, bool), under)
    assert roll_notes(strike, sound & ~strike, under) == rows


def test_a_note_struck_again_ends_the_one_before() -> None:
    strike, sound = rolls(notes([(0, 24, 60), (12, 12, 60)]), np.ones(2, bool), ground([0] * 4))
    assert roll_notes(strike, sound, ground([0] * 4)) == [(0, 12, 60), (12, 12, 60)]


def test_metres_are_counted_in_beats_of_four_cells() -> None:
    assert cell_size((4, 4), 96) == (6, 2)
    assert cell_size((3, 2), 144) == (12, 1)
    assert cell_size((6, 8), 72) == (6, 3)
    assert cell_size((7, 8), 84) is None


def test_octaves_bring_any_pitch_into_reach() -> None:
    assert all(30 <= folded(p) <= 90 and (folded(p) - p) % 12 == 0 for p in range(128))


def test_the_tune_is_the_top_line_and_no_note_under_a_held_one() -> None:
    rows = [(0, 24, 72), (0, 24, 60), (12, 12, 55), (24, 24, 60), (24, 24, 57)]
    assert skyline(notes(rows, is_tune=True)).tolist() == [True, False, False, True, False]
