"""The torch-free runtime: a fill transformer in numpy with a preallocated key-value cache.

Conventions: float32, one sequence a state; one event costs four matrix-vector products a layer.
The same checkpoint, events and processor give the same bits; another BLAS or processor may round differently.
This module does not sample: see `zhiyin.fill.decode`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from zhiyin.encode.fields import NO_LAST, REACH
from zhiyin.errors import InvalidInput
from zhiyin.models.base import Under
from zhiyin.models.checkpoint import Checkpoint
from zhiyin.models.config import FillConfig, rotation_frequencies
from zhiyin.units import Float32Array, FloatArray, IntArray

_HALF_ROOT = np.float32(np.sqrt(0.5))
_FIRST_CAPACITY = 1024


class FillRuntime:
    """Weights ready to run; share one between states.

    name, version: from the checkpoint, for provenance.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.name = checkpoint.name
        self.version = checkpoint.digest[:16]
        self.config = checkpoint.config
        self.order = checkpoint.config.order
        self.card = checkpoint.card
        w = checkpoint.weights
        self.weights = w
        sizes = np.array(list(self.config.fields.values()))
        self.offsets = np.cumsum(sizes) - sizes
        self.embedding = w["embed.weight"]
        self.layers = self._layers()
        index, time = rotation_frequencies(self.config.head_width, self.config.clocks)
        self.index_freq, self.time_freq = index.astype(np.float32), time.astype(np.float32)
        self.value_in, self.value_w = _columns(w, "value_in"), _columns(w, "value_head")
        self.duration_w, self.extra_w = _columns(w, "duration_head"), _columns(w, "extra_head")
        self.degree_w, self.chord_w = _columns(w, "degree_head"), _columns(w, "chord_head")
        self.pitch_class, self.chord_class = _value_classes(self.config)
        self.step_w = _columns(w, "step_head") if self.config.steps else np.empty((0, 0), np.float32)
        self.asks = _Asks(w, self.config)
        self.degree_place, self.chord_place = _places(self.pitch_class), _places(self.chord_class)

    def _layers(self) -> list[Any]:
        return [_Layer(self.weights, i, heads=self.config.heads) for i in range(self.config.layers)]

    def start(self) -> FillState:
        """Return an empty sequence."""
        return FillState(self)

    def linear(self, name: str, x: Float32Array, weight: Float32Array) -> Float32Array:
        """Return x @ weight + the bias of a named linear layer."""
        return np.asarray(x @ weight + self.weights[f"{name}.bias"], np.float32)


class _Layer:
    """One layer's matrices for row-vector products, with the norms' gains and the attention scale folded in."""

    def __init__(self, w: dict[str, Float32Array], index: int, *, heads: int) -> None:
        p = f"blocks.{index}."
        qkv = _columns(w, p + "qkv") * w[p + "attention_norm.weight"][:, None]
        width, head = len(qkv), len(qkv) // heads
        self.gains = _gains(w, p, heads=heads, head_width=head)
        if self.gains is None:
            qkv[:, :width] *= np.float32(head**-0.5)
        self.qkv = np.ascontiguousarray(
            qkv[:, np.concatenate((_paired(2 * heads, head), np.arange(2 * width, 3 * width)))]
        )
        self.gate_up = _columns(w, p + "gate_up") * w[p + "hidden_norm.weight"][:, None]
        self.out, self.down = _columns(w, p + "out"), _columns(w, p + "down")

    def steadied(self, qkv: Float32Array) -> Float32Array:
        """Return (..., 3 * width) with each head's query and key normalised, where the model was trained so."""
        if self.gains is None:
            return qkv
        both = qkv[..., : self.gains.size].reshape(*qkv.shape[:-1], *self.gains.shape)
        squares = np.einsum("...ij,...ij->...i", both, both)
        scale = (squares / self.gains.shape[1] + 1e-6) ** -0.5
        qkv[..., : self.gains.size] = (both * scale[..., None] * self.gains).reshape(*qkv.shape[:-1], -1)
        return qkv


_ASKED = ("onset_head", "value_in", "duration_in", "extra_in")


class _Asks:
    """What every event is asked of its hidden state, as one product: logits of the onset, then the inner inputs."""

    def __init__(self, w: dict[str, Float32Array], config: FillConfig) -> None:
        self.weight = np.ascontiguousarray(np.concatenate([_columns(w, n) for n in _ASKED], axis=1))
        self.bias = np.concatenate([w[f"{n}.bias"] for n in _ASKED])
        ends = np.cumsum([config.onsets, *[config.inner] * 3]).tolist()
        self.parts = {n: slice(a, b) for n, a, b in zip(_ASKED, [0, *ends], ends, strict=False)}


def _places(classes: IntArray) -> IntArray:
    """Return (12, values): for each base where a value's logit stands in a table of 12 logits and a zero."""
    base = np.arange(12)[:, None]
    places: IntArray = np.where(classes[None] == 12, 12, (classes[None] - base) % 12)
    return places


def _gains(w: dict[str, Float32Array], p: str, *, heads: int, head_width: int) -> Float32Array | None:
    """Return (2 * heads, head) gains of normalised queries, the attention scale folded in, and keys."""
    if p + "q_norm.weight" not in w:
        return None
    pairs = _paired(1, head_width)
    query, key = w[p + "q_norm.weight"][pairs] * head_width**-0.5, w[p + "k_norm.weight"][pairs]
    return np.asarray(np.concatenate((np.tile(query, (heads, 1)), np.tile(key, (heads, 1)))), np.float32)


def _paired(heads: int, head_width: int) -> IntArray:
    """Return columns so that the two values that rotary attention turns together stand side by side."""
    half = head_width // 2
    pairs = np.arange(head_width).reshape(2, half).T.reshape(-1)
    columns: IntArray = (np.arange(heads)[:, None] * head_width + pairs).reshape(-1)
    return columns


def _columns(w: dict[str, Float32Array], name: str) -> Float32Array:
    return np.ascontiguousarray(w[f"{name}.weight"].T)


def _value_classes(config: FillConfig) -> tuple[IntArray, IntArray]:
    pitches = np.arange(config.pitches) % 12
    roots = np.repeat(np.arange(12), config.qualities)
    return np.concatenate((pitches, roots, [12])), np.concatenate((pitches, np.full_like(roots, 12), [12]))


def _unit(x: Float32Array) -> Float32Array:
    """Return rows divided by their root mean square; gains are folded into the matrices that follow."""
    squares = np.einsum("ij,ij->i", x, x)
    return np.asarray(
        x * (1.0 / np.sqrt(squares / x.shape[1] + 1e-6)).astype(np.float32)[:, None], np.float32
    )


def _unit_row(x: Float32Array) -> Float32Array:
    """Return a vector divided by its root mean square."""
    scale = np.float32((float(np.dot(x, x)) / x.size + 1e-6) ** -0.5)
    return np.asarray(x * scale, np.float32)


def _silu(x: Float32Array) -> Float32Array:
    out = np.maximum(x, np.float32(-60.0))
    np.negative(out, out=out)
    np.exp(out, out=out)
    out += np.float32(1.0)
    return np.divide(x, out, out=out)


def _gelu(x: Float32Array) -> Float32Array:
    return np.asarray(x * np.float32(0.5) * (np.float32(1.0) + erf(x * _HALF_ROOT)), np.float32)


def log_softmax(logits: Float32Array) -> FloatArray:
    """Return natural-log probabilities of the last axis."""
    x = logits.astype(np.float64)
    x = x - x.max(axis=-1, keepdims=True)
    result: FloatArray = x - np.log(np.exp(x).sum(axis=-1, keepdims=True))
    return result


class FillState:
    """A sequence read so far: caches and the last hidden state."""

    def __init__(self, runtime: FillRuntime) -> None:
        self._run = runtime
        self._length = 0
        config = runtime.config
        shape = (config.layers, config.heads, _FIRST_CAPACITY, config.head_width)
        self._keys, self._values = np.empty(shape, np.float32), np.empty(shape, np.float32)
        self._hidden = np.empty((_FIRST_CAPACITY, config.width), np.float32)
        self._onset = self._value = -1
        self._answered = 0  # how many events had been read when `_answers` was computed
        self._answers = np.empty(0, np.float32)

    def mark(self) -> int:
        """Return the number of events read, for `rewind`."""
        return self._length

    def rewind(self, mark: int) -> None:
        """Forget every event after a mark."""
        if not 0 < mark <= self._length:
            raise InvalidInput(
                f"rewind mark must lie in 1..{self._length}, got {mark}: use a value that mark() gave"
            )
        self._length, self._answered = mark, 0

    def feed(self, fields: IntArray, time: IntArray) -> None:
        """Read events: fields (events, F), time (events,) in steps."""
        run, count = self._run, len(fields)
        self._grow(self._length + count)
        self._answered = 0
        if count == 1:
            self._feed_one(fields[0], time)
            return
        x = run.embedding.take(fields[:, : run.offsets.size] + run.offsets, axis=0).sum(
            axis=1
        )  # (events, width)
        turn = self._turn(time)
        for number, layer in enumerate(run.layers):
            x += self._attend(layer.steadied(_unit(x) @ layer.qkv), number, turn) @ layer.out
            gate_up = _unit(x) @ layer.gate_up
            half = gate_up.shape[1] // 2
            x += (_silu(gate_up[:, :half]) * gate_up[:, half:]) @ layer.down
        self._hidden[self._length : self._length + count] = _unit(x) * run.weights["norm.weight"]
        self._length += count

    def _feed_one(self, fields: IntArray, time: IntArray) -> None:
        """Read one event: the road of decoding, in vectors, since calls cost more than products here."""
        run = self._run
        x = np.add.reduce(
            run.embedding.take(fields[: run.offsets.size] + run.offsets, axis=0), axis=0
        )  # (width,)
        turn = self._turn(time)[0]
        for number, layer in enumerate(run.layers):
            qkv = layer.steadied(np.dot(_unit_row(x), layer.qkv))
            x += np.dot(self._attend_one(qkv, number, turn), layer.out)
            gate_up = np.dot(_unit_row(x), layer.gate_up)
            half = gate_up.size // 2
            x += np.dot(_silu(gate_up[:half]) * gate_up[half:], layer.down)
        self._hidden[self._length] = _unit_row(x) * run.weights["norm.weight"]
        self._length += 1

    def _attend_one(self, qkv: Float32Array, number: int, turn: NDArray[np.complex64]) -> Float32Array:
        """Return what the newest event gathers from itself and those before it, (width,)."""
        config, at = self._run.config, self._length
        heads, head, width = config.heads, config.head_width, config.width
        turned = qkv[: 2 * width].reshape(2 * heads, head).view(np.complex64)
        turned *= turn  # in place: the queries and keys of `qkv` itself
        both = turned.view(np.float32)
        keys, values = self._keys[number, :, : at + 1], self._values[number, :, : at + 1]
        keys[:, at], values[:, at] = both[heads:], qkv[2 * width :].reshape(heads, head)
        scores = (keys @ both[:heads, :, None])[..., 0]  # (heads, events)
        scores -= np.maximum.reduce(scores, axis=1, keepdims=True)
        np.exp(scores, out=scores)
        mixed = (scores[:, None] @ values)[:, 0]  # (heads, head)
        mixed /= np.add.reduce(scores, axis=1, keepdims=True)
        return np.asarray(mixed.reshape(width), np.float32)

    def _turn(self, time: IntArray) -> NDArray[np.complex64]:
        """Return the rotation of each pair of a head at each event, (events, 1, head / 2)."""
        run, count = self._run, len(time)
        angle = np.empty((count, 1, run.config.head_width // 2), np.float32)
        pairs = run.index_freq.size
        angle[:, 0, :pairs] = (
            np.arange(self._length, self._length + count, dtype=np.float32)[:, None] * run.index_freq
        )
        angle[:, 0, pairs:] = time.astype(np.float32)[:, None] * run.time_freq
        turn = np.empty(angle.shape, np.complex64)
        np.cos(angle, out=turn.real)
        np.sin(angle, out=turn.imag)
        return turn

    def _attend(self, qkv: Float32Array, number: int, turn: NDArray[np.complex64]) -> Float32Array:
        """Return what each event gathers from itself and those before it, (events, width)."""
        config, start, count = self._run.config, self._length, len(qkv)
        heads, head, end = config.heads, config.head_width, start + count
        turned = (qkv[:, : 2 * config.width].reshape(count, 2 * heads, head).view(np.complex64) * turn).view(
            np.float32
        )
        keys, values = self._keys[number], self._values[number]
        keys[:, start:end] = turned[:, heads:].transpose(1, 0, 2)
        values[:, start:end] = qkv[:, 2 * config.width :].reshape(count, heads, head).transpose(1, 0, 2)
        scores = turned[:, :heads].transpose(1, 0, 2) @ keys[:, :end].transpose(
            0, 2, 1
        )  # (heads, events, end)
        if count > 1:
            future = np.arange(end)[None, :] > np.arange(start, end)[:, None]
            scores[:, future] = -np.inf
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        mixed = scores @ values[:, :end]  # (heads, events, head)
        mixed /= scores.sum(axis=-1, keepdims=True)
        return np.asarray(mixed.transpose(1, 0, 2).reshape(count, config.width), np.float32)

    def _grow(self, needed: int) -> None:
        capacity = self._keys.shape[2]
        if needed <= capacity:
            return
        extra = max(needed, 2 * capacity) - capacity
        pad = ((0, 0), (0, 0), (0, extra), (0, 0))
        self._keys, self._values = np.pad(self._keys, pad), np.pad(self._values, pad)
        self._hidden = np.pad(self._hidden, ((0, extra), (0, 0)))

    @property
    def _last(self) -> Float32Array:
        if not self._length:
            raise InvalidInput(
                "a sequence must hold 1 event or more before it is asked, got 0: feed a CELL event first"
            )
        return np.asarray(self._hidden[self._length - 1], np.float32)

    def _ask(self, name: str) -> Float32Array:
        """Return one part of what the last event is asked; the product is made once for all of them."""
        asks = self._run.asks
        if self._answered != self._length or not self._length:
            self._answers = np.dot(self._last, asks.weight) + asks.bias
            self._answered = self._length
        return self._answers[..., asks.parts[name]]

    def onset(self) -> FloatArray:
        """Return log-probabilities of the next onset or END."""
        return log_softmax(self._ask("onset_head"))

    def value(self, onset: int, under: Under) -> FloatArray:
        """Return log-probabilities of the next value at an onset over a tonic and chord."""
        run, w = self._run, self._run.weights
        self._onset = onset
        told = w["onset_embed.weight"][onset] + w["quality_embed.weight"][under.chord_quality]
        inner = _gelu(self._ask("value_in") + told)
        logits = run.linear("value_head", inner, run.value_w)
        degree = run.linear("degree_head", inner, run.degree_w)
        chord = run.linear("chord_head", inner, run.chord_w) + w["chord_bias.weight"][under.chord_quality]
        _add_spread(logits, degree, run.degree_place, under.tonic)
        _add_spread(logits, chord, run.chord_place, under.chord_root)
        if run.config.steps:
            _add_steps(logits, run.linear("step_head", inner, run.step_w), under.last)
        return log_softmax(logits)

    def duration(self, value: int) -> FloatArray:
        """Return log-probabilities of the duration, given the onset asked last and a value."""
        run, w = self._run, self._run.weights
        self._value = value
        told = w["onset_embed.weight"][self._onset] + w["value_embed.weight"][value]
        inner = _gelu(self._ask("duration_in") + told)
        return log_softmax(run.linear("duration_head", inner, run.duration_w))

    def extra(self, duration: int) -> FloatArray:
        """Return log-probabilities of the level or bass, given the value asked last and a duration."""
        run, w = self._run, self._run.weights
        told = w["value_embed.weight"][self._value] + w["duration_embed.weight"][duration]
        return log_softmax(run.linear("extra_head", _gelu(self._ask("extra_in") + told), run.extra_w))


def _add_steps(logits: Float32Array, steps: Float32Array, last: int) -> None:
    """Add to each pitch's logit that of its interval from the last one; after no note nothing is added."""
    if last < NO_LAST:
        logits[:NO_LAST] += steps.take(_INTERVALS[NO_LAST - last : 2 * NO_LAST - last])


# The place in a step head's answer of each interval from -NO_LAST up.
_INTERVALS = np.clip(np.arange(-NO_LAST, NO_LAST + 1), -REACH, REACH) + REACH


def _add_spread(logits: Float32Array, spread: Float32Array, places: IntArray, base: int) -> None:
    """Add to each value's logit that of its class above the base; a base of 12 adds nothing."""
    if base < 12:
        table = np.zeros(13, np.float32)
        table[:12] = spread
        logits += table.take(places[base])


def _spread(logits: Float32Array, classes: IntArray, base: int) -> Float32Array:
    if base == 12:
        return np.zeros(classes.size, np.float32)
    table = np.append(logits, np.float32(0.0))
    return np.asarray(table[np.where(classes == 12, 12, (classes - base) % 12)], np.float32)
