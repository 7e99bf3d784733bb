"""adjust: bars written again a little other than they are: sparser or denser, higher or lower, more or less syncopated.

Conventions: levels count from what stands there, one level is a factor of STEP in attacks or SEMITONES in pitch; the
share of notes that stays is the similarity, strong beats and long notes first. This module writes nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhiyin.encode.levels import density_level
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.acts.usual import textures_as_they_are, usual
from zhiyin.fill.acts.vary import vary
from zhiyin.fill.constraints import Constraint
from zhiyin.fill.constraints.in_scale import InScale
from zhiyin.fill.constraints.register_wish import RegisterWish
from zhiyin.fill.constraints.span import Span
from zhiyin.fill.constraints.syncopation import LESS, MORE, Syncopation
from zhiyin.fill.constraints.texture_wishes import DensityWish
from zhiyin.fill.desk import Desk
from zhiyin.fill.request import Textures
from zhiyin.fill.scope import Scope
from zhiyin.score import CHORD_ROW, Cell, Timeline
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.theory.scale_words import read_scale
from zhiyin.units import TICKS_PER_QUARTER

STEP = 0.6  # attacks of a level lower over those there are
SEMITONES = 5  # middle of a part a level lower
WIDTH = 0.35  # share by which attacks may miss what is asked
QUADRANTS = {"dark": (2, 3), "bright": (0, 1)}  # mood codes: calm, lively


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What changes: levels up or down (0 as it is), the similarity that stays, and a mood and mode to lean to."""

    density: int = 0
    register: int = 0
    syncopation: int = 0
    similarity: float = 0.7
    aspect: str = "all"
    mood: str = ""
    mode: str = ""

    def __post_init__(self) -> None:
        if not 0.0 <= self.similarity < 1.0:
            raise InvalidInput(
                f"similarity must be 0 to below 1, got {self.similarity:g}: 1 would change nothing"
            )


def adjust(desk: Desk, scope: Scope, rng: np.random.Generator, *, wanted: Adjustment) -> Order:
    """Return the order that writes a scope again as an adjustment says."""
    cells = frozenset(c for c in scope.cells(desk.frame) if c.part != CHORD_ROW)
    similarity = (
        wanted.similarity * min(STEP**-wanted.density, 1.0) if wanted.density < 0 else wanted.similarity
    )
    if wanted.aspect == "all" and similarity <= 0.05:
        order = vary(desk, scope, rng, distance=1.0)
    else:
        distance = 1.0 - similarity if wanted.density >= 0 else 1.0 - similarity * STEP**-wanted.density
        order = vary(desk, scope, rng, distance=float(np.clip(distance, 0.05, 1.0)), aspect=wanted.aspect)
    textures = _shifted(desk, textures_as_they_are(desk, cells), cells, wanted)
    asked = usual(desk, cells)
    return replace(
        order,
        textures=textures,
        mood=_mood(desk, wanted),
        wishes=(*asked.wishes, *_wishes(desk, cells, wanted)),
    )


def _shifted(desk: Desk, textures: Textures, cells: frozenset[Cell], wanted: Adjustment) -> Textures:
    rates = _rates(desk, cells)
    for cell in cells:
        if not textures.density[cell.bar, cell.part] > 0:
            continue
        if wanted.density and cell.part in rates:
            textures.density[cell.bar, cell.part] = max(
                int(density_level(_target(rates[cell.part], wanted))), 1
            )
        textures.register_pitch[cell.bar, cell.part] += SEMITONES * wanted.register
    return textures


def _rates(desk: Desk, cells: frozenset[Cell]) -> dict[int, float]:
    """Return attacks a quarter of each part in its cells."""
    line, rates = Timeline.of(desk.frame), {}
    for part in {c.part for c in cells}:
        bars = sorted(c.bar for c in cells if c.part == part)
        edges = line.bar_starts(max(bars) + 1)
        quarters = sum(int(edges[b + 1] - edges[b]) for b in bars) / TICKS_PER_QUARTER
        notes = desk.frame.parts[part].notes
        inside = np.isin(line.bar_of(notes.onset), bars)
        if inside.any():
            rates[part] = np.unique(notes.onset[inside]).size / max(quarters, 1e-9)
    return rates


def _target(rate: float, wanted: Adjustment) -> float:
    return rate * STEP**-wanted.density


def _wishes(desk: Desk, cells: frozenset[Cell], wanted: Adjustment) -> list[Constraint]:
    """Return contracts on the parts: attacks about the target and truly fewer or more, register, syncopation, mode."""
    wishes: list[Constraint] = []
    rates = _rates(desk, cells)
    for part in sorted({c.part for c in cells}):
        bars = sorted(c.bar for c in cells if c.part == part)
        span = Span(frozenset({part}), bars[0], bars[-1])
        is_drums = desk.frame.parts[part].is_drums
        if wanted.density and part in rates and bars == list(range(bars[0], bars[-1] + 1)):
            target = _target(rates[part], wanted)
            low, high = target * (1 - WIDTH), target * (1 + WIDTH)
            low, high = (
                (low, min(high, 0.95 * rates[part]))
                if wanted.density < 0
                else (max(low, 1.05 * rates[part]), high)
            )
            wishes.append(DensityWish(span, round(max(low, 0.05), 3), round(high, 3), is_hard=False))
        if wanted.syncopation and not is_drums:
            wishes.append(Syncopation(span, MORE if wanted.syncopation > 0 else LESS, is_hard=False))
        if wanted.register and not is_drums and len(desk.frame.parts[part].notes):
            wishes.append(_register(desk, part, span, wanted))
        if wanted.mode and not is_drums and desk.frame.keys:
            tonic = desk.frame.keys[0].key.name.split()[0]
            wishes.append(InScale(span, read_scale(f"{tonic} {wanted.mode}"), is_hard=False))
    return wishes


def _register(desk: Desk, part: int, span: Span, wanted: Adjustment) -> RegisterWish:
    """Return the range of the part's notes in the span, moved by the levels asked, within the instrument."""
    line = Timeline.of(desk.frame)
    found = desk.frame.parts[part].notes.between(
        line.bar_start(span.first_bar), line.bar_start(span.last_bar + 1)
    )
    notes = found if len(found) else desk.frame.parts[part].notes
    instrument = instrument_for_program(desk.frame.parts[part].program, is_drums=False)
    shift = SEMITONES * wanted.register
    low = max(int(notes.pitch.min()) + shift, min(instrument.low, int(notes.pitch.min())))
    high = min(int(notes.pitch.max()) + shift, max(instrument.high, int(notes.pitch.max())))
    return RegisterWish(span, low, max(high, low + 5), is_hard=False)


def _mood(desk: Desk, wanted: Adjustment) -> int | None:
    """Return the mood quadrant leant to: as lively as the piece is."""
    if wanted.mood not in QUADRANTS:
        return None
    rates = [len(np.unique(p.notes.onset)) for p in desk.frame.parts if len(p.notes)]
    quarters = max(desk.frame.end / TICKS_PER_QUARTER, 1.0)
    is_lively = desk.frame.tempos[0].bpm * max(max(rates, default=0) / quarters, 0.25) > 180.0
    return QUADRANTS[wanted.mood][is_lively]
