"""Laws of chords in words: one reader for symbols, Roman and Nashville numbers, and Chinese names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from music21 import key as m21key
from music21 import roman as m21roman

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import Chord
from zhiyin.theory.chord_words import read_chord, read_chords
from zhiyin.theory.key import Key

C, AM, E_FLAT = Key.parse("C"), Key.parse("Am"), Key.parse("Eb")


# Worked out by hand in the key.
@pytest.mark.parametrize(
    ("word", "key", "chord"),
    [("V7/V", C, "D7"), ("bVII", C, "Bb"), ("ii6", C, "Dm/F"), ("viio7", AM, "G#dim7"), ("vii°7", AM, "G#dim7"),
     ("♭VI", C, "Ab"), ("1", C, "C"), ("6-", C, "Am"), ("2m7", E_FLAT, "Fm7"), ("b7", C, "Bb"), ("1/3", C, "C/E"),
     ("5/7", E_FLAT, "Bb/D"), ("4maj7", C, "Fmaj7"), ("5", E_FLAT, "Bb"), ("7o", C, "Bdim"),
     ("C大三", C, "C"), ("A小七", C, "Am7"), ("属七", C, "G7"), ("主和弦", C, "C"), ("下属和弦", C, "F"),
     ("下属和弦", AM, "Dm"),
     ("五级七和弦", C, "G7"), ("五级七和弦", AM, "E7"), ("二级七和弦", C, "Dm7"), ("导七", C, "Bm7b5"),
     ("导七和弦", AM, "G#dim7"),
     ("六级", C, "Am"), ("属七第一转位", C, "G7/B"), ("升F半减七", C, "F#m7b5"), ("降B大三和弦", C, "Bb"),
     ("D小三/F", C, "Dm/F"),
     ("无和弦", C, "N.C."), ("N.C.", C, "N.C."), ("Am7/G", C, "Am7/G")],
)  # fmt: skip
def test_a_word_stands_for_its_chord(word: str, key: Key, chord: str) -> None:
    assert read_chord(word, key).chord == (None if chord == "N.C." else Chord.parse(chord))


@pytest.mark.parametrize(
    "numeral",
    ["I", "ii", "iii6", "IV", "V7", "vi", "viio6", "V65", "ii7", "I64", "V43", "bVII", "V7/V", "V7/ii"],
)
@pytest.mark.parametrize("tonic", ["C", "Eb", "A"])
def test_roman_numbers_have_the_tones_that_music21_gives_them(numeral: str, tonic: str) -> None:
    theirs = m21roman.RomanNumeral(numeral, m21key.Key(tonic.replace("b", "-")))
    ours = read_chord(numeral, Key.parse(tonic))
    assert set(ours.pitch_classes) == {pitch.pitchClass for pitch in theirs.pitches}
    assert ours.chord is not None and ours.chord.bass == theirs.bass().pitchClass


def test_a_bar_line_parts_bars_and_spaces_part_chords() -> None:
    bars = read_chords("| Am7 D7b9 | C7(b9,b13) | % | ii V | 6- |", C)
    assert [[wish.text for wish in bar] for bar in bars] == [
        ["Am7", "D7b9"], ["C7(b9,b13)"], ["C7(b9,b13)"], ["ii", "V"], ["6-"],
    ]  # fmt: skip


def test_without_bar_lines_each_chord_is_a_bar() -> None:
    assert [len(bar) for bar in read_chords("1 4 5 6-", C)] == [1, 1, 1, 1]


@given(st.integers(1, 11), st.sampled_from(["ii7", "b7", "属七", "1/3", "V7/V", "六级"]))
def test_a_number_moves_with_its_key(steps: int, word: str) -> None:
    here, there = read_chord(word, C), read_chord(word, C.transpose(steps))
    assert here.chord is not None and there.chord == here.chord.transpose(steps)
    assert {(p + steps) % 12 for p in here.pitch_classes} == set(there.pitch_classes)


@pytest.mark.parametrize(
    ("text", "said"),
    [("X9", "got 'X9'"), ("8", "a chord must be"), ("C大四", "A小七"), ("", "at least one chord"), ("% | C",
     "nothing stands before"),
     ("主和弦第三转位", "two inversions"), ("1q", "Nashville")],
)  # fmt: skip
def test_what_is_no_chord_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_chords(text, C)


def test_a_number_without_a_key_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'ii7' counts from a key"):
        read_chords("ii7", None)
