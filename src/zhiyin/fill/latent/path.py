"""Ways from one phrase to another on which every bar is a bar: candidates around the straight way, the likeliest kept.

Conventions: ends are the phrases' own bars; along the way no bar comes nearer to where it left or farther from where
it goes. This module judges by the family's own odds; others judge it in docs/latents.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.bar_steps import HOLD, KIT, STEPS, Bars
from zhiyin.errors import InvalidInput
from zhiyin.fill.latent.reading import PartBars
from zhiyin.fill.latent.space import between, encode, net_of
from zhiyin.models.vae_runtime import StepOdds, VaeRuntime, role_index
from zhiyin.units import BoolArray, Float32Array, FloatArray

DRAWS = 64  # candidates a bar and point
REACH = 0.45  # deviations of chance around the way
STAGGER = 0.35  # how much earlier or later than the mean single bars set out
EVENNESS = 40.0  # nats that a candidate would cost which stands the whole way from where it should
FULLNESS = 5.0  # nats that an attack too many or too few costs, beside the mean of both ends'


@dataclass(frozen=True, eq=False)
class Wayfinding:
    """How a way is sought: candidates a bar, their reach, how unevenly bars set out, and what costs what."""

    draws: int = DRAWS
    reach: float = REACH
    stagger: float = STAGGER
    evenness: float = EVENNESS
    fullness: float = FULLNESS


def unlike(a: Bars, b: Bars) -> FloatArray:
    """Return (bars,) the share of steps in which bars differ."""
    apart = a.steps != b.steps
    apart = apart.any(axis=2) if a.is_kit else apart
    inside = np.arange(STEPS) < a.lengths[:, None]
    share: FloatArray = (apart & inside).sum(axis=1) / a.lengths
    return share


def path(
    a: PartBars, b: PartBars, steps: int, *, rng: np.random.Generator, net: VaeRuntime | None = None,
    how: Wayfinding | None = None,
) -> tuple[PartBars, ...]:  # fmt: skip
    """Return so many phrases from a to b, both among them, each at a's signature.

    Raises InvalidInput for fewer than 2 steps or bars of other lengths.
    """
    if steps < 2:
        raise InvalidInput(f"steps must be 2 or more, got {steps}: both ends are steps")
    if a.bars.lengths.tolist() != b.bars.lengths.tolist() or a.role != b.role:
        raise InvalidInput(
            f"both ends must have bars of the same lengths and one role, got {len(a)} bars of {a.role} and {len(b)} "
            f"of {b.role}: cut or stretch them first"
        )
    run, how = net or net_of(a.role), how or Wayfinding()
    seeker = _Seeker(run, a, b, how=how, rng=rng)
    inner = [seeker.step(k / (steps - 1)) for k in range(1, steps - 1)]
    return (a, *(PartBars(bars, a.role, a.sharps) for bars in inner), PartBars(b.bars, b.role, a.sharps))


def point(
    a: PartBars, b: PartBars, share: float, *, rng: np.random.Generator, net: VaeRuntime | None = None,
    how: Wayfinding | None = None,
) -> PartBars:  # fmt: skip
    """Return the phrase at a share of the way from a (0) to b (1), as `path` would pass it."""
    if share <= 0.0:
        return a
    if share >= 1.0:
        return PartBars(b.bars, b.role, a.sharps)
    run, how = net or net_of(a.role), how or Wayfinding()
    return PartBars(_Seeker(run, a, b, how=how, rng=rng).step(share), a.role, a.sharps)


class _Seeker:
    """A walk from a to b: where every bar stands, so that none turns back."""

    def __init__(
        self, net: VaeRuntime, a: PartBars, b: PartBars, *, how: Wayfinding, rng: np.random.Generator
    ) -> None:
        self.net, self.a, self.b, self.how, self.rng = net, a.bars, b.bars, how, rng
        self.role = role_index(a.role)
        self.ends = tuple(encode(part, net).latent for part in (a, b))
        self.offset = how.stagger * rng.uniform(-1.0, 1.0, len(a))
        self.now = a.bars
        self.whole = unlike(a.bars, b.bars)

    def step(self, share: float) -> Bars:
        """Return the bars at a share of the way, later than the last share asked for."""
        shares = _staggered(share, self.offset)
        steps, nats = self._candidates(shares)
        far_a, far_b = (self._apart(steps, end) for end in (self.a, self.b))
        least, most = unlike(self.now, self.a), unlike(self.now, self.b)
        stays = (far_a >= least[:, None] - 1e-9) & (far_b <= most[:, None] + 1e-9)
        # Farther from one end than the ends are from each other, a bar would have to come back.
        stays &= np.maximum(far_a, far_b) <= self.whole[:, None] + 1e-9
        place = far_a / np.maximum(far_a + far_b, 1e-9)
        cost = nats + self.how.evenness * np.abs(place - shares[:, None])
        wanted = (1 - shares) * _attacks(self.a.steps) + shares * _attacks(self.b.steps)
        cost = cost + self.how.fullness * np.abs(_attacks(steps) - wanted[:, None])
        cost = np.where(stays, cost, np.inf)
        best = cost.argmin(axis=1)
        rows = np.arange(len(self.a))
        self.now = Bars(steps[rows, best], self.a.lengths)
        return self.now

    def _candidates(self, shares: FloatArray) -> tuple[NDArray[np.uint8], FloatArray]:
        """Return ((bars, candidates, 16, ...) steps, (bars, candidates) nats); the last is where the bar stands."""
        count, bars = self.how.draws, len(self.a)
        on_way = np.stack([between(self.ends[0][i], self.ends[1][i], float(s)) for i, s in enumerate(shares)])
        noise = self.how.reach * self.rng.standard_normal((bars, count, self.net.latent))
        noise[:, 0] = 0.0
        latent = (on_way[:, None] + noise).astype(np.float32).reshape(bars * count, -1)
        lengths = np.repeat(self.a.lengths, count)
        (odds,) = self.net.decode(latent, lengths, self.role)
        found = odds.likeliest().steps.reshape(bars, count, *self.a.steps.shape[1:])
        every = np.concatenate(
            (found, self.now.steps[:, None], self.a.steps[:, None], self.b.steps[:, None]), axis=1
        )
        return every, self._nats(every)

    def _nats(self, steps: NDArray[np.uint8]) -> FloatArray:
        """Return (bars, candidates) how unlikely each is when it is read and written again."""
        bars, count = steps.shape[:2]
        lengths = np.repeat(self.a.lengths, count)
        flat = Bars(steps.reshape(bars * count, *steps.shape[2:]).astype(np.uint8), lengths)
        mean, spread = self.net.encode([flat], self.role)
        (odds,) = self.net.decode(mean, lengths, self.role)
        price = 0.5 * (mean**2).sum(axis=1) - np.log(spread).sum(axis=1)
        nats: FloatArray = (surprise(flat, odds) + price).reshape(bars, count)
        return nats

    def _apart(self, steps: NDArray[np.uint8], end: Bars) -> FloatArray:
        other = Bars(np.repeat(end.steps[:, None], steps.shape[1], axis=1).reshape(-1, *end.steps.shape[1:]),
                     np.repeat(end.lengths, steps.shape[1]))  # fmt: skip
        mine = Bars(steps.reshape(other.steps.shape).astype(np.uint8), other.lengths)
        return unlike(mine, other).reshape(steps.shape[:2])


def _attacks(steps: NDArray[np.uint8]) -> FloatArray:
    """Return (...,) how many steps begin something, of lines (..., 16) or kits (..., 16, 9)."""
    is_kit = steps.ndim > 2 and steps.shape[-1] == KIT
    begins = steps.any(axis=-1) if is_kit else steps < HOLD
    count: FloatArray = np.asarray(begins, np.float64).sum(axis=-1)
    return count


def surprise(bars: Bars, odds: StepOdds) -> FloatArray:
    """Return (bars,) nats of bars under odds of their steps."""
    inside: BoolArray = np.arange(STEPS) < bars.lengths[:, None]
    if bars.is_kit:
        chance = np.where(bars.steps > 0, odds.hits, 1 - odds.hits)
        nats: FloatArray = -(np.log(chance + 1e-9).sum(axis=2) * inside).sum(axis=1)
        return nats
    kind = (bars.steps >= HOLD).astype(np.int64) + (bars.steps > HOLD)
    log: Float32Array = np.log(np.take_along_axis(odds.kinds, kind[:, :, None], axis=2)[:, :, 0] + 1e-9)
    pitch = np.where(bars.steps < HOLD, bars.steps, 0).astype(np.int64)
    of_pitch = np.log(np.take_along_axis(odds.pitches, pitch[:, :, None], axis=2)[:, :, 0] + 1e-9)
    result: FloatArray = -((log + np.where(bars.steps < HOLD, of_pitch, 0.0)) * inside).sum(axis=1)
    return result


def _staggered(share: float, offset: FloatArray) -> FloatArray:
    """Return each bar's own share: some set out earlier, some later, all leave at 0 and arrive at 1.

    >>> _staggered(0.5, np.array([0.0, 0.25])).tolist()
    [0.5, 1.0]
    """
    width = 1.0 - np.abs(offset)
    steep = 1.0 / np.maximum(width - np.abs(offset), 0.05)
    return np.clip(0.5 + steep * (share - 0.5 + offset), 0.0, 1.0)
