"""Sequences of notes and of events: a quantised score as rows in time order, the way sequence models read it.

Conventions: steps are 1/24 quarter; a note is a row (onset, duration, pitch, level, part, voice), an event a row
(step, kind, part, pitch, level). Spelling, syllables and origins stay behind, as in grid tokens.
This module does not number tokens for a model: see `zhiyin.encode.sequence`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhiyin.encode.grid_tokens import _check_on_grid
from zhiyin.errors import InvalidInput
from zhiyin.score import VELOCITY_LEVELS, Notes, Score
from zhiyin.score.quantise import velocity_to_level
from zhiyin.units import TICKS_PER_STEP, IntArray

ONSET, DURATION, PITCH, LEVEL, PART, VOICE = range(6)
NOTE_OFF, NOTE_ON = 0, 1  # kinds of events; at one step a note ends before the next begins
NO_VOICE = -1


@dataclass(frozen=True, eq=False)
class NoteTable:
    """A score as a list of notes.

    frame: the score without its notes; rows: (notes, 6) onset, duration (steps), pitch, level 0..7, part, voice
    (NO_VOICE unknown), sorted by (onset, part, pitch, duration).
    """

    frame: Score
    rows: IntArray

    def __len__(self) -> int:
        return int(self.rows.shape[0])


@dataclass(frozen=True, eq=False)
class EventList:
    """A score as a list of events, as MIDI and event-based models tell it (Oore et al., 2018).

    frame: the score without its notes; rows: (2 * notes, 5) step, kind (NOTE_ON, NOTE_OFF), part, pitch, level
    (0 of an end), sorted by (step, kind, part, pitch).
    """

    frame: Score
    rows: IntArray

    def __len__(self) -> int:
        return int(self.rows.shape[0])


def note_table(score: Score) -> NoteTable:
    """Return the notes of a quantised score in time order.

    Raises InvalidInput when a note is off the grid of 24 steps a quarter or its velocity is not one of 8 levels.
    """
    blocks = [np.empty((0, 6), np.int64)]
    for index, part in enumerate(score.parts):
        n = part.notes
        if not len(n):
            continue
        _check_on_grid(n, part.name)
        voice = np.full(len(n), NO_VOICE) if n.voice is None else n.voice
        level = velocity_to_level(n.velocity)
        onset, duration = n.onset // TICKS_PER_STEP, n.duration // TICKS_PER_STEP
        blocks.append(np.stack([onset, duration, n.pitch, level, np.full(len(n), index), voice], axis=1))
    rows = np.concatenate(blocks)
    order = np.lexsort((rows[:, DURATION], rows[:, PITCH], rows[:, PART], rows[:, ONSET]))
    rows = rows[order]
    rows.setflags(write=False)
    frame = replace(score, parts=tuple(p.with_notes(Notes()) for p in score.parts))
    return NoteTable(frame, rows)


def table_to_score(table: NoteTable) -> Score:
    """Return the score of a note table."""
    velocity = np.array(VELOCITY_LEVELS, np.int64)
    parts = []
    for index, part in enumerate(table.frame.parts):
        mine = table.rows[table.rows[:, PART] == index]
        has_voice = bool(mine.size and mine[:, VOICE].min() > NO_VOICE)
        notes = Notes(
            mine[:, ONSET] * TICKS_PER_STEP, mine[:, DURATION] * TICKS_PER_STEP, mine[:, PITCH],
            velocity[mine[:, LEVEL]], voice=mine[:, VOICE] if has_voice else None,
        )  # fmt: skip
        parts.append(part.with_notes(notes))
    return table.frame.with_parts(parts)


def note_events(score: Score) -> EventList:
    """Return the events of a quantised score, two a note. Raises InvalidInput as `note_table` does."""
    table = note_table(score)
    on = table.rows
    kinds = np.repeat([NOTE_ON, NOTE_OFF], len(table))
    steps = np.concatenate([on[:, ONSET], on[:, ONSET] + on[:, DURATION]])
    levels = np.concatenate([on[:, LEVEL], np.zeros(len(table), np.int64)])
    part, pitch = np.tile(on[:, PART], 2), np.tile(on[:, PITCH], 2)
    order = np.lexsort((pitch, part, kinds, steps))
    rows = np.stack([steps, kinds, part, pitch, levels], axis=1)[order]
    rows.setflags(write=False)
    return EventList(table.frame, rows)


def events_to_score(events: EventList) -> Score:
    """Return the score of events, each end given to the note that began first on its key, as MIDI does.

    Two notes that sound on one key of one part at once may so change lengths, and voices are not told by events.
    Raises InvalidInput when an end has no note or a note no end.
    """
    rows = events.rows
    key = rows[:, 2] * 128 + rows[:, 3]
    begins = np.flatnonzero(rows[:, 1] == NOTE_ON)
    ends = np.flatnonzero(rows[:, 1] == NOTE_OFF)
    # The k-th end on a key closes the k-th note on it.
    begins, ends = begins[np.argsort(key[begins], kind="stable")], ends[np.argsort(key[ends], kind="stable")]
    is_paired = begins.size == ends.size and np.array_equal(key[begins], key[ends])
    if not is_paired or np.any(rows[ends, 0] <= rows[begins, 0]):
        raise InvalidInput(
            f"every note must end after it begins, got {begins.size} begins and {ends.size} ends that do not "
            "pair: give both for each note"
        )
    on = rows[begins]
    voice = np.full(begins.size, NO_VOICE)
    found = np.stack([on[:, 0], rows[ends, 0] - on[:, 0], on[:, 3], on[:, 4], on[:, 2], voice], axis=1)
    return table_to_score(NoteTable(events.frame, found))


class NoteTableEncoder:
    """The note table as an `Encoder`."""

    name = "notes"
    is_exact = True

    def encode(self, score: Score) -> NoteTable:
        """Return the note table of a quantised score."""
        return note_table(score)

    def decode(self, encoded: NoteTable) -> Score:
        """Return the score of a note table."""
        return table_to_score(encoded)


class EventEncoder:
    """The event list as an `Encoder`; exact but for notes that overlap on one key, and for voices."""

    name = "events"
    is_exact = False

    def encode(self, score: Score) -> EventList:
        """Return the event list of a quantised score."""
        return note_events(score)

    def decode(self, encoded: EventList) -> Score:
        """Return the score of an event list."""
        return events_to_score(encoded)
