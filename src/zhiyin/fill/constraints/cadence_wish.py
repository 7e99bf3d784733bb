"""The wish for a cadence at a bar: authentic, half, plagal or deceptive, in the key in force there.

Conventions: the chord of arrival stands from the bar's first beat, the chord that leads to it from the middle of the
bar before; the bass part strikes both roots. What a plan wants at the ends of phrases is
`zhiyin.fill.constraints.cadence`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhiyin.encode.fields import MAX_COLUMN_STEPS
from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import CHORD, MUST_AT, ONLY, SOME, Claim, pitches_of
from zhiyin.fill.constraints.span import Span, bars_of, classes_mask, must_strike, step_of, tick_of, verdict
from zhiyin.score import ChordMark, Score, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.roman import roman_to_chord
from zhiyin.units import TICKS_PER_STEP, BoolArray, Ticks

# kind -> (chord before, chord of arrival) in major and in minor
CADENCES: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "authentic": (("V7", "I"), ("V7", "i")),
    "half": (("IV", "V"), ("iv", "V")),
    "plagal": (("IV", "I"), ("iv", "i")),
    "deceptive": (("V7", "vi"), ("V7", "VI")),
}
CADENCES_ZH = {"authentic": "正格终止", "half": "半终止", "plagal": "变格终止", "deceptive": "阻碍终止"}


@dataclass(frozen=True)
class CadenceWish(Unmasked):
    """What is struck in the half bar before a bar, and in that bar, are the tones of two chords, roots in the bass.

    span: the bar before and the bar of arrival; kind: of CADENCES; approach, arrival: ticks; before, after: chords;
    bass: index of the part that carries the roots, -1 for none.
    """

    span: Span
    kind: str
    approach: Ticks
    arrival: Ticks
    before: Chord
    after: Chord
    bass: int
    name: str = "cadence"
    is_hard: bool = True

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        chords = f"{self.before.name()}-{self.after.name()}"
        return f"{self.kind} cadence {chords}", f"{CADENCES_ZH[self.kind]} {chords}"

    def onset_mask(self, cell: CellState) -> BoolArray | None:
        """Ask the bass to strike where each chord begins."""
        if cell.part != self.bass or not self.span.has(cell):
            return None
        places = [step_of(cell, tick) for tick in (self.approach, self.arrival)]
        return must_strike(cell, [(place, place + 1) for place in places if 0 <= place < cell.length])

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """Allow the tones of the chord; the bass begins it on the root and does not tie over into it."""
        tick = tick_of(cell, onset)
        if cell.is_drums or not self.span.has(cell) or tick < self.approach:
            return None
        chord, begun = (self.before, self.approach) if tick < self.arrival else (self.after, self.arrival)
        if cell.part != self.bass or tick != begun:
            return classes_mask(frozenset(chord.pitch_classes))
        mask = classes_mask(frozenset({chord.root}))
        if onset == 0 and cell.line:
            mask[cell.line[-1][1]] = False  # it might be tied over instead of struck
        return mask

    def duration_mask(self, cell: CellState, onset: int, value: int) -> BoolArray | None:
        """Let what the bass strikes before a chord end where the chord begins."""
        if cell.part != self.bass or not self.span.has(cell):
            return None
        following = [
            s for tick in (self.approach, self.arrival) if onset < (s := step_of(cell, tick)) < cell.length
        ]
        if not following:
            return None
        mask = np.zeros(MAX_COLUMN_STEPS + 1, bool)
        mask[1 : min(following) - onset + 1] = True
        return mask

    def chord_due(self, cell: CellState, onset: int) -> Chord | None:
        """Ask the chord row for both chords."""
        tick = tick_of(cell, onset)
        if tick < self.approach or not self.span.has_bar(cell.bar):
            return None
        return self.before if tick < self.arrival else self.after

    def check(self, score: Score) -> Verdict:
        """Look at the bass where both chords begin, and at every strike under them."""
        end, wrong, total = self.span.edges(score)[1], list[int](), 0
        for start, stop, chord in (
            (self.approach, self.arrival, self.before),
            (self.arrival, end, self.after),
        ):
            tones = set(chord.pitch_classes)
            for index in self.span.parts_in(score, drums=False):
                found = score.parts[index].notes.between(start, stop)
                total += len(found)
                wrong += [note.onset for note in found if note.pitch % 12 not in tones]
            if self.bass >= 0:
                opening = score.parts[self.bass].notes.between(start, start + 1)
                lowest = min(opening.pitch.tolist(), default=-1)
                if lowest % 12 != chord.root or not len(opening):
                    wrong.append(start)
        said = f"{len(wrong)} of {total} strikes against it"
        return verdict(
            self,
            score,
            bars_of(score, np.array(wrong, np.int64)),
            found=(said, said, f"{total} 个音中有 {len(wrong)} 个不符"),
        )

    def chord_marks(self, score: Score) -> Score:
        """Return the score with both chords in its chord row."""
        end = self.span.edges(score)[1]
        kept = [m for m in score.chords if m.tick < self.approach or m.tick >= end]
        in_force = [m for m in score.chords if m.tick <= end]
        if in_force and not any(m.tick == end for m in kept) and end < score.end:
            kept.append(ChordMark(end, in_force[-1].chord))
        mine = [ChordMark(self.approach, self.before), ChordMark(self.arrival, self.after)]
        return replace(score, chords=(*kept, *mine))

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return both harmonies, their tones and roots, and where the bass strikes."""
        parts = frozenset(self.span.parts_in(score, drums=False))
        end, found = self.span.edges(score)[1], list[Claim]()
        for start, stop, chord in (
            (self.approach, self.arrival, self.before),
            (self.arrival, end, self.after),
        ):
            tones = frozenset(chord.pitch_classes)
            found.append(Claim(CHORD, parts, start, stop, pitches=tones))
            found.append(Claim(ONLY, parts, start, stop, pitches=pitches_of(tones)))
            if self.bass >= 0:
                bass = frozenset({self.bass})
                found.append(Claim(MUST_AT, bass, start, start + 1, ticks=frozenset({start})))
                found.append(Claim(SOME, bass, start, start + 1, pitches=pitches_of({chord.root})))
        return tuple(found)


def cadence(span: Span, kind: str, score: Score, *, is_hard: bool = True) -> CadenceWish:
    """Return a cadence that arrives in the last bar of a span, in the key in force there.

    Raises InvalidInput for an unknown kind, for bar 1, and where no key is known.
    """
    if kind not in CADENCES:
        raise InvalidInput(f"a cadence must be one of {', '.join(CADENCES)}, got {kind!r}: write one of them")
    bar = span.last_bar if span.last_bar >= 0 else Timeline.of(score).bar_count(score.end) - 1
    if bar < 1:
        raise InvalidInput("a cadence must arrive in bar 2 or later, got bar 1: something has to lead to it")
    line = Timeline.of(score)
    arrival = line.bar_start(bar)
    key = _key_at(score, arrival)
    first = line.bar_start(bar - 1)
    metre = line.metre_at(first)
    beats = max((arrival - first) // metre.beat_ticks // 2, 1)
    approach = max(arrival - beats * metre.beat_ticks, first)
    approach -= approach % TICKS_PER_STEP
    before, after = (roman_to_chord(text, key) for text in CADENCES[kind][key.is_minor])
    bass = next((i for i in span.parts_in(score, drums=False) if score.parts[i].role == "bass"), -1)
    held = Span(span.parts, bar - 1, bar)
    return CadenceWish(held, kind, approach, arrival, before, after, bass, is_hard=is_hard)


def _key_at(score: Score, tick: Ticks) -> Key:
    inside = [mark.key for mark in score.keys if mark.tick <= tick] or [mark.key for mark in score.keys[:1]]
    if not inside:
        raise InvalidInput("a cadence must stand in a key, and the score names none: give the piece a key")
    return inside[-1]
