"""Growing: acts that write bars after the end of a score.

Conventions: the score on the grid is cut where its last bar ends, so that a late release opens no bar; the person's own
notes are not cut. This module writes nothing itself: see `zhiyin.fill.act`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zhiyin.encode.context import NOT_TOLD
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.acts.usual import like_around, textures_like_around, usual
from zhiyin.fill.constraints import Cadences, Closes, Constraint, KeepBars, KeepSeconds, Sounds, WithinBars
from zhiyin.fill.constraints.cadence import CLOSE
from zhiyin.fill.constraints.chord_pace import ChordPace, usual_length
from zhiyin.fill.constraints.ends_on import EndsOn, tonic_of
from zhiyin.fill.desk import Desk
from zhiyin.fill.scope import whole_bars
from zhiyin.score import CHORD_ROW, Cell, Notes, Timeline
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_STEP, Seconds, Ticks

MAX_NEW_BARS = 256
RECENT_BARS = 4  # who played in these plays on
MAX_REPLY_BARS = 8


def continue_(desk: Desk, bars: int, *, style: str | None = None) -> Order:
    """Return the order for bars after the last one, by the players who are there.

    Raises InvalidInput when there is nothing to go on from, or for a number of bars out of range.
    """
    _check(desk, bars)
    return grown(desk, bars, _active(desk), style=style)


def extend_to(
    desk: Desk, *, bars: int | None = None, seconds: Seconds | None = None, style: str | None = None
) -> Order:
    """Return the order that brings a score to exactly so many bars or seconds, with an ending.

    Raises InvalidInput unless one of both is given and it is longer than the score.
    """
    if (bars is None) == (seconds is None):
        raise InvalidInput(
            f"a length must be given in bars or in seconds, got {bars!r} and {seconds!r}: give one"
        )
    line, last_steps, end = Timeline.of(desk.frame), 0, 0
    if seconds is not None:
        # The person's own time counts: on the grid of found beats tempos are rounded.
        own_end = int(Timeline.of(desk.own).seconds_to_ticks(seconds))
        end = int(desk.warp.to_frame([own_end])[0]) if desk.is_performed else own_end
        bars = line.bar_count(end)
        cut = end - line.bar_start(bars - 1)
        last_steps = 0 if end == line.bar_start(bars) else -(-cut // TICKS_PER_STEP)
    assert bars is not None
    if bars <= desk.bars:
        now = line.duration_s(line.bar_start(desk.bars))
        raise InvalidInput(
            f"a score to extend must be shorter than asked, got {desk.bars} bars ({now:.1f} s) and {bars} bars asked: "
            "ask for more"
        )
    _check(desk, bars - desk.bars)
    order = grown(desk, bars - desk.bars, _active(desk), style=style, last_steps=last_steps)
    ending: list[Constraint] = [
        home(desk, bars),
        Cadences({bars - 1: CLOSE}) if last_steps else Closes(bars),
    ]
    promises = () if seconds is None else (KeepSeconds(seconds),)
    return replace(order, wishes=(*order.wishes, *ending), end_ticks=end, promises=promises)


def reply(desk: Desk, part: int, *, bars: int | None = None, style: str | None = None) -> Order:
    """Return the order for an answer of a part to its own last phrase, as long as the phrase unless told.

    The answer begins as the call did and comes to rest. Raises InvalidInput for a part without notes.
    """
    if not 0 <= part < len(desk.frame.parts) or not len(desk.frame.parts[part].notes):
        raise InvalidInput(
            f"a reply must answer a part with notes, got part {part + 1}: choose one that plays"
        )
    length = bars if bars is not None else _phrase(desk, part)
    _check(desk, length)
    order = grown(desk, length, [part], style=style, with_chords=True)
    like = np.full(desk.bars + length, NOT_TOLD, np.int64)
    call = range(max(desk.bars - length, 0), desk.bars)
    for place, bar in enumerate(call[: max(length // 2, 1)]):
        like[desk.bars + place] = bar
    total = desk.bars + length
    ends: tuple[Constraint, ...] = (home(desk, total), Cadences({total - 1: CLOSE}))
    return replace(order, like=like, wishes=(*order.wishes, *ends))


def home(desk: Desk, bars: int) -> EndsOn:
    """Return the wish that a piece of so many bars ends on the tonic of the key in force at the end."""
    key = desk.frame.keys[-1].key if desk.frame.keys else Key.parse("C major")
    return EndsOn(bars, tonic_of(key))


def _check(desk: Desk, bars: int) -> None:
    if not 1 <= bars <= MAX_NEW_BARS:
        raise InvalidInput(f"bars to add must be 1..{MAX_NEW_BARS}, got {bars}: give a number in that range")
    if not desk.own.note_count:
        raise InvalidInput(
            f"a score must have notes to be continued, got none in {desk.own.title!r}: use compose"
        )


def _active(desk: Desk) -> list[int]:
    """Return the parts that play on: those that sound in the last bars."""
    since = Timeline.of(desk.frame).bar_start(max(desk.bars - RECENT_BARS, 0))
    return [i for i, p in enumerate(desk.frame.parts) if p.notes.end > since]


def _phrase(desk: Desk, part: int) -> int:
    """Return the bars since the part's last bar without an attack, at most MAX_REPLY_BARS."""
    line = Timeline.of(desk.frame)
    struck = set(np.unique(line.bar_of(desk.frame.parts[part].notes.onset)).tolist())
    count = 0
    while count < MAX_REPLY_BARS and desk.bars - 1 - count in struck:
        count += 1
    return min(max(count, 1), 4 if count > 4 else count or 1)


def grown(
    desk: Desk,
    bars: int,
    parts: Sequence[int],
    *,
    style: str | None,
    last_steps: int = 0,
    with_chords: bool = True,
) -> Order:
    """Return the order for bars after the end in some parts, the chord row with them."""
    total = desk.bars + bars
    longer = _cut(desk, total)
    rows = (CHORD_ROW, *parts) if with_chords else tuple(parts)
    scope = whole_bars(longer.frame, rows, range(desk.bars, total))
    cells = scope.cells(longer.frame)
    asked = usual(
        longer, cells, sounding=frozenset(Cell(p, b) for p in parts for b in range(desk.bars, total))
    )
    wishes: list[Constraint] = [KeepBars(total), *(c for c in asked.wishes if isinstance(c, Sounds))]
    wishes += [c for c in asked.wishes if not isinstance(c, Sounds)] + [WithinBars(total, last_steps)]
    pace = usual_length(desk.frame, before_bar=desk.bars)
    wishes += [ChordPace(pace, desk.bars)] if pace else []
    habit, reach = like_around(longer, cells)
    return Order(
        longer, scope, (*wishes, habit), (*asked.limits, reach), style=style, bars=total,
        textures=textures_like_around(longer, cells, bars=total),
    )  # fmt: skip


def _cut(desk: Desk, bars: int) -> Desk:
    """Return the desk with its frame ended where its last bar ends, and long enough for so many bars."""
    line = Timeline.of(desk.frame)
    end = line.bar_start(desk.bars)
    frame = desk.frame.with_parts(p.with_notes(_ended(p.notes, end)) for p in desk.frame.parts)
    return replace(
        desk,
        frame=replace(
            frame, length_ticks=line.bar_start(bars), chords=tuple(m for m in frame.chords if m.tick < end)
        ),
    )


def _ended(notes: Notes, end: Ticks) -> Notes:
    return notes.with_columns(duration=np.minimum(notes.duration, np.maximum(end - notes.onset, 1)))
