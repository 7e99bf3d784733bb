"""Laws of accompanying by rule: the tune stays, the band follows its chords."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zhiyin.errors import InvalidInput
from zhiyin.fill.rules_accompany import accompany
from zhiyin.score import ChordMark, KeyMark, MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

Q = 10_080
BAR = 4 * Q


def tune(*, bars: int = 8, pickup: int = 0) -> Score:
    pitches = (60, 62, 64, 67, 69, 67, 64, 62) * bars
    notes = Notes.of([(i * Q, Q, p, 77) for i, p in enumerate(pitches[: bars * 4])])
    symbols = ("C", "Am", "F", "G7")
    chords = tuple(ChordMark(b * BAR, Chord.parse(symbols[b % 4])) for b in range(bars))
    return Score(
        title="Tune", parts=(Part("Voice", notes, role="melody", program=53),), tempos=(Tempo(0, 98.0),),
        metres=(MetreMark(0, Metre(4, 4)),), keys=(KeyMark(0, Key.parse("C")),), chords=chords, pickup_ticks=pickup,
    )  # fmt: skip


@pytest.mark.parametrize("style", ["pop", "funk", "bossa-nova", "house", "trap", "cinematic"])
def test_the_tune_stays_note_for_note_and_the_band_follows_its_chords(style: str) -> None:
    given = tune()
    take = accompany(given, style, seed=3)
    assert take.report.is_kept
    assert take.score.parts[0] == given.parts[0] and take.score.chords == given.chords
    assert len(take.score.parts) >= 4 and all(len(part.notes) for part in take.score.parts)
    assert [p.role for p in take.score.parts].count("melody") == 1
    roots = {mark.tick: mark.chord.root for mark in given.chords if mark.chord is not None}
    for part in (p for p in take.score.parts if p.role == "bass"):
        assert all(n.pitch % 12 == roots[n.onset] for n in part.notes if n.onset in roots)


def test_the_band_can_be_named() -> None:
    take = accompany(tune(), "soul", seed=1, players=("piano", "double-bass"))
    assert [part.program for part in take.score.parts] == [53, 0, 43]


def test_only_the_new_notes_carry_the_books_origin() -> None:
    score = accompany(tune(), "pop", seed=1).score
    assert score.parts[0].notes.origin is None
    assert all(p.notes.origin is not None for p in score.parts[1:])
    assert score.provenance[-1].name == "stylebook"


def test_chords_are_found_where_none_are_written() -> None:
    low = Notes.of([(b * BAR, BAR, p) for b in range(8) for p in ((48, 52, 55), (45, 48, 52))[b % 2]])
    bare = replace(tune(), chords=(), parts=(*tune().parts, Part("Organ", low, role="chords", program=19)))
    take = accompany(bare, "rock", seed=2)
    assert take.score.chords and take.score.parts[1].notes == low


def test_a_pick_up_is_refused_with_the_way_out() -> None:
    with pytest.raises(
        InvalidInput, match=r"must have one metre and no pick-up, got 1 metres and 10080 ticks"
    ):
        accompany(tune(pickup=Q), "pop", seed=1)


def test_silence_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"must have chords or let them be heard, got \d+ marks and none"):
        accompany(replace(tune(), parts=(), chords=(), length_ticks=4 * BAR), "pop", seed=1)
