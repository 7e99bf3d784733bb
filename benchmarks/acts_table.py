"""The acts as a benchmark asks for them: random scopes, locks and wishes on a person's score, drawn from a seed.

Conventions: a draw says what was asked and, counted from the draw alone, what may change by it. Bars are 0-based.
Does not know: whether what was asked is kept (benchmarks/acts_checks.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.acts_checks import LENGTHS, NAMES, SCALES, Allowed, Wish, bar_edges
from zhiyin.fill.act import Order
from zhiyin.fill.acts.accompany import accompany
from zhiyin.fill.acts.counterpoint import counterpoint
from zhiyin.fill.acts.develop import TECHNIQUES, develop
from zhiyin.fill.acts.drums import drums
from zhiyin.fill.acts.grow import continue_, extend_to, reply
from zhiyin.fill.acts.infill import infill
from zhiyin.fill.acts.melodise import melodise
from zhiyin.fill.acts.vary import vary
from zhiyin.fill.desk import Desk
from zhiyin.fill.lock_words import with_locks
from zhiyin.fill.scope import Scope, Stretch, whole_bars
from zhiyin.fill.wish_text import read_wishes

QUARTER = 10_080
WISH_SHARE, LOCK_SHARE = 0.6, 0.6


@dataclass(frozen=True)
class Asked:
    """One act as asked: its order, what may change, and the wishes with their own checks."""

    order: Order
    allowed: Allowed
    wishes: tuple[Wish, ...] = ()
    locks: tuple[str, ...] = ()


Draw = Callable[[Desk, np.random.Generator], Asked]


def draw_act(name: str, desk: Desk, rng: np.random.Generator) -> Asked:
    """Return a random order of an act, with wishes and locks in a good share of cases."""
    asked = ACTS[name](desk, rng)
    wishes = draw_wishes(asked.order, rng) if rng.random() < WISH_SHARE else ()
    order = replace(asked.order, asked=read_wishes([w.text for w in wishes], score=asked.order.desk.frame))
    return replace(asked, order=order, wishes=wishes)


# -- where ---------------------------------------------------------------------------------------------------


def _bars(desk: Desk, rng: np.random.Generator, most: int) -> range:
    first = int(rng.integers(max(desk.bars - 1, 1)))
    return range(first, min(first + 1 + int(rng.integers(most)), desk.bars))


def _parts(desk: Desk, rng: np.random.Generator, most: int = 3) -> list[int]:
    playing = [i for i, p in enumerate(desk.own.parts) if len(p.notes)]
    count = min(len(playing), 1 + int(rng.integers(most)))
    return sorted(rng.choice(playing, count, replace=False).tolist())


def _locked(
    desk: Desk, rng: np.random.Generator, parts: list[int], bars: range
) -> tuple[Desk, tuple[str, ...], Allowed]:
    """Return the desk with random locks, their texts, and what whole bars of parts may change under them."""
    edges = bar_edges(desk.frame, desk.bars)
    spans = {p: [(edges[b], edges[b + 1]) for b in bars] for p in parts}
    if rng.random() > LOCK_SHARE:
        return desk, (), Allowed(spans)
    kind = str(rng.choice(["bars", "part", "cells", "rhythm", "pitch", "harmony"]))
    bar, part = int(rng.choice(list(bars))), int(rng.choice(parts))
    closed = (edges[bar], edges[bar + 1])
    who = f"{part + 1}"
    text = {
        "bars": f"bars {bar + 1}", "part": f"{who} 1-{desk.bars}", "cells": f"{who} bars {bar + 1}",
        "rhythm": f"{who} 1-{desk.bars} rhythm", "pitch": f"{who} 1-{desk.bars} pitch", "harmony": "harmony",
    }[kind]  # fmt: skip
    touched = {p: [s for s in found if s != closed] for p, found in spans.items()}
    left = {
        "bars": touched, "part": {p: s for p, s in spans.items() if p != part},
        "cells": {p: touched[p] if p == part else s for p, s in spans.items()},
    }.get(kind, spans)  # fmt: skip
    one = frozenset({part})
    allowed = Allowed(
        left, rhythm=one if kind == "rhythm" else frozenset(), pitch=one if kind == "pitch" else frozenset()
    )
    return with_locks(desk, [text]), (text,), allowed


def _infill(desk: Desk, rng: np.random.Generator) -> Asked:
    parts, bars = _parts(desk, rng), _bars(desk, rng, 4)
    locked, texts, allowed = _locked(desk, rng, parts, bars)
    return Asked(infill(locked, whole_bars(locked.frame, parts, bars)), allowed, locks=texts)


def _gap(desk: Desk, rng: np.random.Generator) -> Asked:
    """Return an infill from one beat to another, bar lines or not."""
    (part,), bars = _parts(desk, rng, 1), _bars(desk, rng, 2)
    edges = bar_edges(desk.frame, desk.bars)
    quarters = (edges[bars[-1] + 1] - edges[bars[0]]) // QUARTER
    first = int(rng.integers(max(quarters, 1)))
    start = edges[bars[0]] + first * QUARTER
    end = min(start + (1 + int(rng.integers(max(quarters - first, 1)))) * QUARTER, edges[bars[-1] + 1])
    return Asked(infill(desk, Scope((Stretch(part, start, end),))), Allowed({part: [(start, end)]}))


def _vary(desk: Desk, rng: np.random.Generator) -> Asked:
    parts, bars = _parts(desk, rng), _bars(desk, rng, 8)
    locked, texts, allowed = _locked(desk, rng, parts, bars)
    aspect = str(rng.choice(["all", "all", "rhythm", "pitch", "ornament"]))
    distance = float(rng.choice([0.2, 0.5, 0.8, 1.0]))
    order = vary(locked, whole_bars(locked.frame, parts, bars), rng, distance=distance, aspect=aspect)
    if not texts:
        all_parts, none = frozenset(parts), frozenset[int]()
        allowed = replace(
            allowed,
            rhythm=all_parts if aspect == "pitch" else none,
            pitch=all_parts if aspect == "rhythm" else none,
        )
    return Asked(order, allowed, locks=texts)


def _harmony(desk: Desk, rng: np.random.Generator) -> Asked:
    """Return a variation of the harmony: other chords, and all but tunes and drums written to them."""
    parts, bars = _parts(desk, rng), _bars(desk, rng, 4)
    edges = bar_edges(desk.frame, desk.bars)
    follow = [p for p in parts if desk.frame.parts[p].role != "melody" and not desk.own.parts[p].is_drums]
    order = vary(desk, whole_bars(desk.frame, parts, bars), rng, aspect="harmony")
    return Asked(order, Allowed({p: [(edges[b], edges[b + 1]) for b in bars] for p in follow}, chords=True))


def _grown(make: Callable[[Desk, np.random.Generator], Order]) -> Draw:
    def draw(desk: Desk, rng: np.random.Generator) -> Asked:
        edges = bar_edges(desk.frame, desk.bars)
        return Asked(make(desk, rng), Allowed(since=edges[desk.bars], chords=True))

    return draw


def _joined(make: Callable[[Desk, np.random.Generator], Order]) -> Draw:
    return lambda desk, rng: Asked(make(desk, rng), Allowed())


def _longer(desk: Desk, rng: np.random.Generator) -> Order:
    if rng.random() < 0.5:
        return extend_to(desk, bars=desk.bars + 1 + int(rng.integers(6)))
    from zhiyin.score import Timeline

    line = Timeline.of(desk.frame)
    return extend_to(
        desk, seconds=round(line.duration_s(line.bar_start(desk.bars)) + float(rng.uniform(2, 9)), 2)
    )


def _pitched(desk: Desk) -> int:
    """Return the first pitched part with notes, else the first part."""
    return next((i for i, p in enumerate(desk.own.parts) if len(p.notes) and not p.is_drums), 0)


def _motif(desk: Desk, rng: np.random.Generator) -> Order:
    part = _pitched(desk)
    names = tuple(rng.choice(list(TECHNIQUES), 3, replace=False).tolist())
    notes = desk.frame.parts[part].notes
    edges = bar_edges(desk.frame, desk.bars)
    sounding = [b for b in range(desk.bars) if len(notes.between(edges[b], edges[b + 1]))] or [0]
    return develop(desk, part, [int(rng.choice(sounding))], by=names)


def _players(desk: Desk, rng: np.random.Generator) -> Order:
    bands = (("piano",), ("guitar", "bass"), ("piano", "cello"), ("strings",), ("piano", "bass", "drums"))
    return accompany(desk, players=bands[int(rng.integers(len(bands)))])


def _against(desk: Desk, rng: np.random.Generator) -> Order:
    above = bool(rng.integers(2))
    return counterpoint(
        desk, against=_pitched(desk), instrument=str(rng.choice(["violin", "viola", "flute"])), is_above=above
    )


ACTS: dict[str, Draw] = {
    "infill": _infill,
    "infill a gap": _gap,
    "vary": _vary,
    "vary the harmony": _harmony,
    "continue": _grown(lambda desk, rng: continue_(desk, 1 + int(rng.integers(4)))),
    "extend-to": _grown(_longer),
    "reply": _grown(lambda desk, rng: reply(desk, _pitched(desk))),
    "develop": _grown(_motif),
    "melodise": _joined(
        lambda desk, rng: melodise(desk, instrument=str(rng.choice(["voice", "flute", "violin"])))
    ),
    "accompany": _joined(_players),
    "counterpoint": _joined(_against),
    "drums": _joined(lambda desk, rng: drums(desk, style=str(rng.choice(["pop", "rock", "folk"])))),
}


# -- wishes --------------------------------------------------------------------------------------------------


def draw_wishes(order: Order, rng: np.random.Generator) -> tuple[Wish, ...]:
    """Return one wish or two, on the bars that the order writes."""
    frame = order.desk.frame
    bars = sorted({cell.bar for cell in order.scope.cells(frame)})
    where = f" @ {bars[0] + 1}-{bars[-1] + 1}"
    kinds = rng.choice(list(WISHES), 1 + int(rng.random() < 0.3), replace=False).tolist()
    drawn = [WISHES[kind](order, rng) for kind in kinds]
    return tuple(replace(w, text=w.text + where) for w in drawn)


def _scale(order: Order, rng: np.random.Generator) -> Wish:
    tonic = order.desk.frame.keys[0].key.tonic if order.desk.frame.keys else 0
    mode = str(rng.choice(list(SCALES)))
    return Wish(f"scale {NAMES[tonic]} {mode}", "scale", tuple((tonic + s) % 12 for s in SCALES[mode]))


def _range(order: Order, rng: np.random.Generator) -> Wish:
    """Return a range of an octave and a half about where the parts of the scope play or may play."""
    from zhiyin.theory.instruments import find_instrument

    middles = []
    for index in order.scope.parts:
        notes, player = order.desk.frame.parts[index].notes, find_instrument(order.desk.instruments()[index])
        middles.append(float(np.median(notes.pitch)) if len(notes) else (player.low + player.high) / 2)
    middle = round(float(np.mean(middles))) if middles else 60
    low, high = max(middle - 9, 21), min(middle + 9, 108)
    return Wish(f"range {low}-{high}", "range", (low, high))


def _longest(order: Order, rng: np.random.Generator) -> Wish:
    name = str(rng.choice(["half", "quarter", "eighth"]))
    return Wish(f"longest note {name}", "longest", (LENGTHS[name],))


def _rhythm(order: Order, rng: np.random.Generator) -> Wish:
    """Return a pattern of the eighths of the first bar written, or of its halves where it has an odd length."""
    frame = order.desk.frame
    bar = min(cell.bar for cell in order.scope.cells(frame))
    edges = bar_edges(frame, bar + 1)
    places = max((edges[bar + 1] - edges[bar]) // (QUARTER // 2), 1)
    hits = [1, *(int(rng.random() < 0.5) for _ in range(places - 1))]
    return Wish("rhythm " + "".join("x" if h else "." for h in hits), "rhythm", tuple(hits))


def _polyphony(order: Order, rng: np.random.Generator) -> Wish:
    most = int(rng.integers(1, 4))
    return Wish(f"polyphony {most}", "polyphony", (most,))


WISHES: dict[str, Callable[[Order, np.random.Generator], Wish]] = {
    "scale": _scale, "range": _range, "longest": _longest, "rhythm": _rhythm, "polyphony": _polyphony,
}  # fmt: skip
