"""The tune of a transfer: where no part is told to be the melody, the part whose top line is heard is taken for it.

Conventions: the tune of a part is its top line; a part that is kept by name is the tune where nothing else is.
This module writes nothing: see `transfer`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from zhiyin.encode.backing import Notes4, skyline
from zhiyin.encode.passages import tune_part
from zhiyin.errors import InvalidInput
from zhiyin.fill.desk import Desk
from zhiyin.score import Score
from zhiyin.units import TICKS_PER_STEP

LEAST_ONSETS = 4  # fewer tell no tune; two bars of a hymn have six

OCTAVE = 12


def with_tune(desk: Desk, keep: Collection[int] = (), *, least: int = LEAST_ONSETS) -> Desk:
    """Return the desk with a melody part on its frame: the one there is, one kept by name, or that of the top line.

    A left hand that was found to be the melody, not told to be, gives way to the top line.

    least: onsets that a tune must have where nobody names it; one that is named needs two. Raises InvalidInput where
    there is no tune.
    """
    own = tune_part(desk.frame)
    if own is not None and (
        own in keep or (_onsets(desk.frame, own) >= least and not _is_left_hand(desk, own))
    ):
        return _checked(desk, own, least=min(least, 2))
    named = [i for i in keep if _onsets(desk.frame, i)]
    lines = _top_lines(desk.frame, named or range(len(desk.frame.parts)))
    best = max(lines, key=lambda i: (lines[i], -i), default=None)
    if best is None:
        raise _no_tune(desk, "no pitched notes")
    return _checked(_as_melody(desk, best, instead=own), best, least=min(least, 2) if named else least)


def _is_left_hand(desk: Desk, part: int) -> bool:
    """Return whether a melody that was found, not told, lies an octave below the part that plays the top line."""
    if desk.own.parts[part].role == "melody":
        return False
    lines = _top_lines(desk.frame, range(len(desk.frame.parts)))
    best = max(lines, key=lambda i: (lines[i], -i))
    low, high = (float(desk.frame.parts[i].notes.pitch.mean()) for i in (part, best))
    return high - low >= OCTAVE and lines[part] * 4 < lines[best]


def _onsets(frame: Score, part: int) -> int:
    """Return at how many places a pitched part begins notes."""
    one = frame.parts[part]
    return 0 if one.is_drums else len(np.unique(one.notes.onset))


def _top_lines(frame: Score, parts: Collection[int]) -> dict[int, int]:
    """Return how many notes of the highest line over some parts each of them plays."""
    played = [i for i in parts if _onsets(frame, i)]
    if not played:
        return {}
    notes = [frame.parts[i].notes for i in played]
    part = np.repeat(np.array(played, np.int64), [len(n) for n in notes])
    joined = Notes4(
        np.concatenate([n.onset for n in notes]) // TICKS_PER_STEP,
        np.maximum(np.concatenate([n.duration for n in notes]) // TICKS_PER_STEP, 1),
        np.concatenate([n.pitch for n in notes]),
        np.ones(part.size, bool),
    )
    top = part[skyline(joined)]
    return {i: int((top == i).sum()) for i in played}


def _as_melody(desk: Desk, part: int, *, instead: int | None) -> Desk:
    parts = list(desk.frame.parts)
    if instead is not None:
        parts[instead] = replace(parts[instead], role="accompaniment")
    parts[part] = replace(parts[part], role="melody")
    return replace(desk, frame=desk.frame.with_parts(parts))


def _checked(desk: Desk, part: int, *, least: int) -> Desk:
    count = _onsets(desk.frame, part)
    if count < least:
        raise _no_tune(desk, f"{count} in part {part + 1}")
    return desk


def _no_tune(desk: Desk, got: str) -> InvalidInput:
    title = desk.own.title
    return InvalidInput(
        f"no tune found: a tune must begin at {LEAST_ONSETS} places or more (2 in a part that is named), got {got} in "
        f"{title!r}: name it with --keep PART, or use a song with a tune",
        zh=f"没找到旋律：旋律至少要有 {LEAST_ONSETS} 处起音（点名的声部 2 处），{title!r} 里不够："
        "用 --keep 声部 指明旋律，或换一首有旋律的曲子",
    )
