"""Laws of returning bars: what the resembled bar did next is expected and made likelier, nothing else is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fill.band import frame, untrained
from zhiyin.encode.echo import EchoBook
from zhiyin.encode.fields import END, NO_LAST
from zhiyin.fill.decode import fill
from zhiyin.fill.request import Request
from zhiyin.fill.returning import drawn, expected
from zhiyin.fill.sampling import Sampling
from zhiyin.score import Cell, Score

BARS = 12


def book() -> EchoBook:
    """Return a window of three columns, the last resembling the first, which holds a chord and a note."""
    events = ([0, 0, 0], [1, 1, 1], [0, 0, 24], [60, 64, 67], [24, 24, 48])
    column, row, onset, value, duration = (np.array(one) for one in events)
    return EchoBook((column, row, onset, value, duration), np.array([[-1, -1], [0, -1], [1, 0]]))


@pytest.mark.parametrize(
    ("played", "then"),
    [
        ([], (0, 60, 24)),
        ([(0, 60, 24)], (0, 64, 24)),
        ([(0, 62, 24)], (0, 64, 24)),  # another pitch at the same place
        ([(0, 60, 24), (0, 64, 24)], (24, 67, 48)),
        ([(24, 65, 12)], (END, -1, -1)),
    ],
)
def test_what_the_resembled_bar_did_after_this_place_is_expected(
    played: list[tuple[int, int, int]], then: tuple[int, int, int]
) -> None:
    assert expected(book(), 2, 1, played=played, last=NO_LAST) == then


def test_a_bar_that_resembles_none_expects_nothing() -> None:
    assert expected(book(), 1, 1, played=[], last=NO_LAST) is None


def test_one_choice_grows_likelier_and_the_model_s_own_numbers_stay() -> None:
    given = np.log(np.full(4, 0.25))
    assert (drawn(given, 2, 1.5) - given).tolist() == [0.0, 0.0, 1.5, 0.0]
    assert np.allclose(np.exp(given), 0.25)
    assert drawn(given, -1, 1.5) is given


def written(likeness: float) -> Score:
    """Return twelve bars whose second half is told to resemble the first, by a model that has learned nothing."""
    like = np.array([-1] * 6 + list(range(6)))
    cells = frozenset(Cell(p, b) for p in range(3) for b in range(BARS))
    score = replace(frame(BARS), parts=frame(BARS).parts[:3])
    asked = Request(score, cells, seed=2, bars=BARS, like=like, sampling=Sampling(likeness=likeness))
    return fill(asked, untrained())[0].score


def same(score: Score) -> float:
    """Return the share of notes of the second half that stand in the first, six bars before."""
    half = score.end // 2
    found = total = 0
    for part in score.parts:
        first = set(zip(part.notes.onset.tolist(), part.notes.pitch.tolist(), strict=True))
        later = [n for n in part.notes if n.onset >= half]
        found, total = found + sum((n.onset - half, n.pitch) in first for n in later), total + len(later)
    return found / total


def test_bars_come_back_the_more_likeness_is_asked() -> None:
    shares = [same(written(likeness)) for likeness in (0.0, 6.0, 10.0)]
    assert shares[0] < 0.1 and shares[0] < shares[1] < shares[2] and shares[2] > 0.8
