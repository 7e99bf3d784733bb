"""Roles follow names, words, height and thickness.

Conventions: parts are a few bars of hand-written lines.
Does not know: real corpora.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.analysis.pieces import alberti, block, line
from zhiyin.analysis.roles import find_roles
from zhiyin.score import ROLES, Notes, Part, Score

HIGH = line("C5 D5 E5 G5 E5 D5 C5:2")
MIDDLE = line("G4 G4 G4 B4 G4 F4 E4:2")
LOW = line("C3:2 G2:2 C3:2 C3:2")
TENOR = line("E3 F3 G3 G3 C4 B3 G3:2")


def roles(*parts: Part) -> tuple[str, ...]:
    """Return the roles of parts put together."""
    return find_roles(Score(parts=parts))


def test_four_voices_are_melody_inner_inner_bass() -> None:
    parts = [Part(n, notes) for n, notes in zip("abcd", (HIGH, MIDDLE, TENOR, LOW), strict=True)]
    assert roles(*parts) == ("melody", "inner", "inner", "bass")


def test_the_order_of_parts_does_not_matter() -> None:
    assert roles(Part("x", LOW), Part("y", HIGH), Part("z", MIDDLE)) == ("bass", "melody", "inner")


def test_a_voice_with_words_sings_the_melody_below_a_higher_line() -> None:
    words = MIDDLE.with_columns(syllable=np.array(list("abcdefg")))
    assert roles(Part("Flute", HIGH), Part("", words), Part("", LOW)) == ("inner", "melody", "bass")


def test_song_with_piano_is_melody_and_accompaniment() -> None:
    piano = alberti("C G7").parts[0]
    assert roles(Part("Voice", HIGH), piano) == ("melody", "accompaniment")


def test_slow_block_chords_are_chords() -> None:
    assert roles(Part("Voice", HIGH), block("C G7").parts[0])[1] == "chords"


def test_a_name_makes_a_bass_of_a_line_that_is_not_deep() -> None:
    assert roles(Part("Melody", HIGH), Part("Bass", TENOR)) == ("melody", "bass")


def test_bassoon_is_not_taken_for_bass_by_name() -> None:
    assert roles(Part("Flute", HIGH), Part("Bassoon", MIDDLE)) == ("melody", "inner")


def test_drums_are_drums_and_silence_is_unknown() -> None:
    kit = Part("Melody", LOW, is_drums=True)
    assert roles(kit, Part("Flute", Notes()), Part("a", HIGH)) == ("drums", "unknown", "melody")


@pytest.mark.parametrize(
    ("part", "role"),
    [
        (Part("a", HIGH), "melody"),
        (Part("a", LOW), "melody"),
        (alberti("C G7").parts[0], "melody"),
        (block("C").parts[0], "accompaniment"),
    ],
)
def test_a_lone_part_is_melody_only_when_monophonic(part: Part, role: str) -> None:
    assert roles(part) == (role,)


def test_a_lone_piano_with_tune_and_bass_is_accompaniment() -> None:
    piano = Part("Piano", Notes.concat([HIGH, LOW]))
    assert roles(piano) == ("accompaniment",)


def test_every_role_is_a_known_role_and_no_parts_give_none() -> None:
    assert set(roles(Part("a", HIGH), Part("b", LOW), block("C").parts[0])) <= set(ROLES)
    assert find_roles(Score()) == ()
