"""Engraved SVG pages as one PDF: vector music, real text.

Conventions: reads the part of SVG that Verovio writes (groups, paths, uses, simple shapes, text); A4 pages.
Chinese text uses a TrueType font of this machine where there is one, else the reader's own Song font
(`STSong-Light`, named but not embedded: Acrobat, Preview, Chrome and poppler with its data bring one).
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import verovio
from defusedxml.ElementTree import fromstring
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from zhiyin.errors import InvalidInput
from zhiyin.render.engrave import OPTIONS, Engraving
from zhiyin.render.fonts import cjk_fonts, is_wide

FALLBACK_CJK = "STSong-Light"
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_STEP = re.compile(r"([MmLlHhVvCcSsQqZz])([^MmLlHhVvCcSsQqZz]*)")
_TRANSFORM = re.compile(r"(translate|scale|rotate|matrix)\(([^)]*)\)")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "Z": 0}
_BOLD_CLASSES = frozenset({"ending", "fing", "reh", "tempo"})
_ITALIC_CLASSES = frozenset({"dir", "dynam", "mNum"})


@dataclass(frozen=True, slots=True)
class _Style:
    """What a text inherits."""

    size: float = 0.0
    bold: bool = False
    italic: bool = False
    music: bool = False
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of text in one font: characters, PDF font name ("" for a music glyph), size, width."""

    text: str
    font: str
    size: float
    width: float


def engraving_to_pdf(engraving: Engraving) -> bytes:
    """Return a PDF with one A4 page for each engraved page; the same pages give the same bytes.

    Raises InvalidInput for an engraving without pages.
    """
    if not engraving.pages:
        raise InvalidInput(
            "an engraving must have pages to become a PDF, got none: engrave a score with notes"
        )
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(engraving.title or "Zhiyin")
    canvas.setCreator("Zhiyin")
    for page in engraving.pages:
        _Page(canvas, fromstring(page)).draw()
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


class _Page:
    """One SVG page on its way to a canvas."""

    def __init__(self, canvas: Canvas, root: Element) -> None:
        self.canvas = canvas
        self.root = root
        self.defined = {e.get("id", ""): e for e in root.iter() if e.get("id")}

    def draw(self) -> None:
        """Draw the whole page, its inner coordinates fitted to A4."""
        inner = next((e for e in self.root if _tag(e) == "svg"), self.root)
        x, y, width, _ = _numbers(inner.get("viewBox", "0 0 21000 29700"))
        scale = A4[0] / width
        self.canvas.transform(scale, 0, 0, -scale, -x * scale, A4[1] + y * scale)
        for child in inner:
            self._element(child, _Style())

    def _element(self, element: Element, style: _Style) -> None:
        tag = _tag(element)
        if tag in ("defs", "style", "desc", "title"):
            return
        classes = set(element.get("class", "").split())
        if classes & {"placeholder", "bounding-box"} or element.get("visibility") == "hidden":
            return
        style = replace(
            style,
            bold=style.bold or bool(classes & _BOLD_CLASSES),
            italic=style.italic or bool(classes & _ITALIC_CLASSES),
        )
        if tag == "text":
            self._text(element, style)
            return
        self.canvas.saveState()
        self._transform(element.get("transform", ""))
        if tag in ("g", "svg"):
            for child in element:
                self._element(child, style)
        elif tag == "use":
            self._use(element, style)
        elif tag in ("path", "polygon", "polyline", "rect", "ellipse", "circle"):
            self._shape(element, tag)
        self.canvas.restoreState()

    def _transform(self, text: str) -> None:
        for name, values in _TRANSFORM.findall(text):
            numbers = _numbers(values)
            if name == "translate":
                self.canvas.translate(numbers[0], numbers[1] if len(numbers) > 1 else 0.0)
            elif name == "scale":
                self.canvas.scale(numbers[0], numbers[-1])
            elif name == "matrix":
                self.canvas.transform(*numbers)
            else:
                centre = numbers[1:3] or [0.0, 0.0]
                self.canvas.translate(*centre)
                self.canvas.rotate(numbers[0])
                self.canvas.translate(-centre[0], -centre[1])

    def _use(self, element: Element, style: _Style) -> None:
        link = element.get("href") or element.get("{http://www.w3.org/1999/xlink}href") or ""
        target = self.defined.get(link.removeprefix("#"))
        if target is not None:
            self.canvas.translate(float(element.get("x", 0)), float(element.get("y", 0)))
            for child in target:
                self._element(child, style)

    def _shape(self, element: Element, tag: str) -> None:
        path = self.canvas.beginPath()
        if tag == "path":
            _trace(path, element.get("d", ""))
        elif tag in ("polygon", "polyline"):
            points = _numbers(element.get("points", ""))
            path.moveTo(*points[:2])
            for index in range(2, len(points) - 1, 2):
                path.lineTo(*points[index : index + 2])
            if tag == "polygon":
                path.close()
        elif tag == "rect":
            x, y, width, height = (float(element.get(name, 0)) for name in ("x", "y", "width", "height"))
            path.rect(x, y, width, height)
        else:
            x, y = float(element.get("cx", 0)), float(element.get("cy", 0))
            across, down = (float(element.get(name, element.get("r", 0))) for name in ("rx", "ry"))
            path.ellipse(x - across, y - down, 2 * across, 2 * down)
        self._paint(path, element)

    def _paint(self, path: Any, element: Element) -> None:
        width = element.get("stroke-width")
        fill = element.get("fill") != "none" and element.get("fill-opacity") != "0"
        stroke = width is not None and float(width.removesuffix("px")) > 0 and element.get("stroke") != "none"
        if width is not None:
            self.canvas.setLineWidth(float(width.removesuffix("px")))
        self.canvas.setLineCap(1 if element.get("stroke-linecap") == "round" else 0)
        self.canvas.setLineJoin(1 if element.get("stroke-linejoin") == "round" else 0)
        dashes = _numbers(element.get("stroke-dasharray", ""))
        self.canvas.setDash(dashes, 0)
        self.canvas.drawPath(path, stroke=int(stroke), fill=int(fill), fillMode=1)

    def _text(self, element: Element, style: _Style) -> None:
        """Draw a text: gather its runs, then start so that the anchor holds."""
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        runs: list[_Run] = []
        for piece in _pieces(element, style):
            if isinstance(piece, _Move):
                self._runs(runs, x, y, piece.anchor_before)
                runs, x, y = [], piece.x if piece.x is not None else x, piece.y if piece.y is not None else y
            else:
                runs.append(piece)
        self._runs(runs, x, y, _styled(element, style).anchor)

    def _runs(self, runs: list[_Run], x: float, y: float, anchor: str) -> None:
        total = sum(run.width for run in runs)
        x -= {"middle": total / 2, "end": total}.get(anchor, 0.0)
        for run in runs:
            self.canvas.saveState()
            self.canvas.translate(x, y)
            if run.font:
                self.canvas.scale(1, -1)
                self.canvas.setFont(run.font, run.size)
                self.canvas.drawString(0, 0, run.text)
            else:
                self._glyph(run)
            self.canvas.restoreState()
            x += run.width

    def _glyph(self, run: _Run) -> None:
        outline, _ = _music_glyph(run.text)
        path = self.canvas.beginPath()
        _trace(path, outline)
        self.canvas.scale(run.size / 1000.0, -run.size / 1000.0)
        self.canvas.drawPath(path, stroke=0, fill=1, fillMode=1)


@dataclass(frozen=True, slots=True)
class _Move:
    """A tspan that starts at a place of its own."""

    x: float | None
    y: float | None
    anchor_before: str


def _pieces(element: Element, style: _Style) -> Iterator[_Run | _Move]:
    style = _styled(element, style)
    if _tag(element) == "tspan" and (element.get("x") or element.get("y")):
        x, y = element.get("x"), element.get("y")
        yield _Move(float(x) if x else None, float(y) if y else None, style.anchor)
    if element.text and (element.text.strip() or len(element) == 0):
        yield from _text_runs(element.text, style)
    for child in element:
        if _tag(child) == "tspan":
            yield from _pieces(child, style)


def _styled(element: Element, style: _Style) -> _Style:
    size = element.get("font-size")
    family = element.get("font-family")
    weight, slant = element.get("font-weight"), element.get("font-style")
    return replace(
        style,
        size=float(size.removesuffix("px")) if size else style.size,
        music=family.split(",")[0].strip("' ") in ("Leipzig", "Bravura", "Leland", "Gootville", "Petaluma")
        if family
        else style.music,
        bold=weight == "bold" if weight else style.bold,
        italic=slant == "italic" if slant else style.italic,
        anchor=element.get("text-anchor") or style.anchor,
    )


def _text_runs(text: str, style: _Style) -> Iterator[_Run]:
    latin = {(False, False): "Times-Roman", (True, False): "Times-Bold", (False, True): "Times-Italic"}.get(
        (style.bold, style.italic), "Times-BoldItalic"
    )
    for kind, group in groupby(text.replace("\n", " "), key=lambda c: _kind(c, style)):
        letters = "".join(group)
        if kind == "music":
            for letter in letters:
                yield _Run(letter, "", style.size, _music_glyph(letter)[1] * style.size / 1000.0)
        else:
            font = latin if kind == "latin" else cjk_font_name()
            yield _Run(letters, font, style.size, float(pdfmetrics.stringWidth(letters, font, style.size)))


def _kind(character: str, style: _Style) -> str:
    if 0xE000 <= ord(character) <= 0xF8FF or (style.music and not character.isspace()) or character in "♭♮♯":
        return "music"
    if is_wide(character):
        return "wide"
    return "latin" if _in_latin(character) else "wide"


def _in_latin(character: str) -> bool:
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1)
def cjk_font_name() -> str:
    """Return the PDF name of the font for Chinese, registered: a system TrueType font, else STSong-Light."""
    for path in cjk_fonts():
        try:
            pdfmetrics.registerFont(TTFont("ZhiyinCJK", str(path), subfontIndex=0))
        except (TTFError, OSError):
            continue  # PostScript outlines cannot be embedded: the next font may do
        return "ZhiyinCJK"
    pdfmetrics.registerFont(UnicodeCIDFont(FALLBACK_CJK))
    return FALLBACK_CJK


@lru_cache(maxsize=512)
def _music_glyph(character: str) -> tuple[str, float]:
    """Return (outline, advance) of a music character from Verovio's font, 1000 units an em."""
    folder = Path(verovio.__file__).parent / "data"
    code = f"{ord(character):04X}"
    # Leipzig cuts the accidentals of running text to stand on the text's baseline.
    fonts = ("Leipzig",) if character in "♭♮♯" else (str(OPTIONS["font"]), "Bravura", "Leipzig")
    for font in fonts:
        path = folder / font / f"{code}.xml"
        if path.is_file():
            found = re.search(r'\bd="([^"]*)"', path.read_text(encoding="utf-8"))
            return (found.group(1) if found else ""), _advance(folder / f"{font}.xml", code)
    return "", 300.0


@lru_cache(maxsize=512)
def _advance(table: Path, code: str) -> float:
    found = re.search(rf'<g c="{code}"[^>]*?h-a-x="([\d.]+)"', table.read_text(encoding="utf-8"))
    return float(found.group(1)) if found else 500.0


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _numbers(text: str) -> list[float]:
    return [float(number) for number in _NUMBER.findall(text)]


def _trace(path: Any, outline: str) -> None:
    """Add an SVG path's steps to a PDF path."""
    x = y = start_x = start_y = 0.0
    last_control: tuple[float, float] | None = None
    for letter, values in _STEP.findall(outline):
        kind, numbers = letter.upper(), _numbers(values)
        if kind == "Z":
            path.close()
            x, y, last_control = start_x, start_y, None
            continue
        count = _ARGUMENTS[kind]
        for index in range(0, len(numbers) - count + 1, count):
            points = _absolute(numbers[index : index + count], kind, letter.islower(), (x, y))
            if kind == "M" and index == 0:
                path.moveTo(*points[-1])
                start_x, start_y = points[-1]
                last_control = None
            else:
                last_control = _step(path, kind, points, (x, y), last_control)
            x, y = points[-1]


def _absolute(
    numbers: list[float], kind: str, relative: bool, here: tuple[float, float]
) -> list[tuple[float, float]]:
    x, y = here if relative else (0.0, 0.0)
    if kind == "H":
        return [(numbers[0] + x, here[1])]
    if kind == "V":
        return [(here[0], numbers[0] + y)]
    return [(numbers[i] + x, numbers[i + 1] + y) for i in range(0, len(numbers), 2)]


def _step(
    path: Any,
    kind: str,
    points: list[tuple[float, float]],
    here: tuple[float, float],
    last: tuple[float, float] | None,
) -> tuple[float, float] | None:
    """Add one line or curve; return the control point that a smooth curve after it mirrors."""
    if kind == "S":
        mirrored = (2 * here[0] - last[0], 2 * here[1] - last[1]) if last else here
        points = [mirrored, *points]
    elif kind == "Q":  # a quadratic curve as a cubic one
        control, end = points
        near = tuple(a + 2 / 3 * (c - a) for a, c in zip(here, control, strict=True))
        far = tuple(b + 2 / 3 * (c - b) for b, c in zip(end, control, strict=True))
        points = [(near[0], near[1]), (far[0], far[1]), end]
    if len(points) == 3 and all(math.isfinite(v) for point in points for v in point):
        path.curveTo(*points[0], *points[1], *points[2])
        return points[1]
    path.lineTo(*points[-1])
    return None
