"""A pen that writes Latin and Chinese on a picture, and the colours of parts.

Conventions: sizes in pixels, colours as `#rrggbb`; text that has no font is left out and remembered.
This module does not know scores.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from PIL import ImageColor, ImageDraw, ImageFont

from zhiyin.render.fonts import cjk_fonts, is_wide

# Distinct also for colour-blind eyes, after Okabe & Ito (2008), darkened for light paper.
PART_COLOURS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#aa3377",
    "#b58900",
    "#5b5ea6",
    "#56a0c9",
    "#7f5f3f",
    "#6a8f2f",
    "#444b57",
)
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def colour_of(part: int) -> str:
    """Return the colour of a part by its index."""
    return PART_COLOURS[part % len(PART_COLOURS)]


def mixed(colour: str, other: str, share: float) -> str:
    """Return `share` of a colour over another.

    >>> mixed("#ffffff", "#000000", 0.5)
    '#808080'
    """
    pairs = zip(ImageColor.getrgb(colour)[:3], ImageColor.getrgb(other)[:3], strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


@lru_cache(maxsize=64)
def latin_font(size: int) -> Font:
    """Return Pillow's own scalable font, the same on every machine."""
    return ImageFont.load_default(size=size)


@lru_cache(maxsize=64)
def wide_font(size: int) -> Font | None:
    """Return a system font for Chinese, or None."""
    for path in cjk_fonts():
        try:
            return ImageFont.truetype(str(path), size)
        except OSError:
            continue  # a damaged file: the next one may do
    return None


class Pen:
    """Writes text with the right font for each stretch; `missing` tells whether text had to be left out."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self.draw = draw
        self.missing = False

    def text(
        self,
        at: tuple[float, float],
        text: str,
        *,
        size: int,
        fill: str,
        anchor: str = "la",
        width: float | None = None,
    ) -> None:
        """Write one line; anchor as in Pillow ("la", "ra", "rm"); longer than `width` pixels, it is cut."""
        runs = self._runs(text, size)
        while (
            width is not None
            and runs
            and sum(w for _, _, w in runs) > max(width, size * 0.6)
            and len(text) > 1
        ):
            text = text[:-1]
            runs = self._runs(text, size)
        x = at[0] - (sum(w for _, _, w in runs) if anchor[0] == "r" else 0.0)
        # Fonts differ in their ascenders: one baseline joins them.
        baseline = at[1] + (0.36 * size if anchor[1] == "m" else 0.95 * size)
        for letters, font, advance in runs:
            self.draw.text((x, baseline), letters, font=font, fill=fill, anchor="ls")
            x += advance

    def length(self, text: str, *, size: int) -> float:
        """Return the width of a line in pixels."""
        return sum(advance for _, _, advance in self._runs(text, size))

    def _runs(self, text: str, size: int) -> list[tuple[str, Font, float]]:
        runs: list[tuple[str, Font, float]] = []
        for wide, group in groupby(text, key=is_wide):
            letters = "".join(group)
            font = wide_font(size) if wide else latin_font(size)
            if font is None:
                self.missing = True
                continue
            runs.append((letters, font, self.draw.textlength(letters, font=font)))
        return runs
