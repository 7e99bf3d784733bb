"""transfer: a song played in another style; the tune stays, what sounds under it is written anew.

Conventions: cells are one part in one bar; a cell in which anything is locked stays whole. Strength 0 changes nothing,
1 all; between them the bass comes first, bar after bar, then the rest. Drums stay unless they are asked for.
This module opens no weights: who writes is given.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from zhiyin.encode.passages import Passage, passages, tune_part
from zhiyin.errors import InvalidInput
from zhiyin.fill.acts.transfer_tune import with_tune
from zhiyin.fill.acts.transfer_wishes import Wished, Written, are_kept, asked_of, rewritten
from zhiyin.fill.acts.usual import voices_at_once
from zhiyin.fill.cast import Played, dealt, leader_of
from zhiyin.fill.constraints import InRange, Locked, WithinBars
from zhiyin.fill.constraints.pinned import Hold, Pinned
from zhiyin.fill.decode import judged
from zhiyin.fill.desk import Desk
from zhiyin.fill.give_back import answered
from zhiyin.fill.plan_players import named_players
from zhiyin.fill.proof import Untouched
from zhiyin.fill.request import Report, Request, Take
from zhiyin.fill.scope import Scope, Stretch, whole_bars
from zhiyin.fill.wish_text import read_wishes
from zhiyin.score import Cell, Notes, Origin, Part, Score, Timeline
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.styles import STYLES
from zhiyin.units import TICKS_PER_STEP, BoolArray

USUAL_VELOCITY = 68
BASS_BELOW = 52  # MIDI; what begins below is bass
LAYERS = 2  # bass, rest
PLAYERS = ("style", "same")
# Style -> the scale that its tunes move in, semitones above the tonic in major and in minor.
SCALES = {"chinese": ((0, 2, 4, 7, 9), (0, 3, 5, 7, 10))}


class Writer(Protocol):
    """Who writes what sounds under a tune in a style.

    name, version: for the origin of the notes.
    """

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...

    def write(
        self, frame: Score, found: Sequence[Passage], style: str, *, rng: np.random.Generator
    ) -> list[Played]:
        """Return who plays what under the tune of a song on the grid, whose passages are told."""
        ...


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a transfer is asked: the style by name, how strongly, in which bars (None for all), what stays.

    keep: parts that stay whole, players and all; is_tune_kept: else the tune moves to the style's scale, where it has
    one. players: `style` puts the style's
    players in the place of those there are (whole songs without locks alone), `same` leaves them.
    """

    style: str
    strength: float = 1.0
    bars: tuple[int, ...] | None = None
    keep: frozenset[int] = frozenset()
    is_tune_kept: bool = True
    players: str = "style"
    seed: int = 0
    take: int = 0

    def __post_init__(self) -> None:
        if not 0.0 <= self.strength <= 1.0:
            raise InvalidInput(f"strength must be 0..1, got {self.strength:g}: 0 changes nothing, 1 all")
        if self.players not in PLAYERS:
            raise InvalidInput(
                f"players must be one of {', '.join(PLAYERS)}, got {self.players!r}: choose one"
            )


def transfer(
    desk: Desk, asked: Asked, writer: Writer, *, rng: np.random.Generator, wished: Wished | None = None
) -> Take:
    """Return the take of a song in another style.

    Where no part is the melody, the part of the top line is taken for it (see `with_tune`). wished: what is asked of
    the answer besides. Raises InvalidInput when nothing may change, no note has a pitch, or no bar has whole beats,
    ConflictingWishes and ConstraintsUnmet for wishes that cannot be kept.
    """
    if not desk.bars:
        raise InvalidInput(
            f"a song must have bars to be transferred, got none in {desk.own.title!r}: compose one"
        )
    desk = with_tune(desk, asked.keep, least=1)
    parts = rewritten_parts(desk, asked.keep)
    bars = tuple(range(desk.bars)) if asked.bars is None else asked.bars
    found = passages(desk.frame, leave=asked.keep - {tune_part(desk.frame)})
    covered = {bar for p in found for bar in range(p.first_bar, p.first_bar + p.bars)} & set(bars)
    if not covered:
        raise InvalidInput(
            f"a transfer needs bars of whole beats in one metre, got {desk.frame.metres[0].metre} throughout: "
            "use  zhiyin arrange, or another song"
        )
    wished = wished or Wished()
    if not asked.strength:
        return _as_it_was(desk, asked, wished)
    played = writer.write(desk.frame, found, asked.style, rng=rng)
    is_recast = asked.players == "style" and asked.bars is None and _is_open(desk, parts)
    if parts and not is_recast:
        rows = [row for p in played if not find_instrument(p.instrument).is_drums for row in p.rows]
        order = _from_high(desk, parts)
        cast = [(desk.instruments()[i], desk.frame.parts[i].role) for i in order]
        played = dealt(rows, cast, voices=[voices_at_once(desk.frame.parts[i]) for i in order])
    leader = leader_of(asked.style) if is_recast else None
    stage = _staged(_led(desk, leader, asked.keep), played, parts, is_recast=is_recast)
    return _take(stage, _changed(stage, found, sorted(covered), asked), asked, writer, wished)


def rewritten_parts(desk: Desk, keep: Collection[int]) -> list[int]:
    """Return the pitched parts beside the tune's that are written anew."""
    tune = tune_part(desk.frame)
    return [
        i for i, p in enumerate(desk.frame.parts)
        if i != tune and i not in keep and not p.is_drums and len(p.notes)
    ]  # fmt: skip


def _is_open(desk: Desk, parts: Sequence[int]) -> bool:
    """Return whether no lock holds any of some parts: only then may others play them."""
    return not any(lock.part < 0 or lock.part in parts for lock in desk.own.locks)


def _from_high(desk: Desk, parts: Sequence[int]) -> list[int]:
    """Return some parts, the highest first."""
    return sorted(parts, key=lambda i: -float(desk.frame.parts[i].notes.pitch.mean()))


@dataclass(frozen=True, eq=False)
class _Stage:
    """The desk with everybody who plays; new: part -> what it plays; old: parts that are written anew."""

    desk: Desk
    new: dict[int, Played]
    old: tuple[int, ...]


def _led(desk: Desk, leader: str | None, keep: Collection[int]) -> Desk:
    """Return the desk with the style's player of tunes; a tune that is kept by name, or locked, keeps its player."""
    tune = tune_part(desk.frame)
    if leader is None or tune is None or tune in keep or not _is_open(desk, [tune]):
        return desk
    player = named_players([(leader, "melody")])[0]
    own, frame = list(desk.own.parts), list(desk.frame.parts)
    for parts in (own, frame):
        parts[tune] = replace(parts[tune], name=player.part, program=player.program)
    return replace(desk, own=desk.own.with_parts(own), frame=desk.frame.with_parts(frame))


def _staged(desk: Desk, played: Sequence[Played], parts: Sequence[int], *, is_recast: bool) -> _Stage:
    if not is_recast and parts:
        return _Stage(desk, dict(zip(_from_high(desk, parts), played, strict=True)), tuple(parts))
    played = sorted(
        played, key=lambda p: find_instrument(p.instrument).is_drums
    )  # a kit is a part of its own
    pitched = sum(not find_instrument(p.instrument).is_drums for p in played)
    places = list(parts[:pitched])
    new = dict(zip(places, played, strict=False))
    players = named_players([(p.instrument, p.role) for p in played])
    own, frame = list(desk.own.parts), list(desk.frame.parts)
    for place, player in zip(places, players, strict=False):
        for seats in (own, frame):
            seats[place] = replace(seats[place], name=player.part, program=player.program, role=player.role)
    seated = replace(desk, own=desk.own.with_parts(own), frame=desk.frame.with_parts(frame))
    more = [
        Part(player.part, role=player.role, program=player.program, is_drums=player.is_drums)
        for player in players[len(places) :]
    ]
    first = len(own)
    new |= dict(zip(range(first, first + len(more)), played[len(places) :], strict=True))
    return _Stage(seated.with_parts(more) if more else seated, new, tuple(parts))


def _take(stage: _Stage, change: _Change, asked: Asked, writer: Writer, wished: Wished) -> Take:
    desk = stage.desk
    if not change.touched:
        return _as_it_was(desk, asked, wished)
    version = f"{writer.version} style={asked.style} strength={asked.strength:g}"
    origin = Origin("model", writer.name, f"{version} seed={asked.seed} take={asked.take}")
    names = tuple(stage.new[i].instrument if i in stage.new else "" for i in range(len(desk.frame.parts)))
    written = Written(
        desk, tuple(change.parts), frozenset(change.touched), change.holds, names, _scope(desk, change.touched),
        silent=frozenset(stage.old) - stage.new.keys(), seed=asked.seed, take=asked.take, name=writer.name,
        version=version, wished=wished,
    )  # fmt: skip
    frame = replace(desk.frame.with_parts(change.parts), provenance=(*desk.own.provenance, origin))
    wishes = asked_of(written)
    style = asked.style if asked.style in STYLES else None
    if not are_kept(wishes, frame):
        take = rewritten(written, wishes)
        request = replace(take.request, family=writer.name, style=style)
        return replace(take, score=_without_silent(take.score, stage), request=request)
    answer = answered(desk, frame, written.scope, holds=change.holds)
    wishes = (*wishes, Pinned(change.holds), Locked(desk.frame, written.cells))
    proof = Untouched(desk.own, answer.kept, answer.origins, writes_chords=False)
    alone = desk.frame.with_parts(
        [
            p.with_notes(_only(p.notes, new.notes))
            for p, new in zip(desk.frame.parts, frame.parts, strict=True)
        ]
    )
    report = Report((
        *judged(frame, wishes).verdicts, *judged(alone, (InRange(names), WithinBars(desk.bars))).verdicts,
        *judged(answer.score, (proof,)).verdicts,
    ))  # fmt: skip
    request = Request(
        desk.frame, written.cells, wishes, seed=asked.seed, family=writer.name, bars=desk.bars, style=style
    )
    return Take(_without_silent(answer.score, stage), request, asked.seed, report)


@dataclass(frozen=True, eq=False)
class _Change:
    """The parts on the grid as they are to be, what of each touched cell is held, and the cells that are touched."""

    parts: list[Part]
    holds: dict[Cell, Hold]
    touched: set[Cell]


def _changed(stage: _Stage, found: Sequence[Passage], bars: Sequence[int], asked: Asked) -> _Change:
    """Return the change that is asked for. Raises InvalidInput when nothing may change."""
    desk, tune = stage.desk, tune_part(stage.desk.frame)
    parts = {*stage.old, *stage.new} | ({tune} if tune is not None and tune not in asked.keep else set())
    cells = _free(desk, {Cell(i, b) for i in parts for b in bars})
    if not cells:
        raise InvalidInput(
            f"something under the tune must be free to change, got {len(desk.own.locks)} locks and "
            f"{len(asked.keep)} parts to keep: unlock or keep less"
        )
    mixed, place = _Mix(desk, bars, asked.strength), len(desk.own.provenance)
    change = _Change(list(desk.frame.parts), {}, set())
    for part in sorted({c.part for c in cells}):
        mine = {c.bar for c in cells if c.part == part}
        goes, rhythms = mixed.goes(part, mine), dict[Cell, Hold]()
        fresh = mixed.comes(part, stage.new.get(part), mine, place=place)
        moved = Notes.of([])
        if part == tune:
            goes, moved, rhythms = _tune_change(desk, found, part, goes, asked)
            moved = moved.with_columns(origin=np.full(len(moved), place, np.int64))
        stays = change.parts[part].notes.take(~goes)
        fresh = Notes.concat([without_unisons(fresh, Notes.concat([stays, moved])), moved])
        touched = {b for b in mixed.bars_of(part, goes, fresh) if b in mine}
        change.parts[part] = change.parts[part].with_notes(Notes.concat([stays, fresh]))
        change.holds.update({**_held(desk, part, goes, touched), **rhythms})
        change.touched.update(Cell(part, b) for b in touched)
    return change


def without_unisons(fresh: Notes, stays: Notes) -> Notes:
    """Return new notes without those that strike a key which a note of the same part already holds, old or new."""
    ends, stay_ends = fresh.onset + fresh.duration, stays.onset + stays.duration
    meets = (fresh.onset[:, None] < stay_ends) & (stays.onset < ends[:, None])
    fresh = fresh.take(~((fresh.pitch[:, None] == stays.pitch) & meets).any(axis=1))
    free_from, kept = dict[int, int](), list[int]()
    for row in np.lexsort((-fresh.duration, fresh.onset, fresh.pitch)).tolist():
        if fresh.onset[row] >= free_from.get(int(fresh.pitch[row]), 0):
            free_from[int(fresh.pitch[row])] = int(fresh.onset[row] + fresh.duration[row])
            kept.append(row)
    return fresh.take(np.sort(np.array(kept, np.int64)))


def _tune_change(
    desk: Desk, found: Sequence[Passage], part: int, goes: BoolArray, asked: Asked
) -> tuple[BoolArray, Notes, dict[Cell, Hold]]:
    """Return what of the tune's part goes, its notes moved to the style's scale, and the bars whose rhythm is held.

    goes: what would go if nothing of the part were the tune.
    """
    notes, moved = desk.frame.parts[part].notes, _moved_tune(desk, part, asked)
    tops, at = _tops(desk, found, part), Timeline.of(desk.frame).bar_of(notes.onset)
    altered = goes & tops & (moved.pitch != notes.pitch)
    rest = goes & ~tops
    # A bar in which the tune moves and nothing else keeps the person's own rhythm.
    bars = set(at[altered].tolist()) - set(at[rest].tolist())
    altered |= tops & np.isin(at, list(bars))
    whole = {bar for bar in bars if tops[at == bar].all()}
    rhythms = {Cell(part, bar): Hold(_steps(notes.take(at == bar)), "rhythm") for bar in whole}
    return rest | altered, moved.take(altered), rhythms


def _without_silent(score: Score, stage: _Stage) -> Score:
    """Return the score without players who have given up all they played; locks count parts, so with none of those."""
    silent = {i for i in stage.old if i not in stage.new and not len(score.parts[i].notes)}
    if score.locks or not silent:
        return score
    return score.with_parts([p for i, p in enumerate(score.parts) if i not in silent])


def _only(before: Notes, after: Notes) -> Notes:
    """Return the notes that were not there before."""
    there = set(zip(before.onset.tolist(), before.pitch.tolist(), strict=True))
    new = [(o, p) not in there for o, p in zip(after.onset.tolist(), after.pitch.tolist(), strict=True)]
    return after.take(np.array(new, bool))


def _as_it_was(desk: Desk, asked: Asked, wished: Wished) -> Take:
    """Return the song itself. Raises ConstraintsUnmet where it does not keep a wish."""
    kept = tuple(np.ones(len(p.notes), bool) for p in desk.own.parts)
    proof = Untouched(desk.own, kept, frozenset(), writes_chords=False)
    cells = frozenset(Cell(i, b) for i in range(len(desk.own.parts)) for b in range(desk.bars))
    request = Request(desk.frame, cells, (), seed=asked.seed, family="rules", bars=desk.bars)
    wishes = judged(desk.frame, read_wishes(wished.texts, score=desk.frame)).verdicts
    return Take(desk.own, request, asked.seed, Report((*wishes, *judged(desk.own, (proof,)).verdicts)))


def _free(desk: Desk, cells: set[Cell]) -> set[Cell]:
    """Return the cells that no lock touches."""
    line = Timeline.of(desk.frame)
    shut: set[Cell] = set()
    for lock in desk.own.locks:
        start, end = desk.warp.to_frame([lock.start, lock.end]).tolist()
        first, last = int(line.bar_of(start)), int(line.bar_of(max(end - 1, start)))
        shut |= {
            c
            for c in cells
            if lock.part in (-1, c.part) and first <= c.bar <= last and lock.aspect != "harmony"
        }
    return cells - shut


def _tops(desk: Desk, found: Sequence[Passage], part: int) -> BoolArray:
    """Return which notes of a part are the tune."""
    tops = np.zeros(len(desk.frame.parts[part].notes), bool)
    for passage in found:
        tops[passage.row[passage.is_top & (passage.part == part)]] = True
    return tops


def _moved_tune(desk: Desk, part: int, asked: Asked) -> Notes:
    """Return the notes of the tune's part, in the style's scale where the tune may change."""
    notes, scale = desk.frame.parts[part].notes, SCALES.get(asked.style)
    if asked.is_tune_kept or scale is None or not len(notes):
        return notes
    marks = desk.frame.keys
    ticks = np.array([mark.tick for mark in marks] or [0])
    at = np.maximum(np.searchsorted(ticks, notes.onset, side="right") - 1, 0)
    keys = [(marks[i].key.tonic, marks[i].key.is_minor) if marks else (0, False) for i in at.tolist()]
    pitch = [
        in_scale(p, tonic=tonic, is_minor=is_minor, scale=scale)
        for p, (tonic, is_minor) in zip(notes.pitch.tolist(), keys, strict=True)
    ]
    return notes.with_columns(pitch=np.array(pitch, np.int64), spelling=None)


def in_scale(
    pitch: int, *, tonic: int, is_minor: bool, scale: tuple[tuple[int, ...], tuple[int, ...]]
) -> int:
    """Return the nearest pitch of a scale, the lower of two.

    scale: semitones above the tonic in major and in minor.
    >>> [in_scale(p, tonic=0, is_minor=False, scale=SCALES["chinese"]) for p in (65, 71)]
    [64, 72]
    """
    steps = scale[int(is_minor)]
    return min(range(pitch - 2, pitch + 3), key=lambda p: ((p - tonic) % 12 not in steps, abs(p - pitch), p))


def _steps(notes: Notes) -> tuple[tuple[int, int, int], ...]:
    return tuple((n.onset // TICKS_PER_STEP, n.duration // TICKS_PER_STEP, n.pitch) for n in notes)


def _held(desk: Desk, part: int, goes: BoolArray, bars: set[int]) -> dict[Cell, Hold]:
    """Return what stays of the cells that are touched."""
    line, notes = Timeline.of(desk.frame), desk.frame.parts[part].notes
    at = line.bar_of(notes.onset)
    holds = {}
    for bar in bars:
        rows = notes.take((at == bar) & ~goes)
        if len(rows):
            start, end = (line.bar_start(b) // TICKS_PER_STEP for b in (bar, bar + 1))
            holds[Cell(part, bar)] = Hold(_steps(rows), "beside", ((start, end),))
    return holds


def _scope(desk: Desk, cells: Collection[Cell]) -> Scope:
    stretches: list[Stretch] = []
    for part in {c.part for c in cells}:
        stretches += whole_bars(desk.frame, (part,), {c.bar for c in cells if c.part == part}).stretches
    return Scope(tuple(stretches))


class _Mix:
    """Which notes go and which come: by bar and layer, as many as the strength says, bars spread evenly."""

    def __init__(self, desk: Desk, bars: Sequence[int], strength: float) -> None:
        self.desk, self.line = desk, Timeline.of(desk.frame)
        order = sorted(range(len(bars)), key=_spread)
        count = round(strength * LAYERS * len(bars))
        self.changed = {
            (layer, bars[bar])
            for rank, (layer, bar) in enumerate((k, b) for k in range(LAYERS) for b in order)
            if rank < count
        }

    def goes(self, part: int, bars: set[int]) -> BoolArray:
        """Return which notes of a part are given up."""
        notes = self.desk.frame.parts[part].notes
        return self._in(notes, bars)

    def comes(self, part: int, played: Played | None, bars: set[int], *, place: int) -> Notes:
        """Return the new notes of a part, as loud as what stood there."""
        if played is None or not played.rows:
            return Notes()
        rows = [(o * TICKS_PER_STEP, d * TICKS_PER_STEP, p) for o, d, p in played.rows]
        notes = Notes.of(rows)
        notes = notes.take(self._in(notes, bars))
        old = self.desk.frame.parts[part].notes
        every = np.concatenate(
            [p.notes.velocity for p in self.desk.frame.parts if len(p.notes)] or [np.array([68])]
        )
        loud = int(np.median(old.velocity if len(old) else every)) if every.size else USUAL_VELOCITY
        return notes.with_columns(
            velocity=np.full(len(notes), loud, np.int64), origin=np.full(len(notes), place, np.int64)
        )

    def bars_of(self, part: int, goes: BoolArray, fresh: Notes) -> set[int]:
        """Return the bars in which a part changes."""
        notes = self.desk.frame.parts[part].notes
        return {int(b) for n in (notes.take(goes), fresh) for b in self.line.bar_of(n.onset)}

    def _in(self, notes: Notes, bars: set[int]) -> BoolArray:
        at = self.line.bar_of(notes.onset).tolist()
        bass = (notes.pitch < BASS_BELOW).tolist()  # of a kit the bass drum and the snare
        return np.array(
            [b in bars and (0 if low else 1, b) in self.changed for b, low in zip(at, bass, strict=True)],
            bool,
        )


def _spread(number: int) -> float:
    """Return a number's place between 0 and 1 so that any first few numbers lie evenly (van der Corput, base 2).

    >>> [_spread(n) for n in (0, 1, 2, 3)]
    [0.0, 0.5, 0.25, 0.75]
    """
    place, size = 0.0, 0.5
    while number:
        place += size * (number & 1)
        number, size = number >> 1, size / 2
    return place
