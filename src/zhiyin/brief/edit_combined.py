"""Edits that several words make together: intervals, keys, swaps, copies, lengths, players, variations.

Conventions: each reader returns a draft, or None where its words do not stand together; the first to return one wins.
This module does not read single words: see edit_steps.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from zhiyin.brief.edit_lexicon import Asked
from zhiyin.brief.edit_scene import Draft, Scene, side_of
from zhiyin.brief.edit_targets import EDGE_BARS, PartsSaid
from zhiyin.brief.match import Match
from zhiyin.errors import InvalidInput
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.theory.key import Key

VELOCITY_STEP = 12
CURVE_FACTORS = {1: 1.25, -1: 0.75}
DISTANCES = {0.5: 0.2, 1.0: 0.4, 2.0: 0.7}
_TO_BEFORE = re.compile(r"(?:(?<![a-z])(?:to|at|=)|到|成|为)\s*$")
_CURVE_PLACE = re.compile(r"(?<![a-z])(?:in|over|at|towards?|through|during|into)\s+(?:the\s+)?$")


def _keep(scene: Scene) -> Draft | None:
    return Draft("keep") if scene.clause.asked("keep") and scene.clause.of("parts", "bars") else None


def _ending(scene: Scene) -> Draft | None:
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


def _interval(scene: Scene) -> Draft | None:
    told = scene.first("interval")
    if told is None or not isinstance(told.value, tuple):
        return None
    unit, size = told.value
    direction = scene.direction
    if scene.clause.asked("double", "add", "repeat", "harmonise"):
        signed = (direction or -1) * size
        return Draft("double" if unit == "semitones" else "thirds", direction or -1, unit=unit, value=signed)
    if not direction and not scene.clause.asked("put", "move"):
        return None
    direction = direction or 1
    return Draft("transpose", direction, unit=unit, value=direction * size)


def _key(scene: Scene) -> Draft | None:
    told = scene.first("key")
    if told is None or not isinstance(told.value, Key):
        return None
    return Draft("transpose", unit="key", value=told.value.name)


def _mode(scene: Scene) -> Draft | None:
    told = scene.first("mode")
    return Draft("mode", unit="mode", value=str(told.value)) if told else None


def _volume(scene: Scene) -> Draft | None:
    """Return "turn the drums down", "lower the volume of the bass" and 音量高一点 as a change of loudness."""
    is_volume = any(match.value == "volume" for match in scene.clause.of("aspect"))
    is_phrasal = bool(
        re.search(r"(?<![a-z])(?:turn|bring)\s", scene.lower[scene.clause.start : scene.clause.end])
    )
    if not scene.direction or not (is_volume or (is_phrasal and scene.clause.of("parts"))):
        return None
    direction = -scene.direction if scene.is_flipped else scene.direction
    return Draft(
        "loudness", direction, scene.amount, "velocity", direction * round(VELOCITY_STEP * scene.amount)
    )


def _only_in(scene: Scene) -> Draft | None:
    """Return "the drums only in the chorus": silence in all other bars."""
    bars = scene.clause.of("bars")
    if not scene.clause.asked("only_in") or not bars or not scene.clause.of("parts"):
        return None
    kept = {bar for m in bars if isinstance(m.value, tuple) for a, b in m.value for bar in range(a, b + 1)}
    gone = tuple((bar, bar) for bar in range(scene.outline.bars) if bar not in kept)
    return Draft("mute", bars=gone, used=tuple(bars)) if gone else None


def _longer(scene: Scene) -> Draft | None:
    told = re.search(
        r"(?<![a-z])(?:twice as long|double the length|twice the length)|长一倍|两倍长|加长一倍", scene.lower
    )
    if told is None or not scene.clause.start <= told.start() < scene.clause.end:
        return None
    return Draft("extend", unit="bars", value=2 * scene.outline.bars)


def _metre(scene: Scene) -> Draft | None:
    told = scene.first("metre")
    return Draft("metre", unit="metre", value=str(told.value)) if told else None


def _tempo_number(scene: Scene) -> Draft | None:
    told = scene.first("tempo_to", "tempo_bpm")
    if told is None:
        return None
    value = float(str(told.value))
    adjectives = [m for m in scene.clause.asked("tempo") if isinstance(m.value, Asked) and m.value.direction]
    if told.field == "tempo_bpm" and adjectives and not _TO_BEFORE.search(scene.lower[: told.start]):
        asked = adjectives[0].value
        direction = asked.direction if isinstance(asked, Asked) else 1  # ten beats a minute faster
        value = scene.outline.tempo_bpm + direction * value
        return Draft("tempo", direction, unit="bpm", value=_tidy(value))
    return Draft("tempo", unit="bpm", value=_tidy(value))


def _percent(scene: Scene) -> Draft | None:
    told = scene.first("percent")
    graded = scene.clause.asked("tempo", "loudness", "tempo_curve")
    if told is None or not graded or not isinstance(graded[0].value, Asked):
        return None
    asked = graded[0].value
    direction = -asked.direction if scene.is_flipped else asked.direction
    factor = round(1 + direction * float(str(told.value)), 4)
    return Draft(asked.kind, direction, unit="factor", value=factor)


def _swap(scene: Scene) -> Draft | None:
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


def _copy(scene: Scene) -> Draft | None:
    is_again = bool(scene.clause.asked("repeat") and scene.clause.of("edge") and scene.clause.of("bars"))
    is_move = bool(scene.clause.asked("move") and scene.clause.of("bars"))
    if not (scene.clause.asked("copy") or is_again or is_move):
        return None
    anchor = scene.anchor()
    if is_move and anchor is None:
        return None
    source = next((m for m in scene.clause.of("bars") if not anchor or m is not anchor[0]), None)
    if source is None or not isinstance(source.value, tuple):
        raise InvalidInput("a copy must name bars, got none: say e.g. 'copy the verse to the end'")
    spans = source.value[:1]
    at = anchor[1] if anchor else spans[-1][1] + 1
    return Draft(
        "move" if is_move else "copy", at=at, bars=spans, used=tuple(scene.clause.of("bars", "edge"))
    )


def _insert(scene: Scene) -> Draft | None:
    count = scene.first("bar_count")
    is_add = bool(scene.clause.asked("add")) and not scene.clause.of("parts")
    anchor = scene.anchor()
    is_bare = anchor is not None and not scene.clause.asked() and side_of(anchor[0], scene.lower) != ""
    if count is None or not (scene.clause.asked("insert") or is_add or is_bare):
        return None
    at = anchor[1] if anchor else scene.outline.bars
    if is_add and not scene.clause.asked("insert") and at == scene.outline.bars:
        return Draft(
            "continue", unit="bars", value=int(str(count.value)), used=tuple(scene.clause.of("edge", "bars"))
        )
    used = tuple(scene.clause.of("bars", "edge"))
    return Draft("insert", unit="bars", value=int(str(count.value)), at=at, used=used)


def _length(scene: Scene) -> Draft | None:
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


def _shortened(scene: Scene, bars: int) -> Draft:
    count = bars + (1 if scene.outline.has_pickup else 0)
    if not 1 <= count < scene.outline.bars:
        raise InvalidInput(
            f"a shorter piece must have 1..{scene.outline.bars - 1} bars, got {bars}: name fewer bars"
        )
    return Draft("delete", bars=((count, scene.outline.bars - 1),))


def _tidy(value: object) -> int | float:
    number = round(float(str(value)), 2)
    return int(number) if number == int(number) else number


def _instrument(scene: Scene) -> Draft | None:
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


def _add(scene: Scene) -> Draft | None:
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


def _counterpoint(scene: Scene) -> Draft | None:
    """Return a line against the tune, for the player that a preposition names."""
    if not scene.clause.asked("counterpoint"):
        return None
    told = scene.value_part()
    name = told.value.instrument if told and isinstance(told.value, PartsSaid) else ""
    used = (told,) if told and name else ()
    return Draft("counterpoint", unit="instrument" if name else "", value=name or None, used=used)


def _role_of(scene: Scene, told: Match) -> str:
    words = scene.lower[told.start : told.end]
    return (
        "drums"
        if re.search("drum|beat|percuss|鼓|打击", words)
        else "bass"
        if re.search("bass|贝|低音", words)
        else ""
    )


def _vary(scene: Scene) -> Draft | None:
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


def _single(scene: Scene) -> Draft | None:
    """Return the draft of an act that needs no word beside it."""
    for kind in ("thirds", "reharmonise", "harmonise", "quantise", "humanise", "swing", "repeat"):
        told = scene.clause.asked(kind)
        if told and isinstance(told[0].value, Asked):
            return _single_draft(scene, told[0].value)
    return None


def _single_draft(scene: Scene, asked: Asked) -> Draft | None:
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
    if asked.kind == "harmonise":
        return Draft("reharmonise")
    return Draft(asked.kind)


def _curve(scene: Scene) -> Draft | None:
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


# Readings that need several words together, tried in this order before single words are read.
COMBINED: tuple[Callable[[Scene], Draft | None], ...] = (
    _keep, _longer, _only_in, _swap, _copy, _insert, _percent, _ending, _interval, _key, _tempo_number, _volume,
    _counterpoint, _metre, _vary, _instrument, _add, _length, _single, _mode, _curve,
)  # fmt: skip
