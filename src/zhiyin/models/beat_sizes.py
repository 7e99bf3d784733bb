"""Sizes of the beat stacks, shared by the nets in torch and in numpy, and what recipes may set of them.

Conventions: widths in numbers a beat; reaches in beats. This module needs no torch.
"""

from __future__ import annotations

from dataclasses import dataclass

REACHES = (1, 2, 4, 1, 2, 4, 8, 1)  # beats to either side, layer by layer
EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class CycleganSettings:
    """Sizes of the writer and the critic, and what the writer's loss weighs beside the critic.

    width, layers, code: of the writer; critic_width, critic_layers: of the critic. cycle: nats a beat of the way there
    and back; same: of writing a piece in its own style; wrong: how much a critic is shown human pieces under another
    style's name; penalty: how much its slope at human pieces costs.
    """

    family: str = "cyclegan"
    width: int = 160
    layers: int = 6
    code: int = 32
    critic_width: int = 128
    critic_layers: int = 4
    cycle: float = 0.01
    same: float = 0.03
    wrong: float = 0.5
    penalty: float = 2.0


@dataclass(frozen=True, slots=True)
class VaeTransferSettings:
    """Sizes of both halves and of a bar's latent.

    free: nats a latent number that cost nothing; beta: what more cost.
    """

    family: str = "vae-transfer"
    width: int = 160
    layers: int = 5
    code: int = 32
    latent: int = 16
    free: float = 0.1
    beta: float = 0.5


@dataclass(frozen=True, slots=True)
class TransferData:
    """Which styles are learned, most pieces of each, most windows of a piece and beats a window."""

    styles: tuple[str, ...] = (
        "hymn", "string-quartet", "art-song", "baroque", "classical", "romantic-piano", "waltz", "mazurka",
        "polonaise", "march", "ragtime", "pop",
    )  # fmt: skip
    most_pieces: int = 120
    most_windows: int = 24
    beats: int = 16
