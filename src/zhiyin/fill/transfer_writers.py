"""Writers of a transfer: the learnt families, the figures and books of rule, and the fill model.

Conventions: each writes what sounds under the tune of a song on the grid, as players with their notes, and says which
styles it serves. This module opens no weights: nets and models are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.encode.passages import Passage, tune_part
from zhiyin.errors import InvalidInput
from zhiyin.fill.act import perform_act
from zhiyin.fill.acts.accompany import accompany
from zhiyin.fill.acts.band_by_book import band_by_book
from zhiyin.fill.cast import Played, cast_of, dealt
from zhiyin.fill.desk import lay_out
from zhiyin.fill.figures import figure_styles, figured
from zhiyin.fill.restyled import restyled
from zhiyin.fill.rules_plan import KIN
from zhiyin.fill.sampling import Sampling
from zhiyin.models import StepModel
from zhiyin.models.restyle import Restyler
from zhiyin.score import Notes, Part, Score
from zhiyin.stylebook import style_names
from zhiyin.theory.instruments import instrument_for_program
from zhiyin.theory.style_words import find_style
from zhiyin.theory.styles import STYLES
from zhiyin.units import TICKS_PER_STEP

GUIDANCE = 2.0  # how much the fill model is told the style: `docs/lab` found it best


@dataclass(frozen=True)
class RestylerWriter:
    """A learnt family. source: the style that the song is in, None where it is not known; is_varied: noise is used."""

    family: Restyler
    source: str | None
    is_varied: bool = False

    @property
    def name(self) -> str:
        """Return the family's name."""
        return self.family.name

    @property
    def version(self) -> str:
        """Return the version of its weights."""
        return self.family.version

    def write(
        self, frame: Score, found: Sequence[Passage], style: str, *, rng: np.random.Generator
    ) -> list[Played]:
        """Return the style's players with the restyled backing."""
        chance = rng if self.is_varied else None
        rows = [
            row
            for passage in found
            for row in restyled(passage, self.family, source=self.source, target=style, rng=chance)
        ]
        return dealt(rows, cast_of(style))


@dataclass(frozen=True)
class RulesWriter:
    """Figures of a table, and bands of the style book."""

    seed: int = 0
    name: str = "rules"
    version: str = "figures"

    def write(
        self, frame: Score, found: Sequence[Passage], style: str, *, rng: np.random.Generator
    ) -> list[Played]:
        """Return the style's players by rule. Raises InvalidInput where the book cannot play."""
        if style in figure_styles():
            return dealt([row for p in found for row in figured(p.ground, style)], cast_of(style))
        desk = lay_out(tune_alone(frame))
        take = band_by_book(desk, style=style, seed=self.seed, take=int(rng.integers(1000)))
        return _players(take.score.parts[len(desk.own.parts) :])


@dataclass(frozen=True, eq=False)
class FillWriter:
    """The fill model: an accompaniment by the style's players, told the style."""

    model: StepModel
    seed: int = 0
    take: int = 0

    @property
    def name(self) -> str:
        """Return the model's name."""
        return self.model.name

    @property
    def version(self) -> str:
        """Return the version of its weights."""
        return self.model.version

    def write(
        self, frame: Score, found: Sequence[Passage], style: str, *, rng: np.random.Generator
    ) -> list[Played]:
        """Return the style's players with what the model writes."""
        desk = lay_out(tune_alone(frame))
        order = accompany(desk, players=[name for name, _ in cast_of(style)], style=style)
        order = replace(order, seed=self.seed, sampling=Sampling(guidance=GUIDANCE))
        take = perform_act(order, self.model, take=self.take)
        return _players(take.score.parts[len(desk.own.parts) :])


def _players(parts: Sequence[Part]) -> list[Played]:
    return [
        Played(
            "drums" if p.is_drums else instrument_for_program(p.program).name,
            p.role,
            tuple(
                (n.onset // TICKS_PER_STEP, max(n.duration // TICKS_PER_STEP, 1), n.pitch) for n in p.notes
            ),
        )
        for p in parts
    ]


def tune_alone(frame: Score) -> Score:
    """Return a song on the grid with its tune alone: one line, and the chords that were heard.

    Raises InvalidInput where there is no tune.
    """
    tune = tune_part(frame)
    if tune is None:
        roles = ", ".join(p.role for p in frame.parts)
        raise InvalidInput(
            f"a band needs a tune to play under, got parts of role {roles}: use --family cyclegan or name the tune"
        )
    part = frame.parts[tune]
    top = np.append(part.notes.onset[1:] != part.notes.onset[:-1], True)
    empty = replace(frame, length_ticks=max(frame.length_ticks, frame.end), locks=())
    return empty.with_parts([part.with_notes(_alone(part.notes.take(top)))])


def _alone(notes: Notes) -> Notes:
    """Return the notes with none sounding into the next."""
    ends = np.append(notes.onset[1:], notes.offset[-1:])
    return notes.with_columns(duration=np.maximum(np.minimum(notes.duration, ends - notes.onset), 1))


def rule_styles() -> tuple[str, ...]:
    """Return the styles that rules serve: those with figures, those of the book, and those that borrow its books."""
    return tuple(dict.fromkeys((*figure_styles(), *style_names(), *KIN)))


def fill_styles() -> tuple[str, ...]:
    """Return the styles that the fill model was told."""
    return tuple(name for name in STYLES if name != "drum-groove")


def refuse_style(family: str, style: str, serves: dict[str, Sequence[str]]) -> None:
    """Raise InvalidInput where a family does not serve a style, naming those that do.

    serves: family -> styles.
    """
    if style in serves[family]:
        return
    able = [name for name, styles in serves.items() if style in styles]
    raise InvalidInput(
        f"family {family!r} transfers to {', '.join(serves[family])}, got {style!r}: "
        + (f"use --family {' or '.join(able)}" if able else "choose one of those")
    )


def asked_style(name: str) -> str:
    """Return the style or variant that a name in English or Chinese stands for. Raises NotFound, naming near ones."""
    return find_style(name)
