"""Reasons about harmony: borrowed chords, applied dominants, new keys, cadences, pedal points, how the bass moves.

Conventions: only chords that the notes bear out are named; keys are those heard; borders are those of sections.
This module does not know lines above the bass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zhiyin.fill.reasons.base import Reason
from zhiyin.fill.reasons.view import Heard, View
from zhiyin.fill.reasons.words import Words, bars_words, upper
from zhiyin.io.spelling import chord_name
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.pitch import fifths_name, spell
from zhiyin.theory.roman import chord_to_roman
from zhiyin.units import Ticks

# (semitones above the tonic, qualities) -> name: chords of the minor key on the same tonic, met in major.
BORROWED: dict[int, tuple[tuple[str, ...], str]] = {
    10: (("", "7", "9"), "bVII"), 5: (("m", "m6", "m7", "m9"), "iv"), 8: (("", "maj7", "6"), "bVI"),
    3: (("", "maj7", "6"), "bIII"), 2: (("m7b5", "dim"), "iiø"),
}  # fmt: skip
DOMINANTS = ("", "7", "9", "7b9", "13")
NEW_KEY_BARS, NEW_KEY_SHARE = 4, 0.93
PEDAL_BARS = 2
STEPS_IN_A_ROW, FIFTHS_IN_A_ROW = 4, 3


def _written(view: View) -> Iterator[Heard]:
    return (heard for heard in view.chords if heard.bar in view.written_bars and view.is_made(heard))


def _name(heard: Heard) -> str:
    return chord_name(heard.chord, heard.key.fifths)


def _sounds_foreign(view: View, heard: Heard) -> bool:
    """Return whether a tone of the chord that the key does not have is really played (on a lead sheet: written)."""
    profile = view.profile(heard.start, heard.end)
    foreign = [tone for tone in heard.chord.pitch_classes if tone not in heard.key.pitch_classes]
    return any(view.is_lead_sheet or profile[tone] > 0 for tone in foreign)


def find_borrowed(view: View) -> Iterator[Reason]:
    """Yield chords of the parallel minor that sound in a major key."""
    for heard in _written(view):
        qualities, roman = BORROWED.get((heard.chord.root - heard.key.tonic) % 12, ((), ""))
        is_applied = _applied_target(view, heard) is not None
        if heard.key.mode != "major" or heard.chord.quality not in qualities or is_applied:
            continue
        if not _sounds_foreign(view, heard):
            continue
        parallel = Key(heard.key.tonic_fifths, "minor")
        where = bars_words(heard.bar, heard.bar)
        yield Reason(
            "borrowed-chord", (heard.bar,), (),
            f"{upper(where[0])}: {_name(heard)} is {roman}, borrowed from the parallel minor ({parallel.name}).",
            f"{where[1]}的 {_name(heard)} 是 {roman}，从同名小调（{parallel.name_zh}）借来的借用和弦。", 0.82,
        )  # fmt: skip


def _applied_target(view: View, heard: Heard) -> Heard | None:
    """Return the chord that a foreign dominant leads to, None when it is no applied dominant."""
    target = view.following(heard)
    if target is None or heard.chord.quality not in DOMINANTS or not _sounds_foreign(view, heard):
        return None
    is_fifth = (heard.chord.root - target.chord.root) % 12 == 7
    is_home = target.chord.root == heard.key.tonic
    is_own = set(target.chord.pitch_classes[:3]) <= heard.key.pitch_classes
    return target if is_fifth and is_own and not is_home else None


def find_applied_dominant(view: View) -> Iterator[Reason]:
    """Yield dominants of other degrees than the tonic that go where they lead."""
    for heard in _written(view):
        target = _applied_target(view, heard)
        if target is None:
            continue
        is_minor = (target.chord.root + 3) % 12 in target.chord.pitch_classes
        degree = chord_to_roman(Chord(target.chord.root, "m" if is_minor else ""), heard.key)
        goal = chord_name(Chord(target.chord.root, target.chord.quality), heard.key.fifths)
        where = bars_words(heard.bar, heard.bar)
        yield Reason(
            "secondary-dominant", (heard.bar,), (),
            f"{upper(where[0])}: {_name(heard)} is the dominant of {goal} (V/{degree} in {heard.key.name}) "
            "and goes there.",
            f"{where[1]}的 {_name(heard)} 是 {goal} 的副属和弦"
            f"（{heard.key.name_zh}的 V/{degree}），并解决到它。",
            0.78,
        )  # fmt: skip


def find_new_key(view: View) -> Iterator[Reason]:
    """Yield changes of key that last and whose own notes sound: a modulation."""
    stops = [*(mark.tick for mark in view.keys[1:]), int(view.edges[-1])]
    for (old, new), end in zip(pairwise(view.keys), stops[1:], strict=True):
        bar = view.bar_of(new.tick)
        last = view.bar_of(end - 1)
        profile = view.profile(new.tick, end)
        own, lost = (
            new.key.pitch_classes - old.key.pitch_classes,
            old.key.pitch_classes - new.key.pitch_classes,
        )
        is_clear = sum(profile[pc] for pc in own) > sum(profile[pc] for pc in lost)
        share = sum(profile[pc] for pc in new.key.pitch_classes) / max(float(profile.sum()), 1e-9)
        is_long = last - bar + 1 >= NEW_KEY_BARS
        given = view.given_profile(new.tick, end)
        is_made = 2 * sum(given[pc] for pc in own) < sum(profile[pc] for pc in own)
        if bar not in view.written_bars or not (is_clear and is_long and share >= NEW_KEY_SHARE and is_made):
            continue
        here = bars_words(bar, last)
        yield Reason(
            "modulation", tuple(range(bar, last + 1)), (),
            f"{upper(here[0])} are in {new.key.name}, after {old.key.name} (modulation).",
            f"{here[1]}由{old.key.name_zh}转到{new.key.name_zh}。", 0.85,
        )  # fmt: skip


def find_cadence(view: View) -> Iterator[Reason]:
    """Yield the cadence at each written bar that ends a section or the piece."""
    ends = {bar - 1 for bar in view.borders if bar > 0} | {view.bars - 1}
    for bar in sorted(ends & view.written_bars):
        found = _cadence_at(view, bar)
        if found is None:
            continue
        words, chords, importance = found
        where = bars_words(bar, bar)
        yield Reason(
            "cadence", (bar,), (),
            f"{upper(where[0])} closes with {words[0]} ({chords}).", f"{where[1]}以{words[1]}收束（{chords}）。",
            importance,
        )  # fmt: skip


def _cadence_at(view: View, bar: int) -> tuple[Words, str, float] | None:
    """Return (name, chords, importance) of the last two chords that sound up to the end of a bar."""
    inside = [heard for heard in view.chords if heard.start < view.start(bar + 1) <= heard.end]
    if not inside or inside[-1].bar < bar - 1:
        return None
    last = inside[-1]
    if not view.is_made(last):
        return None
    before = next((heard for heard in view.chords if heard.end == last.start), None)
    key = last.key
    degree = (last.chord.root - key.tonic) % 12
    if (
        degree == 7
        and last.chord.quality in ("", "7", "sus4", "7sus4")
        and last.chord.bass == last.chord.root
    ):
        is_new = before is None or before.chord.root != last.chord.root
        return (
            (("a half cadence", "半终止"), _name(last), 0.66) if is_new and last.chord.quality == "" else None
        )
    if before is None or before.key.tonic != key.tonic:
        return None
    step = (before.chord.root - key.tonic) % 12
    is_dominant = step == 7 and before.chord.quality in DOMINANTS
    chords = f"{_name(before)} - {_name(last)}"
    # A chord on its fifth or seventh closes nothing, and a dominant on its fifth leads nowhere firmly.
    is_steady = all((c.bass - c.root) % 12 in (0, 3, 4) for c in (before.chord, last.chord))
    is_tonic = degree == 0 and is_steady and last.chord.quality in ("", "m", "6", "maj7", "add9", "m7")
    if is_dominant and is_tonic:
        return (_authentic(view, (before, last), end=view.start(bar + 1)), chords, 0.68)
    if step == 5 and is_tonic and before.chord.quality in ("", "m", "6", "m6", "maj7", "m7"):
        return ("a plagal cadence", "变格终止"), chords, 0.66
    if (
        is_dominant
        and degree == (8 if key.is_minor else 9)
        and last.chord.quality == ("" if key.is_minor else "m")
    ):
        return ("a deceptive cadence", "阻碍终止"), chords, 0.72
    return None


def _authentic(view: View, chords: tuple[Heard, Heard], *, end: Ticks) -> Words:
    """Return whether a close is perfect: both roots in the bass up to its end and the tonic on top there."""
    last = chords[1]
    basses = [view.lowest(one.start, min(one.end, end)) for one in chords]
    top = _top_before(view, min(last.end, end))
    is_rooted = all(
        bass is not None and bass % 12 == one.chord.root == one.chord.bass
        for bass, one in zip(basses, chords, strict=True)
    )
    if is_rooted and not view.is_lead_sheet and top is not None and top % 12 == last.key.tonic:
        return "a perfect authentic cadence", "完全正格终止"
    return "an authentic cadence", "正格终止"


def _top_before(view: View, stop: Ticks) -> int | None:
    """Return the highest pitch that sounds last before a tick."""
    notes = view.columns
    is_before = notes.onset < stop
    end = min(int(notes.offset[is_before].max(initial=0)), stop)
    sounding = notes.pitch[is_before & (notes.offset >= end)]
    return int(sounding.max()) if sounding.size else None


def find_pedal(view: View) -> Iterator[Reason]:
    """Yield bars in which one part holds or repeats the lowest pitch while the chords above change."""
    for part in view.pitched:
        bars = [bar for bar in view.written_in.get(part, ()) if _held_pitch(view, part, bar) is not None]
        first = 0
        while first < len(bars):
            last, pitch = first, _held_pitch(view, part, bars[first])
            while last + 1 < len(bars) and bars[last + 1] == bars[last] + 1 and (
                _held_pitch(view, part, bars[last + 1]) == pitch
            ):  # fmt: skip
                last += 1
            assert pitch is not None
            yield from _pedal(view, part=part, bars=range(bars[first], bars[last] + 1), pitch=pitch)
            first = last + 1


def _held_pitch(view: View, part: int, bar: int) -> int | None:
    """Return the one pitch that a part sounds through most of a bar, if nothing sounds below it."""
    start, end = view.start(bar), view.start(bar + 1)
    notes = view.after.parts[part].notes
    onset, offset = np.maximum(notes.onset, start), np.minimum(notes.offset, end)
    inside = offset > onset
    pitches = set(notes.pitch[inside].tolist())
    if len(pitches) != 1:
        return None
    pitch, time = pitches.pop(), int((offset - onset)[inside].sum())
    return pitch if time >= 0.75 * (end - start) and view.lowest(start, end) == pitch else None


def _pedal(view: View, *, part: int, bars: range, pitch: int) -> Iterator[Reason]:
    chords = [heard for heard in view.chords if bars[0] <= heard.bar <= bars[-1]]
    kinds = {(heard.chord.root, heard.chord.quality) for heard in chords}
    is_against = any(pitch % 12 not in heard.chord.pitch_classes for heard in chords)
    if len(bars) < PEDAL_BARS or len(kinds) < 2 or not (is_against or len(kinds) > 2):
        return
    here, name, note = bars_words(bars[0], bars[-1]), view.names[part], view.pitch(pitch, bars[0])
    roots = "-".join(dict.fromkeys(_name(heard) for heard in chords))
    yield Reason(
        "pedal", tuple(bars), (part,),
        f"{name} holds a pedal point on {note} in {here[0]} under {roots}.",
        f"{name}在{here[1]}以 {note} 作持续音，上方为 {roots}。", 0.76,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _BassNote:
    pitch: int
    bar: int


def _bass_line(view: View) -> tuple[int, list[_BassNote]]:
    """Return the bass part, or -1, and its notes in written bars with repeated ones joined."""
    part = view.bass
    if part is None or not view.is_single[part]:
        return -1, []
    line: list[_BassNote] = []
    for bar in range(view.bars):
        for tone in view.top(part, bar):
            if view.is_written(part, bar) and (
                not line or line[-1].pitch != tone.pitch or bar > line[-1].bar + 1
            ):
                line.append(_BassNote(tone.pitch, bar))
    return part, line


def find_bass_steps(view: View) -> Iterator[Reason]:
    """Yield the stretches in which the bass walks one way by steps."""
    part, line = _bass_line(view)
    start = 0
    for index in range(1, len(line) + 1):
        move = line[index].pitch - line[index - 1].pitch if index < len(line) else 0
        way = line[start + 1].pitch - line[start].pitch if start + 1 < len(line) else 0
        is_near = index < len(line) and line[index].bar - line[index - 1].bar <= 1
        if 1 <= abs(move) <= 2 and move * way > 0 and is_near:
            continue
        if index - start > STEPS_IN_A_ROW:
            yield _bass_reason(view, part, line[start:index])
        start = index if not 1 <= abs(move) <= 2 or not is_near else index - 1


def _bass_reason(view: View, part: int, notes: list[_BassNote]) -> Reason:
    first, last, name = notes[0], notes[-1], view.names[part]
    here = bars_words(first.bar, last.bar)
    ends = view.pitch(first.pitch, first.bar), view.pitch(last.pitch, last.bar)
    is_up = last.pitch > first.pitch
    return Reason(
        "bass-steps", tuple(range(first.bar, last.bar + 1)), (part,),
        f"{name} {'climbs' if is_up else 'walks down'} by step from {ends[0]} to {ends[1]} in {here[0]}.",
        f"{name}在{here[1]}由 {ends[0]} 级进{'上行' if is_up else '下行'}到 {ends[1]}。",
        0.5 + 0.02 * min(len(notes), 10),
    )  # fmt: skip


def find_bass_fifths(view: View) -> Iterator[Reason]:
    """Yield the chains of chords in root position whose roots fall by fifths."""
    chain: list[Heard] = []
    rooted = [
        h
        for h in view.chords
        if (low := view.lowest(h.start, h.end)) is not None
        and low % 12 == h.chord.root
        and view.is_lowest_written(h.start, h.end)
    ]
    for heard in [*rooted, None]:
        goes_on = (
            heard is not None and chain and chain[-1].end == heard.start
            and (chain[-1].chord.root - heard.chord.root) % 12 == 7
        )  # fmt: skip
        if not goes_on:
            if len(chain) > FIFTHS_IN_A_ROW:
                yield _fifths_reason(chain)
            chain = []
        if heard is not None:
            chain.append(heard)


def _fifths_reason(chain: list[Heard]) -> Reason:
    here = bars_words(chain[0].bar, chain[-1].bar)
    roots = "-".join(fifths_name(spell(heard.chord.root, key_fifths=heard.key.fifths)) for heard in chain)
    return Reason(
        "bass-fifths", tuple(range(chain[0].bar, chain[-1].bar + 1)), (),
        f"The bass falls by fifths in {here[0]}: {roots}.", f"低音在{here[1]}按五度下行：{roots}。", 0.7,
    )  # fmt: skip
