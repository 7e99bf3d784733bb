"""Moving bars towards denser, higher, more syncopated or brighter, and leaving the rest as it is.

Conventions: amounts in deviations of people's bars, negative for the other way. What bars measure is
`zhiyin.models.vae_attributes`'s; what a move does in truth is measured in docs/latents.md.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.latent.space import Phrase, net_of
from zhiyin.models.vae_attributes import ATTRIBUTES, DIRECTIONS
from zhiyin.models.vae_runtime import VaeRuntime

MOST = 4.0  # deviations


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
        if abs(amount) > MOST:
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
