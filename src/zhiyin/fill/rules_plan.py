"""The plan as the style book would have it: its form, chords, players and tempo where the person left them open.

Conventions: what was asked is never changed; a style without a book borrows its nearest kin's. Notes are written in
`zhiyin.fill.rules`. This module does not know models.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.form import energy_curve, make_form, with_key_shifts
from zhiyin.fill.norms import leaning_to, norms_of
from zhiyin.fill.plan import Plan, PlannedSection, Texture
from zhiyin.fill.plan_changes import first_aim
from zhiyin.fill.plan_feelings import energy_as_felt
from zhiyin.fill.plan_players import choose_players
from zhiyin.fill.progressions import write_chords
from zhiyin.fill.progressions_harmony import Harmony
from zhiyin.score import Wishes
from zhiyin.stylebook import (
    Style,
    assign_books,
    default_players,
    fit_form,
    load_style,
    style_names,
    write_progressions,
)
from zhiyin.stylebook.form import ENERGY, RISE
from zhiyin.stylebook.grid import beats_of
from zhiyin.stylebook.harmony import Marks
from zhiyin.stylebook.stage import kind_of, level_of

# Styles without a book of their own, and the book that they are played by.
KIN: dict[str, str] = {
    "ballad": "pop", "country": "pop", "edm": "house", "electronic": "house", "synthpop": "synthwave", "hiphop": "trap",
    "jazz": "swing", "blues": "swing", "latin": "bossa-nova", "jazz-fusion": "funk", "metal": "rock", "punk": "rock",
    "film": "cinematic", "game": "chiptune", "new-age": "ambient",
}  # fmt: skip


def book_of(style: str) -> Style:
    """Return the book that a style or variant is played by. Raises InvalidInput, naming what has one.

    >>> book_of("metal").name
    'rock'
    """
    name = KIN.get(style, style)
    if name not in style_names():
        raise InvalidInput(
            f"the rules family plays {', '.join((*style_names(), *KIN))}, got {style!r}: "
            "choose one of those, or --family transformer"
        )
    return load_style(name)


def has_book(style: str) -> bool:
    """Return whether the style book can play a style or variant."""
    return KIN.get(style, style) in style_names()


def with_book(plan: Plan, wishes: Wishes, *, seed: int) -> Plan:
    """Return a plan with the form, players and chords of its style's book wherever the wishes leave them open.

    Raises InvalidInput for a style without a book and for metres that patterns cannot be bent to.
    """
    name = plan.variant or plan.style
    book = book_of(name)
    beats_of(plan.metre)
    rng = np.random.default_rng([seed, 3])
    # Books play in one mode throughout: a turn of mood is told by tempo, loudness and touch.
    steady = tuple(replace(section, mode="") for section in plan.sections)
    sections = steady if wishes.form else _sections(plan, book, wishes, rng)
    is_free = wishes.key is None and not wishes.chords and not wishes.is_loop
    if is_free and not wishes.form:
        sections = with_key_shifts(sections, style=name, is_minor=plan.key.is_minor, rng=rng)
    energy = energy_as_felt(
        energy_curve(sections, dynamics=wishes.dynamics, is_loop=bool(wishes.is_loop)), plan.feelings
    )
    players = plan.players
    if not wishes.players:
        own = tuple((b.instrument, b.role) for b in default_players(book, sections))
        players = choose_players(replace(norms_of(name), players=own), excluded=wishes.excluded)
    chords = plan.chords if wishes.chords else _chords(plan, book, sections, wishes, rng)
    rows = tuple((Texture(),) * plan.bars for _ in players)
    made = replace(
        plan, sections=sections, energy=energy, players=players, chords=chords, textures=rows,
        notes=(*plan.notes, (f"played by the style book: {book.en}", f"由风格手册演奏：{book.zh}")),
    )  # fmt: skip
    return replace(made, textures=textures_of_book(made, book))


def _sections(
    plan: Plan, book: Style, wishes: Wishes, rng: np.random.Generator
) -> tuple[PlannedSection, ...]:
    parts = fit_form(book, plan.bars, rng)
    lift = leaning_to(first_aim(wishes)).energy
    made = make_form(
        plan.bars,
        form="through",
        asked=tuple(name for name, _ in parts),
        lengths=tuple(bars for _, bars in parts),
        without=wishes.without_sections,
    )
    seen: dict[str, int] = {}
    found = []
    for section in made:
        times = seen.get(section.name, 0)
        seen[section.name] = times + 1
        energy = ENERGY.get(section.name, 0.5) + RISE * times + lift
        found.append(replace(section, energy=round(min(0.98, max(0.05, energy)), 3)))
    return tuple(found)


def _chords(
    plan: Plan, book: Style, sections: tuple[PlannedSection, ...], wishes: Wishes, rng: np.random.Generator
) -> Marks:
    """Return the book's chords, or as often as the book says those learned from people's songs."""
    is_loop = bool(wishes.is_loop)
    if rng.random() < book.human:
        harmony = Harmony(plan.key, norms_of(plan.variant or plan.style), plan.metre)
        return write_chords(harmony, sections, rng, ending="half" if is_loop else "authentic")
    return write_progressions(book, sections, key=plan.key, metre=plan.metre, rng=rng, is_loop=is_loop)


def textures_of_book(plan: Plan, book: Style) -> tuple[tuple[Texture, ...], ...]:
    """Return textures that tell which player rests in which bar: by section kind and level, as the book has it."""
    rows = []
    for player_book in assign_books(book, plan.players):
        row = []
        for section in plan.sections:
            mean = float(np.mean(plan.energy[section.first_bar : section.end_bar]))
            plays = player_book.job == "riser" or player_book.plays(kind_of(section.name), level_of(mean))
            row += [Texture(is_empty=not plays)] * section.bars
        rows.append(tuple(row) if not all(t.is_empty for t in row) else (Texture(),) * plan.bars)
    return tuple(rows)
