"""Charts of music on a sheet: heat maps over time, curves, bars of shares, the plane of moods, a roll of notes.

Conventions: every chart gets its box in pixels and stays inside, but for labels left of it and below; light paper.
This module finds nothing and knows no files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from zhiyin.render.canvas import FAINT, INK, LINE, PAPER, Box, Canvas
from zhiyin.render.drawing import colour_of, mixed
from zhiyin.score import Score
from zhiyin.units import BoolArray, FloatArray, IntArray

# From paper to ink through one blue, even in lightness, so that it also reads in grey.
SHADES = ("#fdfcf8", "#d4e3ee", "#8fbcd9", "#3f8fbf", "#0a5c94", "#0b2f52")
BAR_HEIGHT = 26
SECTION_FILLS = ("#dfe7ee", "#efe6d8", "#e3ecdf", "#ece0ea", "#e8e8da")
SIZE_TICK, SIZE_HEAD = 13, 16


@dataclass(frozen=True, slots=True)
class Share:
    """One bar: its name, a share 0..1, and whether it is the answer."""

    name: str
    share: float
    is_answer: bool = False


def heat_map(canvas: Canvas, box: Box, values: FloatArray, *, low: float, high: float) -> None:
    """Draw (rows, columns) values, the first row at the bottom; low is paper, high is dark."""
    share = np.clip((values[::-1] - low) / (high - low), 0.0, 1.0) * (len(SHADES) - 1)
    table = np.array([[int(shade[i : i + 2], 16) for i in (1, 3, 5)] for shade in SHADES], float)
    below = np.minimum(share.astype(int), len(SHADES) - 2)
    part = (share - below)[..., None]
    pixels = table[below] * (1.0 - part) + table[below + 1] * part
    canvas.picture(box, np.rint(pixels).astype(np.uint8))


def frame(canvas: Canvas, box: Box, *, head: str) -> None:
    """Draw the heading above a box and a thin line under it."""
    left, top, right, bottom = box
    canvas.text((left, top - 14), head, size=SIZE_HEAD)
    canvas.line([(left, bottom), (right, bottom)], colour=LINE)


def ticks_left(canvas: Canvas, box: Box, ticks: Sequence[tuple[float, str]]) -> None:
    """Write labels left of a box at shares 0 (bottom) .. 1 (top) of its height."""
    left, top, _, bottom = box
    for share, words in ticks:
        canvas.text((left - 8, bottom - share * (bottom - top)), words, size=SIZE_TICK, fill=FAINT, align="r")


def ticks_below(canvas: Canvas, box: Box, ticks: Sequence[tuple[float, str]]) -> None:
    """Write labels under a box at shares 0 (left) .. 1 (right) of its width."""
    left, _, right, bottom = box
    for share, words in ticks:
        x = left + share * (right - left)
        canvas.line([(x, bottom), (x, bottom + 4)], colour=FAINT)
        canvas.text((x, bottom + 14), words, size=SIZE_TICK, fill=FAINT, align="m")


def time_ticks(seconds: float, *, most: int = 12) -> list[tuple[float, str]]:
    """Return (share, label) of round times, at most `most` steps.

    >>> time_ticks(60.0, most=4)
    [(0.0, '0:00'), (0.25, '0:15'), (0.5, '0:30'), (0.75, '0:45'), (1.0, '1:00')]
    """
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)
    step = next((one for one in steps if seconds / one <= most), 3600)
    marks = range(0, int(seconds + 1e-9) + 1, step)
    return [(mark / seconds, f"{mark // 60}:{mark % 60:02d}") for mark in marks]


def curve(
    canvas: Canvas, box: Box, points: tuple[FloatArray, FloatArray], *, low: float, high: float, colour: str
) -> None:
    """Draw points (x, y) as a line, x in shares 0..1 of the width, broken where y is NaN."""
    x, y = points
    left, top, right, bottom = box
    across = left + x * (right - left)
    up = bottom - np.clip((y - low) / (high - low), 0.0, 1.0) * (bottom - top)
    for run in _runs(np.isfinite(y)):
        run_points = list(zip(across[run].tolist(), up[run].tolist(), strict=True))
        canvas.line(run_points, colour=colour, width=2.0)
        if len(run_points) == 1:
            canvas.disc(run_points[0], radius=1.5, fill=colour)


def _runs(is_there: BoolArray) -> list[IntArray]:
    index = np.flatnonzero(is_there)
    return [run for run in np.split(index, np.flatnonzero(np.diff(index) > 1) + 1) if run.size]


def share_bars(canvas: Canvas, box: Box, shares: Sequence[Share]) -> None:
    """Draw named shares one under another, longest scale 1; the answer in colour."""
    left, top, right, _ = box
    name_width = min(212.0, 0.44 * (right - left))
    start, room = left + name_width, right - left - name_width - 56
    for row, one in enumerate(shares):
        y = top + row * BAR_HEIGHT
        middle = y + BAR_HEIGHT / 2
        canvas.text((start - 10, middle), one.name, size=15, align="r", width=name_width - 12)
        canvas.rect((start, y + 6, start + room, y + BAR_HEIGHT - 6), fill="#efede6", radius=3)
        colour = colour_of(0) if one.is_answer else mixed(colour_of(0), PAPER, 0.45)
        canvas.rect(
            (start, y + 6, start + max(one.share * room, 2.0), y + BAR_HEIGHT - 6), fill=colour, radius=3
        )
        canvas.text((start + room + 8, middle), f"{100 * one.share:.0f} %", size=SIZE_TICK, fill=FAINT)


def mood_plane(
    canvas: Canvas,
    box: Box,
    *,
    valence: float,
    arousal: float,
    corners: Sequence[tuple[str, str]],
    axes: tuple[str, str],
) -> None:
    """Draw the plane of moods with a dot; corners: two lines each, top right, top left, bottom
    right, bottom left."""
    left, top, right, bottom = box
    middle = ((left + right) / 2, (top + bottom) / 2)
    for index, (x0, y0, x1, y1) in enumerate(_quarters(box, middle)):
        canvas.rect((x0, y0, x1, y1), fill=SECTION_FILLS[index])
    for (x, y, align), words in zip(_corner_places(box), corners, strict=True):
        for row, one in enumerate(words):
            canvas.text((x, y + 18 * row), one, size=14, fill=FAINT, align=align)
    canvas.line([(left, middle[1]), (right, middle[1])], colour=FAINT)
    canvas.line([(middle[0], top), (middle[0], bottom)], colour=FAINT)
    canvas.text((right, bottom + 14), axes[0] + " >", size=SIZE_TICK, fill=FAINT, align="r")
    canvas.text((left, top - 14), axes[1] + " ^", size=SIZE_TICK, fill=FAINT)
    at = (middle[0] + valence * (right - left) / 2, middle[1] - arousal * (bottom - top) / 2)
    canvas.disc(at, radius=11, fill=PAPER)
    canvas.disc(at, radius=9, fill=colour_of(1))


def _quarters(box: Box, middle: tuple[float, float]) -> tuple[Box, ...]:
    left, top, right, bottom = box
    x, y = middle
    return (x, top, right, y), (left, top, x, y), (x, y, right, bottom), (left, y, x, bottom)


def _corner_places(box: Box) -> tuple[tuple[float, float, str], ...]:
    left, top, right, bottom = box
    return (
        (right - 10, top + 16, "r"), (left + 10, top + 16, "l"), (right - 10, bottom - 34, "r"),
        (left + 10, bottom - 34, "l"),
    )  # fmt: skip


def overview_roll(canvas: Canvas, box: Box, score: Score, *, place: Callable[[int], float]) -> None:
    """Draw all notes of a score in one strip, its sections as bands; place: share 0..1 of the width of a tick.

    Drums lie in the lowest sixth, a key a line.
    """
    left, top, right, bottom = box
    bands_bottom = top + (24 if score.sections else 0)
    ends = [*(mark.tick for mark in score.sections[1:]), score.end]
    names = sorted({mark.name for mark in score.sections})
    for mark, end in zip(score.sections, ends, strict=False):
        x0, x1 = (left + place(tick) * (right - left) for tick in (mark.tick, end))
        fill = SECTION_FILLS[names.index(mark.name) % len(SECTION_FILLS)]
        canvas.rect((x0 + 0.5, top, x1 - 0.5, bottom), fill=mixed(fill, PAPER, 0.45))
        canvas.rect((x0 + 0.5, top, x1 - 0.5, bands_bottom - 4), fill=fill)
        canvas.text((x0 + 6, top + 10), mark.name, size=SIZE_TICK, fill=INK, width=x1 - x0 - 8)
    _notes(canvas, (left, bands_bottom, right, bottom), score, place=place)


def _notes(canvas: Canvas, box: Box, score: Score, *, place: Callable[[int], float]) -> None:
    left, top, right, bottom = box
    pitched = [part.notes.pitch for part in score.parts if not part.is_drums and len(part.notes)]
    has_drums = any(part.is_drums and len(part.notes) for part in score.parts)
    floor = bottom - (bottom - top) / 6 if has_drums and pitched else bottom
    low = min((int(p.min()) for p in pitched), default=35)
    high = max((int(p.max()) for p in pitched), default=82)
    for index, part in enumerate(score.parts):
        first, last, base, ceiling = (35, 82, bottom, floor + 3) if part.is_drums else (low, high, floor, top)
        if part.is_drums and not pitched:
            ceiling = top
        row = (base - ceiling) / (last - first + 1)
        for onset, duration, pitch, _ in part.notes:
            y = base - (min(max(pitch, first), last) - first + 1) * row
            x0 = left + place(onset) * (right - left)
            x1 = max(left + place(onset + duration) * (right - left) - 0.5, x0 + 1.2)
            canvas.rect((x0, y, x1, y + max(row, 1.5)), fill=colour_of(index))
