"""Keys are found where they were written.

Conventions: melodies are note names with lengths in quarters.
Does not know: real corpora.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.analysis.pieces import QUARTER, block, line
from zhiyin.analysis.key import find_key, find_keys
from zhiyin.score import KeyMark, Part, Score, transpose
from zhiyin.theory.key import Key

# Ode to Joy, Frere Jacques, Greensleeves (minor, raised seventh), Mo li hua (pentatonic, ends on the tonic).
TUNES = {
    "D major": "F#4 F#4 G4 A4 A4 G4 F#4 E4 D4 D4 E4 F#4 E4:1.5 D4:.5 D4:2",
    "F major": "F4 G4 A4 F4 F4 G4 A4 F4 A4 Bb4 C5:2 A4 Bb4 C5:2 C5:.5 D5:.5 C5:.5 Bb4:.5 A4 F4 F4 C4 F4:2",
    "A minor": "A4:2 C5:4 D5:2 E5:3 F5 E5:2 D5:4 B4:2 G4:3 A4 B4:2 C5:4 A4:2 A4:3 G#4 A4:2 B4:4 G#4:2 E4:4 "
    "A4:2 C5:4 D5:2 E5:3 F5 E5:2 D5:4 B4:2 G4:3 A4 B4:2 C5:3 B4 A4:2 G#4:3 F#4 G#4:2 A4:6",
    "C major": "E4 E4:.5 G4:.5 A4:.5 C5:.5 C5:.5 A4:.5 G4 G4:.5 A4:.5 G4:2 "
    "D4 E4:.5 G4:.5 E4:.5 D4:.5 C4 C4:.5 D4:.5 C4:2",
}


def tune(text: str) -> Score:
    """Return a score of one unaccompanied line."""
    return Score(parts=(Part("Voice", line(text)),))


@pytest.mark.parametrize("name", TUNES)
def test_a_well_known_tune_is_in_its_key(name: str) -> None:
    assert find_key(tune(TUNES[name])).name == name


@pytest.mark.parametrize("semitones", range(-6, 6))
@pytest.mark.parametrize("name", TUNES)
def test_transposing_a_tune_transposes_its_key(name: str, semitones: int) -> None:
    score = transpose(tune(TUNES[name]), semitones)
    key = Key.parse(name)
    found = find_key(score)
    assert (found.tonic, found.mode) == ((key.tonic + semitones) % 12, key.mode)


def test_a_modulation_is_marked_at_its_bar() -> None:
    home, away = "C F G7 C C Am Dm G7 C", "E A B7 E E C#m F#m B7 E"
    marks = find_keys(block(f"{home} {away} {home}"))
    assert [mark.key.name for mark in marks] == ["C major", "E major", "C major"]
    places = [mark.tick // (4 * QUARTER) for mark in marks]
    assert [places[0], abs(places[1] - 9) <= 1, abs(places[2] - 18) <= 1] == [0, True, True]
    assert all(mark.tick % (4 * QUARTER) == 0 for mark in marks)


def test_a_piece_in_one_key_has_one_mark_at_tick_0() -> None:
    assert find_keys(block("C F G7 C " * 4)) == (KeyMark(0, Key(0)),)


def test_a_passing_dominant_is_no_modulation() -> None:
    assert len(find_keys(block("C F D7 G7 C Am D7 G C F G7 C"))) == 1


def test_a_bare_signature_of_three_flats_can_be_c_minor() -> None:
    score = replace(block("Cm Fm G7 Cm"), keys=(KeyMark(0, Key.parse("Eb")),))
    assert find_key(score).name == "C minor"


def test_a_written_mode_on_the_same_tonic_is_kept() -> None:
    score = replace(tune("D4 E4 F4 G4 A4 B4 C5 D5 A4 F4 E4 D4"), keys=(KeyMark(0, Key.parse("D dorian")),))
    assert find_key(score).name == "D dorian"


def test_the_signature_decides_the_spelling_of_the_tonic() -> None:
    score = block("Gb Cb Db7 Gb")
    assert find_key(replace(score, keys=(KeyMark(0, Key.parse("Gb")),))).name == "Gb major"
    assert find_key(replace(score, keys=(KeyMark(0, Key.parse("F#")),))).name == "F# major"


def test_spelled_notes_decide_the_spelling_of_the_tonic() -> None:
    notes = line("Gb4 Ab4 Bb4 Cb5 Db5 Eb5 F5 Gb5")
    flats = notes.with_columns(spelling=[-6, -4, -2, -7, -5, -3, -1, -6])
    sharps = notes.with_columns(spelling=[6, 8, 10, 5, 7, 9, 11, 6])
    assert find_key(Score(parts=(Part("a", flats),))).name == "Gb major"
    assert find_key(Score(parts=(Part("a", sharps),))).name == "F# major"


def test_drums_have_no_say_in_the_key() -> None:
    score = tune(TUNES["D major"])
    kit = Part("Drums", line("C2 Eb2 Ab2 Bb2 " * 8), is_drums=True)
    assert find_key(score.with_parts([*score.parts, kit])) == find_key(score)


def test_nothing_pitched_is_c_major_or_the_written_key() -> None:
    assert find_key(Score()) == Key(0)
    assert find_keys(Score(keys=(KeyMark(0, Key.parse("Dm")),))) == (KeyMark(0, Key.parse("Dm")),)
