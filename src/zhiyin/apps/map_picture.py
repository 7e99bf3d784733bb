"""The picture of a map of phrases: people's as dots by style, a person's own as numbered discs joined in order.

Conventions: one sheet, 1,200 x 820 pixels, labels in English and Chinese; numbers are first bars.
This module places nothing: see `zhiyin.fill.latent.atlas`.
"""

from __future__ import annotations

from collections import Counter

from zhiyin.fill.latent.atlas import Atlas
from zhiyin.render.canvas import FAINT, INK, LINE, PAPER, Box, Canvas
from zhiyin.render.drawing import PART_COLOURS, colour_of, mixed

WIDTH, HEIGHT = 1200, 820
PLANE: Box = (40.0, 70.0, 900.0, 790.0)
LEGEND_X, LEGEND_Y, LEGEND_STEP = 925.0, 90.0, 26.0
OWN_COLOURS = 3  # of the table, kept for a person's own pieces
STYLES_SHOWN = len(PART_COLOURS) - OWN_COLOURS  # the others are grey
MARGIN = 0.04


def map_picture(atlas: Atlas) -> Canvas:
    """Return the sheet of a map."""
    canvas = Canvas(WIDTH, HEIGHT, title="map")
    canvas.rect((0, 0, WIDTH, HEIGHT), fill=PAPER)
    canvas.text((40, 34), f"phrases of {atlas.role} 乐句地图", size=22, fill=INK)
    canvas.rect(PLANE, fill="#ffffff")
    for edge in ((0, 1, 2, 1), (0, 3, 2, 3), (0, 1, 0, 3), (2, 1, 2, 3)):
        canvas.line([(PLANE[edge[0]], PLANE[edge[1]]), (PLANE[edge[2]], PLANE[edge[3]])], colour=LINE)
    colours = _colours(atlas)
    for style, (x, y) in zip(atlas.styles, atlas.points.tolist(), strict=True):
        canvas.disc(_at(atlas, x, y), radius=4 if style in colours else 3, fill=colours.get(style, LINE))
    names = list(dict.fromkeys(p.name for p in atlas.own))
    for number, name in enumerate(names):
        _own(canvas, atlas, name, own_colour(number))
    _legend(canvas, colours, names)
    return canvas


def _colours(atlas: Atlas) -> dict[str, str]:
    counts = Counter(style for style in atlas.styles if style)
    shown = [style for style, _ in counts.most_common(STYLES_SHOWN)]
    return {style: _pale(number) for number, style in enumerate(shown)}


def own_colour(number: int) -> str:
    """Return the colour of a person's own file, another for each: darker ones where the table is at its end."""
    colour = colour_of(number)
    return colour if number < len(PART_COLOURS) else mixed(colour, INK, 0.5)


def _pale(number: int) -> str:
    """Return a colour of people's dots, apart from those of a person's own pieces as far as there are others."""
    return PART_COLOURS[(number + OWN_COLOURS) % len(PART_COLOURS)]


def _own(canvas: Canvas, atlas: Atlas, name: str, colour: str) -> None:
    mine = [p for p in atlas.own if p.name == name]
    canvas.line([_at(atlas, p.x, p.y) for p in mine], colour=colour, width=2)
    for place in mine:
        at = _at(atlas, place.x, place.y)
        canvas.disc(at, radius=13, fill=INK)
        canvas.disc(at, radius=11, fill=colour)
        canvas.text((at[0], at[1]), str(place.first_bar), size=13, fill="#ffffff", align="m")


def _legend(canvas: Canvas, colours: dict[str, str], names: list[str]) -> None:
    y = LEGEND_Y
    for number, name in enumerate(names):
        canvas.disc((LEGEND_X + 10, y), radius=10, fill=own_colour(number))
        canvas.text((LEGEND_X + 28, y), name[-26:], size=15, fill=INK)
        y += LEGEND_STEP
    y += LEGEND_STEP / 2
    canvas.text((LEGEND_X, y), "people's pieces 人写的曲子", size=14, fill=FAINT)
    for style, colour in [*colours.items(), ("other 其他", LINE)]:
        y += LEGEND_STEP
        canvas.disc((LEGEND_X + 10, y), radius=6, fill=colour)
        canvas.text((LEGEND_X + 28, y), style, size=15, fill=INK)


def _at(atlas: Atlas, x: float, y: float) -> tuple[float, float]:
    """Return the pixel of a place; the plane holds every phrase."""
    xs = [*atlas.points[:, 0].tolist(), *(p.x for p in atlas.own)]
    ys = [*atlas.points[:, 1].tolist(), *(p.y for p in atlas.own)]
    return (_scaled(x, xs, PLANE[0], PLANE[2]), _scaled(y, ys, PLANE[3], PLANE[1]))


def _scaled(value: float, values: list[float], low: float, high: float) -> float:
    first, last = min(values), max(values)
    share = (value - first) / (last - first) if last > first else 0.5
    return low + (MARGIN + (1 - 2 * MARGIN) * share) * (high - low)
