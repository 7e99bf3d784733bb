"""Laws of scales in words: modes, Chinese modes by tonic or gong, own scales."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from music21 import scale as m21scale

from zhiyin.errors import InvalidInput
from zhiyin.theory.scale import SCALES, Scale
from zhiyin.theory.scale_words import read_scale


@pytest.mark.parametrize(
    ("text", "theirs"),
    [("D dorian", m21scale.DorianScale("D")), ("E phrygian", m21scale.PhrygianScale("E")),
     ("F lydian", m21scale.LydianScale("F")), ("G mixolydian", m21scale.MixolydianScale("G")),
     ("B locrian", m21scale.LocrianScale("B")), ("Eb major", m21scale.MajorScale("E-")),
     ("F#m", m21scale.MinorScale("F#")), ("A harmonic minor", m21scale.HarmonicMinorScale("A")),
     ("C whole-tone", m21scale.WholeToneScale("C")), ("D octatonic", m21scale.OctatonicScale("D", 2))],
)  # fmt: skip
def test_scales_have_the_tones_that_music21_gives_them(text: str, theirs: m21scale.ConcreteScale) -> None:
    assert read_scale(text).pitch_classes == {pitch.pitchClass for pitch in theirs.getPitches()}


# By hand: gong pentatonic on C is C D E G A; each mode begins on another of its notes.
@pytest.mark.parametrize(
    ("text", "tonic", "tones"),
    [("D宫", 2, {2, 4, 6, 9, 11}), ("A羽", 9, {0, 2, 4, 7, 9}), ("A羽调式", 9, {0, 2, 4, 7, 9}),
     ("G徵", 7, {0, 2, 4, 7, 9}),
     ("D商", 2, {0, 2, 4, 7, 9}), ("E角", 4, {0, 2, 4, 7, 9}), ("C宫系统羽调", 9, {0, 2, 4, 7, 9}),
     ("C宫徵调式", 7, {0, 2, 4, 7, 9}),
     ("降E大调", 3, {3, 5, 7, 8, 10, 0, 2}), ("D多利亚", 2, {2, 4, 5, 7, 9, 11, 0}),
     ("升F小调", 6, {6, 8, 9, 11, 1, 2, 4}),
     ("C D E G A", 0, {0, 2, 4, 7, 9}), ("G-A-B-D-E", 7, {7, 9, 11, 2, 4}), ("2-2-3-2-3", 0, {0, 2, 4, 7, 9}),
     ("D 2-2-3-2-3", 2, {2, 4, 6, 9, 11}), ("A blues", 9, {9, 0, 2, 3, 4, 7}), ("C 全音阶", 0, {0, 2, 4, 6, 8, 10}),
     ("A melodic minor", 9, {9, 11, 0, 2, 4, 6, 8}), ("A 旋律小调", 9, {9, 11, 0, 2, 4, 6, 8}),
     ("C 雅乐", 0, {0, 2, 4, 6, 7, 9, 11})],
)  # fmt: skip
def test_words_stand_for_their_scale(text: str, tonic: int, tones: set[int]) -> None:
    assert (read_scale(text).tonic, read_scale(text).pitch_classes) == (tonic, tones)


@given(st.integers(0, 11), st.sampled_from(sorted(SCALES)))
def test_intervals_of_a_scale_read_back_as_the_scale(tonic: int, mode: str) -> None:
    steps = (*SCALES[mode], 12)
    names = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
    text = names[tonic] + " " + "-".join(str(b - a) for a, b in itertools.pairwise(steps))
    assert read_scale(text).pitch_classes == Scale(tonic, SCALES[mode], mode).pitch_classes


@pytest.mark.parametrize(
    ("text", "said"),
    [("D dorain", "'D dorain'"), ("C 2-2-3", "make 12 together"), ("", "a note and a mode"), ("H宫", "H宫")],
)
def test_what_is_no_scale_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_scale(text)


@pytest.mark.parametrize("steps", [(), (1, 2), (0, 4, 2), (0, 12)])
def test_a_scale_rises_from_its_tonic_within_an_octave(steps: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput, match="rising steps from 0"):
        Scale(0, steps, "x")
