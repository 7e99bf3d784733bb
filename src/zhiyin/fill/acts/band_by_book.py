"""drums or a whole band by the style book, for a score of one metre: the floor and the fallback of the learnt families.

Conventions: where no style is asked the band is that of USUAL, and a style without a book is refused; a pick-up is left
to the others; given notes come back as they were. This module loads no weights: see `zhiyin.fill.rules_accompany`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.acts.new_parts import Joined, joined
from zhiyin.fill.constraints import ChordsOnStrongBeats, Constraint, DrumMap, InRange, Sounds, WithinBars
from zhiyin.fill.decode import judged
from zhiyin.fill.desk import Desk
from zhiyin.fill.give_back import in_own_time
from zhiyin.fill.proof import Untouched
from zhiyin.fill.request import Report, Request, Take
from zhiyin.fill.rules_accompany import accompany
from zhiyin.fill.rules_plan import book_of, has_book
from zhiyin.score import Cell, Origin, Part, Score, Timeline, slice_ticks
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.theory.style_words import STYLE_NAMES_ZH, find_style

USUAL, FAMILY = "pop", "rules"


def can_play(desk: Desk) -> bool:
    """Return whether the book can play under a score: one metre, and chords that are told or found."""
    return len(desk.frame.metres) == 1 and any(m.chord is not None for m in desk.frame.chords)


def can_play_style(style: str | None) -> bool:
    """Return whether the book has a band for a style that was asked; for none asked there is the usual one."""
    return style is None or has_book(find_style(style))


def band_notices(takes: Sequence[Take], style: str | None) -> list[dict[str, str]]:
    """Return the sentence (en, zh) that names the band, where the book played and no style was asked."""
    if style is not None or not any(take.request.family == FAMILY for take in takes):
        return []
    return [{
        "en": f"no style was asked: the style book's band of {USUAL} played; another: --style.",
        "zh": f"没有指定风格：由风格手册的{STYLE_NAMES_ZH.get(USUAL, USUAL)}乐队演奏；要用别的：--style。",
    }]  # fmt: skip


def band_by_book(
    desk: Desk, *, players: Sequence[str] = (), style: str | None = None, seed: int = 0, take: int = 0
) -> Take:
    """Return the score with the band of a style of the book, or with the players named, under its parts.

    style: the usual band's where it is None. Raises InvalidInput where the book cannot play, and for a style without
    a book, naming those that have one; NotFound for an unknown style.
    """
    book = USUAL if style is None else find_style(style)
    book_of(book)
    if not can_play(desk):
        raise InvalidInput(
            f"the style book plays in one metre over chords, got {len(desk.frame.metres)} metres in "
            f"{desk.own.title!r}: use --family transformer"
        )
    band = _played(desk, book, players, seed * 101 + take)
    new = joined(desk, [(_instrument(part), part.role) for part in band])
    origin = Origin("model", "stylebook", f"rules accompany style={book} seed={seed} take={take}")
    place = len(desk.own.provenance)
    own, framed = list(desk.own.parts), list(desk.frame.parts)
    for part, empty in zip(band, new.desk.own.parts[new.first :], strict=True):
        notes = part.notes
        written = in_own_time(desk, notes).with_columns(
            velocity=notes.velocity, origin=np.full(len(notes), place, np.int64)
        )
        own.append(empty.with_notes(written))
        framed.append(empty.with_notes(notes))
    score = replace(desk.own, parts=tuple(own), provenance=(*desk.own.provenance, origin))
    return _take(new, score, new.desk.frame.with_parts(framed), seed)


def _instrument(part: Part) -> str:
    return "drums" if part.is_drums else instrument_for_program(part.program).name


def _played(desk: Desk, book: str, players: Sequence[str], seed: int) -> list[Part]:
    """Return the band's parts on the grid up to the end of the last bar; those with nothing to play are left out."""
    pickup, end = desk.frame.pickup_ticks, Timeline.of(desk.frame).bar_start(desk.bars)
    whole = (
        slice_ticks(desk.frame, pickup, max(end, pickup + 1))
        if pickup or desk.frame.end != end
        else desk.frame
    )
    played = accompany(replace(whole, pickup_ticks=0), book, seed=seed, players=players).score
    band = []
    for part in played.parts[len(desk.frame.parts) :]:
        moved = part.notes.with_columns(onset=part.notes.onset + pickup, origin=None).between(0, end)
        moved = moved.with_columns(duration=np.minimum(moved.duration, end - moved.onset))
        band += [part.with_notes(moved)] if len(moved) else []
    return band


def _take(new: Joined, score: Score, on_grid: Score, seed: int) -> Take:
    cells = new.scope.cells(new.desk.frame)
    first = 1 if new.desk.frame.pickup_ticks else 0
    kits = {i for i in new.parts if on_grid.parts[i].is_drums}
    struck = frozenset(Cell(p, b) for p, b in ((c.part, c.bar) for c in cells) if p in kits and b >= first)
    pitched = frozenset(new.parts) - kits
    wishes: tuple[Constraint, ...] = (WithinBars(new.desk.bars), DrumMap())
    if kits:
        wishes = (Sounds(struck), *wishes)
    if pitched:
        names = ("",) * new.first + tuple(p.instrument for p in new.players)
        wishes = (*wishes, InRange(names), ChordsOnStrongBeats(pitched))
    alone = on_grid.with_parts(
        [p if i in new.parts else p.with_notes(p.notes.between(0, 0)) for i, p in enumerate(on_grid.parts)]
    )
    kept = tuple(np.ones(len(p.notes), bool) for p in new.desk.own.parts)
    proof = Untouched(new.desk.own, kept, frozenset({len(new.desk.own.provenance)}), writes_chords=False)
    report = Report((*judged(alone, wishes).verdicts, *judged(score, (proof,)).verdicts))
    request = Request(new.desk.frame, cells, wishes, seed=seed, family=FAMILY, bars=new.desk.bars)
    return Take(score, request, seed, report)
