"""Content: digests of a score's notes and marks that do not depend on the file they travel in.

Conventions: SHA-256 of an ASCII text that is written out in docs/provenance.md; parts in order, empty ones left out.
This module does not see names, instruments, words, spellings, voices, controls or locks: no digest covers them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from zhiyin.score import Notes, Score
from zhiyin.score.quantise import snap
from zhiyin.units import TICKS_PER_STEP

_TEMPO_PLACES = 3  # decimals of a tempo: MIDI stores whole microseconds a quarter


@dataclass(frozen=True, slots=True)
class Content:
    """Three digests, each "sha256:" and 64 hexadecimal digits.

    notes: onset, length, pitch and loudness of every note, to the tick; music: onset, length and pitch on the grid of
    24 steps a quarter, which every format can carry; marks: tempos, metres, keys, chords, sections, pickup.
    """

    notes: str
    music: str
    marks: str


def content_of(score: Score) -> Content:
    """Return the digests of a score.

    >>> content_of(Score()).notes == content_of(Score(title="other")).notes
    True
    """
    sounding = [(part.notes, part.is_drums) for part in score.parts if len(part.notes)]
    exact = [_part_text(notes, "nd"[is_drums]) for notes, is_drums in sounding]
    coarse = [_part_text(_without_loudness(on_grid(notes)), "nd"[is_drums]) for notes, is_drums in sounding]
    return Content(_digest(exact), _digest(coarse), _digest(_marks(score)))


def on_grid(notes: Notes) -> Notes:
    """Return notes with onset and end on the nearest of 24 steps a quarter, as notation formats write them."""
    onset = snap(notes.onset)
    end = np.maximum(snap(notes.offset), onset + TICKS_PER_STEP)
    return notes.with_columns(onset=onset, duration=end - onset)


def _without_loudness(notes: Notes) -> Notes:
    return notes.with_columns(velocity=np.ones(len(notes), np.int64))


def _part_text(notes: Notes, kind: str) -> str:
    """Return one line a part: its kind (n, or d for drums), then "onset length pitch loudness" of each note, sorted."""
    rows = sorted(tuple(note) for note in notes)
    return kind + "".join(f" {onset} {length} {pitch} {loudness}" for onset, length, pitch, loudness in rows)


def _marks(score: Score) -> list[str]:
    """Return one line a mark; what only repeats the mark before it is left out."""
    tempos = [(m.tick, f"{m.bpm:.{_TEMPO_PLACES}f}") for m in score.tempos]
    metres = [(m.tick, str(m.metre)) for m in score.metres]
    keys = [(m.tick, f"{m.key.tonic_fifths} {m.key.mode}") for m in score.keys]
    chords = [
        (m.tick, f"{m.chord.root} {m.chord.quality} {m.chord.bass}" if m.chord else "none")
        for m in score.chords
    ]
    sections = [(m.tick, m.name.encode("unicode_escape").decode()) for m in score.sections]
    lines = [f"pickup {score.pickup_ticks}"]
    for name, rows in (("tempo", tempos), ("metre", metres), ("key", keys), ("chord", chords)):
        news = [row for i, row in enumerate(rows) if i == 0 or row[1] != rows[i - 1][1]]
        lines += [f"{name} {tick} {value}" for tick, value in news]
    return lines + [f"section {tick} {name}" for tick, name in sections]


def _digest(lines: list[str]) -> str:
    return "sha256:" + hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
