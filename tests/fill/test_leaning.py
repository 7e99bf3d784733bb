"""Laws of leaning tones: chord tones or steps on strong beats, alone, left by step; free elsewhere; soft."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fill.band import BAR, KEY, QUARTER, frame, untrained
from zhiyin.fill.compose_plan import compose, constraints_of
from zhiyin.fill.constraints import CellState, ChordsOnStrongBeats, InKey, LeaningTones, Sounding
from zhiyin.fill.plan_make import make_plan
from zhiyin.score import Note, Notes, Score, Wishes
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.metre import Metre

TUNE = LeaningTones(frozenset({0}))
BEAT = 24  # steps


def cell(*line: tuple[int, int], start: int = 96) -> CellState:
    """Return a bar of 4/4 on C, the line as (step of the score, pitch)."""
    return CellState(
        part=0, bar=1, length=96, role="melody", is_drums=False, instrument=find_instrument("violin"), key=KEY,
        metre=Metre(4, 4), chords=[(0, Chord.parse("C"))], strong=frozenset({0, 48}), is_last_bar=False, start=start,
        line=list(line),
    )  # fmt: skip


def allowed(state: CellState, onset: int) -> list[int]:
    mask = TUNE.value_mask(state, onset)
    assert mask is not None
    return [p for p in np.flatnonzero(mask).tolist() if 60 <= p < 72]


def test_a_strong_beat_takes_chord_tones_and_steps_from_the_note_before() -> None:
    assert allowed(cell((72, 65)), 0) == [60, 63, 64, 65, 66, 67]


def test_without_a_note_before_only_chord_tones_are_left() -> None:
    assert allowed(cell(), 0) == [60, 64, 67]


def test_under_a_held_note_of_the_part_only_chord_tones_are_left() -> None:
    state = replace(cell((72, 65)), sounding=[Sounding(-10, 50, 55)])
    assert allowed(state, 0) == [60, 64, 67]


def test_one_leaning_tone_does_not_follow_another() -> None:
    assert allowed(cell((96, 65)), 48) == [60, 64, 67]


def test_weak_places_are_free() -> None:
    assert TUNE.value_mask(cell((72, 65)), BEAT) is None and TUNE.value_bias(cell((96, 64)), BEAT) is None


def test_a_leaning_tone_leaves_by_step() -> None:
    bias = TUNE.value_bias(cell((96, 65)), BEAT)
    assert bias is not None
    assert bias[64] == bias[63] == bias[67] == 0.0 and bias[65] < 0 and bias[60] < 0


@pytest.mark.parametrize(
    ("pitches", "kept"),
    [((65, 64, 62), True), ((64, 65, 64), True), ((57, 65, 64), False), ((64, 65, 60), False)],
)
def test_the_check_reads_how_a_tone_is_reached_and_left(pitches: tuple[int, ...], kept: bool) -> None:
    # Bar 2 of the band stands on Gm: 67, 70 and 62 belong to it.
    notes = Notes.of([Note(BAR + (i - 1) * QUARTER, QUARTER, p) for i, p in enumerate(pitches)])
    score: Score = frame().with_parts([frame().parts[0].with_notes(notes), *frame().parts[1:]])
    assert TUNE.check(score).kept is kept


def test_named_chords_are_kept_by_every_part_and_open_ones_may_be_leaned_on() -> None:
    asked = Wishes(style="pop", bars=8, chords=("C", "G", "Am", "F"))
    strict = [
        c for c in constraints_of(make_plan(asked, seed=0), asked) if isinstance(c, ChordsOnStrongBeats)
    ]
    assert [c.parts for c in strict] == [None]
    open_ = Wishes(style="string-quartet", bars=8)
    plan = make_plan(open_, seed=0)
    leaning = next(c for c in constraints_of(plan, open_) if isinstance(c, LeaningTones))
    assert leaning.parts == {i for i, p in enumerate(plan.players) if p.role in ("melody", "inner")}


def test_a_composed_piece_leans_by_step_only() -> None:
    asked = Wishes(style="string-quartet", bars=16)
    take = compose(make_plan(asked, seed=1), asked, model=untrained(), seed=1)
    verdict = next(v for v in take.report.verdicts if v.name == "leaning tones")
    kept, total = (int(n) for n in verdict.measured.split(",")[0].split(" of "))
    assert kept >= 0.7 * total > 0


def test_a_chromatic_style_passes_by_semitone_off_the_strong_beats_and_goes_on_by_step() -> None:
    wish = InKey(KEY, chromatic=frozenset({0}))  # D minor: 66 is outside
    near, far, none = cell((96, 65)), cell((96, 62)), cell((72, 65))

    def allows(state: CellState, onset: int, pitch: int) -> bool:
        mask = wish.value_mask(state, onset)
        return mask is not None and bool(mask[pitch])

    assert allows(near, BEAT, 66) and not allows(far, BEAT, 66) and not allows(none, BEAT, 66)
    assert not allows(near, 0, 66)  # a strong beat
    assert not allows(replace(near, part=1), BEAT, 66)  # a part that does not pass
    bias = wish.value_bias(cell((96 + BEAT, 66)), 2 * BEAT)
    assert bias is not None and bias[67] == bias[65] == 0.0 and bias[66] < 0 and bias[72] < 0


def test_chromatic_notes_on_strong_beats_break_the_key() -> None:
    wish = InKey(KEY, chromatic=frozenset({0}))

    def with_tune(*notes: Note) -> Score:
        return frame().with_parts([frame().parts[0].with_notes(Notes.of(list(notes))), *frame().parts[1:]])

    assert wish.check(with_tune(Note(0, QUARTER, 65), Note(QUARTER, QUARTER, 66))).kept
    assert not wish.check(with_tune(Note(0, QUARTER, 66))).kept
    assert not InKey(KEY).check(with_tune(Note(0, QUARTER, 65), Note(QUARTER, QUARTER, 66))).kept


def test_only_styles_with_chromatic_chords_pass_by_semitone() -> None:
    for style, passes in (("romantic-piano", True), ("jazz", True), ("folk", False), ("chinese", False)):
        asked = Wishes(style=style, bars=8)
        wish = next(c for c in constraints_of(make_plan(asked, seed=0), asked) if isinstance(c, InKey))
        assert bool(wish.chromatic) is passes
