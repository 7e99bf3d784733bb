"""Laws of the floor: where nobody plays the bass, chords begin on their bass and low; elsewhere nothing is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fill.band import KEY, untrained
from zhiyin.fill.compose_plan import compose, constraints_of
from zhiyin.fill.constraints import CellState, Foundation, Sounding
from zhiyin.fill.plan_make import make_plan
from zhiyin.score import Wishes
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.metre import Metre

FLOOR = Foundation(1)


def cell(part: int = 1) -> CellState:
    """Return a bar of 3/4, half on C/E and half on G, of a left hand."""
    return CellState(
        part=part, bar=0, length=72, role="accompaniment", is_drums=False, instrument=find_instrument("piano"),
        key=KEY, metre=Metre(3, 4), chords=[(0, Chord.parse("C/E")), (36, Chord.parse("G"))],
        strong=frozenset({0}), is_last_bar=False,
    )  # fmt: skip


@pytest.mark.parametrize(("onset", "classes"), [(0, {4}), (36, {7})])
def test_where_a_chord_begins_the_first_note_is_its_bass(onset: int, classes: set[int]) -> None:
    mask = FLOOR.value_mask(cell(), onset)
    assert mask is not None and set((np.flatnonzero(mask) % 12).tolist()) == classes


def test_a_bass_is_rather_low() -> None:
    bias = FLOOR.value_bias(cell(), 0)
    assert bias is not None and bias[52] == 0.0 > bias[64]


def test_elsewhere_over_a_sounding_note_and_in_other_parts_nothing_is_asked() -> None:
    over = replace(cell(), sounding=[Sounding(0, 24, 52)])
    for state, onset in ((cell(), 24), (over, 0), (cell(part=0), 0)):
        assert FLOOR.value_mask(state, onset) is None and FLOOR.value_bias(state, onset) is None


def test_only_pieces_without_a_bass_are_asked_for_a_floor() -> None:
    for style, part in (("waltz", 1), ("string-quartet", None), ("pop", None)):
        asked = Wishes(style=style, bars=8)
        found = [c.part for c in constraints_of(make_plan(asked, seed=0), asked) if isinstance(c, Foundation)]
        assert found == ([] if part is None else [part])


def test_what_begins_with_a_chord_stands_on_its_bass() -> None:
    asked, kept, total = Wishes(style="waltz", bars=16), 0, 0
    for seed in range(4):
        take = compose(make_plan(asked, seed=seed), asked, model=untrained(), seed=seed)
        measured = next(v.measured for v in take.report.verdicts if v.name == "foundation")
        found, of = (int(word) for word in measured.split() if word.isdigit())
        kept, total = kept + found, total + of
    assert (
        total >= 4 and kept >= 0.9 * total
    )  # the model that has learned nothing seldom strikes with a chord
