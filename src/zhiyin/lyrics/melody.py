"""The tune that words are put on: which part sings, and its top line where it plays several notes at once.

Conventions: rows are indices into the notes of the part; a tune is one note at a time, in order of onsets.
This module knows no words: see `zhiyin.lyrics.slots`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.analysis.roles import find_roles
from zhiyin.encode.backing import Notes4, skyline
from zhiyin.errors import InvalidInput
from zhiyin.score import Part, Score
from zhiyin.units import TICKS_PER_STEP, IntArray

MAX_NOTES = 5000  # a song of half an hour; more is no song


@dataclass(frozen=True, slots=True, eq=False)
class Tune:
    """The line that sings.

    part: index in the score; rows: its notes, by onset; notices: what had to be chosen, (English, Chinese).
    """

    part: int
    rows: IntArray
    notices: tuple[tuple[str, str], ...] = ()


def find_tune(score: Score, part: str | None = None) -> Tune:
    """Return the tune of a score: of the part named, else of the part that sings, else the highest line.

    part: a number from 1, a name or a role. Raises InvalidInput where there is no such part, no note or too many.
    """
    notices: list[tuple[str, str]] = []
    if part is not None:
        index = _part_named(score, part)
    else:
        index = _singing_part(score)
        pitched = [p for p in score.parts if len(p.notes) and not p.is_drums]
        if len(pitched) > 1:
            name = score.parts[index].name or f"part {index + 1}"
            notices.append(
                (
                    f"the words go to {name!r}; name another part with --part",
                    f"歌词配在 {name!r} 上；可用 --part 另选",
                )
            )
    rows = top_rows(score.parts[index])
    if rows.size > MAX_NOTES:
        raise InvalidInput(f"a tune must have at most {MAX_NOTES} notes, got {rows.size}: cut it into songs")
    below = len(score.parts[index].notes) - rows.size
    if below:
        notices.append(
            (
                f"{below} notes below the top voice carry no words",
                f"最高声部以下的 {below} 个音不带歌词",
            )
        )
    return Tune(index, rows, tuple(notices))


def top_rows(part: Part) -> IntArray:
    """Return the rows of the top line of a part."""
    notes = part.notes
    joined = Notes4(
        notes.onset // TICKS_PER_STEP,
        np.maximum(notes.duration // TICKS_PER_STEP, 1),
        notes.pitch,
        np.ones(len(notes), bool),
    )
    rows: IntArray = np.flatnonzero(skyline(joined))
    return rows


def _part_named(score: Score, text: str) -> int:
    wanted = text.strip().lower()
    for index, part in enumerate(score.parts):
        if wanted in (str(index + 1), part.name.strip().lower()) and _can_sing(part):
            return index
    for index, part in enumerate(score.parts):
        if part.role == wanted and _can_sing(part):
            return index
    there = ", ".join(f"{i + 1} {p.name!r}" for i, p in enumerate(score.parts) if _can_sing(p)) or "none"
    raise InvalidInput(
        f"the part must be one that plays pitches ({there}), got {text!r}: name it by number or name",
        zh=f"声部应是有音高的（{there}），得到 {text!r}：请写序号或名称",
    )


def _can_sing(part: Part) -> bool:
    return len(part.notes) > 0 and not part.is_drums


def _singing_part(score: Score) -> int:
    playing = [i for i, p in enumerate(score.parts) if _can_sing(p)]
    if not playing:
        raise InvalidInput(
            f"a song must have a tune, got no pitched note in {score.title!r}: give a melody",
            zh=f"歌曲要有旋律，{score.title!r} 里没有有音高的音：请给一段旋律",
        )
    with_words = [i for i in playing if _has_words(score.parts[i])]
    told = [i for i in playing if score.parts[i].role == "melody"]
    roles = find_roles(score)
    found = [i for i in playing if roles[i] == "melody"]
    for group in (with_words, told, found):
        if group:
            return group[0]
    return max(playing, key=lambda i: float(np.median(score.parts[i].notes.pitch[top_rows(score.parts[i])])))


def _has_words(part: Part) -> bool:
    sung = part.notes.syllable
    return sung is not None and int(np.count_nonzero(sung != "")) * 3 >= len(part.notes)
