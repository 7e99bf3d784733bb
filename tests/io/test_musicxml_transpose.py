"""Laws of written pitch: what a transposing player reads sounds as the score does, for us and for music21."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhiyin.errors import InvalidInput
from zhiyin.io import loads
from zhiyin.io.musicxml_write import write_score
from zhiyin.score import ChordMark, KeyMark, Notes, Part, Score
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import written_to_sounding
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_QUARTER as Q

TUNE = (63, 65, 67, 68, 70, 72, 74, 75)  # E flat major
NAMES = ("clarinet", "french-horn", "alto-sax", "baritone-sax", "double-bass", "piccolo", "violin")
LOWER = {"double-bass": -24, "baritone-sax": -12, "piccolo": 24}


def band(key: str = "Eb") -> Score:
    parts = []
    for name in NAMES:
        pitches = [p + LOWER.get(name, 0) for p in TUNE]
        parts.append(Part(name, Notes.of([(i * Q, Q, p) for i, p in enumerate(pitches)]), program=71))
    chords = (ChordMark(0, Chord.parse("Eb")), ChordMark(4 * Q, Chord.parse("Bb7")))
    return Score("Band", tuple(parts), keys=(KeyMark(0, Key.parse(key)),), chords=chords)


SHIFTS = tuple(written_to_sounding(name) for name in NAMES)


def test_written_parts_sound_as_the_score_for_our_reader() -> None:
    score = band()
    back = loads(write_score(score, transpositions=SHIFTS).data, ".musicxml")
    assert [p.notes.pitch.tolist() for p in back.parts] == [p.notes.pitch.tolist() for p in score.parts]
    assert [mark.key for mark in back.keys] == [Key.parse("Eb")]
    assert [mark.chord for mark in back.chords] == [Chord.parse("Eb"), Chord.parse("Bb7")]


@pytest.mark.parametrize("key", ["Eb", "B", "Gb", "C#m"])
def test_written_parts_sound_as_the_score_for_music21(key: str, tmp_path: Path) -> None:
    music21 = pytest.importorskip("music21")
    score = band(key)
    path = tmp_path / "band.musicxml"
    path.write_bytes(write_score(score, transpositions=SHIFTS).data)
    heard = music21.converter.parse(path).toSoundingPitch()
    for part, ours in zip(heard.parts, score.parts, strict=True):
        assert [n.pitch.midi for n in part.recurse().getElementsByClass("Note")] == ours.notes.pitch.tolist()


def test_a_clarinet_in_b_flat_reads_a_second_higher_in_two_sharps_more() -> None:
    xml = write_score(band(), transpositions=SHIFTS).data.decode()
    clarinet = xml.split('<part id="P1">')[1].split("</part>")[0]
    assert "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>" in clarinet
    assert "<fifths>-1</fifths>" in clarinet  # E flat major (three flats) is read as F major (one)
    assert "<pitch><step>F</step><octave>4</octave></pitch>" in clarinet  # E flat 4 sounds
    baritone = xml.split('<part id="P4">')[1].split("</part>")[0]
    assert "<diatonic>-5</diatonic><chromatic>-9</chromatic><octave-change>-1</octave-change>" in baritone
    assert "<fifths>0</fifths>" in baritone


def test_a_score_in_sounding_pitch_has_no_transposition() -> None:
    assert b"<transpose>" not in write_score(band()).data
    assert write_score(band(), transpositions=(0,) * 7).data == write_score(band()).data


@pytest.mark.parametrize(
    ("shifts", "message"),
    [((0,), "one a part (7), got 1"), ((60, 0, 0, 0, 0, 0, 0), "got 60 for 'clarinet'")],
)
def test_a_wrong_transposition_is_refused(shifts: tuple[int, ...], message: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(message)):
        write_score(band(), transpositions=shifts)
