"""Summary numbers of a score: what `info` prints and what checks compare.

Conventions: seconds, quarter notes a minute, MIDI pitch; drums count as notes but not as pitches.
This module does not judge whether numbers are good.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.analysis.columns import Columns, columns_of
from zhiyin.score import Part, Score, Timeline
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER, Bpm, FloatArray, Seconds


@dataclass(frozen=True, slots=True)
class PartSummary:
    """Numbers of one part.

    low, high: pitch range (drum keys on drums; None when silent); polyphony: most notes at once;
    density: notes a quarter from the first note to the last.
    """

    name: str
    role: str
    program: int
    is_drums: bool
    notes: int
    low: int | None
    high: int | None
    polyphony: int
    density: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Numbers of a whole score.

    tempo_bpm: mean weighted by time (quarter notes a minute); tempo_range: slowest and fastest; metres in order of
    first use; polyphony: most notes at once; pitch_class_shares: (12,) of sounding time, zeros if unpitched;
    pitch_class_entropy: bits, 0..3.58; off_beat_share: attacks not on a quarter; rest_share: of the time in which
    nothing sounds.
    """

    bars: int
    seconds: Seconds
    notes: int
    parts: tuple[PartSummary, ...]
    metres: tuple[Metre, ...]
    tempo_bpm: Bpm
    tempo_range: tuple[Bpm, Bpm]
    polyphony: int
    low: int | None
    high: int | None
    pitch_class_shares: tuple[float, ...]
    pitch_class_entropy: float
    notes_per_second: float
    mean_velocity: float
    off_beat_share: float
    rest_share: float


def summarise(score: Score) -> Summary:
    """Return the summary of a score.

    >>> summarise(Score()).notes
    0
    """
    line, pitched, everything = Timeline.of(score), columns_of(score), columns_of(score, with_drums=True)
    seconds, shares = line.duration_s(score.end), pitch_class_shares(pitched)
    tempos = [tempo.bpm for tempo in score.tempos if tempo.tick < max(score.end, 1)]
    return Summary(
        bars=line.bar_count(score.end),
        seconds=seconds,
        notes=len(everything),
        parts=tuple(_part_summary(part) for part in score.parts),
        metres=tuple(dict.fromkeys(mark.metre for mark in score.metres)),
        tempo_bpm=score.end / TICKS_PER_QUARTER / seconds * 60.0 if seconds else score.tempos[0].bpm,
        tempo_range=(min(tempos), max(tempos)),
        polyphony=most_at_once(everything),
        low=int(pitched.pitch.min()) if len(pitched) else None,
        high=int(pitched.pitch.max()) if len(pitched) else None,
        pitch_class_shares=tuple(shares.tolist()),
        pitch_class_entropy=entropy_bits(shares),
        notes_per_second=len(everything) / seconds if seconds else 0.0,
        mean_velocity=float(everything.velocity.mean()) if len(everything) else 0.0,
        off_beat_share=float((everything.onset % TICKS_PER_QUARTER != 0).mean()) if len(everything) else 0.0,
        rest_share=1.0 - _sounding_ticks(everything) / score.end if score.end else 0.0,
    )


def pitch_class_shares(notes: Columns) -> FloatArray:
    """Return the share of sounding time of each pitch class: (12,), zeros when there are no notes."""
    ticks = np.bincount(notes.pitch % 12, weights=notes.offset - notes.onset, minlength=12).astype(np.float64)
    shares: FloatArray = ticks / max(float(ticks.sum()), 1.0)
    return shares


def entropy_bits(shares: FloatArray) -> float:
    """Return the entropy of a distribution in bits; 0 for an empty one.

    >>> entropy_bits(np.array([0.5, 0.25, 0.25]))
    1.5
    """
    used = shares[shares > 0]
    return float(-(used * np.log2(used)).sum()) + 0.0


def most_at_once(notes: Columns) -> int:
    """Return the most notes sounding at one moment; a note that ends as another starts does not overlap it."""
    ticks = np.concatenate([notes.offset, notes.onset])
    change = np.repeat([-1, 1], len(notes))
    order = np.lexsort((change, ticks))
    return int(np.cumsum(change[order]).max(initial=0))


def _sounding_ticks(notes: Columns) -> int:
    """Return the ticks in which at least one note sounds."""
    order = np.argsort(notes.onset, kind="stable")
    onset, offset = notes.onset[order], np.maximum.accumulate(notes.offset[order])
    gaps = np.maximum(onset[1:] - offset[:-1], 0).sum()
    return int(offset[-1] - onset[0] - gaps) if len(notes) else 0


def _part_summary(part: Part) -> PartSummary:
    notes = part.notes
    columns = Columns(notes.onset, notes.offset, notes.pitch, notes.velocity, np.zeros(len(notes), np.int64))
    quarters = (notes.end - int(notes.onset[0])) / TICKS_PER_QUARTER if len(notes) else 1.0
    return PartSummary(
        name=part.name,
        role=part.role,
        program=part.program,
        is_drums=part.is_drums,
        notes=len(notes),
        low=int(notes.pitch.min()) if len(notes) else None,
        high=int(notes.pitch.max()) if len(notes) else None,
        polyphony=most_at_once(columns),
        density=len(notes) / quarters,
    )
