"""A sheet that is drawn once and given as PNG or SVG.

Conventions: pixels from the top left; colours `#rrggbb`; text as in drawing.py, English and Chinese in one line.
This module knows no music and no charts: see charts.py.
"""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from zhiyin.render.drawing import Pen
from zhiyin.render.fonts import is_wide

PAPER, INK, FAINT, LINE = "#fdfcf8", "#22242a", "#6b6f78", "#dcdad2"
SCALE = 2  # drawn twice as large and brought back: smooth lines without another library
FONTS = "'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Zen Hei', sans-serif"
_ANCHORS = {"l": "start", "m": "middle", "r": "end"}
_PLAIN = {
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "œ": "oe", "Œ": "OE", "–": "-", "—": "-", "’": "'",
    "‘": "'", "“": '"', "”": '"', "…": "...", "♯": "#", "♭": "b", "−": "-", "º": "o", "ª": "a",
}  # fmt: skip
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass
class Canvas:
    """A sheet of a size in pixels; what is drawn first lies below."""

    width: int
    height: int
    title: str = ""
    _png: list[Callable[[Image.Image, Pen], None]] = field(default_factory=list)
    _svg: list[str] = field(default_factory=list)

    def rect(self, box: Box, *, fill: str, radius: float = 0.0) -> None:
        """Fill a rectangle."""
        left, top, right, bottom = box
        big = _scaled(box)

        def draw(image: Image.Image, pen: Pen) -> None:
            pen.draw.rounded_rectangle((*big[:2], big[2] - 1, big[3] - 1), radius * SCALE, fill=fill)

        if right > left and bottom > top:
            self._png.append(draw)
            self._svg.append(
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" '
                f'rx="{radius:g}" fill="{fill}"/>'
            )

    def line(self, points: Sequence[Point], *, colour: str, width: float = 1.0) -> None:
        """Draw a line through points."""
        big = [(x * SCALE, y * SCALE) for x, y in points]

        def draw(image: Image.Image, pen: Pen) -> None:
            pen.draw.line(big, fill=colour, width=max(round(width * SCALE), 1), joint="curve")

        if len(points) > 1:
            self._png.append(draw)
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            self._svg.append(
                f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
                'stroke-linejoin="round"/>'
            )

    def disc(self, at: Point, *, radius: float, fill: str) -> None:
        """Fill a circle."""
        x, y = at
        box = _scaled((x - radius, y - radius, x + radius, y + radius))

        def draw(image: Image.Image, pen: Pen) -> None:
            pen.draw.ellipse(box, fill=fill)

        self._png.append(draw)
        self._svg.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}"/>')

    def text(
        self,
        at: Point,
        words: str,
        *,
        size: int = 15,
        fill: str = INK,
        align: str = "l",
        width: float | None = None,
    ) -> None:
        """Write one line; `at` is its middle height and its left end, middle or right end (align l, m, r)."""
        x, y = at
        plain = without_marks(words)

        def draw(image: Image.Image, pen: Pen) -> None:
            place = (x * SCALE, y * SCALE)
            if align == "m":
                place = (place[0] - pen.length(plain, size=size * SCALE) / 2, place[1])
            room = None if width is None else width * SCALE
            anchor = "rm" if align == "r" else "lm"
            pen.text(place, plain, size=size * SCALE, fill=fill, anchor=anchor, width=room)

        self._png.append(draw)
        self._svg.append(
            f'<text x="{x:.1f}" y="{y + 0.36 * size:.1f}" font-size="{size}" fill="{fill}" '
            f'text-anchor="{_ANCHORS[align]}">{escape(words)}</text>'
        )

    def picture(self, box: Box, pixels: NDArray[np.uint8]) -> None:
        """Put (rows, columns, 3) pixels into a box, first row on top."""
        image = Image.fromarray(pixels, "RGB")
        left, top, right, bottom = (round(value) for value in box)
        size = (max(right - left, 1), max(bottom - top, 1))
        # Averaged down but not blurred up: cells of a chroma stay cells.
        big = (size[0] * SCALE, size[1] * SCALE)
        shown = image.resize((min(image.width, big[0]), min(image.height, big[1])), Image.Resampling.BOX)

        def draw(sheet: Image.Image, pen: Pen) -> None:
            sheet.paste(shown.resize(big, Image.Resampling.NEAREST), (left * SCALE, top * SCALE))

        self._png.append(draw)
        buffer = io.BytesIO()
        shown.save(buffer, "PNG", optimize=True)
        data = base64.b64encode(buffer.getvalue()).decode()
        self._svg.append(
            f'<image x="{left}" y="{top}" width="{size[0]}" height="{size[1]}" preserveAspectRatio="none" '
            f'style="image-rendering:pixelated" href="data:image/png;base64,{data}"/>'
        )

    def png(self) -> bytes:
        """Return the sheet as PNG."""
        image = Image.new("RGB", (self.width * SCALE, self.height * SCALE), PAPER)
        pen = Pen(ImageDraw.Draw(image))
        for draw in self._png:
            draw(image, pen)
        buffer = io.BytesIO()
        image.resize((self.width, self.height), Image.Resampling.BOX).save(buffer, "PNG", optimize=True)
        return buffer.getvalue()

    def svg(self) -> bytes:
        """Return the sheet as SVG, its title for those who cannot see it."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" role="img" font-family="{FONTS}">'
        )
        title = f"<title>{escape(self.title)}</title>" if self.title else ""
        paper = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
        return "\n".join([head, title, paper, *self._svg, "</svg>\n"]).encode()


def without_marks(words: str) -> str:
    """Return a line with letters outside Latin-1 spelled plainly: the picture's own font has no others.

    >>> without_marks("Zarębski, Łódź, Dvořák 风格")
    'Zarebski, Lódz, Dvorák 风格'
    """
    whole = unicodedata.normalize("NFC", words)
    return "".join(_shown(one) for one in whole)


def _shown(letter: str) -> str:
    if (ord(letter) < 256 and letter.isprintable() and letter not in _PLAIN) or is_wide(letter):
        return letter
    if not letter.isprintable():
        return "?"  # a title in a broken encoding
    bare = "".join(one for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one))
    return _PLAIN.get(bare, bare) if bare.isascii() or bare in _PLAIN else "?"


def _scaled(box: Box) -> Box:
    left, top, right, bottom = box
    return left * SCALE, top * SCALE, right * SCALE, bottom * SCALE
