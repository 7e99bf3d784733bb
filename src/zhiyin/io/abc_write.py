"""A score to ABC 2.1: one voice a part, overlays (&) for what sounds across, words under their line.

Conventions: L:1/8; notes that cross a bar line or a mark are tied; lengths that no dot or tuplet shows are fractions.
This module does not read; what it writes comes back through `abc_read.py` note for note.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from zhiyin.io.abc_lyrics import join_words
from zhiyin.io.abc_tokens import signature
from zhiyin.io.abc_tune import CREDITS
from zhiyin.io.base import Written
from zhiyin.io.spelling import chord_name
from zhiyin.score import DEFAULT_VELOCITY, Notes, Part, Score, Timeline
from zhiyin.theory.key import Key
from zhiyin.theory.pitch import fifths_name, octave_of, spell
from zhiyin.units import TICKS_PER_QUARTER, IntArray, Ticks

UNIT_TICKS = TICKS_PER_QUARTER // 2
BARS_A_LINE = 4
TUPLETS = {3: 2, 5: 4, 7: 4}
MODES = {
    "major": "", "minor": "m", "dorian": "dor", "phrygian": "phr", "lydian": "lyd", "mixolydian": "mix",
    "locrian": "loc",
}  # fmt: skip
_LETTERS = {kind: letter for letter, kind in CREDITS.items()}
_MARKS = {-2: "__", -1: "_", 0: "=", 1: "^", 2: "^^"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A chord, or a rest, or what a bar line left of one: its span, notes, whether it is tied on or from before."""

    start: Ticks
    end: Ticks
    notes: tuple[tuple[int, int], ...] = ()  # (pitch, line-of-fifths place)
    syllable: str = ""
    is_tied: bool = False
    is_continued: bool = False


def write_abc(score: Score) -> Written:
    """Return the tune and one sentence for each thing that ABC could not carry."""
    bars = Timeline.of(score).bar_starts(Timeline.of(score).bar_count(score.end)).tolist()
    bars = [*bars[:-1], max(score.end, bars[-2])] if len(bars) > 1 else bars
    lines = [*_header(score)]
    for index, part in enumerate(score.parts):
        lines.append(f"V:{index + 1}")
        lines.extend(_Voice(score, part, is_first=index == 0).lines(bars))
    return Written(("\n".join(lines) + "\n").encode(), tuple(_lost(score)))


def _header(score: Score) -> Iterator[str]:
    yield "%abc-2.1"
    yield "X:1"
    yield f"T:{_line(score.title)}"
    for kind, text in score.credits:
        if kind == "subtitle":
            yield f"T:{_line(text)}"
        elif kind in _LETTERS:
            yield f"{_LETTERS[kind]}:{_line(text)}"
    yield f"M:{score.metres[0].metre}"
    yield "L:1/8"
    yield f"Q:1/4={_number(score.tempos[0].bpm)}"
    for index, part in enumerate(score.parts):
        name = _line(part.name).replace('"', "'")
        yield f'V:{index + 1} name="{name}"' + (f" role={part.role}" if part.role != "unknown" else "")
        if part.program:
            yield f"%%MIDI program {part.program}"
        if part.is_drums:
            yield "%%MIDI channel 10"
    first = [mark.key for mark in score.keys if mark.tick == 0]
    yield f"K:{key_text(first[-1]) if first else 'none'}"


def key_text(key: Key) -> str:
    """Return the text of a K: field; modes that ABC lacks are written by their nearest with that signature.

    >>> key_text(Key.parse("A dorian")), key_text(Key.parse("Dm"))
    ('Ador', 'Dm')
    """
    mode = key.mode if key.mode in MODES else "minor" if key.is_minor else "major"
    tonic = fifths_name(key.tonic_fifths)
    return tonic + MODES[mode]


def _plain(text: str) -> str:
    return re.sub(r"[\r\n\t]+", " ", text).strip()


def _line(text: str) -> str:
    return _plain(text).replace("%", "\\%")  # a bare % begins a comment


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


class _Voice:
    """Writes one part bar by bar; keeps the key and the accidentals in force as a reader would."""

    def __init__(self, score: Score, part: Part, *, is_first: bool) -> None:
        self.score, self.part, self.is_first = score, part, is_first
        self.marks = self._marks()
        self.key_fifths = self._fifths_at(0)
        self.accidentals = signature(self.key_fifths) if score.keys and score.keys[0].tick == 0 else {}
        self.in_bar: dict[tuple[str, int], int] = {}
        self.words: list[str] = []

    def _fifths_at(self, tick: Ticks) -> int:
        before = [mark.key.fifths for mark in self.score.keys if mark.tick <= tick]
        return before[-1] if before else 0

    def _marks(self) -> dict[Ticks, list[str]]:
        """Return the texts that stand at ticks: keys and metres in each voice, the rest in the first alone."""
        score, found = self.score, {}  # type: Score, dict[Ticks, list[str]]
        for metre in score.metres[1:]:
            found.setdefault(metre.tick, []).append(f"[M:{metre.metre}]")
        for key in score.keys:
            if key.tick:
                found.setdefault(key.tick, []).append(f"[K:{key_text(key.key)}]")
        if self.is_first:
            for tempo in score.tempos[1:]:
                found.setdefault(tempo.tick, []).append(f"[Q:1/4={_number(tempo.bpm)}]")
            for section in score.sections:
                found.setdefault(section.tick, []).append(f"[P:{_line(section.name).replace(']', ')')}]")
            for mark in score.chords:
                name = chord_name(mark.chord, self._fifths_at(mark.tick)) if mark.chord else "N.C."
                found.setdefault(mark.tick, []).append(f'"{name}"')
        return found

    def lines(self, bars: list[Ticks]) -> Iterator[str]:
        """Yield the music lines, each followed by its words."""
        layers = _layers(self.part.notes, self._spelling())
        cuts = np.array(sorted(self.marks), np.int64)
        for first in range(0, len(bars) - 1, BARS_A_LINE):
            last = min(first + BARS_A_LINE, len(bars) - 1)
            self.words = []
            texts = [self._bar(layers, bars[i], bars[i + 1], cuts) for i in range(first, last)]
            yield " | ".join(texts) + (" |]" if last == len(bars) - 1 else " |")
            if any(word not in ("", "|") for word in self.words):
                yield f"w:{join_words([w for w in self.words if w != '|'])}"

    def _spelling(self) -> list[int]:
        """Return each note's line-of-fifths place: its own where it fits its pitch, else the key's."""
        notes = self.part.notes
        own = notes.spelling.tolist() if notes.spelling is not None else [None] * len(notes)
        rows = zip(notes.onset.tolist(), notes.pitch.tolist(), own, strict=True)
        return [
            s if s is not None and fits(p, s) else spell(p % 12, key_fifths=_within(self._fifths_at(t)))
            for t, p, s in rows
        ]

    def _bar(self, layers: list[list[_Piece]], start: Ticks, end: Ticks, cuts: IntArray) -> str:
        self.in_bar = {}
        texts = []
        for index, layer in enumerate(layers or [[]]):
            pieces = list(_cut(layer, start, end, cuts))
            if index and not any(piece.notes for piece in pieces):
                # A later layer may sound, so that an empty one in between keeps its place.
                texts.append(f"x{_length(end - start)}")
                continue
            texts.append(self._layer(pieces, start, is_overlay=index > 0))
        while len(texts) > 1 and texts[-1].startswith("x"):
            texts.pop()
        return " & ".join(texts)

    def _layer(self, pieces: list[_Piece], start: Ticks, *, is_overlay: bool) -> str:
        written = []
        for group, ratio in _tuplet_groups(pieces):
            for position, piece in enumerate(group):
                if not is_overlay:
                    written.extend(self._take_marks(piece.start, start))
                if position == 0 and ratio > 1:
                    written.append(f"({ratio}:{TUPLETS[ratio]}:{len(group)}")
                written.append(self._piece(piece, ratio, is_overlay=is_overlay))
                if piece.notes:
                    self.words.append(piece.syllable)
        return " ".join(written)

    def _take_marks(self, tick: Ticks, bar_start: Ticks) -> list[str]:
        texts = self.marks.get(tick, [])
        if any(text.startswith("[K:") for text in texts):
            self.key_fifths = self._fifths_at(tick)
            self.accidentals, self.in_bar = signature(self.key_fifths), {}
        return texts

    def _piece(self, piece: _Piece, ratio: int, *, is_overlay: bool) -> str:
        length = Fraction(piece.end - piece.start, UNIT_TICKS)
        length *= Fraction(ratio, TUPLETS[ratio]) if ratio > 1 else 1
        if not piece.notes:
            return f"z{_fraction(length)}"
        explicit = is_overlay or piece.is_continued
        names = [self._name(pitch, place, is_explicit=explicit) for pitch, place in piece.notes]
        text = names[0] + _fraction(length) if len(names) == 1 else f"[{''.join(names)}]{_fraction(length)}"
        return text + ("-" if piece.is_tied else "")

    def _name(self, pitch: int, place: int, *, is_explicit: bool) -> str:
        name = fifths_name(place)
        letter, accidental = name[0], name.count("#") - name.count("b")
        octave = octave_of(pitch, name)
        known = self.in_bar.get((letter, octave), self.accidentals.get(letter, 0))
        mark = _MARKS[accidental] if is_explicit or accidental != known else ""
        if mark:
            self.in_bar[letter, octave] = accidental
        if octave >= 5:
            return mark + letter.lower() + "'" * (octave - 5)
        return mark + letter + "," * (4 - octave)


def fits(pitch: int, place: int) -> bool:
    """Return whether a line-of-fifths place sounds as a pitch and ABC can write it (up to two accidentals).

    >>> fits(61, 7), fits(61, -5), fits(61, 6)
    (True, True, False)
    """
    return place * 7 % 12 == pitch % 12 and -15 <= place <= 19


def _within(fifths: int) -> int:
    return max(-12, min(fifths, 11))  # so that a spelling needs at most two accidentals


def _layers(notes: Notes, spelling: list[int]) -> list[list[_Piece]]:
    """Return sequences of chords that do not overlap, as few as come easily; voices stay apart."""
    voices = notes.voice.tolist() if notes.voice is not None else [0] * len(notes)
    words = notes.syllable.tolist() if notes.syllable is not None else [""] * len(notes)
    chords: dict[tuple[int, int, int], list[int]] = {}
    for row, (onset, end, voice) in enumerate(
        zip(notes.onset.tolist(), notes.offset.tolist(), voices, strict=True)
    ):
        chords.setdefault((voice, onset, end), []).append(row)
    layers: list[tuple[int, list[_Piece]]] = []
    pitch = notes.pitch.tolist()
    for (voice, onset, end), rows in sorted(
        chords.items(), key=lambda item: (item[0][1], item[0][0], -item[0][2])
    ):
        for rows_once in _without_repeats(rows, pitch):
            sung = [words[row] for row in rows_once if words[row]]
            tones = tuple((pitch[row], spelling[row]) for row in rows_once)
            piece = _Piece(onset, end, tones, sung[-1] if sung else "")
            free = next((layer for of, layer in layers if of == voice and layer[-1].end <= onset), None)
            if free is None:
                layers.append((voice, [piece]))
            else:
                free.append(piece)
    return [layer for _, layer in sorted(layers, key=lambda item: item[0])]


def _without_repeats(rows: list[int], pitch: list[int]) -> Iterator[list[int]]:
    """Yield the rows of a chord, a second note on the same pitch apart."""
    while rows:
        seen: dict[int, int] = {}
        for row in rows:
            seen.setdefault(pitch[row], row)
        yield list(seen.values())
        rows = [row for row in rows if row not in seen.values()]


def _cut(layer: list[_Piece], start: Ticks, end: Ticks, cuts: IntArray) -> Iterator[_Piece]:
    """Yield the pieces of a layer in a bar, rests between them, cut where marks stand."""
    now = start
    inside = cuts[(cuts > start) & (cuts < end)].tolist()
    for piece in layer:
        if piece.end <= start or piece.start >= end:
            continue
        yield from _split(_Piece(now, max(piece.start, now)), inside)
        low, high = max(piece.start, start), min(piece.end, end)
        word = piece.syllable if low == piece.start else ""
        yield from _split(_Piece(low, high, piece.notes, word, high < piece.end, low > piece.start), inside)
        now = high
    yield from _split(_Piece(now, end), inside)


def _split(piece: _Piece, cuts: Iterable[Ticks]) -> Iterator[_Piece]:
    """Yield a piece in the parts that the cuts make of it, tied together; nothing for an empty one."""
    edges = [piece.start, *(cut for cut in cuts if piece.start < cut < piece.end), piece.end]
    for low, high in itertools.pairwise(edges):
        if low < high:
            tied = bool(piece.notes) and (piece.is_tied or high < piece.end)
            yield _Piece(
                low, high, piece.notes, piece.syllable if low == piece.start else "", tied,
                piece.is_continued or low > piece.start,
            )  # fmt: skip


def _tuplet_groups(pieces: list[_Piece]) -> Iterator[tuple[list[_Piece], int]]:
    """Yield runs of pieces that share a tuplet (3, 5, 7), or 1 for plain ones."""
    group: list[_Piece] = []
    now = 1
    for piece in pieces:
        ratio = _tuplet_of(Fraction(piece.end - piece.start, UNIT_TICKS))
        if group and (ratio != now or len(group) >= 9):
            yield group, now
            group = []
        group.append(piece)
        now = ratio
    if group:
        yield group, now


def _tuplet_of(length: Fraction) -> int:
    """Return 3, 5 or 7 when a length is a plain one in that tuplet, else 1."""
    for notes, time in TUPLETS.items():
        if length.denominator % notes == 0 and _is_binary((length * notes / time).denominator):
            return notes
    return 1


def _is_binary(number: int) -> bool:
    return number & (number - 1) == 0


def _length(ticks: Ticks) -> str:
    return _fraction(Fraction(ticks, UNIT_TICKS))


def _fraction(length: Fraction) -> str:
    above = "" if length.numerator == 1 and length.denominator > 1 else str(length.numerator)
    if length == 1:
        return ""
    return (
        above
        if length.denominator == 1
        else f"{above}/{length.denominator if length.denominator > 2 else ''}"
    )


def _lost(score: Score) -> Iterator[str]:
    """Yield what ABC cannot carry."""
    for part in score.parts:
        if np.any(part.notes.velocity != DEFAULT_VELOCITY):
            yield f"{part.name!r}: velocities"
        if part.controls:
            yield f"{part.name!r}: {len(part.controls)} controls"
        if part.notes.origin is not None:
            yield f"{part.name!r}: each note's origin"
        if part.name != _plain(part.name).replace('"', "'"):
            yield f"the part's name {part.name!r} in full"
        yield from _lost_notes(part)
    for mark in score.keys:
        if mark.key.mode not in MODES or not -8 <= mark.key.tonic_fifths <= 12:
            yield f"key {mark.key.name} at tick {mark.tick}: written as {key_text(mark.key)}"
    for tempo in score.tempos:
        if abs(float(_number(tempo.bpm)) - tempo.bpm) > 0:
            yield f"tempo {tempo.bpm!r} at tick {tempo.tick}: written with six decimals"
    yield from _lost_marks(score)


def _lost_notes(part: Part) -> Iterator[str]:
    notes = part.notes
    if notes.spelling is not None:
        odd = sum(not fits(p, s) for p, s in zip(notes.pitch.tolist(), notes.spelling.tolist(), strict=True))
        if odd:
            yield f"{part.name!r}: the spelling of {odd} notes"
    if notes.voice is not None:
        yield f"{part.name!r}: voice numbers may change where voices overlap in themselves"
    if notes.syllable is not None and len(notes):
        highest = np.append(notes.onset[1:] != notes.onset[:-1], True)
        if np.any((notes.syllable != "") & ~highest):
            yield f"{part.name!r}: syllables not on the highest note of their onset"


def _lost_marks(score: Score) -> Iterator[str]:
    starts = set(Timeline.of(score).bar_starts(Timeline.of(score).bar_count(score.end)).tolist())
    for name in ("tempos", "metres", "keys", "chords", "sections"):
        late = [mark.tick for mark in getattr(score, name) if mark.tick >= max(score.end, 1)]
        if late:
            yield f"{len(late)} {name} after the last note"
    for mark in score.metres[1:]:
        previous = [m for m in score.metres if m.tick < mark.tick][-1]
        if (
            mark.tick - max(previous.tick, score.pickup_ticks)
        ) % previous.metre.bar_ticks and mark.tick in starts:
            yield f"the bar cut short by the metre at tick {mark.tick} is read back with a metre of its own"
    for kind, text in (("title", score.title), *score.credits):
        if text != _plain(text):
            yield f"line breaks and outer blanks of the {kind}"
        if kind == "title":
            continue
        if not text or (kind != "subtitle" and kind not in _LETTERS):
            yield f"credit {kind!r}"
    if score.locks:
        yield f"{len(score.locks)} locks"
    if score.provenance:
        yield "the provenance of the notes"
