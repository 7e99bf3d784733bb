"""Some forty plain numbers about a short score, and how far two heaps of such numbers lie apart.

Conventions: drums are left out; time in quarters; a line is one part's highest note at each onset; shares lie in 0..1.
Does not know: who wrote a score; shares no code with the package's judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_QUARTER

Array = NDArray[np.float64]
INTERVALS = (0, 2, 4, 7, 12)  # semitones: unison, step, third, fourth to fifth, octave, more
LENGTHS = (0.3, 0.55, 0.9, 1.3, 2.1)  # quarters
GROUPS = ("pitch classes", "intervals", "rhythm", "density", "repetition", "harmony", "register")


@dataclass(frozen=True, slots=True)
class Lines:
    """The pitched notes of a score as arrays: onset, duration (quarters), pitch, part; bars and their length."""

    onset: Array
    duration: Array
    pitch: NDArray[np.int64]
    part: NDArray[np.int64]
    bars: int
    bar_quarters: float


def lines_of(score: Score) -> Lines:
    """Return the pitched notes of a score in one metre."""
    parts = [(i, p) for i, p in enumerate(score.parts) if not p.is_drums and len(p.notes)]
    line = Timeline.of(score)
    bar = line.bar_start(1) / TICKS_PER_QUARTER
    columns = [(p.notes.onset, p.notes.duration, p.notes.pitch, np.full(len(p.notes), i)) for i, p in parts]
    onset, duration, pitch, part = (
        np.concatenate([c[k] for c in columns]) if columns else np.zeros(0, np.int64) for k in range(4)
    )
    bars = max(round(score.end / TICKS_PER_QUARTER / bar), 1)
    return Lines(onset / TICKS_PER_QUARTER, duration / TICKS_PER_QUARTER, pitch, part, bars, bar)


def top_line(lines: Lines, part: int) -> NDArray[np.int64]:
    """Return the rows of a part's highest note at each onset, in order."""
    rows = np.flatnonzero(lines.part == part)
    rows = rows[np.lexsort((-lines.pitch[rows], lines.onset[rows]))]
    is_first = np.diff(lines.onset[rows], prepend=-1.0) != 0
    found: NDArray[np.int64] = rows[is_first]
    return found


def features(score: Score) -> dict[str, float]:
    """Return the features of a score by name, "group: what"."""
    lines = lines_of(score)
    tops = [top_line(lines, part) for part in np.unique(lines.part)]
    found: dict[str, float] = {}
    for group, values in (
        ("pitch classes", _pitch_classes(lines)), ("intervals", _intervals(lines, tops)),
        ("rhythm", _rhythm(lines, tops)), ("density", _density(lines, tops)), ("repetition", _repetition(lines, tops)),
        ("harmony", _harmony(lines, score)), ("register", _register(lines)),
    ):  # fmt: skip
        found |= {f"{group}: {name}": float(value) for name, value in values.items()}
    return found


def _shares(values: Array, edges: tuple[float, ...]) -> Array:
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    found: Array = counts / max(counts.sum(), 1)
    return found


def _mean(values: ArrayLike) -> float:
    """Return the mean, 0 of nothing."""
    array = np.asarray(values, np.float64)
    return float(array.mean()) if array.size else 0.0


def _entropy(weights: NDArray[Any]) -> float:
    counts: Array = np.asarray(weights, np.float64)
    share = counts[counts > 0] / max(counts.sum(), 1e-9)
    return float(-(share * np.log2(share)).sum())


def _pitch_classes(lines: Lines) -> dict[str, float]:
    whole = np.bincount(lines.pitch % 12, weights=lines.duration, minlength=12)
    bar = (lines.onset // lines.bar_quarters).astype(int)
    by_bar = [np.bincount(lines.pitch[bar == b] % 12, minlength=12) for b in range(lines.bars)]
    best = max(whole[(np.array([0, 2, 4, 5, 7, 9, 11]) + k) % 12].sum() for k in range(12))
    return {
        "entropy": _entropy(whole), "entropy of a bar": float(np.mean([_entropy(c) for c in by_bar])),
        "in one scale": best / max(whole.sum(), 1e-9), "in use": float((whole > 0).sum()),
    }  # fmt: skip


def _intervals(lines: Lines, tops: list[NDArray[np.int64]]) -> dict[str, float]:
    moves = [np.diff(lines.pitch[rows]) for rows in tops]
    move = np.concatenate([*moves, np.zeros(0, np.int64)])
    names = ("unison", "step", "third", "fourth or fifth", "to the octave", "wider")
    found = dict(zip(names, _shares(np.abs(move), INTERVALS), strict=True))
    turns = [np.sign(m[1:]) * np.sign(m[:-1]) for m in moves if m.size > 1]
    after_leap = [np.abs(m[1:][np.abs(m[:-1]) > 4]) <= 2 for m in moves if m.size > 1]
    return found | {
        "turns": _mean(np.concatenate([*turns, np.zeros(0)]) < 0),
        "leaps left by step": _mean(np.concatenate([*after_leap, np.zeros(0)])),
        "upwards": _mean(move > 0),
    }


def _rhythm(lines: Lines, tops: list[NDArray[np.int64]]) -> dict[str, float]:
    onset = np.concatenate([*(lines.onset[rows] for rows in tops), np.zeros(0)])
    gaps = np.concatenate([*(np.diff(lines.onset[rows]) for rows in tops), np.zeros(0)])
    names = ("sixteenth", "eighth", "dotted eighth", "quarter", "half", "longer")
    found = {f"length {n}": v for n, v in zip(names, _shares(lines.duration, LENGTHS), strict=True)}
    found |= {f"gap {n}": v for n, v in zip(names, _shares(gaps, LENGTHS), strict=True)}
    phase = onset % 1.0
    same = [np.diff(lines.onset[rows]) for rows in tops]
    steady = np.concatenate([*(g[1:] == g[:-1] for g in same if g.size > 1), np.zeros(0)])
    return found | {
        "on the beat": float(np.mean(phase < 0.01)) if onset.size else 0.0,
        "on the half beat": float(np.mean(np.abs(phase - 0.5) < 0.01)) if onset.size else 0.0,
        "on the bar": float(np.mean(onset % lines.bar_quarters < 0.01)) if onset.size else 0.0,
        "steady": _mean(steady),
    }


def _density(lines: Lines, tops: list[NDArray[np.int64]]) -> dict[str, float]:
    per_bar = [
        np.bincount((lines.onset[rows] // lines.bar_quarters).astype(int), minlength=lines.bars)[: lines.bars]
        / lines.bar_quarters
        for rows in tops
    ]
    rates = np.array(per_bar) if per_bar else np.zeros((1, 1))
    return {
        "attacks a quarter": float(np.log(rates.mean() + 0.1)),
        "change from bar to bar": float(rates.std(axis=1).mean()),
        "notes an attack": lines.onset.size / max(sum(len(rows) for rows in tops), 1),
        "sounding": float(np.log(lines.duration.sum() / (lines.bars * lines.bar_quarters) + 0.1)),
        "silent bars": float(np.mean(rates == 0)),
    }  # fmt: skip


def _repetition(lines: Lines, tops: list[NDArray[np.int64]]) -> dict[str, float]:
    verbatim, rhythm, runs = [], [], []
    for rows in tops:
        bars = _bars(lines, rows)
        pairs = [(a, b) for a, b in pairwise(bars) if a and b]
        verbatim += [a == b for a, b in pairs]
        rhythm += [[n[0] for n in a] == [n[0] for n in b] for a, b in pairs]
        runs.append(longest_repeat(lines.pitch[rows], lines.duration[rows]) / max(len(rows), 1))
    return {
        "bar like the one before": _mean(verbatim),
        "rhythm like the bar before": _mean(rhythm),
        "longest repeat": _mean(runs),
    }  # fmt: skip


def _bars(lines: Lines, rows: NDArray[np.int64]) -> list[list[tuple[float, int]]]:
    bars: list[list[tuple[float, int]]] = [[] for _ in range(lines.bars)]
    for row in rows.tolist():
        bar = int(lines.onset[row] // lines.bar_quarters)
        if bar < lines.bars:
            bars[bar].append((round(float(lines.onset[row] % lines.bar_quarters), 3), int(lines.pitch[row])))
    return bars


def longest_repeat(pitch: NDArray[np.int64], duration: Array) -> int:
    """Return the length of the longest run of (interval, duration) heard at two places, overlaps included.

    >>> longest_repeat(np.array([60, 62, 64, 67, 69, 71]), np.ones(6))
    2
    """
    codes = np.stack([np.diff(pitch), np.round(duration[1:] * 24).astype(int)], axis=1)
    best = 0
    for lag in range(1, len(codes)):
        same = np.all(codes[lag:] == codes[:-lag], axis=1)
        edges = np.flatnonzero(np.diff(np.concatenate(([0], same.astype(int), [0]))))
        if edges.size:
            best = max(best, int((edges[1::2] - edges[::2]).max()))
    return best


def _harmony(lines: Lines, score: Score) -> dict[str, float]:
    strong, inside = 0, 0
    marks = [(m.tick / TICKS_PER_QUARTER, m.chord) for m in score.chords]
    for onset, pitch in zip(lines.onset.tolist(), lines.pitch.tolist(), strict=True):
        if onset % (lines.bar_quarters / 2) > 0.01:
            continue
        chord = next((c for t, c in reversed(marks) if t <= onset + 1e-6), None)
        if chord is not None:
            strong, inside = strong + 1, inside + (pitch % 12 in {*chord.pitch_classes, chord.bass})
    together = _together(lines)
    return {
        "chord tones on strong beats": inside / strong if strong else 0.9,
        "seconds and sevenths": float(np.mean(np.isin(together % 12, (1, 2, 10, 11))))
        if together.size
        else 0.0,
        "tritones": float(np.mean(together % 12 == 6)) if together.size else 0.0,
        "octaves and unisons": float(np.mean(together % 12 == 0)) if together.size else 0.0,
        "thirds and sixths": float(np.mean(np.isin(together % 12, (3, 4, 8, 9)))) if together.size else 0.0,
    }


def _together(lines: Lines) -> NDArray[np.int64]:
    """Return the intervals between every two notes that sound at a quarter."""
    found = [np.zeros(0, np.int64)]
    for at in np.arange(0.0, lines.bars * lines.bar_quarters, 1.0):
        pitch = np.sort(lines.pitch[(lines.onset <= at + 0.01) & (lines.onset + lines.duration > at + 0.01)])
        found.append((pitch[:, None] - pitch[None, :])[np.tril_indices(pitch.size, -1)])
    return np.concatenate(found)


def _register(lines: Lines) -> dict[str, float]:
    if not lines.pitch.size:
        return {"highest": 0.0, "lowest": 0.0, "range of a part": 0.0}
    spans = [float(np.ptp(lines.pitch[lines.part == p])) for p in np.unique(lines.part)]
    return {
        "highest": float(lines.pitch.max()), "lowest": float(lines.pitch.min()),
        "range of a part": float(np.mean(spans)),
    }  # fmt: skip


def as_table(scores: list[Score]) -> tuple[list[str], Array]:
    """Return the names and (scores, features) values."""
    rows = [features(score) for score in scores]
    return list(rows[0]), np.array([list(row.values()) for row in rows])


def distances(names: list[str], ours: Array, human: Array) -> dict[str, float]:
    """Return by group the mean 1-Wasserstein distance of each feature's distribution, in human standard deviations."""
    sd = human.std(axis=0) + 1e-6
    grid = np.linspace(0.01, 0.99, 99)
    gap = np.abs(np.quantile(ours, grid, axis=0) - np.quantile(human, grid, axis=0)).mean(axis=0) / sd
    gap = np.minimum(gap, 5.0)
    of_group = {
        group: [g for name, g in zip(names, gap, strict=True) if name.startswith(group)] for group in GROUPS
    }
    return {group: float(np.mean(gaps)) for group, gaps in of_group.items() if gaps}


def auc(ours: Array, human: Array, *, groups_ours: list[str], groups_human: list[str], seed: int) -> float:
    """Return the two-sample AUC: cross-validated by piece, the mean of a logistic classifier and a forest."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x = np.concatenate((ours, human))
    y = np.repeat([1, 0], [len(ours), len(human)])
    groups = np.array([*groups_ours, *groups_human])
    folds = GroupKFold(5, shuffle=True, random_state=seed)
    found = []
    for classifier in (
        make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000, class_weight="balanced")),
        RandomForestClassifier(30, min_samples_leaf=3, class_weight="balanced", random_state=seed),
    ):
        p = cross_val_predict(classifier, x, y, groups=groups, cv=folds, method="predict_proba")[:, 1]
        found.append(float(roc_auc_score(y, p)))
    return float(np.mean(found))
