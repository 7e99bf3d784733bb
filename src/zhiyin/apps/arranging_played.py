"""Arranging what was played apart from the written beats: on the beats found, and given back in the player's time.

Conventions: notes of the source keep the onset, length and velocity they were played with, cut where the arrangement
cuts them; added notes sound with those of their place. This module arranges nothing: see `zhiyin.arrange`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.analysis.beats import is_performed
from zhiyin.arrange import Arrangement
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.found_grid import ended, let_go, page_tempos
from zhiyin.score import ChordMark, KeyMark, Note, Notes, Origin, Part, Score, Timeline
from zhiyin.score.provenance import origins_of
from zhiyin.units import Ticks


@dataclass(frozen=True, eq=False)
class GivenBack:
    """An arrangement and its score in the time of the source.

    made: as it stands on the page; score: as it sounds, the same notes part for part; desk: None where the written
    beats hold and both scores are one.
    """

    made: Arrangement
    score: Score
    desk: Desk | None = None


def arranged(score: Score, make: Callable[[Score], Arrangement]) -> GivenBack:
    """Return the arrangement of a score, on the beats found where it was played apart from the written ones."""
    desk = lay_out(score) if is_performed(score).flag else None
    if desk is None or not desk.is_performed:
        made = make(score)
        return GivenBack(made, made.score)
    source = _Source.of(desk)
    made = make(source.frame)
    back = [_part(source, part) for part in made.score.parts]
    table = (*desk.own.provenance, *made.score.provenance[len(source.notes) :])
    marks = made.score
    page = replace(
        marks, parts=tuple(page for page, _ in back), provenance=table, tempos=page_tempos(desk),
        length_ticks=source.frame.end,
    )  # fmt: skip
    own = replace(
        desk.own, parts=tuple(part for _, part in back), provenance=table, locks=(), length_ticks=desk.own.end,
        keys=desk.own.keys or tuple(KeyMark(_at(desk, m.tick), m.key) for m in marks.keys),
        chords=desk.own.chords or tuple(ChordMark(_at(desk, m.tick), m.chord) for m in marks.chords),
    )  # fmt: skip
    gone = made.score.note_count - page.note_count
    return GivenBack(replace(made, score=page, added=made.added - gone), own, desk)


def _at(desk: Desk, tick: Ticks) -> Ticks:
    return int(desk.warp.to_own([tick])[0]) if tick else 0


@dataclass(frozen=True, eq=False)
class _Source:
    """The frame to arrange, each note with an origin of its own, which is its place in `notes` and `lasts`.

    notes: (as played, its own origin); lasts: its length in the frame; struck: pitched notes by their place in it.
    """

    desk: Desk
    frame: Score
    notes: tuple[tuple[Note, int], ...]
    lasts: tuple[int, ...]
    struck: dict[Ticks, list[Note]]

    @classmethod
    def of(cls, desk: Desk) -> _Source:
        """Return the frame ended at its last bar line, with the names of notes instead of their origins."""
        parts, notes, lasts = list[Part](), list[tuple[Note, int]](), list[int]()
        struck: dict[Ticks, list[Note]] = defaultdict(list)
        end = Timeline.of(desk.frame).bar_start(desk.bars)
        for index, (own, part) in enumerate(zip(desk.own.parts, desk.frame.parts, strict=True)):
            there = ended(part.notes, end)
            for place, note in zip(desk.onsets[index].tolist(), own.notes, strict=True):
                if not own.is_drums:
                    struck[place].append(note)
            names = np.arange(len(notes), len(notes) + len(there))
            notes += _as_played(desk, index, there)
            lasts += there.duration.tolist()
            parts.append(replace(part, role=own.role, notes=there.with_columns(origin=names)))
        frame = replace(
            desk.frame, parts=tuple(parts), locks=(), length_ticks=end, keys=desk.frame.keys if desk.own.keys else (),
            chords=desk.frame.chords if desk.has_own_chords else (),
            provenance=tuple(Origin("file", str(name)) for name in range(len(notes))),
        )  # fmt: skip
        return cls(desk, frame, tuple(notes), tuple(lasts), struck)

    def when(self, tick: Ticks) -> Ticks:
        """Return when what begins at a place of the grid was played: the middle onset there, else by the beats."""
        own = sorted(note.onset for note in self.struck.get(tick, ()))
        return own[len(own) // 2] if own else int(self.desk.warp.to_own([tick])[0])

    def doubled(self, note: Note) -> Note | None:
        """Return the source's note that an added one doubles, in any octave."""
        return next(
            (own for own in self.struck.get(note.onset, ()) if (own.pitch - note.pitch) % 12 == 0), None
        )


def _as_played(desk: Desk, index: int, there: Notes) -> Iterator[tuple[Note, int]]:
    """Yield for each note of a part of the frame the person's note that it was, and that one's origin."""
    own = desk.own.parts[index].notes
    origins = origins_of(own, len(desk.own.provenance)).tolist()
    found: dict[tuple[int, int], tuple[Note, int]] = {}
    for place, note, origin in zip(desk.onsets[index].tolist(), own, origins, strict=True):
        found.setdefault((place, note.pitch), (note, origin))
    for note in there:
        yield found[note.onset, note.pitch]


def _part(source: _Source, part: Part) -> tuple[Part, Part]:
    """Return a part of the arrangement as it stands on the page and as it sounds."""
    notes, desk, count = part.notes, source.desk, len(source.notes)
    if not len(notes):
        return part, part
    names = origins_of(notes, count + 1).tolist()
    rows = [_as_sounding(source, note, name) for note, name in zip(notes, names, strict=True)]
    onset, duration, velocity = np.array(rows, np.int64).T
    shift = len(desk.own.provenance) - count
    origin = np.array([source.notes[n][1] if n < count else n + shift for n in names], np.int64)
    there = onset < desk.own.end  # behind the last note played nobody adds any
    page = notes.with_columns(origin=origin).take(there)
    own = page.with_columns(onset=onset[there], duration=duration[there], velocity=velocity[there])
    return part.with_notes(page), part.with_notes(let_go(own))


def _as_sounding(source: _Source, note: Note, name: int) -> tuple[int, int, int]:
    """Return (onset, duration, velocity) of a note of the arrangement in the time of the source."""
    end = min(source.when(note.onset + note.duration), source.desk.own.end)
    if name < len(source.notes):
        own, length = source.notes[name][0], end - source.notes[name][0].onset
        if note.duration == source.lasts[name]:
            length = own.duration
        elif note.duration < source.lasts[name]:
            length = min(length, own.duration)
        return own.onset, max(length, 1), own.velocity
    double = source.doubled(note)
    onset = double.onset if double else source.when(note.onset)
    return onset, max(end - onset, 1), note.velocity
