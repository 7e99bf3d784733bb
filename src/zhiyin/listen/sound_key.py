"""The key of a sound, from how long each pitch class is heard.

Conventions: 12 shares, C first; keys are major or minor; the profiles are those the scores are measured with.
This module does not know notes: keys of scores are found in `zhiyin.analysis.key`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.analysis.key import MAJOR_PROFILE, MINOR_PROFILE
from zhiyin.theory.key import Key
from zhiyin.units import FloatArray

SHARPNESS = 12.0  # correlations to shares: set so that the likeliest key's share is how often it is right
CLEAR = 0.35  # a correlation under this is no key
EVEN = 1.3 / 12  # where no pitch class has more than this share, as in noise, a correlation is chance
OVERTONES = 0.15  # every tone also sounds its third partial, a fifth above


@dataclass(frozen=True, slots=True, eq=False)
class KeyHeard:
    """The key that a sound is nearest to.

    tonic: pitch class; mode: major or minor; strength: correlation -1..1; majorness: the best major less the best
    minor correlation; profile: (12,) shares; shares: (24,) of all keys, majors from C first.
    """

    tonic: int
    mode: str
    strength: float
    majorness: float
    profile: FloatArray
    shares: FloatArray

    @property
    def key(self) -> Key | None:
        """Return the key, None where no key is clear."""
        is_clear = self.strength >= CLEAR and float(self.profile.max()) > EVEN
        return Key.from_pitch_class(self.tonic, self.mode) if is_clear else None


def key_of_profile(weights: FloatArray) -> KeyHeard:
    """Return the key nearest to the weights of the twelve pitch classes.

    By correlation. Source: Krumhansl, "Cognitive Foundations of Musical Pitch", 1990, with newer profiles.
    >>> key_of_profile(np.array([5, 0, 2, 0, 3, 2, 0, 4, 0, 2, 0, 1.0])).key.name
    'C major'
    """
    total = float(weights.sum())
    if total <= 0.0:
        return KeyHeard(0, "major", 0.0, 0.0, np.full(12, 1 / 12), np.full(24, 1 / 24))
    profile = _without_overtones(np.asarray(weights, float) / total)
    fits = _correlations(profile)
    best = int(np.argmax(fits))
    odds = np.exp(SHARPNESS * (fits - fits.max()))
    majorness = float(fits[:12].max() - fits[12:].max())
    mode = "major" if best < 12 else "minor"
    return KeyHeard(best % 12, mode, float(fits[best]), majorness, profile, odds / odds.sum())


def _without_overtones(profile: FloatArray) -> FloatArray:
    cleared = np.maximum(profile - OVERTONES * np.roll(profile, 7), 0.0)
    found: FloatArray = cleared / max(cleared.sum(), 1e-12)
    return found


def _correlations(profile: FloatArray) -> FloatArray:
    rows = [np.roll(shape, tonic) for shape in (MAJOR_PROFILE, MINOR_PROFILE) for tonic in range(12)]
    keys = np.array(rows) - np.mean(rows, axis=1, keepdims=True)
    centred = profile - profile.mean()
    norm = np.linalg.norm(keys, axis=1) * max(float(np.linalg.norm(centred)), 1e-12)
    found: FloatArray = keys @ centred / norm
    return found
