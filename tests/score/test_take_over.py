"""Laws of taking over a take: what is accepted comes, everything else stays as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zhiyin.errors import InvalidInput
from zhiyin.score import ChordMark, Notes, Origin, Part, Score
from zhiyin.score.take_over import take_over
from zhiyin.theory.chord import Chord

BAR = 4 * 10_080


def score(pitch: int, *, step: int = 10_080, parts: int = 2, chord: str = "C") -> Score:
    rows = [(b * BAR + i * step, step, pitch + i) for b in range(4) for i in range(4)]
    notes = Notes.of(rows).with_columns(origin=[0] * 16)
    return Score(
        parts=tuple(Part(f"P{i}", notes) for i in range(parts)),
        chords=tuple(ChordMark(b * BAR, Chord.parse(chord)) for b in range(4)),
        provenance=(Origin("model" if pitch == 70 else "person", str(pitch)),),
    )


BEFORE, TAKE = score(60), score(70, chord="Am")


def test_bars_of_one_part_come_over_with_their_origins() -> None:
    merged = take_over(BEFORE, TAKE, parts=[1], bars=[1, 2])
    assert merged.parts[0].notes == BEFORE.parts[0].notes
    assert merged.parts[1].notes.pitch.tolist() == [60, 61, 62, 63] + [70, 71, 72, 73] * 2 + [60, 61, 62, 63]
    assert [merged.provenance[o].name for o in merged.parts[1].notes.origin.tolist()] == (  # type: ignore[union-attr]
        ["60"] * 4 + ["70"] * 8 + ["60"] * 4
    )


def test_all_of_a_take_is_the_take() -> None:
    merged = take_over(BEFORE, TAKE, parts=[0, 1], bars=range(4))
    assert [p.notes.pitch.tolist() for p in merged.parts] == [p.notes.pitch.tolist() for p in TAKE.parts]
    assert {m.chord for m in merged.chords} == {Chord.parse("Am")}


def test_none_of_it_is_the_score() -> None:
    merged = take_over(BEFORE, TAKE, parts=[], bars=[], aspect="all")
    assert merged.parts == BEFORE.parts


def test_pitches_alone_keep_the_rhythm() -> None:
    merged = take_over(BEFORE, score(70, step=5_040), parts=[0], bars=[0], aspect="pitch")
    first = list(merged.parts[0].notes)[:4]
    assert [(n.onset, n.pitch) for n in first] == [(0, 70), (10_080, 71), (20_160, 72), (30_240, 73)]


def test_rhythm_alone_keeps_the_pitches() -> None:
    merged = take_over(BEFORE, score(70, step=5_040), parts=[0], bars=[0], aspect="rhythm")
    first = list(merged.parts[0].notes)[:4]
    assert [(n.onset, n.pitch) for n in first] == [(0, 60), (5_040, 61), (10_080, 62), (15_120, 63)]


def test_harmony_alone_changes_no_note() -> None:
    merged = take_over(BEFORE, TAKE, parts=[0, 1], bars=[2], aspect="harmony")
    assert merged.parts == BEFORE.parts
    assert [(m.tick // BAR, m.chord.name()) for m in merged.chords if m.chord] == [
        (0, "C"),
        (2, "Am"),
        (3, "C"),
    ]


def test_a_part_that_only_the_take_has_is_added() -> None:
    merged = take_over(BEFORE, score(70, parts=3), parts=[2], bars=[0])
    assert [p.name for p in merged.parts] == ["P0", "P1", "P2"] and len(merged.parts[2].notes) == 4


@pytest.mark.parametrize(
    ("take", "aspect", "message"),
    [
        (
            replace(TAKE, parts=(replace(TAKE.parts[0], name="Other"), TAKE.parts[1])),
            "all",
            "part 1 must be the same",
        ),
        (
            score(70).with_parts([Part("P0", Notes.of([(0, 9, 70)])), TAKE.parts[1]]),
            "pitch",
            "got 4 and 1 in bar 1",
        ),
        (TAKE, "colour", "aspect must be one of all, rhythm, pitch, harmony, got 'colour'"),
    ],
)
def test_what_does_not_fit_is_refused(take: Score, aspect: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        take_over(BEFORE, take, parts=[0], bars=[0], aspect=aspect)
