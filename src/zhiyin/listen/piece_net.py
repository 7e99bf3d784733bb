"""A classifier of whole pieces: windows through one small network each, pooled, joined with who plays.

Conventions: features are standardised and clipped; every member of the ensemble pools the mean of its windows'
embeddings, so the order and number of windows do not matter. This module does not train: see `piece_net_fit`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.judge.style_net import feature_layout
from zhiyin.listen.style_hearing import PLAYER_NAMES, Hearing
from zhiyin.units import BoolArray, Float32Array, FloatArray

CLIP = 5.0  # standard deviations; features have long tails
LAYERS = ("hidden", "embedding", "label", "players", "players_label")
LEAST = 1e-12  # a probability whose logarithm is taken
STEPS = 12  # of the path along which a reason is weighed


@dataclass(frozen=True, eq=False)
class PieceNet:
    """A trained classifier of pieces.

    classes: labels; used: (features,) which features it goes by; centre, scale: (used,); players_centre,
    players_scale: (players,); members: one {layer.w, layer.b} each; temperatures: what divides the logits of a piece
    of 1, 2, 3 and more windows; threshold: below this probability the answer is "don't know"; familiar: (directions,
    used) and limit: a piece whose windows lie farther than `limit` from these directions is strange; order: (used,) and
    least_order: so is one with less of this direction, which points from notes at random to music.
    """

    classes: tuple[str, ...]
    used: BoolArray
    centre: Float32Array
    scale: Float32Array
    players_centre: Float32Array
    players_scale: Float32Array
    members: tuple[Mapping[str, Float32Array], ...]
    temperatures: tuple[float, float, float] = (1.0, 1.0, 1.0)
    threshold: float = 0.0
    familiar: Float32Array | None = None
    limit: float = float("inf")
    order: Float32Array | None = None
    least_order: float = -1e9
    card: Mapping[str, Any] | None = None

    def standard(self, windows: Float32Array) -> Float32Array:
        """Return (n, used) windows in standard deviations from the average window."""
        if windows.ndim != 2 or windows.shape[1] != self.used.size:
            raise InvalidInput(
                f"windows must be (n, {self.used.size}), got {windows.shape}: use zhiyin.listen.style_hearing"
            )
        x: Float32Array = np.clip((windows[:, self.used] - self.centre) / self.scale, -CLIP, CLIP)
        return x.astype(np.float32)

    def standard_players(self, players: Float32Array) -> Float32Array:
        """Return (players,) who plays in standard deviations, all zero where it is not known."""
        if not players[-1]:
            return np.zeros_like(players)
        x: Float32Array = np.clip((players - self.players_centre) / self.players_scale, -CLIP, CLIP)
        x[-1] = 1.0
        return x.astype(np.float32)

    def embed(self, hearing: Hearing) -> Float32Array:
        """Return (width,) where a piece lies, of length 1: what sounds alike is near. Needs at least one window."""
        x = self.standard(hearing.windows)
        joined = np.concatenate([pooled(member, x) for member in self.members])
        return np.asarray(joined / max(float(np.linalg.norm(joined)), 1e-9), np.float32)

    def logits(self, hearing: Hearing) -> FloatArray:
        """Return (classes,) the mean of the members' logits. Needs at least one window."""
        if not len(hearing.windows):
            raise InvalidInput("a piece must hold at least one window of eight bars, got 0: say don't know")
        x, players = self.standard(hearing.windows), self.standard_players(hearing.players)
        found = [head(member, pooled(member, x), players) for member in self.members]
        return np.asarray(np.mean(found, axis=0), np.float64)

    def shares(self, hearing: Hearing) -> FloatArray:
        """Return (classes,) calibrated probabilities. Needs at least one window."""
        return softmax(self.logits(hearing) / self.temperatures[min(len(hearing.windows), 3) - 1])

    def strangeness(self, hearing: Hearing) -> float:
        """Return how far the windows lie from all that was learned, in standard deviations a feature."""
        if self.familiar is None:
            return 0.0
        x = self.standard(hearing.windows)
        rest = x - (x @ self.familiar.T) @ self.familiar
        return float(np.sqrt(np.mean(rest**2)))

    def orderliness(self, hearing: Hearing) -> float:
        """Return how far the windows lie from notes at random; higher is more like music."""
        return 0.0 if self.order is None else float(np.mean(self.standard(hearing.windows) @ self.order))

    def is_strange(self, hearing: Hearing) -> bool:
        """Return whether a piece is unlike all that was learned, or like notes at random."""
        return self.strangeness(hearing) > self.limit or self.orderliness(hearing) < self.least_order

    def evidence(self, hearing: Hearing, label: int) -> tuple[FloatArray, FloatArray]:
        """Return (features,) and (players,): what each adds to a label's logit, beside the mean of all labels.

        Integrated gradients from the average piece (Sundararajan, Taly & Yan, 2017); features not used get 0.
        """
        x, players = self.standard(hearing.windows), self.standard_players(hearing.players)
        features, who = np.zeros(self.used.size), np.zeros(players.size)
        for member in self.members:
            for step in (np.arange(STEPS) + 0.5) / STEPS:
                slope, slope_who = slopes(member, (x * step).astype(np.float32), players * step, label=label)
                features[self.used] += (slope * x).sum(axis=0)
                who += slope_who * players
        return features / (STEPS * len(self.members)), who / (STEPS * len(self.members))


def softmax(logits: FloatArray) -> FloatArray:
    """Return probabilities of logits (last axis)."""
    odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
    found: FloatArray = odds / odds.sum(axis=-1, keepdims=True)
    return found


def joined(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the probabilities of two hearings joined: their geometric mean. Where they part, nothing is sure.

    >>> joined(np.array([0.9, 0.1]), np.array([0.1, 0.9])).tolist()
    [0.5, 0.5]
    """
    return softmax((np.log(np.maximum(first, LEAST)) + np.log(np.maximum(second, LEAST))) / 2)


def silu(x: NDArray[np.float32]) -> Float32Array:
    """Return x times its logistic function."""
    return np.asarray(x / (1.0 + np.exp(-x)), np.float32)


def silu_slope(x: NDArray[np.float32]) -> Float32Array:
    """Return the derivative of `silu`."""
    gate = 1.0 / (1.0 + np.exp(-x))
    return np.asarray(gate * (1.0 + x * (1.0 - gate)), np.float32)


def pooled(member: Mapping[str, Float32Array], x: Float32Array) -> Float32Array:
    """Return (width,) the mean embedding of standardised windows."""
    hidden = silu(x @ member["hidden.w"] + member["hidden.b"])
    mean: Float32Array = (hidden @ member["embedding.w"] + member["embedding.b"]).mean(axis=0)
    return mean


def head(member: Mapping[str, Float32Array], pool: Float32Array, players: Float32Array) -> Float32Array:
    """Return (classes,) the logits of a pooled embedding and of who plays."""
    who = silu(players @ member["players.w"] + member["players.b"])
    logits: Float32Array = (
        silu(pool) @ member["label.w"]
        + member["label.b"]
        + who @ member["players_label.w"]
        + member["players_label.b"]
    )
    return logits


def slopes(
    member: Mapping[str, Float32Array], x: Float32Array, players: Float32Array, *, label: int
) -> tuple[FloatArray, FloatArray]:
    """Return the gradient of (a label's logit minus the mean logit) by windows (n, used) and by players."""
    before = x @ member["hidden.w"] + member["hidden.b"]
    pool = pooled(member, x)
    out = member["label.w"][:, label] - member["label.w"].mean(axis=1)
    by_pool = out * silu_slope(pool) / len(x)
    by_x = ((by_pool @ member["embedding.w"].T) * silu_slope(before)) @ member["hidden.w"].T
    who = players @ member["players.w"] + member["players.b"]
    out_who = member["players_label.w"][:, label] - member["players_label.w"].mean(axis=1)
    by_players = (out_who * silu_slope(who)) @ member["players.w"].T
    return by_x.astype(np.float64), by_players.astype(np.float64)


def save_piece_net(net: PieceNet, path: Path) -> None:
    """Write a classifier in half precision, whole or not at all."""
    arrays = {f"{n}.{name}": a for n, member in enumerate(net.members) for name, a in member.items()}
    halves = {name: np.ascontiguousarray(a, np.float16) for name, a in arrays.items()}
    halves["used"] = net.used.astype(np.uint8)
    for name in ("centre", "scale", "players_centre", "players_scale"):
        halves[name] = np.ascontiguousarray(getattr(net, name), np.float32)
    for name, rows in {"familiar": net.familiar, "order": net.order}.items():
        if rows is not None:
            halves[name] = np.ascontiguousarray(rows, np.float16)
    notes = {
        "classes": net.classes, "temperatures": net.temperatures, "threshold": net.threshold, "limit": net.limit,
        "least_order": net.least_order, "members": len(net.members), "layout": feature_layout(),
        "players": PLAYER_NAMES, "card": net.card,
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save_file(halves, part, metadata={"piece_net": json.dumps(notes, ensure_ascii=False)})
    part.chmod(0o644)  # safetensors writes for the owner only
    part.replace(path)


def load_piece_net(path: Path, *, remedy: str) -> PieceNet:
    """Return a classifier from its file; remedy: the command that makes one.

    Raises NotFound when there is none, UnreadableFile when it is not one or was made for other features.
    """
    if not path.is_file():
        raise NotFound(f"no classifier of pieces at {str(path)!r}: run  {remedy}")
    try:
        with safe_open(path, framework="numpy") as file:
            notes = json.loads((file.metadata() or {})["piece_net"])
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, KeyError, ValueError) as error:
        raise UnreadableFile(path, "its header", f"a classifier is a file of ours ({error})") from error
    if notes["layout"] != feature_layout() or notes["players"] != list(PLAYER_NAMES):
        raise UnreadableFile(
            path,
            "layout",
            f"a classifier must fit the features of today, got {notes['layout']}: run  {remedy}",
        )
    floats = {name: np.asarray(a, np.float32) for name, a in arrays.items() if name != "used"}
    first, second, third = notes["temperatures"]
    return PieceNet(
        tuple(notes["classes"]), arrays["used"].astype(bool), floats["centre"], floats["scale"],
        floats["players_centre"], floats["players_scale"], _members(floats, int(notes["members"])),
        (float(first), float(second), float(third)), float(notes["threshold"]), floats.get("familiar"),
        float(notes["limit"]), floats.get("order"), float(notes["least_order"]), notes["card"],
    )  # fmt: skip


def _members(floats: Mapping[str, Float32Array], count: int) -> tuple[Mapping[str, Float32Array], ...]:
    return tuple(
        {f"{layer}.{kind}": floats[f"{n}.{layer}.{kind}"] for layer in LAYERS for kind in "wb"}
        for n in range(count)
    )
