"""From a plan to a finished score: sections written in order, returns recalled and varied.

Conventions: a section that repeats another takes over what `zhiyin.fill.recall` leaves it; the rest is written with
the earlier section and the last bars in view. This module does not make plans (`zhiyin.fill.plan_make`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.context import mood_code
from zhiyin.encode.levels import density_level, polyphony_level
from zhiyin.fill.best_of import best_of
from zhiyin.fill.constraints import (
    Backbeat,
    ChordsOnStrongBeats,
    Closes,
    Constraint,
    DegreeProfile,
    Density,
    DrumMap,
    Foundation,
    InKey,
    InRange,
    KeepBars,
    KeepMetre,
    KeepPlayers,
    KeepSeconds,
    KeepTempo,
    LeaningTones,
    MaxPolyphony,
    MoodLines,
    NearRegister,
    NoGaps,
    NoteValues,
    Original,
    Sounds,
    VoiceLeading,
    WithinBars,
    WithinReach,
)
from zhiyin.fill.constraints.cadence import CLOSE, PAUSE, Cadences
from zhiyin.fill.constraints.reach import GUITAR, ONE_HAND, TWO_HANDS
from zhiyin.fill.constraints.register import BACKING_WIDTH, WIDTH
from zhiyin.fill.decode import judged, origin_of, seeds_of, write_cells
from zhiyin.fill.ensemble import Ensemble, best_member
from zhiyin.fill.form import phrases_of
from zhiyin.fill.manners_plan import wish_of
from zhiyin.fill.norms import norms_of
from zhiyin.fill.plan import Plan, PlannedSection, Player
from zhiyin.fill.plan_tone import toned
from zhiyin.fill.recall import copied_into, recall
from zhiyin.fill.request import Request, Take, Textures
from zhiyin.fill.sampling import Sampling
from zhiyin.fill.team import refuse_unserved
from zhiyin.models import StepModel
from zhiyin.score import (
    Cell,
    ChordMark,
    KeyMark,
    MetreMark,
    Part,
    Score,
    Section,
    Tempo,
    Timeline,
    Wishes,
)
from zhiyin.theory.chinese import passing_notes
from zhiyin.theory.instruments import Instrument, find_instrument
from zhiyin.units import TICKS_PER_STEP, IntArray

Progress = Callable[[int, int], None]
# How loosely texture wishes are told: spread of log density from bar to bar, share of wishes left open.
DENSITY_SPREAD, OPEN_SHARE = 0.35, 0.3
# Levels of texture are coarse and models lag behind them: density is asked with so much more of the energy's rise.
ENERGY_LEAN = 0.8
CHROMATIC_STYLE = 0.4  # how chromatic a style's chords are (norms) for its tunes to pass by semitone
VOICE_LED, FEWEST_VOICES = ("chorale", "hymn", "choir", "string-quartet"), 3  # styles of part-writing
SUNG_ON = ("chorale", "hymn", "choir")  # people rest 2 to 4 % of the time inside their bars, in quartets 15 %
LED_ROLES = ("melody", "inner", "bass")
LEANING_ROLES = ("melody", "inner")  # parts that may put a tone beside the chord on a strong beat
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
# How strongly Chinese tunes lean on the counts of folk songs: in pitch, in when the next note comes, and what is left
# of the model's own chances beside them.
FOLK_STRENGTH, FOLK_PACE, FOLK_TRUST = 1.0, 1.0, 0.5
KITS = ("drums", "drum-machine")
GROOVE_BARS = 2  # drums repeat a groove of so many bars
SHORTEST_CLOSED = 4  # bars of a section whose end is a cadence
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
    chosen = sampling or Sampling()
    if isinstance(model, Ensemble):
        told: Any = {"seed": seed, "take": take, "sampling": sampling, "progress": progress}
        each = [(name, partial(compose, plan, wishes, model=one, **told)) for name, one in model.members]
        return best_member(each, style=plan.style)

    def write(candidate: int) -> Take:
        seeds = seeds_of(seed, take, candidate)

        def tell(done: int, total: int) -> None:
            progress(candidate * total + done, chosen.best_of * total)

        return _written(plan, wishes, model, seeds, sampling=chosen, progress=tell)

    return best_of(chosen.best_of, write, style=plan.style)


def _written(
    plan: Plan, wishes: Wishes, model: StepModel, seeds: list[int], *, sampling: Sampling, progress: Progress
) -> Take:
    """Return one take; seeds: the request's, the take's and, past the first candidate, the candidate's."""
    frame, constraints = frame_of(plan), constraints_of(plan, wishes)
    every = frozenset(Cell(p, b) for p in range(len(plan.players)) for b in range(plan.bars))
    request = Request(
        score=frame, write=every, constraints=constraints, seed=seeds[0], style=plan.style, mood=_mood(plan),
        instruments=tuple(p.instrument for p in plan.players),
        textures=textures_of(plan, np.random.default_rng([*seeds[:2], 1, *seeds[2:]])), bars=plan.bars,
        sampling=sampling,
    )  # fmt: skip
    refuse_unserved(model, request)
    origin = origin_of(request, model, seeds[1])
    rng = np.random.default_rng(seeds)
    score, steps, total = frame, 0, len(every)
    for section in plan.sections:
        begun = recall(plan, score, section, rng=rng)
        score = begun.score
        # Returns are copied where they stay: what is written in them is to differ.
        bold = replace(sampling, likeness=0.0) if section.like >= 0 else sampling
        for stage in _stages(plan, section, begun.cells):
            score = (
                copied_into(plan, score, stage.copied, like=stage.source, shift=0) if stage.copied else score
            )
            if stage.cells:
                part = replace(request, score=score, write=stage.cells, like=begun.like, sampling=bold)
                score, used = write_cells(part, model, rng, origin=origin)
                steps += used
        progress(section.end_bar * len(plan.players), total)
    score = toned(plan, ended(plan, wishes, score))
    return Take(score, request, seeds[0], judged(score, constraints), steps)


def ended(plan: Plan, wishes: Wishes, score: Score) -> Score:
    """Return the score with the plan's tempos, ended on the second that was asked where whole bars run past it."""
    score = replace(score, tempos=tempos_of(plan))
    end = _cut_ticks(plan, wishes, Timeline.of(score))
    if not end:
        return score
    parts = []
    for part in score.parts:
        notes = part.notes.between(0, end)
        parts.append(
            part.with_notes(notes.with_columns(duration=np.minimum(notes.duration, end - notes.onset)))
        )
    return replace(score, parts=tuple(parts), length_ticks=end)


def _cut_ticks(plan: Plan, wishes: Wishes, line: Timeline) -> int:
    """Return where inside the last bar a piece of so many seconds ends, 0 where it is whole."""
    if wishes.seconds is None or plan.seconds <= wishes.seconds + EXACT_S:
        return 0
    end = int(line.seconds_to_ticks(wishes.seconds))
    return end if end > (plan.bars - 1) * plan.metre.bar_ticks else 0


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


def tempos_of(plan: Plan) -> tuple[Tempo, ...]:
    """Return the tempo marks of a plan."""
    return (Tempo(0, plan.tempo_bpm), *(Tempo(tick, bpm) for tick, bpm in plan.tempos))


def frame_of(plan: Plan) -> Score:
    """Return the score of a plan with every mark and player, and no notes."""
    bar = plan.metre.bar_ticks
    keys = [(s.first_bar * bar, plan.key_of(s)) for s in plan.sections]
    marks = tuple(KeyMark(t, k) for i, (t, k) in enumerate(keys) if i == 0 or k != keys[i - 1][1])
    parts = (Part(p.part, role=p.role, program=p.program, is_drums=p.is_drums) for p in plan.players)
    return Score(
        title=plan.title,
        parts=tuple(parts),
        tempos=tempos_of(plan),
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
        _in_key(plan),
        InRange(names),
        *_on_strong_beats(plan, wishes),
        DrumMap(),
        Sounds(every - empty, empty),
        MaxPolyphony(tuple(_polyphony(p, i, most) for p, i in zip(plan.players, instruments, strict=True))),
        WithinReach(tuple(_reach(p, i) for p, i in zip(plan.players, instruments, strict=True))),
        WithinBars(plan.bars, _last_steps(plan, wishes)),
        NoteValues(plan.style in TRIPLET_STYLES),
        NearRegister(_middles(plan), tuple(_width(p) for p in plan.players)),
    ]
    if plan.style == "chinese":
        chosen.append(DegreeProfile(_lead(plan), plan.key, FOLK_STRENGTH, FOLK_PACE, FOLK_TRUST))
    floor = _floor(plan)
    if floor is not None:
        chosen.append(Foundation(floor))
    voices = _singing_or_bass(plan)
    if (plan.style in VOICE_LED or _is_sung(plan)) and len(voices) >= FEWEST_VOICES:
        chosen += _led(plan, voices)
    chosen += [Cadences(ends_of(plan)), Original()]
    manners = wish_of(plan)
    chosen += [manners] if manners else []
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
        chosen.append(Density(_lead(plan), wishes.density))
    if any(feeling.valence or feeling.arousal for feeling in plan.feelings):
        chosen.append(mood_lines(plan))
    return tuple(chosen)


def mood_lines(plan: Plan) -> MoodLines:
    """Return the wish that lines go as the plan's feelings have it."""
    density = [[np.nan if t.density is None else t.density for t in row] for row in plan.textures]
    return MoodLines(
        _middles(plan), np.array(density, np.float64).T, tuple(f.leaps for f in plan.feelings),
        tuple(f.contour for f in plan.feelings), tuple(f.valence for f in plan.feelings), _singing(plan),
    )  # fmt: skip


def _on_strong_beats(plan: Plan, wishes: Wishes) -> tuple[Constraint, ...]:
    """Return what strong beats hold: chord tones where the person named the chords, else tunes may lean on them."""
    singing = _singing(plan)
    if wishes.chords or not singing:
        return (ChordsOnStrongBeats(),)
    return (ChordsOnStrongBeats(frozenset(range(len(plan.players))) - singing), LeaningTones(singing))


def _singing_or_bass(plan: Plan) -> tuple[int, ...]:
    """Return the parts of single lines, highest first by the middle of their instruments."""
    lines = [(i, find_instrument(p.instrument)) for i, p in enumerate(plan.players) if p.role in LED_ROLES]
    return tuple(i for i, _ in sorted(lines, key=lambda one: (-one[1].low - one[1].high, one[0])))


def _led(plan: Plan, voices: tuple[int, ...]) -> list[Constraint]:
    """Return the wishes of part-writing: lines lead well, and what is sung goes on but where phrases end."""
    breaths = frozenset({*ends_of(plan), plan.bars - 1})
    basses = tuple((tick // TICKS_PER_STEP, chord.bass) for tick, chord in plan.chords if chord is not None)
    gaps = [NoGaps(voices, breaths)] if plan.style in SUNG_ON or _is_sung(plan) else []
    return [*gaps, VoiceLeading(voices, basses)]


def _is_sung(plan: Plan) -> bool:
    """Return whether nobody but singers is heard: part-songs are led as hymns are."""
    return all(find_instrument(p.instrument).family == "voice" for p in plan.players)


def _floor(plan: Plan) -> int | None:
    """Return the lowest accompanying part where nobody plays the bass, None elsewhere."""
    if any(p.role == "bass" for p in plan.players):
        return None
    backing = [
        i for i, p in enumerate(plan.players) if p.role in ("accompaniment", "chords") and not p.is_drums
    ]
    middles = np.nan_to_num(_middles(plan), nan=60.0).mean(axis=0)
    return min(backing, key=lambda i: (middles[i], i)) if backing else None


def _last_steps(plan: Plan, wishes: Wishes) -> int:
    """Return where in the last bar a piece of so many seconds ends, in steps, 0 where it is whole."""
    end = _cut_ticks(plan, wishes, Timeline.of(frame_of(plan)))
    return -(-(end - (plan.bars - 1) * plan.metre.bar_ticks) // TICKS_PER_STEP) if end else 0


def _lead(plan: Plan) -> int:
    return next((i for i, p in enumerate(plan.players) if p.role == "melody"), 0)


def _in_key(plan: Plan) -> InKey:
    """Return the wish for the key; a Chinese tune in a mode of five notes may pass through 清角 and 变宫.

    In styles that live on chromatic notes, tunes and inner parts may pass by semitone.
    """
    passing = passing_notes(plan.key) if plan.style == "chinese" else frozenset[int]()
    if passing:
        return InKey(plan.key, passing, _lead(plan))
    if norms_of(plan.variant or plan.style).chromatic < CHROMATIC_STYLE:
        return InKey(plan.key)
    return InKey(plan.key, chromatic=_singing(plan))


def _singing(plan: Plan) -> frozenset[int]:
    return frozenset(i for i, p in enumerate(plan.players) if p.role in LEANING_ROLES)


def ends_of(plan: Plan) -> dict[int, str]:
    """Return the bars in which tunes come to rest: ends of sections, and every second phrase within long ones.

    Where the chord at the end is the section's tonic the tune closes, elsewhere it pauses; the last bar has `Closes`.
    """
    ends: dict[int, str] = {}
    for section in plan.sections:
        if section.bars < SHORTEST_CLOSED:
            continue
        pauses = [start + bars - 1 for start, bars in phrases_of(section)[1::2]]
        ends |= dict.fromkeys(pauses, PAUSE)
        last = section.end_bar - 1
        tonic = (plan.key.tonic + section.key_shift) % 12
        is_home = plan.chord_at((last + 1) * plan.metre.bar_ticks - 1).root == tonic
        ends[last] = CLOSE if is_home else PAUSE
    return {bar: end for bar, end in ends.items() if bar < plan.bars - 1}


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
    lean = ENERGY_LEAN * (np.array(plan.energy) - np.mean(plan.energy))
    for part, row in enumerate(plan.textures):
        is_steady = len({t.density for t in row if not t.is_empty}) <= 1  # one density was asked throughout
        for bar, wish in enumerate(row):
            if wish.is_empty:
                textures.density[bar, part] = textures.polyphony[bar, part] = 0
                textures.register_pitch[bar, part] = 0.0
                continue
            spread, is_open = rng.normal(0.0, DENSITY_SPREAD), rng.random(2) < OPEN_SHARE
            if wish.manner or plan.players[part].role in STEADY_ROLES:
                spread, is_open = spread / 3, is_open & False
            if wish.density is not None and not is_open[0]:
                textures.density[bar, part] = density_level(
                    wish.density * np.exp(spread + (0.0 if is_steady else lean[bar]))
                )
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
