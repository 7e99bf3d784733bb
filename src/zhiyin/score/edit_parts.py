"""Parts dropped, silenced, given to another player and doubled; every note keeps its origin.

Conventions: parts are indices, bars 0-based and inclusive; a new part stands after the others.
This module does not know words and writes no notes of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.score.edit_locks import bar_spans, refuse_locked
from zhiyin.score.note import Notes
from zhiyin.score.score import Part, Score
from zhiyin.theory.instruments import INSTRUMENTS, Instrument, instrument_for_program
from zhiyin.units import BoolArray, IntArray, Ticks

BarRange = tuple[int, int]
Span = tuple[Ticks, Ticks]


def rows_in(notes: Notes, spans: Sequence[Span]) -> BoolArray:
    """Return which notes start in one of the spans: (notes,)."""
    found: BoolArray = np.zeros(len(notes), bool)
    for start, end in spans:
        found |= (notes.onset >= start) & (notes.onset < end)
    return found


def check_parts(score: Score, parts: Sequence[int]) -> None:
    """Raise InvalidInput unless at least one part is named and all are there."""
    wrong = [part for part in parts if not 0 <= part < len(score.parts)]
    if wrong or not parts:
        raise InvalidInput(
            f"parts to edit must be 0..{len(score.parts) - 1}, got {wrong or list(parts)}: name parts that are there"
        )


def drop_parts(score: Score, parts: Sequence[int]) -> Score:
    """Return the score without some parts; written length and the others' locks stay. Raises InvalidInput for all."""
    check_parts(score, parts)
    refuse_locked(score, parts, [(0, score.end)], what="drop")
    kept = [index for index in range(len(score.parts)) if index not in set(parts)]
    if not kept:
        raise InvalidInput(f"a part must stay, got all {len(score.parts)} to drop: name fewer parts")
    place = {-1: -1} | {old: new for new, old in enumerate(kept)}
    locks = tuple(replace(lock, part=place[lock.part]) for lock in score.locks if lock.part in place)
    left = replace(score, parts=tuple(score.parts[i] for i in kept), locks=locks)
    return replace(left, length_ticks=score.end) if left.end < score.end else left


def silence_parts(score: Score, parts: Sequence[int], ranges: Sequence[BarRange]) -> Score:
    """Return the score without the notes that start in some bars of some parts; its length stays."""
    check_parts(score, parts)
    spans = bar_spans(score, ranges)
    refuse_locked(score, parts, spans, what="silence")
    changed = list(score.parts)
    for index in set(parts):
        notes = changed[index].notes
        changed[index] = changed[index].with_notes(notes.take(~rows_in(notes, spans)))
    left = score.with_parts(changed)
    return replace(left, length_ticks=score.end) if left.end < score.end else left


def change_instrument(score: Score, parts: Sequence[int], instrument: str) -> Score:
    """Return the score with some parts played by an instrument, whole octaves away where its range asks for it.

    Raises InvalidInput between drums and pitched instruments, whose notes mean other things.
    """
    check_parts(score, parts)
    player = _player(instrument)
    refuse_locked(score, parts, [(0, score.end)], what="change the instrument of", touches=("pitch",))
    changed = list(score.parts)
    names = [part.name for index, part in enumerate(score.parts) if index not in parts]
    for index in sorted(set(parts)):
        part = changed[index]
        _check_kind(part, player)
        notes = into_range(part.notes, player)
        name = _free_name(player.name.replace("-", " "), names)
        names.append(name)
        changed[index] = replace(part, name=name, program=player.program, notes=notes)
    return score.with_parts(changed)


def give_notes(score: Score, parts: Sequence[int], instrument: str, *, ranges: Sequence[BarRange]) -> Score:
    """Return the score with the notes of some bars of some parts moved to the part of an instrument.

    The part is the first other one of that instrument, or a new one; its own notes there stay beside them.
    """
    check_parts(score, parts)
    player, spans = _player(instrument), bar_spans(score, ranges)
    target = part_of(score, instrument, besides=parts)
    touched = [*parts, target] if target is not None else list(parts)
    refuse_locked(score, touched, spans, what="move notes of")
    changed, moved = list(score.parts), []
    for index in sorted(set(parts)):
        part = changed[index]
        _check_kind(part, player)
        inside = rows_in(part.notes, spans)
        moved.append(part.notes.take(inside))
        changed[index] = part.with_notes(part.notes.take(~inside))
    given = into_range(Notes.concat(moved), player)
    if target is None:
        changed.append(_new_part(score, player, given, role=score.parts[min(parts)].role))
    else:
        changed[target] = changed[target].with_notes(Notes.concat([changed[target].notes, given]))
    return score.with_parts(changed)


def double_parts(score: Score, parts: Sequence[int], semitones: int, *, ranges: Sequence[BarRange]) -> Score:
    """Return the score with each note of some bars of some parts heard a second time, semitones away, in its part.

    A note that stands there already is not written twice. Raises InvalidInput when a note would leave MIDI 0..127.
    """
    check_parts(score, parts)
    spans = bar_spans(score, ranges)
    refuse_locked(score, parts, spans, what="double", touches=("pitch", "harmony"))
    changed = list(score.parts)
    for index in set(parts):
        part = changed[index]
        if part.is_drums:
            raise InvalidInput(
                f"a doubled part must have pitches, got the drums {part.name!r}: name another part"
            )
        copies = part.notes.take(rows_in(part.notes, spans))
        pitch = copies.pitch + semitones
        check_range(part.name, pitch)
        copies = copies.with_columns(pitch=pitch, syllable=None)
        changed[index] = part.with_notes(add_new(part.notes, copies))
    return score.with_parts(changed)


def double_with(score: Score, parts: Sequence[int], instrument: str, *, ranges: Sequence[BarRange]) -> Score:
    """Return the score with a new part for an instrument that plays the notes of some bars of some parts too."""
    check_parts(score, parts)
    player, spans = _player(instrument), bar_spans(score, ranges)
    for index in parts:
        _check_kind(score.parts[index], player)
    copies = [score.parts[i].notes.take(rows_in(score.parts[i].notes, spans)) for i in sorted(set(parts))]
    notes = into_range(Notes.concat(copies), player)
    return score.with_parts([*score.parts, _new_part(score, player, notes, role="inner")])


def part_of(score: Score, instrument: str, *, besides: Sequence[int] = ()) -> int | None:
    """Return the first part that an instrument plays, other than some, or None."""
    player = _player(instrument)
    for index, part in enumerate(score.parts):
        plays = instrument_for_program(part.program, is_drums=part.is_drums).name
        if index not in besides and part.is_drums == player.is_drums and plays == player.name:
            return index
    return None


def into_range(notes: Notes, player: Instrument) -> Notes:
    """Return notes moved by the octaves that leave the fewest outside a player's range; the nearest such move wins."""
    if not len(notes) or player.is_drums:
        return notes

    def outside(octaves: int) -> tuple[int, int]:
        pitch = notes.pitch + 12 * octaves
        return int(np.count_nonzero((pitch < player.low) | (pitch > player.high))), abs(octaves)

    legal = [k for k in range(-5, 6) if notes.pitch.min() + 12 * k >= 0 and notes.pitch.max() + 12 * k <= 127]
    best = min(legal, key=outside)
    return notes.with_columns(pitch=notes.pitch + 12 * best) if best else notes


def check_range(name: str, pitch: IntArray) -> None:
    """Raise InvalidInput when a pitch leaves MIDI 0..127."""
    if len(pitch) and not (pitch.min() >= 0 and pitch.max() <= 127):
        raise InvalidInput(
            f"notes of {name!r} must stay in MIDI 0..127, got {pitch.min()}..{pitch.max()}: use a smaller step"
        )


def add_new(notes: Notes, more: Notes) -> Notes:
    """Return notes and those of `more` whose onset and pitch are not there yet."""
    there = set(zip(notes.onset.tolist(), notes.pitch.tolist(), strict=True))
    fresh = [pair not in there for pair in zip(more.onset.tolist(), more.pitch.tolist(), strict=True)]
    return Notes.concat([notes, more.take(np.array(fresh, bool))])


def _player(instrument: str) -> Instrument:
    if instrument not in INSTRUMENTS:
        raise InvalidInput(
            f"instrument must be one of {', '.join(list(INSTRUMENTS)[:8])} ..., got {instrument!r}"
        )
    return INSTRUMENTS[instrument]


def _check_kind(part: Part, player: Instrument) -> None:
    if part.is_drums != player.is_drums:
        raise InvalidInput(
            f"drums and pitched parts cannot take each other's notes, got {part.name!r} for {player.name}: "
            "write a new part instead"
        )


def _new_part(score: Score, player: Instrument, notes: Notes, *, role: str) -> Part:
    name = _free_name(player.name.replace("-", " "), [part.name for part in score.parts])
    return Part(name, notes, role=role, program=player.program, is_drums=player.is_drums)


def _free_name(name: str, taken: Sequence[str]) -> str:
    plain, number = name.capitalize(), 1
    while (plain if number == 1 else f"{plain} {number}") in taken:
        number += 1
    return plain if number == 1 else f"{plain} {number}"
