"""Reasons about single lines: their arch, their highest note, the scale they keep to.

Conventions: lines are top lines of parts; a stretch is a run of written bars within a section.
This module does not know chords: non-chord tones live in `ornament.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from zhiyin.fill.reasons.base import Reason
from zhiyin.fill.reasons.view import Span, View
from zhiyin.fill.reasons.words import bars_words
from zhiyin.theory.chinese import gong_of
from zhiyin.theory.key import Key
from zhiyin.theory.pitch import fifths_name, spell
from zhiyin.theory.scale import SCALES

MIN_NOTES, MIN_BARS, MAX_BARS = 8, 2, 16
ARCH_RISE = 5  # semitones from the first and last note up to the highest
SCALE_NOTES = 12  # notes before a missing degree means something


def _lines(view: View) -> Iterator[tuple[Span, list[tuple[int, int]]]]:
    """Yield stretches of lines that sing, with (bar, pitch) of their notes."""
    for span in view.spans:
        if span.part not in view.pitched or view.roles[span.part] not in ("melody", "inner", "bass"):
            continue
        line = [(bar, tone.pitch) for bar in span.bars for tone in view.top(span.part, bar)]
        if MIN_BARS <= len(span.bars) <= MAX_BARS and len(line) >= MIN_NOTES:
            yield span, line


def find_climax(view: View) -> Iterator[Reason]:
    """Yield the highest note of a melody's stretch where it comes once, past its first quarter."""
    for span, line in _lines(view):
        top = max(pitch for _, pitch in line)
        places = [i for i, (_, pitch) in enumerate(line) if pitch == top]
        if (
            view.roles[span.part] != "melody"
            or len(places) > 1
            or not len(line) / 4 <= places[0] < len(line) - 1
        ):
            continue
        bar = line[places[0]][0]
        name, here, where = view.names[span.part], bars_words(span.first, span.last), bars_words(bar, bar)
        note = view.pitch(top, bar)
        yield Reason(
            "climax", (bar,), (span.part,),
            f"{name} saves its highest note of {here[0]}, {note}, for {where[0]} and touches it once.",
            f"{name}把{here[1]}的最高音 {note} 留到{where[1]}，只出现一次。", 0.6,
        )  # fmt: skip


def find_arch(view: View) -> Iterator[Reason]:
    """Yield stretches that rise to their highest note and fall again (an arch, after Huron, 1996)."""
    for span, line in _lines(view):
        pitches = [pitch for _, pitch in line]
        top = max(pitches)
        at = pitches.index(top)
        third = len(pitches) // 3
        means = [sum(row) / len(row) for row in (pitches[:third], pitches[third:-third], pitches[-third:])]
        is_arch = (
            top - pitches[0] >= ARCH_RISE
            and top - pitches[-1] >= ARCH_RISE
            and means[1] > max(means[0], means[2])
        )
        if not is_arch or not third <= at < len(pitches) - third:
            continue
        name, here, peak = view.names[span.part], bars_words(span.first, span.last), line[at][0]
        notes = [
            view.pitch(pitch, bar)
            for pitch, bar in ((pitches[0], span.first), (top, peak), (pitches[-1], span.last))
        ]
        where = bars_words(peak, peak)
        yield Reason(
            "arch", tuple(span.bars), (span.part,),
            f"{name} draws an arch over {here[0]}: from {notes[0]} up to {notes[1]} in {where[0]} "
            f"and down to {notes[2]}.",
            f"{name}在{here[1]}画出拱形：由 {notes[0]} 升到{where[1]}的 {notes[1]}，再落到 {notes[2]}。", 0.58,
        )  # fmt: skip


def find_scale_only(view: View) -> Iterator[Reason]:
    """Yield stretches whose line uses the five notes of a pentatonic scale of the key and no other."""
    for span, line in _lines(view):
        used = {pitch % 12 for _, pitch in line}
        key = view.key_at(view.start(span.first))
        scale = _pentatonic(key)
        if len(line) < SCALE_NOTES or len(used) < 4 or not used <= scale:
            continue
        name, here = view.names[span.part], bars_words(span.first, span.last)
        notes = " ".join(fifths_name(spell(pc, key_fifths=key.fifths)) for pc in _ladder(key))
        yield Reason(
            "pentatonic", tuple(span.bars), (span.part,),
            f"{name} keeps to the pentatonic scale {notes} in {here[0]}.",
            f"{name}在{here[1]}只用五声音阶 {notes}。", 0.5,
        )  # fmt: skip


def _ladder(key: Key) -> list[int]:
    return [(gong_of(key) + step) % 12 for step in SCALES["gong"]]


def _pentatonic(key: Key) -> set[int]:
    return set(_ladder(key))
