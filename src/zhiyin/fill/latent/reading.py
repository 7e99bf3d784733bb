"""A part of a score as bars of sixteen steps, and bars back as notes.

Conventions: onsets go to the nearest sixteenth of their bar and are counted where that moved them; bars are moved to a
signature without sharps and flats, and back. This module knows no networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.analysis.key import find_keys
from zhiyin.encode.bar_steps import (
    DRUM_PITCHES,
    STEPS,
    Bars,
    cut_bars,
    kit_steps,
    line_steps,
    notes_of_line,
    shifted,
)
from zhiyin.errors import InvalidInput
from zhiyin.score import Notes, Part, Score, Timeline
from zhiyin.units import TICKS_PER_QUARTER, IntArray

SIXTEENTH = TICKS_PER_QUARTER // 4
FEW = 0.05  # of a line's notes may sound together with the next one
NEAR_TICKS = SIXTEENTH // 6  # what moves less is on the grid as far as a person hears


@dataclass(frozen=True, eq=False)
class PartBars:
    """Bars of a part in a signature without sharps and flats.

    role: melody, bass or drums; sharps: semitones that were taken off, 0..11 counted down from 6 up; moved: attacks
    that stood between sixteenths; dropped: notes below the top one of their moment, or drums of no class.
    """

    bars: Bars
    role: str
    sharps: int = 0
    moved: int = 0
    dropped: int = 0

    def __len__(self) -> int:
        return len(self.bars)

    @property
    def own(self) -> Bars:
        """Return the bars at the pitches that they had."""
        return shifted(self.bars, self.sharps)

    def take(self, rows: IntArray) -> PartBars:
        """Return some of the bars."""
        return replace(self, bars=self.bars.take(rows))


def signature_of(score: Score) -> int:
    """Return the semitones -5..6 from C to the tonic of the major key with the score's first signature.

    The key is found where the score gives none.

    >>> from zhiyin.score import KeyMark
    >>> from zhiyin.theory.key import Key
    >>> signature_of(Score(keys=(KeyMark(0, Key.parse("Em")),)))  # one sharp, as G major has
    -5
    """
    keys = score.keys or (find_keys(score) if score.note_count else ())
    semitones = keys[0].key.fifths * 7 % 12 if keys else 0
    return semitones if semitones <= 6 else semitones - 12


def share_held_over(notes: Notes) -> float:
    """Return the share 0..1 of notes still sounding well after the next one has begun: 0 in a line, legato or not.

    >>> share_held_over(Notes.of([(0, 480, 60), (0, 480, 64), (480, 490, 62), (960, 480, 60)]))
    0.25
    """
    if len(notes) < 2:
        return 0.0
    order = np.lexsort((notes.pitch, notes.onset))
    onset, length = notes.onset[order], notes.duration[order]
    over = (onset + length)[:-1] - onset[1:]
    return float(np.sum(over > np.minimum(SIXTEENTH, length[:-1] // 2)) / len(notes))


def is_line(notes: Notes) -> bool:
    """Return whether notes come one at a time, but for one in twenty."""
    return share_held_over(notes) <= FEW


def role_of(part: Part) -> str:
    """Return melody, bass or drums: what a part counts as for the family."""
    if part.is_drums:
        return "drums"
    return "bass" if part.role == "bass" else "melody"


def read_part(score: Score, part: int, *, bars: Sequence[int], sharps: int | None = None) -> PartBars:
    """Return some bars (0-based, in order) of a part of a score on the grid.

    sharps: the score's signature when omitted. Raises InvalidInput for a bar longer than sixteen sixteenths.
    """
    line, chosen = Timeline.of(score), score.parts[part]
    edges = line.bar_starts(max(bars, default=-1) + 1)
    size = (np.diff(edges) + SIXTEENTH // 2) // SIXTEENTH
    wrong = [bar for bar in bars if not 1 <= size[bar] <= STEPS]
    if wrong:
        raise InvalidInput(
            f"bars must hold 1..{STEPS} sixteenths to be read as latents, got {int(size[wrong[0]])} in bar "
            f"{wrong[0] + 1}: choose bars of 4/4 or less, or another family"
        )
    sixteenths = np.concatenate(([0], np.cumsum(size)))
    strike = np.zeros((int(sixteenths[-1]) + 1, 128), bool)
    sound = np.zeros_like(strike)
    first, moved = _places(chosen.notes.onset, edges, sixteenths)
    last, _ = _places(chosen.notes.offset, edges, sixteenths)
    for low, high, pitch in zip(first.tolist(), last.tolist(), chosen.notes.pitch.tolist(), strict=True):
        if low < sixteenths[-1]:
            strike[low, pitch] = True
            sound[low : max(high, low + 1), pitch] = True
    steps = kit_steps(strike[:-1]) if chosen.is_drums else line_steps(strike[:-1], sound[:-1])
    rows = np.array(list(bars), np.int64)
    cut = cut_bars(steps, sixteenths).take(rows)
    kept = int(cut.steps.sum()) if chosen.is_drums else int((cut.steps < 128).sum())
    inside = np.isin(np.searchsorted(edges, chosen.notes.onset, side="right") - 1, rows)
    by = 0 if chosen.is_drums else signature_of(score) if sharps is None else sharps
    return PartBars(
        shifted(cut, -by), role_of(chosen), by, int(np.sum(moved & inside)), max(int(inside.sum()) - kept, 0)
    )


def _places(ticks: IntArray, edges: IntArray, sixteenths: IntArray) -> tuple[IntArray, IntArray]:
    """Return (sixteenth of all bars nearest to each tick, whether the tick was off it)."""
    bar = np.clip(np.searchsorted(edges, ticks, side="right") - 1, 0, len(edges) - 2)
    inside = np.minimum(ticks - edges[bar], edges[bar + 1] - edges[bar])
    place = (inside + SIXTEENTH // 2) // SIXTEENTH
    found = np.minimum(sixteenths[bar] + place, sixteenths[bar + 1])
    return found, np.abs(inside - place * SIXTEENTH) > NEAR_TICKS


def notes_of(part: PartBars, starts: IntArray, *, velocity: int = 80) -> Notes:
    """Return the notes of bars that begin at ticks (bars,), at the pitches of their own signature."""
    bars = part.own
    edges = np.concatenate(([0], np.cumsum(bars.lengths)))

    def tick(place: int) -> int:
        bar = min(int(np.searchsorted(edges, place, side="right")) - 1, len(bars) - 1)
        return int(starts[bar]) + (place - int(edges[bar])) * SIXTEENTH

    if bars.is_kit:
        bar, step, kind = np.nonzero(bars.steps)
        onset = starts[bar] + step * SIXTEENTH
        return Notes(
            onset, np.full(onset.size, SIXTEENTH), np.array(DRUM_PITCHES)[kind], np.full(onset.size, velocity)
        )
    rows = [(tick(a), tick(a + n - 1) + SIXTEENTH - tick(a), p, velocity) for a, n, p in notes_of_line(bars)]
    return Notes.of(rows)


def stretched(bars: Bars, lengths: IntArray) -> Bars:
    """Return bars drawn out or in to other lengths, each step at its share of the bar; the first note of several stays.

    >>> short = cut_bars(np.array([60, 62], np.uint8), np.array([0, 2]))
    >>> stretched(short, np.array([4])).steps[0, :4].tolist()
    [60, 128, 62, 128]
    """
    rows = []
    for steps, old, new in zip(bars.steps, bars.lengths.tolist(), lengths.tolist(), strict=True):
        place = np.arange(new) * old // new
        row = steps[place].copy()
        again = np.append(False, place[1:] == place[:-1])
        row[again] = 0 if bars.is_kit else np.where(row[again] < 128, 128, row[again])
        rows.append(row)
    edges = np.concatenate(([0], np.cumsum(lengths)))
    return cut_bars(np.concatenate(rows), edges)
