"""A learned guess at the mood and the style of a text that names neither.

Conventions: character n-grams of 1 to 5, hashed; one logistic head a name; silent below its threshold, and never
over anything that was read. This module reads no words: see `zhiyin.brief.read`.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from zhiyin.brief.fill_open import Filling, with_filling
from zhiyin.brief.match import fold
from zhiyin.brief.read import Brief

BUCKETS = 8192
LONGEST = 5
WEIGHTS = Path(__file__).parent / "weights" / "guess.safetensors"


@dataclass(frozen=True, eq=False)
class Heads:
    """Logistic heads: names, weights (names, BUCKETS), biases, and the probability below which they are silent."""

    names: tuple[str, ...]
    weights: NDArray[np.float32]
    biases: NDArray[np.float32]
    threshold: float

    def best(self, features: NDArray[np.float32]) -> tuple[str, float] | None:
        """Return the likeliest name and its probability, None below the threshold."""
        scores = 1.0 / (1.0 + np.exp(-(self.weights @ features + self.biases)))
        place = int(np.argmax(scores))
        return (self.names[place], float(scores[place])) if scores[place] >= self.threshold else None


def features_of(text: str) -> NDArray[np.float32]:
    """Return a text as hashed counts of its character n-grams, of length 1 (all 0 for no text)."""
    plain = f" {' '.join(fold(text).lower.split())} "
    counts = np.zeros(BUCKETS, np.float32)
    for size in range(1, LONGEST + 1):
        for place in range(len(plain) - size + 1):
            counts[zlib.crc32(plain[place : place + size].encode()) % BUCKETS] += 1.0
    counts = np.sqrt(counts)
    length = float(np.sqrt(np.sum(counts * counts)))
    return counts / np.float32(length) if length else counts


@cache
def heads(kind: str) -> Heads:
    """Return the shipped heads of a kind, `moods` or `styles`."""
    with safe_open(WEIGHTS, framework="numpy") as tree:
        told = json.loads(tree.metadata()[kind])
        weights = tree.get_tensor(f"{kind}.weights").astype(np.float32)
        weights *= tree.get_tensor(f"{kind}.scale")[:, None]
        return Heads(
            tuple(told["names"]), weights, tree.get_tensor(f"{kind}.biases"), float(told["threshold"])
        )


def with_guess(brief: Brief) -> Brief:
    """Return the reading with a guessed mood or style where no word names one and the guess is sure enough."""
    said = brief.said
    has_mood = said.moods or said.avoid_moods or any(turn.moods or turn.arousal for turn in said.changes)
    has_style = said.styles or said.exclude_styles or brief.wishes.style is not None
    if brief.scope is False or brief.kind == "edit" or not brief.unknown or (has_mood and has_style):
        return brief
    features = features_of(brief.text)
    for kind, is_taken in (
        ("moods", bool(has_mood) or bool(brief.wishes.moods)),
        ("styles", bool(has_style)),
    ):
        found = None if is_taken else heads(kind).best(features)
        if found is not None:
            told = f"guessed, {found[1]:.0%} sure; the words name none"
            brief = with_filling(brief, Filling(told, **{kind: (found[0],)}))  # type: ignore[arg-type]
    return brief
