"""What a transfer says of itself: which line was the tune, how the song is heard before and after, what stays.

Conventions: sentences are {"en", "zh"}; probabilities are the listeners', of the notes alone and with the players.
This module hears nothing itself: see `zhiyin.listen`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from zhiyin.apps.listen_words import label_words
from zhiyin.encode.passages import passages, tune_part
from zhiyin.fill.acts.transfer import SCALES, Asked
from zhiyin.fill.desk import Desk
from zhiyin.fill.request import Take
from zhiyin.listen import LISTENERS
from zhiyin.listen.base import Finding
from zhiyin.score import Score
from zhiyin.theory.style_words import base_style

STYLES_HEARD, DANCES_HEARD = ("style-of-notes", "style"), ("tune-type",)
# Dances -> the beats of their bars, where they have a metre of their own.
BEATS = {"waltz": 3, "mazurka": 3, "polonaise": 3, "minuet": 3, "march": 2, "ragtime": 2}
Told = dict[str, str]


def told_of(
    given: Desk, desk: Desk, takes: Sequence[Take], *, asked: Asked, options: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what the report says of a transfer: `transfer` (plain values) and `notices` (sentences).

    given: the song's desk; desk: the same with its tune told (see `with_tune`); options: what else may be tried, beside
    what `asked` leaves open.
    """
    part, style = tune_part(desk.frame), asked.style
    assert part is not None
    heard = _heard(given.own, [take.score for take in takes], style)
    told = [] if tune_part(given.frame) == part else [_tune_found(desk, part, asked)]
    if asked.strength:
        left = (*_options_left(desk, asked), *options)
        for one in heard:
            told += [_said(one, style, k, several=len(takes) > 1, left=left) for k in range(len(takes))]
        told += _not_served(heard, style) + _metre_stays(desk, style)
        told += _tones_kept(desk, part, style) if asked.is_tune_kept or part in asked.keep else []
    tune = {"part": part + 1, "name": desk.own.parts[part].name, "is_found": tune_part(given.frame) != part}
    return {"transfer": {"to": style, "tune": tune, "heard": heard}, "notices": told}


def _heard(before: Score, after: Sequence[Score], style: str) -> list[dict[str, Any]]:
    """Return what each listener that knows the style hears before and after; all that hear styles where none does."""
    names = [n for n in (*STYLES_HEARD, *DANCES_HEARD) if _known(n, style)] or [*STYLES_HEARD]
    return [
        {
            "listener": name, "target": _known(name, style), "before": _finding(name, before, style),
            "after": [_finding(name, score, style) for score in after],
        }
        for name in names
    ]  # fmt: skip


def _known(listener: str, style: str) -> str | None:
    """Return the label that a listener has for a style."""
    classes = LISTENERS[listener].classes
    return next((name for name in (style, base_style(style)) if name in classes), None)


def _finding(listener: str, score: Score, style: str) -> dict[str, Any]:
    found: Finding = LISTENERS[listener].hear(score)
    target = _known(listener, style)
    shares = dict(found.labels)
    return {
        "label": found.label, "first": found.labels[0][0] if found.labels else None,
        "probability": round(found.confidence, 4), "why": dict(zip(("en", "zh"), found.why, strict=True)),
        "target_probability": None if target is None or not shares else round(shares[target], 4),
    }  # fmt: skip


def is_reached(one: dict[str, Any], number: int) -> bool:
    """Return whether a listener's first guess of a take, from 0, is the target."""
    return one["target"] is not None and one["after"][number]["first"] == one["target"]


def _guess(found: dict[str, Any]) -> tuple[str, str]:
    """Return a finding in words."""
    if found["first"] is None:
        return f"nothing ({found['why']['en']})", f"听不出（{found['why']['zh']}）"
    (en, zh), share = label_words(found["first"]), f"{100 * found['probability']:.0f} %"
    if found["label"] is None:
        return f"don't know ({found['why']['en']}; first guess {en}, {share})", f"不确定（首选{zh}，{share}）"
    return f"{en} ({share})", f"{zh}（{share}）"


def _options_left(desk: Desk, asked: Asked) -> list[str]:
    """Return the options that would bring a song nearer to the style and are not in force."""
    left = ["--strength 1"] if asked.strength < 1 else []
    left += ["all bars"] if asked.bars is not None else []
    can_recast = asked.bars is None and not desk.own.locks
    return left + (["--players style"] if asked.players != "style" and can_recast else [])


def _said(one: dict[str, Any], style: str, number: int, *, several: bool, left: Sequence[str]) -> Told:
    """Return how a take is heard, and what to try where the target is not the first guess."""
    hears, before, after = LISTENERS[one["listener"]], _guess(one["before"]), _guess(one["after"][number])
    take = (f"take {number + 1}, ", f"第 {number + 1} 版，") if several else ("", "")
    en = f"{take[0]}heard ({hears.en}) before as {before[0]}, after as {after[0]}"
    zh = f"{take[1]}听作（{hears.zh}）：之前{before[1]}，之后{after[1]}"
    if one["target"] is None:
        return {"en": en + ".", "zh": zh + "。"}
    share = one["after"][number]["target_probability"]
    target, odds = label_words(one["target"]), "" if share is None else f" ({100 * share:.0f} %)"
    if is_reached(one, number) and one["before"]["first"] == one["target"]:
        return {"en": f"{en}: it was in this style before.", "zh": f"{zh}：原来就是这种风格。"}
    if is_reached(one, number):
        if one["after"][number]["label"] is None:
            return {"en": f"{en}: the first guess, but not surely.", "zh": f"{zh}：居首选，但不确定。"}
        return {"en": f"{en}: the style is reached.", "zh": f"{zh}：风格已达到。"}
    try_en, try_zh = (
        (f"; try {', '.join(left)}", f"；可试 {'、'.join(_in_chinese(left))}") if left else ("", "")
    )
    return {
        "en": f"{en}: {target[0]}{odds} is not the first guess. The tune weighs much{try_en}.",
        "zh": f"{zh}：首选不是{target[1]}{odds}。旋律本身分量很重{try_zh}。",
    }


def _in_chinese(options: Sequence[str]) -> list[str]:
    return [{"all bars": "全部小节", "another --seed": "换 --seed"}.get(one, one) for one in options]


def _tune_found(desk: Desk, part: int, asked: Asked) -> Told:
    name = desk.own.parts[part].name or str(part + 1)
    if part in asked.keep:
        return {
            "en": f"no part is told to be the melody: part {part + 1} ({name}), which is kept, was taken as the tune.",
            "zh": f"没有标明旋律的声部：取保留的第 {part + 1} 声部（{name}）为旋律。",
        }
    return {
        "en": f"no part is told to be the melody: the top line of part {part + 1} ({name}) was taken as the tune "
        "and stays; another: --keep PART.",
        "zh": f"没有标明旋律的声部：取第 {part + 1} 声部（{name}）的最高线为旋律，原样保留；要用别的：--keep 声部。",
    }


def _not_served(heard: Sequence[dict[str, Any]], style: str) -> list[Told]:
    """Return the sentence that no listener knows the style, where none does."""
    if any(one["target"] is not None for one in heard):
        return []
    en, zh = label_words(style)
    return [{
        "en": f"no listener knows {en}: whether it is reached was not measured; listen for yourself.",
        "zh": f"没有能听辨{zh}的模型：是否达到未经测量，请自己听听。",
    }]  # fmt: skip


def _metre_stays(desk: Desk, style: str) -> list[Told]:
    """Return the sentence that the metre stays, where the style goes in another."""
    metre, beats = desk.frame.metres[0].metre, BEATS.get(base_style(style))
    pulses = metre.numerator // 3 if metre.is_compound else metre.numerator
    if beats is None or pulses % beats == 0:
        return []
    en, zh = label_words(style)
    return [{
        "en": f"the metre stays {metre}: a {en} goes in {beats}, so this is a {en}'s accompaniment in {metre}.",
        "zh": f"拍号仍为 {metre}：{zh}本是 {beats} 拍，这里只是 {metre} 拍下的{zh}伴奏。",
    }]  # fmt: skip


def _tones_kept(desk: Desk, part: int, style: str) -> list[Told]:
    """Return the sentence that the tune keeps tones outside the style's scale, where it does."""
    scale = SCALES.get(style)
    if scale is None or not desk.frame.keys:
        return []
    found = [one.row[one.is_top & (one.part == part)] for one in passages(desk.frame)]
    notes = desk.frame.parts[part].notes.take(np.concatenate([np.empty(0, np.int64), *found]))
    ticks = np.array([mark.tick for mark in desk.frame.keys])
    keys = [
        desk.frame.keys[i].key for i in np.maximum(np.searchsorted(ticks, notes.onset, side="right") - 1, 0)
    ]
    out = sum(
        (p - key.tonic) % 12 not in scale[int(key.is_minor)]
        for p, key in zip(notes.pitch.tolist(), keys, strict=True)
    )
    if not out:
        return []
    return [{
        "en": f"the tune keeps {out} notes outside the five tones (such as the 4th and 7th): --keep none "
        "moves them.",
        "zh": f"旋律中有 {out} 个五声之外的音（如四度、七度）照原样保留：用 --keep none 可移到五声。",
    }]  # fmt: skip
