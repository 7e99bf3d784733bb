"""The wish for chords on a span: what is struck on strong beats and where a chord begins belongs to the chord wished.

Conventions: chords are exact (`ChordWish`), also where the model knows only a nearest one; the bass begins a chord on
its bass note. The wish does not write the chord row: `chord_marks` says what belongs there before writing.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.constraints.base import CellState, Unmasked, Verdict
from zhiyin.fill.constraints.claims import CHORD, ONLY, SOME, Claim, pitches_of
from zhiyin.fill.constraints.span import Span, bars_of, classes_mask, tick_of, verdict
from zhiyin.score import ChordMark, Score, Timeline
from zhiyin.theory.chord import Chord
from zhiyin.theory.chord_symbol import ChordWish
from zhiyin.units import BoolArray, Ticks


@dataclass(frozen=True)
class ChordTones(Unmasked):
    """The chords of a span.

    chords: (tick, chord) in order, each until the next or the end of the span; a chord of None asks for nothing.
    """

    span: Span
    chords: tuple[tuple[Ticks, ChordWish], ...]
    name: str = "chord tones"
    is_hard: bool = True

    @property
    def words(self) -> tuple[str, str]:
        """Return what is asked, in English and Chinese."""
        row = " ".join(wish.text for _, wish in self.chords)
        return f"chords {row}", f"和弦 {row}"

    def _at(self, tick: Ticks) -> tuple[Ticks, ChordWish] | None:
        index = bisect_right([start for start, _ in self.chords], tick) - 1
        found = self.chords[index] if index >= 0 else None
        return found if found is not None and found[1].chord is not None else None

    def value_mask(self, cell: CellState, onset: int) -> BoolArray | None:
        """On strong beats and where a chord begins allow its tones; the bass part begins it on its bass."""
        if cell.is_drums or not self.span.has(cell):
            return None
        tick = tick_of(cell, onset)
        found = self._at(tick)
        if found is None or not (tick == found[0] or onset in cell.strong):
            return None
        begun, wish = found
        if cell.role == "bass" and tick == begun and wish.chord is not None:
            return classes_mask(frozenset({wish.chord.bass}))
        return classes_mask(wish.sounding)

    def chord_due(self, cell: CellState, onset: int) -> Chord | None:
        """Ask the chord row for the chord, or the nearest one of its table."""
        found = self._at(tick_of(cell, onset)) if self.span.has_bar(cell.bar) else None
        return None if found is None else found[1].chord

    def check(self, score: Score) -> Verdict:
        """Count strikes on strong beats and at chord changes that miss the chord wished."""
        line, total, wrong = Timeline.of(score), 0, list[int]()
        spans = [(a, b) for a, b in self._stretches(score) if b[1].chord is not None]
        for index, notes in self.span.notes(score, drums=False):
            for note in notes:
                within = [(start, wish) for end, (start, wish) in spans if start <= note.onset < end]
                if not within:
                    continue
                start, wish = within[-1]
                place = note.onset - line.bar_start(int(line.bar_of(note.onset)))
                if note.onset != start and place not in line.metre_at(note.onset).strong_ticks():
                    continue
                opens = score.parts[index].role == "bass" and note.onset == start
                bass = wish.chord.bass if wish.chord is not None else -1
                total += 1
                if note.pitch % 12 not in ({bass} if opens else {*wish.pitch_classes, bass}):
                    wrong.append(note.onset)
        share = f"{total - len(wrong)} of {total}"
        return verdict(
            self, score, bars_of(score, np.array(wrong, np.int64)),
            found=(share, f"{share} strikes on strong beats and at chord changes are chord tones",
             f"强拍和换和弦处 {total} 个音中有 {total - len(wrong)} 个是和弦音"),
        )  # fmt: skip

    def _stretches(self, score: Score) -> list[tuple[Ticks, tuple[Ticks, ChordWish]]]:
        """Return (end, (start, chord)) of each chord."""
        ends = [start for start, _ in self.chords[1:]] + [self.span.edges(score)[1]]
        return list(zip(ends, self.chords, strict=True))

    def chord_marks(self, score: Score) -> Score:
        """Return the score with the chords (each the nearest one a model knows) in its chord row."""
        first, last = self.chords[0][0], self.span.edges(score)[1]
        before = [m for m in score.chords if m.tick < first]
        in_force = [m for m in score.chords if m.tick <= last]
        after = [m for m in score.chords if m.tick >= last]
        if in_force and not any(m.tick == last for m in after) and last < score.end:
            after = [ChordMark(last, in_force[-1].chord), *after]
        mine = [ChordMark(tick, wish.chord) for tick, wish in self.chords]
        return replace(score, chords=(*before, *mine, *after))

    def claims(self, score: Score) -> tuple[Claim, ...]:
        """Return the harmony, its tones where it begins, and that each of its tones can be struck."""
        parts = frozenset(self.span.parts_in(score, drums=False))
        found: list[Claim] = []
        for end, (start, wish) in self._stretches(score):
            if wish.chord is None:
                continue
            tones = frozenset(wish.pitch_classes)
            found.append(Claim(CHORD, parts, start, end, pitches=tones))
            found.append(Claim(ONLY, parts, start, start + 1, pitches=pitches_of(wish.sounding)))
            found += [Claim(SOME, parts, start, end, pitches=pitches_of({tone})) for tone in sorted(tones)]
        return tuple(found)


def chords_on(
    span: Span, bars: tuple[tuple[ChordWish, ...], ...], score: Score, *, is_hard: bool = True
) -> ChordTones:
    """Return chords on a span, bar by bar from its first; fewer bars of chords than the span has come round again.

    Several chords share a bar by beats. Raises InvalidInput when there are more bars, or more chords than beats.
    """
    line, places = Timeline.of(score), list[tuple[Ticks, ChordWish]]()
    wanted = span.bars(score)
    if len(bars) > len(wanted):
        raise InvalidInput(
            f"chords must fit the {len(wanted)} bars asked, got {len(bars)} bars of chords: name more bars"
        )
    for number, bar in enumerate(wanted):
        start, row = line.bar_start(bar), bars[number % len(bars)]
        beat = line.metre_at(start).beat_ticks
        beats = max((line.bar_start(bar + 1) - start) // beat, 1)
        if len(row) > beats:
            raise InvalidInput(
                f"bar {bar + 1} has {beats} beats and must not hold more chords, got {len(row)}: spread them over bars"
            )
        places += [(start + index * beats // len(row) * beat, wish) for index, wish in enumerate(row)]
    return ChordTones(span, tuple(places), is_hard=is_hard)
