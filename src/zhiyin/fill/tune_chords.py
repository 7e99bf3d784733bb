"""What chord a tune suggests on each beat, learned from people's harmonisations: a table of weights, and a best path.

Conventions: a state is a root above the tonic (of the relative major in minor) times FAMILIES; one state a felt beat;
numbers are natural log-probabilities. Built by `tune_chords_build`. This module knows no style and no model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from zhiyin.analysis.columns import Beats, spread
from zhiyin.score import Notes
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_QUARTER, FloatArray, IntArray

TABLE = "tune_chords.csv"
FAMILIES = ("", "m", "dim")
STATES = 12 * len(FAMILIES)
OTHER = -1  # suspended, augmented and bare chords belong to no family
BAR_SHARE = 0.7
PRIOR, MOVES = 0.3, 0.3  # how much of the commonness of chords is taken off, and of their progressions added


@dataclass(frozen=True, eq=False)
class TuneTable:
    """weights: (features, states); moves: (2, states, states) off and on a downbeat; prior: (states,)."""

    weights: FloatArray
    moves: FloatArray
    prior: FloatArray


@cache
def tune_table() -> TuneTable:
    """Return the table that ships."""
    text = (resources.files("zhiyin.fill") / TABLE).read_text(encoding="ascii")
    rows: dict[str, list[list[float]]] = {}
    for line in text.splitlines()[1:]:
        kind, *numbers = line.split(",")
        rows.setdefault(kind, []).append([float(x) for x in numbers])
    moves = np.array([rows["move"], rows["move on a downbeat"]])
    return TuneTable(np.array(rows["weight"]), moves, np.array(rows["prior"][0]))


def home_of(key: Key) -> int:
    """Return the pitch class that states count from: the tonic, in minor that of the relative major."""
    return (key.tonic + 3) % 12 if key.is_minor else key.tonic


def family_of(chord: Chord | None) -> int:
    """Return the place of a chord's triad in FAMILIES, OTHER for none of them.

    >>> [family_of(Chord.parse(s)) for s in ("G7", "Dm7", "Bm7b5", "Gsus4")]
    [0, 1, 2, -1]
    """
    tones = () if chord is None else QUALITIES[chord.quality]
    if 4 in tones and 8 not in tones:
        return 0
    return (2 if 6 in tones else 1) if 3 in tones else OTHER


def state_of(chord: Chord | None, home: int) -> int:
    """Return the state of a chord, or OTHER."""
    family = family_of(chord)
    return OTHER if chord is None or family == OTHER else family * 12 + (chord.root - home) % 12


def features_of(notes: Notes, beats: Beats, key: Key) -> FloatArray:
    """Return (beats, features): what sounds now, in this bar, before and after, on the beat; and where the beat is."""
    edges, home = beats.edges, home_of(key)
    row, beat, overlap = spread(notes.onset, notes.offset, edges)
    now = np.zeros((len(edges) - 1, 12))
    np.add.at(now, (beat, (notes.pitch[row] - home) % 12), overlap / TICKS_PER_QUARTER)
    bars = np.zeros((int(beats.bar.max()) + 1, 12))
    np.add.at(bars, beats.bar, now)
    none = np.zeros((1, 12))
    later, sooner = np.vstack([now[1:], none]), np.vstack([none, now[:-1]])
    next_bar, last_bar = np.vstack([bars[1:], none])[beats.bar], np.vstack([none, bars[:-1]])[beats.bar]
    held, struck = _on_beat(notes, edges, home)
    places = _places(beats)
    minor = float(key.is_minor)
    is_end = (beats.bar == beats.bar.max())[:, None]
    return np.hstack([
        _shares(now), _shares(bars[beats.bar]), _shares(later), _shares(sooner), BAR_SHARE * _shares(next_bar),
        BAR_SHARE * _shares(last_bar), held, struck, held * (beats.weight == 1.0)[:, None], held * is_end, places,
        np.full((len(now), 1), minor), places * minor, held * minor,
    ])  # fmt: skip


def _on_beat(notes: Notes, edges: IntArray, home: int) -> tuple[FloatArray, FloatArray]:
    """Return (beats, 12) the class that sounds as each beat begins, and the same where it is struck there."""
    ticks = edges[:-1]
    index = np.searchsorted(notes.onset, ticks, side="right") - 1
    sounds = (index >= 0) & (notes.offset[np.maximum(index, 0)] > ticks)
    held = np.zeros((len(ticks), 12))
    held[sounds, (notes.pitch[index[sounds]] - home) % 12] = 1
    return held, held * np.isin(ticks, notes.onset)[:, None]


def _places(beats: Beats) -> FloatArray:
    """Return (beats, 9) where a beat stands in its bar and in the piece."""
    bar, last, weight = beats.bar, beats.bar.max(), beats.weight
    rows = (
        np.ones(len(bar)), weight == 1.0, weight == 0.75, bar == last, bar == last - 1, bar == bar[0], bar % 4 == 3,
        (bar == last) & (weight == 1.0), np.arange(len(bar)) == len(bar) - 1,
    )  # fmt: skip
    return np.stack(rows, 1).astype(np.float64)


def _shares(amounts: FloatArray) -> FloatArray:
    shares: FloatArray = amounts / np.maximum(amounts.sum(1, keepdims=True), 0.25)
    return shares


def state_scores(features: FloatArray, table: TuneTable) -> FloatArray:
    """Return (beats, states) log-probabilities of chords, less a share of how common each is."""
    logits = features @ table.weights
    top = logits.max(1, keepdims=True)
    logs = logits - top - np.log(np.exp(logits - top).sum(1, keepdims=True))
    scores: FloatArray = logs - PRIOR * table.prior
    return scores


def best_path(scores: FloatArray, moves: FloatArray) -> list[int]:
    """Return the states of most gain: scores (beats, states), moves (beats, states, states) into each beat.

    >>> best_path(np.array([[1.0, 0.0], [0.0, 0.5], [1.0, 0.0]]), np.array([[[0.0, -1.0], [-1.0, 0.0]]] * 3))
    [0, 0, 0]
    """
    best, back = scores[0].copy(), []
    for beat in range(1, len(scores)):
        reach = best[:, None] + moves[beat]
        back.append(reach.argmax(0))
        best = reach.max(0) + scores[beat]
    path = [int(best.argmax())]
    for came in reversed(back):
        path.append(int(came[path[-1]]))
    return path[::-1]


def chord_path(notes: Notes, beats: Beats, key: Key, *, extra: FloatArray | None = None) -> list[int]:
    """Return the chord state of each beat under a tune; extra: (beats, states) what else speaks for each."""
    table = tune_table()
    scores = state_scores(features_of(notes, beats, key), table)
    moves = MOVES * table.moves[(beats.weight == 1.0).astype(np.int64)]
    return best_path(scores if extra is None else scores + extra, moves)
