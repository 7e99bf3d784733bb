"""Form: which bars resemble which, and the sections they make.

Conventions: bars count from 0; similarity runs from 0 to 1; sections are named A, B, and A' for a varied return.
This module does not know repeat signs: repeats must be written out.
"""

from __future__ import annotations

import numpy as np

from zhiyin.analysis.columns import Columns, bar_edges, columns_of, top_line
from zhiyin.score import Score, Section
from zhiyin.units import BoolArray, FloatArray, IntArray

PLACES = 24  # positions in a bar at which features are compared
CONTENT, RHYTHM, MELODY = 0.5, 0.2, 0.3  # weights of what sounds, when, and how the top line moves
TRANSPOSED = 0.85  # a bar moved to another pitch is at most this alike
REPEAT_THRESHOLD = 0.8  # a bar resembles an earlier one from here on
SAME_SECTION, VARIED_SECTION = 0.72, 0.5  # mean likeness bar by bar for the same letter, for a prime
MAX_SECTION = 32
# Worth of a section by its length in bars: form favours 8 and 16, then other multiples of four, then even numbers.
LENGTH_WORTH = {8: 1.0, 16: 1.1, 12: 0.55, 4: 0.1, 6: 0.0, 10: 0.1, 14: 0.1, 24: 0.5, 32: 0.5, 20: 0.4}
ODD_WORTH, SHORT_WORTH = -0.5, -2.5  # other lengths; shorter than four bars
BORDER_WORTH = 1.2  # of a border at which the music changes fully or a repeat begins
DIAGONAL = 4  # bars that must agree in a row for a repeat to begin


def bar_similarity(score: Score) -> FloatArray:
    """Return how alike any two bars are: (bars, bars), 1 on the diagonal, symmetric.

    What sounds (pitch class by place), when (attacks by place) and how the top line moves (interval by place) are
    compared by cosine; a transposed bar keeps rhythm and motion and reaches 0.85 at most. Two empty bars are alike;
    an empty bar and a full one are not.
    """
    edges = bar_edges(score)
    bars = max(len(edges) - 1, 0)
    notes = columns_of(score, with_drums=True)
    place = _places(notes.onset, edges)
    drums = np.array([part.is_drums for part in score.parts], bool)[notes.part]
    tone = np.where(drums, 12, notes.pitch % 12)
    content = _cosine(_counts(place * 13 + tone, bars, PLACES * 13))
    rhythm = _cosine(_counts(place * 3 + _layers(notes, drums), bars, PLACES * 3))
    melody = _cosine(_counts(_motion(notes, ~drums, place), bars, PLACES * 32))
    moved = TRANSPOSED * (0.4 * rhythm + 0.6 * melody)
    alike: FloatArray = np.maximum(CONTENT * content + RHYTHM * rhythm + MELODY * melody, moved)
    empty = np.bincount(place // PLACES, minlength=bars) == 0
    alike[empty[:, None] | empty[None, :]] = 0.0
    alike[empty[:, None] & empty[None, :]] = 1.0
    np.fill_diagonal(alike, 1.0)
    return alike


def repeat_of(score: Score, *, threshold: float = REPEAT_THRESHOLD) -> IntArray:
    """Return for each bar the earliest earlier bar it resembles best, or -1: (bars,).

    Only bars at least `threshold` alike count; within 0.02 of the best the earliest wins. Empty bars resemble none.
    """
    return _repeats(bar_similarity(score), _sounding(score), threshold)


def find_sections(score: Score) -> tuple[Section, ...]:
    """Return the sections of a score, each at the first tick of a bar, the first at tick 0.

    Borders are set where repeats begin or end and where the music changes, at distances that form favours; equal
    sections share a letter, varied returns carry a prime. A pick-up belongs to the first section.
    """
    edges = bar_edges(score)
    if len(edges) < 2:
        return ()
    alike = bar_similarity(score)
    first = 1 if score.pickup_ticks and len(edges) > 2 else 0
    strength = _border_strength(alike[first:, first:], _novelty(_kinship(score, edges)[first:, first:]))
    borders = _segment(strength, len(alike) - first) + first
    names = _letters(alike, borders)
    ticks = [0, *edges[borders[1:-1]].tolist()]
    return tuple(Section(int(tick), name) for tick, name in zip(ticks, names, strict=True))


def _places(onset: IntArray, edges: IntArray) -> IntArray:
    """Return bar * PLACES + place in the bar of each onset."""
    if len(edges) < 2:
        return np.zeros(0, np.int64)
    bar = np.searchsorted(edges, onset, side="right") - 1
    places: IntArray = bar * PLACES + (onset - edges[bar]) * PLACES // (edges[bar + 1] - edges[bar])
    return places


def _layers(notes: Columns, drums: BoolArray) -> IntArray:
    """Return 0 for the top note of each moment, 1 for notes below it, 2 for drums."""
    layer = np.where(drums, 2, 1)
    rows = np.flatnonzero(~drums)
    layer[rows[top_line(notes.onset[rows], notes.pitch[rows])]] = 0
    return layer


def _motion(notes: Columns, pitched: BoolArray, place: IntArray) -> IntArray:
    """Return place * 32 + interval of the top line from the note before, folded to -12..12."""
    rows = np.flatnonzero(pitched)
    rows = rows[top_line(notes.onset[rows], notes.pitch[rows])]
    rows = rows[np.argsort(notes.onset[rows], kind="stable")]
    step = np.clip(np.diff(notes.pitch[rows]), -12, 12) + 12
    inside = place[rows][1:] // PLACES == place[rows][:-1] // PLACES  # the way into a bar is not its own
    start = np.where(inside, step, 31)
    codes: IntArray = place[rows] * 32 + np.append(np.full(min(rows.size, 1), 31), start)
    return codes


def _counts(codes: IntArray, bars: int, width: int) -> FloatArray:
    counts = np.bincount(codes, minlength=bars * width).astype(np.float64)
    return counts.reshape(bars, width)


def _cosine(rows: FloatArray) -> FloatArray:
    used = rows[:, rows.any(axis=0)]
    unit = used / np.maximum(np.linalg.norm(used, axis=1, keepdims=True), 1e-9)
    product: FloatArray = np.minimum(unit @ unit.T, 1.0)
    return product


def _sounding(score: Score) -> BoolArray:
    edges, notes = bar_edges(score), columns_of(score, with_drums=True)
    bars = max(len(edges) - 1, 0)
    started: BoolArray = np.bincount(_places(notes.onset, edges) // PLACES, minlength=bars) > 0
    return started


def _repeats(alike: FloatArray, sounding: BoolArray, threshold: float) -> IntArray:
    if not len(alike):
        return np.empty(0, np.int64)
    earlier = np.tril(alike, -1)
    best = earlier.max(axis=1, keepdims=True)
    first = (earlier >= np.maximum(best - 0.02, 1e-9)).argmax(axis=1)
    found: IntArray = np.where((best[:, 0] >= threshold) & sounding, first, -1)
    return found


def _kinship(score: Score, edges: IntArray) -> FloatArray:
    """Return how alike bars are in tones, rhythm and height, whatever their order: (bars, bars)."""
    notes, bars = columns_of(score, with_drums=True), len(edges) - 1
    place = _places(notes.onset, edges)
    bar = place // PLACES
    drums = np.array([part.is_drums for part in score.parts], bool)[notes.part]
    tones = _cosine(_counts(bar * 13 + np.where(drums, 12, notes.pitch % 12), bars, 13))
    rhythm = _cosine(_counts(place, bars, PLACES))
    pitched = np.bincount(bar[~drums], minlength=bars)
    height = np.bincount(bar[~drums], weights=notes.pitch[~drums], minlength=bars) / np.maximum(pitched, 1)
    near: FloatArray = np.exp(-np.abs(np.subtract.outer(height, height)) / 6.0)
    return 0.5 * tones + 0.3 * rhythm + 0.2 * near


def _border_strength(alike: FloatArray, novelty: FloatArray) -> FloatArray:
    """Return how much a section wants to begin at each bar: novelty, and repeats that begin or end there."""
    bars = len(alike)
    strength = np.maximum(novelty - np.median(novelty), 0.0)  # in restless music every bar is new
    begins = _repeat_starts(alike)
    ends = np.append(_repeat_starts(alike[::-1, ::-1]), 0.0)[::-1][:bars]  # read backwards, ends are starts
    return strength + 0.8 * begins + 0.5 * ends


def _repeat_starts(alike: FloatArray) -> FloatArray:
    """Return 0..1 for each bar: how surely a stretch heard elsewhere, of DIAGONAL bars or more, starts there."""
    bars = len(alike)
    apart = np.abs(np.subtract.outer(np.arange(bars), np.arange(bars))) >= DIAGONAL
    matched = (_run_likeness(alike) >= SAME_SECTION) & apart
    before = np.zeros_like(alike)
    before[1:, 1:] = alike[:-1, :-1]
    starts: FloatArray = np.minimum((matched & (before < VARIED_SECTION)).sum(axis=1), 2) / 2
    return np.maximum(starts, matched[:, 0])


def _run_likeness(alike: FloatArray) -> FloatArray:
    """Return the mean likeness of DIAGONAL bars in a row; 0 where they do not fit."""
    bars = len(alike)
    run = np.zeros_like(alike)
    fit = bars - DIAGONAL + 1
    if fit > 0:
        run[:fit, :fit] = sum(alike[k : k + fit, k : k + fit] for k in range(DIAGONAL)) / DIAGONAL
    return run


def _novelty(alike: FloatArray) -> FloatArray:
    """Return how little the four bars before each bar have to do with the four after, 0..1.

    Source: Foote, "Automatic Audio Segmentation Using a Measure of Audio Novelty", ICME 2000.
    """
    at = np.arange(len(alike))
    before, after = (at - DIAGONAL, at), (at, at + DIAGONAL)
    total = np.pad(alike.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    within = (_block_mean(total, before, before) + _block_mean(total, after, after)) / 2
    novelty: FloatArray = np.clip(within - _block_mean(total, before, after), 0.0, 1.0)
    novelty[0] = 1.0
    return novelty


def _block_mean(
    total: FloatArray, rows: tuple[IntArray, IntArray], columns: tuple[IntArray, IntArray]
) -> FloatArray:
    """Return the mean of each block (first, end) of rows and columns, cut at the edges; 0 when nothing is left.

    total: (bars + 1, bars + 1) sums over all rows and columns before.
    """
    top, bottom, left, right = (np.clip(edge, 0, len(total) - 1) for edge in (*rows, *columns))
    area = total[bottom, right] - total[top, right] - total[bottom, left] + total[top, left]
    mean: FloatArray = area / np.maximum((bottom - top) * (right - left), 1)
    return mean


def _segment(strength: FloatArray, bars: int) -> IntArray:
    """Return the borders 0 = b0 < b1 < ... = bars that are worth most."""
    lengths = np.arange(1, MAX_SECTION + 1)
    worth = np.array([LENGTH_WORTH.get(n, SHORT_WORTH if n < 4 else ODD_WORTH) for n in lengths.tolist()])
    best, back = np.full(bars + 1, -np.inf), np.zeros(bars + 1, np.int64)
    best[0] = 0.0
    for end in range(1, bars + 1):
        size = lengths[: min(end, MAX_SECTION)]
        totals = best[end - size] + worth[: size.size] + BORDER_WORTH * strength[end - size] - 1.0
        back[end] = end - size[totals.argmax()]
        best[end] = totals.max()
    borders = [bars]
    while borders[-1]:
        borders.append(int(back[borders[-1]]))
    return np.array(borders[::-1], np.int64)


def _letters(alike: FloatArray, borders: IntArray) -> list[str]:
    """Return a name for each section: the letter of the first earlier section it equals, a prime when varied."""
    names: list[str] = []
    letters = 0
    for index, (start, end) in enumerate(zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True)):
        scores = [
            _likeness(alike, (int(borders[k]), int(borders[k + 1])), (start, end)) for k in range(index)
        ]
        best = int(np.argmax(scores)) if scores else 0
        if scores and scores[best] >= VARIED_SECTION:
            names.append(names[best] if scores[best] >= SAME_SECTION else names[best].rstrip("'") + "'")
            continue
        names.append(_letter(letters))
        letters += 1
    return names


def _likeness(alike: FloatArray, first: tuple[int, int], second: tuple[int, int]) -> float:
    """Return the mean likeness of two stretches bar by bar, scaled down where their lengths differ."""
    short, long = sorted((first[1] - first[0], second[1] - second[0]))
    bars = np.arange(short)
    return float(alike[first[0] + bars, second[0] + bars].mean()) * (0.5 + 0.5 * short / long)


def _letter(index: int) -> str:
    """Return A..Z, then AA, AB ..."""
    head, tail = divmod(index, 26)
    return (_letter(head - 1) if head else "") + chr(ord("A") + tail)
