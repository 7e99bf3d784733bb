"""Laws of manners: patterns read off bars, drawn as people play, kept by accompaniments, leant on by tunes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fill.band import KEY, untrained
from zhiyin.errors import InvalidInput
from zhiyin.fill.compose_plan import compose
from zhiyin.fill.constraints import CellState, InManner, Sounding
from zhiyin.fill.manners import Manner, drawn_manners, is_near, is_pattern, manners_of, places_of, stretched
from zhiyin.fill.manners_build import bar_of
from zhiyin.fill.plan import plan_from_json, plan_to_json
from zhiyin.fill.plan_make import make_plan
from zhiyin.score import Wishes
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.metre import Metre

WALTZ = "s:B...c...c..."
LEFT = InManner({(1, 0): WALTZ, (0, 0): "s:x.....x.x..."}, {(1, 0): (43.0, 55.0), (0, 0): (np.nan, np.nan)})
BOUND = replace(LEFT, bound=frozenset({0}))


def cell(part: int = 1, *sounding: Sounding) -> CellState:
    """Return a bar of 3/4 on C of a left hand, or of a tune for part 0."""
    state = CellState(
        part=part, bar=0, length=72, role="accompaniment" if part else "melody", is_drums=False,
        instrument=find_instrument("piano"), key=KEY, metre=Metre(3, 4), chords=[(0, Chord.parse("C"))],
        strong=frozenset({0}), is_last_bar=False,
    )  # fmt: skip
    return replace(state, sounding=list(sounding))


def test_bass_and_two_chords_are_read_as_such() -> None:
    onset, pitch = np.array([0, 24, 24, 48, 48]), np.array([43, 55, 59, 55, 59])
    assert bar_of(onset, pitch, 72, is_led=True) == (WALTZ, 43.0, 55.0)
    assert bar_of(onset, pitch, 72, is_led=False) == ("s:x...x...x...", 43.0, 55.0)


def test_triplets_have_their_own_grid_and_what_is_on_neither_is_left_out() -> None:
    broken = np.array([0, 8, 16, 24, 32, 40])
    assert bar_of(broken, np.full(6, 60), 48, is_led=True)[0] == "t:nnnnnn"  # type: ignore[index]
    assert bar_of(np.array([0, 5]), np.array([60, 62]), 48, is_led=True) is None


def test_an_accompaniment_strikes_its_places_in_turn_with_as_many_notes() -> None:
    def allowed(*sounding: Sounding) -> list[int]:
        mask = LEFT.onset_mask(cell(1, *sounding))
        return [] if mask is None else np.flatnonzero(mask).tolist()

    bass, low, high = Sounding(0, 24, 43), Sounding(24, 36, 55), Sounding(24, 36, 59)
    assert allowed() == [0]
    assert allowed(bass) == [24]
    assert allowed(bass, low) == [24]
    assert allowed(bass, low, high) == [48]
    assert allowed(bass, low, high, Sounding(48, 60, 55), Sounding(48, 60, 59)) == [192]


def test_chords_stand_above_the_bass_and_low_notes_near_their_usual_height() -> None:
    mask = LEFT.value_mask(cell(1, Sounding(0, 24, 43)), 24)
    assert mask is not None and np.flatnonzero(mask)[0] == 46
    bias = LEFT.value_bias(cell(), 0)
    assert bias is not None and int(np.argmax(bias)) == 43


def test_struck_chords_end_by_the_next_place_and_a_bass_may_ring() -> None:
    chord = LEFT.duration_mask(cell(), 24, 55)
    assert chord is not None and np.flatnonzero(chord)[-1] == 24
    assert LEFT.duration_mask(cell(), 0, 43) is None


def test_a_tune_leans_on_its_places() -> None:
    assert LEFT.onset_mask(cell(0)) is None and LEFT.value_mask(cell(0), 0) is None
    bias = LEFT.onset_bias(cell(0, Sounding(0, 24, 72)))
    assert bias is not None and bias[36] == bias[48] > bias[0] == bias[192] == 0.0 > bias[24]


def test_a_bound_tune_pays_for_places_missed_too_and_lets_go_in_time() -> None:
    bias = BOUND.onset_bias(cell(0, Sounding(0, 24, 72)))
    assert bias is not None
    assert bias[0] == bias[36] == 0.0  # a second note at once, the next place
    assert bias[24] == bias[48] < 0.0  # a strike elsewhere, a place passed over
    assert bias[192] == 2 * bias[24] and bias[60] == 3 * bias[24]  # two places missed; and a strike elsewhere
    lengths = BOUND.duration_mask(cell(0), 0, 72)
    assert lengths is not None and np.flatnonzero(lengths)[-1] == 36
    assert LEFT.duration_mask(cell(0), 0, 72) is None


def test_a_bar_of_another_length_or_without_a_pattern_is_left_alone() -> None:
    other = replace(cell(), bar=1)
    short = replace(cell(), length=36)
    assert LEFT.onset_mask(other) is None and LEFT.onset_mask(short) is None


def test_waltzes_are_known_for_bass_and_two_chords_and_stay_in_their_style() -> None:
    known = manners_of("waltz", "accompaniment", Metre(3, 4))
    assert known[0].pattern == "s:B...C...C..." and known[0].pieces > 20
    assert manners_of("waltz", "drums", Metre(3, 4)) == ()


def test_an_accompaniment_keeps_one_manner_most_of_the_time() -> None:
    known = manners_of("waltz", "accompaniment", Metre(3, 4))
    for seed in range(5):
        row = [m.pattern for m in drawn_manners(known, 200, np.random.default_rng(seed), is_led=True)]
        assert max(row.count(p) for p in set(row)) / 200 > 0.4


def test_slower_bars_have_the_same_places_later() -> None:
    rag = Manner("s:xx.x", 3, 1.0, 0.5, float("nan"), 60.0, (("s:x..x", 2.0),))
    slow = stretched(rag, 2)
    assert slow is not None and slow.pattern == "s:x.x...x." and slow.beside == (("s:x.....x.", 2.0),)
    assert stretched(slow, -2) == rag and stretched(rag, -2) is None


def test_a_manner_is_near_a_density_or_not() -> None:
    waltz = Manner(WALTZ, 3, 1.0, 0.5, 43.0, 55.0, ())
    assert waltz.density == 1.0 and is_near(waltz, 1.2) and not is_near(waltz, 2.0)
    assert places_of(WALTZ) == [(0, "B"), (10080, "c"), (20160, "c")]


def test_a_plan_tells_its_manner_and_carries_it_through_json() -> None:
    plan = make_plan(Wishes(style="waltz", bars=16), seed=1)
    left = [t.manner for t in plan.textures[1]]
    assert all(is_pattern(p) for p in left[:-1]) and left[-1] == ""
    assert any("as people do" in en for en, _ in plan.notes)
    assert plan_from_json(plan_to_json(plan)) == plan
    with pytest.raises(InvalidInput, match="oompah"):
        plan_from_json(plan_to_json(plan).replace(left[0], "oompah", 1))


def test_a_density_that_was_asked_for_leaves_manners_out() -> None:
    plan = make_plan(Wishes(style="waltz", bars=16, density=3.0), seed=1)
    assert not any(t.manner for row in plan.textures for t in row)


def test_what_is_written_keeps_the_manner() -> None:
    asked = Wishes(style="waltz", bars=8)
    take = compose(make_plan(asked, seed=2), asked, model=untrained(), seed=2)
    verdict = next(v for v in take.report.verdicts if v.name == "manner")
    assert not verdict.is_hard and verdict.kept, verdict.measured
