"""The plan as text for people, in English or Chinese.

Conventions: bars are counted from 1 here, as musicians do; chords stand a bar in a column.
This module does not change plans.
"""

from __future__ import annotations

from zhiyin.errors import InvalidInput
from zhiyin.fill.plan import Plan, PlannedSection
from zhiyin.io.spelling import chord_name
from zhiyin.theory.instruments import INSTRUMENTS
from zhiyin.theory.moods import MOODS
from zhiyin.theory.style_words import STYLE_NAMES_ZH

_ROLES_ZH = {"melody": "旋律", "chords": "和弦", "accompaniment": "伴奏", "bass": "低音", "drums": "鼓",
             "inner": "内声部", "unknown": "未定"}  # fmt: skip
_SECTIONS_ZH = {"intro": "前奏", "verse": "主歌", "pre-chorus": "导歌", "chorus": "副歌", "bridge": "桥段",
                "interlude": "间奏", "outro": "尾奏", "coda": "尾声"}  # fmt: skip
_LEVELS = "▁▂▃▄▅▆▇█"
_CHORDS_A_LINE = 8


def plan_to_text(plan: Plan, lang: str = "en") -> str:
    """Return the plan as lines of text; lang: "en" or "zh"."""
    if lang not in ("en", "zh"):
        raise InvalidInput(f"lang must be 'en' or 'zh', got {lang!r}: choose one of them")
    head = _head_zh(plan) if lang == "zh" else _head_en(plan)
    lines = [plan.title, head, _players(plan, lang), ""]
    for index, section in enumerate(plan.sections):
        lines += [_section(plan, index, section, lang), *_chord_lines(plan, section)]
    if plan.notes:
        lines += ["", *(f"- {zh if lang == 'zh' else en}" for en, zh in plan.notes)]
    return "\n".join(lines) + "\n"


def _head_en(plan: Plan) -> str:
    moods = ", ".join(plan.moods)
    return (
        f"{plan.variant or plan.style}{', ' + moods if moods else ''} | {plan.key.name} | {plan.metre} | "
        f"{plan.tempo_bpm:.4g} BPM | {plan.bars} bars | {plan.seconds:.1f} s"
    )


def _head_zh(plan: Plan) -> str:
    moods = "、".join(MOODS[mood].zh if mood in MOODS else mood for mood in plan.moods)
    style = STYLE_NAMES_ZH.get(plan.variant or plan.style, plan.style)
    return (
        f"{style}{'，' + moods if moods else ''}｜{plan.key.name_zh}｜{plan.metre}拍｜每分钟{plan.tempo_bpm:.4g}拍｜"
        f"{plan.bars}小节｜{plan.seconds:.1f}秒"
    )


def _players(plan: Plan, lang: str) -> str:
    if lang == "zh":
        names = [
            (INSTRUMENTS[p.instrument].zh if p.instrument in INSTRUMENTS else p.part) for p in plan.players
        ]
        return "、".join(
            f"{name}（{_ROLES_ZH[p.role]}）" for name, p in zip(names, plan.players, strict=True)
        )
    return ", ".join(f"{player.part} ({player.role})" for player in plan.players)


def _section(plan: Plan, index: int, section: PlannedSection, lang: str) -> str:
    curve = "".join(
        _LEVELS[min(7, int(value * 8))] for value in plan.energy[section.first_bar : section.end_bar]
    )
    first, last = section.first_bar + 1, section.end_bar
    name = _SECTIONS_ZH.get(section.name, section.name) if lang == "zh" else section.name
    if section.like < 0:
        like = ""
    elif lang == "zh":
        like = f"，同第{section.like + 1}段，变化{section.variation:.0%}"
    else:
        like = f", like section {section.like + 1}, varied {section.variation:.0%}"
    place = f"第{first}–{last}小节" if lang == "zh" else f"bars {first}-{last}"
    return f"{index + 1}. {name} {place}{like} {curve}{_pace(plan, section, lang)}"


def _pace(plan: Plan, section: PlannedSection, lang: str) -> str:
    """Return a section's tempos and its own mode where a piece changes them on the way."""
    if not plan.tempos and not any(other.mode for other in plan.sections):
        return ""
    size = plan.metre.bar_ticks
    marks = [(0, plan.tempo_bpm), *plan.tempos]
    begun = [bpm for tick, bpm in marks if tick <= section.first_bar * size][-1]
    inside = [
        begun,
        *(bpm for tick, bpm in marks if section.first_bar * size < tick < section.end_bar * size),
    ]
    key = plan.key_of(section)
    span = f"{inside[0]:.4g}" + (f" → {inside[-1]:.4g}" if abs(inside[-1] - inside[0]) > 0.05 else "")
    return f" 每分钟{span}拍，{key.name_zh}" if lang == "zh" else f" {span} BPM, {key.name}"


def _chord_lines(plan: Plan, section: PlannedSection) -> list[str]:
    bars: list[str] = []
    size = plan.metre.bar_ticks
    for bar in range(section.first_bar, section.end_bar):
        inside = [(tick, chord) for tick, chord in plan.chords if bar * size <= tick < (bar + 1) * size]
        names = [chord_name(chord, plan.key.fifths) for _, chord in inside]
        if not inside or inside[0][0] > bar * size:
            names.insert(0, "%")
        bars.append(" ".join(names))
    starts = range(0, len(bars), _CHORDS_A_LINE)
    return ["   | " + " | ".join(bars[start : start + _CHORDS_A_LINE]) + " |" for start in starts]
