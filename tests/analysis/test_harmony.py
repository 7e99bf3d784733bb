"""Chords are found where they were written.

Conventions: progressions are symbols, one a bar.
Does not know: real corpora.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.analysis.pieces import QUARTER, alberti, block, line, waltz
from zhiyin.analysis.harmony import chord_tone_share, find_chords
from zhiyin.analysis.key import find_keys
from zhiyin.score import ChordMark, Part, Score, transpose
from zhiyin.theory.chord import Chord

CADENCES = (
    "C F G7 C", "D G A7 D", "Eb Ab Bb7 Eb", "F# B C#7 F#", "Am Dm E7 Am", "Gm Cm D7 Gm", "C Am Dm G7 C", "F Dm Gm C7 F",
)  # fmt: skip


def symbols(marks: tuple[ChordMark, ...]) -> list[Chord | None]:
    """Return the chords without their places."""
    return [mark.chord for mark in marks]


@pytest.mark.parametrize("texture", [block, alberti, waltz])
@pytest.mark.parametrize("cadence", CADENCES)
def test_a_cadence_is_heard_in_every_key_and_texture(cadence: str, texture: Callable[[str], Score]) -> None:
    score = texture(cadence)
    wanted = [Chord.parse(symbol) for symbol in cadence.split()]
    assert symbols(find_chords(score, find_keys(score))) == wanted


def test_chords_change_on_the_bar_lines() -> None:
    score = block("C F G7 C")
    assert [mark.tick for mark in find_chords(score)] == [0, 4 * QUARTER, 8 * QUARTER, 12 * QUARTER]


@pytest.mark.parametrize(
    "symbol", ["C", "Cm", "C7", "Cm7", "Cmaj7", "Cdim7", "Cm7b5", "Caug", "Csus4", "Cdim"]
)
def test_every_quality_is_heard_alone(symbol: str) -> None:
    assert symbols(find_chords(block(f"{symbol} {symbol}"))) == [Chord.parse(symbol)]


@pytest.mark.parametrize("symbol", ["C/E", "C/G", "G7/B", "Am/C", "Dm/A"])
def test_a_chord_tone_in_the_bass_makes_an_inversion(symbol: str) -> None:
    assert symbols(find_chords(block(f"{symbol} {symbol}"))) == [Chord.parse(symbol)]


@pytest.mark.parametrize("semitones", [1, 5, -4])
def test_transposing_the_piece_transposes_its_chords(semitones: int) -> None:
    score = alberti("C Am F G7 C")
    moved = transpose(score, semitones)
    wanted = [c and c.transpose(semitones) for c in symbols(find_chords(score, find_keys(score)))]
    assert symbols(find_chords(moved, find_keys(moved))) == wanted


def test_a_bare_melody_implies_its_chords_bar_by_bar() -> None:
    tune = line("C4 E4 G4 E4 F4 A4 C5 A4 G4 B4 D5 F5 E5 G4 E4 C4")
    score = Score(parts=(Part("flute", tune),))
    found = find_chords(score, find_keys(score))
    assert [chord and chord.name() for chord in symbols(found)] == ["C", "F", "G7", "C"]
    assert [mark.tick // (4 * QUARTER) for mark in found] == [0, 1, 2, 3]


def test_silence_is_no_chord() -> None:
    assert find_chords(Score()) == (ChordMark(0, None),)
    gap = line("C4:4 -:12 C4:4")
    assert None in symbols(find_chords(Score(parts=(Part("flute", gap),))))


def test_drums_do_not_change_the_chords() -> None:
    score = block("C F G7 C")
    kit = Part("Drums", line("C2 F#2 D2 F#2 " * 4), is_drums=True)
    assert find_chords(score.with_parts([*score.parts, kit])) == find_chords(score)


def test_chord_tone_share_counts_strong_beats_only() -> None:
    # Strong beats of 4/4 are 1 and 3: C and F# stand there; D and A on the weak beats do not count.
    score = Score(parts=(Part("flute", line("C4 D4 F#4 A4")),), chords=(ChordMark(0, Chord.parse("C")),))
    assert chord_tone_share(score) == 0.5


def test_chord_tone_share_of_block_chords_is_one() -> None:
    score = block("C F G7 C")
    assert chord_tone_share(replace(score, chords=find_chords(score))) == 1.0


def test_chord_tone_share_without_chords_is_nan() -> None:
    assert math.isnan(chord_tone_share(block("C F")))
