"""Laws of what the model is told about the next value: while writing exactly what it was told while learning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from tests.fill.band import PLAYERS, all_cells, frame, untrained
from zhiyin.encode import Sequence, Window, build_sequence, encode_grid
from zhiyin.encode.fields import FIELD_INDEX, FIELD_NAMES, KIND_CELL, NO_CHORD
from zhiyin.fill.canvas import Canvas
from zhiyin.fill.decode import origin_of, write_cells
from zhiyin.fill.request import Request
from zhiyin.models import StepState, Under
from zhiyin.units import IntArray


@dataclass
class Listening:
    """A model that remembers what it was told about every value that was chosen."""

    order: str
    name: str = "listening"
    version: str = "1"

    def __post_init__(self) -> None:
        self.told: list[tuple[int, int, int, int, int]] = []  # value, then tonic, root, quality, last
        self.read: list[list[int]] = []  # every event of the cells to write

    def start(self) -> StepState:
        """Return a state that writes down what it hears."""
        state = untrained().start()
        self.before = len(self.read)
        value, feed = state.value, state.feed
        asked: list[Under] = []

        def listen(onset: int, under: Under) -> object:
            asked[:] = [under]
            return value(onset, under)

        def write_down(fields: IntArray, time: IntArray) -> None:
            feed(fields, time)
            del self.read[state.mark() - len(fields) + self.before :]  # what was taken back
            self.read += fields.tolist()
            if asked and len(fields) == 1 and fields[0, FIELD_INDEX["kind"]] != KIND_CELL:
                u = asked.pop()
                chosen = int(fields[0, FIELD_INDEX["value"]])
                self.told.append((chosen, u.tonic, u.chord_root, u.chord_quality, u.last))

        state.value, state.feed = listen, write_down  # type: ignore[method-assign,assignment]
        return state


def told_while_learning(sequence: Sequence) -> list[tuple[int, int, int, int, int]]:
    """Return the same rows from a sequence of the finished piece."""
    at = np.flatnonzero(sequence.is_target & (sequence.target[:, 1] >= 0))
    columns = (
        sequence.target[at, 1],
        sequence.tonic[at],
        sequence.chord_root[at],
        sequence.chord_quality[at],
    )
    return list(zip(*(c.tolist() for c in (*columns, sequence.last[at])), strict=True))


@pytest.mark.parametrize("order", ["bar", "part"])
def test_writing_tells_the_model_what_learning_tells_it(order: str) -> None:
    request = Request(frame(), all_cells(), (), seed=3, style="waltz", instruments=PLAYERS, bars=4)
    model = Listening(order)
    score, _ = write_cells(request, model, np.random.default_rng(3), origin=origin_of(request, model, 0))
    tokens, context = encode_grid(score), Canvas(request).context
    drums = np.array([False, *(p.is_drums for p in score.parts)])
    told, read = [], []
    for rows in (np.flatnonzero(~drums), np.flatnonzero(drums)):  # drums are written apart
        if rows.size:
            write = np.broadcast_to(rows > 0, (tokens.columns, rows.size))  # the chord row is given
            window = Window(np.arange(tokens.columns), rows, write, order=order)
            sequence = build_sequence(tokens, context, window)
            told += told_while_learning(sequence)
            read += sequence.fields.tolist()
    assert len(told) > 60
    assert model.told == told
    plain = [
        name for name in FIELD_NAMES if name not in ("target", "style", "mode", "extra")
    ]  # drums are told another style; a tie that nobody took up is gone
    for a, b in zip(model.read, read, strict=True):
        assert {n: a[FIELD_INDEX[n]] for n in plain} == {n: b[FIELD_INDEX[n]] for n in plain}


def test_the_law_would_notice_a_difference() -> None:
    request = Request(frame(), all_cells(), (), seed=3, style="waltz", instruments=PLAYERS, bars=4)
    model = Listening("bar")
    score, _ = write_cells(request, model, np.random.default_rng(3), origin=origin_of(request, model, 0))
    assert any(row[4] < 128 for row in model.told) and any(row[2] < 12 for row in model.told)
    assert len({row[0] for row in model.told if row[0] < NO_CHORD}) > 5
    assert score.note_count
