"""Laws of the sheet: what is drawn stands where it was put, in PNG and SVG alike."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import numpy as np
from PIL import Image

from zhiyin.render.canvas import Canvas, without_marks

NS = "{http://www.w3.org/2000/svg}"


def pixels(canvas: Canvas) -> Image.Image:
    return Image.open(io.BytesIO(canvas.png())).convert("RGB")


def test_an_empty_sheet_is_paper_of_its_size() -> None:
    image = pixels(Canvas(30, 20))
    assert image.size == (30, 20) and image.getpixel((15, 10)) == (0xFD, 0xFC, 0xF8)


def test_a_rectangle_covers_its_box_and_no_more() -> None:
    canvas = Canvas(40, 40)
    canvas.rect((10, 10, 20, 30), fill="#0072b2")
    image = pixels(canvas)
    blue, paper = (0x00, 0x72, 0xB2), (0xFD, 0xFC, 0xF8)
    assert [image.getpixel(at) for at in ((10, 10), (19, 29))] == [blue, blue]
    assert [image.getpixel(at) for at in ((9, 10), (20, 29), (19, 30))] == [paper] * 3


def test_a_picture_keeps_its_cells_sharp() -> None:
    canvas = Canvas(40, 20)
    canvas.picture((0, 0, 40, 20), np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8))
    image = pixels(canvas)
    assert image.getpixel((19, 10)) == (255, 0, 0) and image.getpixel((20, 10)) == (0, 0, 255)


def test_svg_holds_the_same_shapes_and_the_words_as_they_are() -> None:
    canvas = Canvas(100, 50, title="A < B")
    canvas.rect((1, 2, 11, 22), fill="#ff0000")
    canvas.line([(0, 0), (5, 5)], colour="#00ff00")
    canvas.disc((50, 25), radius=3, fill="#0000ff")
    canvas.text((10, 40), "Zarębski & 风格", align="m")
    tree = ET.fromstring(canvas.svg())
    assert tree.find(f"{NS}title").text == "A < B"  # type: ignore[union-attr]
    rect = tree.findall(f"{NS}rect")[1]
    assert (rect.get("x"), rect.get("y"), rect.get("width"), rect.get("height")) == (
        "1.0",
        "2.0",
        "10.0",
        "20.0",
    )
    words = tree.find(f"{NS}text")
    assert words is not None and words.text == "Zarębski & 风格" and words.get("text-anchor") == "middle"
    assert tree.find(f"{NS}polyline") is not None and tree.find(f"{NS}circle") is not None


def test_an_empty_box_draws_nothing() -> None:
    canvas = Canvas(10, 10)
    canvas.rect((5, 5, 5, 9), fill="#000000")
    canvas.line([(1, 1)], colour="#000000")
    assert len(ET.fromstring(canvas.svg()).findall("*")) == 1  # the paper


def test_letters_that_the_font_lacks_are_spelled_plainly() -> None:
    assert without_marks("Gołąbek – “Œuvre” ♭ 音乐 Méhul, Jo\u0301zef L\x87") == (
        'Golabek - "OEuvre" b 音乐 Méhul, Józef L?'
    )


def test_text_in_the_middle_lies_evenly_around_its_place() -> None:
    canvas = Canvas(200, 40)
    canvas.text((100, 20), "HHHH", size=20, align="m")
    dark = np.asarray(pixels(canvas).convert("L")) < 128
    columns = np.flatnonzero(dark.any(axis=0))
    assert abs((columns[0] + columns[-1]) / 2 - 100) <= 2
    rows = np.flatnonzero(dark.any(axis=1))
    assert abs((rows[0] + rows[-1]) / 2 - 20) <= 3
