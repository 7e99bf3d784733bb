"""Sizes of the `gan` family: a writer of phrases by noise, and the settings a recipe may give it.

Conventions: noise is a standard normal; shared noise is heard by every part, part noise by one; each has a share for
the whole phrase and one a bar (after MuseGAN, Dong et al. 2018). This module knows no tensors.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from zhiyin.encode.fields import METRE_SLOTS, STYLE_SLOTS
from zhiyin.models.gan_rolls import BARS, BEAT, TRACKS, WIDTH

MODES = 4
TOLD = 12 + 13 + BEAT + 2 * len(TRACKS)  # a beat: chord, root, sixteenths there, who plays, what is given


@dataclass(frozen=True, slots=True)
class GanConfig:
    """Sizes of the writer.

    width: of a beat; layers: blocks of the trunk; part_width, part_layers: of each part's own net. shared_noise,
    part_noise: numbers a phrase; shared_bar_noise, part_bar_noise: numbers a bar.
    """

    width: int = 192
    layers: int = 3
    part_width: int = 96
    part_layers: int = 2
    shared_noise: int = 32
    shared_bar_noise: int = 16
    part_noise: int = 16
    part_bar_noise: int = 8
    styles: int = STYLE_SLOTS
    metres: int = METRE_SLOTS

    @property
    def told(self) -> int:
        """Return the numbers that a beat is told, the given rolls among them."""
        return TOLD + BEAT * WIDTH

    @property
    def shared(self) -> int:
        """Return the numbers of shared noise a beat hears."""
        return self.shared_noise + self.shared_bar_noise

    @property
    def own(self) -> int:
        """Return the numbers of part noise a beat hears."""
        return self.part_noise + self.part_bar_noise

    @property
    def noise(self) -> int:
        """Return all numbers of noise of a phrase."""
        tracks = len(TRACKS)
        return (
            self.shared_noise
            + BARS * self.shared_bar_noise
            + tracks * (self.part_noise + BARS * self.part_bar_noise)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the sizes as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class GanSettings:
    """[model] of a recipe of the family: sizes as in GanConfig, and the critic's.

    penalty: weight of the gradient penalty; penalty_every: critic moves between two penalties, weighed up by as much.
    rebuild: weight of an encoder's task beside it, to give back phrases from their noise (a VAE-GAN, Larsen et al.
    2016), 0 for none; prior: weight of its noise's distance from a standard normal. adversarial: weight of the critic's
    word. critic_moves: moves of the critic a step; critic_rate: its share of the recipe's rate.
    """

    family: str = "gan"
    width: int = 192
    layers: int = 3
    part_width: int = 96
    part_layers: int = 2
    critic_width: int = 160
    critic_layers: int = 3
    penalty: float = 10.0
    penalty_every: int = 1
    critic_moves: int = 2
    critic_rate: float = 1.0
    rebuild: float = 1.0
    adversarial: float = 1.0
    prior: float = 0.25


@dataclass(frozen=True, slots=True)
class GanData:
    """[data] of a recipe of the family: sets (all that may ship when empty), bounds of what is drawn of the corpus.

    phrases_a_piece: most of one piece; pieces_a_style: most of one style; style_evenness: as for the fill models.
    """

    sets: tuple[str, ...] = ()
    phrases_a_piece: int = 12
    pieces_a_style: int = 260
    style_evenness: float = 0.5
