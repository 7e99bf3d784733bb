"""Stylebook: synthetic pieces written by the style book, so that a model can learn the styles it plays.

Conventions: the set is the style files; piece N of a style is drawn from the seed (style, N), the same for ever; every
title and composer says that it is synthetic; one piece in twenty is valid, one test. No person wrote these notes.
This module arranges nothing itself: see `zhiyin.stylebook`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from zhiyin.data.base import Card, Piece, Source, files_of
from zhiyin.data.reading import read_text
from zhiyin.errors import UnreadableFile
from zhiyin.stylebook import (
    PlayerBook,
    Sketch,
    Style,
    arrange,
    default_players,
    fit_form,
    place_sections,
    read_style,
    sketch,
)

PIECES = 60  # of each style
LENGTHS = (24, 32, 32, 40, 48)
WEIGHT = 0.4  # rules repeat themselves more than people do
ADDED, LEFT_OUT = 0.35, 0.18  # chances: an extra player, a player less
SWAY = 0.18  # energies of a piece are moved by up to so much
SYNTHETIC = "Zhiyin style book (synthetic)"


class Stylebook:
    """Reader that writes: pieces of every style file (.toml)."""

    card = Card(
        name="stylebook",
        title="Synthetic pieces of the style book",
        citation="Zhiyin contributors, the style book: fifteen modern styles as readable files, played by rule",
        licence="Apache-2.0",
        ruling="train",
        repository="https://github.com/zharry29/drums-with-llm",
        commit="476adbc938a600eaca26bbb02648e6127b5eca64",
        checksum="e0d0e4b574e97ad0be25d0d148ce915872b224d57a2392fb9f58a1ce1aa2e9b3",
        attribution="Drum loudness measured on the Groove MIDI Dataset, Google LLC, CC BY 4.0",
        notes="Synthetic: no person wrote these notes. Ships with the package; the repository is that of the drumming "
        "whose loudness was measured.",
        conversion="drawn by zhiyin.data.stylebook from the style files that ship with the package",
    )
    files = ("*.toml",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield the sources of every style: 60 pieces each, split by their number."""
        for path in files_of(root, self.files):
            name = Path(path).stem
            for number in range(PIECES):
                yield Source(
                    id=f"{name}-{number:03d}",
                    work=f"stylebook {name} {number}",
                    path=path,
                    style=name,
                    title=f"{name} {number}, synthetic",
                    composer=SYNTHETIC,
                    licence=self.card.licence,
                    attribution=self.card.attribution,
                    weight=WEIGHT,
                    split={0: "test", 10: "valid"}.get(number % 20, "train"),
                    has_given_chords=True,
                    has_given_keys=True,
                )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the piece of a source, written anew from its seed. Raises UnreadableFile for a faulty style file."""
        style = read_style(read_text(root / source.path), file=source.path)
        number = source.id.rpartition("-")[2]
        if not number.isdigit():
            raise UnreadableFile(root / source.path, source.id, "a source must end in its number")
        rng = np.random.default_rng([zlib.crc32(style.name.encode()), int(number)])
        plan = draw_plan(style, rng)
        score = replace(arrange(plan, style, rng), title=source.title, credits=(("composer", SYNTHETIC),))
        yield Piece(source, score, ("synthetic: written by rule",))


def draw_plan(style: Style, rng: np.random.Generator) -> Sketch:
    """Return a plan of a style with a length, key, metre, energies and players of its own."""
    bars = int(rng.choice(LENGTHS))
    metre = style.metres[0]
    if len(style.metres) > 1 and rng.random() < 0.25:
        metre = style.metres[1 + int(rng.integers(len(style.metres) - 1))]
    usual = default_players(style, place_sections(fit_form(style, bars, rng)))
    plan = sketch(style, rng, bars=bars, metre=metre, books=draw_players(style, usual, rng))
    sway = float(rng.uniform(-SWAY, SWAY))
    return replace(plan, energy=tuple(float(np.clip(e + sway, 0.05, 0.98)) for e in plan.energy))


def draw_players(
    style: Style, usual: tuple[PlayerBook, ...], rng: np.random.Generator
) -> tuple[PlayerBook, ...]:
    """Return some of a style's players in the book's order: its usual ones less some, extra ones now and then."""
    chosen = [
        book
        for book in style.players
        if (
            book.role == "melody" and book in usual
        )  # a piece keeps its tune: without one, others would be taken for it
        or (book in usual and rng.random() >= LEFT_OUT)
        or (book.is_extra and rng.random() < ADDED)
    ]
    return tuple(chosen) if len(chosen) >= 3 else usual
