"""Notices: what a person should know of an answer beside its verdicts; now that nothing changed.

Conventions: sentences are {"en": ..., "zh": ...}; two scores are the same music when every note and mark is.
This module warns of no file: see `zhiyin.apps.files` for reading and `zhiyin.io.Written` for writing.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.score import Part, Score


def is_same_music(one: Score, other: Score) -> bool:
    """Return whether two scores hold the same notes, played alike, in the same parts, and the same marks."""
    if len(one.parts) != len(other.parts) or one.end != other.end:
        return False
    marks = (
        (s.chords, s.tempos, s.metres, s.keys, s.sections, s.title, s.pickup_ticks) for s in (one, other)
    )
    if len(set(marks)) > 1:
        return False
    return all(_rows(a) == _rows(b) for a, b in zip(one.parts, other.parts, strict=True))


def notices_of(before: Score, takes: Sequence[Score]) -> list[dict[str, str]]:
    """Return a notice that names the takes that are what stood there before; none when all are new."""
    same = [number for number, score in enumerate(takes, start=1) if is_same_music(before, score)]
    if not same:
        return []
    english, chinese = "nothing changed", "没有改动"
    if len(takes) > 1:
        english += f" in take{'s' * (len(same) > 1)} {', '.join(map(str, same))}"
        chinese = f"版本 {'、'.join(map(str, same))} {chinese}"
    return [
        {
            "en": f"{english}: the answer is what stood there before",
            "zh": f"{chinese}：结果与原来一样",
        }
    ]


def _rows(part: Part) -> tuple[object, ...]:
    notes = part.notes
    columns = (notes.onset, notes.duration, notes.pitch, notes.velocity)
    rows = sorted(zip(*(column.tolist() for column in columns), strict=True))
    return part.name, part.program, part.is_drums, rows
