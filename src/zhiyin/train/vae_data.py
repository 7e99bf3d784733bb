"""What a bar VAE learns from: runs of bars of the corpus as steps, with harmony, keys and likeness beside them.

Conventions: lines are parts that play one note at a time; a bar that does not lie on sixteenths, or is longer than
sixteen, ends a run and is counted. Rows come straight from the tables. This module draws no windows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhiyin.data.corpus import SYNTHETIC, CorpusView, PieceArrays, corpus_sets, load_corpus
from zhiyin.data.tables import MODE_NAMES
from zhiyin.encode.bar_steps import DRUM_CLASSES, HOLD, KIT, PAD, REST, STEPS
from zhiyin.encode.context import style_code
from zhiyin.encode.scene import SIXTEENTH_STEPS
from zhiyin.errors import NotFound
from zhiyin.models.vae_condition import NO_ROOT
from zhiyin.score import ROLES as SCORE_ROLES
from zhiyin.theory.chord import QUALITY_NAMES, Chord
from zhiyin.theory.key import MODE_FIFTHS
from zhiyin.train.pieces import NEVER_SHIP
from zhiyin.units import BoolArray, IntArray

MOST_CHORDS = 0.05  # a line's share of attacks with more than one note
MOST_OFF_KIT = 0.1  # a groove bar's share of hits that lie off the sixteenths: flams and ghosts
NEAR = 1  # steps of 1/24 quarter that still count as on the grid
MIN_BARS = 2
MINOR_MODES = frozenset(i for i, name in enumerate(MODE_NAMES) if "minor" in name or name in ("dorian", "yu"))
_PITCH_CLASSES = {
    q: np.isin(np.arange(12), Chord(0, name).pitch_classes) for q, name in enumerate(QUALITY_NAMES)
}
_CLASS = np.full(128, -1, np.int64)
_CLASS[list(DRUM_CLASSES)] = list(DRUM_CLASSES.values())
_FIFTHS = np.array([MODE_FIFTHS[name] for name in MODE_NAMES] + [0])


@dataclass(frozen=True, eq=False)
class Run:
    """Bars side by side of one or several parts of a piece.

    steps: per part (bars, 16) or (bars, 16, 9); lengths: (bars,); sharps: (bars,) semitones of the signature's tonic
    above C; minor: (bars,) 1, 0, or -1; chords (bars, 2, 12), roots (bars, 2), absolute; like: (bars,) earlier bar of
    the run that each repeats, -1 none; left: (bars,) bars of the piece behind; role: of the first part.
    """

    name: str
    set_name: str
    role: str
    style: int
    weight: float
    steps: tuple[NDArray[np.uint8], ...]
    lengths: IntArray
    sharps: IntArray
    minor: IntArray
    chords: BoolArray
    roots: IntArray
    like: IntArray
    left: IntArray

    def __len__(self) -> int:
        return int(self.lengths.size)


@dataclass
class Count:
    """What was read and what was left out, in bars, by reason."""

    bars: Counter[str] = field(default_factory=Counter)

    def words(self) -> str:
        """Return the counts in one line."""
        return ", ".join(f"{name} {number:,}" for name, number in sorted(self.bars.items()))


def read_runs(
    corpus: Path,
    *,
    roles: tuple[str, ...],
    split: str,
    together: bool = False,
    sets: Iterable[str] = (),
    synthetic: float = 1.0,
    most_bars: int = 10**9,
    say: Callable[[str], None] = lambda line: None,
) -> list[Run]:
    """Return the runs of a split of what may ship: one a part of these roles, or one a piece with all roles together.

    synthetic: weight of sets that no person wrote, 0 to leave them out; most_bars: a set with more weighs as if it had
    so many. Raises NotFound when there is none.
    """
    runs: list[Run] = []
    count = Count()
    for name in sorted(sets) or corpus_sets(corpus):
        factor = synthetic if name in SYNTHETIC else 1.0
        if name in NEVER_SHIP or factor == 0.0:
            continue
        view = load_corpus(corpus, sets=[name], split=split)
        found = [r for i in range(len(view)) for r in _runs_of_piece(view, i, roles, together, count)]
        bars = sum(len(r) for r in found)
        factor *= min(1.0, most_bars / max(bars, 1))
        runs += [_weighed(r, factor) for r in found]
        if bars:
            say(f"{split} {name}: {len(found)} runs, {bars:,} bars")
    if not runs:
        raise NotFound(
            f"corpus {str(corpus)!r} holds no bars of {', '.join(roles)} in {split!r}: build more sets"
        )
    say(f"{split}: bars {count.words()}")
    return runs


def _weighed(run: Run, factor: float) -> Run:
    return replace(run, weight=factor * len(run))


def _runs_of_piece(
    view: CorpusView, index: int, roles: tuple[str, ...], together: bool, count: Count
) -> list[Run]:
    piece = view.piece(index)
    if piece.info["is_jsb_leak"] or not len(piece.bars["bar"]):
        return []
    grid = _Grid.of(piece)
    parts = _parts_of(piece, roles)
    if together:
        chosen = [next((row for row, role in parts if role == wanted), None) for wanted in roles]
        if any(row is None for row in chosen):
            return []
        read = [_read(piece, grid, row, count) for row in chosen if row is not None]
        if any(r is None for r in read):
            return []
        good = [r for r in read if r is not None]
        ok = np.logical_and.reduce([r[1] for r in good])
        ok &= np.logical_and.reduce([_plays(r[0]) for r in good])  # a trio plays together
        return _cut(piece, grid, roles[0], tuple(r[0] for r in good), ok)
    runs: list[Run] = []
    for row, role in parts:
        found = _read(piece, grid, row, count)
        if found is not None:
            runs += _cut(piece, grid, role, (found[0],), found[1])
    return runs


def _parts_of(piece: PieceArrays, roles: tuple[str, ...]) -> list[tuple[int, str]]:
    named = [SCORE_ROLES[int(r)] for r in np.asarray(piece.parts["role"])]
    drums = np.asarray(piece.parts["is_drums"])
    names = ["drums" if d else role for role, d in zip(named, drums.tolist(), strict=True)]
    return [(row, role) for row, role in enumerate(names) if role in roles]


@dataclass(frozen=True, eq=False)
class _Grid:
    """Bars of a piece: starts and lengths in steps, sixteenths of each, edges of them side by side."""

    starts: IntArray
    lengths: IntArray
    size: IntArray
    edges: IntArray

    @classmethod
    def of(cls, piece: PieceArrays) -> _Grid:
        starts = np.asarray(piece.bars["start"], np.int64)
        lengths = np.asarray(piece.bars["length"], np.int64)
        size = -(-lengths // SIXTEENTH_STEPS)
        return cls(starts, lengths, size, np.concatenate(([0], np.cumsum(size))))

    def place(self, steps: IntArray) -> tuple[IntArray, IntArray]:
        """Return (bar, sixteenth of all bars nearest) of times in steps."""
        bar = np.clip(np.searchsorted(self.starts, steps, side="right") - 1, 0, self.starts.size - 1)
        at = self.edges[bar] + (steps - self.starts[bar] + SIXTEENTH_STEPS // 2) // SIXTEENTH_STEPS
        return bar, np.minimum(at, self.edges[-1] - 1)


def _read(
    piece: PieceArrays, grid: _Grid, row: int, count: Count
) -> tuple[NDArray[np.uint8], BoolArray] | None:
    """Return ((sixteenths of all bars, ...) steps, (bars,) whether a bar may be learned from) of a part."""
    low, high = np.searchsorted(piece.notes["part"], [row, row + 1])
    if low == high:
        return None
    onset, duration, pitch = (
        np.asarray(piece.notes[n][low:high], np.int64) for n in ("onset", "duration", "pitch")
    )
    is_kit = bool(piece.parts["is_drums"][row])
    if not is_kit and 1 - np.unique(onset).size / onset.size > MOST_CHORDS:
        count.bars["in parts with chords"] += grid.size.size
        return None
    bar, first = grid.place(onset)
    off = np.minimum(
        (onset - grid.starts[bar]) % SIXTEENTH_STEPS, -(onset - grid.starts[bar]) % SIXTEENTH_STEPS
    )
    wrong = np.bincount(bar, off > NEAR, grid.size.size)
    hits = np.bincount(bar, minlength=grid.size.size)
    on_grid = wrong <= (MOST_OFF_KIT if is_kit else 0.0) * hits
    fits = (grid.size <= STEPS) & (grid.lengths > 0)
    count.bars["off the grid"] += int(np.sum(~on_grid))
    count.bars["longer than 16 sixteenths"] += int(np.sum(~fits))
    count.bars["read"] += int(np.sum(on_grid & fits))
    steps = _kit(grid, first, pitch) if is_kit else _line(grid, first, onset + duration, pitch)
    return _padded(grid, steps), on_grid & fits


def _kit(grid: _Grid, first: IntArray, pitch: IntArray) -> NDArray[np.uint8]:
    hits = np.zeros((int(grid.edges[-1]), KIT), np.uint8)
    kind = _CLASS[pitch]
    hits[first[kind >= 0], kind[kind >= 0]] = 1
    return hits


def _line(grid: _Grid, first: IntArray, end: IntArray, pitch: IntArray) -> NDArray[np.uint8]:
    _, last = grid.place(end)
    last = np.maximum(last, first + 1)
    sounds = np.zeros(int(grid.edges[-1]) + 2, np.int64)
    np.add.at(sounds, first, 1)
    np.add.at(sounds, last, -1)
    steps = np.where(np.cumsum(sounds)[: int(grid.edges[-1])] > 0, HOLD, REST).astype(np.uint8)
    steps[first] = pitch  # sorted by (onset, pitch): the top note of a moment stays
    return steps


def _padded(grid: _Grid, steps: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (bars, 16, ...) of steps side by side, shorter bars padded."""
    places = grid.edges[:-1, None] + np.arange(STEPS)
    inside = np.arange(STEPS) < grid.size[:, None]
    bars: NDArray[np.uint8] = steps[np.minimum(places, len(steps) - 1)]
    bars[~inside] = PAD if steps.ndim == 1 else 0
    return bars


def _plays(bars: NDArray[np.uint8]) -> BoolArray:
    """Return (bars,) whether anything begins."""
    found: BoolArray = np.asarray(bars.any(axis=(1, 2)) if bars.ndim == 3 else (bars < HOLD).any(axis=1))
    return found


def _cut(
    piece: PieceArrays, grid: _Grid, role: str, steps: tuple[NDArray[np.uint8], ...], ok: BoolArray
) -> list[Run]:
    """Return the runs of bars that may be learned from; more than two silent bars in a row end a run too."""
    plays = np.logical_or.reduce([_plays(s) for s in steps])
    near = plays | np.append(plays[1:], False) | np.append(False, plays[:-1])
    good = np.flatnonzero(ok & near)
    runs = np.split(good, np.flatnonzero(np.diff(good) > 1) + 1)
    harmony = _harmony(piece, grid)
    return [
        _run(piece, grid, role, steps, harmony, r)
        for r in runs
        if r.size >= MIN_BARS and plays[r].sum() >= MIN_BARS
    ]


def _harmony(piece: PieceArrays, grid: _Grid) -> tuple[BoolArray, IntArray]:
    """Return ((bars, 2, 12) pitch classes, (bars, 2) roots) of the chord in force in each half of each bar."""
    at = np.asarray(piece.chords["step"], np.int64)
    root, quality = np.asarray(piece.chords["root"], np.int64), np.asarray(piece.chords["quality"], np.int64)
    pcs = np.zeros((grid.starts.size, 2, 12), bool)
    roots = np.full((grid.starts.size, 2), NO_ROOT, np.int64)
    for half in range(2):
        when = grid.starts + half * (grid.lengths // 2)
        index = np.searchsorted(at, when, side="right") - 1
        for bar in np.flatnonzero(index >= 0).tolist():
            i = int(index[bar])
            if root[i] >= 0:
                roots[bar, half] = root[i]
                pcs[bar, half] = np.roll(_PITCH_CLASSES[int(quality[i])], int(root[i]))
    return pcs, roots


def _run(
    piece: PieceArrays, grid: _Grid, role: str, steps: tuple[NDArray[np.uint8], ...],
    harmony: tuple[BoolArray, IntArray], rows: IntArray,
) -> Run:  # fmt: skip
    b, info = piece.bars, piece.info
    mode = np.asarray(b["mode"], np.int64)[rows]
    fifths = np.asarray(b["tonic_fifths"], np.int64)[rows] + _FIFTHS[mode]
    like = np.asarray(b["repeat_of"], np.int64)[rows] - rows[0]
    return Run(
        f"{info['set']}/{info['id']}", str(info["set"]), role, style_code(info["style"] or None), 1.0,
        tuple(s[rows] for s in steps), grid.size[rows], fifths * 7 % 12,
        np.where(mode < 0, -1, np.isin(mode, list(MINOR_MODES)).astype(np.int64)), harmony[0][rows], harmony[1][rows],
        np.where((like >= 0) & (like < np.arange(rows.size)), like, -1), grid.starts.size - 1 - rows,
    )  # fmt: skip
