"""The native format: JSON that keeps everything a score holds, bit for bit.

Conventions: {"format": "zhiyin-score/1", ...}; marks are short lists, notes are columns; ticks at 10,080 a quarter.
This module checks shapes and types; ranges are checked by the score's own constructors.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io.base import Written
from zhiyin.io.limits import check_extent, check_size, syllable_column
from zhiyin.score import (
    ChordMark,
    Control,
    KeyMark,
    Lock,
    MetreMark,
    Notes,
    Origin,
    Part,
    Score,
    Section,
    Tempo,
)
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

VERSION = "zhiyin-score/1"
MAX_VALUES = 6_000_000  # lists, objects and texts: what can take far more memory than its bytes
_REQUIRED_COLUMNS = ("onset", "duration", "pitch", "velocity")
_NUMBER_COLUMNS = (*_REQUIRED_COLUMNS, "spelling", "voice", "origin")
_PART_FIELDS = {"name": str, "role": str, "program": int, "is_drums": bool, "controls": list, "notes": dict}


def _chord_row(mark: ChordMark) -> list[Any]:
    chord = mark.chord
    return (
        [mark.tick, None, "", None] if chord is None else [mark.tick, chord.root, chord.quality, chord.bass]
    )


def _chord_mark(tick: int, root: int | None, quality: str, bass: int | None) -> ChordMark:
    return ChordMark(tick, None if root is None or bass is None else Chord(root, quality, bass))


_NUMBER, _MAYBE = (int,), (int, type(None))
# One line a list of the score: types of a row, row to value, value to row.
_ROWS: dict[str, tuple[tuple[tuple[type, ...], ...], Callable[..., Any], Callable[[Any], list[Any]]]] = {
    "tempos": ((_NUMBER, (int, float)), Tempo, lambda m: [m.tick, m.bpm]),
    "metres": (
        (_NUMBER, _NUMBER, _NUMBER),
        lambda tick, above, below: MetreMark(tick, Metre(above, below)),
        lambda m: [m.tick, m.metre.numerator, m.metre.denominator],
    ),
    "keys": (
        (_NUMBER, _NUMBER, (str,)),
        lambda tick, tonic, mode: KeyMark(tick, Key(tonic, mode)),
        lambda m: [m.tick, m.key.tonic_fifths, m.key.mode],
    ),
    "chords": ((_NUMBER, _MAYBE, (str,), _MAYBE), _chord_mark, _chord_row),
    "sections": ((_NUMBER, (str,)), Section, lambda m: [m.tick, m.name]),
    "locks": ((_NUMBER, _NUMBER, _NUMBER, (str,)), Lock, lambda m: [m.part, m.start, m.end, m.aspect]),
    "credits": (((str,), (str,)), lambda kind, text: (kind, text), list),
    "provenance": (((str,), (str,), (str,)), Origin, lambda o: [o.kind, o.name, o.detail]),
}
_CONTROL_ROW = (_NUMBER, _NUMBER, _NUMBER)
_SCORE_FIELDS = {"format": str, "title": str, "pickup_ticks": int, "length_ticks": int, "parts": list}


class Native:
    """Zhiyin's own JSON."""

    name = "Zhiyin score"
    is_read_only = False
    endings: tuple[str, ...] = (".zyn", ".json")

    def read(self, data: bytes, *, path: str) -> Score:
        """Return the score in the JSON. Raises UnreadableFile with the field and the reason."""
        return _Reader(path).score(_parse(data, path))

    def write(self, score: Score) -> Written:
        """Return the JSON; nothing is lost."""
        tree: dict[str, Any] = {"format": VERSION, "title": score.title}
        tree |= {"pickup_ticks": score.pickup_ticks, "length_ticks": score.length_ticks}
        for name, (_, _, to_row) in _ROWS.items():
            tree[name] = [to_row(item) for item in getattr(score, name)]
        tree["parts"] = [_part_tree(part) for part in score.parts]
        try:
            return Written(
                json.dumps(tree, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
            )
        except UnicodeEncodeError as error:
            raise InvalidInput(
                f"every text must be valid Unicode, got {error.object[error.start : error.end]!r}"
            ) from error


def _part_tree(part: Part) -> dict[str, Any]:
    columns = {name: getattr(part.notes, name) for name in part.notes.__dataclass_fields__}
    return {
        "name": part.name,
        "role": part.role,
        "program": part.program,
        "is_drums": part.is_drums,
        "controls": [[c.tick, c.number, c.value] for c in part.controls],
        "notes": {name: column.tolist() for name, column in columns.items() if column is not None},
    }


def _parse(data: bytes, path: str) -> Any:
    check_size(data, path=path)
    values = data.count(b"[") + data.count(b"{") + data.count(b'"') // 2
    if values > MAX_VALUES:
        raise UnreadableFile(
            path, "byte 0", f"the file must hold at most {MAX_VALUES} lists and texts, got {values}"
        )
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise UnreadableFile(path, f"byte {error.start}", "the text must be UTF-8") from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            path, f"line {error.lineno} column {error.colno}", f"not JSON: {error.msg}"
        ) from error
    except (RecursionError, ValueError) as error:
        raise UnreadableFile(
            path, "byte 0", f"the JSON must be flat and its numbers finite: {error}"
        ) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


class _Reader:
    """Checks a parsed tree field by field, so that a message can name the field."""

    def __init__(self, path: str) -> None:
        self.path = path

    def fail(self, place: str, reason: str) -> NoReturn:
        raise UnreadableFile(self.path, place, reason)

    def score(self, tree: Any) -> Score:
        fields = {**_SCORE_FIELDS, **dict.fromkeys(_ROWS, list)}
        if isinstance(tree, dict):
            tree.pop("manifest", None)  # of the notes' origins, for zhiyin.rights.embedding
        self.fields(tree, fields, "the top")
        if tree["format"] != VERSION:
            self.fail("format", f"must be {VERSION!r}, got {tree['format']!r}: open it with a newer Zhiyin")
        # Locks of files from before aspects were told hold notes.
        tree["locks"] = [
            [*row, "notes"] if isinstance(row, list) and len(row) == 3 else row for row in tree["locks"]
        ]
        rows: dict[str, Any] = {
            name: self.rows(tree[name], name, types=spec[0], make=spec[1]) for name, spec in _ROWS.items()
        }
        parts = [self.part(item, f"parts[{i}]") for i, item in enumerate(tree["parts"])]
        plain = {name: tree[name] for name in ("title", "pickup_ticks", "length_ticks")}
        score = self.made(lambda: Score(**plain, **rows, parts=tuple(parts)), "the top")
        return check_extent(score, path=self.path)

    def fields(self, tree: Any, fields: dict[str, type], place: str) -> None:
        if not isinstance(tree, dict):
            self.fail(place, f"must be an object, got {type(tree).__name__}")
        if wrong := fields.keys() ^ tree.keys():
            self.fail(
                place, f"must have exactly the fields {', '.join(sorted(fields))}; differs in {sorted(wrong)}"
            )
        for name, kind in fields.items():
            if type(tree[name]) is not kind:
                self.fail(f"{place}: {name}", f"must be {kind.__name__}, got {type(tree[name]).__name__}")

    def rows(
        self, items: list[Any], place: str, *, types: tuple[tuple[type, ...], ...], make: Callable[..., Any]
    ) -> tuple[Any, ...]:
        made = []
        for index, row in enumerate(items):
            good = isinstance(row, list) and len(row) == len(types)
            if not good or not all(type(v) in kinds for v, kinds in zip(row, types, strict=True)):
                words = ", ".join("/".join(kind.__name__ for kind in kinds) for kinds in types)
                self.fail(f"{place}[{index}]", f"must be [{words}], got {str(row)[:60]}")
            made.append(self.made(lambda row=row: make(*row), f"{place}[{index}]"))  # type: ignore[misc]
        return tuple(made)

    def part(self, tree: Any, place: str) -> Part:
        self.fields(tree, _PART_FIELDS, place)
        controls = self.rows(tree["controls"], f"{place}.controls", types=_CONTROL_ROW, make=Control)
        notes = self.notes(tree["notes"], f"{place}.notes")
        plain = {name: tree[name] for name in ("name", "role", "program", "is_drums")}
        return self.made(lambda: Part(**plain, notes=notes, controls=controls), place)  # type: ignore[no-any-return]

    def notes(self, tree: dict[str, Any], place: str) -> Notes:
        known = {*_NUMBER_COLUMNS, "syllable"}
        if not set(_REQUIRED_COLUMNS) <= tree.keys() <= known:
            self.fail(
                place, f"must hold {', '.join(_REQUIRED_COLUMNS)} and may hold others, got {sorted(tree)[:9]}"
            )
        columns = {name: self.column(values, f"{place}.{name}") for name, values in tree.items()}
        return self.made(lambda: Notes(**columns), place)  # type: ignore[no-any-return]

    def column(self, values: Any, place: str) -> NDArray[Any]:
        wanted: type = str if place.endswith("syllable") else int
        if not isinstance(values, list) or any(type(value) is not wanted for value in values):
            self.fail(place, f"must be a list of {wanted.__name__}")
        if wanted is str:
            return self.made(lambda: syllable_column(values), place)  # type: ignore[no-any-return]
        try:
            return np.array(values, dtype=np.int64)
        except OverflowError:
            self.fail(place, "must hold numbers below 2^63")

    def made(self, make: Callable[[], Any], place: str) -> Any:
        try:
            return make()
        except InvalidInput as error:
            raise UnreadableFile(self.path, place, str(error)) from error
