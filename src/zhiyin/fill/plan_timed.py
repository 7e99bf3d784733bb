"""Time of a plan: bars, form and a map of tempos that together last as long as was asked.

Conventions: an exact tempo is the tempo of the first bar; asked seconds hold for the whole map of tempos.
This module does not know what moods do: see `zhiyin.fill.plan_changes`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from zhiyin.fill.form import make_form
from zhiyin.fill.norms import Leaning, Norms
from zhiyin.fill.plan import PlannedSection
from zhiyin.fill.plan_changes import Course, course_of, seconds_of, tempo_marks
from zhiyin.fill.plan_length import EXACT_S, choose_length
from zhiyin.score.wishes import Wishes
from zhiyin.theory.metre import Metre
from zhiyin.units import Bpm, Ticks, bpm_to_seconds_per_quarter, ticks_to_quarters

_ROUNDS = 6
Notes = list[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Timed:
    """Bars, sections, the course of the piece, and its tempo marks from tick 0 on."""

    bars: int
    sections: tuple[PlannedSection, ...]
    course: Course
    marks: tuple[tuple[Ticks, Bpm], ...]


def time_plan(wishes: Wishes, norms: Norms, leaning: Leaning, *, metre: Metre, notes: Notes) -> Timed:
    """Return bars, form and tempos; decisions go to notes. Raises ConflictingWishes as `choose_length` does."""
    told: Notes = []
    wishes = _with_seconds(wishes, norms, leaning, metre, told)
    found = _once(wishes, wishes, norms, leaning, metre=metre, notes=told)
    if wishes.seconds is None or len(found.marks) == 1:
        notes += told
        return found
    flat, asked = told, wishes
    for _ in range(_ROUNDS):
        length, steady = _seconds(found, metre), _steady(found, metre)
        over = length - wishes.seconds
        is_whole = wishes.tempo_bpm is None or over < length / found.bars
        if abs(over) <= EXACT_S or (over > 0 and wishes.tempo_bpm is not None and is_whole):
            break
        flat = []
        asked = replace(asked, seconds=max(1.0, wishes.seconds * steady / length))
        found = _once(asked, wishes, norms, leaning, metre=metre, notes=flat)
    if wishes.tempo_bpm is None:
        found = _scaled(found, _seconds(found, metre) / wishes.seconds)
    notes.append((
        f"tempo {found.marks[0][1]:.4g} BPM at first, so that {found.bars} bars with their changes of tempo last "
        f"{_seconds(found, metre):.4g} s",
        f"起始速度取每分钟{found.marks[0][1]:.4g}拍：连同速度变化，{found.bars}小节长{_seconds(found, metre):.4g}秒",
    ))  # fmt: skip
    return found


def _with_seconds(wishes: Wishes, norms: Norms, leaning: Leaning, metre: Metre, notes: Notes) -> Wishes:
    """Return the wishes with one length within an asked range, the style's own where that lies inside."""
    if wishes.seconds is not None or wishes.seconds_range is None:
        return wishes
    low, high = wishes.seconds_range
    bars, tempo = choose_length(wishes, norms, leaning, metre=metre, notes=[])
    own = ticks_to_quarters(bars * metre.bar_ticks) * bpm_to_seconds_per_quarter(tempo)
    if low <= own <= high:
        return wishes
    seconds = low if own < low else high
    inside = min(high, max(low, float(round(seconds + (0.1 if own < low else -0.1) * (high - low)))))
    notes.append((
        f"{inside:g} s: within {low:g}..{high:g} s as asked", f"长度取{inside:g}秒：在所要求的{low:g}至{high:g}秒之内",
    ))  # fmt: skip
    return replace(wishes, seconds=inside)


def _once(
    asked: Wishes, wishes: Wishes, norms: Norms, leaning: Leaning, *, metre: Metre, notes: Notes
) -> Timed:
    """Return the plan's time with the length that `asked` wants and the course that `wishes` want."""
    bars, tempo = choose_length(asked, norms, leaning, metre=metre, notes=notes)
    sections = make_form(
        bars, form=norms.form, asked=wishes.form, lengths=wishes.section_bars, without=wishes.without_sections,
        lift=leaning.energy,
    )  # fmt: skip
    course = course_of(wishes, norms, metre=metre, tempo=tempo, sections=sections)
    return Timed(bars, sections, course, tempo_marks(course.tempos, metre, ending=wishes.ending))


def _seconds(timed: Timed, metre: Metre) -> float:
    return seconds_of(timed.marks, timed.bars * metre.bar_ticks)


def _steady(timed: Timed, metre: Metre) -> float:
    return seconds_of(timed.marks[:1], timed.bars * metre.bar_ticks)


def _scaled(timed: Timed, factor: float) -> Timed:
    marks = tuple((tick, min(300.0, max(20.0, bpm * factor))) for tick, bpm in timed.marks)
    return replace(timed, marks=marks, course=replace(timed.course, tempos=timed.course.tempos * factor))
