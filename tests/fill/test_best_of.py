"""Laws of best-of-n: the judges' first is kept, failures drop out, reasons are told, alone means no judges."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fill.band import all_cells, frame, untrained, wishes
from zhiyin.errors import ConstraintsUnmet
from zhiyin.fill.best_of import best_of
from zhiyin.fill.compose_plan import compose
from zhiyin.fill.decode import fill
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.request import Report, Request, Take
from zhiyin.fill.sampling import Sampling
from zhiyin.score import Cell, Notes, Score, Wishes

QUARTER = 10_080


def take_of(pitches: list[int]) -> Take:
    """Return a take of a tune in quarters over four bars of three."""
    blank = frame(8)
    notes = Notes.of([(i * QUARTER, QUARTER, p) for i, p in enumerate(pitches)])
    score: Score = replace(blank, parts=(blank.parts[0].with_notes(notes),))
    request = Request(score, frozenset({Cell(0, 0)}))
    return Take(score, request, 0, Report(()), steps=10)


TUNE = take_of(
    [62, 64, 65, 67, 69, 65, 62, 69, 67, 65, 64, 62, 70, 69, 67, 65, 64, 62, 61, 64, 69, 62, 62, 62]
)
STUCK = take_of([62, 63] * 12)  # one bar for ever, outside the key
SILENT = take_of([62])


def test_the_tune_wins_over_a_loop_and_near_silence_wherever_it_stands() -> None:
    for candidates in ([STUCK, TUNE, SILENT], [TUNE, SILENT, STUCK]):
        best = best_of(3, lambda k, c=candidates: c[k], style=None)  # type: ignore[misc]
        assert best.score == TUNE.score and best.steps == 30
        assert best.choice is not None
        assert (best.choice.chosen, best.choice.among) == (candidates.index(TUNE) + 1, 3)
        assert best.choice.text_en.startswith(f"Take {best.choice.chosen} of 3 written: distance ")
        assert best.choice.text_zh.startswith(f"写了 3 版，选第 {best.choice.chosen} 版")


def test_a_style_without_norms_is_judged_by_all_people() -> None:
    assert best_of(2, lambda k: (STUCK, TUNE)[k], style="no such style").score == TUNE.score


def test_candidates_that_break_a_hard_wish_drop_out() -> None:
    def write(number: int) -> Take:
        if number == 0:
            raise ConstraintsUnmet("hard wish 'tempo' must be kept")
        return TUNE

    best = best_of(2, write, style=None)
    assert best.choice is not None and best.choice.chosen == 2
    assert "1 could not keep a wish" in best.choice.text_en


def test_when_none_keeps_its_wishes_the_first_failure_is_told() -> None:
    def write(number: int) -> Take:
        raise ConstraintsUnmet(f"hard wish {number} must be kept")

    with pytest.raises(ConstraintsUnmet, match="hard wish 0 must be kept"):
        best_of(3, write, style=None)


def test_one_alone_is_not_judged() -> None:
    assert best_of(1, lambda k: TUNE, style=None).choice is None


def test_the_first_candidate_is_the_take_written_alone() -> None:
    request = Request(frame(), all_cells(), wishes()[:9], seed=3, bars=4)
    alone = fill(request, untrained())[0]
    several = fill(replace(request, sampling=Sampling(best_of=3)), untrained())[0]
    assert several.choice is not None
    is_first = several.choice.chosen == 1
    assert (several.score.parts == alone.score.parts) == is_first
    assert several.steps > alone.steps


def test_the_same_seed_gives_the_same_choice() -> None:
    asked = Wishes(style="waltz", bars=8)
    plan, sampling = make_plan(asked, seed=2), Sampling(best_of=2, guidance=1.5, novelty=2.0, min_p=0.02)
    first, again = (compose(plan, asked, model=untrained(), seed=2, sampling=sampling) for _ in range(2))
    assert first.score == again.score and first.choice == again.choice is not None
