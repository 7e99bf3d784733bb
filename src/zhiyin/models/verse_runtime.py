"""The torch-free runtime of nets of verse: beams of one line in numpy, with caches of what stands before.

Conventions: float32; the lines above are read once and shared by all beams, each beam keeps only its own line's keys
and values. This module does not choose units: see `zhiyin.lyrics.write`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.verse import KINDS, LENGTHS
from zhiyin.encode.verse_rows import Row, Told, make_row
from zhiyin.models.config import rotation_frequencies
from zhiyin.models.net_file import NetFile, load_net
from zhiyin.models.verse_config import VerseConfig
from zhiyin.units import Float32Array, IntArray


@dataclass(frozen=True, slots=True)
class Past:
    """Keys and values of each layer: of the lines above, (heads, places, head), and of each beam's own line,
    (beams, heads, places, head)."""

    shared: tuple[tuple[Float32Array, Float32Array], ...]
    own: tuple[tuple[Float32Array, Float32Array], ...]


@dataclass(frozen=True, slots=True)
class VerseState:
    """Beams of a line: the past, the last hidden state (beams, width), the syllables still to come (beams,), -1 open.

    told: what every place of the line is told of kind and theme, (width,).
    """

    past: Past
    hidden: Float32Array
    left: IntArray
    told: Float32Array


class VerseRuntime:
    """A net's weights ready to run."""

    def __init__(
        self, config: VerseConfig, weights: dict[str, Float32Array], *, told: dict[str, Any]
    ) -> None:
        self.config = config
        self.units: tuple[str, ...] = tuple(told["units"])
        self.syllables = np.array(told["syllables"], np.int64)
        s = config.settings
        self.head = s.width // s.heads
        self.embed, self.kind, self.length = (
            weights["embed.weight"],
            weights["kind.weight"],
            weights["length.weight"],
        )
        self.enter = self.embed @ weights["enter.weight"].T  # (units + 1, width): what enters, read by row
        self.theme = weights["theme.weight"].T
        self.layers = [_Layer(weights, f"blocks.{i}.", heads=s.heads) for i in range(s.layers)]
        self.narrow = np.ascontiguousarray((weights["leave.weight"] * weights["norm.weight"]).T)
        self.out = np.ascontiguousarray(self.embed[:-1].T)
        self.bias = weights["bias"]
        self.frequencies = rotation_frequencies(self.head, "index")[0].astype(np.float32)

    @classmethod
    def of(cls, file: NetFile) -> VerseRuntime:
        """Return the runtime of a net file."""
        settings = dict(file.settings)
        told = settings.pop("told")
        return cls(VerseConfig.of(settings), file.weights, told=told)

    @classmethod
    def load(cls, name_or_path: str) -> VerseRuntime:
        """Return the runtime of a shipped net or of a file. Raises NotFound or UnreadableFile."""
        return cls.of(load_net(name_or_path, kind="verse"))

    def start(
        self, before: Sequence[Sequence[int]], *, kind: str = "", length: int = 0, theme: Sequence[int] = ()
    ) -> VerseState:
        """Return one beam before a line's last unit.

        before: the lines above as units from the last to the first, the nearest line last; length: syllables to come,
        0 open; theme: units.
        """
        number = kind_number(kind)
        row = make_row(
            [*before, ()],
            [Told()] * len(before) + [Told(tuple(theme))],
            kind=number,
            syllables=self.syllables,
        )
        row.length[-1] = min(length, LENGTHS) + 1 if length > 0 else 0
        x, past, told = self._read(row)
        heads, head = self.config.settings.heads, self.head
        empty = np.empty((1, heads, 0, head), np.float32)
        return VerseState(
            Past(tuple(past), tuple((empty, empty) for _ in past)),
            x[-1:], np.array([length if length > 0 else -1]), told,
        )  # fmt: skip

    def log_probabilities(self, state: VerseState) -> Float32Array:
        """Return (beams, units) natural logarithms."""
        return self._logs(state.hidden)

    def row_logs(self, row: Row) -> Float32Array:
        """Return (places, units): of what follows every place of a row, all places at once."""
        return self._logs(self._read(row)[0])

    def _read(self, row: Row) -> tuple[Float32Array, list[tuple[Float32Array, Float32Array]], Float32Array]:
        """Return a row after the layers, each layer's keys and values, and what its last line is told."""
        x, told = self._entered(row)
        past = []
        turn = self._turn(np.arange(len(x)))
        for layer in self.layers:
            x, keys, values = layer.read(x, turn)
            past.append((keys, values))
        return x, past, told

    def _logs(self, hidden: Float32Array) -> Float32Array:
        logits = (_unit(hidden) @ self.narrow) @ self.out
        logits += self.bias
        logits -= logits.max(axis=1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return logits

    def step(self, state: VerseState, beams: IntArray, units: IntArray) -> VerseState:
        """Return the state of chosen beams with a unit added on their left."""
        left = state.left[beams]
        left = np.where(left < 0, -1, np.maximum(left - self.syllables[units], 0))
        x = self.enter[units] + self.length[np.minimum(left, LENGTHS) + 1] + state.told
        own = []
        shared = state.past.shared
        place = shared[0][0].shape[1] + state.past.own[0][0].shape[2]
        turn = self._turn(np.array([place]))[0]
        for layer, (above, here) in zip(self.layers, zip(shared, state.past.own, strict=True), strict=True):
            x, pair = layer.step(x, turn, above=above, here=(here[0][beams], here[1][beams]))
            own.append(pair)
        return VerseState(Past(shared, tuple(own)), x, left, state.told)

    def _entered(self, row: Row) -> tuple[Float32Array, Float32Array]:
        """Return what a row's places are told, (places, width), and kind and theme of its last line, (width,)."""
        told = np.zeros((len(row.theme), self.kind.shape[1]), np.float32)
        for number, theme in enumerate(row.theme):
            known = theme[theme >= 0]
            if known.size:
                told[number] = self.embed[known].mean(axis=0) @ self.theme
        told += self.kind[row.kind]
        return self.enter[row.unit] + self.length[row.length] + told[row.line], told[-1]

    def _turn(self, places: IntArray) -> NDArray[np.complex64]:
        """Return the rotation of each pair of a head at places, (places, head / 2)."""
        angle = places[:, None].astype(np.float32) * self.frequencies
        return np.asarray(np.exp(1j * angle), np.complex64)


def kind_number(kind: str) -> int:
    """Return the number of a kind of verse, that of any where the name is not known."""
    return KINDS.index(kind) if kind in KINDS else 0


class _Layer:
    """One layer's matrices for products from the left, with gains and the scale of attention folded in."""

    def __init__(self, weights: dict[str, Float32Array], prefix: str, *, heads: int) -> None:
        self.heads = heads
        qkv = weights[prefix + "qkv.weight"].T * weights[prefix + "attention_norm.weight"][:, None]
        width = len(qkv)
        head = width // heads
        qkv[:, :width] *= np.float32(head**-0.5)
        self.qkv = np.ascontiguousarray(qkv)
        self.out = np.ascontiguousarray(weights[prefix + "out.weight"].T)
        gain = weights[prefix + "hidden_norm.weight"][:, None]
        self.gate_up = np.ascontiguousarray(weights[prefix + "gate_up.weight"].T * gain)
        self.down = np.ascontiguousarray(weights[prefix + "down.weight"].T)

    def split(
        self, x: Float32Array, turn: NDArray[np.complex64]
    ) -> tuple[Float32Array, Float32Array, Float32Array]:
        """Return queries, keys and values, (n, heads, head) each; turn (n or 1, head / 2)."""
        qkv = (_unit(x) @ self.qkv).reshape(len(x), 3, self.heads, -1)
        return _turned(qkv[:, 0], turn), _turned(qkv[:, 1], turn), qkv[:, 2]

    def read(
        self, x: Float32Array, turn: NDArray[np.complex64]
    ) -> tuple[Float32Array, Float32Array, Float32Array]:
        """Return a whole row after the layer, and its keys and values, (heads, places, head)."""
        q, k, v = (part.transpose(1, 0, 2) for part in self.split(x, turn))
        scores = q @ k.transpose(0, 2, 1)
        scores += np.triu(np.full(scores.shape[1:], -np.inf, np.float32), 1)
        mixed = (_softmax(scores) @ v).transpose(1, 0, 2).reshape(len(x), -1)
        return self.after(np.add(x, mixed @ self.out)), np.ascontiguousarray(k), np.ascontiguousarray(v)

    def step(
        self,
        x: Float32Array,
        turn: NDArray[np.complex64],
        *,
        above: tuple[Float32Array, Float32Array],
        here: tuple[Float32Array, Float32Array],
    ) -> tuple[Float32Array, tuple[Float32Array, Float32Array]]:
        """Return one place of each beam after the layer, and the beams' own keys and values with it."""
        q, k, v = self.split(x, turn[None])
        keys = np.concatenate((here[0], k[:, :, None]), axis=2)
        values = np.concatenate((here[1], v[:, :, None]), axis=2)
        far = (q.transpose(1, 0, 2) @ above[0].transpose(0, 2, 1)).transpose(
            1, 0, 2
        )  # (beams, heads, places above)
        near = (keys @ q[..., None])[..., 0]
        weight = _softmax(np.concatenate((far, near), axis=2))
        places = far.shape[2]
        mixed = (weight[:, :, :places].transpose(1, 0, 2) @ above[1]).transpose(1, 0, 2)
        mixed = mixed + (weight[:, :, None, places:] @ values)[:, :, 0]
        return self.after(np.add(x, mixed.reshape(len(x), -1) @ self.out)), (keys, values)

    def after(self, x: Float32Array) -> Float32Array:
        """Return x after the gated feed-forward part."""
        gate, up = np.split(_unit(x) @ self.gate_up, 2, axis=1)
        return np.asarray(x + (gate / (1.0 + np.exp(-gate)) * up) @ self.down, np.float32)


def _turned(x: Float32Array, turn: NDArray[np.complex64]) -> Float32Array:
    """Return heads with their halves turned as pairs; x (n, heads, head)."""
    half = x.shape[2] // 2
    a, b = x[..., :half], x[..., half:]
    cos, sin = turn.real[:, None], turn.imag[:, None]
    return np.concatenate((a * cos - b * sin, a * sin + b * cos), axis=2)


def _unit(x: Float32Array) -> Float32Array:
    """Return rows divided by their root mean square."""
    scale = 1.0 / np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1] + 1e-6)
    return np.asarray(x * scale[:, None], np.float32)


def _softmax(scores: Float32Array) -> Float32Array:
    scores = scores - scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    return np.asarray(scores / scores.sum(axis=-1, keepdims=True), np.float32)
