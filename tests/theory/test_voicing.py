"""Laws of voice leading."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import Chord
from zhiyin.theory.voicing import find_parallels, voice_chords

DIATONIC = ["C", "Dm", "Em", "F", "G", "G7", "Am", "Dm7", "Fmaj7", "Am7", "C/E", "G/B", "Bdim"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(DIATONIC), min_size=1, max_size=12))
def test_voicings_spell_the_chords_in_range_without_parallels(symbols: list[str]) -> None:
    chords = [Chord.parse(symbol) for symbol in symbols]
    voicings = voice_chords(chords, low=40, high=79)
    assert find_parallels(voicings) == ()
    for chord, voicing in zip(chords, voicings, strict=True):
        assert voicing[0] % 12 == chord.bass and list(voicing) == sorted(voicing)
        assert {pitch % 12 for pitch in voicing} <= set(chord.pitch_classes)
        assert chord.pitch_classes[1] in {pitch % 12 for pitch in voicing}
        assert voicing[0] >= 40 and voicing[-1] <= 79


def test_upper_voices_mostly_step() -> None:
    chords = [Chord.parse(symbol) for symbol in ["C", "Am", "F", "Dm", "G7", "C"]]
    moves = [
        abs(b - a)
        for was, now in pairwise(voice_chords(chords))
        for a, b in zip(was[1:], now[1:], strict=True)
    ]
    assert sum(moves) / len(moves) <= 2.0  # semitones a voice a chord


def test_parallels_are_found_where_a_textbook_marks_them() -> None:
    # C-G to D-A: parallel fifths; C-C to D-D: parallel octaves; held C under moving voices: none.
    assert find_parallels([(48, 55), (50, 57)]) == ((0, 0, 1),)
    assert find_parallels([(48, 60), (50, 62)]) == ((0, 0, 1),)
    assert find_parallels([(48, 55), (48, 57)]) == ()


def test_a_range_too_narrow_is_refused_with_the_range() -> None:
    with pytest.raises(InvalidInput, match=r"got 60\.\.64 for C: widen it"):
        voice_chords([Chord.parse("C")], low=60, high=64)
    with pytest.raises(InvalidInput, match=r"voices must be 2\.\.6, got 9"):
        voice_chords([Chord.parse("C")], voices=9)
