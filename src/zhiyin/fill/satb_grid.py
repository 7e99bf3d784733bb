"""A tune on the chorale model's grid, and sung frames as notes again.

Conventions: frames of a sixteenth, or of as much of the beat as a tune's commonest note asks for; ids as in
`zhiyin.models.chorale_recall`. The given notes are read and never changed.
This module does not choose notes: see `zhiyin.fill.satb`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.models.chorale_recall import HIGHEST, LOWEST, PITCHES, REST
from zhiyin.score import Notes, Score, Timeline
from zhiyin.theory.pitch import pitch_name
from zhiyin.units import TICKS_PER_QUARTER, BoolArray, IntArray, Ticks

BEAT = 4  # frames; a rest of the tune shorter than this is a breath, through which the others hold
LOWEST_SUNG, HIGHEST_SUNG = 55, 84  # G3 and C6: what a choir's soprano can be asked for
HOME = (59, HIGHEST)  # where the model has heard sopranos
_SILENT = -1


@dataclass(frozen=True, eq=False)
class Tune:
    """A tune as the model hears it, one row a frame that it is told of.

    edges: (frames, 2) first and last tick; clock: frames from the first note; ids: (frames,) the soprano;
    enter, leave, lowest: (frames,) ids that sound as the frame begins, just before it begins, and lowest in it;
    is_breath: the tune is silent for less than a beat; is_rest: all voices are silent in the result;
    shift: semitones from a sung pitch to the model's; octaves: from the tune's to the sung pitch.
    """

    edges: IntArray
    clock: IntArray
    ids: IntArray
    enter: IntArray
    leave: IntArray
    lowest: IntArray
    is_breath: BoolArray
    is_rest: BoolArray
    shift: int
    octaves: int

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def pitch_classes(self) -> IntArray:
        """Return (ids,) the sounding pitch class of each id of the model; of the rest, -1."""
        ids = np.arange(PITCHES)
        return np.where(ids == REST, -1, (ids + LOWEST - 1 - self.shift) % 12)


def tune_of(score: Score, part: int) -> Tune:
    """Return a part's top line as a tune to harmonise.

    Raises InvalidInput when nothing sounds, or when the line is too low or too wide for a soprano.
    """
    notes = score.parts[part].notes
    if not len(notes) or score.parts[part].is_drums:
        raise InvalidInput(
            f"a tune must have pitched notes to be harmonised, got none in part {part} "
            f"({score.parts[part].name!r}): name another part"
        )
    octaves, shift = _where_sung(notes)
    times, pitches = skyline(notes)
    edges = _edges(notes, step=step_of(notes), pickup=score.pickup_ticks)
    heard = _heard(times, pitches, edges)
    kept, is_breath, is_rest = _rests(heard[:, 0])
    ids = np.where(heard >= 0, heard + 12 * octaves + shift - LOWEST + 1, REST)[kept]
    held = _filled(ids[:, 0])
    return Tune(
        edges=np.stack([edges[:-1], edges[1:]], 1)[kept], clock=kept - int(kept[0]), ids=held,
        enter=np.where(ids[:, 1] > 0, ids[:, 1], held), leave=_before(ids),
        lowest=np.where(ids[:, 3] > 0, ids[:, 3], held), is_breath=is_breath[kept], is_rest=is_rest[kept],
        shift=shift, octaves=octaves,
    )  # fmt: skip


def step_of(notes: Notes) -> Ticks:
    """Return the ticks of a frame: a sixteenth where quarters are the beat, else as much of the beat.

    >>> step_of(Notes.of([(0, 10080, 60), (10080, 10080, 62)])), step_of(Notes.of([(0, 20160, 60)]))
    (2520, 5040)
    """
    middle = float(np.median(notes.duration))
    if middle >= 2 * TICKS_PER_QUARTER:
        return TICKS_PER_QUARTER // 2
    is_quick = middle <= TICKS_PER_QUARTER // 2 and np.mean(notes.duration <= TICKS_PER_QUARTER // 4) > 0.25
    return TICKS_PER_QUARTER // (8 if is_quick else 4)


def skyline(notes: Notes) -> tuple[IntArray, IntArray]:
    """Return (edges, pitches): the highest pitch that sounds between neighbouring edges, -1 for none.

    >>> edges, pitches = skyline(Notes.of([(0, 40, 60), (10, 10, 67)]))
    >>> edges.tolist(), pitches.tolist()
    ([0, 10, 20, 40], [60, 67, 60])
    """
    edges = np.unique(np.concatenate([notes.onset, notes.offset]))
    pitches = np.full(len(edges) - 1, _SILENT)
    first, last = np.searchsorted(edges, notes.onset), np.searchsorted(edges, notes.offset)
    for a, b, pitch in zip(first.tolist(), last.tolist(), notes.pitch.tolist(), strict=True):
        np.maximum(pitches[a:b], pitch, out=pitches[a:b])
    return edges, pitches


def _where_sung(notes: Notes) -> tuple[int, int]:
    """Return (octaves to the choir's compass, semitones from there to the model's)."""
    pitches = skyline(notes)[1]
    low, high = int(pitches[pitches >= 0].min()), int(pitches.max())
    octaves = -max(0, -(-(high - HIGHEST_SUNG) // 12))
    if low + 12 * octaves < LOWEST_SUNG:
        raise InvalidInput(
            f"a soprano must lie from {pitch_name(LOWEST_SUNG)} up within {HIGHEST_SUNG - LOWEST_SUNG} semitones, got "
            f"{pitch_name(low)} to {pitch_name(high)}: move the tune up by octaves or give a narrower part"
        )
    low, high = low + 12 * octaves, high + 12 * octaves
    fits = [
        s
        for s in sorted(range(-6, 7), key=lambda s: (abs(s), s))
        if HOME[0] <= low + s and high + s <= HOME[1]
    ]
    return octaves, fits[0] if fits else min(HOME[1] - high, 0)


def _edges(notes: Notes, *, step: Ticks, pickup: Ticks) -> IntArray:
    """Return the ticks between frames, from the first note to the last; frames lie as the first whole bar does."""
    phase, end = pickup % step, notes.end
    begin = (int(notes.onset.min()) - phase) // step
    last = -(-(end - phase) // step)
    return np.maximum(phase + step * np.arange(begin, last + 1), 0)


def _heard(times: IntArray, pitches: IntArray, edges: IntArray) -> IntArray:
    """Return (frames, 4): the pitch heard longest, as the frame begins, just before it ends, and the lowest."""
    rows = []
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        low, high = np.searchsorted(times, start, side="right") - 1, np.searchsorted(times, end, side="left")
        low, high = max(int(low), 0), min(int(high), len(pitches))
        inside = pitches[low:high]
        length = np.minimum(times[low + 1 : high + 1], end) - np.maximum(times[low:high], start)
        sounding = inside >= 0
        if not sounding.any():
            rows.append((_SILENT,) * 4)
            continue
        longest = inside[int(np.where(sounding, length, 0).argmax())]
        at_start = inside[0] if times[low] <= start else _SILENT
        rows.append((int(longest), int(at_start), int(inside[-1]), int(inside[sounding].min())))
    return np.array(rows, np.int64)


def _rests(heard: IntArray) -> tuple[IntArray, BoolArray, BoolArray]:
    """Return which frames the model hears, and of all frames which are breaths and which are rests of all voices.

    A rest of a beat or more is not heard; an odd frame of it is, held, as the model reads frames in pairs.
    """
    silent = heard < 0
    starts = np.flatnonzero(np.diff(silent.astype(np.int8), prepend=0) == 1)
    ends = np.flatnonzero(np.diff(silent.astype(np.int8), append=0) == -1) + 1
    is_kept, is_breath, is_rest = (
        np.ones(len(heard), bool),
        np.zeros(len(heard), bool),
        np.zeros(len(heard), bool),
    )
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if end - start < BEAT:
            is_breath[start:end] = True
            continue
        is_breath[start:end] = is_rest[start:end] = True
        is_kept[start + (end - start) % 2 : end] = False
    return np.flatnonzero(is_kept), is_breath, is_rest


def _filled(ids: IntArray) -> IntArray:
    """Return ids with what sounded last in the place of rests."""
    at = np.maximum.accumulate(np.where(ids > 0, np.arange(len(ids)), 0))
    return ids[at]


def _before(ids: IntArray) -> IntArray:
    """Return what sounded last before each frame; the first frame's own id stands before it."""
    ends = _filled(np.where(ids[:, 2] > 0, ids[:, 2], ids[:, 0]))
    return np.append(ids[0, 1] or ids[0, 0], ends[:-1])


def voice_notes(tune: Tune, ids: IntArray, attacks: BoolArray, *, soprano: Notes) -> Notes:
    """Return a lower voice: equal neighbours are one note, struck again where `attacks` says so.

    ids: (frames,) the voice; attacks: (frames,).
    """
    rows = list(_runs(tune, ids, attacks))
    onset = np.array([row[0] for row in rows], np.int64)
    loud = soprano.velocity[np.maximum(np.searchsorted(soprano.onset, onset, side="right") - 1, 0)]
    pitch = np.array([row[2] for row in rows], np.int64) + LOWEST - 1 - tune.shift
    return Notes(onset, np.array([row[1] - row[0] for row in rows], np.int64), pitch, loud)


def _runs(tune: Tune, ids: IntArray, attacks: BoolArray) -> Iterator[tuple[int, int, int]]:
    """Yield (first tick, last tick, id) of the notes of a voice."""
    start = end = held = 0
    for (first, last), now, struck, is_rest in zip(
        tune.edges.tolist(), ids.tolist(), attacks.tolist(), tune.is_rest.tolist(), strict=True
    ):
        if held and (is_rest or struck or now != held or first != end):
            yield start, end, held
            held = 0
        if not is_rest:
            start, held, end = (start if held else first), now, last
    if held:
        yield start, end, held


def attacks_of(score: Score, part: int, tune: Tune) -> BoolArray:
    """Return the frames where a held voice is struck again: with the tune on a beat, or where it repeats a note.

    A singer of another voice has the tune's syllables; inside a beat a moving tune is one syllable.
    """
    notes, line = score.parts[part].notes, Timeline.of(score)
    onset = np.unique(notes.onset)
    top = np.array([notes.pitch[notes.onset == tick].max() for tick in onset])
    repeats = np.append(False, top[1:] == top[:-1])
    beat = BEAT * int(np.median(np.diff(tune.edges, axis=1)))
    bar_starts = line.bar_starts(int(line.bar_of(onset).max()) + 1)[line.bar_of(onset)]
    pickup = np.where(line.bar_of(onset) == 0, score.pickup_ticks, 0)
    on_beat = (onset - bar_starts - pickup) % beat == 0
    found: BoolArray = np.isin(tune.edges[:, 0], onset[repeats | on_beat])
    return found
