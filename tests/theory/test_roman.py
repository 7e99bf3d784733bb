"""Laws of Roman numerals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import QUALITY_NAMES, Chord
from zhiyin.theory.key import Key
from zhiyin.theory.roman import chord_to_roman, roman_to_chord

chords = st.builds(
    Chord, root=st.integers(0, 11), quality=st.sampled_from(QUALITY_NAMES), bass=st.integers(0, 11)
)
keys = st.builds(
    Key.from_pitch_class,
    st.integers(0, 11),
    st.sampled_from(["major", "minor", "dorian", "mixolydian", "gong", "yu"]),
)


@given(chords, keys)
def test_a_chord_written_as_a_numeral_reads_back_as_itself(chord: Chord, key: Key) -> None:
    assert roman_to_chord(chord_to_roman(chord, key), key) == chord


@given(chords, keys, st.integers(1, 11))
def test_a_numeral_stays_the_same_when_chord_and_key_move_together(chord: Chord, key: Key, step: int) -> None:
    assert chord_to_roman(chord.transpose(step), key.transpose(step)) == chord_to_roman(chord, key)


# Worked out by hand from any harmony textbook (e.g. Aldwell & Schachter, "Harmony and Voice Leading").
@pytest.mark.parametrize(
    ("symbol", "key", "numeral"),
    [("C", "C", "I"), ("Dm", "C", "ii"), ("G7", "C", "V7"), ("G7/B", "C", "V65"), ("G7/D", "C", "V43"),
     ("G7/F", "C", "V42"), ("C/G", "C", "I64"), ("F/A", "C", "IV6"), ("Bb", "C", "bVII"), ("D7", "C", "V7/V"),
     ("A7", "C", "V7/ii"), ("Bdim", "C", "viio"), ("Am", "Am", "i"), ("E7", "Am", "V7"), ("G#dim7", "Am", "viio7"),
     ("G", "Am", "VII"), ("Bm7b5", "Am", "iiø7"), ("F", "Am", "VI"), ("Cmaj7", "C", "Imaj7"), ("A", "D", "V"),
     ("C6", "C", "Iadd6"), ("Bb", "Cm", "VII"), ("Db", "C", "bII")],
)  # fmt: skip
def test_textbook_chords_have_their_textbook_numerals(symbol: str, key: str, numeral: str) -> None:
    assert chord_to_roman(Chord.parse(symbol), Key.parse(key)) == numeral
    assert roman_to_chord(numeral, Key.parse(key)) == Chord.parse(symbol)


@pytest.mark.parametrize(
    ("numeral", "key", "symbol"),
    [("V65/V", "C", "D7/F#"), ("Cad64", "C", "C/G"), ("Ger65", "Am", "F7"), ("V2", "C", "G7/F"),
     ("viio7/V", "C", "F#dim7")],
)  # fmt: skip
def test_numerals_that_are_read_but_written_otherwise(numeral: str, key: str, symbol: str) -> None:
    assert roman_to_chord(numeral, Key.parse(key)) == Chord.parse(symbol)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("H", "must look like ii65.*got 'H'"),
        ("V77", "figures must be.*got '77'"),
        ("V/x", "after '/'.*'V/x'"),
    ],
)
def test_a_text_that_is_no_numeral_is_refused_by_name(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        roman_to_chord(text, Key.parse("C"))
