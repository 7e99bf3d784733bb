"""From a plan to a finished score: sections written in order, returns recalled and varied.

Conventions: a section that repeats another copies its cells and writes anew those whose chords or place differ,
and as many more as its variation asks. This module does not make plans (`zhiyin.fill.plan_make`).
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.context import mood_code
from zhiyin.encode.levels import density_level, polyphony_level
from zhiyin.fill.constraints import (
    Backbeat,
    ChordsOnStrongBeats,
    Closes,
    Constraint,
    Density,
    DrumMap,
    InKey,
    InRange,
    KeepBars,
    KeepMetre,
    KeepPlayers,
    KeepSeconds,
    KeepTempo,
    MaxPolyphony,
    NearRegister,
    NoteValues,
    Sounds,
    WithinBars,
    WithinReach,
)
from zhiyin.fill.constraints.reach import GUITAR, ONE_HAND, TWO_HANDS
from zhiyin.fill.constraints.register import BACKING_WIDTH, WIDTH
from zhiyin.fill.decode import judged, origin_of, write_cells
from zhiyin.fill.plan import Plan, PlannedSection, Player
from zhiyin.fill.request import Request, Sampling, Take, Textures
from zhiyin.models import StepModel
from zhiyin.score import (
    Cell,
    ChordMark,
    KeyMark,
    MetreMark,
    Notes,
    Part,
    Score,
    Section,
    Tempo,
    Timeline,
    Wishes,
)
from zhiyin.theory.instruments import Instrument, find_instrument
from zhiyin.units import IntArray, Ticks

Progress = Callable[[int, int], None]
# How loosely texture wishes are told: spread of log density from bar to bar, share of wishes left open.
DENSITY_SPREAD, OPEN_SHARE = 0.35, 0.3
STEADY_ROLES = ("bass", "drums", "chords")  # a rhythm section keeps its pace
# Notes at once when nobody asked for a number: a tune with thirds and sixths, an accompaniment of one hand.
ROLE_POLYPHONY = {"melody": 3, "accompaniment": 5, "chords": 5, "inner": 2, "bass": 1}
# Styles whose pages are full of triplets; swing is played, not written.
TRIPLET_STYLES = frozenset(
    {"romantic-piano", "art-song", "mazurka", "polonaise", "nocturne", "etude", "string-quartet", "orchestral",
     "classical", "chamber", "folk", "march", "guitar"}
)  # fmt: skip
EXACT_S = 0.02
BACKBEAT_STYLES = ("pop", "rock")
KITS = ("drums", "drum-machine")
GROOVE_BARS = 2  # drums repeat a groove of so many bars
FILL_EVERY = 8  # and play something else in every so manieth bar and at the end of a section


def compose(
    plan: Plan,
    wishes: Wishes,
    *,
    model: StepModel,
    seed: int,
    take: int = 0,
    sampling: Sampling | None = None,
    progress: Progress = lambda done, total: None,
) -> Take:
    """Return a finished take of a plan; the same plan, seed and take give the same score.

    wishes: what was asked, for the checks; progress: called with (cells written, cells in all).
    Raises ConstraintsUnmet when a hard wish is not kept.
    """
    frame = frame_of(plan)
    constraints = constraints_of(plan, wishes)
    every = frozenset(Cell(p, b) for p in range(len(plan.players)) for b in range(plan.bars))
    request = Request(
        score=frame, write=every, constraints=constraints, seed=seed, style=plan.style, mood=_mood(plan),
        instruments=tuple(p.instrument for p in plan.players),
        textures=textures_of(plan, np.random.default_rng([seed, take, 1])), bars=plan.bars,
        sampling=sampling or Sampling(),
    )  # fmt: skip
    origin = origin_of(request, model, take)
    rng = np.random.default_rng([seed, take])
    score, steps, total = frame, 0, len(every)
    for section in plan.sections:
        score, cells, like = _recall(plan, score, section, rng)
        for stage in _stages(plan, section, cells):
            score = _copy(plan, score, stage.copied, stage.source, 0) if stage.copied else score
            if stage.cells:
                part = replace(request, score=score, write=stage.cells, like=like)
                score, used = write_cells(part, model, rng, origin=origin)
                steps += used
        progress(section.end_bar * len(plan.players), total)
    score = _ended(plan, wishes, score)
    return Take(score, request, seed, judged(score, constraints), steps)


def _ended(plan: Plan, wishes: Wishes, score: Score) -> Score:
    """Return the score ended on the second that was asked, inside its last bar, when whole bars run past it."""
    if wishes.seconds is None or plan.seconds <= wishes.seconds + EXACT_S:
        return score
    end = int(Timeline.of(score).seconds_to_ticks(wishes.seconds))
    if end <= (plan.bars - 1) * plan.metre.bar_ticks:
        return score
    parts = []
    for part in score.parts:
        notes = part.notes.between(0, end)
        parts.append(
            part.with_notes(notes.with_columns(duration=np.minimum(notes.duration, end - notes.onset)))
        )
    return replace(score, parts=tuple(parts), length_ticks=end)


@dataclass(frozen=True)
class _Stage:
    """One step of writing a section: cells copied from the bars in `source`, then cells written."""

    cells: frozenset[Cell]
    copied: frozenset[Cell] = frozenset()
    source: IntArray = field(default_factory=lambda: np.empty(0, np.int64))


def _stages(plan: Plan, section: PlannedSection, cells: frozenset[Cell]) -> list[_Stage]:
    """Return how a section is written: the players, then a groove of two bars that drums repeat, then their fills."""
    drums = {c for c in cells if plan.players[c.part].is_drums}
    if not drums:
        return [_Stage(cells)]
    groove = {c for c in drums if c.bar < section.first_bar + GROOVE_BARS}
    source = np.arange(plan.bars)
    repeated = set()
    for cell in drums - groove:
        place = cell.bar - section.first_bar
        like = Cell(cell.part, section.first_bar + place % GROOVE_BARS)
        is_fill = (place + 1) % FILL_EVERY == 0 or cell.bar == section.end_bar - 1
        same_rest = plan.textures[cell.part][cell.bar].is_empty == plan.textures[cell.part][like.bar].is_empty
        if not is_fill and same_rest:
            repeated.add(cell)
            source[cell.bar] = like.bar
    fills = drums - groove - repeated
    return [
        _Stage(frozenset(cells - drums)),
        _Stage(frozenset(groove)),
        _Stage(frozenset(fills), frozenset(repeated), source),
    ]


def frame_of(plan: Plan) -> Score:
    """Return the score of a plan with every mark and player, and no notes."""
    bar = plan.metre.bar_ticks
    keys = [(s.first_bar * bar, plan.key.transpose(s.key_shift)) for s in plan.sections]
    marks = tuple(KeyMark(t, k) for i, (t, k) in enumerate(keys) if i == 0 or k != keys[i - 1][1])
    parts = (Part(p.part, role=p.role, program=p.program, is_drums=p.is_drums) for p in plan.players)
    return Score(
        title=plan.title,
        parts=tuple(parts),
        tempos=(Tempo(0, plan.tempo_bpm),),
        metres=(MetreMark(0, plan.metre),),
        keys=marks,
        chords=tuple(ChordMark(tick, chord) for tick, chord in plan.chords),
        sections=tuple(Section(s.first_bar * bar, s.name) for s in plan.sections),
        length_ticks=plan.length_ticks,
        credits=(("composer", "Zhiyin 知音"),),
    )


def constraints_of(plan: Plan, wishes: Wishes) -> tuple[Constraint, ...]:
    """Return every wish that a plan and the person's words carry, as contracts."""
    names = tuple(p.instrument for p in plan.players)
    instruments = [find_instrument(name) for name in names]
    most = plan.polyphony
    empty = frozenset(
        Cell(p, b) for p, row in enumerate(plan.textures) for b, t in enumerate(row) if t.is_empty
    )
    every = frozenset(Cell(p, b) for p in range(len(names)) for b in range(plan.bars))
    chosen: list[Constraint] = [
        KeepTempo(plan.tempo_bpm),
        KeepMetre(plan.metre),
        KeepBars(plan.bars),
        KeepPlayers(names, wishes.excluded),
        InKey(plan.key),
        InRange(names),
        ChordsOnStrongBeats(),
        DrumMap(),
        Sounds(every - empty, empty),
        MaxPolyphony(tuple(_polyphony(p, i, most) for p, i in zip(plan.players, instruments, strict=True))),
        WithinReach(tuple(_reach(p, i) for p, i in zip(plan.players, instruments, strict=True))),
        WithinBars(plan.bars),
        NoteValues(plan.style in TRIPLET_STYLES),
        NearRegister(_middles(plan), tuple(_width(p) for p in plan.players)),
    ]
    final = (plan.bars - 1) * plan.metre.bar_ticks
    if not any(tick > final for tick, _ in plan.chords):  # one chord to land on
        chosen.append(Closes(plan.bars))
    # The last bar may end early, on its first chord.
    kits = frozenset(c for c in every - empty if names[c.part] in KITS and c.bar < plan.bars - 1)
    if plan.style in BACKBEAT_STYLES and kits:
        chosen.append(Backbeat(kits))
    if wishes.seconds is not None:
        chosen.append(KeepSeconds(wishes.seconds))
    if wishes.density is not None:
        lead = next((i for i, p in enumerate(plan.players) if p.role == "melody"), 0)
        chosen.append(Density(lead, wishes.density))
    return tuple(chosen)


def _polyphony(player: Player, instrument: Instrument, asked: int | None) -> int:
    """Return the most notes at once: what was asked, or what the role calls for, within the instrument's own."""
    return min(instrument.polyphony, asked or ROLE_POLYPHONY.get(player.role, 6))


def _reach(player: Player, instrument: Instrument) -> int:
    """Return the widest chord a player can strike, 0 where the instrument sets none."""
    if instrument.family == "keyboard":
        return ONE_HAND if player.part.endswith((", upper", ", lower")) else TWO_HANDS
    return GUITAR if instrument.family == "plucked" else 0


def textures_of(plan: Plan, rng: np.random.Generator) -> Textures:
    """Return the plan's texture wishes as levels, (bars, parts), loosened so that bars differ as people's do.

    A wish for every cell at its mean makes every bar the same: densities vary by about a third, some stay open.
    """
    textures = Textures.open(plan.bars, len(plan.players))
    for part, row in enumerate(plan.textures):
        for bar, wish in enumerate(row):
            if wish.is_empty:
                textures.density[bar, part] = textures.polyphony[bar, part] = 0
                textures.register_pitch[bar, part] = 0.0
                continue
            spread, is_open = rng.normal(0.0, DENSITY_SPREAD), rng.random(2) < OPEN_SHARE
            if plan.players[part].role in STEADY_ROLES:
                spread, is_open = spread / 3, is_open & False
            if wish.density is not None and not is_open[0]:
                textures.density[bar, part] = density_level(wish.density * np.exp(spread))
            if wish.polyphony is not None and not is_open[1]:
                textures.polyphony[bar, part] = polyphony_level(wish.polyphony)
            if wish.register is not None:
                textures.register_pitch[bar, part] = wish.register
    return textures


def _width(player: Player) -> int:
    return BACKING_WIDTH if player.role in ("chords", "accompaniment") else WIDTH


def _middles(plan: Plan) -> NDArray[np.float64]:
    """Return (bars, parts) planned mean pitches, nan where open."""
    rows = [[np.nan if t.register is None else t.register for t in row] for row in plan.textures]
    return np.array(rows, np.float64).T


def _mood(plan: Plan) -> int:
    asked = [t.density for row in plan.textures for t in row if t.density is not None]
    return mood_code(is_minor=plan.key.is_minor, bpm=plan.tempo_bpm, density=float(np.mean(asked or [1.0])))


def _recall(
    plan: Plan, score: Score, section: PlannedSection, rng: np.random.Generator
) -> tuple[Score, frozenset[Cell], IntArray]:
    """Return (score with recalled cells copied in, cells still to write, earlier bar each bar resembles)."""
    parts = range(len(plan.players))
    like = np.full(plan.bars, -1, np.int64)
    cells = {Cell(p, b) for p in parts for b in range(section.first_bar, section.end_bar)}
    if section.like < 0:
        return score, frozenset(cells), like
    source = plan.sections[section.like]
    shift = section.key_shift - source.key_shift
    copied: set[Cell] = set()
    for bar in range(section.first_bar, section.end_bar):
        from_bar = source.first_bar + bar - section.first_bar
        if from_bar >= source.end_bar:
            continue
        like[bar] = from_bar
        is_last = bar == plan.bars - 1 or bar == section.end_bar - 1
        if _chords_in(plan, bar, shift=0) != _chords_in(plan, from_bar, shift=shift) or is_last:
            continue
        for part in parts:
            same_rest = plan.textures[part][bar].is_empty == plan.textures[part][from_bar].is_empty
            # A bar that only holds a note from the bar before cannot be copied without it.
            start = from_bar * plan.metre.bar_ticks
            begins = len(score.parts[part].notes.between(start, start + plan.metre.bar_ticks)) > 0
            can_copy = same_rest and (begins or plan.textures[part][bar].is_empty)
            if rng.random() >= 0.6 * section.variation and can_copy:
                copied.add(Cell(part, bar))
    score = _copy(plan, score, copied, like, shift)
    return score, frozenset(cells - copied), like


def _chords_in(plan: Plan, bar: int, *, shift: int) -> list[tuple[Ticks, object]]:
    """Return the (offset, chord) in force through a bar, moved by a shift."""
    start = bar * plan.metre.bar_ticks
    end = start + plan.metre.bar_ticks
    inside = [(t - start, c.transpose(shift)) for t, c in plan.chords if start < t < end]
    return [(0, plan.chord_at(start).transpose(shift)), *inside]


def _copy(plan: Plan, score: Score, cells: Set[Cell], like: IntArray, shift: int) -> Score:
    """Return the score with the cells' notes copied from the bars they resemble, cut at the end of a copied run."""
    bar_ticks = plan.metre.bar_ticks
    parts = []
    for index, part in enumerate(score.parts):
        pieces = [part.notes]
        for cell in sorted(c for c in cells if c.part == index):
            from_tick, to_tick = int(like[cell.bar]) * bar_ticks, cell.bar * bar_ticks
            notes = part.notes.between(from_tick, from_tick + bar_ticks)
            if not len(notes):
                continue
            run_end = cell.bar + 1
            while Cell(index, run_end) in cells:
                run_end += 1
            onset = notes.onset - from_tick + to_tick
            pitch = (
                notes.pitch if part.is_drums else _within(notes.pitch + shift, plan.players[index].instrument)
            )
            duration = np.minimum(notes.duration, run_end * bar_ticks - onset)
            pieces.append(notes.with_columns(onset=onset, duration=duration, pitch=pitch, spelling=None))
        parts.append(part.with_notes(Notes.concat(pieces)))
    return score.with_parts(parts)


def _within(pitch: IntArray, instrument: str) -> IntArray:
    """Return pitches moved together by octaves into an instrument's range."""
    found = find_instrument(instrument)
    while pitch.max() > found.high and pitch.min() - 12 >= found.low:
        pitch = pitch - 12
    while pitch.min() < found.low and pitch.max() + 12 <= found.high:
        pitch = pitch + 12
    return pitch
