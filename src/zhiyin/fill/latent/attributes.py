"""Moving bars towards denser, higher, more syncopated or brighter, and leaving the rest as it is.

Conventions: amounts in deviations of people's bars, negative for the other way. What bars measure is
`zhiyin.models.vae_attributes`'s; what a move does in truth is measured in docs/latents.md.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zhiyin.encode.bar_steps import Bars
from zhiyin.errors import InvalidInput
from zhiyin.fill.latent.path import unlike
from zhiyin.fill.latent.reading import PartBars
from zhiyin.fill.latent.space import Phrase, encode, net_of
from zhiyin.models.vae_attributes import ATTRIBUTES, DIRECTIONS, SPREADS, attributes_of
from zhiyin.models.vae_runtime import VaeRuntime, role_index

MOST = 4.0  # deviations
DRAWS, REACH, FARTHEST = (
    48,
    0.25,
    3.0,
)  # candidates a bar, chance around the line, and how far along it they go
OTHERS, CHANGE = 0.5, 0.3  # what moving another attribute, and every sixteenth that changes, cost


def moved(phrase: Phrase, amounts: Mapping[str, float], net: VaeRuntime | None = None) -> Phrase:
    """Return a phrase moved along attributes of ATTRIBUTES by so many deviations each.

    Raises InvalidInput for an unknown attribute, one that the role does not have, or more than 4 deviations.
    """
    run = net or net_of(phrase.role)
    latent = phrase.latent.copy()
    for name, amount in amounts.items():
        if name not in ATTRIBUTES:
            raise InvalidInput(
                f"an attribute must be one of {', '.join(ATTRIBUTES)}, got {name!r}: choose one"
            )
        if not abs(amount) <= MOST:
            raise InvalidInput(
                f"an amount must lie in {-MOST:g}..{MOST:g} deviations, got {amount:g}: ask for less"
            )
        direction = run.w[DIRECTIONS][ATTRIBUTES.index(name)]
        if not np.any(direction):
            raise InvalidInput(
                f"{phrase.role} has no {name}, got an amount of {amount:g}: choose another attribute"
            )
        latent = latent + amount * direction
    return phrase.at(latent)


def steered(
    part: PartBars, amounts: Mapping[str, float], *, rng: np.random.Generator, net: VaeRuntime | None = None
) -> PartBars:
    """Return bars that have what is asked: of candidates along the directions the one that measures nearest to it.

    Goes further than `moved` where a bar answers by jumps. Raises InvalidInput as `moved` does.
    """
    run = net or net_of(part.role)
    phrase = encode(part, run)
    step = moved(phrase, amounts, run).latent - phrase.latent  # (bars, latent)
    shares = np.linspace(0.0, FARTHEST, DRAWS)[None, :, None]
    noise = REACH * rng.standard_normal((len(part), DRAWS, run.latent))
    noise[:, 0] = 0.0
    latent = (phrase.latent[:, None] + shares * step[:, None] + noise).astype(np.float32)
    lengths = np.repeat(part.bars.lengths, DRAWS)
    (odds,) = run.decode(latent.reshape(-1, run.latent), lengths, role_index(part.role))
    found = odds.likeliest()
    again = Bars(np.repeat(part.bars.steps, DRAWS, axis=0), lengths)
    spread = run.w[SPREADS].astype(np.float64)
    used = [i for i in range(len(ATTRIBUTES)) if spread[i] > 0]
    own = attributes_of(part.bars)
    wanted = own + np.array([amounts.get(name, 0.0) for name in ATTRIBUTES]) * spread
    apart = (attributes_of(found).reshape(len(part), DRAWS, -1) - wanted[:, None])[:, :, used] / spread[used]
    weigh = np.array([1.0 if ATTRIBUTES[i] in amounts else OTHERS for i in used])
    cost = (weigh * apart**2).sum(axis=2) + CHANGE * unlike(found, again).reshape(len(part), DRAWS)
    best = np.where(np.isfinite(cost), cost, np.inf).argmin(axis=1)
    rows = np.arange(len(part)) * DRAWS + best
    steps = np.where(
        np.isfinite(own[:, 0]).reshape(-1, *[1] * (part.bars.steps.ndim - 1)),
        found.steps[rows],
        part.bars.steps,
    )  # silence has nothing to steer
    return PartBars(Bars(steps, part.bars.lengths), part.role, part.sharps)
