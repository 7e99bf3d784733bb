"""blend and interpolate: bars between those of several pieces, written from their latents; others play to them anew.

Conventions: melody, bass and drums go between where every piece has them, and further voices with their counterparts
by height; other pitched parts are accompaniments, written again in their own texture by whoever helps, over the chords
of the piece that fits the new tune best.
This module writes nothing itself: see `zhiyin.fill.act`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from zhiyin.encode import encode_grid
from zhiyin.encode.bar_steps import DRUM_PITCHES, HOLD, Bars
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import Order
from zhiyin.fill.acts.between_chords import fitting_chords, with_chords
from zhiyin.fill.acts.between_pieces import Asked, Meeting, meet
from zhiyin.fill.acts.usual import as_it_was, sounding_cells, textures_as_they_are, usual
from zhiyin.fill.constraints import ChordsOnStrongBeats, Constraint
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.latent.leading import led_by
from zhiyin.fill.latent.path import path, point
from zhiyin.fill.latent.reading import PartBars, is_line, notes_of, read_part, share_held_over
from zhiyin.fill.latent.space import decode, encode, net_of, shares_of, vary
from zhiyin.fill.latent.verdicts import Between, ReadOnSixteenths, WhoWrote
from zhiyin.fill.request import Take
from zhiyin.fill.scope import Scope, whole_bars
from zhiyin.models.proposed import CellRolls, Proposed
from zhiyin.score import VELOCITY_LEVELS, Notes, Origin, Section, Timeline
from zhiyin.score.edit import slice_ticks
from zhiyin.score.edit_bars import copy_bars
from zhiyin.units import Float32Array

SURE = 0.985  # how much of a proposal is the bar that was found; the rest leaves room for wishes
ALONE = 1 - 1e-6  # a weight that leaves nothing to the other pieces
FAMILY = "vae"
USUAL_STEP_BARS = 4


def blend(
    desks: Sequence[Desk], rng: np.random.Generator, *, weights: Sequence[float] = (), strength: float = 1.0,
    asked: Asked | None = None,
) -> Order:  # fmt: skip
    """Return the order that blends the first bars of a piece with those of others; its other bars stay.

    weights: one a piece, equal when empty; strength: 0 leaves the first piece, 1 goes all the way to the blend. Raises
    InvalidInput for pieces that do not meet.
    """
    if not 0.0 < strength <= 1.0:
        raise InvalidInput(f"strength must be above 0 and up to 1, got {strength:g}: 1 is the whole blend")
    if len(desks) < 2:
        raise InvalidInput(f"a blend needs 2 pieces or more, got {len(desks)}: name another file")
    told = asked or Asked()
    share = strength * shares_of(weights or [1.0] * len(desks), len(desks))
    share[0] += 1.0 - float(share.sum())
    met = meet(desks, told)
    new = {part: _mixed(sides, share, rng) for part, sides in met.sides.items()}
    tune = next((one for part, one in new.items() if one.role == "melody" and part not in met.inner), None)
    desk = desks[0]
    if tune is not None:
        pieces = [(d.frame, f, s) for d, f, s in zip(desks, met.firsts, met.shifts, strict=True)]
        desk = with_chords(
            desk, dict(zip(met.span, fitting_chords(tune, pieces, share.tolist()), strict=True))
        )
    sides = {part: tuple(side.own for side in some) for part, some in met.sides.items()}
    weighed = tuple(round(float(s), 3) for s in share)
    typed = tuple(float(w) for w in weights)
    between = Between(sides, met.firsts[0], weighed, met.shifts[1:], typed)
    tells = (between, ReadOnSixteenths(met.moved, met.dropped))
    # What is one piece's alone keeps its own suspensions; between pieces lines must first sound together.
    leads_on = frozenset[int]() if float(share.max()) > ALONE else met.inner
    return _order(desk, new, met.span, tells=tells, keep=told.keep, inner=met.inner, anew=leads_on)


def interpolate(
    desks: tuple[Desk, Desk], rng: np.random.Generator, *, steps: int = 7, asked: Asked | None = None
) -> Order:
    """Return the order for a piece that goes from one to another: the same bars again and again, each time nearer.

    The first step is the piece as it is, the last has the other's lines; what lies between is written. Raises
    InvalidInput for fewer than 3 steps, more than 16, or for pieces that do not meet.
    """
    if not 3 <= steps <= 16:
        raise InvalidInput(f"steps must be 3..16, got {steps}: both pieces are steps themselves")
    if desks[0].is_performed:
        raise InvalidInput(
            f"a way between pieces needs written beats, got {desks[0].own.title!r} played freely: "
            "give a score, or a file with its beats"
        )
    told = asked or Asked(bars=USUAL_STEP_BARS)
    met = meet(desks, told)
    ways = {part: path(sides[0], sides[1], steps, rng=rng) for part, sides in met.sides.items()}
    desk = _repeated(met, steps, ways)
    new = {part: replace(way[1], bars=_joined(way[1:-1])) for part, way in ways.items()}
    span = range(met.bars, (steps - 1) * met.bars)
    desk = _harmonised(desk, met, ways)
    order = _order(
        desk,
        new,
        span,
        tells=(ReadOnSixteenths(met.moved, met.dropped),),
        keep=told.keep,
        end=steps * met.bars,
        inner=met.inner,
        anew=met.inner,
    )
    return replace(order, bars=steps * met.bars)


def vary_by_latent(desk: Desk, scope: Scope, rng: np.random.Generator, *, distance: float) -> Order | Take:
    """Return the order that varies melody, bass and drums of a scope by a distance in the space of latents.

    Other parts of the scope are written by whoever helps; a distance of 0 gives the score back as it is. Raises
    InvalidInput for a distance outside 0..1, where the scope holds none of the three, and for chords.
    """
    if not 0.0 <= distance <= 1.0:
        raise InvalidInput(f"distance must lie in 0..1, got {distance:g}: 0 stays, 1 is all new")
    if distance == 0.0:
        return as_it_was(desk)
    cells = scope.cells(desk.frame)
    rolls: dict[tuple[int, int], CellRolls] = {}
    roles: set[str] = set()
    for part in scope.parts:
        one = desk.frame.parts[part]
        role = "drums" if one.is_drums else one.role
        if len(one.notes) and role in ("melody", "bass", "drums"):
            bars = sorted({c.bar for c in cells if c.part == part})
            _refuse_chords(desk, part, bars)
            read = replace(read_part(desk.frame, part, bars=bars), role=role)
            rolls |= _rolls(desk, part, decode(vary(encode(read), distance, rng)), bars)
            roles.add(role)
    if not rolls:
        raise InvalidInput(
            "the family vae varies melody, bass and drums, got parts without them: use --family transformer"
        )
    led = {row - 1 for _, row in rolls}
    asked = usual(
        desk, cells, sounding=frozenset(c for c in sounding_cells(desk) & cells if c.part not in led)
    )
    textures = textures_as_they_are(desk, cells)
    parts = desk.frame.parts
    others = [i for i in scope.parts if i not in led and not parts[i].is_drums and len(parts[i].notes)]
    still = [i for i, p in enumerate(parts) if i not in scope.parts and len(p.notes) and is_line(p.notes)]
    wishes = (*asked.wishes, *led_by(parts, (*sorted(led), *still), others, register=textures.register_pitch))
    return Order(
        desk, scope, wishes, asked.limits, textures=textures, differs=True,
        leader=_leader(rolls, roles),
    )  # fmt: skip


def _refuse_chords(desk: Desk, part: int, bars: Sequence[int]) -> None:
    """Raise InvalidInput for a pitched part whose notes sound together: the family holds one at a time."""
    one = desk.frame.parts[part]
    notes = one.notes.take(np.isin(Timeline.of(desk.frame).bar_of(one.notes.onset), list(bars)))
    if not one.is_drums and not is_line(notes):
        raise InvalidInput(
            f"a {one.role} that the family vae varies must play one note at a time, got "
            f"{100 * share_held_over(notes):.0f}% of {len(notes)} notes sounding into the next in part {part + 1} "
            f"({one.name!r}): use --family transformer, or name a part that is one line with --parts"
        )


def _mixed(sides: Sequence[PartBars], share: Float32Array, rng: np.random.Generator) -> PartBars:
    """Return bars between all sides: from the first towards each of the others in turn, by their weights."""
    now, total = sides[0], float(share[0])
    for side, weight in zip(sides[1:], share[1:].tolist(), strict=True):
        total += weight
        now = point(now, side, weight / total if total else 0.0, rng=rng)
    return now


def _joined(phrases: Sequence[PartBars]) -> Bars:
    return Bars(
        np.concatenate([p.bars.steps for p in phrases]), np.concatenate([p.bars.lengths for p in phrases])
    )


def _order(
    desk: Desk, new: Mapping[int, PartBars], span: range, *, tells: tuple[Constraint, ...], keep: frozenset[int],
    end: int = 0, inner: frozenset[int] = frozenset(), anew: frozenset[int] = frozenset(),
) -> Order:  # fmt: skip
    """Return the order for new bars of some parts over a span, the other pitched parts playing to them.

    end: bar up to which the others play anew, the span's end when 0; inner: voices beside melody and bass; anew: those
    of them whose strong beats go to the chords, as lines mixed one by one do not sound together by themselves.
    """
    parts, bars = desk.frame.parts, list(span)
    others = [
        i for i, p in enumerate(parts) if i not in new and i not in keep and not p.is_drums and len(p.notes)
    ]
    wider = range(span.start, end or span.stop)
    stretches = whole_bars(desk.frame, new, bars).stretches
    if others:
        stretches += whole_bars(desk.frame, others, wider).stretches
    scope = Scope(stretches)
    cells = scope.cells(desk.frame)
    rolls: dict[tuple[int, int], CellRolls] = {}
    for part, one in new.items():
        rolls |= _rolls(desk, part, one, bars)
    sounded = frozenset(c for c in sounding_cells(desk) & cells if c.part not in new)
    asked = usual(desk, cells, sounding=sounded)
    chords = (ChordsOnStrongBeats(frozenset(others) | anew),) if others or anew else ()
    textures = textures_as_they_are(desk, frozenset(c for c in cells if c.part in others))
    lines = (*new, *(i for i in keep if is_line(parts[i].notes)))
    leads = led_by(parts, lines, others, register=textures.register_pitch)
    roles = {part: "inner" if part in inner else one.role for part, one in new.items()}
    who = WhoWrote(roles, tuple(others), wider)
    return Order(
        desk, scope, (*asked.wishes, *leads, *tells, who), (*asked.limits, *chords), textures=textures,
        leader=_leader(rolls, {one.role for one in new.values()}),
    )  # fmt: skip


def _leader(rolls: Mapping[tuple[int, int], CellRolls], roles: set[str]) -> Proposed:
    nets = {net_of(role).name: net_of(role) for role in sorted(roles)}
    pieces: dict[str, int] = {}
    for net in nets.values():
        for name, count in net.card.get("train_pieces", {}).items():
            pieces[name] = max(pieces.get(name, 0), int(count))
    version = "".join(net.version[:6] for net in nets.values())
    return Proposed(rolls, name=FAMILY, version=version, card={"train_pieces": pieces})


def _rolls(desk: Desk, part: int, new: PartBars, bars: Sequence[int]) -> dict[tuple[int, int], CellRolls]:
    """Return what is proposed for the cells of a part: its new bars, nearly sure, at the loudness it had."""
    columns = encode_grid(desk.frame).bars
    velocity = desk.frame.parts[part].notes.velocity
    level = np.searchsorted(VELOCITY_LEVELS, float(velocity.mean()) if velocity.size else 80.0)
    own, found = new.own, {}
    for index, bar in enumerate(bars):
        size = int(own.lengths[index])
        strike, hold = np.zeros((size, 128), np.float32), np.zeros((size, 128), np.float32)
        steps = own.steps[index, :size]
        if own.is_kit:
            place, kind = np.nonzero(steps)
            strike[place, np.array(DRUM_PITCHES)[kind]] = SURE
        else:
            struck = np.flatnonzero(steps < HOLD)
            strike[struck, steps[struck]] = SURE
            hold[steps == HOLD] = SURE
        column = int(np.flatnonzero(columns == bar)[0])
        levels = np.full(size, min(int(level), 7), np.float32)
        found[column, part + 1] = CellRolls(strike, hold, levels, is_mono=not own.is_kit)
    return found


def _repeated(met: Meeting, steps: int, ways: Mapping[int, tuple[PartBars, ...]]) -> Desk:
    """Return the desk of the paired bars again and again, the last time with the other's lines, sections named."""
    desk, other = met.desks
    line = Timeline.of(desk.frame)
    start, end = line.bar_start(met.span.start), line.bar_start(met.span.stop)
    once = replace(slice_ticks(desk.own, start, end), locks=(), sections=())
    long = copy_bars(once, (0, met.bars - 1), met.bars, times=steps - 1)
    size, last = end - start, (steps - 1) * (end - start)
    origin = Origin("file", other.own.title, f"moved by {met.shifts[1]:+d} semitones")
    edges = Timeline.of(long).bar_starts(steps * met.bars)[-met.bars - 1 : -1]
    parts = list(long.parts)
    for part, way in ways.items():
        theirs = notes_of(way[-1], edges)
        theirs = theirs.with_columns(origin=np.full(len(theirs), len(long.provenance)))
        kept = parts[part].notes.take(parts[part].notes.onset < last)
        parts[part] = parts[part].with_notes(Notes.concat([kept, theirs]))
    sections = tuple(Section(k * size, f"{k + 1}/{steps}") for k in range(steps))
    told = replace(long.with_parts(parts), sections=sections, provenance=(*long.provenance, origin))
    return lay_out(told)


def _harmonised(desk: Desk, met: Meeting, ways: Mapping[int, tuple[PartBars, ...]]) -> Desk:
    """Return the desk with the chords of every step: those of the piece that fits its tune best."""
    way = next((w for part, w in ways.items() if w[0].role == "melody" and part not in met.inner), None)
    if way is None:
        return desk
    pieces = [(d.frame, f, s) for d, f, s in zip(met.desks, met.firsts, met.shifts, strict=True)]
    chosen = {}
    for number, tune in enumerate(way):
        share = number / (len(way) - 1)
        for index, chords in enumerate(fitting_chords(tune, pieces, (1 - share, share))):
            chosen[number * met.bars + index] = chords
    return with_chords(desk, chosen)
