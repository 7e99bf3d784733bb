"""The shape of a VAE over bars and of the prior over its latents, shared by torch and the runtime.

Conventions: a net reads one bar of each of its parts and answers one latent a bar; a part is a "line" (130 symbols a
step) or a "kit" (nine classes). This module imports no tensor library.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from zhiyin.errors import InvalidInput

KINDS = ("line", "kit")
ROLES = ("melody", "bass", "drums")  # a role is told to the net beside the notes


@dataclass(frozen=True, slots=True)
class VaeConfig:
    """Sizes of a bar VAE and its prior.

    parts: what a bar holds, in order; latent: numbers a bar; width, hidden, blocks: of the bar's networks; step: width
    of one step of a line; memory: width of the prior's recurrent state; mixtures: Gaussians it answers with.
    """

    family: str = "vae"
    parts: tuple[str, ...] = ("line",)
    latent: int = 32
    width: int = 256
    hidden: int = 512
    blocks: int = 2
    step: int = 32
    memory: int = 192
    mixtures: int = 6

    def __post_init__(self) -> None:
        if not self.parts or any(kind not in KINDS for kind in self.parts):
            raise InvalidInput(
                f"parts must be some of {', '.join(KINDS)}, got {self.parts!r}: name each part's kind"
            )
        small = [
            n
            for n in ("latent", "width", "hidden", "blocks", "step", "memory", "mixtures")
            if getattr(self, n) < 1
        ]
        if small:
            raise InvalidInput(f"{small[0]} must be 1 or more, got {getattr(self, small[0])}")

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain values."""
        return asdict(self)

    @classmethod
    def of(cls, settings: dict[str, Any]) -> VaeConfig:
        """Return the config of plain values."""
        return cls(**{**settings, "parts": tuple(settings["parts"])})


@dataclass(frozen=True, slots=True)
class VaeDataSettings:
    """What a VAE learns from: roles of the corpus, the parts of a bar, and how windows are drawn.

    roles: one a part of the net, or several for a net of one part that serves them all; bars: of a window; windows: a
    batch; odd_shift: share of windows moved by a random interval instead of to no sharps and flats; beta: weight of
    the KL; beta_warmup: steps until it is reached; free_bits: KL a bar that costs nothing; weights: set -> factor.
    """

    roles: tuple[str, ...] = ("melody", "bass")
    sets: tuple[str, ...] = ()
    bars: int = 16
    odd_shift: float = 0.15
    beta: float = 0.1
    beta_warmup: int = 1000
    free_bits: float = 0.0
    synthetic: float = 0.25
    most_bars_of_a_set: int = 40_000
