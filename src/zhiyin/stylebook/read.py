"""Reading style files: TOML to a `Style`, every value checked where it stands.

Conventions: errors name the file, the key, the rule, the value and what to do; unknown keys are errors too.
This module does not play patterns; what symbols mean is checked by the tables here alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.score.score import ROLES
from zhiyin.stylebook.book import (
    ENDINGS,
    JOBS,
    LEAD_FORMS,
    LEVELS,
    ORDERS,
    SCALES,
    SECTIONS,
    VOICINGS,
    Case,
    Form,
    Pattern,
    Patterns,
    PlayerBook,
    Progression,
    Style,
)
from zhiyin.stylebook.grid import parse_pattern
from zhiyin.stylebook.kit import DRUMS
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.roman import roman_to_chord

# What the symbols of each job's patterns may be, and what they mean to a reader of the error.
SYMBOLS: dict[str, tuple[str, str]] = {
    "drums": ("xXort", "x hit, X accent, o soft, r two strokes in a step, t three"),
    "bass": ("RrO2345678fawg", "R root, O octave up, r octave down, 2..8 degrees, f fifth below, a approach, w walk, "
             "g ghost"),
    "comp": ("xXoatlbfc", "x chord, X accent, o soft, a anticipated chord, t upper two, l lower two, b thumb on the "
             "root, f thumb on the fifth, c scratch"),
    "arp": ("0123456789x", "0..9 the chord's notes from the lowest, x the next in order"),
    "lead": ("xXo", "x note, X accent, o soft"),
    "riser": ("x", "x the next note up"),
}  # fmt: skip
_TOP = {"name", "en", "zh", "tempo", "metres", "swing", "swing_unit", "feel", "major", "ending", "fill_every", "stops",
        "crash", "human", "bass_pushes", "forms", "progressions", "player", "chromatic"}  # fmt: skip
_PLAYER = {"instrument", "role", "job", "patterns", "fills", "range", "voicing", "voices", "gate", "loud", "levels",
           "skip", "only", "order", "form", "scale", "leap", "extra"}  # fmt: skip
_CASE = re.compile(r"^(?:([A-Za-z][a-z-]*))?\s*(?:([1-5])(?:-([1-5]))?)?$")


@dataclass(frozen=True)
class Place:
    """Where in which file a value stands."""

    file: str
    key: str = ""

    def __truediv__(self, key: str) -> Place:
        return Place(self.file, f"{self.key}.{key}" if self.key else key)

    def error(self, rule: str, got: object, remedy: str) -> InvalidInput:
        """Return the error of a value that breaks a rule here."""
        return InvalidInput(f"{self.file}: {self.key} must {rule}, got {got!r}: {remedy}")


def style_names() -> tuple[str, ...]:
    """Return the names of the styles in the book, sorted."""
    folder = resources.files("zhiyin.stylebook") / "styles"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


@cache
def load_style(name: str) -> Style:
    """Return a style of the book. Raises NotFound for an unknown name, InvalidInput for a faulty file."""
    if name not in style_names():
        raise NotFound(
            f"the style book has {', '.join(style_names())}, got {name!r}: choose one of those, "
            "or --family transformer"
        )
    text = (resources.files("zhiyin.stylebook") / "styles" / f"{name}.toml").read_text(encoding="utf-8")
    return read_style(text, file=f"{name}.toml")


def read_style(text: str, *, file: str) -> Style:
    """Return the style of a TOML text; `file` names it in errors. Raises InvalidInput."""
    place = Place(file)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{file}: must be TOML, got {error}: mend the line that it names") from error
    _known(tree, _TOP, place)
    players = tuple(
        _player(name, table, place / f"player.{name}")
        for name, table in _table(tree, "player", place).items()
    )
    rows = [t for p in players if p.job == "drums" for c in (*p.patterns.cases, *p.fills.cases)
            for pattern in c.patterns for _, t in pattern.rows]  # fmt: skip
    return Style(
        name=_text(tree, "name", place), en=_text(tree, "en", place), zh=_text(tree, "zh", place),
        tempo=_tempo(tree, place), metres=tuple(Metre.parse(m) for m in tree.get("metres", ["4/4"])),
        swing=_number(tree, "swing", place, 0.0, 1.0, 0.0),
        swing_unit=int(_choice(tree, "swing_unit", place, (8, 16), 8)),
        feel=str(tree.get("feel", "machine")), major=_number(tree, "major", place, 0.0, 1.0, 0.5),
        ending=str(_choice(tree, "ending", place, ENDINGS, "ring")),
        fill_every=int(_choice(tree, "fill_every", place, (2, 4, 8, 16), 4)),
        stops=_number(tree, "stops", place, 0.0, 1.0, 0.0), crash=int(_number(tree, "crash", place, 1, 6, 3)),
        human=_number(tree, "human", place, 0.0, 1.0, 0.0), bass_pushes=bool(tree.get("bass_pushes", False)),
        chromatic=bool(tree.get("chromatic", False)),
        forms=tuple(_form(text, place / f"forms[{i}]") for i, text in enumerate(tree.get("forms", ()))),
        progressions=_progressions(_table(tree, "progressions", place), place / "progressions"), players=players,
        has_rolls=any(set(text) & set("rt") or _is_fine(text) for text in rows),
    )  # fmt: skip


def _is_fine(text: str) -> bool:
    """Return whether a pattern has steps that are no sixteenths: triplets or thirty-seconds."""
    return any(len(bar) in (12, 24, 32) for bar in text.replace(" ", "").split("|"))


def _known(tree: Mapping[str, Any], names: set[str], place: Place) -> None:
    for key in tree:
        if key not in names:
            raise (place / key).error(
                f"be one of {', '.join(sorted(names))}", key, "mend the name or drop it"
            )


def _table(tree: Mapping[str, Any], key: str, place: Place) -> dict[str, Any]:
    value = tree.get(key)
    if not isinstance(value, dict) or not value:
        raise (place / key).error("be a table with entries", value, f"write [{key}.NAME]")
    return value


def _text(tree: Mapping[str, Any], key: str, place: Place) -> str:
    value = tree.get(key)
    if not isinstance(value, str) or not value:
        raise (place / key).error("be a text", value, f'write {key} = "..."')
    return value


def _choice(tree: Mapping[str, Any], key: str, place: Place, choices: Sequence[Any], usual: Any) -> Any:
    value = tree.get(key, usual)
    if value not in choices:
        raise (place / key).error(f"be one of {', '.join(map(str, choices))}", value, "choose one of those")
    return value


def _number(tree: Mapping[str, Any], key: str, place: Place, low: float, high: float, usual: float) -> float:
    value = tree.get(key, usual)
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise (place / key).error(f"be a number {low:g}..{high:g}", value, "give a number in that range")
    return float(value)


def _tempo(tree: Mapping[str, Any], place: Place) -> tuple[float, float, float]:
    value = tree.get("tempo")
    if not isinstance(value, list) or len(value) != 3 or not 20 <= value[0] <= value[1] <= value[2] <= 300:
        raise (place / "tempo").error(
            "be [slowest, usual, fastest] within 20..300", value, "write e.g. [90, 104, 120]"
        )
    return float(value[0]), float(value[1]), float(value[2])


def _form(text: str, place: Place) -> Form:
    sections = []
    for item in text.split(","):
        match = re.fullmatch(r"\s*([A-Za-z-]+)\s+(\d+)\s*", item)
        if match is None or match[1] not in SECTIONS or int(match[2]) < 1:
            raise place.error("list 'section bars' by commas", item, "write e.g. 'intro 4, verse 8'")
        sections.append((match[1], int(match[2])))
    return Form(tuple(sections))


def _progressions(tree: Mapping[str, Any], place: Place) -> dict[str, dict[str, tuple[Progression, ...]]]:
    found: dict[str, dict[str, tuple[Progression, ...]]] = {}
    for mode, table in tree.items():
        if mode not in ("major", "minor"):
            raise (place / mode).error("be major or minor", mode, "use one of the two")
        found[mode] = {}
        for section, texts in table.items():
            if section not in SECTIONS and section != "any":
                raise (place / mode / section).error("be a section or 'any'", section, "use a known section")
            own = place / mode / section
            found[mode][section] = tuple(_progression(text, mode, own) for text in texts)
    return found


def _progression(text: str, mode: str, place: Place) -> Progression:
    body, _, weight = text.partition(" x")
    bars = tuple(tuple(bar.split()) for bar in body.split("|"))
    key = Key(0, mode)
    for bar in bars:
        if not bar or len(bar) > 4:
            raise place.error("hold one to four chords in every bar", text, "write e.g. 'I | vi | ii V | I'")
        for numeral in bar:
            try:
                roman_to_chord(numeral, key)
            except InvalidInput as error:
                raise place.error("hold Roman numerals", numeral, str(error)) from error
    return Progression(bars, float(weight or 1))


def _player(name: str, table: Mapping[str, Any], place: Place) -> PlayerBook:
    _known(table, _PLAYER, place)
    job = str(_choice(table, "job", place, JOBS, None))
    instrument = find_instrument(_text(table, "instrument", place))
    low, high = _range(table, place, (instrument.low, instrument.high))
    levels = table.get("levels", list(LEVELS))
    return PlayerBook(
        name, instrument.name, str(_choice(table, "role", place, ROLES, None)), job,
        _patterns(table.get("patterns", {}), job, place / "patterns"),
        _patterns(table.get("fills", {}), job, place / "fills"), low, high,
        voicing=str(_choice(table, "voicing", place, VOICINGS, "close")),
        voices=int(_number(table, "voices", place, 1, 6, 3)), gate=_number(table, "gate", place, 0.1, 1.0, 0.9),
        loud=int(_number(table, "loud", place, -40, 30, 0)), levels=(int(levels[0]), int(levels[-1])),
        skips=_sections(table, "skip", place), only=_sections(table, "only", place),
        order=str(_choice(table, "order", place, ORDERS, "up")),
        form=str(_choice(table, "form", place, LEAD_FORMS, "aaba")),
        scale=str(_choice(table, "scale", place, SCALES, "mode")), leap=_number(table, "leap", place, 0.0, 1.0, 0.2),
        is_extra=bool(table.get("extra", False)),
    )  # fmt: skip


def _range(table: Mapping[str, Any], place: Place, whole: tuple[int, int]) -> tuple[int, int]:
    value = table.get("range", list(whole))
    if not isinstance(value, list) or len(value) != 2 or not whole[0] <= value[0] < value[1] <= whole[1]:
        raise (place / "range").error(f"be [low, high] within {whole[0]}..{whole[1]}", value, "narrow it")
    return int(value[0]), int(value[1])


def _sections(table: Mapping[str, Any], key: str, place: Place) -> frozenset[str]:
    names = table.get(key, [])
    for name in names:
        if name not in SECTIONS:
            raise (place / key).error(f"list sections ({', '.join(SECTIONS)})", name, "use one of those")
    return frozenset(names)


def _patterns(tree: Mapping[str, Any], job: str, place: Place) -> Patterns:
    read: Callable[[Any, Place], Pattern] = (
        _drum_rows if job == "drums" else lambda value, at: _row(value, job, at)
    )
    cases = []
    for key, values in tree.items():
        match = _CASE.match(key)
        if match is None or (match[1] and match[1] not in SECTIONS) or not key:
            raise (place / key).error(
                "be a section, a level '3', levels '1-2', or both", key, "write e.g. 'chorus 4-5'"
            )
        low = int(match[2] or LEVELS[0])
        high = int(match[3] or match[2] or LEVELS[1])
        if not isinstance(values, list) or not values:
            raise (place / key).error("list patterns", values, "write [ ... ] with at least one")
        cases.append(Case(match[1] or "", low, high, tuple(read(value, place / key) for value in values)))
    return Patterns(tuple(cases))


def _row(value: Any, job: str, place: Place, *, name: str = "", keep: int = 0) -> Pattern:
    if not isinstance(value, str):
        raise place.error("be a pattern text", value, "write e.g. 'x...x...x...x...'")
    _check_text(value, job, place)
    return Pattern(((name, value),), keep)


def _drum_rows(value: Any, place: Place) -> Pattern:
    if not isinstance(value, dict):
        raise place.error("be a table of drums", value, "write { kick = 'x...', snare = '....' }")
    rows = {name: text for name, text in value.items() if name != "keep"}
    for name, text in rows.items():
        if name not in DRUMS:
            raise (place / name).error(f"be a drum ({', '.join(DRUMS)})", name, "use one of those")
        _check_text(text, "drums", place / name)
    keep = _number(value, "keep", place, 0, 3, 0)
    return Pattern(tuple(rows.items()), int(keep))


def _check_text(text: str, job: str, place: Place) -> None:
    allowed, meaning = SYMBOLS[job]
    wrong = [c for c in text.replace(" ", "") if c not in allowed + ".-|"]
    if wrong:
        raise place.error(f"use the symbols of {job} ({meaning}; . rest, - hold)", wrong[0], f"mend {text!r}")
    try:
        parse_pattern(text)
    except InvalidInput as error:
        raise place.error("be whole bars", text, str(error)) from error
