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
from zhiyin.score import Score

CREDIT = "Zhiyin 知音"
PAGE_WIDTH, PAGE_HEIGHT = 2100, 2970  # A4 in tenths of a millimetre
MARGIN, TOP_MARGIN = 150, 300
UNIT = 10  # Verovio's inner coordinates are ten times the page's
LARGEST_UNIT, SMALLEST_UNIT, STAVES_AT_FULL_SIZE = 8.0, 4.5, 14
SERIF = "Times, 'Times New Roman', 'Noto Serif CJK SC', 'Songti SC', SimSun, serif"
OPTIONS: Mapping[str, Any] = {
    "pageWidth": PAGE_WIDTH, "pageHeight": PAGE_HEIGHT, "pageMarginLeft": MARGIN, "pageMarginRight": MARGIN,
    "pageMarginTop": TOP_MARGIN, "pageMarginBottom": MARGIN, "header": "none", "footer": "none", "breaks": "auto",
    "scale": 40, "svgViewBox": True, "svgRemoveXlink": True, "font": "Leland", "mnumInterval": 0, "condense": "none",
    "justifyVertically": False, "spacingSystem": 8, "spacingStaff": 9, "lyricSize": 4.0,
    "xmlIdSeed": 1, "smuflTextFont": "embedded",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Engraving:
    """Engraved A4 pages as SVG texts, and the title that files carry."""

    pages: tuple[str, ...]
    title: str = ""


def engrave(score: Score) -> Engraving:
    """Return the engraved pages of a (quantised) score: title, credits, part names, bar numbers.

    Raises InvalidInput when the score cannot be engraved.
    """
    written = MusicXml().write(score).data
    by_composer = next((text for kind, text in score.credits if kind == "composer"), CREDIT)
    return engrave_musicxml(_plain_xml(written), title=score.title, composer=by_composer)


def engrave_musicxml(musicxml: str, *, title: str, composer: str = CREDIT) -> Engraving:
    """Return the engraved pages of a MusicXML text under a heading of our own."""
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions({**OPTIONS, "unit": _unit(musicxml)})
    if not toolkit.loadData(musicxml):
        raise InvalidInput(
            f"a score must be engravable MusicXML, got {len(musicxml)} characters Verovio refuses"
        )
    count = int(toolkit.getPageCount())
    pages = tuple(
        _with_heading(str(toolkit.renderToSVG(page)), page, count, title=title, composer=composer)
        for page in range(1, count + 1)
    )
    return Engraving(pages, title)


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
