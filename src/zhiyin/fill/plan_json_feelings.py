"""Changes of tempo and feelings of a plan as JSON: one row a change, one row a bar.

Conventions: bars and beats count from 1; a row of feelings holds the fields of `Feeling` in order.
This module does not decide them: see `zhiyin.fill.plan_feelings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields
from typing import Any

from zhiyin.errors import InvalidInput
from zhiyin.fill.norms import Leaning
from zhiyin.fill.plan import Feeling, Plan
from zhiyin.theory.metre import Metre
from zhiyin.units import Bpm, Ticks

FEELING_NAMES = tuple(field.name for field in fields(Feeling))


def time_and_feelings(plan: Plan) -> dict[str, Any]:
    """Return what a plan holds of changes of tempo and feelings, nothing where it holds none."""
    tree: dict[str, Any] = {}
    if plan.tempos:
        tree["tempos"] = [_tempo_row(tick, bpm, plan.metre) for tick, bpm in plan.tempos]
    if plan.feelings:
        tree["feelings"] = [list(astuple(feeling)) for feeling in plan.feelings]
    return tree


def _tempo_row(tick: Ticks, bpm: Bpm, metre: Metre) -> list[float]:
    bar, offset = divmod(tick, metre.bar_ticks)
    return [bar + 1, 1 + offset / metre.beat_ticks, bpm]


def read_tempos(rows: Sequence[Any], metre: Metre, *, bars: int) -> tuple[tuple[Ticks, Bpm], ...]:
    """Return (tick, quarters a minute) of rows [bar, beat, tempo]. Raises InvalidInput."""
    found: list[tuple[Ticks, Bpm]] = []
    for row in rows:
        if not (isinstance(row, list) and len(row) == 3 and all(_is_number(value) for value in row)):
            raise InvalidInput(f"tempos must each be [bar, beat, tempo], got {row!r}: write e.g. [9, 1, 120]")
        bar, offset = int(row[0]), round((row[1] - 1) * metre.beat_ticks)
        if not (1 <= bar <= bars and 0 <= offset < metre.bar_ticks):
            raise InvalidInput(f"tempos must lie within bars 1..{bars}, got {row!r}: move it or delete it")
        found.append(((bar - 1) * metre.bar_ticks + offset, float(row[2])))
    return tuple(found)


def read_feelings(rows: object, *, bars: int, leaning: Leaning) -> tuple[Feeling, ...]:
    """Return the feelings of rows, one a bar; those of the moods where there are none. Raises InvalidInput."""
    if rows is None:
        usual = Feeling(
            round(leaning.valence, 3), round(leaning.arousal, 3), round(leaning.velocity, 1),
            round(leaning.articulation, 3), round(leaning.tension, 3), round(leaning.contour, 3),
            round(leaning.leaps, 3), round(leaning.rubato, 3),
        )  # fmt: skip
        return () if usual == Feeling() else (usual,) * bars
    if not isinstance(rows, list) or len(rows) not in (0, bars):
        raise InvalidInput(
            f"feelings must be one row for each of {bars} bars, got {rows!r:.60}: delete 'feelings'"
        )
    for row in rows:
        if not (isinstance(row, list) and len(row) == len(FEELING_NAMES) and all(_is_number(v) for v in row)):
            raise InvalidInput(
                f"feelings must hold [{', '.join(FEELING_NAMES)}], got {row!r}: delete 'feelings'"
            )
    return tuple(Feeling(*map(float, row)) for row in rows)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
