"""Wishes that exclude each other, found before anything is written: which pair, where, why, and a way out.

Conventions: a wish says what it claims of the notes (`zhiyin.fill.constraints.claims`), or a reader here says it for
it; two claims on common parts at common places are compared by kind. What is found is sure; that nothing is found
promises nothing. This module writes no notes and relaxes nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from zhiyin.errors import ConstraintsUnmet
from zhiyin.fill.constraints.base import Constraint, bar_list
from zhiyin.fill.constraints.claims import (
    BETWEEN,
    CHORD,
    COUNT,
    HOLDS,
    LONGEST,
    MOVES,
    MUST_AT,
    NO_MOVES,
    ONLY,
    ONLY_AT,
    REACH,
    SOME,
    VOICES,
    Claim,
    Claiming,
    pitches_of,
)
from zhiyin.fill.constraints.note_values import NoteValues
from zhiyin.fill.constraints.pinned import Pinned
from zhiyin.fill.constraints.pitch import InRange
from zhiyin.fill.constraints.texture import Locked, MaxPolyphony, Sounds
from zhiyin.score import Cell, Note, Notes, Score, Timeline
from zhiyin.theory.instruments import find_instrument
from zhiyin.theory.interval import interval_name
from zhiyin.theory.pitch import fifths_name, pitch_name, spell
from zhiyin.units import TICKS_PER_QUARTER, TICKS_PER_STEP

Reason = tuple[str, str]  # why, in English and Chinese


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two wishes that cannot both be kept.

    first, second: their places in the list given; names: what they ask, in English; bars: 0-based; is_hard: both are
    hard; text_en, text_zh: where, why, and a way out.
    """

    first: int
    second: int
    names: tuple[str, str]
    bars: tuple[int, ...]
    is_hard: bool
    text_en: str
    text_zh: str


def find_conflicts(constraints: Sequence[Constraint], score: Score) -> tuple[Conflict, ...]:
    """Return the pairs of wishes that exclude each other in a score with these bars and parts, hard ones first."""
    claimed = [_by_kind(claims) for claims in _claims_of_all(constraints, score)]
    last = max((claim.end for kinds in claimed for row in kinds.values() for claim in row), default=1)
    line, found = Timeline.of(score), []
    edges = line.bar_starts(line.bar_count(last)).tolist()
    for first, second in combinations(range(len(constraints)), 2):
        reasons: dict[int, Reason] = {}  # bar -> why
        for a, b in _meeting(claimed[first], claimed[second]):
            start, end = max(a.start, b.start), min(a.end, b.end)
            bars = range(bisect_right(edges, start) - 1, bisect_left(edges, end))
            # One reason a bar is enough: a pair of long wishes may clash at every note.
            if any(bar not in reasons for bar in bars) and (reason := clash(a, b)) is not None:
                reasons |= {bar: reason for bar in bars if bar not in reasons}
        if reasons:
            found.append(_conflict(constraints, first, second, reasons))
    return tuple(sorted(found, key=lambda conflict: (not conflict.is_hard, conflict.first, conflict.second)))


def _claims_of_all(constraints: Sequence[Constraint], score: Score) -> list[tuple[Claim, ...]]:
    """Return the claims of each wish; kept notes speak only for parts that another wish is about."""
    claims = [() if isinstance(wish, Locked) else claims_of(wish, score) for wish in constraints]
    touched = {part for mine in claims for claim in mine for part in claim.parts}
    for index, wish in enumerate(constraints):
        if isinstance(wish, Locked):
            parts = [p if i in touched else p.with_notes(Notes()) for i, p in enumerate(wish.before.parts)]
            kept = replace(wish, before=wish.before.with_parts(parts))
            claims[index] = (*claims_of(kept, score), *_ringing(kept, claims))
    return claims


def _ringing(wish: Locked, claims: Sequence[tuple[Claim, ...]]) -> Iterator[Claim]:
    """Yield where kept notes ring on into bars to write and leave no voice free for a strike."""
    line = Timeline.of(wish.before)
    limits: dict[int, float] = {}
    for claim in (claim for mine in claims for claim in mine if claim.kind == VOICES):
        limits |= {part: min(claim.high, limits.get(part, claim.high)) for part in claim.parts}
    for cell in sorted(wish.write):
        if cell.part not in limits or Cell(cell.part, cell.bar - 1) in wish.write or cell.bar < 1:
            continue
        start, notes = line.bar_start(cell.bar), wish.before.parts[cell.part].notes
        ends = sorted(notes.offset[(notes.onset < start) & (notes.offset > start)].tolist(), reverse=True)
        if len(ends) >= limits[cell.part]:
            yield Claim(ONLY_AT, frozenset({cell.part}), start, ends[int(limits[cell.part]) - 1])


def _by_kind(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """Return claims by kind, in order of their start."""
    kinds: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=lambda claim: claim.start):
        kinds.setdefault(claim.kind, []).append(claim)
    return kinds


def _meeting(one: dict[str, list[Claim]], two: dict[str, list[Claim]]) -> Iterator[tuple[Claim, Claim]]:
    """Yield the pairs of claims whose kinds have a rule and that share a part and a moment."""
    for kind, mine in one.items():
        for other, theirs in two.items():
            if (kind, other) not in RULES and (other, kind) not in RULES:
                continue
            starts = [claim.start for claim in theirs]
            longest = max(claim.end - claim.start for claim in theirs)
            for a in mine:
                low, high = bisect_right(starts, a.start - longest), bisect_left(starts, a.end)
                yield from ((a, b) for b in theirs[low:high] if a.start < b.end and a.parts & b.parts)


def refuse_conflicts(constraints: Sequence[Constraint], score: Score) -> None:
    """Raise ConstraintsUnmet naming every pair of hard wishes that exclude each other."""
    hard = [conflict for conflict in find_conflicts(constraints, score) if conflict.is_hard]
    if hard:
        english, chinese = conflict_words(hard)
        raise ConstraintsUnmet(english, zh=chinese)


def conflict_words(found: Sequence[Conflict]) -> tuple[str, str]:
    """Return what to say of conflicts that forbid the work, in English and Chinese."""
    return (
        f"wishes must be able to hold together, got {len(found)} pair{'s' * (len(found) > 1)} that cannot: "
        + " ".join(conflict.text_en for conflict in found),
        f"各项要求须能同时做到，现有 {len(found)} 对不能：" + "".join(conflict.text_zh for conflict in found),
    )


def _conflict(
    constraints: Sequence[Constraint], first: int, second: int, reasons: dict[int, Reason]
) -> Conflict:
    one, two = constraints[first], constraints[second]
    bars = sorted(reasons)
    why_en, why_zh = reasons[bars[0]]
    (name_en, name_zh), (other_en, other_zh) = _words(one), _words(two)
    # Who gives way: what a person wrote in words, the soft one of two, the later one of equals.
    order = sorted((hasattr(wish, "span"), not wish.is_hard, place) for place, wish in ((0, one), (1, two)))
    loser_en, loser_zh = ((name_en, name_zh), (other_en, other_zh))[order[-1][2]]
    where_zh = "、".join(str(bar + 1) for bar in bars[:6]) + ("等" if len(bars) > 6 else "")
    return Conflict(
        first, second, (name_en, other_en), tuple(bars), one.is_hard and two.is_hard,
        f"'{name_en}' and '{other_en}' cannot both be kept in {bar_list(bars)}: {why_en}; "
        f"change or soften '{loser_en}', or give it other bars or parts.",
        f"“{name_zh}”与“{other_zh}”在第{where_zh}小节不能同时满足：{why_zh}；"
        f"可修改或放宽“{loser_zh}”，或换到别的小节、声部。",
    )  # fmt: skip


def _words(wish: Constraint) -> Reason:
    words = getattr(wish, "words", None)
    return words if isinstance(words, tuple) else NAMES.get(type(wish), (wish.name, wish.name))


# -- what wishes claim ---------------------------------------------------------------------------------------


def claims_of(wish: Constraint, score: Score) -> tuple[Claim, ...]:
    """Return what a wish claims, from itself or from the table of readers; nothing where neither knows."""
    if isinstance(wish, Claiming):
        return wish.claims(score)
    reader = READERS.get(type(wish))
    return () if reader is None else reader(wish, score)


def _range(wish: Constraint, score: Score) -> tuple[Claim, ...]:
    assert isinstance(wish, InRange), "the table said so"
    found = []
    for index, name in enumerate(wish.instruments):
        if name and not score.parts[index].is_drums:
            instrument = find_instrument(name)
            pitches = frozenset(range(instrument.low, instrument.high + 1))
            found.append(Claim(ONLY, frozenset({index}), 0, max(score.end, 1), pitches=pitches))
    return tuple(found)


def _voices(wish: Constraint, score: Score) -> tuple[Claim, ...]:
    assert isinstance(wish, MaxPolyphony), "the table said so"
    return tuple(
        Claim(VOICES, frozenset({index}), 0, max(score.end, 1), low=1, high=limit)
        for index, limit in enumerate(wish.limits)
        if not score.parts[index].is_drums
    )


def _sounds(wish: Constraint, score: Score) -> tuple[Claim, ...]:
    assert isinstance(wish, Sounds), "the table said so"
    edges = Timeline.of(score).bar_starts(max((c.bar for c in wish.resting), default=0) + 1)
    return tuple(
        Claim(COUNT, frozenset({c.part}), int(edges[c.bar]), int(edges[c.bar + 1]), low=0, high=0)
        for c in sorted(wish.resting)
    )


def _locked(wish: Constraint, score: Score) -> tuple[Claim, ...]:
    """Return what the notes say that stay: each is struck, has its pitch and length, and nothing else is."""
    assert isinstance(wish, Locked), "the table said so"
    line = Timeline.of(wish.before)
    edges = line.bar_starts(line.bar_count(wish.before.end))
    found: list[Claim] = []
    for index, part in enumerate(wish.before.parts):
        for bar, (start, end) in enumerate(pairwise(edges.tolist())):
            if Cell(index, bar) not in wish.write:
                notes = list(part.notes.between(start, end))
                ticks = frozenset(note.onset for note in notes)
                found.append(Claim(ONLY_AT, frozenset({index}), start, end, ticks=ticks))
                found += _standing(index, notes)
                found += [
                    Claim(
                        ONLY,
                        frozenset({index}),
                        tick,
                        tick + 1,
                        pitches=frozenset(n.pitch for n in notes if n.onset == tick),
                    )
                    for tick in sorted(ticks)
                ]
    return tuple(found)


def _plain_places(wish: Constraint, score: Score) -> tuple[Claim, ...]:
    """Return every sixteenth, or triplet besides, as the places where notes may begin."""
    assert isinstance(wish, NoteValues), "the table said so"
    line, end = Timeline.of(score), max(score.end, 1)
    grids = (TICKS_PER_QUARTER // 4, *((TICKS_PER_QUARTER // 3,) if wish.with_triplets else ()))
    edges = line.bar_starts(line.bar_count(end)).tolist()
    ticks = {t for a, b in pairwise(edges) for grid in grids for t in range(a, b, grid)}
    return (Claim(ONLY_AT, frozenset(range(len(score.parts))), 0, end, ticks=frozenset(ticks)),)


def _pinned(wish: Constraint, score: Score) -> tuple[Claim, ...]:
    """Return what held notes say, as far as their aspect goes."""
    assert isinstance(wish, Pinned), "the table said so"
    found, line = list[Claim](), Timeline.of(score)
    for cell, hold in wish.holds.items():
        notes = [Note(o * TICKS_PER_STEP, d * TICKS_PER_STEP, p) for o, d, p in hold.notes]
        if hold.aspect == "pitch":  # they come somewhere in the bar
            at = (line.bar_start(cell.bar), line.bar_start(cell.bar + 1))
            mine = frozenset({cell.part})
            found += [
                Claim(SOME, mine, *at, pitches=frozenset({p})) for p in sorted({n.pitch for n in notes})
            ]
            continue
        claims = _standing(cell.part, notes)
        drop = {"rhythm": (SOME,), "skeleton": (HOLDS,)}.get(hold.aspect, ())
        found += [claim for claim in claims if claim.kind not in drop]
    return tuple(found)


def _standing(part: int, notes: Sequence[Note]) -> list[Claim]:
    """Return the claims of notes that stand already."""
    mine, found = frozenset({part}), list[Claim]()
    for note in notes:
        at = (note.onset, note.onset + 1)
        found += [
            Claim(SOME, mine, *at, pitches=frozenset({note.pitch})),
            Claim(MUST_AT, mine, *at, ticks=frozenset({note.onset})),
            Claim(HOLDS, mine, *at, low=float(note.duration)),
        ]
    return found


READERS: dict[type, Callable[[Constraint, Score], tuple[Claim, ...]]] = {
    InRange: _range, MaxPolyphony: _voices, Sounds: _sounds, Locked: _locked, Pinned: _pinned,
    NoteValues: _plain_places,
}  # fmt: skip

NAMES: dict[type, Reason] = {
    InRange: ("ranges of the instruments", "乐器音域"), MaxPolyphony: ("most notes at once", "同时发音数"),
    Sounds: ("bars that rest", "休止的小节"), Locked: ("notes that are kept", "保留的音"),
    Pinned: ("notes that are held", "锁定的音"), NoteValues: ("plain note values", "规整时值"),
}  # fmt: skip


# -- which claims exclude each other --------------------------------------------------------------------------


def clash(one: Claim, two: Claim) -> Reason | None:
    """Return why two claims that meet in time and parts exclude each other, or None."""
    if (one.kind, two.kind) in RULES:
        return RULES[one.kind, two.kind](one, two)
    if (two.kind, one.kind) in RULES:
        return RULES[two.kind, one.kind](two, one)
    return None


def _within(inner: Claim, outer: Claim) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and inner.parts <= outer.parts


def _nothing_left(a: Claim, b: Claim) -> Reason | None:
    if a.pitches & b.pitches:
        return None
    return (
        f"one allows only {_pitches(a.pitches)}, the other only {_pitches(b.pitches)}, so no pitch is left",
        f"一个只允许 {_pitches(a.pitches)}，另一个只允许 {_pitches(b.pitches)}，没有可用的音",
    )


def _not_allowed(some: Claim, only: Claim) -> Reason | None:
    if not _within(some, only) or some.pitches & only.pitches:
        return None
    if _is_in_all_octaves(some.pitches) and not _is_in_all_octaves(only.pitches):
        return None  # a range that has no room for one tone of a chord has room for others
    return (
        f"one asks for {_pitches(some.pitches)}, which the other leaves out",
        f"一个要求出现 {_pitches(some.pitches)}，另一个不允许",
    )


def _is_in_all_octaves(pitches: frozenset[int]) -> bool:
    return pitches == pitches_of({pitch % 12 for pitch in pitches})


def _no_room(reach: Claim, only: Claim) -> Reason | None:
    room = max(only.pitches, default=0) - min(only.pitches, default=0)
    if not _within(reach, only) or room >= reach.low:
        return None
    return (
        f"one reaches over {reach.low:g} semitones, the other leaves {room}",
        f"一个需要跨 {reach.low:g} 个半音，另一个只留 {room} 个半音",
    )


def _places_missing(must: Claim, only_at: Claim) -> Reason | None:
    wrong = {t for t in must.ticks if only_at.start <= t < only_at.end} - only_at.ticks
    if not wrong:
        return None
    return (
        f"one strikes at {_place(min(wrong))}, where the other has no place for a note",
        f"一个在第 {min(wrong) / TICKS_PER_QUARTER:g} 拍处起音，另一个在此处不容起音",
    )


def _never_there(some: Claim, only_at: Claim) -> Reason | None:
    if not _within(some, only_at):
        return None
    if some.end - some.start == 1:
        inside = some.start in only_at.ticks
    else:
        inside = any(some.start <= tick < some.end for tick in only_at.ticks)
    if inside:
        return None
    return (
        "one asks for a note where the other has no place for one",
        "一个要求此处有音，另一个在此处不起音",
    )


def _no_place_left(a: Claim, b: Claim) -> Reason | None:
    start, end = max(a.start, b.start), min(a.end, b.end)
    mine, theirs = ({t for t in claim.ticks if start <= t < end} for claim in (a, b))
    if not mine or not theirs or mine & theirs:
        return None
    return "they strike at different places only", "两者的起音位置没有共同之处"


def _all_on_beats(between: Claim, only_at: Claim) -> Reason | None:
    places = {t for t in only_at.ticks if between.start <= t < between.end}
    if not _within(between, only_at) or places - between.ticks:
        return None
    return "one strikes between beats, the other on beats only", "一个要在拍间起音，另一个只在拍上起音"


def _too_many(count: Claim, must: Claim) -> Reason | None:
    asked = sum(count.start <= tick < count.end for tick in must.ticks)
    if asked <= count.high:
        return None
    return (
        f"one strikes {asked} times in a bar, the other at most {count.high:g} times",
        f"一个在一小节内起音 {asked} 次，另一个至多 {count.high:g} 次",
    )


def _too_few(count: Claim, only_at: Claim) -> Reason | None:
    places = sum(count.start <= tick < count.end for tick in only_at.ticks)
    if not _within(count, only_at) or places >= count.low:
        return None
    return (
        f"one strikes at least {count.low:g} times in a bar, the other has {places} places for it",
        f"一个在一小节内至少起音 {count.low:g} 次，另一个只有 {places} 个位置",
    )


def _bounds_apart(a: Claim, b: Claim) -> Reason | None:
    if max(a.low, b.low) <= min(a.high, b.high):
        return None
    return (
        f"one asks for {_bounds(a)}, the other for {_bounds(b)}",
        f"一个要求 {_bounds(a)}，另一个要求 {_bounds(b)}",
    )


def _too_long(holds: Claim, longest: Claim) -> Reason | None:
    if holds.low <= longest.high:
        return None
    asked, most = holds.low / TICKS_PER_QUARTER, longest.high / TICKS_PER_QUARTER
    return (
        f"one holds a note for {asked:g} quarters, the other allows {most:g}",
        f"一个要求延续 {asked:g} 拍，另一个至多 {most:g} 拍",
    )


def _other_chord(a: Claim, b: Claim) -> Reason | None:
    if a.pitches <= b.pitches or b.pitches <= a.pitches:
        return None
    names = [_classes(claim.pitches) for claim in (a, b)]
    return (
        f"one asks for the chord {names[0]}, the other for {names[1]}",
        f"一个要求和弦 {names[0]}，另一个要求 {names[1]}",
    )


def _forbidden_step(moves: Claim, avoided: Claim) -> Reason | None:
    both = moves.pitches & avoided.pitches
    if not both or not moves.parts <= avoided.parts:
        return None
    name = interval_name(min(both))
    return f"one steps by {name}, which the other avoids", f"一个含有音程 {name}，另一个要求避免"


RULES: dict[tuple[str, str], Callable[[Claim, Claim], Reason | None]] = {
    (ONLY, ONLY): _nothing_left,
    (SOME, ONLY): _not_allowed,
    (REACH, ONLY): _no_room,
    (MUST_AT, ONLY_AT): _places_missing,
    (SOME, ONLY_AT): _never_there,
    (ONLY_AT, ONLY_AT): _no_place_left,
    (BETWEEN, ONLY_AT): _all_on_beats,
    (COUNT, MUST_AT): _too_many,
    (COUNT, ONLY_AT): _too_few,
    (COUNT, COUNT): _bounds_apart,
    (VOICES, VOICES): _bounds_apart,
    (HOLDS, LONGEST): _too_long,
    (CHORD, CHORD): _other_chord,
    (MOVES, NO_MOVES): _forbidden_step,
}


def _pitches(pitches: frozenset[int]) -> str:
    """Return pitches in words: as classes where whole classes are meant, else as a range or a list."""
    classes = frozenset(p % 12 for p in pitches)
    if not pitches:
        return "no pitch"
    if pitches == pitches_of(classes):
        return _classes(classes)
    ordered = sorted(pitches)
    if len(ordered) > 4:
        return f"{pitch_name(ordered[0])}-{pitch_name(ordered[-1])}"
    return ", ".join(pitch_name(p) for p in ordered)


def _classes(classes: frozenset[int]) -> str:
    return " ".join(fifths_name(spell(c)) for c in sorted(classes))


def _place(tick: int) -> str:
    return f"{tick / TICKS_PER_QUARTER:g} quarters from the start"


def _bounds(claim: Claim) -> str:
    return f"{claim.low:g}-{claim.high:g}"
