"""Chords are spelled as a musician of the key would write them."""

from __future__ import annotations

import pytest

from zhiyin.io.spelling import chord_name, spell_chord
from zhiyin.theory.chord import QUALITY_NAMES, Chord
from zhiyin.theory.key import Key
from zhiyin.theory.pitch import fifths_name


@pytest.mark.parametrize(
    ("key", "sounding", "written"),
    [
        ("F#m", "D#maj7", "Ebmaj7"), ("F#m", "C#7/F", "C#7/E#"), ("F#m", "Fdim", "E#dim"),
        ("C", "C#", "Db"), ("C", "C#m", "C#m"), ("C", "D#", "Eb"), ("C", "G#", "Ab"), ("C", "G#dim", "G#dim"),
        ("C", "Gb", "F#"), ("C", "A#7", "Bb7"), ("Gm", "Gbdim7", "F#dim7"), ("C#m", "Cdim7", "B#dim7"),
        ("Db", "F#", "Gb"), ("B", "Bb7", "A#7"), ("Am", "Em/Ab", "Em/G#"),
    ],
)  # fmt: skip
def test_a_chord_is_spelled_for_its_key(key: str, sounding: str, written: str) -> None:
    assert chord_name(Chord.parse(sounding), Key.parse(key).fifths) == written


def test_no_chord_in_any_signature_needs_double_accidentals_or_changes_its_sound() -> None:
    for fifths in range(-7, 8):
        for chord in (Chord(root, quality) for root in range(12) for quality in QUALITY_NAMES):
            root, bass, tones = spell_chord(chord, fifths)
            assert root == bass and root * 7 % 12 == chord.root and len(fifths_name(root)) <= 2
            assert {place * 7 % 12: place for place in tones.values()} == tones
            assert set(tones) == set(chord.pitch_classes)
