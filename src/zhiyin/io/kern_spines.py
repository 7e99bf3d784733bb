"""Humdrum spines: which column of a line belongs to which part, through splits, joins and swaps.

Conventions: columns count from 0 left to right; a sub-spine is a voice of the part its spine opened.
This module does not know what the tokens mean: see `zhiyin.io.kern_tokens`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

MAX_COLUMNS = 512


class BadSpines(ValueError):
    """Spine operators that cannot be followed; the message says why."""


@dataclass(slots=True)
class Column:
    """One column of the present line.

    kind: the exclusive interpretation without stars; part: index of the **kern spine it belongs to or stands
    right of, -1 for none; spine: number of the spine it came from; end: where its last note ends, in units.
    """

    kind: str
    part: int
    spine: int
    end: int = 0


def open_spines(tokens: list[str]) -> tuple[list[Column], int]:
    """Return the columns of an exclusive interpretation line and the number of **kern spines.

    >>> [column.part for column in open_spines(["**dynam", "**kern", "**text", "**kern"])[0]]
    [-1, 0, 0, 1]
    """
    if len(tokens) > MAX_COLUMNS:
        raise BadSpines(f"a line must hold at most {MAX_COLUMNS} spines, got {len(tokens)}")
    columns, part = [], -1
    for index, token in enumerate(tokens):
        if not token.startswith("**"):
            raise BadSpines(f"every spine must open with **, got {token[:40]!r} in column {index + 1}")
        part += token == "**kern"
        columns.append(Column(token[2:], part, index))
    return columns, part + 1


def has_operator(tokens: list[str]) -> bool:
    """Return whether a line splits, joins, swaps, adds or ends spines."""
    return any(token in ("*^", "*v", "*x", "*+", "*-") or token.startswith("**") for token in tokens)


def _join_end(columns: list[Column], tokens: list[str], index: int) -> int:
    """Return the index after the columns that the *v at `index` joins.

    A pair of neighbours from two **kern spines is taken too, where the second spine goes on in other columns:
    Humdrum allows it, and scores have it where the encoder meant the second staff's own voices.
    """
    spine, stop = columns[index].spine, index + 1
    while stop < len(tokens) and tokens[stop] == "*v" and columns[stop].spine == spine:
        stop += 1
    if stop > index + 1:
        return stop
    is_pair = tokens[index : index + 3].count("*v") == 2 and tokens[index + 1] == "*v"
    if is_pair and columns[index].kind == columns[index + 1].kind == "kern":
        second = columns[index + 1].spine
        if any(column.spine == second for column in columns[index + 2 :]):
            return index + 2
    raise BadSpines(f"*v in column {index + 1} must join a neighbour of the same spine")


def apply_operators(
    columns: list[Column], tokens: list[str], now: int, *, tell: Callable[[str], None]
) -> list[Column]:
    """Return the columns after a line with spine operators.

    now: the present time in units; tell: takes what was guessed.
    """
    after: list[Column] = []
    swap: int | None = None
    index = 0
    while index < len(tokens):
        token, column = tokens[index], columns[index]
        if token == "*-":
            pass
        elif token == "*^":
            after += [column, replace(column)]
        elif token == "*+":
            after += [column, Column("", -1, len(columns) + index, now)]
        elif token == "*v":
            stop = _join_end(columns, tokens, index)
            if columns[stop - 1].spine != column.spine:
                tell("a join of two staves was read as the end of a voice of the second")
            after.append(replace(column, end=max(c.end for c in columns[index:stop])))
            index = stop - 1
        elif token == "*x":
            after.append(column)
            if swap is None:
                swap = len(after) - 1
            else:
                after[swap], after[-1], swap = after[-1], after[swap], None
        else:
            after.append(replace(column, kind=token[2:]) if token.startswith("**") else column)
        index += 1
    if swap is not None:
        raise BadSpines("*x must come in pairs on a line")
    if len(after) > MAX_COLUMNS:
        raise BadSpines(f"a line must hold at most {MAX_COLUMNS} spines, got {len(after)}")
    return after
