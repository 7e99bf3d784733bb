"""Texture norms: how busy, how full and how high parts of a role are in a style, measured from the corpora.

Conventions: density is attacks a quarter, polyphony notes an attack, register the mean pitch, per sounding bar;
low and high are quartiles. The table is written by `zhiyin.fill.norms_build`; this module chooses nothing.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from zhiyin.theory.style_words import base_style

# Measured styles that stand in for styles without parts of their own, by norms family.
_KIN = {"art": ("romantic-piano", "art-song"), "dance": ("waltz", "classical"), "hymn": ("hymn",),
        "jazz": ("ragtime",), "pop": ()}  # fmt: skip
_DRIVING = (
    "rock",
    "metal",
    "punk",
    "edm",
    "electronic",
    "synthwave",
)  # nearest to the driving game music measured
LEAST_PIECES = 15  # fewer do not speak for a style


@dataclass(frozen=True, slots=True)
class TextureNorm:
    """Quartiles of a role's cells in a style; pieces, cells: how many were counted."""

    style: str
    role: str
    pieces: int
    cells: int
    density_low: float
    density: float
    density_high: float
    polyphony: float
    polyphony_high: float
    register_low: float
    register: float
    register_high: float


@cache
def all_texture_norms() -> dict[tuple[str, str], TextureNorm]:
    """Return the measured rows by (style, role); style "all" holds every style."""
    text = files("zhiyin.fill").joinpath("texture_norms.csv").read_text(encoding="utf-8")
    rows = [
        TextureNorm(
            row["style"], row["role"], int(row["pieces"]), int(row["cells"]),
            *(float(row[name]) for name in list(TextureNorm.__dataclass_fields__)[4:]),
        )
        for row in csv.DictReader(text.splitlines())
    ]  # fmt: skip
    return {(row.style, row.role): row for row in rows}


def texture_norm(style: str, role: str, *, family: str) -> TextureNorm:
    """Return the measured norm of a role in a style, else in its base style, its kin, or all styles.

    >>> texture_norm("waltz", "accompaniment", family="dance").polyphony
    2.0
    """
    table = all_texture_norms()
    wanted = "inner" if role == "unknown" else role
    kin = ("game",) if style in _DRIVING else _KIN[family]
    found = (table.get((name, wanted)) for name in (style, base_style(style), *kin))
    return next((row for row in found if row is not None), table["all", wanted])


def is_measured(style: str, role: str) -> bool:
    """Return whether a style, its base or its kin by drive has a row for a role that enough pieces stand behind."""
    table = all_texture_norms()
    names = (style, base_style(style), *(("game",) if style in _DRIVING and role != "melody" else ()))
    return any((name, role) in table and table[name, role].pieces >= LEAST_PIECES for name in names)
