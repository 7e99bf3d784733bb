"""Reasons about ornaments: passing notes, neighbour notes and suspensions in the top line of a part.

Conventions: a tone is judged against the chord that the notes bear out at its moment; a step is one or two semitones.
This module does not know what ornaments a style likes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zhiyin.fill.reasons.base import Reason
from zhiyin.fill.reasons.view import Heard, Span, View
from zhiyin.fill.reasons.words import Words, bars_words, joined
from zhiyin.score import Cell
from zhiyin.units import Ticks

MIN_COUNT = 2
NAMES: dict[str, tuple[Words, Words]] = {
    "passing": (("passing note", "passing notes"), ("经过音", "经过音")),
    "neighbour": (("neighbour note", "neighbour notes"), ("辅助音", "辅助音")),
    "suspension": (("suspension", "suspensions"), ("延留音", "延留音")),
}


@dataclass(frozen=True, slots=True)
class Melodic:
    """A note of a line: its ticks, pitch and bar, the chords as it begins and as it ends (None: none borne out)."""

    onset: Ticks
    end: Ticks
    pitch: int
    bar: int
    chord: Heard | None
    later: Heard | None

    @property
    def is_chord_tone(self) -> bool:
        """Return whether it belongs to its chord."""
        return self.chord is not None and self.pitch % 12 in self.chord.chord.pitch_classes

    @property
    def is_foreign(self) -> bool:
        """Return whether there is a chord and it does not belong to it."""
        return self.chord is not None and not self.is_chord_tone


def _line(view: View, span: Span) -> list[Melodic]:
    """Return the top line from the bar before a stretch to the bar after it."""
    bars = range(max(span.first - 1, 0), min(span.last + 2, view.bars))
    return [
        Melodic(view.start(bar) + tone.offset, view.start(bar) + tone.offset + tone.duration, tone.pitch, bar,
                view.chord_at(view.start(bar) + tone.offset),
                view.chord_at(view.start(bar) + tone.offset + tone.duration - 1))
        for bar in bars for tone in view.top(span.part, bar)
    ]  # fmt: skip


def is_passing(before: Melodic, note: Melodic, after: Melodic) -> bool:
    """Return whether a note outside its chord leads by step from one chord tone to another, one way."""
    steps = note.pitch - before.pitch, after.pitch - note.pitch
    is_stepwise = all(1 <= abs(step) <= 2 for step in steps) and steps[0] * steps[1] > 0
    return note.is_foreign and before.is_chord_tone and after.is_chord_tone and is_stepwise


def is_neighbour(before: Melodic, note: Melodic, after: Melodic) -> bool:
    """Return whether a note outside its chord steps away from a chord tone and back to it."""
    is_back = before.pitch == after.pitch and 1 <= abs(note.pitch - before.pitch) <= 2
    return note.is_foreign and before.is_chord_tone and after.is_chord_tone and is_back


def is_suspension(before: Melodic, note: Melodic, after: Melodic) -> bool:
    """Return whether a chord tone stays, held or struck again, as the chord changes, and then falls by step into it."""
    if note.chord is not None and note.later not in (None, note.chord):
        chord: Heard | None = note.later
        prepared = note.is_chord_tone
    else:
        is_struck_again = (
            before.pitch == note.pitch and before.end == note.onset and before.chord != note.chord
        )
        prepared, chord = before.is_chord_tone and is_struck_again, note.chord
    if (
        chord is None
        or not prepared
        or note.pitch % 12 in chord.chord.pitch_classes
        or after.onset != note.end
    ):
        return False
    is_at_change = note.onset <= chord.start < note.end
    return (
        is_at_change and 1 <= note.pitch - after.pitch <= 2 and after.chord == chord and after.is_chord_tone
    )


TESTS: dict[str, Callable[[Melodic, Melodic, Melodic], bool]] = {
    "passing": is_passing, "neighbour": is_neighbour, "suspension": is_suspension,
}  # fmt: skip


def find_ornaments(view: View) -> Iterator[Reason]:
    """Yield stretches whose line is ornamented, with the count of each kind; notes that stood before do not count."""
    for span in view.spans:
        if span.part not in view.pitched or view.roles[span.part] not in ("melody", "inner", "bass"):
            continue
        places = {
            kind: [note.bar for note in _found(view, span, test)] for kind, test in TESTS.items()
        }  # fmt: skip
        total = sum(map(len, places.values()))
        if total >= MIN_COUNT:
            yield _reason(view, span, places)


def _found(view: View, span: Span, test: Callable[[Melodic, Melodic, Melodic], bool]) -> Iterator[Melodic]:
    line = _line(view, span)
    old = _old_notes(view, span)
    for before, note, after in zip(line, line[1:], line[2:], strict=False):
        if (
            span.first <= note.bar <= span.last
            and (note.onset, note.pitch) not in old
            and test(before, note, after)
        ):
            yield note


def _old_notes(view: View, span: Span) -> set[tuple[Ticks, int]]:
    return {
        (note.onset, note.pitch)
        for bar in span.bars
        for note in view.cells_before.get(Cell(span.part, bar), ())
    }


def _reason(view: View, span: Span, places: dict[str, list[int]]) -> Reason:
    told = [(kind, bars) for kind, bars in places.items() if bars]
    english = joined(f"{len(bars)} {NAMES[kind][0][len(bars) > 1]}" for kind, bars in told)[0]
    chinese = joined(f"{len(bars)} 个{NAMES[kind][1][0]}" for kind, bars in told)[1]
    here, name = bars_words(span.first, span.last), view.names[span.part]
    has_old = bool(_old_notes(view, span))
    word = ("adds", "新加") if has_old else ("has", "有")
    bars = tuple(sorted({bar for _, rows in told for bar in rows}))
    worth = 0.6 if places["suspension"] else 0.48
    return Reason(
        "ornament", bars, (span.part,), f"{name} {word[0]} {english} in {here[0]}.",
        f"{name}在{here[1]}{word[1]}{chinese}。", worth,
    )  # fmt: skip
