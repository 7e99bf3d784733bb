"""The torch-free runtime: a fill transformer in numpy with a preallocated key-value cache.

Conventions: float32, one sequence a state; one event costs about ten matrix-vector products a layer.
The same checkpoint, events and processor give the same bits; another BLAS or processor may round differently.
This module does not sample: see `zhiyin.fill.decode`.
"""

from __future__ import annotations

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.models.base import Under
from zhiyin.models.checkpoint import Checkpoint
from zhiyin.models.config import FillConfig, rotation_frequencies
from zhiyin.units import Float32Array, FloatArray, IntArray

_SQRT_2 = np.float32(np.sqrt(2.0))
_FIRST_CAPACITY = 1024


class FillRuntime:
    """Weights ready to run; share one between states.

    name, version: from the checkpoint, for provenance.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.name = checkpoint.name
        self.version = checkpoint.digest[:16]
        self.config = checkpoint.config
        self.card = checkpoint.card
        w = checkpoint.weights
        self.weights = w
        sizes = np.array(list(self.config.fields.values()))
        self.offsets = np.cumsum(sizes) - sizes
        self.layers = [_Layer(w, i) for i in range(self.config.layers)]
        index, time = rotation_frequencies(self.config.head_width)
        self.index_freq, self.time_freq = index.astype(np.float32), time.astype(np.float32)
        self.onset_w, self.value_w = _columns(w, "onset_head"), _columns(w, "value_head")
        self.value_in, self.duration_in = _columns(w, "value_in"), _columns(w, "duration_in")
        self.extra_in, self.duration_w = _columns(w, "extra_in"), _columns(w, "duration_head")
        self.extra_w, self.degree_w = _columns(w, "extra_head"), _columns(w, "degree_head")
        self.chord_w = _columns(w, "chord_head")
        self.pitch_class, self.chord_class = _value_classes(self.config)

    def start(self) -> FillState:
        """Return an empty sequence."""
        return FillState(self)

    def linear(self, name: str, x: Float32Array, weight: Float32Array) -> Float32Array:
        """Return x @ weight + the bias of a named linear layer."""
        return np.asarray(x @ weight + self.weights[f"{name}.bias"], np.float32)


class _Layer:
    """One layer's matrices, transposed once for row-vector products."""

    def __init__(self, w: dict[str, Float32Array], index: int) -> None:
        p = f"blocks.{index}."
        self.attention_norm, self.hidden_norm = w[p + "attention_norm.weight"], w[p + "hidden_norm.weight"]
        self.qkv, self.out = _columns(w, p + "qkv"), _columns(w, p + "out")
        self.gate_up, self.down = _columns(w, p + "gate_up"), _columns(w, p + "down")


def _columns(w: dict[str, Float32Array], name: str) -> Float32Array:
    return np.ascontiguousarray(w[f"{name}.weight"].T)


def _value_classes(config: FillConfig) -> tuple[IntArray, IntArray]:
    pitches = np.arange(config.pitches) % 12
    roots = np.repeat(np.arange(12), config.qualities)
    return np.concatenate((pitches, roots, [12])), np.concatenate((pitches, np.full_like(roots, 12), [12]))


def _rms_norm(x: Float32Array, gain: Float32Array) -> Float32Array:
    scale = 1.0 / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + np.float32(1e-6))
    return np.asarray(x * scale.astype(np.float32) * gain, np.float32)


def _silu(x: Float32Array) -> Float32Array:
    return np.asarray(x / (1.0 + np.exp(-np.clip(x, -60.0, 60.0))), np.float32)


def _erf(x: Float32Array) -> Float32Array:
    """Return the error function to 1.2e-7. Source: Abramowitz & Stegun 7.1.26 refined (Numerical Recipes erfcc)."""
    z = np.abs(x.astype(np.float64))
    t = 1.0 / (1.0 + 0.5 * z)
    coefficients = (0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418,
                    0.37409196, 1.00002368, -1.26551223)  # fmt: skip
    poly = np.zeros_like(t)
    for c in coefficients:
        poly = poly * t + c
    erfc = t * np.exp(-z * z + poly)
    return np.where(x >= 0, 1.0 - erfc, erfc - 1.0).astype(np.float32)


def _gelu(x: Float32Array) -> Float32Array:
    return np.asarray(x * np.float32(0.5) * (1.0 + _erf(x / _SQRT_2)), np.float32)


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

    def mark(self) -> int:
        """Return the number of events read, for `rewind`."""
        return self._length

    def rewind(self, mark: int) -> None:
        """Forget every event after a mark."""
        if not 0 < mark <= self._length:
            raise InvalidInput(
                f"rewind mark must lie in 1..{self._length}, got {mark}: use a value that mark() gave"
            )
        self._length = mark

    def feed(self, fields: IntArray, time: IntArray) -> None:
        """Read events: fields (events, F), time (events,) in steps."""
        run, count = self._run, len(fields)
        self._grow(self._length + count)
        x = run.weights["embed.weight"][fields + run.offsets].sum(axis=1)  # (events, width)
        index = np.arange(self._length, self._length + count, dtype=np.float32)
        angle = np.concatenate(
            (index[:, None] * run.index_freq, time.astype(np.float32)[:, None] * run.time_freq), 1
        )
        cos, sin = np.cos(angle), np.sin(angle)  # (events, head / 2)
        for number, layer in enumerate(run.layers):
            x = x + self._attend(layer, number, _rms_norm(x, layer.attention_norm), cos, sin)
            gate_up = _rms_norm(x, layer.hidden_norm) @ layer.gate_up
            half = gate_up.shape[1] // 2
            x = x + (_silu(gate_up[:, :half]) * gate_up[:, half:]) @ layer.down
        self._hidden[self._length : self._length + count] = _rms_norm(x, run.weights["norm.weight"])
        self._length += count

    def _attend(
        self, layer: _Layer, number: int, x: Float32Array, cos: Float32Array, sin: Float32Array
    ) -> Float32Array:
        config, start, count = self._run.config, self._length, len(x)
        qkv = (x @ layer.qkv).reshape(count, 3, config.heads, config.head_width)
        q, k = _turn(qkv[:, 0], cos, sin), _turn(qkv[:, 1], cos, sin)
        keys, values = self._keys[number], self._values[number]
        keys[:, start : start + count] = k.transpose(1, 0, 2)
        values[:, start : start + count] = qkv[:, 2].transpose(1, 0, 2)
        end = start + count
        scores = q.transpose(1, 0, 2) @ keys[:, :end].transpose(0, 2, 1)  # (heads, events, end)
        scores *= np.float32(config.head_width**-0.5)
        if count > 1:
            future = np.arange(end)[None, :] > np.arange(start, end)[:, None]
            scores[:, future] = -np.inf
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ values[:, :end]).transpose(1, 0, 2).reshape(count, config.width)
        return np.asarray(mixed @ layer.out, np.float32)

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

    def onset(self) -> FloatArray:
        """Return log-probabilities of the next onset or END."""
        return log_softmax(self._run.linear("onset_head", self._last, self._run.onset_w))

    def value(self, onset: int, under: Under) -> FloatArray:
        """Return log-probabilities of the next value at an onset over a tonic and chord."""
        run, w = self._run, self._run.weights
        self._onset = onset
        inner = run.linear("value_in", self._last, run.value_in)
        inner = _gelu(inner + w["onset_embed.weight"][onset] + w["quality_embed.weight"][under.chord_quality])
        logits = run.linear("value_head", inner, run.value_w)
        degree = run.linear("degree_head", inner, run.degree_w)
        chord = run.linear("chord_head", inner, run.chord_w) + w["chord_bias.weight"][under.chord_quality]
        logits = logits + _spread(degree, run.pitch_class, under.tonic)
        return log_softmax(logits + _spread(chord, run.chord_class, under.chord_root))

    def duration(self, value: int) -> FloatArray:
        """Return log-probabilities of the duration, given the onset asked last and a value."""
        run, w = self._run, self._run.weights
        self._value = value
        inner = run.linear("duration_in", self._last, run.duration_in)
        inner = _gelu(inner + w["onset_embed.weight"][self._onset] + w["value_embed.weight"][value])
        return log_softmax(run.linear("duration_head", inner, run.duration_w))

    def extra(self, duration: int) -> FloatArray:
        """Return log-probabilities of the level or bass, given the value asked last and a duration."""
        run, w = self._run, self._run.weights
        inner = run.linear("extra_in", self._last, run.extra_in)
        inner = _gelu(inner + w["value_embed.weight"][self._value] + w["duration_embed.weight"][duration])
        return log_softmax(run.linear("extra_head", inner, run.extra_w))


def _turn(x: Float32Array, cos: Float32Array, sin: Float32Array) -> Float32Array:
    """Return x (events, heads, head) with its halves turned as pairs."""
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    c, s = cos[:, None], sin[:, None]
    return np.concatenate((a * c - b * s, a * s + b * c), -1)


def _spread(logits: Float32Array, classes: IntArray, base: int) -> Float32Array:
    if base == 12:
        return np.zeros(classes.size, np.float32)
    table = np.append(logits, np.float32(0.0))
    return np.asarray(table[np.where(classes == 12, 12, (classes - base) % 12)], np.float32)
