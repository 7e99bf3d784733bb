"""Reasons about motifs: repeated, moved along the scale, turned over, stretched, answered, their rhythm reused.

Conventions: a motif is a bar's top line of three notes or more on two pitches or more; shifts are steps of the key's
scale where all notes lie in it, else semitones. This module does not compare whole sections: see `form.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from zhiyin.fill.reasons.base import Reason
from zhiyin.fill.reasons.rhythm import NEAR, SIXTEENTH
from zhiyin.fill.reasons.view import Tone, View, runs
from zhiyin.fill.reasons.words import Words, bars_words, line_name, semitones_words, steps_words, upper, verb
from zhiyin.theory.key import Key
from zhiyin.theory.scale import SCALES

MIN_NOTES, MIN_PITCHES, MIN_TURNED = 3, 2, 4
LAGS = (1, 2, 4, 8)
ASIDE, BACKING = {"melody": 0.0, "inner": 0.06, "bass": 0.1}, 0.2  # a motif tells less away from the melody
Line = tuple[Tone, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a line was moved: steps of the scale (None where some note lies outside it) and semitones
    (None where they are not the same for all notes)."""

    steps: int | None
    semitones: int | None

    @property
    def is_none(self) -> bool:
        """Return whether the line stays where it was."""
        return self.semitones == 0

    @property
    def is_up(self) -> bool:
        """Return whether the line went up."""
        return (self.semitones if self.semitones is not None else self.steps or 0) > 0

    def words(self) -> Words | None:
        """Return the shift in words, None beyond an octave."""
        if self.semitones is not None and abs(self.semitones) == 12:
            return semitones_words(self.semitones)
        if self.steps is not None:
            return steps_words(self.steps) if abs(self.steps) <= 7 else None
        size = self.semitones or 0
        return semitones_words(size) if abs(size) <= 12 else None


def is_motif(line: Line) -> bool:
    """Return whether a line says enough to be known again."""
    return len(line) >= MIN_NOTES and len({tone.pitch for tone in line}) >= MIN_PITCHES


def has_rhythm_of(line: Line, model: Line, *, factor: int = 1) -> bool:
    """Return whether notes stand where the model's stand and last as long, to a SIXTEENTH.

    factor: what the model's times are multiplied by, 1 or more.
    """
    return len(line) == len(model) and all(
        abs(one.offset - other.offset * factor) <= NEAR * factor
        and abs(one.duration - other.duration * factor) <= SIXTEENTH * factor
        for one, other in zip(line, model, strict=True)
    )


def degrees(line: Line, key: Key) -> list[int] | None:
    """Return each note's place on the ladder of the key's seven notes, None if one lies outside."""
    scale = SCALES[key.mode]
    if len(scale) != 7:
        return None
    found = []
    for tone in line:
        octave, step = divmod(tone.pitch - key.tonic, 12)
        if step not in scale:
            return None
        found.append(octave * 7 + scale.index(step))
    return found


def shift_of(line: Line, model: Line, key: Key) -> Shift | None:
    """Return how far a line of equal length was moved as a whole, None when it was not."""
    steps = {a.pitch - b.pitch for a, b in zip(line, model, strict=True)}
    semitones = steps.pop() if len(steps) == 1 else None
    new, old = degrees(line, key), degrees(model, key)
    moves: set[int] = set()
    if new is not None and old is not None:
        moves = {a - b for a, b in zip(new, old, strict=True)}
    shift = Shift(moves.pop() if len(moves) == 1 else None, semitones)
    return None if shift.steps is None and shift.semitones is None else shift


def is_turned(line: Line, model: Line, key: Key) -> bool:
    """Return whether every move of the model is answered by as large a move the other way, in steps or semitones."""
    if len(model) < MIN_TURNED or len({tone.pitch for tone in model}) < MIN_NOTES:
        return False
    rows = [([t.pitch for t in line], [t.pitch for t in model])]
    ladders = degrees(line, key), degrees(model, key)
    if ladders[0] is not None and ladders[1] is not None:
        rows.append((ladders[0], ladders[1]))
    return any(_moves(new) == [-move for move in _moves(old)] for new, old in rows)


def _moves(values: list[int]) -> list[int]:
    return [b - a for a, b in pairwise(values)]


@dataclass(frozen=True, slots=True)
class Found:
    """Bars first..last of a part that take up the bars `lag` earlier, all in the same way."""

    part: int
    first: int
    last: int
    lag: int
    shift: Shift | None = None

    @property
    def source(self) -> tuple[int, int]:
        """Return the bars that are taken up; of a chain, the first one alone."""
        return self.first - self.lag, min(self.last - self.lag, self.first - 1)


def _sources(view: View, part: int, bar: int) -> list[int]:
    """Return the earlier bars worth comparing: a few bars back, and the first of the same rhythm."""
    found = [bar - lag for lag in LAGS if bar - lag >= 0]
    first = view.first_of_rhythm(part, bar)
    return found if first >= bar or first in found else [*found, first]


def _taken_up(view: View, part: int, relate: Callable[[Line, Line, Key], object]) -> Iterator[Found]:
    """Yield the runs of written bars that relate in one way to bars at one distance; longest first, no bar twice."""
    table: dict[tuple[int, object], list[int]] = {}
    for bar in sorted(cell.bar for cell in view.write if cell.part == part and 0 <= cell.bar < view.bars):
        line = view.top(part, bar)
        if not is_motif(line):
            continue
        for source in _sources(view, part, bar):
            model = view.top(part, source)
            if is_motif(model) and has_rhythm_of(line, model):
                how = relate(line, model, view.key_at(view.start(bar)))
                if how:
                    table.setdefault((bar - source, how), []).append(bar)
    found = [
        # Turned twice is not turned: only what is shifted may run on past its model.
        Found(part, first, last, lag, how)
        if isinstance(how, Shift)
        else Found(part, first, min(last, first + lag - 1), lag)
        for (lag, how), bars in table.items()
        for first, last in runs(bars)
    ]
    taken: set[int] = set()
    for one in sorted(found, key=lambda f: (f.first - f.last, f.lag not in LAGS, f.lag)):
        if taken.isdisjoint(range(one.first, one.last + 1)):
            taken.update(range(one.first, one.last + 1))
            yield one


def _line_name(view: View, part: int) -> Words:
    return line_name(view.names[part], is_single=view.is_single[part])


def _reason(view: View, found: Found, *, kind: str, words: tuple[str, str], importance: float) -> Reason:
    """Return a reason; words are templates with {here}, {there}, {who} and {what}."""
    here, there = bars_words(found.first, found.last), bars_words(*found.source)
    who = _line_name(view, found.part)
    is_short = found.source[1] - found.source[0] < 2
    what = ("motif", "动机") if is_short else ("phrase", "乐句")
    english = words[0].format(here=upper(here[0]), there=there[0], who=who[0], what=what[0])
    chinese = words[1].format(here=here[1], there=there[1], who=who[1], what=what[1])
    size = found.last - found.first + 1
    bars = tuple(range(found.first, found.last + 1))
    worth = min(importance + 0.03 * size - ASIDE.get(view.roles[found.part], BACKING), 0.98)
    return Reason(kind, bars, (found.part,), english, chinese, worth)


def _shifted(line: Line, model: Line, key: Key) -> object:
    shift = shift_of(line, model, key)
    return shift if shift is not None and not shift.is_none and shift.words() else None


def _repeated(line: Line, model: Line, key: Key) -> object:
    shift = shift_of(line, model, key)
    return shift if shift is not None and shift.is_none else None


def find_repeated(view: View) -> Iterator[Reason]:
    """Yield bars whose line repeats an earlier one, note for note."""
    for part in view.pitched:
        for found in _taken_up(view, part, _repeated):
            say = verb(found.first, found.last, "repeat")
            words = (
                f"{{here}} {say} the {{what}} of {{there}} ({{who}}).",
                "{here}重复{there}的{what}（{who}）。",
            )
            yield _reason(view, found, kind="motif-repeated", words=words, importance=0.5)


def find_sequence(view: View) -> Iterator[Reason]:
    """Yield bars whose line is an earlier one moved along the scale: a sequence."""
    for part in view.pitched:
        for found in _taken_up(view, part, _shifted):
            shift = found.shift.words() if found.shift else None
            if shift is None:
                continue
            say = verb(found.first, found.last, "answer")
            words = (
                f"{{here}} {say} the {{what}} of {{there}} {shift[0]} ({{who}}).",
                f"{{here}}把{{there}}的{{what}}{shift[1]}模进（{{who}}）。",
            )
            if found.last - found.first + 1 > found.lag:
                words = (
                    f"{{here}} carry the {{what}} of {{there}} on in sequence, each time {shift[0]} ({{who}}).",
                    f"{{here}}连续模进{{there}}的{{what}}，每次{shift[1]}（{{who}}）。",
                )
            yield _reason(view, found, kind="motif-sequence", words=words, importance=0.75)


def find_inverted(view: View) -> Iterator[Reason]:
    """Yield bars whose line turns an earlier one upside down."""
    for part in view.pitched:
        for found in _taken_up(view, part, is_turned):
            say = verb(found.first, found.last, "turn")
            words = (
                f"{{here}} {say} the {{what}} of {{there}} upside down (inversion, {{who}}).",
                "{here}是{there}{what}的倒影（{who}）。",
            )
            yield _reason(view, found, kind="motif-inverted", words=words, importance=0.82)


def find_rhythm_reused(view: View) -> Iterator[Reason]:
    """Yield bars that have the rhythm of an earlier bar on a tune of their own."""

    def related(line: Line, model: Line, key: Key) -> object:
        gaps = [b.offset - a.offset for a, b in pairwise(line)]
        is_plain = max(gaps) - min(gaps) <= SIXTEENTH and (
            max(t.duration for t in line) - min(t.duration for t in line) <= SIXTEENTH
        )
        return not is_plain and shift_of(line, model, key) is None and not is_turned(line, model, key)

    for part in view.pitched:
        for found in _taken_up(view, part, related):
            say = verb(found.first, found.last, "keep")
            words = (
                f"{{here}} {say} the rhythm of {{there}} with new pitches ({{who}}).",
                "{here}沿用{there}的节奏，音高是新的（{who}）。",
            )
            yield _reason(view, found, kind="rhythm-reused", words=words, importance=0.42)


def find_stretched(view: View) -> Iterator[Reason]:
    """Yield stretches that spread earlier bars, one or several in a row, over twice the time: augmentation."""
    for part in view.pitched:
        table = {bar: _stretched_source(view, part, bar) for bar in range(1, view.bars - 1)}
        taken: set[int] = set()
        for bar, source in table.items():
            if source is None or bar in taken:
                continue
            size = 1
            while table.get(bar + 2 * size) == source + size and source + size < bar:
                size += 1
            taken.update(range(bar, bar + 2 * size))
            yield _stretched(view, part, (source, bar), size=size)


def _stretched_source(view: View, part: int, bar: int) -> int | None:
    """Return the first earlier bar that two written ones spread over twice the time, None when there is none."""
    line = _two_bars(view, part, bar)
    if not (view.is_written(part, bar) and view.is_written(part, bar + 1)) or not is_motif(line):
        return None
    key = view.key_at(view.start(bar))
    for source in range(bar):
        model = view.top(part, source)
        if (
            is_motif(model)
            and has_rhythm_of(line, model, factor=2)
            and shift_of(line, model, key) is not None
        ):
            return source
    return None


def _two_bars(view: View, part: int, bar: int) -> Line:
    length = view.start(bar + 1) - view.start(bar)
    later = (Tone(tone.offset + length, tone.duration, tone.pitch) for tone in view.top(part, bar + 1))
    return (*view.top(part, bar), *later)


def _stretched(view: View, part: int, at: tuple[int, int], *, size: int) -> Reason:
    source, bar = at
    here, there = bars_words(bar, bar + 2 * size - 1), bars_words(source, source + size - 1)
    who = _line_name(view, part)
    return Reason(
        "motif-augmented", tuple(range(bar, bar + 2 * size)), (part,),
        f"{upper(here[0])} stretch the motif of {there[0]} to twice its length (augmentation, {who[0]}).",
        f"{here[1]}把{there[1]}的动机增值一倍（{who[1]}）。",
        0.84 + 0.02 * min(size, 4) - ASIDE.get(view.roles[part], BACKING),
    )  # fmt: skip


def find_answer(view: View) -> Iterator[Reason]:
    """Yield bars in which one part takes up what another played in the bar before: call and response."""
    for part in view.pitched:
        for bar in sorted(cell.bar for cell in view.write if cell.part == part and 1 <= cell.bar < view.bars):
            found = _call(view, part, bar)
            if found is None:
                continue
            caller, shift = found
            where, there = bars_words(bar, bar), bars_words(bar - 1, bar - 1)
            how = ("with the same notes", "音高不变") if shift.is_none else shift.words()
            if how is None:
                continue
            yield Reason(
                "answer", (bar,), (part, caller),
                f"In {where[0]} {view.names[part]} answers {view.names[caller]}'s motif of {there[0]} {how[0]} "
                "(call and response).",
                f"{where[1]}{view.names[part]}应答{view.names[caller]}在{there[1]}的动机，{how[1]}（呼应）。", 0.7,
            )  # fmt: skip


def _call(view: View, part: int, bar: int) -> tuple[int, Shift] | None:
    """Return who called in the bar before, and how the answer is moved; the caller must not go on doing the same."""
    line = view.top(part, bar)
    if not is_motif(line):
        return None
    for caller in view.pitched:
        model = view.top(caller, bar - 1)
        if caller == part or not is_motif(model) or not has_rhythm_of(line, model):
            continue
        is_alone = not has_rhythm_of(view.top(caller, bar), model) and not has_rhythm_of(
            view.top(part, bar - 1), model
        )
        shift = shift_of(line, model, view.key_at(view.start(bar)))
        if is_alone and shift is not None:
            return caller, shift
    return None
