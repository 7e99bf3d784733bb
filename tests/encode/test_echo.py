"""Laws of echoes: what the row did next at this place in an earlier bar, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhiyin.encode import Window, build_sequence, context_of, encode_grid
from zhiyin.encode.echo import NOT_TOLD, EchoBook, places, references
from zhiyin.encode.fields import END, FIELD_INDEX, KIND_CELL, NO_STEP, REACH
from zhiyin.score import Notes, Part, Score
from zhiyin.units import TICKS_PER_QUARTER as QUARTER

BAR = 4 * QUARTER
# Two bars: C E G G | D E A, the second shorter.
TUNE = [(0, QUARTER, 60), (QUARTER, QUARTER, 64), (2 * QUARTER, QUARTER, 67), (3 * QUARTER, QUARTER, 67),
        (BAR, QUARTER, 62), (BAR + QUARTER, QUARTER, 64), (BAR + 2 * QUARTER, 2 * QUARTER, 69)]  # fmt: skip


def tune() -> Score:
    return Score(parts=(Part("tune", Notes.of([(t, d, p, 80) for t, d, p in TUNE])),))


def told(which: str, *, like: list[int] | None = None, shift: int = 0) -> list[tuple[int, int, int, int]]:
    """Return the echoes of every event of the second bar: its CELL event and three notes."""
    tokens = encode_grid(tune())
    context = context_of(tokens)
    if like is not None:
        context = replace(context, like=np.array(like))
    sequence = build_sequence(
        tokens, context, Window(np.arange(2), np.array([1]), np.ones((2, 1), bool), shift)
    )
    names = [FIELD_INDEX[f"{which}_{n}"] for n in ("onset", "value", "step", "duration")]
    return [tuple(row) for row in sequence.fields[-4:, names].tolist()]


def test_an_echo_tells_the_next_note_of_the_bar_before() -> None:
    # After the bar line: C at 0, a third below the G before; after D: E at 24, two above; and so on.
    assert told("echo") == [
        (0, 60, REACH - 7, 24), (24, 64, REACH + 2, 24), (48, 67, REACH + 3, 24), (72, 67, REACH - 2, 24)
    ]  # fmt: skip


def test_echoes_move_with_the_window() -> None:
    assert [row[1] for row in told("echo", shift=3)] == [63, 67, 70, 70]
    assert [row[2] for row in told("echo", shift=3)] == [row[2] for row in told("echo")]


def test_a_bar_that_resembles_another_recalls_it_and_others_recall_nothing() -> None:
    assert told("recall", like=[-1, 0]) == told("echo")
    assert told("recall") == [tuple(NOT_TOLD.tolist())] * 4


def test_an_earlier_bar_that_holds_no_more_tells_its_end() -> None:
    tokens = encode_grid(Score(parts=(Part("a", Notes.of([(0, QUARTER, 60, 80), (BAR, QUARTER, 62, 80)])),)))
    sequence = build_sequence(
        tokens, context_of(tokens), Window(np.arange(2), np.array([1]), np.ones((2, 1), bool))
    )
    assert sequence.fields[-1, FIELD_INDEX["echo_onset"]] == END
    assert sequence.fields[-1, FIELD_INDEX["echo_step"]] == NO_STEP


def test_a_note_tells_its_step_from_the_note_before() -> None:
    tokens = encode_grid(tune())
    sequence = build_sequence(
        tokens, context_of(tokens), Window(np.arange(2), np.array([1]), np.ones((2, 1), bool))
    )
    is_note = sequence.fields[:, FIELD_INDEX["kind"]] != KIND_CELL
    steps = sequence.fields[is_note, FIELD_INDEX["step"]]
    assert steps.tolist() == [NO_STEP, REACH + 4, REACH + 3, REACH, REACH - 5, REACH + 2, REACH + 5]


def test_places_count_within_a_chord() -> None:
    zero = np.zeros(4, np.int64)
    assert places(zero, zero, np.array([0, 0, 24, 24])).tolist() == [0, 1, 24 * 64, 24 * 64 + 1]


def test_references_are_earlier_columns_of_the_window_only() -> None:
    assert references(np.array([2, 5, 6]), np.array([0, 2, 6])).tolist() == [[-1, -1], [-1, 0], [1, -1]]


def test_the_book_tells_one_at_a_time_what_the_arrays_tell_together() -> None:
    refs = references(np.arange(2), np.array([-1, 0]))
    empty = tuple(np.zeros(0, np.int64) for _ in range(5))
    book = EchoBook(empty, refs)  # type: ignore[arg-type]
    book.put(0, 0, [(0, 60, 24), (24, 64, 24), (48, 67, 24), (72, 67, 24)])
    played, found = [(0, 62, 24), (24, 64, 24), (48, 69, 48)], [book.told(1, 0, place=-1, last=67)]
    for count in (1, 2, 3):
        found.append(book.told(1, 0, place=book.place(played[:count]), last=played[count - 1][1]))
    assert [tuple(row[:4]) for row in found] == told("echo")
