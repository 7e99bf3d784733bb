"""Reasons about devices on a motif of 1, 2 or 4 bars: backwards, at double speed, its head alone, a tonal answer.

Conventions: lines are top lines; lengths may differ by a sixteenth; a motif may come back octaves away.
This module does not know what was asked for, and leaves shifts, inversion and augmentation to `motif.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from zhiyin.fill.reasons.base import Reason
from zhiyin.fill.reasons.motif import ASIDE, BACKING, Line, degrees, has_rhythm_of, is_motif, shift_of
from zhiyin.fill.reasons.rhythm import NEAR, SIXTEENTH
from zhiyin.fill.reasons.view import Tone, View
from zhiyin.fill.reasons.words import Words, bars_words, line_name, upper
from zhiyin.theory.key import Key
from zhiyin.units import Ticks

SIZES = (4, 2, 1)  # bars of a motif
MIN_NOTES, MIN_PITCHES = 4, 3  # of a motif read backwards or answered
MOST_MODELS = 16  # of one key: a loop says no more than its first turns
DOMINANT, FIFTH, FOURTH = 4, 4, 3  # in steps of a scale of seven


@dataclass(frozen=True, slots=True)
class Pair:
    """A stretch and an earlier one of equal length (ticks): their lines from the start of each, and the key."""

    line: Line
    model: Line
    length: Ticks
    key: Key


KeyOf = Callable[[Line, Ticks], Hashable]


@dataclass(frozen=True, slots=True)
class Device:
    """A device: kind, whether a pair shows it (the words for {how}, None when not), its sentence, its worth.

    keys: what a model and a line of it must have in common, each from the notes and the length.
    """

    kind: str
    shows: Callable[[Pair], Words | None]
    keys: tuple[KeyOf, KeyOf]
    words: Words
    worth: float


def _part_of(line: Line, start: Ticks, end: Ticks) -> Line:
    return tuple(Tone(t.offset - start, t.duration, t.pitch) for t in line if start <= t.offset < end)


def _is_rich(line: Line) -> bool:
    return len(line) >= MIN_NOTES and len({tone.pitch for tone in line}) >= MIN_PITCHES


def _held(line: Line, end: Ticks) -> Line:
    """Return a line whose notes last to the next one where only a sixteenth or less is missing."""
    stops = [*(tone.offset for tone in line[1:]), end]
    return tuple(
        Tone(
            t.offset,
            stop - t.offset if 0 < stop - t.offset - t.duration <= SIXTEENTH else t.duration,
            t.pitch,
        )
        for t, stop in zip(line, stops, strict=True)
    )


def backwards(pair: Pair) -> Words | None:
    """Return no words where a line is its model from the last note to the first, None where it is not."""
    model = _held(pair.model, pair.length)
    turned = tuple(Tone(pair.length - t.offset - t.duration, t.duration, t.pitch) for t in reversed(model))
    line = _held(pair.line, pair.length)
    if not _is_rich(line) or not has_rhythm_of(line, turned):
        return None
    is_palindrome = has_rhythm_of(line, model) and _octaves(line, model)
    return ("", "") if _octaves(line, turned) and not is_palindrome else None


def _octaves(line: Line, model: Line) -> bool:
    moves = {a.pitch - b.pitch for a, b in zip(line, model, strict=True)}
    return len(moves) == 1 and moves.pop() % 12 == 0


def quicker(pair: Pair) -> Words | None:
    """Return no words where the first half of a line is its whole model at double speed, moved as one."""
    head = _part_of(pair.line, 0, pair.length // 2)
    is_fast = is_motif(head) and has_rhythm_of(pair.model, head, factor=2)
    return ("", "") if is_fast and shift_of(head, pair.model, pair.key) is not None else None


def head_moved(pair: Pair) -> Words | None:
    """Return how far the model's first half is moved when it comes twice, the second time moved, else None."""
    half = pair.length // 2
    first, second = _part_of(pair.line, 0, half), _part_of(pair.line, half, pair.length)
    head, tail = _part_of(pair.model, 0, half), _part_of(pair.model, half, pair.length)
    if not is_motif(head) or not has_rhythm_of(first, head) or not has_rhythm_of(second, head):
        return None
    shift = shift_of(second, first, pair.key)
    is_own = _octaves(first, head) and not (has_rhythm_of(tail, head) and shift_of(tail, head, pair.key))
    return shift.words() if is_own and shift is not None and not shift.is_none else None


def answered(pair: Pair) -> Words | None:
    """Return no words where every note goes a fifth up, the dominant to the tonic (octaves apart from that)."""
    if not _is_rich(pair.model) or not has_rhythm_of(pair.line, pair.model):
        return None
    new, old = degrees(pair.line, pair.key), degrees(pair.model, pair.key)
    if new is None or old is None or DOMINANT not in {step % 7 for step in old}:
        return None
    rests = {b - a - (FOURTH if a % 7 == DOMINANT else FIFTH) for a, b in zip(old, new, strict=True)}
    is_tonal = len(rests) == 1 and rests.pop() % 7 == 0 and {step % 7 for step in old} != {DOMINANT}
    return ("", "") if is_tonal else None


def _moves(line: Line) -> tuple[int, ...]:
    return tuple(b.pitch - a.pitch for a, b in pairwise(line))


def _ways(line: Line) -> tuple[int, ...]:
    return tuple((move > 0) - (move < 0) for move in _moves(line))


def _places(line: Line, length: Ticks) -> tuple[int, ...]:
    return tuple(round(tone.offset / (2 * NEAR)) for tone in line)


def _head_moves(line: Line, length: Ticks) -> tuple[int, ...]:
    return _moves(_part_of(line, 0, length // 2))


BACKWARDS = Device(
    "motif-retrograde", backwards,
    (lambda line, _: _moves(line), lambda line, _: _moves(tuple(reversed(line)))),
    ("{here} {read} the motif of {there} backwards (retrograde, {who}).", "{here}是{there}动机的逆行（{who}）。"), 0.84,
)  # fmt: skip
QUICKER = Device(
    "motif-diminished", quicker,
    (lambda line, _: _ways(line), lambda line, length: _ways(_part_of(line, 0, length // 2))),
    ("{here} {run} through the motif of {there} in half the time (diminution, {who}).",
     "{here}把{there}的动机减值一半（{who}）。"), 0.84,
)  # fmt: skip
HEAD = Device(
    "motif-fragment", head_moved, (_head_moves, _head_moves),
    ("{here} {take} the head of the motif of {there} alone and then {how} (fragment, {who}).",
     "{here}只取{there}动机的开头，再{how}（截段，{who}）。"), 0.82,
)  # fmt: skip
ANSWERED = Device(
    "motif-tonal-answer", answered, (_places, _places),
    ("{here} {answer} the motif of {there} at the fifth, the dominant by the tonic (tonal answer, {who}).",
     "{here}在五度上应答{there}的动机，属音以主音应答（守调答题，{who}）。"), 0.84,
)  # fmt: skip


def find_retrograde(view: View) -> Iterator[Reason]:
    """Yield stretches that read an earlier one from its end."""
    return _find(view, BACKWARDS)


def find_diminished(view: View) -> Iterator[Reason]:
    """Yield stretches that begin with an earlier one at double speed."""
    return _find(view, QUICKER)


def find_fragment(view: View) -> Iterator[Reason]:
    """Yield stretches made of the first half of an earlier one, once as it was and once moved."""
    return _find(view, HEAD)


def find_tonal_answer(view: View) -> Iterator[Reason]:
    """Yield stretches that answer an earlier one at the fifth, tonic for dominant."""
    return _find(view, ANSWERED)


def _find(view: View, device: Device) -> Iterator[Reason]:
    """Yield what shows a device in parts that sing, longest motifs first, no bar twice."""
    for part in view.pitched:
        if view.roles[part] not in ASIDE:
            continue
        taken: set[int] = set()
        for size in SIZES:
            known: dict[Hashable, list[int]] = {}
            for bar in range(view.bars - size + 1):
                if bar >= size:
                    _learn(view, part, device, bars=range(bar - size, bar), known=known)
                bars = range(bar, bar + size)
                if not taken.isdisjoint(bars) or not all(view.is_written(part, one) for one in bars):
                    continue
                found = _first_source(view, part, device, bars=bars, known=known)
                if found is not None:
                    taken.update(bars)
                    yield _reason(view, part, device, bars=bars, found=found)


def _length(view: View, bars: range) -> Ticks:
    return view.start(bars[-1] + 1) - view.start(bars[0])


def _learn(view: View, part: int, device: Device, *, bars: range, known: dict[Hashable, list[int]]) -> None:
    """Put down the first bar of a motif under its key, with those of one key at most MOST_MODELS."""
    line = _line(view, part, bars)
    sources = known.setdefault(device.keys[0](line, _length(view, bars)), [])
    if is_motif(line) and len(sources) < MOST_MODELS:
        sources.append(bars[0])


def _first_source(
    view: View, part: int, device: Device, *, bars: range, known: dict[Hashable, list[int]]
) -> tuple[int, Words] | None:
    """Return the first bar of the earliest model that shows a device, and the words for how."""
    line, length = _line(view, part, bars), _length(view, bars)
    if not is_motif(line):
        return None
    key = view.key_at(view.start(bars[0]))
    for source in known.get(device.keys[1](line, length), []):
        models = range(source, source + len(bars))
        if _length(view, models) == length:
            how = device.shows(Pair(line, _line(view, part, models), length, key))
            if how is not None:
                return source, how
    return None


def _line(view: View, part: int, bars: range) -> Line:
    start = view.start(bars[0])
    return tuple(
        Tone(view.start(bar) - start + tone.offset, tone.duration, tone.pitch)
        for bar in bars
        for tone in view.top(part, bar)
    )


def _reason(view: View, part: int, device: Device, *, bars: range, found: tuple[int, Words]) -> Reason:
    source, how = found
    told = range(bars[0], bars[0] + len(bars) // 2) if device is QUICKER and len(bars) > 1 else bars
    here, there = bars_words(told[0], told[-1]), bars_words(source, source + len(bars) - 1)
    who = line_name(view.names[part], is_single=view.is_single[part])
    end = "s" if len(told) == 1 else ""
    says = {word: f"{word}{end}" for word in ("read", "run", "take", "answer")}
    english = device.words[0].format(here=upper(here[0]), there=there[0], who=who[0], how=how[0], **says)
    chinese = device.words[1].format(here=here[1], there=there[1], who=who[1], how=how[1])
    worth = device.worth + 0.02 * len(bars) - ASIDE.get(view.roles[part], BACKING)
    return Reason(device.kind, tuple(told), (part,), english, chinese, worth)
