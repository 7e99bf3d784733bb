"""Scopes, parts and locks as people type them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.encode.pieces import QUARTER, little_waltz
from zhiyin.errors import InvalidInput
from zhiyin.fill.desk import lay_out
from zhiyin.fill.lock_words import read_locks
from zhiyin.fill.scope import Scope, read_bars, read_place
from zhiyin.score import Part
from zhiyin.score.find_parts import find_parts

BAR = 3 * QUARTER
BAND = replace(
    little_waltz(),
    parts=(
        Part("Violin 1", role="melody", program=40), Part("Violin 2", role="inner", program=40),
        Part("Kit", role="drums", is_drums=True), Part("Contrabass", role="bass", program=43),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "bars"),
    [("3", [2]), ("2-4", [1, 2, 3]), ("2-4, 6", [1, 2, 3, 5]), ("1—2；8", [0, 1, 7]), ("2到3", [1, 2])],
)
def test_bars_are_counted_from_one(text: str, bars: list[int]) -> None:
    assert list(read_bars(text, count=8)) == bars


@pytest.mark.parametrize(
    ("text", "message"),
    [("0", r"must lie in 1\.\.8 .* got '0'"), ("7-9", r"1\.\.8 .* got '7-9'"), ("5-3", "run forwards, got '5-3'"),
     ("x", "bars must be numbers and ranges, got 'x': write e.g. 5-8"), ("", "got ''")],
)  # fmt: skip
def test_bars_that_are_not_there_are_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read_bars(text, count=8)


def test_a_place_is_a_bar_and_a_beat() -> None:
    assert [read_place(t, BAND) for t in ("1", "2:1", "2:3.5", "1:4")] == [
        0,
        BAR,
        BAR + 5 * QUARTER // 2,
        BAR,
    ]
    for text, message in (
        ("0:1", "BAR:BEAT counted from 1"),
        ("2:5", r"beat of bar 2 must be 1\.\.4, got 5"),
        ("a", "got 'a'"),
    ):
        with pytest.raises(InvalidInput, match=message):
            read_place(text, BAND)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("1", (0,)), ("Violin 2", (1,)), ("violin", (0, 1)), ("小提琴, 鼓", (0, 1, 2)), ("melody", (0,)), ("贝斯", (3,)),
     ("drums", (2,)), ("all", (0, 1, 2, 3)), ("contra", (3,)), ("全部", (0, 1, 2, 3))],
)  # fmt: skip
def test_parts_are_found_by_what_people_call_them(text: str, parts: tuple[int, ...]) -> None:
    assert find_parts(BAND, text) == parts


def test_a_part_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(InvalidInput, match=r"got 'oboe': there are 1 'Violin 1' \(melody\), 2 'Violin 2'"):
        find_parts(BAND, "oboe")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("melody", [(0, 0, 8 * BAR, "notes")]),
        ("5-6", [(-1, 4 * BAR, 6 * BAR, "notes")]),
        ("Tune 2 rhythm", [(0, BAR, 2 * BAR, "rhythm")]),
        ("旋律 第2-3小节 音高", [(0, BAR, 3 * BAR, "pitch")]),
        ("harmony", [(-1, 0, 8 * BAR, "harmony")]),
    ],
)
def test_locks_name_parts_bars_and_an_aspect(text: str, found: list[tuple[int, int, int, str]]) -> None:
    locks = read_locks([text], lay_out(little_waltz()))
    assert [(k.part, k.start, k.end, k.aspect) for k in locks] == found


def test_an_empty_lock_is_refused() -> None:
    with pytest.raises(InvalidInput, match="a lock must name parts, bars or both, got ''"):
        read_locks([" "], lay_out(little_waltz()))


def test_an_empty_scope_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least one bar of one part, got none"):
        Scope(())
