"""The shape of a net of verse and what it learns from, shared by torch, the runtime and the recipe.

Conventions: what a net is told stands in `zhiyin.encode.verse`. This module imports no tensor library.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from zhiyin.encode.verse import KINDS, LENGTHS, THEMES
from zhiyin.errors import InvalidInput
from zhiyin.models.config import FillConfig


@dataclass(frozen=True, slots=True)
class VerseSettings:
    """Sizes that a recipe sets.

    language: zh or en; embed: numbers a unit, narrower than the net's width where units are many.
    """

    family: str = "verse"
    language: str = "zh"
    width: int = 256
    layers: int = 4
    heads: int = 4
    hidden: int = 512
    embed: int = 192
    dropout: float = 0.1

    def __post_init__(self) -> None:
        if self.language not in ("zh", "en"):
            raise InvalidInput(f"language must be zh or en, got {self.language!r}")

    @property
    def trunk(self) -> FillConfig:
        """Return the shape of the layers; refuses a width that the heads do not divide."""
        return FillConfig(
            width=self.width, layers=self.layers, heads=self.heads, hidden=self.hidden, dropout=self.dropout,
            clocks="index",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class VerseData:
    """What a net of verse is shown.

    places: of a row of lines; told: shares of lines that are told a theme and their length, and of rows told their
    kind; near: share of themes taken from neighbour lines; weights: kind -> how often its rows come, 1 by default.
    """

    places: int = 64
    told_theme: float = 0.5
    told_length: float = 0.8
    told_kind: float = 0.9
    near: float = 0.4
    long_every: int = 4
    weights: dict[str, float] | None = None


@dataclass(frozen=True, slots=True)
class VerseConfig:
    """A net's whole shape: the settings and how many units, kinds, lengths and theme units there are."""

    settings: VerseSettings
    units: int
    kinds: int = len(KINDS)
    lengths: int = LENGTHS
    themes: int = THEMES

    def to_dict(self) -> dict[str, Any]:
        """Return the shape as plain values."""
        return asdict(self)

    @classmethod
    def of(cls, values: dict[str, Any]) -> VerseConfig:
        """Return the shape of plain values. Raises InvalidInput when kinds or lengths are not this version's."""
        config = cls(**{**values, "settings": VerseSettings(**values["settings"])})
        if (config.kinds, config.lengths, config.themes) != (len(KINDS), LENGTHS, THEMES):
            raise InvalidInput(
                f"a net of verse must know {len(KINDS)} kinds, {LENGTHS} lengths and {THEMES} theme units, got "
                f"{config.kinds}, {config.lengths} and {config.themes}: train it again with this version"
            )
        return config
