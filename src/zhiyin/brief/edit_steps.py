"""Drafts of edits: what one clause asks for, before its bars and parts are known.

Conventions: values carry their unit; direction is 1 for more, up, louder, -1 for the other way.
This module does not resolve targets (edit_words.py) and writes no sentences (edit_say.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from zhiyin.brief.edit_clauses import Clause
from zhiyin.brief.edit_lexicon import Asked
from zhiyin.brief.edit_plan import BarRange, Outline, Value
from zhiyin.brief.edit_targets import EDGE_BARS, PartsSaid
from zhiyin.brief.match import Match
from zhiyin.errors import InvalidInput
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.theory.key import Key
from zhiyin.theory.moods import MOODS

VELOCITY_STEP, SWELL_VELOCITY = 12, 32
TEMPO_FACTORS = {
    (1, 0.5): 1.05,
    (1, 1.0): 1.1,
    (1, 2.0): 1.25,
    (-1, 0.5): 0.95,
    (-1, 1.0): 0.9,
    (-1, 2.0): 0.8,
}
CURVE_FACTORS = {1: 1.25, -1: 0.75}
DISTANCES = {0.5: 0.2, 1.0: 0.4, 2.0: 0.7}
_VALUE_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:to|with|for|into|by|on|onto|let|have|as)\s+(?:the\s+|a\s+|an\s+|some\s+|my\s+)*"
    r"|(?:交给|换成|改成|改用|变成|改为|换为|换作|让|由|用|给|改由|替换成|替换为)\s*(?:一?[把支架个台件组])?)$"
)
_ANCHOR_BEFORE = re.compile(r"(?<![a-z])(before|after|behind|following|to|at|onto)\s+(?:the\s+)?$")
_ANCHOR_AFTER = re.compile(r"\s*的?(之前|前面|前|之后|后面|以后|后)")
_CURVE_PLACE = re.compile(r"(?<![a-z])(?:in|over|at|towards?|through|during|into)\s+(?:the\s+)?$")
_GRADED = {"density", "loudness", "colour", "register", "tempo", "syncopation"}
_OPPOSITE = {"legato": "staccato", "staccato": "legato"}


@dataclass(frozen=True, slots=True)
class Draft:
    """One thing asked for: kind, way, amount, value in a unit; bars of its own choosing; matches that are its value."""

    kind: str
    direction: int = 0
    amount: float = 1.0
    unit: str = ""
    value: Value = None
    at: int | None = None
    bars: tuple[BarRange, ...] = ()
    used: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scene:
    """A clause with the text around it and the score it speaks of."""

    clause: Clause
    lower: str
    outline: Outline

    def first(self, *fields: str) -> Match | None:
        """Return the first match of some fields."""
        return next(iter(self.clause.of(*fields)), None)

    @property
    def amount(self) -> float:
        """Return how much: the strongest word, or a little where one says so."""
        told = [float(str(match.value)) for match in self.clause.of("degree")]
        return 2.0 if 2.0 in told else 0.5 if 0.5 in told else 1.0

    @property
    def is_flipped(self) -> bool:
        """Return whether a "less" or "too" turns the adjectives round."""
        return len(self.clause.of("flip")) % 2 == 1

    @property
    def direction(self) -> int:
        """Return the way that words of height point, 0 without one."""
        for match in self.clause.asked("up", "register"):
            if isinstance(match.value, Asked):
                return match.value.direction
        return 0

    def value_part(self) -> Match | None:
        """Return the part that a preposition makes the new player ("with a guitar", 换成吉他)."""
        parts = [m for m in self.clause.of("parts") if _VALUE_BEFORE.search(self.lower[: m.start])]
        return parts[-1] if parts else None

    def anchor(self) -> tuple[Match, int] | None:
        """Return the place that something is put at, with the bar before which it comes."""
        bars = self.clause.of("bars", "edge")
        for match in reversed(bars):
            before, after = (
                _ANCHOR_BEFORE.search(self.lower[: match.start]),
                _ANCHOR_AFTER.match(self.lower[match.end :]),
            )
            if match.field == "edge":
                return match, self.outline.bars if match.value else 0
            spans: tuple[BarRange, ...] = match.value if isinstance(match.value, tuple) else ()
            if (before and before.group(1) in ("after", "behind", "following")) or (
                after and "后" in after.group(1)
            ):
                return match, spans[-1][1] + 1
            if before or after or (len(bars) > 1 and match is bars[-1]):
                return match, spans[0][0]
        return None


def drafts_of(clause: Clause, lower: str, outline: Outline) -> list[Draft]:
    """Return what a clause asks for, in the order of its words; empty when it asks for nothing that is understood."""
    scene = _Scene(clause, lower, outline)
    for ask in _SPECIAL:
        draft = ask(scene)
        if draft is not None:
            return [draft]
    drafts = [_plain(scene, match) for match in clause.asked()]
    found = [draft for draft in drafts if draft is not None]
    if not found and (style := scene.first("style")):
        return [Draft("style", unit="style", value=str(style.value), amount=scene.amount)]
    return list(dict.fromkeys(found))


def _keep(scene: _Scene) -> Draft | None:
    return Draft("keep") if scene.clause.asked("keep") and scene.clause.of("parts") else None


def _ending(scene: _Scene) -> Draft | None:
    cadence = scene.first("cadence")
    if cadence is None and not scene.clause.asked("ending"):
        return None
    told = scene.clause.asked("ending")
    if cadence is None and told and told[0].end - told[0].start == 1:
        return None
    last = scene.outline.bars - 1
    used = tuple(scene.clause.of("edge"))
    value = str(cadence.value) if cadence else "authentic"
    return Draft("ending", unit="cadence", value=value, bars=((max(0, last - 1), last),), used=used)


def _interval(scene: _Scene) -> Draft | None:
    told = scene.first("interval")
    if told is None or not isinstance(told.value, tuple):
        return None
    unit, size = told.value
    direction = scene.direction
    if scene.clause.asked("double", "add", "repeat"):
        signed = (direction or -1) * size
        return Draft("double" if unit == "semitones" else "thirds", direction or -1, unit=unit, value=signed)
    if not direction and not scene.clause.asked("put"):
        return None
    direction = direction or 1
    return Draft("transpose", direction, unit=unit, value=direction * size)


def _key(scene: _Scene) -> Draft | None:
    told = scene.first("key")
    if told is None or not isinstance(told.value, Key):
        return None
    return Draft("transpose", unit="key", value=told.value.name)


def _mode(scene: _Scene) -> Draft | None:
    told = scene.first("mode")
    return Draft("mode", unit="mode", value=str(told.value)) if told else None


def _metre(scene: _Scene) -> Draft | None:
    told = scene.first("metre")
    return Draft("metre", unit="metre", value=str(told.value)) if told else None


def _tempo_number(scene: _Scene) -> Draft | None:
    told = scene.first("tempo_to", "tempo_bpm")
    if told is None:
        return None
    value = float(str(told.value))
    return Draft("tempo", unit="bpm", value=int(value) if value == int(value) else value)


def _percent(scene: _Scene) -> Draft | None:
    told = scene.first("percent")
    graded = scene.clause.asked("tempo", "loudness", "tempo_curve")
    if told is None or not graded or not isinstance(graded[0].value, Asked):
        return None
    asked = graded[0].value
    direction = -asked.direction if scene.is_flipped else asked.direction
    factor = round(1 + direction * float(str(told.value)), 4)
    return Draft(asked.kind, direction, unit="factor", value=factor)


def _swap(scene: _Scene) -> Draft | None:
    if not scene.clause.asked("swap"):
        return None
    spans = [m.value[0] for m in scene.clause.of("bars") if isinstance(m.value, tuple)]
    told = [span for m in scene.clause.of("bars") if isinstance(m.value, tuple) for span in m.value]
    pair = spans if len(spans) == 2 else told
    if len(pair) != 2:
        if scene.value_part():
            return None
        raise InvalidInput(
            f"a swap must name two stretches of bars, got {len(pair)}: say e.g. 'swap the verse and the bridge'"
        )
    return Draft("swap", bars=(pair[0], pair[1]), used=tuple(scene.clause.of("bars")))


def _copy(scene: _Scene) -> Draft | None:
    if not scene.clause.asked("copy"):
        return None
    anchor = scene.anchor()
    source = next((m for m in scene.clause.of("bars") if not anchor or m is not anchor[0]), None)
    if source is None or not isinstance(source.value, tuple):
        raise InvalidInput("a copy must name bars, got none: say e.g. 'copy the verse to the end'")
    spans = source.value[:1]
    at = anchor[1] if anchor else spans[-1][1] + 1
    return Draft("copy", at=at, bars=spans, used=tuple(scene.clause.of("bars", "edge")))


def _insert(scene: _Scene) -> Draft | None:
    count = scene.first("bar_count")
    is_add = bool(scene.clause.asked("add")) and not scene.clause.of("parts")
    if count is None or not (scene.clause.asked("insert") or is_add):
        return None
    anchor = scene.anchor()
    at = anchor[1] if anchor else scene.outline.bars
    if is_add and not scene.clause.asked("insert") and at == scene.outline.bars:
        return Draft(
            "continue", unit="bars", value=int(str(count.value)), used=tuple(scene.clause.of("edge", "bars"))
        )
    used = tuple(scene.clause.of("bars", "edge"))
    return Draft("insert", unit="bars", value=int(str(count.value)), at=at, used=used)


def _length(scene: _Scene) -> Draft | None:
    count, seconds = scene.first("bar_count"), scene.first("seconds")
    if scene.clause.asked("continue"):
        if seconds is not None:
            return Draft("continue", unit="seconds", value=_tidy(seconds.value))
        return Draft("continue", unit="bars", value=int(str(count.value)) if count else 8)
    if scene.clause.asked("shorten") and count is not None and not scene.clause.asked("tempo"):
        return _shortened(scene, int(str(count.value)))
    if seconds is not None:
        return Draft("extend", unit="seconds", value=_tidy(seconds.value))
    if scene.clause.asked("extend") and count is not None:
        return Draft("extend", unit="bars", value=int(str(count.value)))
    if count is not None and not scene.clause.asked() and not scene.clause.of("style"):
        more = re.search(r"more|again|extra|further|再", scene.lower[: count.end][-24:])
        return Draft("continue" if more else "extend", unit="bars", value=int(str(count.value)))
    return None


def _shortened(scene: _Scene, bars: int) -> Draft:
    count = bars + (1 if scene.outline.has_pickup else 0)
    if not 1 <= count < scene.outline.bars:
        raise InvalidInput(
            f"a shorter piece must have 1..{scene.outline.bars - 1} bars, got {bars}: name fewer bars"
        )
    return Draft("delete", bars=((count, scene.outline.bars - 1),))


def _tidy(value: object) -> int | float:
    number = float(str(value))
    return int(number) if number == int(number) else number


def _instrument(scene: _Scene) -> Draft | None:
    doubles = scene.clause.asked("double", "repeat")
    if not (scene.clause.asked("instrument", "swap", "put") or doubles):
        return None
    told = scene.value_part()
    if told is None or not isinstance(told.value, PartsSaid) or len(scene.clause.of("parts")) < 1:
        return None
    name = told.value.instrument or (
        scene.outline.parts[told.value.parts[0]].instrument if told.value.parts else ""
    )
    if name not in INSTRUMENTS:
        return None
    return Draft("double" if doubles else "instrument", unit="instrument", value=name, used=(told,))


def _add(scene: _Scene) -> Draft | None:
    told = scene.first("parts")
    others = scene.clause.asked(
        "vary", "thirds", "double", "loudness", "density", "syncopation", "articulation"
    )
    if not scene.clause.asked("add") or told is None or not isinstance(told.value, PartsSaid) or others:
        return None
    words = scene.lower[told.start : told.end]
    name = told.value.instrument or {"drums": "drums", "bass": "bass-guitar"}.get(_role_of(scene, told), "")
    if not name and told.value.parts:
        name = scene.outline.parts[told.value.parts[0]].instrument
    if name not in INSTRUMENTS:
        raise InvalidInput(f"a part to add must name an instrument, got {words!r}: say e.g. 'add a cello'")
    return Draft("add", unit="instrument", value=name, used=tuple(scene.clause.of("parts")))


def _role_of(scene: _Scene, told: Match) -> str:
    words = scene.lower[told.start : told.end]
    return (
        "drums"
        if re.search("drum|beat|percuss|鼓|打击", words)
        else "bass"
        if re.search("bass|贝|低音", words)
        else ""
    )


def _vary(scene: _Scene) -> Draft | None:
    told = scene.clause.asked("vary")
    if not told or not isinstance(told[0].value, Asked):
        return None
    asked = told[0].value
    aspect = scene.first("aspect")
    unit = asked.unit or (str(aspect.value) if aspect else "all")
    if unit == "ornament":
        direction = -1 if scene.is_flipped else 1
        return Draft("vary", direction, scene.amount, unit, DISTANCES[scene.amount])
    return Draft("vary", 0, scene.amount, unit, DISTANCES[scene.amount])


def _single(scene: _Scene) -> Draft | None:
    """Return the draft of an act that needs no word beside it."""
    for kind in ("reharmonise", "thirds", "quantise", "humanise", "swing", "repeat"):
        told = scene.clause.asked(kind)
        if told and isinstance(told[0].value, Asked):
            return _single_draft(scene, told[0].value)
    return None


def _single_draft(scene: _Scene, asked: Asked) -> Draft | None:
    if asked.kind == "repeat":
        if not scene.clause.of("bars", "edge", "whole", "it", "there"):
            return None
        times = scene.first("times")
        return Draft("repeat", unit="times", value=int(str(times.value)) if times else 1)
    if asked.kind == "quantise":
        grid = scene.first("grid")
        return Draft("quantise", unit="grid", value=int(str(grid.value)) if grid else 16)
    if asked.kind == "thirds":
        direction = scene.direction or asked.direction
        return Draft("thirds", direction, unit=asked.unit, value=direction * abs(int(str(asked.value))))
    if asked.kind == "humanise":
        return Draft("humanise", amount=scene.amount)
    return Draft(asked.kind)


def _curve(scene: _Scene) -> Draft | None:
    told = scene.clause.asked("tempo_curve", "tempo")
    if not told or not isinstance(told[0].value, Asked):
        return None
    asked, last = told[0].value, scene.outline.bars - 1
    if asked.kind == "tempo":
        words = scene.lower[told[0].start : told[0].end]
        places = [m for m in scene.clause.of("bars", "edge") if _CURVE_PLACE.search(scene.lower[: m.start])]
        if words not in ("slow down", "speed up") or not places:
            return None
    bars = () if scene.clause.of("bars", "edge") else ((max(0, last - EDGE_BARS + 1), last),)
    return Draft(
        "tempo_curve", asked.direction, unit="factor", value=CURVE_FACTORS[asked.direction], bars=bars
    )


def _plain(scene: _Scene, match: Match) -> Draft | None:
    """Return the draft of one act or adjective with the words of degree around it."""
    asked = match.value
    if not isinstance(asked, Asked):
        return None
    if scene.is_flipped:
        asked = _turned(asked)
    if asked.kind == "only":
        return Draft("drop", unit="only") if scene.clause.of("parts") else None
    if asked.kind in ("drop", "mute", "delete", "shorten"):
        return _removal(scene, asked)
    make = _GRADERS.get(asked.kind)
    return make(scene, asked) if make else None


def _removal(scene: _Scene, asked: Asked) -> Draft | None:
    if asked.kind == "mute":
        return Draft("mute")
    return Draft("drop")


def _turned(asked: Asked) -> Asked:
    if asked.kind == "articulation":
        return replace(asked, value=_OPPOSITE[str(asked.value)])
    if asked.kind == "mood":
        return replace(asked, value=MOODS[str(asked.value)].opposite)
    return replace(asked, direction=-asked.direction) if asked.kind in _GRADED else asked


def _loudness(scene: _Scene, asked: Asked) -> Draft:
    if asked.unit == "level":
        return Draft("loudness", unit="level", value=asked.value)
    value = asked.direction * round(VELOCITY_STEP * scene.amount)
    return Draft("loudness", asked.direction, scene.amount, "velocity", value)


def _swell(scene: _Scene, asked: Asked) -> Draft:
    last = scene.outline.bars - 1
    bars = (
        ()
        if scene.clause.of("bars", "edge") or asked.unit != "velocity"
        else ((max(0, last - EDGE_BARS + 1), last),)
    )
    if asked.unit == "velocity":
        return Draft("swell", asked.direction, 2.0, "velocity", asked.value, bars=bars)
    value = asked.direction * round(SWELL_VELOCITY * scene.amount)
    return Draft("swell", asked.direction, scene.amount, "velocity", value, bars=bars)


def _density(scene: _Scene, asked: Asked) -> Draft:
    aspect = scene.first("aspect")
    kind = (
        {"rhythm": "rhythm", "harmony": "harmony"}.get(str(aspect.value), "density") if aspect else "density"
    )
    return Draft(
        kind, asked.direction, scene.amount, "levels", asked.direction * (2 if scene.amount == 2 else 1)
    )


def _syncopation(scene: _Scene, asked: Asked) -> Draft:
    levels = asked.direction * (2 if scene.amount == 2 else 1)
    return Draft("syncopation", asked.direction, scene.amount, "levels", levels)


def _register(scene: _Scene, asked: Asked) -> Draft:
    size = 12 if scene.clause.of("parts") else 2
    return Draft("register", asked.direction, scene.amount, "semitones", asked.direction * size)


def _tempo(scene: _Scene, asked: Asked) -> Draft:
    if asked.unit == "factor":
        return Draft("tempo", asked.direction, 1.0, "factor", asked.value)
    return Draft(
        "tempo", asked.direction, scene.amount, "factor", TEMPO_FACTORS[asked.direction, scene.amount]
    )


def _colour(scene: _Scene, asked: Asked) -> Draft:
    return Draft("colour", asked.direction, scene.amount)


def _named(scene: _Scene, asked: Asked) -> Draft:
    if asked.kind == "mood" and asked.value in ("dark", "bright"):
        return Draft("colour", -1 if asked.value == "dark" else 1, scene.amount)
    direction = 1 if asked.kind == "mood" else 0
    amount = scene.amount if asked.kind == "mood" else 1.0
    return Draft(asked.kind, direction, amount, asked.kind, asked.value)


_GRADERS: dict[str, Callable[[_Scene, Asked], Draft]] = {
    "loudness": _loudness, "swell": _swell, "density": _density, "syncopation": _syncopation, "register": _register,
    "tempo": _tempo, "colour": _colour, "mood": _named, "articulation": _named,
}  # fmt: skip
# Readings that need several words together, tried in this order before single words are read.
_SPECIAL: tuple[Callable[[_Scene], Draft | None], ...] = (
    _keep, _swap, _copy, _insert, _percent, _ending, _interval, _key, _tempo_number, _metre, _vary, _instrument, _add,
    _length, _single, _mode, _curve,
)  # fmt: skip
