"""Draw the pictures of docs/representations.md about notes: ``python scripts/representations_notes.py [FOLDER]``.

Conventions: one short phrase for all pictures, made here; each picture is written as PNG and SVG.
Does not know: time-frequency pictures.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from zhiyin.encode.grid_tokens import encode_grid
from zhiyin.encode.note_graph import EDGE_TYPES, NoteGraph, encode_graph
from zhiyin.encode.note_table import NOTE_OFF, NOTE_ON, note_events, note_table
from zhiyin.render.canvas import FAINT, INK, LINE, Canvas, Point
from zhiyin.render.drawing import colour_of, mixed
from zhiyin.score import KeyMark, Notes, Part, Score
from zhiyin.theory.key import Key
from zhiyin.theory.pitch import fifths_name, spell
from zhiyin.units import TICKS_PER_QUARTER

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "img"
WIDTH, PAPER = 1080, "#fdfcf8"
LEFT, TOP, ROW = 70, 64, 17  # the roll: where it begins, height of a semitone
STEP = 4.9  # pixels a step of 1/24 quarter
EDGE_COLOURS = dict(zip(EDGE_TYPES, (INK, "#009e73", "#d55e00", "#aa3377", FAINT), strict=True))
EDGE_WORDS = {
    "onset": "begin together", "follow": "begins where it ends", "during": "begins while it sounds",
    "line": "next in the part", "rest": "breaks the silence",
}  # fmt: skip
LEVELS = ("ppp", "pp", "p", "mp", "mf", "f", "ff", "fff")
SIGNS = {NOTE_ON: "+", NOTE_OFF: "-"}
DASHES = {"line": 5.0, "rest": 2.5}  # lengths of dashes; other edges are whole lines


def phrase() -> Score:
    """Return two bars of C major: a tune over a bass, a beat of silence between the bars."""
    q = TICKS_PER_QUARTER
    tune = ((0, 1, 64), (1, 1, 67), (2, 0.5, 69), (2.5, 0.5, 67), (4, 1.5, 72), (5.5, 0.5, 71), (6, 2, 72))
    bass = ((0, 2, 48), (2, 1, 52), (4, 1, 53), (5, 1, 55), (6, 2, 48))
    parts = [
        Part(name, Notes.of([(int(on * q), int(n * q), pitch) for on, n, pitch in rows]), role=role)
        for name, role, rows in (("tune", "melody", tune), ("bass", "bass", bass))
    ]
    return Score("Two bars", tuple(parts), keys=(KeyMark(0, Key(0)),))


def name_of(pitch: int) -> str:
    """Return a pitch as musicians write it, such as C4."""
    return f"{fifths_name(spell(pitch % 12, key_fifths=0))}{pitch // 12 - 1}"


def quarters(steps: int) -> str:
    """Return steps in quarters, such as 1.5."""
    return f"{steps / 24:g}"


def draw_sequences(score: Score) -> Canvas:
    """Return the phrase as three kinds of tokens, a row of boxes each."""
    canvas = Canvas(WIDTH, 560, "Two bars as grid tokens, as a list of notes and as a list of events")
    canvas.text((24, 26), "The same two bars as three sequences", size=19)
    y = _boxes(
        canvas,
        66,
        "grid tokens: cell by cell (a bar of a part); in a cell place, pitch, length, in quarters from the bar line",
        grid_words(score),
    )
    y = _boxes(
        canvas, y, "notes: one row a note, in time order: onset, length, pitch, dynamics", note_words(score)
    )
    y = _boxes(
        canvas,
        y,
        "events: what a keyboard sends, in time order: + a note begins, - it ends",
        event_words(score),
    )
    for part, x in enumerate((700, 800)):
        canvas.rect((x, 18, x + 16, 34), fill=colour_of(part), radius=3)
        canvas.text((x + 24, 26), score.parts[part].name, size=15)
    return _cut(canvas, y)


def _cut(canvas: Canvas, height: float) -> Canvas:
    canvas.height = int(height)
    return canvas


Word = tuple[str, int | None]  # what stands in a box, and whose it is; a part of None is a mark, not a note


def grid_words(score: Score) -> list[Word]:
    """Return grid tokens as words."""
    tokens, found, cell = encode_grid(score), list[Word](), (-1, -1)
    s = tokens.segments
    for i in range(len(s)):
        if cell != (cell := (int(s.column[i]), int(s.row[i]))):
            found.append((f"bar {cell[0] + 1}", None))
        place, length = quarters(int(s.onset[i])), quarters(int(s.duration[i]))
        found.append((f"{place} · {name_of(int(s.value[i]))} · {length}", cell[1] - 1))
    return found


def note_words(score: Score) -> list[Word]:
    """Return the note table as words."""
    return [
        (
            f"{quarters(on)} · {quarters(length)} · {name_of(pitch)} · {LEVELS[level]}",
            part,
        )
        for on, length, pitch, level, part, _ in note_table(score).rows.tolist()
    ]


def event_words(score: Score) -> list[Word]:
    """Return the event list as words, with a mark wherever time goes on."""
    found, now = list[Word](), 0
    for step, kind, part, pitch, _ in note_events(score).rows.tolist():
        if step > now:
            found.append((f"wait {quarters(step - now)}", None))
        now = step
        found.append((f"{SIGNS[kind]} {name_of(pitch)}", part))
    return found


def _boxes(canvas: Canvas, top: float, head: str, words: Sequence[Word]) -> float:
    """Draw a heading and boxes that wrap, and return the height below them."""
    canvas.text((24, top), head, size=15, fill=FAINT)
    x, y = 24.0, top + 20
    for text, part in words:
        width = 7.0 * len(text) + 18
        if x + width > WIDTH - 24:
            x, y = 24.0, y + 36
        colour = LINE if part is None else mixed(colour_of(part), PAPER, 0.22)
        canvas.rect((x, y, x + width, y + 28), fill=colour, radius=5)
        canvas.text((x + width / 2, y + 14), text, size=14, fill=FAINT if part is None else INK, align="m")
        x += width + 6
    return y + 66


def draw_graph(score: Score) -> Canvas:
    """Return the phrase as a piano roll with the edges of its note graph over it."""
    graph = encode_graph(score)
    pitches = graph.nodes.pitch
    low, high = int(pitches.min()) - 3, int(pitches.max()) + 4
    bottom = TOP + (high - low + 1) * ROW
    canvas = Canvas(WIDTH, bottom + 66, "Two bars as a graph: notes joined by five types of edges")
    canvas.text((24, 26), "The same two bars as a graph", size=19)
    _roll(canvas, low=low, high=high, bottom=bottom)
    places = [
        (LEFT + on * STEP, bottom - (pitch - low + 0.5) * ROW)
        for on, pitch in zip(graph.nodes.onset.tolist(), pitches.tolist(), strict=True)
    ]
    for (x, y), length, part in zip(
        places, graph.nodes.duration.tolist(), graph.nodes.part.tolist(), strict=True
    ):
        box = (x, y - ROW / 2 + 1, x + length * STEP - 2, y + ROW / 2 - 1)
        canvas.rect(box, fill=mixed(colour_of(part), PAPER, 0.22), radius=4)
    for kind in EDGE_TYPES:
        _edges(canvas, graph, kind, places)
    for (x, y), pitch, part in zip(places, pitches.tolist(), graph.nodes.part.tolist(), strict=True):
        canvas.disc((x, y), radius=13, fill=colour_of(part))
        canvas.disc((x, y), radius=11.5, fill=PAPER)
        canvas.text((x, y), name_of(pitch), size=12, align="m")
    _legend(canvas, bottom + 40, graph)
    return canvas


def _roll(canvas: Canvas, *, low: int, high: int, bottom: int) -> None:
    for pitch in range(low, high + 1):
        y = bottom - (pitch - low + 1) * ROW
        if pitch % 12 in (1, 3, 6, 8, 10):
            canvas.rect((LEFT, y, LEFT + 192 * STEP, y + ROW), fill="#f3f1ea")
        if pitch % 12 in (0, 7):
            canvas.text((LEFT - 22, y + ROW / 2), name_of(pitch), size=12, fill=FAINT, align="r")
    for beat in range(9):
        x = LEFT + beat * 24 * STEP
        canvas.line([(x, TOP), (x, bottom)], colour="#b9b6ab" if beat % 4 == 0 else "#e9e7df")
        if beat < 8:
            canvas.text((x + 5, TOP - 10), str(beat % 4 + 1), size=12, fill=FAINT)


def _edges(canvas: Canvas, graph: NoteGraph, kind: str, places: Sequence[Point]) -> None:
    """Draw the edges of a type: each type bends its own way, so that two between the same notes stay apart."""
    bend = {"onset": 0.12, "follow": 0.1, "during": -0.1, "line": 0.3, "rest": -0.14}[kind]
    for first, second in graph.edges[kind].T.tolist():
        a, b = np.array(places[first]), np.array(places[second])
        middle = (a + b) / 2 + bend * np.array([(b - a)[1], -(b - a)[0]])
        t = np.linspace(0, 1, 60)[:, None]
        path = (1 - t) ** 2 * a + 2 * t * (1 - t) * middle + t**2 * b
        inside = (np.hypot(*(path - a).T) > 13) & (np.hypot(*(path - b).T) > (13 if kind == "onset" else 20))
        path = path[inside]
        for piece in dashes(path, DASHES.get(kind)):
            canvas.line([(float(x), float(y)) for x, y in piece], colour=EDGE_COLOURS[kind], width=2)
        if kind != "onset":  # the one type that has no direction
            _tip(canvas, path[-1], b, colour=EDGE_COLOURS[kind])


def dashes(path: np.ndarray, length: float | None) -> list[np.ndarray]:
    """Return the inked stretches of a path for dashes and gaps of a length, the whole path for None."""
    if length is None:
        return [path]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    found = []
    for start in np.arange(0.0, along[-1], 2 * length):
        stop = min(start + length, along[-1])
        at = np.array([start, *along[(along > start) & (along < stop)], stop])
        found.append(np.stack([np.interp(at, along, path[:, i]) for i in (0, 1)], axis=1))
    return found


def _tip(canvas: Canvas, end: np.ndarray, target: np.ndarray, *, colour: str) -> None:
    """Draw the head of an arrow between the end of a line and a note."""
    d = (target - end) / max(float(np.hypot(*(target - end))), 1e-9)
    side = np.array([-d[1], d[0]])
    for share in np.linspace(0, 1, 9):  # a filled head out of lines: the sheet draws no polygons
        base = end + (1 - share) * 7 * d
        half = share * 4 * side
        canvas.line([tuple(base - half), tuple(base + half)], colour=colour, width=1.4)


def _legend(canvas: Canvas, y: float, graph: NoteGraph) -> None:
    x = 24.0
    for kind in EDGE_TYPES:
        path = np.linspace([x, y], [x + 26, y], 30)
        for piece in dashes(path, DASHES.get(kind)):
            canvas.line([(float(a), float(b)) for a, b in piece], colour=EDGE_COLOURS[kind], width=2.4)
        words = f"{kind}: {EDGE_WORDS[kind]}"
        canvas.text((x + 32, y), words, size=13)
        x += 32 + 6.1 * len(words) + 20


def main(words: Sequence[str]) -> int:
    """Write the pictures into a folder, docs/img by default."""
    folder = Path(words[0]) if words else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    score = phrase()
    for name, canvas in (("sequence", draw_sequences(score)), ("graph", draw_graph(score))):
        (folder / f"representations-{name}.png").write_bytes(canvas.png())
        (folder / f"representations-{name}.svg").write_bytes(canvas.svg())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
