"""The classifier of sounds as it runs: a few small perceptrons in numpy, what they have never heard, and near pieces.

Conventions: features are those of sound_features.py in order; several windows of one sound are answered as one.
This module does not train (sound_build.py) and knows no words (sound.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from zhiyin.errors import NotFound, UnreadableFile
from zhiyin.listen.base import Near
from zhiyin.listen.sound_features import NAMES
from zhiyin.units import Float32Array, FloatArray

DEFAULT_SOUND_NET = Path(__file__).with_name("weights") / "sound-style.safetensors"
CLIP = 4.0  # standard deviations; features have long tails
NEAREST = 3


@dataclass(frozen=True, eq=False)
class SoundNet:
    """A trained classifier of sounds.

    centre, scale: (features,). weights: `hidden.w` (members, features, hidden), `hidden.b`, `style.w` (members,
    hidden, classes), `style.b`; whiten (features, features) makes spreads inside the classes alike, `means` (classes,
    features) are theirs there; `places` (pieces, classes - 1) and `axes` tell nearness. temperature divides logits;
    threshold: under this probability the answer is "don't know"; strange: a distance no learned sound has.
    """

    classes: tuple[str, ...]
    centre: Float32Array
    scale: Float32Array
    weights: Mapping[str, Float32Array]
    temperature: float
    threshold: float
    strange: float
    pieces: tuple[tuple[str, str, str, str], ...]
    card: Mapping[str, Any]

    def standard(self, features: Float32Array) -> FloatArray:
        """Return (windows, features) in standard deviations from the mean, clipped."""
        return np.clip((features.astype(np.float64) - self.centre) / self.scale, -CLIP, CLIP)

    def logits(self, standard: FloatArray) -> FloatArray:
        """Return (classes,) of all windows of one sound together, the mean of the members."""
        found: FloatArray = member_logits(self.weights, standard).mean(axis=(0, 1))
        return found

    def probabilities(self, features: Float32Array) -> FloatArray:
        """Return (classes,) calibrated probabilities of the windows of one sound."""
        return softmax(self.logits(self.standard(features)) / self.temperature)

    def strangeness(self, features: Float32Array) -> float:
        """Return how far a sound lies from the nearest class, 1 where learned sounds end."""
        # Not clipped: what lies far out is what this is about.
        rows = ((features.astype(np.float64) - self.centre) / self.scale) @ self.weights["whiten"]
        gaps: FloatArray = np.linalg.norm(rows.mean(axis=0) - self.weights["means"], axis=1)
        return float(gaps.min()) / self.strange

    def near(self, features: Float32Array, *, most: int = NEAREST) -> tuple[Near, ...]:
        """Return the learned excerpts that sound most alike, nearest first, a piece once."""
        place = (self.standard(features) @ self.weights["whiten"] @ self.weights["axes"]).mean(axis=0)
        gaps: FloatArray = np.linalg.norm(self.weights["places"] - place, axis=1)
        found: dict[tuple[str, str], Near] = {}
        for index in np.argsort(gaps, kind="stable").tolist():
            title, composer, label, collection = self.pieces[index]
            found.setdefault((title, composer), Near(title, composer, label, collection, float(gaps[index])))
            if len(found) == most:
                break
        return tuple(found.values())


def member_logits(weights: Mapping[str, Float32Array], standard: FloatArray) -> FloatArray:
    """Return (members, windows, classes)."""
    hidden = np.maximum(standard @ weights["hidden.w"] + weights["hidden.b"][:, None, :], 0.0)
    return np.asarray(hidden @ weights["style.w"] + weights["style.b"][:, None, :], float)


def softmax(logits: FloatArray) -> FloatArray:
    """Return probabilities along the last axis.

    >>> softmax(np.log([1.0, 3.0])).tolist()
    [0.25, 0.75]
    """
    odds: FloatArray = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True), float)


@cache
def load_sound_net(path: Path = DEFAULT_SOUND_NET) -> SoundNet:
    """Return a classifier from its file, the shipped one by default.

    Raises NotFound when there is none, UnreadableFile when it is not one or was made for other features.
    """
    if not path.is_file():
        raise NotFound(
            f"no classifier of sounds at {str(path)!r}: run  python -m zhiyin.listen.sound_build CORPUS"
        )
    try:
        with safe_open(path, framework="numpy") as file:
            notes = json.loads((file.metadata() or {})["sound_net"])
            arrays = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118
        layout = tuple(notes["features"])
    except (SafetensorError, KeyError, ValueError) as error:
        raise UnreadableFile(
            path, "its header", f"a classifier of sounds is a file of ours ({error})"
        ) from error
    if layout != NAMES:
        raise UnreadableFile(path, "features", f"made for {len(layout)} other features: build it again")
    return SoundNet(
        tuple(notes["classes"]), arrays.pop("centre"), arrays.pop("scale"), arrays, notes["temperature"],
        notes["threshold"], notes["strange"], tuple(tuple(row) for row in notes["pieces"]), notes["card"],
    )  # fmt: skip


def save_sound_net(net: SoundNet, path: Path) -> None:
    """Write a classifier in half precision, whole or not at all."""
    arrays = {"centre": net.centre, "scale": net.scale, **net.weights}
    halves = {
        name: np.ascontiguousarray(a, np.float32 if a.ndim == 1 else np.float16) for name, a in arrays.items()
    }
    notes = {
        "classes": net.classes, "temperature": net.temperature, "threshold": net.threshold, "strange": net.strange,
        "features": NAMES, "pieces": net.pieces, "card": net.card,
    }  # fmt: skip
    part = path.with_suffix(".part")
    save_file(halves, part, metadata={"sound_net": json.dumps(notes, ensure_ascii=False)})
    part.chmod(0o644)  # safetensors writes for the owner only
    part.replace(path)
