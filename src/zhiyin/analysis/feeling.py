"""What a score is likely to feel like: valence and arousal as two plain sums of cues, for a whole or a stretch.

Conventions: -1..1 on both axes, perceived and not felt; each cue is compared with what is usual and bounded to two
spreads. Signs and their order after Gabrielsson & Lindstroem, "The role of structure in the musical expression of
emotions" (2010) and Eerola, Friberg & Bresin, "Emotional expression in music" (2013); no weight was fitted to ratings
or to music of this project, and nothing that writes music reads this module. It does not know style.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiyin.analysis.columns import Columns, columns_of, top_line
from zhiyin.analysis.key import MAJOR_PROFILE, MINOR_PROFILE
from zhiyin.errors import InvalidInput
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_QUARTER, FloatArray, Ticks

FEWEST_NOTES = 8
MOST_SPREADS = 2.0
DISCORDS = (1, 2, 6)  # interval classes: seconds, sevenths, tritones
# What a cue weighs in each sum.
VALENCE = {"mode": 0.45, "consonance": 0.2, "register": 0.15, "contour": 0.1, "tempo": 0.1}
AROUSAL = {"rate": 0.35, "loudness": 0.25, "tempo": 0.15, "staccato": 0.15, "width": 0.1}
# Cue -> (usual, spread): mean and standard deviation over 196 held-out human scores of every set of the corpus; units
# are those of `feeling_cues`.
USUAL: dict[str, tuple[float, float]] = {
    "mode": (0.09, 0.2), "consonance": (0.79, 0.18), "register": (61.8, 6.1), "contour": (0.0, 0.11),
    "tempo": (6.74, 0.43), "rate": (2.6, 0.95), "loudness": (78.7, 11.1), "staccato": (-0.07, 0.23),
    "width": (8.5, 3.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feeling:
    """What was heard: valence (bitter to sweet) and arousal (still to stirred), -1..1, and the cues behind them."""

    valence: float
    arousal: float
    cues: Mapping[str, float]


def feeling_of(score: Score) -> Feeling:
    """Return what a score is likely to feel like. Raises InvalidInput for fewer than eight pitched notes.

    >>> from zhiyin.score import Notes, Part
    >>> bright = Notes.of([(i * 5040, 2520, p, 100) for i, p in enumerate((72, 76, 79, 84) * 4)])
    >>> dark = Notes.of([(i * 20160, 20160, p, 45) for i, p in enumerate((57, 60, 52, 57) * 4)])
    >>> first, second = (feeling_of(Score(parts=(Part("tune", line),))) for line in (bright, dark))
    >>> first.valence > 0 > second.valence, first.arousal > 0 > second.arousal
    (True, True)
    """
    return feeling_from(feeling_cues(score))


def feeling_from(cues: Mapping[str, float]) -> Feeling:
    """Return what cues add up to.

    >>> feeling_from({name: usual for name, (usual, _) in USUAL.items()}).arousal
    0.0
    """
    pushes = {
        name: max(-MOST_SPREADS, min(MOST_SPREADS, (cues[name] - usual) / spread)) / MOST_SPREADS
        for name, (usual, spread) in USUAL.items()
    }
    valence = sum(weight * pushes[name] for name, weight in VALENCE.items())
    arousal = sum(weight * pushes[name] for name, weight in AROUSAL.items())
    return Feeling(valence, arousal, dict(cues))


def feeling_between(score: Score, start: Ticks, end: Ticks) -> Feeling:
    """Return what the notes struck in a stretch are likely to feel like. Raises InvalidInput as `feeling_of` does."""
    parts = [part.with_notes(part.notes.between(start, end)) for part in score.parts]
    return feeling_of(score.with_parts(parts))


def feeling_cues(score: Score) -> dict[str, float]:
    """Return the cues of a score.

    mode: fit of the best major key less that of the best minor one; consonance: share of sounding time without a
    discord; register, width: mean and standard deviation of pitch; contour: rises less falls of the top line, as a
    share; tempo: log2 of quarters a minute; rate: log2 of notes a second; loudness: mean velocity; staccato: silence
    between a note's end and the next attack, as a share of the gap.

    Raises InvalidInput for fewer than eight pitched notes.
    """
    notes, every = columns_of(score), columns_of(score, with_drums=True)
    if len(notes) < FEWEST_NOTES:
        raise InvalidInput(
            f"a feeling must be heard in {FEWEST_NOTES} notes or more, got {len(notes)}: give more music"
        )
    line = Timeline.of(score)
    start, end = line.ticks_to_seconds(notes.onset), line.ticks_to_seconds(notes.offset)
    seconds = max(
        float(line.ticks_to_seconds(every.offset).max() - line.ticks_to_seconds(every.onset).min()), 1.0
    )
    quarters = (int(every.offset.max()) - int(every.onset.min())) / TICKS_PER_QUARTER
    pitch = notes.pitch.astype(float)
    return {
        "mode": _mode(notes, start, end),
        "consonance": _consonance(notes),
        "register": float(np.average(pitch, weights=end - start)),
        "contour": _contour(notes),
        "tempo": float(np.log2(max(quarters, 1.0) * 60.0 / seconds)),
        "rate": float(np.log2(every.onset.size / seconds)),
        "loudness": float(every.velocity.mean()),
        "staccato": _staccato(start, end),
        "width": float(pitch.std()),
    }


def _mode(notes: Columns, start: FloatArray, end: FloatArray) -> float:
    weights = np.zeros(12)
    np.add.at(weights, notes.pitch % 12, end - start)
    if weights.std() == 0:
        return 0.0
    fits = [
        max(float(np.corrcoef(np.roll(profile, tonic), weights)[0, 1]) for tonic in range(12))
        for profile in (MAJOR_PROFILE, MINOR_PROFILE)
    ]
    return fits[0] - fits[1]


def _consonance(notes: Columns) -> float:
    """Return the share of sounding time in which no discord sounds."""
    edges = np.unique(np.concatenate([notes.onset, notes.offset]))
    change = np.zeros((12, edges.size), np.int64)
    np.add.at(change, (notes.pitch % 12, np.searchsorted(edges, notes.onset)), 1)
    np.add.at(change, (notes.pitch % 12, np.searchsorted(edges, notes.offset)), -1)
    sounds = np.cumsum(change, axis=1)[:, :-1] > 0
    rough = np.zeros(sounds.shape[1], bool)
    for interval in DISCORDS:
        rough |= (sounds & np.roll(sounds, interval, axis=0)).any(axis=0)
    lengths, heard = np.diff(edges).astype(float), sounds.any(axis=0)
    return float(1.0 - lengths[rough & heard].sum() / lengths[heard].sum())


def _contour(notes: Columns) -> float:
    tops = notes.pitch[top_line(notes.onset, notes.pitch)]
    steps = np.sign(np.diff(tops))
    return float(steps.mean()) if steps.size else 0.0


def _staccato(start: FloatArray, end: FloatArray) -> float:
    attacks = np.unique(start)
    place = np.searchsorted(attacks, start, side="right")
    inside = place < attacks.size
    if not inside.any():
        return 0.0
    gap = attacks[place[inside]] - start[inside]
    return float(np.median(np.clip(1.0 - (end - start)[inside] / np.maximum(gap, 1e-6), -1.0, 1.0)))
