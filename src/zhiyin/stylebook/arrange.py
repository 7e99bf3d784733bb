"""The arranger: a plan and a style to a written score, every player by the rules of the book.

Conventions: the same plan, style and generator state give the same notes; notes stand on the written grid (`groove`
in this package adds swing and human timing). This module does not know wishes or models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zhiyin.score import ChordMark, KeyMark, MetreMark, Part, Score, Section, Tempo
from zhiyin.stylebook.bass import play_bass
from zhiyin.stylebook.book import LEVELS, PlayerBook, Style
from zhiyin.stylebook.comp import play_arp, play_comp
from zhiyin.stylebook.drums import play_drums
from zhiyin.stylebook.grid import beats_of
from zhiyin.stylebook.lead import play_lead, play_riser
from zhiyin.stylebook.stage import PlanLike, PlayerLike, Row, Stage, build_stage, to_notes
from zhiyin.theory.instruments import Instrument, find_instrument

# Which jobs suit a role when the style names no player of that role.
_JOBS = {
    "melody": ("lead", "arp", "comp"), "chords": ("comp", "arp"), "accompaniment": ("arp", "comp"),
    "bass": ("bass", "comp"), "inner": ("comp", "arp", "lead"), "drums": ("drums",), "unknown": ("comp", "arp"),
}  # fmt: skip
WIDTH = 14  # semitones that a voicing's range must hold at least


def arrange(
    plan: PlanLike,
    style: Style,
    rng: np.random.Generator,
    *,
    is_loop: bool = False,
    most: int | None = None,
    density: float | None = None,
) -> Score:
    """Return the written score of a plan played by the style book.

    is_loop: the last bar leads on instead of closing; most: notes at once and part; density: attacks a quarter of the
    tune. Raises InvalidInput for metres that patterns cannot be bent to, naming the family that can.
    """
    beats_of(plan.metre)
    stage = build_stage(plan, style, rng, is_loop=is_loop)
    books = assign_books(style, plan.players)
    seeds = rng.integers(0, 2**63, len(books))
    parts = []
    for player, book, seed in zip(plan.players, books, seeds.tolist(), strict=True):
        rows = play_book(stage, book, np.random.default_rng(seed), most=most, density=density)
        if not rows:  # nobody is left without a note: a piece may have no section of the usual kind
            open_book = replace(book, levels=LEVELS, skips=frozenset(), only=frozenset())
            rows = play_book(stage, open_book, np.random.default_rng(seed), most=most, density=density)
        parts.append(
            Part(
                player.part,
                to_notes(rows),
                role=player.role,
                program=player.program,
                is_drums=player.is_drums,
            )
        )
    return frame(plan).with_parts(parts)


def play_book(
    stage: Stage,
    book: PlayerBook,
    rng: np.random.Generator,
    *,
    most: int | None = None,
    density: float | None = None,
) -> list[Row]:
    """Return the rows that a player plays by a book."""
    if book.job == "drums":
        return play_drums(stage, book, rng)
    if book.job == "bass":
        return play_bass(stage, book, rng)
    if book.job == "lead":
        return play_lead(stage, book, rng, density=density)
    if book.job == "riser":
        return play_riser(stage, book, rng)
    if book.job == "arp":
        return play_arp(stage, book, rng, most=most)
    return play_comp(stage, book, rng, most=most)


def frame(plan: PlanLike) -> Score:
    """Return the score of a plan with its marks and no parts."""
    bar = plan.metre.bar_ticks
    keys = [(s.first_bar * bar, plan.key.transpose(s.key_shift)) for s in plan.sections]
    return Score(
        title=plan.title,
        tempos=(Tempo(0, plan.tempo_bpm),),
        metres=(MetreMark(0, plan.metre),),
        keys=tuple(KeyMark(t, k) for i, (t, k) in enumerate(keys) if i == 0 or k != keys[i - 1][1]),
        chords=tuple(ChordMark(tick, chord) for tick, chord in plan.chords),
        sections=tuple(Section(s.first_bar * bar, s.name) for s in plan.sections),
        length_ticks=plan.bars * bar,
        credits=(("composer", "Zhiyin 知音"),),
    )


def assign_books(style: Style, players: Sequence[PlayerLike]) -> tuple[PlayerBook, ...]:
    """Return the book that each player plays by: its own, else one of its role, else one of a job that suits it.

    Books not yet taken come first, so that two keyboards do not double each other; ranges follow the instrument.
    """
    taken: list[str] = []
    found: list[PlayerBook] = []
    for player in players:
        book = _best(style, player, taken)
        taken.append(book.name)
        found.append(_fitted(book, player))
    return tuple(found)


def _best(style: Style, player: PlayerLike, taken: list[str]) -> PlayerBook:
    if player.is_drums:
        books = [b for b in style.players if b.job == "drums"]
    else:
        books = [
            b for b in style.players if b.job not in ("drums", "riser") or b.instrument == player.instrument
        ]
        books = [b for b in books if b.job != "drums"]
    jobs = _JOBS[player.role]

    def rank(book: PlayerBook) -> tuple[int, int, int, int, int]:
        suits = jobs.index(book.job) if book.job in jobs else len(jobs) + 1
        same = book.instrument == player.instrument and book.role == player.role
        return (
            0 if same else 1,
            taken.count(book.name),
            0 if book.role == player.role else 1,
            suits,
            0 if book.instrument == player.instrument else 1,
        )

    return min(books, key=rank)


def _fitted(book: PlayerBook, player: PlayerLike) -> PlayerBook:
    """Return a book whose range and voicing suit another instrument than its own."""
    instrument = find_instrument(player.instrument)
    if instrument.is_drums or instrument.name == book.instrument:
        return replace(book, instrument=instrument.name)
    low, high = max(book.low, instrument.low), min(book.high, instrument.high)
    if high - low < WIDTH:
        low, high = _own_range(book, instrument)
    job = book.job
    voices = min(book.voices, instrument.polyphony)
    if job == "comp" and instrument.polyphony == 1:
        return replace(book, instrument=instrument.name, low=low, high=high, voices=1, voicing="guide")
    return replace(book, instrument=instrument.name, low=low, high=high, voices=max(1, voices))


def _own_range(book: PlayerBook, instrument: Instrument) -> tuple[int, int]:
    """Return the part of an instrument's range nearest to the book's."""
    width = max(WIDTH, min(book.high - book.low, instrument.high - instrument.low))
    low = max(instrument.low, min(book.low, instrument.high - width))
    return low, min(instrument.high, low + width)
