"""The contract of wishes: masks of the right shape, a check that can fail, words in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.fill.band import BAR, KEY, PLAYERS, QUARTER, all_cells, frame, untrained, wishes
from tests.fill.wish_pieces import BREAKS as BROKEN_WISHES
from tests.fill.wish_pieces import KEEPS as KEPT_WISHES
from tests.fill.wish_pieces import wishes_by_name
from tests.rights.known import known_tune
from zhiyin.fill.constraints import (
    CONSTRAINTS,
    AsAround,
    Cadences,
    CellState,
    ChordPace,
    Constraint,
    DegreeProfile,
    EndsOn,
    FitsTune,
    Foundation,
    InManner,
    KeepSeconds,
    KitHands,
    LeaningTones,
    MoodLines,
    NoGaps,
    Ornaments,
    OtherChords,
    OtherRhythm,
    SungMotion,
    Verdict,
    VoiceLeading,
)
from zhiyin.fill.constraints.as_around import Habit
from zhiyin.fill.constraints.cadence import CLOSE
from zhiyin.fill.constraints.pinned import Hold
from zhiyin.fill.decode import fill
from zhiyin.fill.request import Request
from zhiyin.score import Cell, ChordMark, MetreMark, Note, Notes, Score, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.metre import Metre

BY_NAME: dict[str, Constraint] = {w.name: w for w in wishes()} | {
    "seconds": KeepSeconds(7.5),
    "degrees": DegreeProfile(0, KEY, pace=1.0),
    "cadences": Cadences({1: CLOSE}),
    "leaning tones": LeaningTones(frozenset({0})),
    "voice leading": VoiceLeading((0, 2)),
    "no gaps": NoGaps((0,)),
    "foundation": Foundation(1),
    "last chord": EndsOn(4, Chord.parse("Dm")),
    "other chords": OtherChords(
        tuple(ChordMark(0, Chord.parse("F")) for _ in range(1)), frozenset({0, 1, 2})
    ),
    "other rhythm": OtherRhythm({Cell(0, 0): frozenset({0, 7})}),
    "pace of chords": ChordPace(36),
    "chords fit the tune": FitsTune(0),
    "ornaments": Ornaments({Cell(0, 0): Hold(((0, 24, 69), (48, 24, 72)), "skeleton", ((24, 48),))}),
    "as around": AsAround((Habit(38, 100, 12), None, None, None), frozenset({Cell(0, 1)})),
    "two hands": KitHands(frozenset({3}), frozenset({3})),
    "manner": InManner({(1, 0): "s:B...c...c..."}, {(1, 0): (43.0, np.nan)}),
    "sung tones": SungMotion(0, {72: 1}),
    "mood": MoodLines(
        np.tile([65.0, np.nan, np.nan, np.nan], (4, 1)),
        np.full((4, 4), 2.0),
        (0.5,) * 4,
        (0.5,) * 4,
        (0.5,) * 4,
        frozenset({0}),
    ),
    **wishes_by_name(),
}


@pytest.fixture(scope="module")
def kept() -> Score:
    """Return a take that keeps every wish."""
    return fill(Request(frame(), all_cells(), wishes(), seed=1, instruments=PLAYERS, bars=4), untrained())[
        0
    ].score


def cell(part: int = 0) -> CellState:
    players = frame().parts
    return CellState(
        part=part, bar=0, length=72, role=players[part].role, is_drums=players[part].is_drums,
        instrument=find_instrument(PLAYERS[part]), key=KEY, metre=Metre(3, 4), chords=[(0, Chord.parse("Dm"))],
        strong=frozenset({0}), is_last_bar=False,
    )  # fmt: skip


def with_note(score: Score, part: int, *notes: Note) -> Score:
    """Return the score with notes added to a part."""
    parts = list(score.parts)
    parts[part] = parts[part].with_notes(Notes.of([*parts[part].notes, *notes]))
    return score.with_parts(parts)


def alone(score: Score, part: int, *notes: Note) -> Score:
    """Return the score with a part that plays these notes and no others."""
    parts = list(score.parts)
    parts[part] = parts[part].with_notes(Notes.of(notes))
    return score.with_parts(parts)


def in_five_notes(score: Score) -> Score:
    """Return the score with the violin on 6 1 2 3 5 of F, each as often as the others: D F G A C."""
    tune = Notes.of([Note(i * QUARTER, QUARTER, (62, 65, 67, 69, 72)[i % 5]) for i in range(10)])
    return score.with_parts([score.parts[0].with_notes(tune), *score.parts[1:]])


def resting_on(score: Score, pitch: int) -> Score:
    """Return the score with the violin on one note through its second bar, which stands on Gm."""
    return score.with_parts([score.parts[0].with_notes(Notes.of([Note(BAR, BAR, pitch)])), *score.parts[1:]])


def in_octaves(score: Score) -> Score:
    """Return the score with violin and cello going up together, two octaves apart."""
    rising = [Notes.of([Note(i * QUARTER, QUARTER, low + 2 * i) for i in range(3)]) for low in (69, 45)]
    parts = list(score.parts)
    parts[0], parts[2] = parts[0].with_notes(rising[0]), parts[2].with_notes(rising[1])
    return score.with_parts(parts)


def in_contrary_motion(score: Score) -> Score:
    """Return the score with violin and cello going apart."""
    lines = [
        Notes.of([Note(i * QUARTER, QUARTER, p + way * i) for i in range(3)])
        for p, way in ((69, 2), (45, -2))
    ]
    parts = list(score.parts)
    parts[0], parts[2] = parts[0].with_notes(lines[0]), parts[2].with_notes(lines[1])
    return score.with_parts(parts)


def on_its_third(score: Score, low: int = 46) -> Score:
    """Return the score with the piano on Bb and D where Gm begins in the second bar."""
    parts = list(score.parts)
    parts[1] = parts[1].with_notes(Notes.of([Note(BAR, BAR, low), Note(BAR, BAR, 62)]))
    return score.with_parts(parts)


def sung_on(score: Score, bars: int = 4) -> Score:
    """Return the score with the violin on one note through so many bars."""
    return score.with_parts(
        [score.parts[0].with_notes(Notes.of([Note(0, bars * BAR, 62)])), *score.parts[1:]]
    )


KEEPS: dict[str, Callable[[Score], Score]] = {
    "foundation": lambda score: on_its_third(score, low=43),
    "voice leading": in_contrary_motion,
    "no gaps": sung_on,
    "chords fit the tune": lambda score: alone(
        score, 0, Note(0, QUARTER, 65), Note(BAR, QUARTER, 67)
    ),  # F, G
    "ornaments": lambda score: alone(
        score, 0, Note(0, QUARTER, 69), Note(QUARTER, QUARTER, 71), Note(2 * QUARTER, QUARTER, 72)
    ),
    "as around": lambda score: alone(
        score, 0, Note(0, QUARTER, 30), Note(BAR, QUARTER, 38), Note(BAR + QUARTER, BAR, 50)
    ),
    "mood": lambda score: alone(score, 0, Note(0, QUARTER, 62), Note(BAR, QUARTER, 69)),
    "sung tones": lambda score: alone(score, 0, Note(0, QUARTER, 62), Note(BAR, QUARTER, 69)),
    "two hands": lambda score: alone(score, 3, Note(0, 420, 36), Note(0, 420, 38), Note(0, 420, 42)),
    "manner": lambda score: alone(
        score, 1, *(Note(b * QUARTER, QUARTER, p) for b, p in ((0, 43), (1, 57), (1, 62), (2, 57), (2, 62)))
    ),
    "degrees": in_five_notes,
    "cadences": lambda score: resting_on(score, 67),
    **{name: lambda score, made=made: made() for name, made in KEPT_WISHES.items()},  # type: ignore[misc]
}


def broken(name: str, score: Score) -> Score:
    """Return the score changed so that one wish no longer holds."""
    bar = BAR
    changes = {
        "tempo": lambda: replace(score, tempos=(Tempo(0, 97.0),)),
        "metre": lambda: replace(score, metres=(MetreMark(0, Metre(3, 4)), MetreMark(2 * bar, Metre(2, 4)))),
        "bars": lambda: replace(score, length_ticks=5 * bar),
        "seconds": lambda: replace(score, tempos=(Tempo(0, 90.0),)),
        "players": lambda: score.with_parts(score.parts[:3]),
        "key": lambda: with_note(score, 0, Note(bar, QUARTER, 66)),
        "range": lambda: with_note(score, 0, Note(bar, QUARTER, 40)),
        "chords": lambda: with_note(score, 1, Note(bar, QUARTER, 61)),
        "drum map": lambda: with_note(score, 3, Note(bar, QUARTER, 5)),
        "no empty bars": lambda: score.with_parts([score.parts[0].with_notes(Notes()), *score.parts[1:]]),
        "polyphony": lambda: with_note(score, 0, *(Note(bar, 3 * QUARTER, p) for p in (60, 64, 67))),
        "density": lambda: with_note(score, 0, *(Note(i * 420, 420, 62) for i in range(0, 280, 3))),
        "bar lines": lambda: with_note(score, 0, Note(3 * bar, 2 * bar, 62)),
        "close": lambda: with_note(score, 1, Note(3 * bar, QUARTER, 61)),
        "reach": lambda: with_note(score, 1, Note(bar, QUARTER, 40), Note(bar, QUARTER, 57)),
        "note values": lambda: with_note(score, 1, Note(bar + 420, QUARTER, 62)),
        "register": lambda: with_note(score, 0, Note(bar, QUARTER, 100)),
        "mood": lambda: alone(score, 0, Note(bar, QUARTER, 84)),
        "backbeat": lambda: score.with_parts([*score.parts[:3], score.parts[3].with_notes(Notes())]),
        "degrees": lambda: with_note(in_five_notes(score), 0, *(Note(i * 420, 420, 64) for i in range(30))),
        "original": lambda: score.with_parts([score.parts[0].with_notes(known_tune()), *score.parts[1:]]),
        "cadences": lambda: resting_on(score, 65),  # on the seventh of Gm
        "leaning tones": lambda: resting_on(score, 69),  # a leap to the ninth of Gm that nothing follows
        "voice leading": lambda: in_octaves(score),
        "no gaps": lambda: sung_on(score, bars=3),
        "foundation": lambda: on_its_third(score),
        "sung tones": lambda: alone(
            score, 0, Note(0, QUARTER, 69), Note(bar, QUARTER, 62)
        ),  # down where up is asked
        "last chord": lambda: replace(score, chords=score.chords[:3]),  # ends on A7
        "other chords": lambda: replace(score, chords=(ChordMark(0, Chord.parse("F")),)),
        "other rhythm": lambda: alone(score, 0, Note(0, 420, 69), Note(7 * 420, 420, 69)),
        "pace of chords": lambda: replace(
            score,
            chords=(
                *score.chords,
                ChordMark(QUARTER, Chord.parse("F")),
                ChordMark(2 * QUARTER, Chord.parse("C")),
            ),
        ),
        "chords fit the tune": lambda: alone(score, 0, Note(0, QUARTER, 64)),  # E over Dm
        "ornaments": lambda: alone(
            score, 0, Note(0, QUARTER, 69), Note(QUARTER, QUARTER, 84), Note(2 * QUARTER, QUARTER, 72)
        ),
        "as around": lambda: alone(score, 0, Note(BAR, QUARTER, 60), Note(BAR + QUARTER, BAR, 73)),
        "manner": lambda: alone(score, 1, Note(0, 420, 43), Note(QUARTER // 2, 420, 57)),  # off its beat
        "two hands": lambda: alone(score, 3, Note(0, 420, 38), Note(0, 420, 42), Note(0, 420, 51)),
        "locks": lambda: score,  # the lock below guards a bar that was written
        **BROKEN_WISHES,
    }
    return changes[name]()


def test_every_kind_of_wish_is_tried_here() -> None:
    assert set(BY_NAME) == set(CONSTRAINTS)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_wish_masks_onsets_values_and_durations_in_their_shapes(name: str) -> None:
    wish = BY_NAME[name]
    for part in range(4):
        for mask, size in (
            (wish.onset_mask(cell(part)), 193),
            (wish.value_mask(cell(part), 0), 128),
            (wish.duration_mask(cell(part), 0, 62), 193),
        ):
            assert mask is None or (mask.shape == (size,) and mask.dtype == np.bool_)
        for bias, size in ((wish.onset_bias(cell(part)), 193), (wish.value_bias(cell(part), 0), 128)):
            assert bias is None or (bias.shape == (size,) and np.isfinite(bias).all())


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_kept_wish_is_found_kept_with_a_measure_and_words(name: str, kept: Score) -> None:
    verdict = BY_NAME[name].check(KEEPS[name](kept) if name in KEEPS else kept)
    assert verdict.kept and verdict.where == "" and verdict.measured
    _check_words(verdict)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_broken_wish_is_found_broken_and_says_where(name: str, kept: Score) -> None:
    wish = BY_NAME[name]
    if name == "locks":
        wish = replace(wish, before=frame(), write=frozenset(all_cells() - {min(all_cells())}))  # type: ignore[type-var]
    verdict = wish.check(broken(name, kept))
    assert not verdict.kept and verdict.where
    _check_words(verdict)


def _check_words(verdict: Verdict) -> None:
    assert verdict.text_en.endswith(".") and verdict.text_zh.endswith("。")
    assert any("一" <= ch <= "鿿" for ch in verdict.text_zh)


def test_a_bass_that_opens_a_chord_on_another_tone_breaks_the_chord_wish(kept: Score) -> None:
    silent = kept.with_parts(p.with_notes(Notes()) for p in kept.parts)
    root, fifth = (with_note(silent, 2, Note(0, QUARTER, pitch)) for pitch in (38, 45))  # D and A under Dm
    assert BY_NAME["chords"].check(root).kept
    assert not BY_NAME["chords"].check(fifth).kept
