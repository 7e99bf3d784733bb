"""Laws of voicings, with distances counted by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest

from zhiyin.errors import InvalidInput
from zhiyin.stylebook.voicings import Manner, candidates, chosen_tones, voice_path
from zhiyin.theory.chord import Chord


def chords(text: str) -> list[Chord]:
    return [Chord.parse(symbol) for symbol in text.split()]


def test_a_shell_is_third_and_seventh_and_a_rootless_chord_has_no_root() -> None:
    assert chosen_tones(Chord.parse("G7"), "shell", 2) == (11, 5)
    assert 2 not in chosen_tones(Chord.parse("Dm9"), "rootless", 4)
    assert chosen_tones(Chord.parse("E5"), "power", 3) == (4, 11)


def test_a_power_chord_is_root_fifth_octave() -> None:
    (first, *_) = candidates(Chord.parse("Em"), Manner("power", 3, 40, 64))
    assert first == (40, 47, 52)


def test_drop_two_puts_the_second_voice_from_above_an_octave_down() -> None:
    assert (55, 60, 64, 71) in candidates(Chord.parse("Cmaj7"), Manner("drop2", 4, 50, 72))


def test_a_two_five_one_moves_each_voice_by_a_second_at_most() -> None:
    path = voice_path(chords("Dm7 G7 Cmaj7"), Manner("rootless", 3, 52, 72))
    for before, after in pairwise(path):
        assert max(abs(a - b) for a, b in zip(before, after, strict=True)) <= 2


def test_a_held_chord_does_not_move() -> None:
    path = voice_path(chords("Am Am F F"), Manner("close", 3, 52, 76))
    assert path[0] == path[1] and path[2] == path[3]


def test_voicings_stay_in_range() -> None:
    for kind in ("close", "shell", "rootless", "drop2", "spread", "dyad", "guide", "root-fifth"):
        for voicing in voice_path(chords("C F#m7b5 Bbmaj9 E7b9 Absus4"), Manner(kind, 3, 50, 76)):
            assert voicing == tuple(sorted(voicing)) and min(voicing) >= 50 and max(voicing) <= 76


def test_a_range_without_the_chord_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"the range 61..62 must hold C as octaves: widen it"):
        candidates(Chord.parse("C"), Manner("octaves", 1, 61, 62))
