"""develop: a section made of a motif — repeated, in sequence, mirrored, stretched, cut up, answered — that comes home.

Conventions: the line of the motif is made by rule and held; chords and the other parts are written around it. Units
follow each other after the end of the score. This module writes nothing itself: see `zhiyin.fill.act`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.acts.grow import MAX_NEW_BARS, grown, home
from zhiyin.fill.constraints import FitsTune
from zhiyin.fill.constraints.pinned import Hold
from zhiyin.fill.desk import Desk
from zhiyin.score import Cell, Notes, Timeline
from zhiyin.score.motif import (
    answered,
    backwards,
    fragment,
    in_range,
    inverted,
    moved,
    stretched,
    to_pitches,
    to_steps,
)
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_STEP, Ticks

USUAL = ("repeat", "sequence", "fragment", "inversion", "answer", "augmentation")
SEQUENCE_STEPS = 1


@dataclass(frozen=True, slots=True)
class Unit:
    """A motif as it stands, how long it is (ticks), the key, and how often its technique came before."""

    notes: Notes
    length: Ticks
    key: Key
    count: int


def _halves(unit: Unit) -> tuple[Notes, Ticks]:
    """Return the head of the motif twice, the second time a step higher."""
    half = unit.length // 2
    head = fragment(unit.notes, length=half)
    again = moved(head, SEQUENCE_STEPS, key=unit.key)
    return Notes.concat([head, again.with_columns(onset=again.onset + half)]), unit.length


def _quicker(unit: Unit) -> tuple[Notes, Ticks]:
    """Return the motif twice at double speed, the second time a step lower."""
    quick = stretched(unit.notes, 0.5)
    again = moved(quick, -SEQUENCE_STEPS, key=unit.key)
    return Notes.concat([quick, again.with_columns(onset=again.onset + unit.length // 2)]), unit.length


# What each technique makes of a motif: (notes, length in ticks).
TECHNIQUES: dict[str, Callable[[Unit], tuple[Notes, Ticks]]] = {
    "repeat": lambda u: (u.notes, u.length),
    "sequence": lambda u: (moved(u.notes, SEQUENCE_STEPS * (u.count + 1), key=u.key), u.length),
    "inversion": lambda u: (inverted(u.notes, key=u.key), u.length),
    "retrograde": lambda u: (backwards(u.notes, length=u.length), u.length),
    "augmentation": lambda u: (stretched(u.notes, 2.0), 2 * u.length),
    "diminution": _quicker,
    "fragment": _halves,
    "answer": lambda u: (answered(u.notes, key=u.key), u.length),
}


def develop(
    desk: Desk, part: int, motif_bars: Sequence[int], *, by: Sequence[str] = USUAL, style: str | None = None
) -> Order:
    """Return the order for a section from the motif in some bars (0-based, in a row) of a part.

    by: names of TECHNIQUES in order, each applied to the motif; the last note comes home to the tonic. Raises
    InvalidInput for an unknown technique, bars without notes, or a section of more than MAX_NEW_BARS bars.
    """
    for name in by:
        if name not in TECHNIQUES:
            raise InvalidInput(
                f"a technique must be one of {', '.join(TECHNIQUES)}, got {name!r}: choose of those"
            )
    unit = _motif(desk, part, motif_bars)
    line_notes, length = _section(unit, by, desk, part)
    timeline = Timeline.of(desk.frame)
    start = timeline.bar_start(desk.bars)
    bars = timeline.bar_count(start + length) - desk.bars
    if not 1 <= bars <= MAX_NEW_BARS:
        raise InvalidInput(
            f"a section may have {MAX_NEW_BARS} bars, got {bars}: use fewer techniques or a shorter motif"
        )
    line_notes = _struck_in_last_bar(line_notes.with_columns(onset=line_notes.onset + start), timeline)
    others = grown(desk, bars, [*{part, *_others(desk)}], style=style)
    total = desk.bars + bars
    holds = {Cell(part, bar): _held(line_notes, timeline, bar) for bar in range(desk.bars, total)}
    told = _without_sounds(others, part)
    return replace(
        others, holds=holds, first=frozenset(holds), wishes=(*told, home(desk, total), FitsTune(part, desk.bars)),
    )  # fmt: skip


def _motif(desk: Desk, part: int, bars: Sequence[int]) -> Unit:
    if not 0 <= part < len(desk.frame.parts) or desk.frame.parts[part].is_drums:
        raise InvalidInput(f"a motif must stand in a pitched part, got part {part + 1}: choose another")
    line = Timeline.of(desk.frame)
    start, end = line.bar_start(min(bars)), line.bar_start(max(bars) + 1)
    found = desk.frame.parts[part].notes.between(start, end)
    if not len(found):
        raise InvalidInput(
            f"a motif must have notes, got none in bars {min(bars) + 1}..{max(bars) + 1} of "
            f"{desk.frame.parts[part].name!r}: choose bars that sound"
        )
    cut = found.with_columns(
        onset=found.onset - start, duration=np.minimum(found.duration, end - found.onset), origin=None
    )
    keys = [m.key for m in desk.frame.keys if m.tick <= start] or [Key.parse("C major")]
    return Unit(cut, end - start, keys[-1], 0)


def _section(unit: Unit, by: Sequence[str], desk: Desk, part: int) -> tuple[Notes, Ticks]:
    """Return the line of the whole section from tick 0, and its length."""
    own = desk.frame.parts[part]
    instrument = instrument_for_program(own.program, is_drums=False)
    low, high = (
        min(instrument.low, int(own.notes.pitch.min())),
        max(instrument.high, int(own.notes.pitch.max())),
    )
    pieces, at, seen = [], 0, dict.fromkeys(TECHNIQUES, 0)
    for name in by:
        notes, length = TECHNIQUES[name](replace(unit, count=seen[name]))
        seen[name] += 1
        pieces.append(in_range(notes, low, high).with_columns(onset=notes.onset + at))
        at += length
    return _home(Notes.concat(pieces), unit.key, at), at


def _home(line: Notes, key: Key, end: Ticks) -> Notes:
    """Return the line with its last note on the nearest tonic, held to the end."""
    last = int(line.onset.max())
    places, above = to_steps(line.pitch, key)
    pitch, duration = line.pitch.copy(), line.duration.copy()
    at = int(np.flatnonzero(line.onset == last)[-1])
    size = len(to_steps(np.arange(12), key)[0])
    steps = np.unique(to_steps(np.arange(key.tonic, key.tonic + 12), key)[0]).size
    near = round(places[at] / steps) * steps
    pitch[at] = int(to_pitches(np.array([near]), np.zeros(1, np.int64), key)[0])
    duration[at] = end - last
    assert size and above.size
    keep = (line.onset != last) | (np.arange(len(line)) == at)
    return line.with_columns(pitch=pitch, duration=duration, spelling=None).take(keep)


def _struck_in_last_bar(line: Notes, timeline: Timeline) -> Notes:
    """Return the line with its last note struck again in the bar it is held into, so that the section has its bars."""
    begin = timeline.bar_start(int(timeline.bar_of(line.end - 1)))
    if int(line.onset[-1]) >= begin:
        return line
    last = line.take(np.array([len(line) - 1]))
    cut = np.where(line.offset > begin, begin - line.onset, line.duration)
    again = last.with_columns(onset=np.array([begin]), duration=np.array([line.end - begin]))
    return Notes.concat([line.with_columns(duration=cut), again])


def _others(desk: Desk) -> list[int]:
    """Return the parts that play on: all that have notes."""
    return [i for i, p in enumerate(desk.frame.parts) if len(p.notes)]


def _held(line: Notes, timeline: Timeline, bar: int) -> Hold:
    start, end = timeline.bar_start(bar), timeline.bar_start(bar + 1)
    notes = line.between(start, end)
    rows = tuple((n.onset // TICKS_PER_STEP, max(n.duration // TICKS_PER_STEP, 1), n.pitch) for n in notes)
    return Hold(rows, "notes")


def _without_sounds(order: Order, part: int) -> tuple:  # type: ignore[type-arg]
    """Return the wishes with the motif's own bars free to rest: an augmented motif may hold over a bar."""
    from zhiyin.fill.constraints import Sounds

    told = []
    for wish in order.wishes:
        if isinstance(wish, Sounds):
            wish = replace(wish, sounding=frozenset(c for c in wish.sounding if c.part != part))
        told.append(wish)
    return tuple(told)
