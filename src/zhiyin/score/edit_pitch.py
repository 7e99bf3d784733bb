"""Pitches moved: by semitones, by steps of the key, into another key or mode, and lines doubled in thirds.

Conventions: drums never move; a note off the scale keeps its distance from the scale note below it.
This module does not choose a key: where no key mark stands the caller's key holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.score.edit_locks import bar_spans, refuse_locked
from zhiyin.score.edit_parts import add_new, check_parts, check_range, rows_in
from zhiyin.score.note import Notes
from zhiyin.score.score import ChordMark, KeyMark, Score
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.key import Key
from zhiyin.theory.pitch import spell
from zhiyin.units import BoolArray, IntArray, Ticks

BarRange = tuple[int, int]
Span = tuple[Ticks, Ticks]
_TOUCHED = ("pitch", "harmony")
_MAJOR = (0, 2, 4, 5, 7, 9, 11)
Mark = TypeVar("Mark", KeyMark, ChordMark)
Moves = Callable[[IntArray, Key], IntArray]


def shift_pitches(score: Score, parts: Sequence[int], semitones: int, *, ranges: Sequence[BarRange]) -> Score:
    """Return the score with the notes that start in some bars of some parts moved by semitones.

    Chords and keys of those bars move along when every pitched part does, unless by whole octaves.
    Raises InvalidInput when a note would leave MIDI 0..127 or is locked.
    """
    spans = bar_spans(score, ranges)
    moved = _moved(score, parts, spans, lambda pitch, key: pitch + semitones, by=semitones)
    if semitones % 12 == 0 or not _is_everyone(score, parts):
        return moved
    chords = _map_chords(score, spans, lambda chord, key: chord.transpose(semitones))
    return replace(moved, chords=chords, keys=_map_keys(score, spans, lambda key: key.transpose(semitones)))


def shift_steps(
    score: Score, parts: Sequence[int], steps: int, *, ranges: Sequence[BarRange], key: Key
) -> Score:
    """Return the score with the notes of some bars of some parts moved by steps of the key (a third: 2).

    key: holds where the score has no key mark. Chords move along when every pitched part does; the key stays.
    >>> step_pitches(np.array([60, 64, 66]), 2, Key.parse("C major")).tolist()
    [64, 67, 70]
    """
    spans = bar_spans(score, ranges)
    moved = _moved(score, parts, spans, lambda pitch, here: step_pitches(pitch, steps, here), fallback=key)
    if steps % 7 == 0 or not _is_everyone(score, parts):
        return moved
    chords = _map_chords(
        score, spans, lambda chord, here: _mapped(chord, lambda p: step_pitches(p, steps, here)), fallback=key
    )
    return replace(moved, chords=chords)


def step_pitches(pitch: IntArray, steps: int, key: Key) -> IntArray:
    """Return pitches moved by steps of a key's seven notes; a note between two keeps its height above the lower."""
    tonic = key.fifths * 7 % 12  # of the major key with this signature: every mode shares its notes
    octave, degree = np.divmod(pitch - tonic, 12)
    scale = np.array(_MAJOR)
    place = np.searchsorted(scale, degree, side="right") - 1
    raised = degree - scale[place]
    up, index = np.divmod(place + steps, 7)
    moved: IntArray = tonic + 12 * (octave + up) + scale[index] + raised
    return moved


def add_parallel(
    score: Score, parts: Sequence[int], steps: int, *, ranges: Sequence[BarRange], key: Key
) -> Score:
    """Return the score with a second line in some bars of some parts, steps of the key away (a third below: -2)."""
    check_parts(score, parts)
    spans = bar_spans(score, ranges)
    refuse_locked(score, parts, spans, what="add notes to", touches=_TOUCHED)
    changed = list(score.parts)
    for index in set(parts):
        part = changed[index]
        if part.is_drums:
            raise InvalidInput(
                f"a part in thirds must have pitches, got the drums {part.name!r}: name another part"
            )
        copies = part.notes.take(rows_in(part.notes, spans))
        pitch = _by_key(score, copies, lambda one, here: step_pitches(one, steps, here), key)
        check_range(part.name, pitch)
        copies = copies.with_columns(pitch=pitch, spelling=None, syllable=None)
        base = part.notes.with_columns(spelling=None)
        changed[index] = part.with_notes(add_new(base, copies))
    return score.with_parts(changed)


def change_key(
    score: Score, parts: Sequence[int], target: Key, *, ranges: Sequence[BarRange], key: Key
) -> Score:
    """Return the score moved to another key by the nearest way, and into its mode where the mode differs."""
    step = (target.tonic - key.tonic + 5) % 12 - 5
    moved = shift_pitches(score, parts, step, ranges=ranges)
    here = Key(target.tonic_fifths, key.mode)
    if _is_everyone(score, parts):
        spans = bar_spans(moved, ranges)
        told = _map_keys(moved, spans, lambda one: here if one.tonic == here.tonic else one)
        moved = replace(moved, keys=told)
    if target.is_minor == key.is_minor and target.mode != "major" and key.mode != "major":
        return moved
    return (
        moved if target.mode == key.mode else change_mode(moved, parts, target.mode, ranges=ranges, key=here)
    )


def change_mode(
    score: Score, parts: Sequence[int], mode: str, *, ranges: Sequence[BarRange], key: Key
) -> Score:
    """Return the score with its scale degrees in another mode on the same tonic: C E G becomes C Eb G in minor.

    Notes off the scale stay. Raises InvalidInput for a mode whose signature is that of the key already.
    """
    spans = bar_spans(score, ranges)

    def bent(pitch: IntArray, here: Key) -> IntArray:
        return _degrees(pitch, here, Key(here.tonic_fifths, mode))

    moved = _moved(score, parts, spans, bent, fallback=key)
    if not _is_everyone(score, parts):
        return moved
    chords = _map_chords(
        score, spans, lambda chord, here: _mapped(chord, lambda p: bent(p, here)), fallback=key
    )
    whole = score if score.keys else replace(score, keys=(KeyMark(0, key),))
    return replace(
        moved, chords=chords, keys=_map_keys(whole, spans, lambda one: Key(one.tonic_fifths, mode))
    )


def _degrees(pitch: IntArray, old: Key, new: Key) -> IntArray:
    """Return pitches with each degree of the old key where the new key has it."""
    tonic = old.tonic
    table = {}
    for one, other in zip(_seven(old), _seven(new), strict=True):
        table[one] = other
    offsets = np.array([table.get(degree, degree) for degree in range(12)])
    octave, degree = np.divmod(pitch - tonic, 12)
    bent: IntArray = tonic + 12 * octave + offsets[degree]
    return bent


def _seven(key: Key) -> list[int]:
    """Return the seven notes of a key's signature as semitones above its tonic, ascending."""
    start = key.fifths * 7
    return sorted((start + step - key.tonic) % 12 for step in _MAJOR)


def _moved(
    score: Score, parts: Sequence[int], spans: Sequence[Span], moves: Moves, *, by: int = 0, fallback: Key | None = None
) -> Score:  # fmt: skip
    check_parts(score, parts)
    refuse_locked(
        score,
        [i for i in parts if not score.parts[i].is_drums],
        spans,
        what="move the pitches of",
        touches=_TOUCHED,
    )
    changed = list(score.parts)
    for index in set(parts):
        part = changed[index]
        if part.is_drums:
            continue  # Drum keys name instruments, not pitches.
        inside = rows_in(part.notes, spans)
        pitch = part.notes.pitch.copy()
        pitch[inside] = _by_key(score, part.notes.take(inside), moves, fallback or Key(0))
        check_range(part.name, pitch)
        spelling = _spelled(score, part.notes, pitch, inside, (by, fallback))
        changed[index] = part.with_notes(part.notes.with_columns(pitch=pitch, spelling=spelling))
    return score.with_parts(changed)


def _spelled(
    score: Score, notes: Notes, pitch: IntArray, inside: BoolArray, told: tuple[int, Key | None]
) -> IntArray | None:  # fmt: skip
    """Return the spelling with moved notes spelled for their key (moved along by semitones); octaves keep theirs."""
    by, fallback = told
    if notes.spelling is None:
        return None
    spelling = notes.spelling.copy()
    for row in np.flatnonzero(inside & ((notes.pitch - pitch) % 12 != 0)).tolist():
        here = _key_at(score, int(notes.onset[row]), fallback or Key(0)).transpose(by)
        spelling[row] = spell(int(pitch[row]) % 12, key_fifths=here.fifths)
    return spelling


def _by_key(score: Score, notes: Notes, moves: Moves, fallback: Key) -> IntArray:
    """Return the moved pitches of notes, each moved in the key in force where it starts."""
    pitch = notes.pitch.copy()
    edges = [0, *(mark.tick for mark in score.keys), 1 << 62]
    for start, end in pairwise(edges):
        rows = (notes.onset >= start) & (notes.onset < end)
        if rows.any():
            pitch[rows] = moves(notes.pitch[rows], _key_at(score, start, fallback))
    return pitch


def _key_at(score: Score, tick: Ticks, fallback: Key) -> Key:
    return next((mark.key for mark in reversed(score.keys) if mark.tick <= tick), fallback)


def _is_everyone(score: Score, parts: Sequence[int]) -> bool:
    return all(part.is_drums or index in parts for index, part in enumerate(score.parts))


def _map_chords(
    score: Score, spans: Sequence[Span], change: Callable[[Chord, Key], Chord], *, fallback: Key | None = None
) -> tuple[ChordMark, ...]:
    """Return the chord marks, those in the spans changed; a chord that sounds on across an edge is restated."""
    found: list[ChordMark] = []
    for mark in _cut(score.chords, spans, score.end):
        key = _key_at(score, mark.tick, fallback or Key(0))
        is_inside = _holds(spans, mark.tick) and mark.chord is not None
        found.append(replace(mark, chord=change(mark.chord, key)) if is_inside and mark.chord else mark)
    return _plain(found, spans)


def _map_keys(score: Score, spans: Sequence[Span], change: Callable[[Key], Key]) -> tuple[KeyMark, ...]:
    marks = _cut(score.keys, spans, score.end)
    found = [replace(mark, key=change(mark.key)) if _holds(spans, mark.tick) else mark for mark in marks]
    return _plain(found, spans)


def _holds(spans: Sequence[Span], tick: Ticks) -> bool:
    return any(start <= tick < end for start, end in spans)


def _cut(marks: Sequence[Mark], spans: Sequence[Span], end: Ticks) -> list[Mark]:
    """Return the marks, each said again where a span begins or ends inside its reach."""
    ticks = {mark.tick for mark in marks}
    edges = {tick for span in spans for tick in span if ticks and min(ticks) < tick < end} - ticks
    again: list[Mark] = [
        replace(next(m for m in reversed(marks) if m.tick <= tick), tick=tick) for tick in edges
    ]
    return sorted(list(marks) + again, key=lambda mark: mark.tick)


def _plain(marks: Sequence[Mark], spans: Sequence[Span]) -> tuple[Mark, ...]:
    """Return the marks without those at the edge of a span that say what is said already."""
    edges = {tick for span in spans for tick in span}
    return tuple(
        mark for i, mark in enumerate(marks)
        if not i or mark.tick not in edges or replace(marks[i - 1], tick=mark.tick) != mark
    )  # fmt: skip


def _mapped(chord: Chord, moves: Callable[[IntArray], IntArray]) -> Chord:
    """Return the chord whose tones are the moved tones; its triad, or itself, where no quality has them all."""
    steps = QUALITIES[chord.quality]
    tones = moves(np.array([chord.root, *(chord.root + step for step in steps), chord.bass], np.int64) + 48)
    root, bass = int(tones[0]) % 12, int(tones[-1]) % 12
    shape = tuple(int(tone - tones[0]) % 12 for tone in tones[1:-1])
    for wanted in (shape, shape[:3]):
        for quality, own in QUALITIES.items():
            if own == wanted:
                return Chord(root, quality, bass)
    return chord
