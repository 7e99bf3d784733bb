"""info: what a file holds, from key and chords to ranges.

Conventions: bars count from 1 in what people read; tempo in quarter notes a minute.
This module finds nothing itself: see `zhiyin.analysis`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from zhiyin.analysis.beats import is_performed
from zhiyin.analysis.harmony import find_chords
from zhiyin.analysis.key import find_keys
from zhiyin.analysis.roles import find_roles
from zhiyin.analysis.statistics import PartSummary, Summary, summarise
from zhiyin.analysis.structure import find_sections
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.beats_ import beats_tree
from zhiyin.apps.files import read_score
from zhiyin.fill.desk import lay_out
from zhiyin.fill.found_grid import on_found_grid
from zhiyin.io.spelling import chord_name
from zhiyin.score import ChordMark, KeyMark, Score, Section, Timeline
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.theory.key import Key
from zhiyin.theory.pitch import pitch_name
from zhiyin.units import Ticks


@dataclass(frozen=True, slots=True)
class InfoRequest:
    """Which file to look at."""

    source: Path


@dataclass(frozen=True, slots=True)
class Info:
    """What a score holds.

    score: on the beats found where it was played apart from the written ones; key: the one of `keys` that holds
    longest, None where nothing has a pitch; chords, sections: from what is written, else found; found: names of the
    fields that were found by analysis; warnings: what the reader rounded, dropped or guessed; beats: those found in
    a performance.
    """

    score: Score
    format_name: str
    summary: Summary
    key: Key | None
    keys: tuple[KeyMark, ...]
    chords: tuple[ChordMark, ...]
    sections: tuple[Section, ...]
    roles: tuple[str, ...]
    found: tuple[str, ...]
    warnings: tuple[str, ...]
    beats: dict[str, Any] | None = None

    @property
    def form(self) -> str:
        """Return the form as section names in order, e.g. `A B A`."""
        return " ".join(section.name for section in self.sections)

    def chord_bars(self) -> list[str]:
        """Return the chord symbols of each bar, spelled for the key; `%` for a bar that goes on, `-` for none."""
        line, fifths = Timeline.of(self.score), self.key.fifths if self.key else 0
        bars: list[list[str]] = [[] for _ in range(self.summary.bars)]
        for mark in self.chords:
            bar = int(line.bar_of(mark.tick))
            if bar < len(bars):
                if not bars[bar] and mark.tick > line.bar_start(bar):
                    bars[bar].append("%")
                bars[bar].append(chord_name(mark.chord, fifths) if mark.chord else "-")
        return [" ".join(names) or "%" for names in bars]

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain values."""
        line, fields = Timeline.of(self.score), asdict(self.summary)
        fields["metres"] = [str(metre) for metre in self.summary.metres]
        fields["parts"] = [
            _part_row(p, r, self.key) for p, r in zip(self.summary.parts, self.roles, strict=True)
        ]
        return {
            "title": self.score.title, "format": self.format_name, **fields,
            "beats": self.beats,
            "credits": [{"kind": kind, "text": text} for kind, text in self.score.credits],
            "key": self.key.name if self.key else None, "key_zh": self.key.name_zh if self.key else None,
            "keys": [{"bar": int(line.bar_of(m.tick)) + 1, "key": m.key.name} for m in self.keys],
            "chords": self.chord_bars(), "form": self.form,
            "sections": [{"bar": int(line.bar_of(s.tick)) + 1, "name": s.name} for s in self.sections],
            "found_by_analysis": list(self.found), "warnings": list(self.warnings),
        }  # fmt: skip


def run(request: InfoRequest, progress: Progress = silent) -> Info:
    """Return what the file holds. Raises NotFound, UnreadableFile."""
    read = read_score(request.source)
    score, beats = _on_beats(read.score)
    has_pitch = any(len(part.notes) for part in score.parts if not part.is_drums)
    keys = find_keys(score) if has_pitch else score.keys
    found = ["key"] if has_pitch else []
    chords, sections = score.chords, score.sections
    if not chords and has_pitch:
        chords, found = find_chords(score, keys), [*found, "chords"]
    if not sections:
        sections, found = find_sections(score), [*found, "sections"]
    roles = find_roles(score)
    if all(part.role != "unknown" for part in score.parts):
        roles = tuple(part.role for part in score.parts)
    else:
        found.append("roles")
    summary = summarise(score)
    if beats:
        seconds = Timeline.of(read.score).duration_s(read.score.end)
        summary = replace(summary, notes=read.score.note_count, seconds=seconds)
    return Info(
        score, read.format_name, summary, longest_key(keys, score.end), keys, chords, sections, roles,
        tuple(found), read.warnings, beats,
    )  # fmt: skip


def _on_beats(score: Score) -> tuple[Score, dict[str, Any] | None]:
    """Return (score, None), or on the beats found and what they are where it was played apart from the written ones."""
    if not is_performed(score).flag:
        return score, None
    desk = lay_out(score)
    found = on_found_grid(desk, score)
    roles = [part.role for part in score.parts]
    parts = (replace(part, role=role) for part, role in zip(found.parts, roles, strict=True))
    return found.with_parts(parts), beats_tree(desk)


def longest_key(keys: tuple[KeyMark, ...], end: Ticks) -> Key | None:
    """Return the key that holds longest before a tick, the first of equals, None without keys.

    >>> longest_key((KeyMark(0, Key.parse("C")), KeyMark(10, Key.parse("Am"))), 100).name
    'A minor'
    """
    spans: dict[Key, Ticks] = {}
    for mark, stop in zip(keys, [*(mark.tick for mark in keys[1:]), end], strict=False):
        spans[mark.key] = spans.get(mark.key, 0) + max(stop - mark.tick, 0)
    return max(spans, key=lambda key: spans[key], default=None)


def part_range(part: PartSummary, key: Key | None) -> str:
    """Return a part's range as note names spelled for a key, `-` for drums and silence."""
    if part.low is None or part.high is None or part.is_drums:
        return "-"
    low, high = (pitch_name(pitch, key_fifths=key.fifths if key else 0) for pitch in (part.low, part.high))
    return f"{low}-{high}"


def texture_words(part: PartSummary) -> tuple[str, str]:
    """Return what a part does as (English, Chinese): how many notes at once, and how many a quarter."""
    if not part.notes:
        return "silent", "无声"
    at_once, rate = part.polyphony, f"{part.density:.1f}"
    if at_once == 1:
        return f"single line, {rate} notes a beat", f"单旋律线，每拍{rate}音"
    return f"up to {at_once} at once, {rate} notes a beat", f"最多{at_once}音同响，每拍{rate}音"


def _part_row(part: PartSummary, role: str, key: Key | None) -> dict[str, Any]:
    instrument = instrument_for_program(part.program, is_drums=part.is_drums)
    words = texture_words(part)
    return asdict(part) | {
        "role": role, "instrument": instrument.name, "instrument_zh": instrument.zh, "range": part_range(part, key),
        "texture": words[0], "texture_zh": words[1],
    }  # fmt: skip
