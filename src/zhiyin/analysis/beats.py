"""Beats of performed music: whether notes keep to the written grid, and where beats and bars lie if they do not.

Conventions: found beats are own ticks of the score, tracked in seconds through its tempo marks.
This module moves no note: see `zhiyin.analysis.beats_grid`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiyin.analysis.beats_events import FEATURES, Events, events_of
from zhiyin.analysis.beats_metre import find_bars, is_compound
from zhiyin.analysis.beats_track import DENSITIES, Track, track
from zhiyin.analysis.columns import beats_of, columns_of
from zhiyin.score import Score, Timeline
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER, FloatArray, IntArray

Keeping = Literal["written", "click", "free"]
# A note within this of the grid is on it: MIDI files round by up to 5 ticks (1,024 a quarter).
ROUNDING_TICKS = 30
LEAST_EXACT = (
    0.5  # share of onsets on the grid in written music; the grid's 8 lines a quarter catch 0.05 by chance
)
# Mean cosine of the onsets' phase in a click: 25 human drummers to a click have 0.27 to 0.90; of 250 free
# performances one in 250 has more than this, half have under 0.06.
LEAST_PULL = 0.25
LEAST_EVIDENCE = 8.0  # onsets x pull squared: about the log of how unlikely chance is
CLICKS = (1, 2, 3, 4, 6)  # divisions of a quarter that a player may keep to
FEWEST_ONSETS = 4
BARS_WEIGHT = 2.0  # of the log odds of downbeats beside those of onsets
CHANCE_APART = 0.0486  # mean distance of random onsets from halves, thirds and quarters of a beat
# Log odds that a moment is a beat by each of FEATURES: logistic regression on 250 training pieces performed as in
# benchmarks/beats.py, velocity made smaller (the performances are ours) and drums by hand.
SALIENCE = np.array([0.1, 0.5, 0.35, 1.6, 0.0, 0.0, 0.05, 0.4, 0.3, 0.5])


@dataclass(frozen=True, slots=True)
class Performed:
    """How far the notes keep to the written grid.

    flag: they ignore it; kind: written (on it), click (about it), free (apart from it); exact_share: onsets on
    sixteenths and their triplets; pull: how strongly onsets gather about the grid, 0 by chance, 1 all on it.
    """

    flag: bool
    kind: Keeping
    exact_share: float
    pull: float
    onsets: int


@dataclass(frozen=True, eq=False)
class FoundBeats:
    """Beats and bars of a score.

    beat_ticks: (beats,) own ticks, rising, the last one closes the music (the first may lie before tick 0);
    downbeats: indices of the beats that open bars; metre: of most bars; is_ternary: (beats - 1,) splits in three;
    confidence: 0..1; kind: written and click take the score's own beats, free has been tracked.
    """

    beat_ticks: IntArray
    downbeats: IntArray
    metre: Metre
    is_ternary: np.ndarray[tuple[int], np.dtype[np.bool_]]
    confidence: float
    kind: Keeping

    @property
    def downbeat(self) -> int:
        """Return the index of the first beat that opens a bar."""
        return int(self.downbeats[0])


def is_performed(score: Score) -> Performed:
    """Return whether notes ignore the written grid, with the evidence; drums count too.

    >>> is_performed(Score()).kind
    'written'
    """
    onset = np.unique(columns_of(score, with_drums=True).onset)
    if onset.size < FEWEST_ONSETS:
        return Performed(False, "written", 1.0, 1.0, int(onset.size))
    place = onset - score.pickup_ticks
    exact = float(np.mean(_distance(place) <= ROUNDING_TICKS))
    phase = 2 * np.pi * place / TICKS_PER_QUARTER
    pull = max(float(np.cos(phase * clicks).mean()) for clicks in CLICKS)
    is_click = pull >= LEAST_PULL and onset.size * pull**2 >= LEAST_EVIDENCE
    kind: Keeping = "written" if exact >= LEAST_EXACT else "click" if is_click else "free"
    return Performed(kind == "free", kind, exact, pull, int(onset.size))


def _distance(ticks: IntArray) -> IntArray:
    """Return how far each tick lies from the nearest sixteenth or triplet sixteenth."""
    parts = [
        np.abs((ticks + step // 2) % step - step // 2)
        for step in (TICKS_PER_QUARTER // 4, TICKS_PER_QUARTER // 6)
    ]
    nearest: IntArray = np.minimum(*parts)
    return nearest


def find_beats(score: Score, *, kind: Keeping | None = None) -> FoundBeats:
    """Return the beats and bars of a score: its own where its notes keep to them, tracked ones where they do not.

    kind: what is known of the score, found by `is_performed` when None.
    >>> find_beats(Score()).beat_ticks.tolist()
    [0, 10080]
    """
    kind = kind or is_performed(score).kind
    events = events_of(score)
    if kind != "free" or len(events) < FEWEST_ONSETS:
        return _own_beats(score, "written" if kind == "free" else kind)
    return found_beats(score, events, best_track(events))


def best_track(events: Events) -> Track:
    """Return the row of beats that explains onsets and bars best, whatever the density of the music."""
    salience = salience_of(events)
    rows = [track(events.time_s, salience, how) for how in DENSITIES]
    bars = [find_bars(events, row.beat_s).evidence for row in rows]
    return rows[int(np.argmax([row.evidence + BARS_WEIGHT * e for row, e in zip(rows, bars, strict=True)]))]


def salience_of(events: Events) -> FloatArray:
    """Return how much each moment sounds like a beat, -2..2."""
    assert len(FEATURES) == SALIENCE.size
    salience: FloatArray = np.clip(events.features @ SALIENCE, -2.0, 2.0)
    return salience


def found_beats(score: Score, events: Events, tracked: Track) -> FoundBeats:
    """Return tracked beats with their bars and metre, in the score's own ticks."""
    bars = find_bars(events, tracked.beat_s)
    phase = np.interp(events.time_s, tracked.beat_s, np.arange(tracked.beat_s.size))
    compound = is_compound(phase, tracked.is_ternary)
    metre = Metre(3 * bars.beats, 8) if compound else Metre(bars.beats, 4)
    ticks = Timeline.of(score).seconds_to_ticks(tracked.beat_s)
    return FoundBeats(ticks, bars.downbeats, metre, tracked.is_ternary, _confidence(phase, tracked), "free")


def _confidence(phase: FloatArray, tracked: Track) -> float:
    """Return how well the onsets lie on beats, halves and thirds, and how many beats are struck: 0..1."""
    places = np.array([0, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1])
    apart = np.abs((phase % 1)[:, None] - places).min(1)
    fit = float(np.clip(1 - apart.mean() / CHANCE_APART, 0.0, 1.0))
    struck = np.unique(np.rint(phase)[np.abs(phase - np.rint(phase)) < 0.12]).size
    return round(fit * min(struck / max(tracked.beat_s.size - 1, 1), 1.0), 3)


def _own_beats(score: Score, kind: Keeping) -> FoundBeats:
    beats = beats_of(score)
    metre = score.metres[0].metre
    edges = beats.edges if beats.edges.size > 1 else np.array([0, metre.beat_ticks], np.int64)
    downbeats = np.flatnonzero(beats.weight == 1.0) if beats.edges.size > 1 else np.array([0])
    ternary = np.full(edges.size - 1, metre.is_compound)
    return FoundBeats(edges, downbeats if downbeats.size else np.array([0]), metre, ternary, 1.0, kind)
