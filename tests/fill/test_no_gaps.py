"""Laws of singing on: no gap opens inside a bar but where a phrase ends; silent beats are counted from the notes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fill.band import KEY, QUARTER, frame, untrained
from zhiyin.fill.compose_plan import compose, constraints_of
from zhiyin.fill.constraints import CellState, NoGaps, Sounding
from zhiyin.fill.plan_make import make_plan
from zhiyin.score import Note, Notes, Part, Score, Wishes
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.metre import Metre

BAR = 4 * QUARTER


def cell(*sounding: Sounding, bar: int = 1, part: int = 0) -> CellState:
    return CellState(
        part=part, bar=bar, length=96, role="inner", is_drums=False, instrument=find_instrument("viola"), key=KEY,
        metre=Metre(4, 4), chords=[], strong=frozenset({0, 48}), is_last_bar=False, sounding=list(sounding),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sounding", "last"),
    [
        ((), 0),
        ((Sounding(0, 36, 60),), 36),
        ((Sounding(-24, 12, 60),), 12),
        ((Sounding(0, 24, 60), Sounding(24, 72, 62)), 72),
    ],
)
def test_the_next_note_begins_by_the_time_the_last_has_ended_and_the_bar_does_not_end_there(
    sounding: tuple[Sounding, ...], last: int
) -> None:
    mask = NoGaps((0,)).onset_mask(cell(*sounding))
    assert mask is not None and np.flatnonzero(mask).tolist() == list(range(last + 1))


def test_what_sounds_to_the_end_of_the_bar_and_other_parts_are_free() -> None:
    assert NoGaps((0,)).onset_mask(cell(Sounding(48, 96, 60))) is None
    assert NoGaps((0,)).onset_mask(cell(part=1)) is None


def test_where_a_phrase_ends_the_second_half_may_be_silent() -> None:
    wish = NoGaps((0,), frozenset({1}))
    assert wish.onset_mask(cell(Sounding(0, 48, 60))) is None
    assert wish.onset_mask(cell(Sounding(0, 36, 60))) is not None
    assert wish.onset_mask(cell(Sounding(0, 48, 60), bar=2)) is not None


def held(*spans: tuple[int, int]) -> Score:
    notes = Notes.of([Note(start, length, 62) for start, length in spans])
    return frame().with_parts([Part("v", role="inner", program=42, notes=notes)])


def test_silent_beats_are_counted_and_breaths_left_out() -> None:
    bar = 3 * QUARTER  # the frame has four bars of 3/4
    whole, gapped = held((0, 4 * bar)), held((0, 2 * bar), (2 * bar + QUARTER, 2 * bar - QUARTER))
    assert NoGaps((0,)).check(whole).measured == "0 of 12 beats silent"
    found = NoGaps((0,)).check(gapped)
    assert (found.measured, found.kept, found.where) == ("1 of 12 beats silent", False, "bars 3")
    late = held((0, 4 * bar - QUARTER))
    assert NoGaps((0,)).check(late).measured == "1 of 12 beats silent"
    assert NoGaps((0,), frozenset({3})).check(late).kept


@pytest.mark.parametrize("style", ["chorale", "choir"])
def test_voices_of_a_piece_in_parts_hardly_fall_silent(style: str) -> None:
    asked = Wishes(style=style, bars=8)
    plan = make_plan(asked, seed=0)
    take = compose(plan, asked, model=untrained(), seed=0)
    wish = next(c for c in constraints_of(plan, asked) if isinstance(c, NoGaps))
    silent, total = (int(word) for word in wish.check(take.score).measured.split() if word.isdigit())
    assert total > 80 and silent <= 0.05 * total


def test_quartets_may_rest_as_people_write_them() -> None:
    asked = Wishes(style="string-quartet", bars=8)
    assert not any(isinstance(c, NoGaps) for c in constraints_of(make_plan(asked, seed=0), asked))
