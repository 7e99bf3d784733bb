"""One piece made ready for the corpus: on the grid, without broken matter, with keys, chords, roles and form.

Conventions: a piece that cannot be used raises Dropped with the reason; nothing is mended in silence.
This module does not know files, sets or shards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType

import numpy as np

from zhiyin.analysis.columns import bar_edges
from zhiyin.analysis.harmony import find_chords
from zhiyin.analysis.key import find_keys
from zhiyin.analysis.roles import find_roles
from zhiyin.analysis.structure import find_sections
from zhiyin.data.base import Piece
from zhiyin.errors import ZhiyinError
from zhiyin.score import MetreMark, Notes, Part, QuantiseReport, Score, quantise
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_STEP, IntArray

MIN_NOTES, MAX_NOTES = 8, 80_000
MAX_BARS = 4_000
KEYBOARDS = 8  # GM programs below are pianos and harpsichords
VOICE = 52  # GM choir
MAX_BAR_STEPS = 768  # eight whole notes: longer is chant or a file without bar lines
MAX_OFF_GRID = 0.6  # a piece with more notes than this far off the grid was played freely
DRUM_HIT_TICKS = 6 * TICKS_PER_STEP
OFF_GRID_TICKS = TICKS_PER_STEP // 4


class Dropped(ZhiyinError):
    """A piece that the corpus leaves out; the message is the reason, `kind` its short name."""

    def __init__(self, kind: str, reason: str) -> None:
        self.kind = kind
        super().__init__(reason)

    def __reduce__(self) -> tuple[type[Dropped], tuple[str, str]]:
        return type(self), (self.kind, str(self))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A piece that is ready: its score on the grid, what quantising moved, and remarks."""

    piece: Piece
    score: Score
    report: QuantiseReport
    off_grid: float
    remarks: tuple[str, ...]


def prepare(piece: Piece) -> Prepared:
    """Return the piece on the grid with roles, keys, chords and sections. Raises Dropped."""
    score, remarks = _without_silence(piece.score), list(piece.remarks)
    _check_size(score)
    off_grid = share_off_grid(score)
    if off_grid > MAX_OFF_GRID:
        raise Dropped(
            "off the grid", f"{off_grid:.0%} of the notes lie off the grid: the piece was played freely"
        )
    score, moved_metres = _metres_on_grid(score)
    if moved_metres:
        remarks.append("metre marks moved to whole steps")
    score, report = quantise(score)
    score = score.with_parts(_tidy(part) for part in score.parts)
    return Prepared(piece, annotate(score, piece), report, off_grid, tuple(remarks))


def annotate(score: Score, piece: Piece) -> Score:
    """Return the score with roles, keys, chords and sections, found where the piece does not give them."""
    if score.parts:
        roles = find_roles(score)
        known = zip(score.parts, roles, strict=True)
        score = score.with_parts(replace(p, role=r) if p.role == "unknown" else p for p, r in known)
        score = with_melody(with_hands(with_voices(score)))
    if not (piece.source.has_given_keys and score.keys):
        score = replace(score, keys=find_keys(score))
    if not piece.source.has_given_chords:
        score = replace(score, chords=find_chords(score, score.keys))
    if score.parts:  # letters of repeat schemes in files are no form: only chord charts give sections
        score = replace(score, sections=find_sections(score))
    return score


def with_melody(score: Score) -> Score:
    """Return the score with its highest part as the melody when several pitched parts play and none is one.

    The right hand of a piano piece is thick and still leads.
    """
    pitched = [i for i, p in enumerate(score.parts) if not p.is_drums]
    if len(pitched) < 2 or any(p.role == "melody" for p in score.parts):
        return score
    top = max(pitched, key=lambda i: float(score.parts[i].notes.pitch.mean()))
    return score.with_parts(replace(p, role="melody") if i == top else p for i, p in enumerate(score.parts))


def with_hands(score: Score) -> Score:
    """Return the score with the two staves of a keyboard told apart by name, and no part nameless."""
    alike = Counter((p.name, p.program) for p in score.parts if not p.is_drums)
    hands, parts = Counter[tuple[str, int]](), []
    for number, part in enumerate(score.parts, 1):
        key = (part.name, part.program)
        name = part.name or f"Part {number}"
        if alike[key] == 2 and part.program < KEYBOARDS and not part.is_drums:
            name = f"{part.name or 'Piano'}, {('right', 'left')[hands[key]]} hand"
            hands[key] += 1
        parts.append(replace(part, name=name))
    return score.with_parts(parts)


def with_voices(score: Score) -> Score:
    """Return the score with every part that carries words on the voice program: writers leave odd ones there."""
    return score.with_parts(
        replace(p, program=VOICE) if p.notes.syllable is not None and not p.is_drums else p
        for p in score.parts
    )


def share_off_grid(score: Score) -> float:
    """Return the share of notes whose onset is more than a quarter step off the grid; 0 without notes."""
    onset = np.concatenate([np.empty(0, np.int64), *(part.notes.onset for part in score.parts)])
    if not onset.size:
        return 0.0
    late = onset % TICKS_PER_STEP
    return float(np.mean(np.minimum(late, TICKS_PER_STEP - late) > OFF_GRID_TICKS))


def _without_silence(score: Score) -> Score:
    return score.with_parts(part for part in score.parts if len(part.notes))


def _check_size(score: Score) -> None:
    count = score.note_count
    if not score.parts and not score.chords:
        raise Dropped("empty", "no notes and no chords")
    if score.parts and count < MIN_NOTES:
        raise Dropped("too short", f"a piece must have {MIN_NOTES} notes, got {count}")
    if count > MAX_NOTES:
        raise Dropped("too long", f"a piece must have at most {MAX_NOTES} notes, got {count}")
    lengths = np.diff(bar_edges(score))
    if lengths.size > MAX_BARS:
        raise Dropped("too long", f"a piece must have at most {MAX_BARS} bars, got {lengths.size}")
    longest = int(lengths.max(initial=0)) // TICKS_PER_STEP
    if longest > MAX_BAR_STEPS:
        raise Dropped("no bars", f"a bar must have at most {MAX_BAR_STEPS} steps, got {longest}")


def _metres_on_grid(score: Score) -> tuple[Score, bool]:
    """Return the score with metre marks and pick-up on whole steps, and whether any moved. Raises Dropped."""
    for mark in score.metres:
        if mark.metre.bar_ticks % TICKS_PER_STEP:
            raise Dropped("metre", f"a bar must be whole steps of 1/24 quarter, got {mark.metre}")
    marks: dict[int, Metre] = {}
    for mark in score.metres:
        marks[_snap(mark.tick)] = mark.metre
    metres = tuple(MetreMark(tick, metre) for tick, metre in sorted(marks.items()))
    pickup = _snap(score.pickup_ticks)
    moved = pickup != score.pickup_ticks or metres != score.metres
    return replace(score, metres=metres, pickup_ticks=pickup), moved


def _snap(tick: int) -> int:
    return (tick + TICKS_PER_STEP // 2) // TICKS_PER_STEP * TICKS_PER_STEP


def _tidy(part: Part) -> Part:
    """Return the part with drum hits of one length and no note running into the next on its pitch."""
    notes = part.notes
    if part.is_drums:
        notes = notes.with_columns(duration=np.minimum(notes.duration, DRUM_HIT_TICKS))
    return part.with_notes(cut_overlaps(notes))


def cut_overlaps(notes: Notes) -> Notes:
    """Return the notes, each ended where the next one on its pitch begins.

    >>> [n.duration for n in cut_overlaps(Notes.of([(0, 100, 60), (40, 20, 60)]))]
    [40, 20]
    """
    if len(notes) < 2:
        return notes
    order = np.lexsort((notes.onset, notes.pitch))
    onset, pitch = notes.onset[order], notes.pitch[order]
    room = np.full(len(notes), 1 << 60, np.int64)
    same = pitch[1:] == pitch[:-1]
    room[:-1][same] = (onset[1:] - onset[:-1])[same]
    duration: IntArray = np.empty(len(notes), np.int64)
    duration[order] = np.minimum(notes.duration[order], room)
    return notes.with_columns(duration=duration)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise Dropped when the block takes longer. Works in the main thread of a POSIX process, else no limit."""
    import signal
    import threading

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise Dropped("too slow", f"took longer than {seconds:g} s to read")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
