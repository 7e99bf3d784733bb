"""The space of latents: bars in, bars out, and ways between: straight or slerp, blends, distances.

Conventions: a phrase is bars side by side, one latent each; ways go bar by bar; shares run from 0 (the first) to 1.
This module reads no scores: see `zhiyin.fill.latent.reading`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.latent.reading import PartBars
from zhiyin.models.vae_runtime import StepOdds, VaeRuntime, load_vae, role_index
from zhiyin.units import Float32Array, IntArray

NET_OF_ROLE = {"melody": "vae-line", "bass": "vae-line", "drums": "vae-drums"}
WAYS = ("slerp", "straight")


@dataclass(frozen=True, eq=False)
class Phrase:
    """Bars as latents (bars, latent), with their lengths in sixteenths, role and signature."""

    latent: Float32Array
    lengths: IntArray
    role: str
    sharps: int = 0

    def __len__(self) -> int:
        return int(self.lengths.size)

    def at(self, latent: Float32Array) -> Phrase:
        """Return the phrase with other latents."""
        return replace(self, latent=latent.astype(np.float32))


def net_of(role: str) -> VaeRuntime:
    """Return the shipped net that reads a role."""
    role_index(role)
    return load_vae(NET_OF_ROLE[role])


def encode(part: PartBars, net: VaeRuntime | None = None) -> Phrase:
    """Return the means of a part's bars."""
    mean, _ = (net or net_of(part.role)).encode([part.bars], role_index(part.role))
    return Phrase(mean, part.bars.lengths, part.role, part.sharps)


def odds_of(phrase: Phrase, net: VaeRuntime | None = None) -> StepOdds:
    """Return the odds of every step that a phrase is written with."""
    (odds,) = (net or net_of(phrase.role)).decode(phrase.latent, phrase.lengths, role_index(phrase.role))
    return odds


def decode(phrase: Phrase, net: VaeRuntime | None = None) -> PartBars:
    """Return the likeliest bars of a phrase."""
    return PartBars(odds_of(phrase, net).likeliest(), phrase.role, phrase.sharps)


def between(a: Float32Array, b: Float32Array, share: float, *, way: str = "slerp") -> Float32Array:
    """Return latents on the way from a to b, bar by bar.

    slerp: along the arc, the length growing from the one's to the other's (Shoemake, 1985); straight: along the chord.
    Raises InvalidInput for a share outside 0..1 or an unknown way.

    >>> between(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]), 0.5, way="straight").tolist()
    [[0.5, 0.5]]
    """
    if not 0.0 <= share <= 1.0:
        raise InvalidInput(f"a share must lie in 0..1, got {share:g}: 0 is the first, 1 the second")
    if way not in WAYS:
        raise InvalidInput(f"a way must be one of {', '.join(WAYS)}, got {way!r}: choose one")
    if way == "straight":
        return (1 - share) * a + share * b
    size_a, size_b = (np.linalg.norm(x, axis=-1, keepdims=True) for x in (a, b))
    unit_a, unit_b = a / np.maximum(size_a, 1e-9), b / np.maximum(size_b, 1e-9)
    angle = np.arccos(np.clip((unit_a * unit_b).sum(axis=-1, keepdims=True), -1.0, 1.0))
    sine = np.sin(angle)
    is_flat = sine < 1e-4
    safe = np.where(is_flat, 1.0, sine)
    first = np.where(is_flat, 1 - share, np.sin((1 - share) * angle) / safe)
    second = np.where(is_flat, share, np.sin(share * angle) / safe)
    size = (1 - share) * size_a + share * size_b
    result: Float32Array = (first * unit_a + second * unit_b) * size
    return result


def interpolate(a: Phrase, b: Phrase, steps: int, *, way: str = "slerp") -> tuple[Phrase, ...]:
    """Return so many phrases from a to b, both among them. Raises InvalidInput for fewer than 2 or other lengths."""
    if steps < 2:
        raise InvalidInput(f"steps must be 2 or more, got {steps}: both ends are steps")
    _refuse_unlike((a, b))
    return tuple(a.at(between(a.latent, b.latent, i / (steps - 1), way=way)) for i in range(steps))


def blend(phrases: Sequence[Phrase], weights: Sequence[float]) -> Phrase:
    """Return the first phrase at the weighted mean of all, drawn out to the mean of their lengths from the middle.

    A plain mean of unlike bars lies nearer to the middle of the space than bars of people do. Raises InvalidInput
    unless there is a weight above or at 0 for each and one above it.

    >>> one, other = (Phrase(np.array([z]), np.array([16]), "melody") for z in ([2.0, 0.0], [0.0, 2.0]))
    >>> blend((one, other), (1.0, 0.0)).latent.tolist()
    [[2.0, 0.0]]
    """
    share = shares_of(weights, len(phrases))
    _refuse_unlike(phrases)
    every = np.stack([p.latent for p in phrases])
    mean = np.tensordot(share, every, axes=1)
    size = np.tensordot(share, np.linalg.norm(every, axis=-1), axes=1)
    now = np.maximum(np.linalg.norm(mean, axis=-1), 1e-6)
    return phrases[0].at(mean * (size / now)[:, None])


def shares_of(weights: Sequence[float], count: int) -> Float32Array:
    """Return weights as shares of 1. Raises InvalidInput unless there are so many, none below 0, one above."""
    given = np.array(list(weights), np.float64)
    if given.size != count or not np.isfinite(given).all() or given.min(initial=0) < 0 or given.sum() <= 0:
        raise InvalidInput(
            f"weights must be {count} numbers of 0 or more, one above 0, got {list(weights)}: give one a piece"
        )
    result: Float32Array = (given / given.sum()).astype(np.float32)
    return result


def vary(phrase: Phrase, distance: float, rng: np.random.Generator) -> Phrase:
    """Return the phrase moved by chance: 0 stays, 1 is as far as another bar drawn from the space.

    Raises InvalidInput outside 0..1.
    """
    if not 0.0 <= distance <= 1.0:
        raise InvalidInput(f"distance must lie in 0..1, got {distance:g}: 0 stays, 1 is all new")
    scale = float(np.sqrt(np.mean(phrase.latent**2))) if len(phrase) else 1.0
    other = (scale * rng.standard_normal(phrase.latent.shape)).astype(np.float32)
    return phrase.at(between(phrase.latent, other, distance))


def _refuse_unlike(phrases: Sequence[Phrase]) -> None:
    lengths = [p.lengths.tolist() for p in phrases]
    if any(one != lengths[0] for one in lengths) or len({p.role for p in phrases}) != 1:
        raise InvalidInput(
            f"phrases must have bars of the same lengths and one role, got {[len(p) for p in phrases]} bars of "
            f"{sorted({p.role for p in phrases})}: cut or stretch them first"
        )
