"""Laws of what is seen: piano rolls, engraved pages, PDFs.

Conventions: pictures are judged by their pixels, PDFs by their pages, letters and lines.
Does not know: any sound.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor
from reportlab.pdfgen.canvas import Canvas

from tests.render.conftest import make_song
from zhiyin.errors import InvalidInput
from zhiyin.render import drawing, fonts, pdf
from zhiyin.render.drawing import colour_of
from zhiyin.render.engrave import Engraving, engrave, engrave_musicxml
from zhiyin.render.fonts import find_cjk_fonts, is_wide
from zhiyin.render.pdf import engraving_to_pdf
from zhiyin.render.plot import piano_roll_png
from zhiyin.score import Notes, Part, Score
from zhiyin.units import TICKS_PER_QUARTER as Q

HEAD = '<?xml version="1.0"?><score-partwise version="4.0">'
PARTS = '<part-list><score-part id="P1"><part-name>Flute</part-name></score-part></part-list><part id="P1">'
CLEF = (
    "<attributes><divisions>1</divisions><key><fifths>-1</fifths></key><time><beats>4</beats>"
    "<beat-type>4</beat-type></time><clef><sign>G</sign><line>2</line></clef></attributes>"
)
TEMPO = (
    '<direction placement="above"><direction-type><metronome><beat-unit>quarter</beat-unit>'
    "<per-minute>80</per-minute></metronome></direction-type></direction>"
)


def musicxml(bars: int) -> str:
    note = "<note><pitch><step>{}</step><octave>5</octave></pitch><duration>1</duration><type>quarter</type></note>"
    line = "".join(note.format(step) for step in "CDEF")
    measures = [
        f'<measure number="{n + 1}">{CLEF + TEMPO if n == 0 else ""}{line}</measure>' for n in range(bars)
    ]
    return HEAD + PARTS + "".join(measures) + "</part></score-partwise>"


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def near(image: np.ndarray, colour: str, distance: int = 30) -> int:
    return int((np.abs(image - np.array(ImageColor.getrgb(colour))).sum(axis=2) < distance).sum())


def test_a_roll_shows_every_part_in_its_colour() -> None:
    score = make_song()
    loud = score.with_parts(
        p.with_notes(p.notes.with_columns(velocity=np.full(len(p.notes), 127))) for p in score.parts
    )
    image = pixels(piano_roll_png(loud))
    for index in range(5):
        assert near(image, colour_of(index)) > 200, index


def test_a_higher_note_is_drawn_higher_and_a_later_one_further_right() -> None:
    notes = Notes.of([(0, Q, 60, 127), (8 * Q, Q, 72, 127)])
    image = pixels(piano_roll_png(Score(parts=(Part("X", notes),), length_ticks=16 * Q)))
    rows, columns = np.nonzero(np.abs(image - np.array(ImageColor.getrgb(colour_of(0)))).sum(axis=2) < 30)
    body = rows > 110  # under the legend
    left, right = columns[body] < 500, columns[body] > 500
    assert rows[body][right].max() < rows[body][left].min()


def test_softer_notes_are_paler() -> None:
    def darkness(velocity: int) -> int:
        notes = Notes.of([(0, 16 * Q, 60, velocity)])
        return int((3 * 255 - pixels(piano_roll_png(Score(parts=(Part("X", notes),)))).sum(axis=2)).sum())

    assert darkness(30) < darkness(80) < darkness(127)


def test_64_bars_wrap_into_four_systems_as_wide_as_16() -> None:
    short, long = (Image.open(io.BytesIO(piano_roll_png(make_song(bars=b)))) for b in (16, 64))
    assert short.width == long.width == 1800
    assert 2.5 * short.height < long.height < 4 * short.height


def test_the_same_score_gives_the_same_picture_and_writes_it(tmp_path: Path) -> None:
    png = piano_roll_png(make_song(), tmp_path / "roll.png")
    assert (tmp_path / "roll.png").read_bytes() == png == piano_roll_png(make_song())


def test_without_a_chinese_font_the_roll_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = piano_roll_png(replace(make_song(), title="Night"))
    monkeypatch.setattr(drawing, "wide_font", lambda size: None)
    assert piano_roll_png(replace(make_song(), title="Night")) == plain  # no Chinese, no notice
    assert piano_roll_png(replace(make_song(), title="夜Night")) != plain
    pen = drawing.Pen(drawing.ImageDraw.Draw(Image.new("RGB", (100, 40), "white")))
    pen.text((0, 0), "夜Night", size=12, fill="#000000")
    assert pen.missing


def test_a_score_without_notes_or_past_1024_bars_is_not_drawn() -> None:
    with pytest.raises(InvalidInput, match="must have notes to be drawn, got 'Empty' with none"):
        piano_roll_png(Score(title="Empty"))
    with pytest.raises(InvalidInput, match="holds 1024 bars, got 1025: slice the score"):
        piano_roll_png(Score(parts=(Part("X", Notes.of([(1024 * 4 * Q, Q, 60)])),)))


def test_chinese_is_told_from_latin() -> None:
    assert [is_wide(c) for c in "知，A♭é"] == [True, True, False, False, False]


def test_chinese_fonts_are_ranked(tmp_path: Path) -> None:
    for name in ("simsun.ttc", "NotoSansCJK-Regular.ttc", "DejaVuSans.ttf"):
        (tmp_path / name).write_bytes(b"")
    assert [p.name for p in find_cjk_fonts((tmp_path,))] == ["NotoSansCJK-Regular.ttc", "simsun.ttc"]


def test_pages_carry_title_credit_part_name_and_page_numbers() -> None:
    engraving = engrave_musicxml(musicxml(120), title="雨夜 <Night>")
    assert len(engraving.pages) > 1
    first, second = engraving.pages[:2]
    assert "雨夜 &lt;Night&gt;</text>" in first and "Zhiyin 知音</text>" in first and "Flute" in first
    assert f"1 / {len(engraving.pages)}</text>" in first and f"2 / {len(engraving.pages)}</text>" in second
    assert "Zhiyin 知音" not in second


def test_the_same_music_gives_the_same_pages() -> None:
    first = engrave_musicxml(musicxml(8), title="A")
    engrave_musicxml(musicxml(3), title="B")  # what ran before must not show
    assert engrave_musicxml(musicxml(8), title="A") == first


def test_what_verovio_cannot_read_is_an_error() -> None:
    with pytest.raises(InvalidInput, match="must be engravable MusicXML, got 8 characters"):
        engrave_musicxml("<broken>", title="A")


def test_a_pdf_has_a_page_for_each_page_and_the_same_bytes() -> None:
    engraving = engrave_musicxml(musicxml(120), title="雨夜")
    data = engraving_to_pdf(engraving)
    assert data.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", data)) == len(engraving.pages)
    assert engraving_to_pdf(engraving) == data


def test_an_engraving_without_pages_is_no_pdf() -> None:
    with pytest.raises(InvalidInput, match="must have pages to become a PDF, got none"):
        engraving_to_pdf(Engraving(()))


class _Recorder(Canvas):
    """A canvas that remembers what is written and how often it draws."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        type(self).words, type(self).shapes = [], 0

    def drawString(self, x: float, y: float, text: str, *args: object, **kwargs: object) -> None:
        type(self).words.append((text, self._fontname))
        super().drawString(x, y, text, *args, **kwargs)

    def drawPath(self, *args: object, **kwargs: object) -> None:
        type(self).shapes += 1
        super().drawPath(*args, **kwargs)


def test_text_and_notes_reach_the_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "Canvas", _Recorder)
    engraving_to_pdf(engrave_musicxml(musicxml(1), title="雨夜 Night"))
    words = {word.strip() for word, _ in _Recorder.words}
    assert {"雨夜", "Night", "Flute", "80"} <= words
    # 5 staff lines, 4 noteheads, 4 stems, clef, key, metre, barline, tempo note
    assert _Recorder.shapes >= 17


def test_without_a_chinese_font_the_pdf_names_the_readers_own(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf.cjk_font_name.cache_clear()
    monkeypatch.setattr(pdf, "cjk_fonts", lambda: ())
    try:
        assert b"/STSong-Light" in engraving_to_pdf(engrave_musicxml(musicxml(1), title="雨夜"))
    finally:
        pdf.cjk_font_name.cache_clear()


def test_the_page_looks_like_music_to_an_independent_reader(tmp_path: Path) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed: apt-get install poppler-utils")
    (tmp_path / "a.pdf").write_bytes(engraving_to_pdf(engrave_musicxml(musicxml(4), title="Night")))
    subprocess.run(
        ["pdftoppm", "-r", "100", "-gray", str(tmp_path / "a.pdf"), str(tmp_path / "a")], check=True
    )
    page = np.asarray(Image.open(next(tmp_path.glob("a*.pgm")))) < 200
    assert page.shape == (1170, 827)  # A4 at 100 dots an inch
    full_rows = np.flatnonzero(page.mean(axis=1) > 0.6)
    groups = 1 + np.count_nonzero(np.diff(full_rows) > 1)
    assert groups == 5 * round(groups / 5) and groups >= 5  # staff lines come in fives
    assert page[40:90].any()  # the title


def test_smooth_and_quadratic_curves_are_traced_as_cubics() -> None:
    class Path_:
        def __init__(self) -> None:
            self.steps: list[tuple[float, ...]] = []

        def moveTo(self, *p: float) -> None:
            self.steps.append(p)

        lineTo = curveTo = moveTo

        def close(self) -> None:
            self.steps.append(())

    path = Path_()
    pdf._trace(path, "M0 0c1 2 3 4 6 6s5 0 6 6h-2v-3z m1 1 q3 0 3 3")
    assert path.steps == [
        (0, 0), (1, 2, 3, 4, 6, 6), (9, 8, 11, 6, 12, 12), (10, 12), (10, 9), (), (1, 1),
        (pytest.approx(3), pytest.approx(1), pytest.approx(4), pytest.approx(2), 4, 4),
    ]  # fmt: skip


def test_fonts_are_looked_up_where_systems_keep_them() -> None:
    assert all(folder.is_absolute() or str(folder).startswith("C:") for folder in fonts._folders())


@pytest.mark.parametrize("parts", [1, 12, 24])
def test_a_system_of_many_parts_fits_the_page(parts: int) -> None:
    names = "".join(
        f'<score-part id="P{n}"><part-name>Part {n}</part-name></score-part>' for n in range(parts)
    )
    bar = f'<measure number="1">{CLEF}<note><rest measure="yes"/><duration>4</duration></note></measure>'
    music = "".join(f'<part id="P{n}">{bar}</part>' for n in range(parts))
    text = f"{HEAD}<part-list>{names}</part-list>{music}</score-partwise>"
    page = engrave_musicxml(text, title="Many").pages[0]
    lowest = max(int(y) for y in re.findall(r'd="M\d+ (\d+) L\d+ \1"', page))
    assert lowest < 29_700 - 3_000 - 1_500  # A4 less the upper margin and the lower one


def test_two_hands_of_a_piano_share_a_braced_grand_staff(song: Score) -> None:
    piano = song.parts[1]
    hands = (replace(piano, name="Piano, upper", role="melody"), replace(piano, name="Piano, lower"))
    first = engrave(song.with_parts(hands)).pages[0]
    assert ">Piano</tspan>" in first and "upper" not in first
    assert first.count('class="grpSym') == first.count('class="system"')


@pytest.mark.parametrize("bars", [9, 22, 40, 70, 90])
def test_the_last_page_is_never_nearly_empty(bars: int) -> None:
    systems = [p.count('class="system"') for p in engrave_musicxml(musicxml(bars), title="A").pages]
    assert len(systems) == 1 or systems[-1] >= max(systems) / 2


def test_a_key_in_a_title_is_printed_with_its_sign() -> None:
    page = engrave_musicxml(musicxml(1), title="Waltz in Eb major, Bb 3").pages[0]
    assert ">Waltz in E♭ major, Bb 3</text>" in page
