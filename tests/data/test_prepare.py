"""A prepared piece lies on the grid, has roles, keys, chords and form; a broken one is dropped with the reason."""

from __future__ import annotations

import time

import numpy as np
import pytest

from zhiyin.data import Piece, Source
from zhiyin.data.prepare import (
    DRUM_HIT_TICKS,
    Dropped,
    cut_overlaps,
    prepare,
    share_off_grid,
    time_limit,
    with_hands,
    with_melody,
    with_voices,
)
from zhiyin.score import ChordMark, KeyMark, MetreMark, Notes, Part, Score
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q
from zhiyin.units import TICKS_PER_STEP as STEP

SOURCE = Source(id="p", work="w", path="p.mid")
SCALE = [(i * Q, Q, p) for i, p in enumerate((60, 62, 64, 65, 67, 69, 71, 72) * 2)]


def piece(*parts: Part, **fields: object) -> Piece:
    return Piece(SOURCE, Score(parts=parts, **fields))  # type: ignore[arg-type]


def test_a_prepared_piece_is_on_the_grid_and_annotated() -> None:
    shaken = [
        (max(onset + (7 if i % 2 else -5), 0), length, pitch)
        for i, (onset, length, pitch) in enumerate(SCALE)
    ]
    ready = prepare(piece(Part("Voice", Notes.of(shaken)), Part("nothing")))
    score = ready.score
    assert [p.name for p in score.parts] == ["Voice"]
    assert score.parts[0].notes.onset.tolist() == [onset for onset, _, _ in SCALE]
    assert score.parts[0].role == "melody"
    assert score.keys[0].key == Key.parse("C major")
    assert score.chords
    assert score.sections
    assert ready.report.moved == 15  # the first could not come early
    assert ready.report.max_move_ticks == 7


def test_given_chords_and_keys_are_kept_where_the_source_says_so() -> None:
    marks = {"chords": (ChordMark(0, Chord(9, "m")),), "keys": (KeyMark(0, Key.parse("Am")),)}
    given = Source(id="p", work="w", path="p", has_given_chords=True, has_given_keys=True)
    score = prepare(Piece(given, Score(parts=(Part("Voice", Notes.of(SCALE)),), **marks))).score
    assert score.chords == marks["chords"]
    assert score.keys == marks["keys"]


@pytest.mark.parametrize(
    ("broken", "kind", "reason"),
    [
        (piece(), "empty", "no notes and no chords"),
        (piece(Part("a", Notes.of(SCALE[:5]))), "too short", "a piece must have 8 notes, got 5"),
        (
            piece(Part("a", Notes.of([(o + 210, d, p) for o, d, p in SCALE]))),
            "off the grid",
            "100% of the notes lie off the grid",
        ),
        (
            piece(Part("a", Notes.of(SCALE)), metres=(MetreMark(0, Metre(7, 64)),)),
            "metre",
            "a bar must be whole steps of 1/24 quarter, got 7/64",
        ),
        (
            piece(Part("a", Notes.of(SCALE)), metres=(MetreMark(0, Metre(12, 1)),)),
            "no bars",
            "a bar must have at most 768 steps, got 1152",
        ),
    ],
)
def test_a_broken_piece_is_dropped_with_the_reason(broken: Piece, kind: str, reason: str) -> None:
    with pytest.raises(Dropped, match=reason) as caught:
        prepare(broken)
    assert caught.value.kind == kind


def test_drum_hits_have_one_length() -> None:
    hits = Notes.of([(i * Q, Q, 36) for i in range(8)])
    score = prepare(piece(Part("Drums", hits, is_drums=True))).score
    assert set(score.parts[0].notes.duration.tolist()) == {DRUM_HIT_TICKS}
    assert score.parts[0].role == "drums"


def test_a_note_ends_where_the_next_on_its_pitch_begins() -> None:
    notes = Notes.of([(0, 4 * Q, 60), (Q, Q, 64), (2 * Q, Q, 60)])
    assert cut_overlaps(notes).duration.tolist() == [2 * Q, Q, Q]


def test_the_share_off_the_grid_counts_onsets_a_quarter_step_away() -> None:
    notes = Notes.of([(0, Q, 60), (STEP // 4, Q, 61), (STEP // 4 + 1, Q, 62), (STEP // 2, Q, 63)])
    assert share_off_grid(Score(parts=(Part("a", notes),))) == 0.5


def test_the_higher_of_two_thick_parts_leads() -> None:
    def thick(base: int, role: str) -> Part:
        return Part("Piano", Notes.of([(i * Q, Q, base + p) for i in range(4) for p in (0, 4, 7)]), role=role)

    score = with_melody(Score(parts=(thick(48, "accompaniment"), thick(72, "accompaniment"))))
    assert [p.role for p in score.parts] == ["accompaniment", "melody"]
    alone = Score(parts=(thick(72, "accompaniment"),))
    assert with_melody(alone) == alone


def test_staves_of_a_keyboard_are_named_as_hands() -> None:
    notes = Notes.of(SCALE)
    score = with_hands(Score(parts=(Part("", notes), Part("", notes), Part("", notes, program=40))))
    assert [p.name for p in score.parts] == ["Piano, right hand", "Piano, left hand", "Part 3"]
    three = Score(parts=(Part("Voice", notes), Part("Voice", notes), Part("Voice", notes)))
    assert with_hands(three) == three


def test_a_part_with_words_is_sung() -> None:
    sung = Notes.of(SCALE).with_columns(syllable=np.array(["la"] * len(SCALE)))
    score = with_voices(
        Score(parts=(Part("Singstimme", sung, program=68), Part("Oboe", Notes.of(SCALE), program=68)))
    )
    assert [p.program for p in score.parts] == [52, 68]


def test_a_reader_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(Dropped, match=r"took longer than 0.05 s"), time_limit(0.05):
        time.sleep(5)
    with time_limit(5):
        assert np.arange(3).sum() == 3
