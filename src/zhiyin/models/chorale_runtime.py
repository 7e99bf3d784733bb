"""The chorale model without torch: many chorales side by side, one frame at a time, voices in any order.

Conventions: ids as in `chorale_recall`; float32; tables are multiplied into the layer that reads them once, when
the weights are loaded. This module knows ids, not music, and recalls nothing but a chorale's own past.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from scipy.special import erf

from zhiyin.errors import NotFound, UnreadableFile
from zhiyin.models.checkpoint import WEIGHTS_FOLDER
from zhiyin.models.chorale_past import OwnPast
from zhiyin.models.chorale_recall import AHEAD, NOTHING, PITCHES, REST, SOURCES, VOICES, Recalled
from zhiyin.models.quantise import from_storage
from zhiyin.units import BoolArray, Float32Array, IntArray

CHORALE_CHECKPOINT = "chorale"
# As in `zhiyin.models.chorale`, the torch form; a test compares the two.
_START, _UNKNOWN, _PITCH_every_id = PITCHES, PITCHES + 1, PITCHES + 2
_MOVE, _MOVES, _HELD, _SPAN, _GAPS, _STEP = 13, 27, 24, 46, 94, 17
_NOTE_EDGES, _STEP_EDGES = (2, 3, 4, 5, 6, 8, 11, 16, 24), (2, 4, 8, 12, 16, 24, 32)
_STEP_BUCKETS, _NOTE_BUCKETS = 8, 10
_MOTION_SCALE, _FADE, _NO_KEY = 5.0, 0.995, -1
_CLOCKS = (4, 16, 12, 48)
_PAIRS = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_HALF_ROOT = np.float32(np.sqrt(0.5))
_every_id = np.arange(PITCHES)
_HEADS = ("absolute", "stepwise", "classes", "degree", "point")


class ChoraleRuntime:
    """Chorale weights ready to run; share one between states.

    name, version: for provenance; card: what it learned from.
    """

    def __init__(self, weights: Mapping[str, Float32Array], *, name: str, version: str, card: Any) -> None:
        self.name, self.version, self.card = name, version, card
        w = self.weights = dict(weights)
        self.width = w["norm.weight"].size
        self.inputs, self.input_starts = _folded_inputs(w)
        self.layers = [_Lstm(w, i) for i in range(sum(n.endswith("weight_hh_l0") for n in w))]
        self.known = _KnownTables(w)
        self.head_weight = np.ascontiguousarray(np.concatenate([w[f"{n}.weight"] for n in _HEADS]).T)
        self.head_bias = np.concatenate([w[f"{n}.bias"] for n in _HEADS])
        self.head_ends = np.cumsum([w[f"{n}.bias"].size for n in _HEADS])[:-1]
        self.hidden = np.ascontiguousarray(w["hidden.weight"].T)
        self.from_reader = np.ascontiguousarray(w["from_reader.weight"].T)
        self.reads_recall = self.input_starts.size > 40  # 31 features without what is recalled, 81 with it

    def start(self, rows: int) -> ChoraleState:
        """Return so many chorales of which nothing has been heard."""
        return ChoraleState(self, rows)


def load_chorale_runtime(name_or_path: str | Path = CHORALE_CHECKPOINT) -> ChoraleRuntime:
    """Return the shipped chorale model, or one from a path.

    Raises NotFound when there is none, UnreadableFile when it is no chorale checkpoint.
    """
    path = Path(name_or_path)
    if path.suffix != ".safetensors":
        path = WEIGHTS_FOLDER / f"{name_or_path}.safetensors"
    if not path.exists():
        raise NotFound(f"no chorale checkpoint at {str(path)!r}: give the path of a .safetensors file")
    try:
        with safe_open(path, framework="numpy") as file:
            header = file.metadata() or {}
            weights = from_storage({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise UnreadableFile(path, "header", f"not a safetensors file ({error})") from error
    if "known_gap.weight" not in weights:
        raise UnreadableFile(path, "weights", "a chorale checkpoint must hold 'known_gap.weight'")
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return ChoraleRuntime(weights, name=path.stem, version=version, card=json.loads(header.get("card", "{}")))


@dataclass(frozen=True, slots=True)
class ChoraleFrame:
    """What is known before a frame of each chorale.

    read: (rows, decoder); before: (rows, 4) ids of the frame before; candidates: (rows, sources, 4);
    trust: (rows, sources); tonic: (rows,) or -1.
    """

    read: Float32Array
    before: IntArray
    candidates: IntArray
    trust: IntArray
    tonic: IntArray


class ChoraleState:
    """Some chorales as heard so far. `look`, then `say` voice after voice, then `hear` the frame."""

    def __init__(self, runtime: ChoraleRuntime, rows: int) -> None:
        self._run = runtime
        self._last = np.full((rows, VOICES), _START)
        self._older = self._last.copy()
        self._age = np.zeros((rows, VOICES), np.int64)
        self._heard = np.zeros((rows, 12), np.float32)
        # (layers, output and cell, rows, width)
        self._memory = np.zeros((len(runtime.layers), 2, rows, runtime.width), np.float32)
        self._reader = np.zeros((rows, runtime.width), np.float32)
        self._past = OwnPast(rows)

    @property
    def rows(self) -> int:
        """Return the number of chorales."""
        return len(self._last)

    def look(self, clock: int) -> ChoraleFrame:
        """Return what is known before the next frame; clock: its number in sixteenths from the start."""
        recalled = self._past.recall()
        trust = _trust(recalled.notes, recalled.steps)
        tonic, is_minor = _keys_of(self._heard)
        inputs = self._inputs(clock, recalled, trust, tonic, is_minor)
        run = self._run
        x = run.inputs.take(inputs + run.input_starts, axis=0).sum(axis=1) + run.weights["enter.bias"]
        if self._past.count % 2 == 0:
            self._reader = self._advance(x)
        read = np.concatenate([self._reader, x], 1) @ run.from_reader + run.weights["from_reader.bias"]
        return ChoraleFrame(read, self._last, recalled.next_ids, trust, tonic)

    def say(self, frame: ChoraleFrame, voice: int, *, known: Sequence[int], ids: IntArray) -> Float32Array:
        """Return (rows, ids) log-probabilities of a voice.

        known: the voices of this frame that are given, by their columns of `ids` (rows, 4).
        """
        run, w = self._run, self._run.weights
        own = frame.before[:, voice]
        is_known = np.isin(np.arange(VOICES), list(known))
        seen = np.where(is_known, ids, _UNKNOWN)
        z = (
            frame.read
            + run.known.told(frame, seen, is_known, own=own, voice=voice)
            + w["voice.weight"][voice]
        )
        z = _gelu(z)
        z = _normed(z + _gelu(z @ run.hidden + w["hidden.bias"]), w["norm_z.weight"], w["norm_z.bias"])
        absolute, stepwise, classes, degree, point = np.split(
            z @ run.head_weight + run.head_bias, run.head_ends, axis=1
        )
        logits = absolute + w["voice_absolute"][voice] + _by_step(stepwise, own)
        logits += _by_degree(degree, frame.tonic)
        for other in known:
            by_class = classes[:, 12 * other : 12 * other + 12]
            logits += self._against(voice, other, own, seen[:, other], frame.before[:, other], by_class)
        if run.reads_recall:
            logits += _pointed(point + self._trusted(voice, frame.trust), frame.candidates[:, :, voice])
        return _log_softmax(logits)

    def hear(self, ids: IntArray) -> None:
        """Take in one frame of each chorale: (rows, 4)."""
        changed = ids != self._last
        self._older = np.where(changed, self._last, self._older)
        self._age = np.where(changed, 1, np.minimum(self._age + 1, _HELD - 1))
        self._last = ids.copy()
        self._heard = np.float32(_FADE) * self._heard
        rows, voices = np.nonzero(_sounds(ids))
        np.add.at(self._heard, (rows, ids[rows, voices] % 12), np.float32(1))
        self._past.hear(ids)

    def pick(self, rows: IntArray) -> None:
        """Go on with some of the chorales, each as often as it is named."""
        self._last, self._older, self._age = self._last[rows], self._older[rows], self._age[rows]
        self._heard, self._reader = self._heard[rows], self._reader[rows]
        self._memory = self._memory[:, :, rows]
        self._past.pick(rows)

    def _inputs(
        self, clock: int, recalled: Recalled, trust: IntArray, tonic: IntArray, is_minor: BoolArray
    ) -> IntArray:
        """Return (rows, features) rows of the input tables."""
        before, rows = self._last, self.rows
        columns = [before, self._age, _move(before, self._older)]
        columns += [_interval(before[:, a], before[:, b])[:, None] for a, b in _PAIRS]
        ticks = (clock % 4, clock % 16, clock % 12, min(clock // 16, _CLOCKS[3] - 1))
        columns.append(np.broadcast_to(np.array(ticks), (rows, len(ticks))))
        for source in range(len(SOURCES) if self._run.reads_recall else 0):
            ahead = recalled.ahead[:, source]
            cut = np.clip(ahead, 1 - _MOVE, _MOVE - 1) + _MOVE - 1
            columns += [_move(recalled.next_ids[:, source], before), trust[:, source, None]]
            columns.append(np.where(np.abs(ahead) > 60, _MOVES - 1, cut))
        columns += [_degrees(before, tonic), _degrees(self._older, tonic), is_minor[:, None].astype(np.int64)]
        return np.concatenate(columns, 1)

    def _advance(self, x: Float32Array) -> Float32Array:
        for layer, memory in zip(self._run.layers, self._memory, strict=True):
            memory[:] = layer.step(x, memory)
            x = x + memory[0]
        return _normed(x, self._run.weights["norm.weight"], self._run.weights["norm.bias"])

    def _against(
        self, voice: int, other: int, own: IntArray, seen: IntArray, was: IntArray, by_class: Float32Array
    ) -> Float32Array:
        """Return (rows, ids) what speaks for each id beside another voice that has been said: interval and motion."""
        w, pair = self._run.weights, voice * VOICES + other
        theirs = seen[:, None]
        gap = np.clip(_every_id - theirs, -_SPAN, _SPAN)
        beside = w["voice_gap"][pair][gap + _SPAN] + np.take_along_axis(by_class, gap % 12, 1)
        turn = np.sign(_every_id - own[:, None]) * np.sign(theirs - was[:, None]) + 1
        interval = (_every_id - theirs) % 12
        keeps = interval == ((own - was) % 12)[:, None]
        crosses = (_every_id > theirs) if voice > other else (_every_id < theirs)
        index = ((turn * 12 + interval) * 2 + keeps) * 2 + crosses
        moves = np.float32(_MOTION_SCALE) * w["motion"][pair][index]
        beside = beside + np.where((_sounds(own) & _sounds(was))[:, None], moves, np.float32(0))
        return np.where(_sounds(seen)[:, None] & (_every_id != REST), beside, np.float32(0))

    def _trusted(self, voice: int, trust: IntArray) -> Float32Array:
        found: Float32Array = self._run.weights["point_trust"][voice][np.arange(len(SOURCES)), trust]
        return found


class _Lstm:
    """One layer's matrices for row-vector products; gates stand in torch's order (input, forget, cell, output)."""

    def __init__(self, w: Mapping[str, Float32Array], index: int) -> None:
        p = f"layers.{index}."
        self.weight = np.ascontiguousarray(
            np.concatenate([w[p + "weight_ih_l0"], w[p + "weight_hh_l0"]], 1).T
        )
        self.bias = w[p + "bias_ih_l0"] + w[p + "bias_hh_l0"]

    def step(self, x: Float32Array, memory: Float32Array) -> tuple[Float32Array, Float32Array]:
        """Return (output, cell) of one step of each row; memory: (2, rows, width) the last ones."""
        gates = np.concatenate([x, memory[0]], 1) @ self.weight + self.bias
        width = x.shape[1]
        enter, keep, show = (_sigmoid(gates[:, n * width : (n + 1) * width]) for n in (0, 1, 3))
        cell = keep * memory[1] + enter * np.tanh(gates[:, 2 * width : 3 * width])
        return show * np.tanh(cell), cell


class _KnownTables:
    """What is said of the voices of a frame that are given, each table multiplied into the decoder."""

    def __init__(self, w: Mapping[str, Float32Array]) -> None:
        inner = w["known_pitch.weight"].shape[1]
        weight = w["from_known.weight"].reshape(-1, VOICES, 5, inner)  # (decoder, voices, kinds, inner)
        self._tables = []
        for kind, (name, size, per_voice) in enumerate(
            (
                ("known_pitch", _PITCH_every_id, True),
                ("known_move", _MOVES + 1, True),
                ("known_gap", _GAPS, False),
                ("known_agree", 2 ** len(SOURCES) + 1, False),
                ("known_degree", 14, True),
            )
        ):
            table = w[f"{name}.weight"]
            for voice in range(VOICES):
                rows = table[voice * size : (voice + 1) * size] if per_voice else table
                self._tables.append(np.ascontiguousarray(rows @ weight[:, voice, kind].T))

    def told(
        self, frame: ChoraleFrame, seen: IntArray, is_known: BoolArray, *, own: IntArray, voice: int
    ) -> Float32Array:
        """Return (rows, decoder) the sum over voices of what each says, or that it is not given."""
        both = _sounds(seen) & _sounds(own)[:, None]
        gap = np.where(both, np.clip(own[:, None] - seen, -_SPAN, _SPAN) + _SPAN, _GAPS - 1)
        gap = gap + (np.arange(VOICES) + VOICES * voice) * _GAPS
        agree = frame.candidates == seen[:, None]  # (rows, sources, 4)
        bits = (agree << np.arange(len(SOURCES))[:, None]).sum(1)
        codes = (
            seen,
            np.where(is_known, _move(seen, frame.before), _MOVES),
            gap,
            np.where(is_known, bits, 2 ** len(SOURCES)),
            np.where(is_known, _degrees(seen, frame.tonic), 13),
        )
        total = np.zeros(frame.read.shape, np.float32)
        for kind, code in enumerate(codes):
            for other in range(VOICES):
                total += self._tables[kind * VOICES + other].take(code[:, other], axis=0)
        return total


def _folded_inputs(w: Mapping[str, Float32Array]) -> tuple[Float32Array, IntArray]:
    """Return every row of the input tables as it enters the reader, and where each feature's rows begin."""
    table, enter = w["table.weight"], w["enter.weight"]
    features = enter.shape[1] // table.shape[1]
    base = [_PITCH_every_id] * 4 + [_HELD] * 4 + [_MOVES] * 4 + [26] * 6 + list(_CLOCKS)
    source = [_MOVES] * 4 + [_NOTE_BUCKETS * _STEP_BUCKETS] + [_MOVES] * len(AHEAD)
    key = [13] * 8 + [2]
    sizes = base + (source * len(SOURCES) if features > len(base) + len(key) else []) + key
    starts = np.cumsum([0, *sizes])[:-1]
    inner = table.shape[1]
    rows = [
        table[a : a + size] @ enter[:, i * inner : (i + 1) * inner].T
        for i, (a, size) in enumerate(zip(starts.tolist(), sizes, strict=True))
    ]
    rows[0] = rows[0] + w["origin.weight"][0]  # added once: the first feature is always there
    return np.concatenate(rows).astype(np.float32), starts


@cache
def _profiles() -> Float32Array:
    """Return 24 profiles of pitch classes, major keys first (Krumhansl & Kessler, 1982)."""
    rows = np.array([_MAJOR, _MINOR], np.float32)
    rows = rows - rows.mean(1, keepdims=True)
    rows = rows / np.sqrt((rows**2).sum(1, keepdims=True))
    return np.concatenate([np.stack([np.roll(row, k) for k in range(12)]) for row in rows])


def _keys_of(heard: Float32Array) -> tuple[IntArray, BoolArray]:
    """Return the tonic heard, of the relative major where it is minor, -1 for silence; and whether it is minor."""
    best = (heard @ _profiles().T).argmax(1)
    is_minor = best >= 12
    tonic = np.where(is_minor, best % 12 + 3, best) % 12
    return np.where(heard.sum(1) > 0, tonic, _NO_KEY), is_minor


def _sounds(ids: IntArray) -> BoolArray:
    sounding: BoolArray = (ids > REST) & (ids < PITCHES)
    return sounding


def _move(to: IntArray, come_from: IntArray) -> IntArray:
    moves = np.clip(to - come_from, 1 - _MOVE, _MOVE - 1) + _MOVE - 1
    return np.where(_sounds(to) & _sounds(come_from), moves, _MOVES - 1)


def _interval(upper: IntArray, lower: IntArray) -> IntArray:
    gap = upper - lower
    folded = np.where(gap < 0, 0, np.where(gap > 12, 13 + gap % 12, gap + 1))
    return np.where(_sounds(upper) & _sounds(lower), folded, 25)


def _degrees(ids: IntArray, tonic: IntArray) -> IntArray:
    from_tonic = tonic[:, None]
    return np.where(_sounds(ids) & (from_tonic != _NO_KEY), (ids - from_tonic) % 12, 12)


def _trust(notes: IntArray, steps: IntArray) -> IntArray:
    note = np.searchsorted(_NOTE_EDGES, notes, side="right")
    step = np.searchsorted(_STEP_EDGES, steps, side="right")
    return np.where(steps > 0, note * _STEP_BUCKETS + step, 0)


def _by_step(stepwise: Float32Array, own: IntArray) -> Float32Array:
    """Return (rows, ids) what speaks for each id as a step from where the voice stands."""
    step = np.clip(_every_id - own[:, None], -_STEP, _STEP) + _STEP
    is_pitch = _every_id != REST
    uses = (_sounds(own)[:, None] & is_pitch) | ((own == REST)[:, None] & ~is_pitch)
    return np.where(uses, np.take_along_axis(stepwise, step, 1), np.float32(0))


def _by_degree(degree: Float32Array, tonic: IntArray) -> Float32Array:
    spoken = np.take_along_axis(degree, (_every_id - tonic[:, None]) % 12, 1)
    return np.where((tonic != _NO_KEY)[:, None] & (_every_id != REST), spoken, np.float32(0))


def _pointed(weight: Float32Array, candidate: IntArray) -> Float32Array:
    """Return (rows, ids) what recalled ids add; weight, candidate: (rows, sources)."""
    found = np.zeros((len(weight), PITCHES), np.float32)
    rows, sources = np.nonzero(candidate != NOTHING)
    np.add.at(found, (rows, candidate[rows, sources]), weight[rows, sources])
    return found


def _gelu(x: Float32Array) -> Float32Array:
    return np.asarray(np.float32(0.5) * x * (np.float32(1) + erf(x * _HALF_ROOT)), np.float32)


def _sigmoid(x: Float32Array) -> Float32Array:
    return np.asarray(1.0 / (1.0 + np.exp(-x)), np.float32)


def _normed(x: Float32Array, gain: Float32Array, bias: Float32Array) -> Float32Array:
    centred = x - x.mean(1, keepdims=True)
    scale = 1.0 / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-5)
    return np.asarray(centred * scale * gain + bias, np.float32)


def _log_softmax(logits: Float32Array) -> Float32Array:
    shifted = logits - logits.max(1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(1, keepdims=True)), np.float32)
