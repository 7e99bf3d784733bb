"""Reasons about texture: block chords, arpeggios, Alberti figures; grooves that go on and fills that lead over.

Conventions: a texture is said of two bars or more in a row that all have it; drums are judged by place and key.
This module does not know styles.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from zhiyin.fill.reasons.base import Reason
from zhiyin.fill.reasons.view import Span, View, runs
from zhiyin.fill.reasons.words import Words, bars_words, upper
from zhiyin.score import Note

BLOCK_NOTES, BLOCK_ATTACKS = 3, 1
BROKEN_NOTES = 6
GROOVE_BARS = 3
TOMS_AND_SNARES = frozenset({37, 38, 39, 40, 41, 43, 45, 47, 48, 50})
WORDS: dict[str, Words] = {
    "block": ("plays block chords", "奏柱式和弦"),
    "alberti": ("plays Alberti figures", "奏阿尔贝蒂低音"),
    "arpeggio": ("breaks the chords into arpeggios", "奏分解和弦"),
}


def texture_of(notes: tuple[Note, ...]) -> str:
    """Return `block`, `alberti`, `arpeggio` or "" for the notes of one part in one bar.

    Block: every attack has three notes or more of one length. The others are single notes of one length, six or more,
    evenly spaced: Alberti when every four go low, high, middle, high; arpeggio when they are three or four pitch
    classes with a leap of a third or more at two thirds of the moves.
    """
    attacks: dict[int, list[Note]] = {}
    for note in notes:
        attacks.setdefault(note.onset, []).append(note)
    if not attacks:
        return ""
    if all(len(row) >= BLOCK_NOTES and len({n.duration for n in row}) == 1 for row in attacks.values()):
        return "block"
    if len(attacks) != len(notes) or len(notes) < BROKEN_NOTES or len(_gaps(notes)) != 1:
        return ""
    return "alberti" if _is_alberti(notes) else "arpeggio" if _is_broken(notes) else ""


def _gaps(notes: tuple[Note, ...]) -> set[int]:
    return {b.onset - a.onset for a, b in pairwise(notes)}


def _is_alberti(notes: tuple[Note, ...]) -> bool:
    pitches = [note.pitch for note in notes]
    groups = [pitches[i : i + 4] for i in range(0, len(pitches), 4)]
    return len(pitches) % 4 == 0 and all(low < middle < high == top for low, high, middle, top in groups)


def _is_broken(notes: tuple[Note, ...]) -> bool:
    pitches = [note.pitch for note in notes]
    leaps = sum(abs(b - a) >= 3 for a, b in pairwise(pitches))
    return 3 <= len({pitch % 12 for pitch in pitches}) <= 4 and leaps * 3 >= 2 * (len(pitches) - 1)


def find_texture(view: View) -> Iterator[Reason]:
    """Yield the runs of written bars that a part fills with one texture."""
    for span in view.spans:
        if span.part not in view.pitched:
            continue
        kinds = {bar: _kind_at(view, span, bar) for bar in span.bars}
        for kind, words in WORDS.items():
            for first, last in runs([bar for bar, found in kinds.items() if found == kind]):
                if last == first:
                    continue
                here, name = bars_words(first, last), view.names[span.part]
                yield Reason(
                    "texture", tuple(range(first, last + 1)), (span.part,), f"{name} {words[0]} in {here[0]}.",
                    f"{name}在{here[1]}{words[1]}。", 0.45 + 0.01 * min(last - first, 10),
                )  # fmt: skip


def _kind_at(view: View, span: Span, bar: int) -> str:
    kind = texture_of(view.notes(span.part, bar))
    if kind != "arpeggio":
        return kind
    heard = view.chord_at(view.start(bar))
    tones = {note.pitch % 12 for note in view.notes(span.part, bar)}
    return kind if heard is not None and tones <= set(heard.chord.pitch_classes) else ""


def _verb(name: str, word: str) -> str:
    """Return an English verb that fits a name: `Drums keep`, `Kit keeps`."""
    return word if name.lower().endswith("s") else f"{word}s"


def _pattern(view: View, part: int, bar: int) -> frozenset[tuple[int, int]]:
    start = view.start(bar)
    return frozenset((note.onset - start, note.pitch) for note in view.notes(part, bar))


def _drum_spans(view: View) -> Iterator[Span]:
    return (span for span in view.spans if view.after.parts[span.part].is_drums)


def find_groove(view: View) -> Iterator[Reason]:
    """Yield the runs of three written bars or more in which the drums strike the same."""
    for span in _drum_spans(view):
        same = [bar for bar in span.bars if bar and _pattern(view, span.part, bar) and (
            _pattern(view, span.part, bar) == _pattern(view, span.part, bar - 1)
        )]  # fmt: skip
        for first, last in runs(same):
            start = first - 1  # the bar that the run begins to repeat
            if last - start + 1 < GROOVE_BARS:
                continue
            here, name = bars_words(start, last), view.names[span.part]
            yield Reason(
                "groove", tuple(range(max(start, span.first), last + 1)), (span.part,),
                f"{name} {_verb(name, 'keep')} one groove in {here[0]}.", f"{name}在{here[1]}保持同一律动。",
                0.42 + 0.01 * min(last - start, 10),
            )  # fmt: skip


def find_drum_fill(view: View) -> Iterator[Reason]:
    """Yield bars that leave a groove of two bars or more with more snare and tom strokes, just before a section."""
    for span in _drum_spans(view):
        for bar in span.bars:
            if bar + 1 not in view.borders or bar < 2 or not _is_fill(view, span.part, bar):
                continue
            where, then, name = bars_words(bar, bar), bars_words(bar + 1, bar + 1), view.names[span.part]
            yield Reason(
                "drum-fill", (bar,), (span.part,),
                f"{upper(where[0])}: {name} {_verb(name, 'leave')} the groove for a fill "
                f"into the section at {then[0]}.",
                f"{where[1]}：{name}离开律动，用加花引入{then[1]}开始的段落。", 0.62,
            )  # fmt: skip


def _is_fill(view: View, part: int, bar: int) -> bool:
    now, groove = _pattern(view, part, bar), _pattern(view, part, bar - 1)
    is_groove = bool(groove) and groove == _pattern(view, part, bar - 2)
    strokes = [sum(key in TOMS_AND_SNARES for _, key in pattern) for pattern in (now, groove)]
    return is_groove and strokes[0] >= strokes[1] + 2
