"""Paraphrases of tunes: known copies, transposed, re-timed, ornamented and cut, to measure retrieval with.

Conventions: a tune is a line of (onset in steps, pitch); a paraphrase keeps the order of its notes.
Does not know: how a copy is searched for.
"""

from __future__ import annotations

import numpy as np

from zhiyin.rights.lines import Line
from zhiyin.units import STEPS_PER_QUARTER

KINDS = ("transposed", "re-timed", "ornamented", "fragment", "all at once")
BAR_STEPS = 4 * STEPS_PER_QUARTER
ORNAMENTED, DROPPED, RETIMED = 0.15, 0.05, 0.35  # shares of notes
FEWEST_NOTES, SHORT_NOTES = 32, 24


def paraphrase(line: Line, kind: str, rng: np.random.Generator) -> Line:
    """Return a passage of a line changed in one of KINDS; every kind is also transposed and played at another pace."""
    cut = _cut(line, rng, short=kind in ("fragment", "all at once"))
    onset, pitch = cut.onset, cut.pitch
    if kind in ("re-timed", "all at once"):
        onset = _retimed(onset, rng)
    if kind in ("ornamented", "all at once"):
        onset, pitch = _ornamented(onset, pitch, rng)
    shift = int(rng.choice([s for s in range(-6, 7) if s]))
    pace = int(rng.choice([1, 2, 3]))
    return Line(line.part, line.kind, onset * pace, pitch + shift)


def _cut(line: Line, rng: np.random.Generator, *, short: bool) -> Line:
    """Return 8 to 32 bars of four quarters, at least 32 notes; or about 8 bars and at least 24 notes."""
    size = line.onset.size
    fewest = SHORT_NOTES if short else FEWEST_NOTES
    first = int(rng.integers(max(size - fewest, 0) + 1))
    bars = 8 if short else int(rng.integers(8, 33))
    last = int(np.searchsorted(line.onset, line.onset[first] + bars * BAR_STEPS))
    last = min(max(last, first + fewest), size)
    return Line(line.part, line.kind, line.onset[first:last] - line.onset[first], line.pitch[first:last])


def _retimed(onset: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return onsets with a third of the lengths made a half or a quarter longer or shorter."""
    length = np.diff(onset)
    chosen = rng.random(length.size) < RETIMED
    factor = rng.choice([0.5, 0.75, 1.25, 1.5, 2.0], length.size)
    changed = np.where(chosen, np.maximum(np.rint(length * factor), 1), length).astype(np.int64)
    return np.concatenate(([0], np.cumsum(changed)))


def _ornamented(
    onset: np.ndarray,
    pitch: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the tune with a neighbour note in every seventh note and a note in twenty dropped."""
    length = np.append(np.diff(onset), STEPS_PER_QUARTER)
    rows: list[tuple[int, int]] = []
    for at, key, long in zip(onset.tolist(), pitch.tolist(), length.tolist(), strict=True):
        chance = rng.random()
        if chance < DROPPED:
            continue
        rows.append((at, key))
        if chance > 1 - ORNAMENTED and long >= 4:
            rows += [(at + long // 4, key + int(rng.choice([-2, -1, 1, 2]))), (at + long // 2, key)]
    table = np.array(rows, np.int64)
    return table[:, 0], table[:, 1]
