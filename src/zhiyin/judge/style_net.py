"""The style classifier: which style eight bars are in, how sure it is, and an embedding to measure distances in.

Conventions: a perceptron on `zhiyin.judge.features`, run in numpy; classes, scale and thresholds stand in the file.
This module does not train: see `zhiyin.judge.style_net_build`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.judge.excerpts import Excerpt
from zhiyin.judge.features import feature_groups, features_of
from zhiyin.units import Float32Array, FloatArray

DEFAULT_STYLE_NET = Path(__file__).parent / "weights" / "style-net.safetensors"
LAYERS = ("hidden", "embedding", "style")
CLIP = 5.0  # standard deviations; features have long tails


@dataclass(frozen=True, slots=True)
class StyleGuess:
    """What a window sounds like.

    style: the likeliest class, None where the classifier does not know; confidence: its calibrated probability;
    shares: (class, probability) from the likeliest down.
    """

    style: str | None
    confidence: float
    shares: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class StyleNet:
    """A trained classifier.

    classes: style names; centre, scale: (features,); weights: `hidden.w` (in, out), `hidden.b` and so on for LAYERS;
    temperature: divides the logits; threshold: below this probability the answer is 'do not know'.
    """

    classes: tuple[str, ...]
    centre: Float32Array
    scale: Float32Array
    weights: Mapping[str, Float32Array]
    temperature: float
    threshold: float
    card: Mapping[str, Any]

    def embed(self, features: NDArray[np.float32]) -> Float32Array:
        """Return (n, width) the embedding of (n, features): the last hidden layer, before its nonlinearity."""
        if features.ndim != 2 or features.shape[1] != self.centre.size:
            raise InvalidInput(
                f"features must be (n, {self.centre.size}), got {features.shape}: use features_of"
            )
        x = np.clip((features - self.centre) / self.scale, -CLIP, CLIP)
        x = _silu(x @ self.weights["hidden.w"] + self.weights["hidden.b"])
        embedding: Float32Array = x @ self.weights["embedding.w"] + self.weights["embedding.b"]
        return embedding

    def probabilities(self, features: NDArray[np.float32]) -> FloatArray:
        """Return (n, classes) calibrated probabilities."""
        x = _silu(self.embed(features))
        logits = (x @ self.weights["style.w"] + self.weights["style.b"]).astype(np.float64) / self.temperature
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: FloatArray = odds / odds.sum(axis=1, keepdims=True)
        return shares

    def guess(self, excerpts: Sequence[Excerpt]) -> list[StyleGuess]:
        """Return what each excerpt sounds like."""
        if not excerpts:
            return []
        return [self._guess(row) for row in self.probabilities(np.stack([features_of(e) for e in excerpts]))]

    def _guess(self, row: FloatArray) -> StyleGuess:
        order = np.argsort(-row)
        best = float(row[order[0]])
        shares = tuple((self.classes[i], float(row[i])) for i in order.tolist())
        return StyleGuess(shares[0][0] if best >= self.threshold else None, best, shares)


def _silu(x: Float32Array) -> Float32Array:
    return np.asarray(x / (1.0 + np.exp(-x)), np.float32)


@cache
def load_style_net(path: Path = DEFAULT_STYLE_NET) -> StyleNet:
    """Return a classifier from its file, the shipped one by default.

    Raises NotFound when there is none, UnreadableFile when it is not one or was made for other features.
    """
    if not path.is_file():
        raise NotFound(
            f"no style classifier at {str(path)!r}: run  python -m zhiyin.judge.style_net_build CORPUS"
        )
    try:
        with safe_open(path, framework="numpy") as file:
            notes = json.loads((file.metadata() or {})["style_net"])
            arrays = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, KeyError, ValueError) as error:
        raise UnreadableFile(path, "its header", f"a style classifier is a file of ours ({error})") from error
    if notes["layout"] != feature_layout():
        raise UnreadableFile(
            path,
            "layout",
            f"a style classifier must fit the features of today, got {notes['layout']}: build it again",
        )
    return StyleNet(
        tuple(notes["classes"]), arrays.pop("centre"), arrays.pop("scale"), arrays, float(notes["temperature"]),
        float(notes["threshold"]), notes["card"],
    )  # fmt: skip


def save_style_net(net: StyleNet, path: Path) -> None:
    """Write a classifier in half precision, whole or not at all."""
    arrays = {"centre": net.centre, "scale": net.scale, **net.weights}
    halves = {
        name: np.ascontiguousarray(a, np.float32 if a.ndim == 1 else np.float16) for name, a in arrays.items()
    }
    notes = {
        "classes": net.classes, "temperature": net.temperature, "threshold": net.threshold,
        "layout": feature_layout(), "card": net.card,
    }  # fmt: skip
    part = path.with_suffix(".part")
    save_file(halves, part, metadata={"style_net": json.dumps(notes, ensure_ascii=False)})
    part.chmod(0o644)  # safetensors writes for the owner only
    part.replace(path)


def feature_layout() -> str:
    """Return the feature groups with their sizes as text, so that a file meets only the features it was made for."""
    return " ".join(f"{name}:{span.stop - span.start}" for name, span in feature_groups().items())
