"""What moods do to a plan bar by bar: leanings, feelings, the mode of each section, and the reasons told.

Conventions: locked fields win: an asked key or mode stays in every section, an asked tempo, register or density is
never leant; what a locked tempo keeps a mood from is made up for by notes a beat. Reasons are (English, Chinese).
This module does not choose a course: see `zhiyin.fill.plan_changes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from math import exp, log

import numpy as np

from zhiyin.fill.norms import ENERGY_SHARE, Leaning, Norms, leaning_to, major_share
from zhiyin.fill.plan import Feeling, PlannedSection
from zhiyin.fill.plan_changes import Course
from zhiyin.score.wishes import Wishes
from zhiyin.theory.key import Key
from zhiyin.theory.mood_cues import USUAL_INTENSITY
from zhiyin.theory.moods import MOODS, find_mood

# Semitones that an asked register moves every part by.
REGISTER_STEPS = {"low": -8.0, "middle": 0.0, "high": 8.0}
# How much of a tempo that moods may not have goes into notes a beat, and the most it may (natural logarithm).
MADE_UP, MOST_MADE_UP = 0.5, 0.35
# How sure a section must be of major or minor to turn to it.
_SURE = 0.62
_NEAR = 3  # bars by which the mode waits for, or goes before, the start of a section
Notes = list[tuple[str, str]]


def leanings_of(course: Course, wishes: Wishes, norms: Norms, *, first: Leaning) -> list[Leaning]:
    """Return one leaning a bar: the aim's, with locked fields taken out and a locked tempo made up for."""
    found = []
    for aim, bpm in zip(course.aims, course.tempos.tolist(), strict=True):
        leaning = replace(leaning_to(aim), mode=first.mode)
        if wishes.register is not None:
            leaning = replace(leaning, register=REGISTER_STEPS[wishes.register])
        if not aim.is_neutral:
            leaning = replace(leaning, density=leaning.density * exp(_missing(leaning, bpm, wishes, norms)))
        found.append(leaning)
    return found


def _missing(leaning: Leaning, bpm: float, wishes: Wishes, norms: Norms) -> float:
    """Return how much of a mood's tempo is not heard, as a logarithm of notes a beat."""
    had = 0.0 if wishes.tempo_bpm is not None else log(bpm / norms.usual)
    missing = MADE_UP * (log(leaning.tempo) - had)
    return min(MOST_MADE_UP, max(-MOST_MADE_UP, missing))


def feelings_of(
    course: Course, leanings: Sequence[Leaning], *, ending: str | None = None
) -> tuple[Feeling, ...]:
    """Return one feeling a bar, () where neither a mood nor dynamics were asked."""
    found = [
        Feeling(
            round(one.valence, 3), round(one.arousal, 3), round(one.velocity + float(steps), 1),
            round(one.articulation, 3), round(one.tension, 3), round(one.contour, 3), round(one.leaps, 3),
            round(one.rubato, 3),
        )
        for one, steps in zip(leanings, course.steps.tolist(), strict=True)
    ]  # fmt: skip
    if ending == "abrupt":
        found[-1] = replace(found[-1], velocity=found[-1].velocity + 10.0, articulation=0.45)
    return tuple(found) if any(one != Feeling() for one in found) else ()


def with_modes(
    sections: tuple[PlannedSection, ...], course: Course, *, key: Key, wishes: Wishes, norms: Norms
) -> tuple[PlannedSection, ...]:
    """Return sections that turn to major or minor where the mood does, cut where it turns inside one of them."""
    is_locked = wishes.key is not None or wishes.mode is not None or bool(wishes.chords)
    if is_locked or not course.turns or key.mode not in ("major", "minor"):
        return sections
    modes, now = [], key.mode
    for aim in course.aims:
        share = major_share(norms, leaning_to(aim))
        if aim != course.aims[0]:
            now = "major" if share > _SURE else "minor" if share < 1 - _SURE else now
        modes.append(now)
    sudden = {turn.bar for turn in course.turns if not turn.is_gradual}
    for bar in [b for b in range(1, len(modes)) if modes[b] != modes[b - 1]]:
        near = min(
            (section.first_bar for section in sections[1:]), key=lambda start: abs(start - bar), default=0
        )
        if bar in sudden or not 0 < abs(near - bar) <= _NEAR or near == 0:
            sections = cut_at(sections, bar)
        else:  # a mood that comes little by little turns the mode where a section begins
            low, high = sorted((near, bar))
            modes[low:high] = [modes[bar] if near < bar else modes[bar - 1]] * (high - low)
    found: list[PlannedSection] = []
    for section in sections:
        mode = "" if modes[section.first_bar] == key.mode else modes[section.first_bar]
        is_same = section.like >= 0 and found[section.like].mode == mode
        found.append(replace(section, mode=mode, like=section.like if is_same else -1))
    return tuple(replace(s, variation=0.0) if s.like < 0 else s for s in found)


def cut_at(sections: tuple[PlannedSection, ...], bar: int) -> tuple[PlannedSection, ...]:
    """Return the sections with a new one from a bar on; what repeats the one that was cut repeats its first half.

    >>> [(s.first_bar, s.bars) for s in cut_at((PlannedSection("A", 0, 8),), 3)]
    [(0, 3), (3, 5)]
    """
    at = next(i for i, section in enumerate(sections) if section.first_bar <= bar < section.end_bar)
    cut = sections[at]
    if cut.first_bar == bar:
        return sections
    first = replace(cut, bars=bar - cut.first_bar)
    second = replace(cut, first_bar=bar, bars=cut.end_bar - bar, like=-1, variation=0.0)
    moved = (replace(s, like=s.like + (s.like > at)) for s in sections[at + 1 :])
    return (*sections[:at], first, second, *moved)


def with_arousal(energy: Sequence[float], leanings: Sequence[Leaning]) -> tuple[float, ...]:
    """Return the energy of every bar raised or lowered where the mood turns."""
    return _moved(energy, [one.energy for one in leanings])


def energy_as_felt(energy: Sequence[float], feelings: Sequence[Feeling]) -> tuple[float, ...]:
    """Return the energy of every bar raised or lowered where a plan's feelings turn."""
    return _moved(energy, [ENERGY_SHARE * one.arousal for one in feelings]) if feelings else tuple(energy)


def _moved(energy: Sequence[float], lifts: Sequence[float]) -> tuple[float, ...]:
    return tuple(
        value if lift == lifts[0] else round(min(1.0, max(0.0, value + lift - lifts[0])), 3)
        for value, lift in zip(energy, lifts, strict=True)
    )


def tones_of(
    sections: Sequence[PlannedSection], leanings: Sequence[Leaning]
) -> tuple[tuple[float, float], ...]:
    """Return (colour, tension) of every section's harmony, () where no mood leans it."""
    tones = []
    for section in sections:
        mine = leanings[section.first_bar : section.end_bar]
        tones.append(
            (float(np.mean([one.colour for one in mine])), float(np.mean([one.tension for one in mine])))
        )
    return tuple(tones) if any(tone != (0.0, 0.0) for tone in tones) else ()


# -- reasons -----------------------------------------------------------------------------------------------------

_EEROLA = "Eerola et al. 2013"
_GABRIELSSON = "Gabrielsson 2014"
_GRIMAUD = "Micallef Grimaud & Eerola 2022"


def reasons(leaning: Leaning, wishes: Wishes, moods: tuple[str, ...]) -> Notes:
    """Return why the mood moves what it moves, with the source, and what was locked against it."""
    if leaning.valence == leaning.arousal == leaning.velocity == leaning.register == 0:
        return []
    place = f"{leaning.valence:+.1f}", f"{leaning.arousal:+.1f}"
    intensity = wishes.intensity or USUAL_INTENSITY
    names = ", ".join(moods) or "valence and arousal"
    names_zh = "、".join(MOODS[mood].zh for mood in moods) or "效价与唤醒度"
    told: Notes = [(
        f"mood {names}: valence {place[0]}, arousal {place[1]}, intensity {intensity} of 5",
        f"情绪 {names_zh}：效价{place[0]}，唤醒度{place[1]}，强度{intensity}/5",
    )]  # fmt: skip
    told.append(_tempo_reason(leaning, wishes))
    told.append(_mode_reason(leaning, wishes))
    told.append(_register_reason(leaning, wishes))
    if wishes.density is None:
        told.append((
            f"notes a beat x{leaning.density:.2f}: arousal ({_GABRIELSSON})",
            f"每拍音数×{leaning.density:.2f}：唤醒度（{_GABRIELSSON}）",
        ))  # fmt: skip
    else:
        told.append(("density as asked: the mood leaves it", "疏密依要求：不随情绪改动"))
    told.append((
        f"loudness {leaning.velocity:+.0f} steps, notes held x{leaning.articulation:.2f}: arousal ({_EEROLA})",
        f"力度{leaning.velocity:+.0f}，音长×{leaning.articulation:.2f}：唤醒度（{_EEROLA}）",
    ))  # fmt: skip
    told.append((
        f"harmony colour {leaning.colour:+.1f}, tension {leaning.tension:+.1f}, line {leaning.contour:+.1f}, "
        f"leaps {leaning.leaps:+.1f} (of -1..1; {_GABRIELSSON}, {_GRIMAUD})",
        f"和声明暗{leaning.colour:+.1f}，紧张度{leaning.tension:+.1f}，旋律走向{leaning.contour:+.1f}，"
        f"跳进{leaning.leaps:+.1f}（-1至1；{_GABRIELSSON}，{_GRIMAUD}）",
    ))  # fmt: skip
    return told


def _tempo_reason(leaning: Leaning, wishes: Wishes) -> tuple[str, str]:
    if wishes.tempo_bpm is not None:
        return (
            f"tempo as asked: what the mood (x{leaning.tempo:.2f}) may not have goes into notes a beat",
            f"速度依要求：情绪所需（×{leaning.tempo:.2f}）改由每拍音数体现",
        )
    return (
        f"tempo x{leaning.tempo:.2f} of the style's usual: arousal ({_EEROLA})",
        f"速度为该风格常速的{leaning.tempo:.2f}倍：唤醒度（{_EEROLA}）",
    )


def _mode_reason(leaning: Leaning, wishes: Wishes) -> tuple[str, str]:
    if wishes.key is not None or wishes.mode is not None:
        return "key as asked: chords carry what the mode would", "调性依要求：由和弦色彩代替调式的作用"
    towards = (
        ("major", "大调")
        if leaning.major > 0
        else ("minor", "小调")
        if leaning.major < 0
        else ("neither", "不偏")
    )
    return f"mode leans to {towards[0]}: valence ({_EEROLA})", f"调式偏{towards[1]}：效价（{_EEROLA}）"


def _register_reason(leaning: Leaning, wishes: Wishes) -> tuple[str, str]:
    if wishes.register is not None:
        return (
            f"register {wishes.register} as asked: {leaning.register:+.0f} semitones",
            f"音区依要求：{leaning.register:+.0f}个半音",
        )
    return (
        f"register {leaning.register:+.1f} semitones: valence ({_EEROLA})",
        f"音区{leaning.register:+.1f}个半音：效价（{_EEROLA}）",
    )


def course_notes(course: Course, sections: Sequence[PlannedSection]) -> Notes:
    """Return what turns where, bars counted from 1."""
    told: Notes = []
    for turn in course.turns:
        if turn.bar == 0 and turn.aim == course.aims[0]:
            continue  # it is how the piece begins
        how, how_zh = ("little by little", "逐渐") if turn.is_gradual else ("at once", "即刻")
        end = min(turn.arrives, len(course.aims) - 1) if turn.is_gradual else turn.bar
        told.append((
            f"from bar {turn.bar + 1} {how}{_named(turn.moods)}: "
            f"valence {turn.aim.valence:+.1f}, arousal {turn.aim.arousal:+.1f}, "
            f"{course.tempos[end]:.4g} BPM, dynamics {course.steps[end]:+.0f}",
            f"第{turn.bar + 1}小节起{how_zh}{_named_zh(turn.moods)}："
            f"效价{turn.aim.valence:+.1f}，唤醒度{turn.aim.arousal:+.1f}，"
            f"每分钟{course.tempos[end]:.4g}拍，力度{course.steps[end]:+.0f}",
        ))  # fmt: skip
    return told + _mode_notes(sections)


def _named(moods: Sequence[str]) -> str:
    return f" {', '.join(moods)}" if moods else ""


def _named_zh(moods: Sequence[str]) -> str:
    return f"“{'、'.join(MOODS[find_mood(mood).name].zh for mood in moods)}”" if moods else ""


def _mode_notes(sections: Sequence[PlannedSection]) -> Notes:
    """Return which stretches turn to another mode, neighbours told as one."""
    told: Notes = []
    for mode, group in groupby(sections, key=lambda section: section.mode):
        stretch = list(group)
        if mode:
            first, last = stretch[0].first_bar + 1, stretch[-1].end_bar
            name_zh = "大调" if mode == "major" else "小调"
            told.append((
                f"bars {first}-{last} in {mode}, as the mood turns", f"第{first}至{last}小节转{name_zh}：随情绪",
            ))  # fmt: skip
    return told
