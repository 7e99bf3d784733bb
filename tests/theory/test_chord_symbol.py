"""Laws of chord symbols: every tone written is kept, and the nearest chord of the table stands beside it."""

from __future__ import annotations

import pytest
from music21 import harmony

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.chord_symbol import nearest_quality, read_symbol


@pytest.mark.parametrize("quality", QUALITIES)
def test_every_quality_of_the_table_reads_as_itself(quality: str) -> None:
    wish = read_symbol("D" + quality)
    assert wish.chord == Chord(2, quality) and wish.is_exact


# Tones by hand from the symbol, as spelled in any book of jazz harmony; pitch classes with C = 0.
@pytest.mark.parametrize(
    ("symbol", "tones", "bass"),
    [("Cmaj7/G", {0, 4, 7, 11}, 7), ("F#m7b5", {6, 9, 0, 4}, 6), ("F♯m7♭5", {6, 9, 0, 4}, 6),
     ("C69", {0, 4, 7, 9, 2}, 0),
     ("C6/9", {0, 4, 7, 9, 2}, 0), ("Bbsus2", {10, 0, 5}, 10), ("E7#9", {4, 8, 11, 2, 7}, 4), ("C/E", {0, 4, 7}, 4),
     ("Cø", {0, 3, 6, 10}, 0), ("B♭ø7", {10, 1, 4, 8}, 10), ("C7b5", {0, 4, 6, 10}, 0),
     ("G7alt", {7, 11, 5, 8, 10, 1, 3}, 7),
     ("Dm11", {2, 5, 9, 0, 4, 7}, 2), ("C7(b9,b13)", {0, 4, 7, 10, 1, 8}, 0), ("Cmaj7#11", {0, 4, 7, 11, 6}, 0),
     ("C(no3)", {0, 7}, 0), ("Am(maj7)", {9, 0, 4, 8}, 9), ("A-^7", {9, 0, 4, 8}, 9), ("CΔ", {0, 4, 7, 11}, 0),
     ("C-7", {0, 3, 7, 10}, 0), ("C+7", {0, 4, 8, 10}, 0), ("C7#5", {0, 4, 8, 10}, 0), ("Co7", {0, 3, 6, 9}, 0),
     ("F9sus4", {5, 10, 0, 3, 7}, 5), ("Cmaj13", {0, 4, 7, 11, 2, 9}, 0), ("C/D", {0, 4, 7}, 2), ("C#5", {1, 8}, 1)],
)  # fmt: skip
def test_a_symbol_keeps_every_tone(symbol: str, tones: set[int], bass: int) -> None:
    wish = read_symbol(symbol)
    assert set(wish.pitch_classes) == tones
    assert wish.chord is not None and wish.chord.bass == bass


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("Cmaj7/G", "Cmaj7/G"), ("F#m7b5", "F#m7b5"), ("Bbm", "B-m"), ("E7b9", "E7b9"), ("Dm7", "Dm7"), ("Gdim7",
     "Gdim7"),
     ("Caug", "Caug"), ("Ebmaj9", "E-M9"), ("Am9", "Am9"), ("C6", "C6"), ("Csus4", "Csus4"), ("Dm11", "Dm11"),
     ("E7#9", "E7#9"), ("C7b5", "C7b5"), ("Bbmaj7#11", "B-maj7#11"), ("CmM7", "CmM7"), ("Fm6", "Fm6"), ("A7", "A7")],
)  # fmt: skip
def test_symbols_have_the_tones_that_music21_gives_them(ours: str, theirs: str) -> None:
    chord = harmony.ChordSymbol(theirs)
    wish = read_symbol(ours)
    assert wish.sounding == {pitch.pitchClass for pitch in chord.pitches}
    assert wish.chord is not None
    assert (wish.chord.root, wish.chord.bass) == (chord.root().pitchClass, chord.bass().pitchClass)


def test_no_chord_is_read_as_none() -> None:
    assert read_symbol("N.C.").chord is None and read_symbol("N.C.").sounding == frozenset()


def test_a_loss_is_told_and_not_silent() -> None:
    assert (
        not read_symbol("C7b5").is_exact
        and not read_symbol("C69").is_exact
        and not read_symbol("E7#9").is_exact
    )
    assert read_symbol("Cmaj7/G").is_exact


def test_the_nearest_quality_keeps_third_and_seventh() -> None:
    assert [nearest_quality(steps) for steps in ((0, 4, 7, 10, 3), (0, 4, 6, 10), (0, 3, 7, 10, 2, 5),
     (0, 4, 7, 9, 2))] == [
        "7", "7", "m9", "6",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["H7", "", "Cxyz", "c", "C7/", "C77sus5q", "Cm-dim"])
def test_what_is_no_chord_is_refused_with_the_value(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"a chord must be a root A-G.*write e\.g\. 'Am7'"):
        read_symbol(text)
