"""Laws of MIDI files: what is written comes back, what is foreign is understood, what is broken is named."""

from __future__ import annotations

import io
import struct
import tracemalloc
from dataclasses import replace

import mido
import numpy as np
import pytest
import symusic
from hypothesis import given
from hypothesis import strategies as st

from tests.io.scores import END, QUARTER, midi_file, playable_score
from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io.limits import ReadWarning
from zhiyin.io.midi import Midi
from zhiyin.io.midi_marks import bpm_to_microseconds, microseconds_to_bpm
from zhiyin.score import (
    ChordMark,
    Control,
    KeyMark,
    Lock,
    MetreMark,
    Note,
    Notes,
    Part,
    Score,
    Section,
    Tempo,
)
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

MIDI = Midi()


def read(data: bytes) -> Score:
    return MIDI.read(data, path="song.mid")


def again(score: Score) -> Score:
    return read(MIDI.write(score).data)


@given(playable_score())
def test_a_score_without_overlaps_comes_back_whole_at_any_tick(score: Score) -> None:
    written = MIDI.write(score)
    assert read(written.data) == score
    assert [text for text in written.lost if "drum kits" not in text] == []


def test_every_mark_that_travels_as_text_comes_back() -> None:
    score = Score(
        title="雨夜的车站",
        parts=(
            Part(
                "Piano",
                Notes.of([(10080, 20160, 60)]),
                role="melody",
                controls=(Control(0, 64, 127), Control(5, 128, 9000)),
            ),
        ),
        tempos=(Tempo(0, 97.5), Tempo(10080, 61.3)),
        metres=(MetreMark(0, Metre(3, 4)), MetreMark(10080 + 30240, Metre(6, 8))),
        keys=(
            KeyMark(0, Key.parse("D dorian")),
            KeyMark(10080, Key.parse("Ebm")),
            KeyMark(20160, Key.parse("G宫")),
        ),
        chords=(ChordMark(0, None), ChordMark(10080, Chord.parse("F#m7b5/C"))),
        sections=(Section(0, "A"), Section(10080, "副歌")),
        pickup_ticks=10080,
        length_ticks=90720,
        credits=(("composer", "阿炳"), ("copyright", "public domain")),
    )
    assert again(score) == score
    assert MIDI.write(score).lost == ()


def test_a_pickup_is_written_as_a_short_first_bar() -> None:
    score = Score(
        parts=(Part("a", Notes.of([(0, 40320, 60)])),),
        metres=(MetreMark(0, Metre(3, 4)),),
        pickup_ticks=QUARTER,
    )
    found = mido.MidiFile(file=io.BytesIO(MIDI.write(score).data)).tracks[0]
    assert [(m.time, m.numerator) for m in found if m.type == "time_signature"] == [(0, 1), (QUARTER, 3)]
    assert again(score) == score


def test_a_short_first_metre_is_a_pickup_unless_the_file_says_not() -> None:
    real = Score(
        parts=(Part("a", Notes.of([(0, 40320, 60)])),),
        metres=(MetreMark(0, Metre(1, 4)), MetreMark(QUARTER, Metre(3, 4))),
    )
    assert again(real) == real
    foreign = midi_file(b"\x00\xff\x58\x04\x01\x02\x18\x08\x83\x60\xff\x58\x04\x03\x02\x18\x08" + END)
    assert read(foreign).pickup_ticks == QUARTER
    assert read(foreign).metres == (MetreMark(0, Metre(3, 4)),)


@pytest.mark.parametrize(
    ("microseconds", "bpm"), [(500_000, 120.0), (615_385, 97.5), (545_454, 110.0), (500_001, 60e6 / 500_001)]
)
def test_a_tempo_is_the_simplest_that_midi_stores_alike(microseconds: int, bpm: float) -> None:
    assert microseconds_to_bpm(microseconds) == bpm


@given(st.integers(150_000, 6_000_000))
def test_a_tempo_read_is_within_a_microsecond_of_the_one_stored(microseconds: int) -> None:
    assert abs(bpm_to_microseconds(microseconds_to_bpm(microseconds)) - microseconds) <= 1


def test_a_tempo_that_midi_cannot_store_is_named() -> None:
    written = MIDI.write(Score(tempos=(Tempo(0, 399.12345),)))
    assert written.lost == ("tempo 399.12345 BPM at tick 0: MIDI stores whole microseconds a quarter",)


def test_what_midi_cannot_carry_is_named() -> None:
    notes = Notes.of([(0, 100, 60), (10, 20, 60)]).with_columns(spelling=[0, 0], voice=[0, 1])
    lost = MIDI.write(Score(parts=(Part("x", notes),), locks=(Lock(0, 0, 5),))).lost
    assert lost == (
        "1 locks",
        "each note's spelling",
        "each note's voice",
        "'x': 1 notes lie inside another on the same key; their ends are swapped",
    )


def test_syllables_come_back_on_the_notes_they_were_sung_to() -> None:
    notes = Notes.of([(0, 100, 60), (0, 100, 64), (200, 100, 62), (400, 100, 65)])
    sung = notes.with_columns(syllable=["", "Glo-", "ri-", "a"])
    assert again(Score(parts=(Part("voice", sung),))).parts[0].notes == sung


def test_karaoke_words_on_a_track_of_their_own_find_their_notes() -> None:
    words = b"\x00\xff\x01\x09@KMIDI KA\x00\xff\x01\x04\\Hel\x83\x60\xff\x01\x03lo " + END
    melody = b"\x00\x90\x3c\x40\x83\x60\x80\x3c\x40\x00\x90\x3e\x40\x83\x60\x80\x3e\x40" + END
    assert read(midi_file(words, melody)).parts[0].notes.syllable.tolist() == ["Hel-", "lo"]


def test_a_type_0_file_splits_by_channel_and_channel_10_is_drums() -> None:
    body = (
        b"\x00\xff\x03\x04Tune\x00\xc0\x18\x00\x90\x3c\x40\x00\x99\x24\x50\x83\x60\x80\x3c\x00\x00\x89\x24\x00"
        + END
    )
    score = read(midi_file(body, midi_type=0))
    assert score.title == "Tune"
    assert [(p.program, p.is_drums, p.role, list(p.notes)) for p in score.parts] == [
        (24, False, "unknown", [Note(0, QUARTER, 60, 64)]),
        (0, True, "drums", [Note(0, QUARTER, 36, 80)]),
    ]


def test_running_status_is_understood_and_a_note_on_of_velocity_0_ends_a_note() -> None:
    body = b"\x00\x90\x3c\x40\x60\x3c\x00\x00\x3e\x41\x60\x3e\x00" + END
    assert list(read(midi_file(body, division=96)).parts[0].notes) == [
        Note(0, 10080, 60, 64),
        Note(10080, 10080, 62, 65),
    ]


def test_a_note_off_ends_the_oldest_note_on_its_key() -> None:
    body = b"\x00\x90\x3c\x40\x10\x3c\x41\x10\x3c\x00\x10\x3c\x00" + END
    notes = read(midi_file(body, division=10080)).parts[0].notes
    assert list(notes) == [Note(0, 32, 60, 64), Note(16, 32, 60, 65)]


def test_a_change_of_program_begins_another_part() -> None:
    body = b"\x00\xc0\x01\x00\x90\x3c\x40\x10\x3c\x00\x00\xc0\x02\x00\x90\x3e\x40\x10\x3e\x00" + END
    assert [(p.program, p.notes.pitch.tolist()) for p in read(midi_file(body)).parts] == [
        (1, [60]),
        (2, [62]),
    ]


def test_a_stuck_note_ends_with_its_track_and_a_warning() -> None:
    with pytest.warns(ReadWarning, match="1 notes had no note-off"):
        score = read(midi_file(b"\x00\x90\x3c\x40\x83\x60\xff\x2f\x00"))
    assert list(score.parts[0].notes) == [Note(0, QUARTER, 60, 64)]


def test_a_stray_note_off_ends_nothing() -> None:
    body = b"\x00\x80\x3c\x40\x10\x90\x3c\x40\x10\x80\x3c\x00" + END
    assert [(n.onset, n.duration) for n in read(midi_file(body, division=10080)).parts[0].notes] == [(16, 16)]


def test_sixteen_melodic_parts_share_channels_and_it_is_said() -> None:
    parts = tuple(Part(f"p{i}", Notes.of([(0, 100, 40 + i)]), program=i) for i in range(17))
    written = MIDI.write(Score(parts=parts))
    assert read(written.data).parts == parts
    assert "17 melodic parts share 15 channels: a player mixes their controls and same keys" in written.lost


def test_a_control_out_of_range_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"number 0\.\.128 and a value 0\.\.127, got 64 and 200"):
        MIDI.write(Score(parts=(Part("x", controls=(Control(0, 64, 200),)),)))


def test_a_rest_longer_than_one_delta_time_is_bridged() -> None:
    far = 300_000_000
    score = Score(parts=(Part("x", Notes.of([(far, 5, 60)])),))
    assert again(score) == score


@given(playable_score())
def test_two_independent_readers_find_the_same_notes(score: Score) -> None:
    data = MIDI.write(score).data
    found = symusic.Score.from_midi(data)
    theirs = sorted((n.time, n.duration, n.pitch, n.velocity) for t in found.tracks for n in t.notes)
    assert theirs == sorted(tuple(n) for p in score.parts for n in p.notes)
    beats = [m for m in mido.MidiFile(file=io.BytesIO(data)).tracks[0] if m.type == "set_tempo"]
    assert [m.tempo for m in beats] == [bpm_to_microseconds(t.bpm) for t in score.tempos]


def test_divisions_that_do_not_divide_round_to_the_nearest_tick() -> None:
    body = b"\x01\x90\x3c\x40\x02\x80\x3c\x40" + END
    assert list(read(midi_file(body, division=1000)).parts[0].notes) == [Note(10, 20, 60, 64)]


DAYS = b"\xff\xff\xff\x7f\x90\x3c\x40"
BODY = b"\x00\x90\x3c\x40\x60\x80\x3c\x40"
GOOD = midi_file(b"\x00\xff\x03\x01a" + END, BODY + END)
BROKEN: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "byte 0", "empty"),
    "text": (b"hello, this is no MIDI file at all", "byte 0", "begin with MThd"),
    "riff": (b"RIFF" + GOOD, "byte 0", "begin with MThd"),
    "header cut": (GOOD[:10], "byte 10", "header is cut off"),
    "header too short": (b"MThd\0\0\0\x02" + GOOD[8:], "byte 4", "6 bytes long, got 2"),
    "header too long": (b"MThd\xff\xff\xff\xff" + GOOD[8:], "byte 4", "got 4294967295"),
    "type 2": (midi_file(BODY + END, midi_type=2), "byte 8", "type must be 0 or 1, got 2"),
    "type 9": (midi_file(BODY + END, midi_type=9), "byte 8", "got 9"),
    "smpte": (midi_file(BODY + END, division=0xE728), "byte 12", "0xe728 (SMPTE"),
    "no division": (midi_file(BODY + END, division=0), "byte 12", "division 0x0000"),
    "promises more tracks": (midi_file(BODY + END, promised=3), "byte 34", "promises 3 tracks, the file holds 1"),
    "promises 65535 tracks": (midi_file(BODY + END, promised=65535), "byte 34", "65535 tracks"),
    "no tracks at all": (GOOD[:14], "byte 14", "promises 2 tracks, the file holds 0"),
    "cut in a track": (GOOD[:-6], "byte 35", "the file is cut off"),
    "cut in a chunk's head": (GOOD[:30], "byte 18", "the file is cut off"),
    "cut between chunks": (GOOD[:31], "byte 31", "promises 2 tracks, the file holds 1"),
    "promises fewer tracks": (midi_file(BODY + END, BODY + END, promised=1), "byte 54", "the file holds 2"),
    "chunk of four gigabytes": (midi_file() + b"MTrk\xff\xff\xff\xff", "byte 18", "promises"),
    "chunk lies": (GOOD[:18] + b"\x00\x00\xff\x00" + GOOD[22:], "byte 18", "promises 65280 bytes"),
    "running status first": (midi_file(b"\x00\x3c\x40" + END), "byte 22", "got running status"),
    "no status": (midi_file(b"\x00\xf4\x00" + END), "byte 23", "got 0xf4"),
    "data over 127": (midi_file(b"\x00\x90\xbc\x40" + END), "byte 23", "got 0x90"),
    "delta of five bytes": (midi_file(b"\xff\xff\xff\xff\x7f\x90\x3c\x40" + END), "byte 22", "within four bytes"),
    "event over the edge": (midi_file(b"\x00\x90\x3c"), "byte 22", "runs past the end of its track"),
    "delta alone": (midi_file(BODY + b"\x81"), "byte 30", "runs past the end of its track"),
    "meta over the edge": (midi_file(b"\x00\xff\x03\x7fabc"), "byte 26", "promises 127 bytes, its track has 3 left"),
    "meta without length": (midi_file(b"\x00\xff\x03"), "byte 25", "within four bytes and its track"),
    "sysex over the edge": (midi_file(b"\x00\xf0\x8f\x7fabc"), "byte 26", "promises 2047 bytes"),
    "sysex length endless": (midi_file(b"\x00\xf0\xff\xff\xff\xff"), "byte 24", "within four bytes"),
    "delta times for days": (midi_file(DAYS * 9 + END, division=1), "byte 22", "at most 400000 quarters"),
    "tempo zero": (midi_file(b"\x00\xff\x51\x03\0\0\0" + END), "meta event 0x51", "division by zero"),
    "tempo short": (midi_file(b"\x00\xff\x51\x01\x07" + END), "meta event 0x51", "3 bytes, got 1"),
    "metre empty": (midi_file(b"\x00\xff\x58\x00" + END), "meta event 0x58", "whole and in range"),
    "metre of no beats": (midi_file(b"\x00\xff\x58\x04\x00\x02\x18\x08" + END), "meta event 0x58", "got 0"),
    "metre below 128": (midi_file(b"\x00\xff\x58\x04\x04\xff\x18\x08" + END), "meta event 0x58", "power of two"),
    "key of 90 flats": (midi_file(b"\x00\xff\x59\x02\xa6\x00" + END), "meta event 0x59", "got -90"),
    "key of mode 7": (midi_file(b"\x00\xff\x59\x02\x00\x07" + END), "meta event 0x59", "got 0 and 7"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_place_and_reason(name: str) -> None:
    data, place, reason = BROKEN[name]
    with pytest.raises(UnreadableFile) as caught:
        read(data)
    assert caught.value.place == place
    assert reason in caught.value.reason


@given(st.binary(max_size=300), st.integers(0, 40))
def test_bytes_changed_at_random_give_a_score_or_unreadable_file(noise: bytes, at: int) -> None:
    data = GOOD[:at] + noise + GOOD[at + len(noise) :]
    try:
        assert isinstance(read(data), Score)
    except UnreadableFile as error:
        assert error.place and error.reason


@pytest.mark.parametrize("cut", range(len(GOOD)))
def test_a_file_cut_anywhere_is_refused(cut: int) -> None:
    with pytest.raises(UnreadableFile):
        read(GOOD[:cut])


def test_a_file_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(UnreadableFile, match="at most 8388608 bytes, got 8388609"):
        read(b"MThd" + bytes(8 * 2**20 - 3))


def test_a_hostile_file_of_a_million_events_stays_within_its_memory() -> None:
    data = midi_file(b"\x00\x90\x3c\x40" + b"\x00\x3c\x40" * 300_000 + b"\x00\x00")
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFile, match="runs past the end"):
            read(data)
        assert tracemalloc.get_traced_memory()[1] < 80 * len(data)
    finally:
        tracemalloc.stop()


NOTE = b"\x00\x90\x3c\x40\x01\x3c\x00"


def tracks(*bodies: bytes) -> bytes:
    chunks = b"".join(b"MTrk" + struct.pack(">I", len(body + END)) + body + END for body in bodies)
    return b"MThd" + struct.pack(">IHHH", 6, 1, len(bodies), 480) + chunks


HOSTILE: dict[str, tuple[bytes, str]] = {
    "events": (tracks(NOTE + b"\x00\x3c\x40" * 1_500_000), "at most 1500000 events, got more"),
    "metas": (tracks(b"\x00\xff\x01\x00" * 50_001), "at most 50000 meta and system events, got more"),
    "exclusives": (tracks(b"\x00\xf7\x00" * 50_001), "at most 50000 meta and system events, got more"),
    "tracks": (tracks(*[NOTE] * 513), "at most 512 tracks, got more"),
    "parts": (tracks(*[NOTE] * 257), "at most 256 parts .*, got 257"),
    "controls": (tracks(NOTE + b"\x00\xb0\x07\x10" * 300_001), "at most 300000 controls together, got 300001"),
    "controls for all": (
        tracks(b"\x00\xb0\x07\x10" * 2_000, *[NOTE] * 200), "at most 300000 controls together, got 400000"
    ),
    "a page for a syllable": (
        tracks(b"\x00\xff\x05\xbf\x7f" + b"a" * 8191 + NOTE * 3000), "got a syllable of 8191 among 3000 notes"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_little_memory(name: str) -> None:
    data, reason = HOSTILE[name]
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFile, match=reason):
            read(data)
        assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    finally:
        tracemalloc.stop()


def test_events_are_found_across_the_edges_of_the_reading_window() -> None:
    body = b"".join(b"\x01\x90" + bytes((i % 128, 64)) + b"\x01" + bytes((i % 128, 0)) for i in range(50_000))
    pitches = read(tracks(body)).parts[0].notes.pitch
    assert pitches.tolist() == [i % 128 for i in range(50_000)]


def test_columns_are_exact_for_a_long_part() -> None:
    rng = np.random.default_rng(7)
    onset = np.cumsum(rng.integers(1, 5000, 3000))
    notes = Notes(
        onset, rng.integers(1, 3, 3000) * 100 - 99, rng.integers(0, 128, 3000), rng.integers(1, 128, 3000)
    )
    assert again(Score(parts=(Part("x", notes),))).parts[0].notes.onset.tolist() == onset.tolist()


def test_a_score_is_frozen_so_that_reading_twice_gives_the_same() -> None:
    score = read(GOOD)
    assert score == read(GOOD)
    assert replace(score, title="b").title == "b"
