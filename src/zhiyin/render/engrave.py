"""Engraved pages: a score through MusicXML and Verovio to A4 SVG pages.

Conventions: one SVG text a page; the heading is ours, so that titles in any language show.
This module does not lay out notes (Verovio does) and does not make PDF (pdf.py).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import verovio

from zhiyin.errors import InvalidInput
from zhiyin.io.musicxml import MusicXml
from zhiyin.render.readable import readable
from zhiyin.score import Score
from zhiyin.score.hands import join_hands

CREDIT = "Zhiyin 知音"
PAGE_WIDTH, PAGE_HEIGHT = 2100, 2970  # A4 in tenths of a millimetre
MARGIN, TOP_MARGIN = 150, 300
UNIT = 10  # Verovio's inner coordinates are ten times the page's
LARGEST_UNIT, SMALLEST_UNIT, STAVES_AT_FULL_SIZE = 8.0, 4.5, 14
# A last page with under half the systems of the fullest one is avoided by engraving a little smaller.
SIZES, LEAST_FULL, MOST_FITTED_PAGES = (1.0, 0.94, 0.88, 0.82, 0.76), 0.5, 12
SERIF = "Times, 'Times New Roman', 'Noto Serif CJK SC', 'Songti SC', SimSun, serif"
_KEY_IN_TITLE = re.compile(r"\b([A-G])([#b])(?= (?:major|minor)\b)")
OPTIONS: Mapping[str, Any] = {
    "pageWidth": PAGE_WIDTH, "pageHeight": PAGE_HEIGHT, "pageMarginLeft": MARGIN, "pageMarginRight": MARGIN,
    "pageMarginTop": TOP_MARGIN, "pageMarginBottom": MARGIN, "header": "none", "footer": "none", "breaks": "auto",
    "scale": 40, "svgViewBox": True, "svgRemoveXlink": True, "font": "Leland", "mnumInterval": 0, "condense": "none",
    "justifyVertically": True, "justificationStaff": 0.4, "justificationBraceGroup": 0.3,
    "spacingSystem": 8, "spacingStaff": 9, "lyricSize": 4.0,
    "xmlIdSeed": 1, "smuflTextFont": "embedded",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Engraving:
    """Engraved A4 pages as SVG texts, and the title that files carry."""

    pages: tuple[str, ...]
    title: str = ""


def engrave(score: Score) -> Engraving:
    """Return the engraved pages of a score, read as simply as it can be: title, credits, part names, bar numbers.

    The two hands of one keyboard player share a grand staff.
    Raises InvalidInput when the score cannot be engraved.
    """
    written = MusicXml().write(join_hands(readable(score))).data
    by_composer = next((text for kind, text in score.credits if kind == "composer"), CREDIT)
    return engrave_musicxml(_plain_xml(written), title=score.title, composer=by_composer)


def engrave_musicxml(musicxml: str, *, title: str, composer: str = CREDIT) -> Engraving:
    """Return the engraved pages of a MusicXML text under a heading of our own."""
    drawn = _fitted(musicxml)
    pages = tuple(
        _with_heading(svg, page, len(drawn), title=title, composer=composer)
        for page, svg in enumerate(drawn, start=1)
    )
    return Engraving(pages, title)


def _fitted(musicxml: str) -> list[str]:
    """Return the pages at the largest size that ends well, else at the one that ends least badly."""
    largest, best, least = _unit(musicxml), list[str](), 3
    for size in SIZES:
        pages = _drawn(musicxml, unit=max(SMALLEST_UNIT, largest * size))
        if (faults := _faults(pages)) < least:
            best, least = pages, faults
        if least == 0 or len(pages) > MOST_FITTED_PAGES:
            break
    return best


def _faults(pages: list[str]) -> int:
    """Return how badly an engraving ends: 2 for a last page nearly empty, 1 for a last system of one bar."""
    systems = [page.count('class="system"') for page in pages]
    is_thin = len(pages) > 1 and systems[-1] < LEAST_FULL * max(systems)
    bars = pages[-1].rpartition('class="system"')[2].count('class="measure"')
    return 2 * is_thin + (bars == 1 and sum(systems) > 1)


def _drawn(musicxml: str, *, unit: float) -> list[str]:
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions({**OPTIONS, "unit": unit})
    if not toolkit.loadData(musicxml):
        raise InvalidInput(
            f"a score must be engravable MusicXML, got {len(musicxml)} characters Verovio refuses"
        )
    return [str(toolkit.renderToSVG(page)) for page in range(1, int(toolkit.getPageCount()) + 1)]


def _unit(musicxml: str) -> float:
    """Return half a staff space: many staves are engraved smaller, so that a system fits the page."""
    staves = musicxml.count("<score-part ") + musicxml.count("<staves>2")
    return max(SMALLEST_UNIT, min(LARGEST_UNIT, LARGEST_UNIT * STAVES_AT_FULL_SIZE / max(staves, 1)))


def _plain_xml(data: bytes) -> str:
    if data[:2] != b"PK":
        return data.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = next(n for n in archive.namelist() if n.endswith((".xml", ".musicxml")) and "META" not in n)
        return archive.read(name).decode("utf-8")


def _with_heading(svg: str, page: int, pages: int, *, title: str, composer: str) -> str:
    """Return the page with its title (first page) or running head, and its number."""
    title = _KEY_IN_TITLE.sub(lambda m: m[1] + {"#": "♯", "b": "♭"}[m[2]], title)
    width, right = PAGE_WIDTH * UNIT, (PAGE_WIDTH - MARGIN) * UNIT
    bottom = (PAGE_HEIGHT - 70) * UNIT
    if page == 1:
        head = [
            _text(title, width // 2, 1700, size=720, anchor="middle"),
            _text(composer, right, 2450, size=360, anchor="end"),
        ]
    else:
        head = [_text(title, width // 2, 1250, size=340, anchor="middle")]
    if pages > 1:
        head.append(_text(f"{page} / {pages}", width // 2, bottom, size=300, anchor="middle"))
    end = svg.rindex("</svg>", 0, svg.rindex("</svg>"))
    return _unnamed(svg[:end] + "".join(head) + svg[end:], page)


def _text(text: str, x: int, y: int, *, size: int, anchor: str) -> str:
    if not text:
        return ""
    place = f'x="{x}" y="{y}" text-anchor="{anchor}"'
    return f'<text {place} font-family="{SERIF}" font-size="{size}px">{escape(text)}</text>'


def _unnamed(svg: str, page: int) -> str:
    """Return the page with Verovio's own page id replaced, so that bytes do not depend on what ran before."""
    found = re.search(r'<svg[^>]* id="([^"]+)"', svg)
    named = svg.replace(found.group(1), f"page{page}") if found else svg
    # A size in millimetres, so that browsers and printers show the page at its true size.
    return named.replace("<svg ", f'<svg width="{PAGE_WIDTH // 10}mm" height="{PAGE_HEIGHT // 10}mm" ', 1)
