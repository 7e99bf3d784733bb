"""Notes out of MIDI events: note-on and note-off paired as columns, and the program each one sounds with.

Conventions: ticks are the file's own until `file_ticks_to_ticks`; a note-off ends the oldest note on its key.
This module does not know parts or marks: see `midi_read.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.io.limits import warn_reader
from zhiyin.io.midi_events import MidiEvents
from zhiyin.units import TICKS_PER_QUARTER, BoolArray, IntArray

NOTE_OFF, NOTE_ON, CONTROL, PROGRAM, BEND = 0x8, 0x9, 0xB, 0xC, 0xE


@dataclass(frozen=True, slots=True)
class RawNotes:
    """Paired notes as columns in file ticks, with track, channel and sounding program."""

    track: IntArray
    channel: IntArray
    program: IntArray
    onset: IntArray
    end: IntArray
    pitch: IntArray
    velocity: IntArray


def file_ticks_to_ticks(ticks: IntArray, division: int) -> IntArray:
    """Return ticks at 10,080 a quarter, exact where the division allows, else the nearest (halves up).

    >>> file_ticks_to_ticks(np.array([480, 160, 1]), 480).tolist()
    [10080, 3360, 21]
    """
    scaled: IntArray = (ticks * (2 * TICKS_PER_QUARTER) + division) // (2 * division)
    return scaled


def pair_notes(events: MidiEvents, *, path: str) -> RawNotes:
    """Return the notes of a file; a note that never ends is closed at its track's end, with a warning."""
    rows = np.flatnonzero((events.kind == NOTE_ON) | (events.kind == NOTE_OFF))
    starts = (events.kind[rows] == NOTE_ON) & (events.second[rows] > 0)
    key = (events.track[rows] * 16 + events.channel[rows]) * 128 + events.first[rows]
    order = np.argsort(key, kind="stable")
    rows, starts, key = rows[order], starts[order], key[order]
    used = ~_stray_ends(key, starts)
    ons, offs = rows[used & starts], rows[used & ~starts]
    partner = _partners(key[used & starts], key[used & ~starts])
    onset = events.tick[ons]
    end = np.array(events.track_ends, np.int64)[events.track[ons]]
    end[partner >= 0] = events.tick[offs[partner[partner >= 0]]]
    _warn_lengths(onset, end, partner, path)
    end = np.maximum(end, onset + 1)
    program = _programs(events, events.track[ons], events.channel[ons], onset)
    columns = (
        events.track[ons],
        events.channel[ons],
        program,
        onset,
        end,
        events.first[ons],
        events.second[ons],
    )
    return RawNotes(*columns)


def _stray_ends(key: IntArray, starts: BoolArray) -> BoolArray:
    """Return which note-offs end nothing. Rows are grouped by key, in time order within a key."""
    if not key.size:
        return np.zeros(0, bool)
    opens = np.diff(key, prepend=-1) != 0
    group = np.cumsum(opens) - 1
    depth = np.cumsum(np.where(starts, 1, -1))
    first = np.flatnonzero(opens)
    before = np.concatenate(([0], depth[first[1:] - 1]))
    level = depth - before[group]
    # Each group is moved below all earlier ones, so that one running minimum serves them all.
    shift = group * (2 * key.size + 2)
    lowest = np.minimum(np.minimum.accumulate(level - shift) + shift, 0)
    previous = np.concatenate(([0], lowest[:-1]))
    previous[opens] = 0
    stray: BoolArray = lowest < previous
    return stray


def _partners(on_key: IntArray, off_key: IntArray) -> IntArray:
    """Return for each note-on the index of the note-off that ends it, or -1; both sorted by key."""
    rank = np.arange(on_key.size) - np.searchsorted(on_key, on_key, side="left")
    low = np.searchsorted(off_key, on_key, side="left")
    high = np.searchsorted(off_key, on_key, side="right")
    partner: IntArray = np.where(low + rank < high, low + rank, -1)
    return partner


def _warn_lengths(onset: IntArray, end: IntArray, partner: IntArray, path: str) -> None:
    stuck = int(np.count_nonzero(partner < 0))
    if stuck:
        warn_reader(path, f"{stuck} notes had no note-off: each was ended where its track ends")
    empty = int(np.count_nonzero((end <= onset) & (partner >= 0)))
    if empty:
        warn_reader(path, f"{empty} notes had no length: each was given one tick of the file")


def _programs(events: MidiEvents, track: IntArray, channel: IntArray, onset: IntArray) -> IntArray:
    """Return the program in force for each note: its own track's, else its channel's, else 0."""
    program = np.zeros(track.size, np.int64)
    changes = np.flatnonzero(events.kind == PROGRAM)
    if not changes.size:
        return program
    changes = changes[np.argsort(events.tick[changes], kind="stable")]
    pair = track * 16 + channel
    for value in np.unique(pair).tolist():
        notes = np.flatnonzero(pair == value)
        on_channel = changes[events.channel[changes] == value % 16]
        own = on_channel[events.track[on_channel] == value // 16]
        for source in (on_channel, own):  # the later one wins where it speaks
            at = np.searchsorted(events.tick[source], onset[notes], side="right") - 1
            program[notes[at >= 0]] = events.first[source[at[at >= 0]]]
    return program
