"""Accompanying by rule: a tune with its chords is given, the style book's band plays under it.

Conventions: given parts stay note for note; chords, keys and sections come from the score, or are found in it.
This module writes no tunes: see `zhiyin.fill.rules` for whole pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zhiyin.analysis.harmony import find_chords
from zhiyin.analysis.key import find_keys
from zhiyin.errors import InvalidInput
from zhiyin.fill.compose_plan import constraints_of
from zhiyin.fill.constraints import (
    ChordsOnStrongBeats,
    Constraint,
    DrumMap,
    InRange,
    KeepMetre,
    KeepTempo,
    Locked,
    MaxPolyphony,
    WithinBars,
    WithinReach,
)
from zhiyin.fill.decode import judged
from zhiyin.fill.norms import norms_of
from zhiyin.fill.plan import Plan, PlannedSection, Player, Texture
from zhiyin.fill.plan_players import choose_players
from zhiyin.fill.request import Request, Take
from zhiyin.fill.rules import FAMILY
from zhiyin.fill.rules_mend import mend
from zhiyin.fill.rules_plan import book_of
from zhiyin.score import Cell, Origin, Part, Score, Timeline, Wishes
from zhiyin.stylebook import Style, arrange, default_players
from zhiyin.stylebook.form import ENERGY
from zhiyin.stylebook.stage import build_stage, kind_of
from zhiyin.theory.chord import Chord
from zhiyin.theory.style_words import base_style, find_style
from zhiyin.units import Ticks

SECTION_BARS = 8


def accompany(score: Score, style: str, *, seed: int, players: Sequence[str] = ()) -> Take:
    """Return the score with a band of a style under its parts; the parts given stay note for note.

    players: instruments of the band, the style's own without its tune when none are named. Raises InvalidInput for a
    pick-up, a change of metre, no chords to be heard, or a style without a book; ConstraintsUnmet as `compose` does.
    """
    book = replace(book_of(find_style(style)), chromatic=False)
    plan = plan_under(score, style, book, players=players)
    rng = np.random.default_rng([seed, 11])
    band = arrange(plan, book, rng)
    wishes = constraints_of(plan, Wishes())
    stage = build_stage(plan, book, np.random.default_rng([seed, 11]))
    limits = next(c.limits for c in wishes if isinstance(c, MaxPolyphony))
    reaches = next(c.reaches for c in wishes if isinstance(c, WithinReach))
    band = mend(stage, band, limits=limits, reaches=reaches)
    return _joined(score, band, plan, book, seed=seed)


def plan_under(score: Score, style: str, book: Style, *, players: Sequence[str] = ()) -> Plan:
    """Return the plan of a band under a score: its bars, chords, keys and sections."""
    if score.pickup_ticks or len(score.metres) > 1:
        raise InvalidInput(
            f"a score to accompany by rule must have one metre and no pick-up, got {len(score.metres)} metres and "
            f"{score.pickup_ticks} ticks: take the pick-up off, or use --family transformer"
        )
    metre, bars = score.metres[0].metre, Timeline.of(score).bar_count(score.end)
    keys = score.keys or find_keys(score)
    sections = _sections(score, bars, metre.bar_ticks)
    energy = tuple(s.energy for s in sections for _ in range(s.bars))
    name = find_style(style)
    base = base_style(name)
    band = _band(book, name, sections, players)
    return Plan(
        title=score.title, style=base, variant="" if base == name else name, moods=(),
        key=keys[0].key, metre=metre,
        tempo_bpm=score.tempos[0].bpm, bars=bars, sections=sections, chords=_chords(score), players=band,
        energy=energy,
        textures=tuple((Texture(),) * bars for _ in band),
    )  # fmt: skip


def _sections(score: Score, bars: int, size: Ticks) -> tuple[PlannedSection, ...]:
    """Return the score's sections, or stretches of eight bars that rise and fall, at the energies of their kinds."""
    starts = sorted({s.tick // size: s.name for s in score.sections if s.tick < bars * size}.items())
    if not starts or starts[0][0] != 0:
        names = ("A", "B")
        starts = [(bar, names[bar // SECTION_BARS % 2]) for bar in range(0, bars, SECTION_BARS)]
    ends = [bar for bar, _ in starts[1:]] + [bars]
    return tuple(
        PlannedSection(name, bar, end - bar, energy=ENERGY[kind_of(name)])
        for (bar, name), end in zip(starts, ends, strict=True)
    )


def _chords(score: Score) -> tuple[tuple[Ticks, Chord], ...]:
    """Return the score's chords, found where it has none, from tick 0 on."""
    marks = score.chords or find_chords(score, score.keys or find_keys(score))
    named = [(mark.tick, mark.chord) for mark in marks if mark.chord is not None and mark.tick < score.end]
    if not named:
        raise InvalidInput(
            f"a score to accompany must have chords or let them be heard, got {len(marks)} marks and none: "
            "write chord symbols, or harmonise it first"
        )
    named[0] = (0, named[0][1])
    return tuple(mark for i, mark in enumerate(named) if i == 0 or mark[1] != named[i - 1][1])


def _band(
    book: Style, style: str, sections: tuple[PlannedSection, ...], players: Sequence[str]
) -> tuple[Player, ...]:
    if players:  # a singer stands in for the tune, so that nobody else takes it
        asked = choose_players(norms_of(style), asked=("voice", *players))[1:]
        return tuple(replace(p, role="inner") if p.role == "melody" else p for p in asked)
    own = [(b.instrument, b.role) for b in default_players(book, sections) if b.role != "melody"]
    return tuple(
        p
        for p in choose_players(replace(norms_of(style), players=(*own, ("flute", "melody"))))
        if p.role != "melody"
    )


def _joined(score: Score, band: Score, plan: Plan, book: Style, *, seed: int) -> Take:
    """Return the given parts and the band as one checked take."""
    given = len(score.parts)
    names = {part.name for part in score.parts}
    origin = Origin("model", "stylebook", f"rules accompany style={book.name} seed={seed}")
    place = len(score.provenance)
    parts: list[Part] = []
    for part in band.parts:
        name = part.name if part.name not in names else f"{part.name}, band"
        notes = part.notes.with_columns(origin=np.full(len(part.notes), place, np.int64))
        parts.append(replace(part, name=name, notes=notes))
    empty = [p.with_notes(p.notes.between(0, 0)) for p in parts]
    frame = score.with_parts((*score.parts, *empty))
    write = frozenset(Cell(given + p, b) for p in range(len(parts)) for b in range(plan.bars))
    constraints = _constraints(frame, plan, write, given)
    instruments = ("",) * given + tuple(p.instrument for p in plan.players)
    request = Request(
        score=frame, write=write, constraints=constraints, seed=seed, family=FAMILY, style=plan.style, bars=plan.bars,
        instruments=instruments,
    )  # fmt: skip
    whole = replace(score.with_parts((*score.parts, *parts)), provenance=(*score.provenance, origin))
    if not score.chords:
        whole = replace(whole, chords=band.chords)
    return Take(whole, request, seed, judged(whole, constraints))


def _constraints(frame: Score, plan: Plan, write: frozenset[Cell], given: int) -> tuple[Constraint, ...]:
    band = frozenset(range(given, given + len(plan.players)))
    return (
        KeepTempo(plan.tempo_bpm), KeepMetre(plan.metre),
        InRange(("",) * given + tuple(p.instrument for p in plan.players)),
        ChordsOnStrongBeats(band), DrumMap(), WithinBars(plan.bars), Locked(frame, write),
    )  # fmt: skip
