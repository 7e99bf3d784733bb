"""Laws of part-writing: no crossing, no parallels with parts that move at once, neighbours near; all from notes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fill.band import KEY, QUARTER, frame, untrained
from zhiyin.fill.compose_plan import compose, constraints_of
from zhiyin.fill.constraints import CellState, VoiceLeading
from zhiyin.fill.plan_make import make_plan
from zhiyin.score import Note, Notes, Part, Score, Wishes
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.metre import Metre

QUARTET = VoiceLeading((0, 1, 2))
Line = list[tuple[int, int]]


def cell(part: int, own: Line, others: dict[int, Line]) -> CellState:
    """Return the second bar of 4/4 of a part, with its line and the others' as (step of the score, pitch)."""
    return CellState(
        part=part, bar=1, length=96, role="inner", is_drums=False, instrument=find_instrument("viola"), key=KEY,
        metre=Metre(4, 4), chords=[], strong=frozenset({0, 48}), is_last_bar=False, start=96, line=own,
        line_of=lambda index: others.get(index, []),
    )  # fmt: skip


def allowed(part: int, own: Line, others: dict[int, Line], onset: int = 0) -> list[int]:
    mask = QUARTET.value_mask(cell(part, own, others), onset)
    assert mask is not None
    return np.flatnonzero(mask).tolist()


def test_a_part_lies_between_its_neighbours_for_the_next_quarter() -> None:
    others = {0: [(96, 72), (108, 67), (130, 60)], 2: [(90, 48), (100, 50)]}
    assert (min(allowed(1, [], others)), max(allowed(1, [], others))) == (50, 67)


def test_a_part_that_is_not_written_or_long_silent_is_no_neighbour() -> None:
    assert allowed(1, [], {0: [(-200, 72)]}) == list(range(128))


@pytest.mark.parametrize(
    ("own", "upper", "forbidden"),
    [
        (60, (67, 69), [62]),  # a fifth under a voice that rises by a tone
        (60, (72, 71), [59, 47, 35, 23, 11]),  # octaves downwards, in any octave below
        (60, (64, 65), []),  # a third may go on as a third
        (60, (67, 67), []),  # a repeated note moves nowhere
    ],
)
def test_a_fifth_or_octave_is_not_kept_where_both_move_the_same_way(
    own: int, upper: tuple[int, int], forbidden: list[int]
) -> None:
    before, now = upper
    free = allowed(1, [(72, own)], {0: [(72, before), (96, now)]})
    assert [p for p in range(now + 1) if p not in free] == sorted(forbidden)


def test_a_voice_that_holds_makes_no_parallels() -> None:
    assert 62 in allowed(1, [(72, 60)], {0: [(72, 67)]})


def test_unisons_and_wide_gaps_cost_between_upper_parts_and_gaps_are_free_above_the_bass() -> None:
    bias = QUARTET.value_bias(cell(1, [], {0: [(96, 72)], 2: [(96, 40)]}), 0)
    assert bias is not None
    assert bias[72] < 0 and bias[59] < 0 and bias[60] == bias[65] == 0.0
    assert bias[40] < 0 and QUARTET.value_mask(cell(3, [], {}), 0) is None


def test_a_bass_that_has_one_tone_left_takes_it_in_parallel_rather_than_rest() -> None:
    # D3 under D5 goes to C: down in octaves with the soprano (C5), up to C4 in octaves with a voice that rises to it.
    chord = [(0, Chord.parse("C"))]
    lines = {0: [(72, 74), (96, 72)], 1: [(72, 62), (96, 72)]}
    bass = replace(
        cell(2, [(72, 50)], lines), role="bass", chords=chord, instrument=find_instrument("bass-voice")
    )
    mask = QUARTET.value_mask(bass, 0)
    assert mask is not None and mask[48] and mask[60]


def test_a_voice_avoids_the_octave_and_fifth_that_the_bass_is_about_to_make_parallel() -> None:
    # The bass stood on D and will stand on G: a voice on D (an octave) keeps off G, one on A (a fifth) keeps off D.
    led = VoiceLeading((0, 1, 2), ((48, 2), (96, 7)))
    for own, forbidden in ((62, {7}), (69, {2}), (65, set())):
        bias = led.value_bias(cell(1, [(72, own)], {}), 0)
        assert bias is not None and {int(p) % 12 for p in np.flatnonzero(bias)} == forbidden


def voices(*lines: tuple[int, ...]) -> Score:
    parts = [Part(f"v{i}", role="inner", program=42) for i in range(len(lines))]
    notes = [Notes.of([Note(i * QUARTER, QUARTER, p) for i, p in enumerate(line)]) for line in lines]
    return frame().with_parts(part.with_notes(n) for part, n in zip(parts, notes, strict=True))


@pytest.mark.parametrize(
    ("lines", "measured"),
    [
        (((67, 69, 71), (60, 62, 64)), "0 crossings, 2 parallels in 3 moments"),
        (((67, 62), (60, 64)), "1 crossings, 0 parallels in 2 moments"),
        (((67, 67), (60, 60)), "0 crossings, 0 parallels in 2 moments"),
        (((72, 74), (60, 62), (55, 57)), "0 crossings, 1 parallels in 2 moments"),
    ],
)
def test_faults_are_counted_from_the_notes(lines: tuple[tuple[int, ...], ...], measured: str) -> None:
    # Third case of 55, 57 under 60, 62: a fourth, not a fifth; the octave 72, 60 is the one that is kept.
    verdict = VoiceLeading(tuple(range(len(lines)))).check(voices(*lines))
    assert verdict.measured == measured
    assert verdict.kept is measured.startswith("0 crossings, 0 parallels")


@pytest.mark.parametrize(("rest", "parallels"), [(QUARTER, 1), (2 * QUARTER, 0)])
def test_parallels_across_a_rest_up_to_a_quarter_are_counted(rest: int, parallels: int) -> None:
    # A third voice moves just before the two come in again, so that their rest is seen.
    late = QUARTER + rest
    lines = [[Note(0, QUARTER, low), Note(late, QUARTER, low + 2)] for low in (60, 53)]
    lines.append([Note(0, late - 1, 41), Note(late - 1, QUARTER, 40)])
    parts = [Part(f"v{i}", role="inner", program=42, notes=Notes.of(line)) for i, line in enumerate(lines)]
    found = VoiceLeading((0, 1, 2)).check(frame().with_parts(parts))
    assert found.measured == f"0 crossings, {parallels} parallels in 3 moments"


@pytest.mark.parametrize("style", ["chorale", "string-quartet"])
def test_a_piece_in_parts_hardly_crosses_and_hardly_moves_in_parallel(style: str) -> None:
    asked = Wishes(style=style, bars=12)
    plan = make_plan(asked, seed=0)
    wish = next(c for c in constraints_of(plan, asked) if isinstance(c, VoiceLeading))
    assert len(wish.parts) == 4
    take = compose(plan, asked, model=untrained(), seed=0)
    crossings, parallels, moments = (
        int(w) for w in wish.check(take.score).measured.replace(",", "").split() if w.isdigit()
    )
    assert moments > 40 and crossings + parallels <= 0.1 * moments


def test_styles_without_part_writing_are_not_asked_for_it() -> None:
    asked = Wishes(style="pop", bars=8)
    assert not any(isinstance(c, VoiceLeading) for c in constraints_of(make_plan(asked, seed=0), asked))
