"""Laws of the charts: values stand at their places, ends of scales at the ends of boxes."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from zhiyin.render.canvas import Canvas
from zhiyin.render.charts import (
    Share,
    curve,
    heat_map,
    mood_plane,
    overview_roll,
    share_bars,
    ticks_left,
    time_ticks,
)
from zhiyin.score import Notes, Part, Score, Section
from zhiyin.units import TICKS_PER_QUARTER

NS = "{http://www.w3.org/2000/svg}"
BOX = (10.0, 10.0, 110.0, 60.0)


def tree(canvas: Canvas) -> ET.Element:
    return ET.fromstring(canvas.svg())


def test_low_is_paper_and_high_is_dark_with_the_first_row_below() -> None:
    canvas = Canvas(120, 80)
    heat_map(canvas, BOX, np.array([[1.0, 1.0], [0.0, 0.0]]), low=0.0, high=1.0)
    image = Image.open(io.BytesIO(canvas.png())).convert("RGB")
    assert image.getpixel((60, 20)) == (0xFD, 0xFC, 0xF8) and image.getpixel((60, 50)) == (0x0B, 0x2F, 0x52)


def test_the_curve_runs_from_corner_to_corner_and_breaks_where_nothing_is_known() -> None:
    canvas = Canvas(120, 80)
    x, y = np.linspace(0, 1, 5), np.array([0.0, 1.0, np.nan, 3.0, 4.0])
    curve(canvas, BOX, (x, y), low=0.0, high=4.0, colour="#000000")
    lines = [line.get("points") for line in tree(canvas).findall(f"{NS}polyline")]
    assert lines == ["10.0,60.0 35.0,47.5", "85.0,22.5 110.0,10.0"]


def test_bars_are_as_long_as_their_shares() -> None:
    canvas = Canvas(500, 100)
    share_bars(canvas, (0.0, 0.0, 500.0, 0.0), [Share("all", 1.0, True), Share("half", 0.5)])
    widths = [float(r.get("width") or 0) for r in tree(canvas).findall(f"{NS}rect")[1:]]
    assert widths[1] == widths[0] and widths[3] == pytest.approx(widths[0] / 2, abs=0.06)


@pytest.mark.parametrize(
    ("valence", "arousal", "at"), [(0, 0, (50, 50)), (1, 1, (100, 0)), (-1, 0.5, (0, 25))]
)
def test_the_dot_of_a_mood_lies_at_its_valence_and_arousal(
    valence: float, arousal: float, at: tuple[float, float]
) -> None:
    canvas = Canvas(120, 120)
    corners = (("a", "b"),) * 4
    mood_plane(canvas, (0, 0, 100, 100), valence=valence, arousal=arousal, corners=corners, axes=("x", "y"))
    dot = tree(canvas).findall(f"{NS}circle")[-1]
    assert (float(dot.get("cx") or 0), float(dot.get("cy") or 0)) == at


def test_labels_left_of_a_box_stand_from_the_bottom_up() -> None:
    canvas = Canvas(120, 80)
    ticks_left(canvas, BOX, [(0.0, "low"), (1.0, "high")])
    low, high = (float(t.get("y") or 0) for t in tree(canvas).findall(f"{NS}text"))
    assert low - high == pytest.approx(50.0)


@pytest.mark.parametrize(("seconds", "last"), [(8.0, "0:08"), (75.0, "1:10"), (600.0, "10:00")])
def test_times_are_round_and_few(seconds: float, last: str) -> None:
    ticks = time_ticks(seconds)
    assert ticks[0] == (0.0, "0:00") and ticks[-1][1] == last and len(ticks) <= 13


def test_a_roll_holds_every_note_and_every_section() -> None:
    quarter = TICKS_PER_QUARTER
    tune = Notes.of([(0, quarter, 60), (quarter, quarter, 72)])
    drums = Notes.of([(0, quarter, 36)])
    score = Score(
        parts=(Part("tune", tune), Part("kit", drums, is_drums=True)),
        sections=(Section(0, "A"), Section(quarter, "B")), length_ticks=2 * quarter,
    )  # fmt: skip
    canvas = Canvas(120, 80)
    overview_roll(canvas, BOX, score, place=lambda tick: tick / (2 * quarter))
    rects = tree(canvas).findall(f"{NS}rect")[1:]
    assert len(rects) == 2 * 2 + 3
    assert [t.text for t in tree(canvas).findall(f"{NS}text")] == ["A", "B"]
    low, high, kick = rects[-3:]
    assert float(low.get("y") or 0) > float(high.get("y") or 0) and float(kick.get("y") or 0) > float(
        low.get("y") or 0
    )
    assert float(high.get("x") or 0) == pytest.approx(60.0)
