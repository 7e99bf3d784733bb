"""Mending what rules wrote where hard wishes ask for more: chord tones on strong beats, the key, reach, polyphony.

Conventions: a note moves to the nearest allowed pitch in the instrument's range; notes are dropped before reach or
polyphony is broken. What is mended is checked independently afterwards (`zhiyin.fill.decode.judged`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zhiyin.score import Note, Notes, Part, Score
from zhiyin.stylebook.stage import Stage
from zhiyin.theory.instruments import find_instrument


def mend(stage: Stage, score: Score, *, limits: Sequence[int], reaches: Sequence[int]) -> Score:
    """Return the score with every pitched note allowed where it stands.

    limits: most notes at once, reaches: widest chord in semitones (0 free), one a part of the stage's plan.
    """
    parts = []
    for index, (part, player) in enumerate(zip(score.parts, stage.plan.players, strict=True)):
        if part.is_drums or not len(part.notes):
            parts.append(part)
            continue
        instrument = find_instrument(player.instrument)
        rows = [_in_place(stage, part, note, instrument.low, instrument.high) for note in part.notes]
        rows = _unique(rows)
        if part.role == "melody":
            rows = _on_root(stage, rows, instrument.low, instrument.high)
        rows = _within_reach(rows, reaches[index])
        parts.append(replace(part, notes=Notes.of(_at_most(rows, limits[index]))))
    return score.with_parts(parts)


def _allowed(stage: Stage, part: Part, tick: int) -> set[int]:
    """Return the pitch classes that the wishes of key, chords and close allow a part at a tick."""
    bar = stage.bar_at(tick)
    chord = stage.chord_at(tick)
    tones = {*chord.pitch_classes, chord.bass}
    if part.role == "bass" and stage.is_change(tick):
        return {chord.bass}
    if bar.number == len(stage.bars) - 1 and _has_one_chord(stage):
        return tones
    if tick - bar.start in stage.metre.strong_ticks():
        return tones
    return stage.allowed(tick)


def _has_one_chord(stage: Stage) -> bool:
    return not any(tick > stage.bars[-1].start for tick, _ in stage.plan.chords)


def _in_place(stage: Stage, part: Part, note: Note, low: int, high: int) -> Note:
    allowed = _allowed(stage, part, note.onset)
    if note.pitch % 12 in allowed and low <= note.pitch <= high:
        return note
    inside = [p for p in range(low, high + 1) if p % 12 in allowed]
    return note._replace(pitch=min(inside, key=lambda p: (abs(p - note.pitch), p)))


def _unique(rows: list[Note]) -> list[Note]:
    """Return rows without a second note of one pitch at one onset."""
    found: dict[tuple[int, int], Note] = {}
    for row in rows:
        before = found.get((row.onset, row.pitch))
        if before is None or row.duration > before.duration:
            found[row.onset, row.pitch] = row
    return sorted(found.values())


def _on_root(stage: Stage, rows: list[Note], low: int, high: int) -> list[Note]:
    """Return a melody whose last notes are the final chord's root, as the close asks."""
    last = [row for row in rows if row.onset >= stage.bars[-1].start]
    if not last or not _has_one_chord(stage):
        return rows
    end = max(row.onset + row.duration for row in last)
    root = stage.chord_at(stage.end - 1).root
    top = max(row.pitch for row in last if row.onset + row.duration == end)
    inside = [p for p in range(low, high + 1) if p % 12 == root]
    goal = min(inside, key=lambda p: (abs(p - top), p))
    kept = []
    for row in rows:
        rings = row in last and row.onset + row.duration == end
        if not rings:
            kept.append(row)
        elif row.pitch == top:
            kept.append(row._replace(pitch=goal))
        elif row.pitch < goal:
            kept.append(row)
    return _unique(kept)


def _within_reach(rows: list[Note], reach: int) -> list[Note]:
    """Return rows whose chords are no wider than the reach: the lowest notes come up an octave, or go."""
    if not reach:
        return rows
    tops: dict[int, int] = {}
    for row in rows:
        tops[row.onset] = max(tops.get(row.onset, 0), row.pitch)
    lifted = [
        row if tops[row.onset] - row.pitch <= reach else row._replace(pitch=row.pitch + 12) for row in rows
    ]
    return _unique([row for row in lifted if tops[row.onset] - row.pitch <= reach])


def _at_most(rows: list[Note], limit: int) -> list[Note]:
    """Return rows of which at most so many sound at once: what still rings is cut first, then low inner notes go."""
    sounding: list[Note] = []
    done: list[Note] = []
    onsets = sorted({row.onset for row in rows})
    by_onset: dict[int, list[Note]] = {onset: [] for onset in onsets}
    for row in rows:
        by_onset[row.onset].append(row)
    for onset in onsets:
        struck = sorted(by_onset[onset], key=lambda r: -r.pitch)
        if len(struck) > limit:  # the top and the lowest notes stay
            struck = struck[: limit - 1] + struck[-1:] if limit > 1 else struck[:1]
        ended = [row for row in sounding if row.onset + row.duration <= onset]
        done += ended
        ringing = [row for row in sounding if row.onset + row.duration > onset]
        room = limit - len(struck)
        ringing.sort(key=lambda r: -r.onset)
        done += [row._replace(duration=onset - row.onset) for row in ringing[room:]]
        sounding = ringing[:room] + struck
    return sorted(done + sounding)
