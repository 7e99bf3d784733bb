"""The `vae` family as a proposer: latents of bars drawn in turn from the prior, written as rolls.

Conventions: bars that are given are encoded and lead on; a bar to write hears the one before, the one it should
resemble, the next given one, chords, style and wishes. Columns over 16 sixteenths are read as several bars. The loop's
masks decide in the end. This module does not decode: see `zhiyin.models.proposal`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.bar_steps import (
    DRUM_PITCHES,
    HOLD,
    STEPS,
    Bars,
    cut_bars,
    kit_steps,
    line_steps,
    shifted,
)
from zhiyin.encode.fields import DEGREE_NONE, MODE_MAJOR, MODE_MINOR, PITCHES, PROGRAM_DRUMS
from zhiyin.encode.levels import DENSITY_EDGES
from zhiyin.encode.scene import Scene
from zhiyin.models.proposal import Proposal
from zhiyin.models.vae_condition import NO_ROOT, BarFacts, condition
from zhiyin.models.vae_config import ROLES as NET_ROLES
from zhiyin.models.vae_runtime import StepOdds, VaeRuntime, load_vae
from zhiyin.score import ROLES
from zhiyin.units import Float32Array, FloatArray, IntArray

WEIGHTS = ("vae-line", "vae-drums", "vae-trio")  # that ship; the trio is for the library alone
WARMTH = 0.6  # of the prior's draws: whole draws wander off its own paths
SURENESS = 3.0  # the power that odds of steps are raised to: a VAE's bars are meant whole
DRAWS = 12  # latents of a bar to choose from, by the wishes it is told and how sure its bar is
LEAP = 5  # semitones beyond which a step of a line counts as a leap
LINE_LEVEL, KIT_LEVEL, ACCENT = 4.0, 4.0, 0.4
OCTAVE = 12
DOUBT, LEAPING = 0.5, 0.1  # what doubt and leaps cost, in attacks a quarter apart from the wish
# What level of density stands for in attacks a quarter: the middles of the levels.
_RATE = np.array([0.0, *((a + b) / 2 for a, b in pairwise(DENSITY_EDGES)), 5.0])


def role_of(role: int, program: int) -> str | None:
    """Return what a row of codes counts as: melody, bass, drums, or None for one that the family does not write."""
    if program == PROGRAM_DRUMS:
        return "drums"
    name = ROLES[role] if role < len(ROLES) else ""
    return name if name in ("melody", "bass") else None


@dataclass(frozen=True, eq=False)
class _Grid:
    """Bars of a scene: edges (bars + 1,) in sixteenths, the slot of each, and whether it follows the one before."""

    edges: IntArray
    slot: IntArray
    follows: IntArray

    @property
    def lengths(self) -> IntArray:
        return np.diff(self.edges)

    @classmethod
    def of(cls, scene: Scene) -> _Grid:
        edges, slot, follows = [0], [], []
        for index, (low, high) in enumerate(
            zip(scene.edges[:-1].tolist(), scene.edges[1:].tolist(), strict=True)
        ):
            pieces = max(-(-(high - low) // STEPS), 1)
            size = -(-(high - low) // pieces)
            is_next = index > 0 and int(scene.columns[index]) == int(scene.columns[index - 1]) + 1
            for number in range(pieces):
                edges.append(min(low + (number + 1) * size, high))
                slot.append(index)
                follows.append(number > 0 or is_next)
        return cls(np.array(edges), np.array(slot), np.array(follows))


class VaeProposer:
    """Proposes rolls for melody, bass and drums; `version` is the digest of its weights."""

    name = "vae"
    order = "bar"

    def __init__(self, line: VaeRuntime, kit: VaeRuntime, *, warmth: float = WARMTH) -> None:
        self.line, self.kit, self.warmth = line, kit, warmth
        self.version = f"{line.version[:6]}{kit.version[:6]}"
        pieces: dict[str, int] = {}
        for net in (line, kit):
            for name, count in net.card.get("train_pieces", {}).items():
                pieces[name] = max(pieces.get(name, 0), int(count))
        self.card: dict[str, Any] = {**line.card, "train_pieces": pieces}

    def serves(self, role: int, program: int) -> bool:
        """Return whether it writes rows of a kind: melody, bass and drums."""
        return role_of(role, program) is not None

    def propose(self, scene: Scene, rng: np.random.Generator) -> Proposal:
        """Return soft rolls for the scene."""
        shape = (scene.rows.size, scene.sixteenths, PITCHES)
        strike, hold = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        level = np.full(shape[:2], LINE_LEVEL, np.float32)
        mono = np.zeros(scene.rows.size, bool)
        for row in range(scene.rows.size):
            role = role_of(int(scene.role[row]), int(scene.program[row]))
            if role is None or not scene.write[:, row].any():
                continue
            mono[row] = role != "drums"
            level[row] = _levels(scene, KIT_LEVEL if role == "drums" else LINE_LEVEL)
            grid, sharps = _Grid.of(scene), sharps_of(scene)
            net = self.kit if role == "drums" else self.line
            latents = self._latents(scene, row, role, (grid, sharps), rng)
            (odds,) = net.decode(latents, grid.lengths, NET_ROLES.index(role))
            _lay(odds, grid, _octaves(scene, row, odds, grid, sharps) + sharps, strike[row], hold[row])
        return Proposal(strike, hold, level, mono)

    def _latents(
        self, scene: Scene, row: int, role: str, place: tuple[_Grid, int], rng: np.random.Generator
    ) -> Float32Array:
        """Return (bars, latent): encoded where given, drawn where to write."""
        grid, sharps = place
        net, number = (self.kit if role == "drums" else self.line), NET_ROLES.index(role)
        bars = _given(scene, row, role, grid, sharps)
        latents, _ = net.encode([bars], number)
        write = scene.write[grid.slot, row]
        told = condition(_facts(scene, row, grid, sharps), role=number, style=scene.style)
        memory: Float32Array | None = None
        known = ~write
        for bar in range(len(bars)):
            if not grid.follows[bar]:
                memory = None
            before = latents[bar - 1] if bar and grid.follows[bar] and known[bar - 1] else None
            like = _resembled(scene, grid, bar, known)
            after = next((b for b in range(bar + 1, len(bars)) if not write[b]), None)
            near = net.told(
                told[bar], before=before, like=None if like is None else latents[like],
                after=None if after is None else latents[after], far=0.0 if after is None else 1.0 / (after - bar),
            )  # fmt: skip
            mixture, memory = net.prior(near, memory)
            if write[bar]:
                drawn = [mixture.draw(rng, warmth=self.warmth) for _ in range(DRAWS)]
                latents[bar] = self._fittest(drawn, scene, row, role, (grid, bar, sharps))
            known[bar] = True
        return latents

    def _fittest(
        self, drawn: Sequence[Float32Array], scene: Scene, row: int, role: str, place: tuple[_Grid, int, int]
    ) -> Float32Array:
        """Return the draw whose bar is nearest to what is asked: attacks, and chord tones on the beats of a line."""
        grid, bar, sharps = place
        net = self.kit if role == "drums" else self.line
        lengths = np.full(len(drawn), grid.lengths[bar])
        (odds,) = net.decode(np.stack(drawn), lengths, NET_ROLES.index(role))
        steps = odds.likeliest().steps
        struck = steps.any(axis=2) if role == "drums" else steps < HOLD
        asked = int(scene.density[grid.slot[bar], row])
        rate = struck.sum(axis=1) / (lengths / 4)
        cost = np.abs(rate - _RATE[asked]) if asked >= 0 else np.zeros(len(drawn))
        cost = cost + DOUBT * _doubt(odds)
        if role != "drums":
            cost = cost + LEAPING * _leaps(steps)
            chord = scene.chord[grid.edges[bar] : grid.edges[bar + 1]]
            for beat in range(0, len(chord), 4):
                begins = (steps[:, beat] < HOLD) & bool(chord[beat].any())
                pitch_class = (steps[:, beat].astype(np.int64) + sharps) % 12
                cost = cost + 0.5 * (begins & ~chord[beat][pitch_class])
        return drawn[int(np.argmin(cost))]


def _doubt(odds: StepOdds) -> FloatArray:
    """Return (bars,) how much chance a bar's likeliest steps leave to others, summed over its steps."""
    if odds.is_kit:
        doubt: FloatArray = np.minimum(odds.hits, 1 - odds.hits).sum(axis=(1, 2)).astype(np.float64)
        return doubt
    begins = odds.kinds[:, :, 0]
    unsure = (1 - odds.kinds.max(axis=2)) + begins * (1 - odds.pitches.max(axis=2))
    inside = np.arange(STEPS) < odds.lengths[:, None]
    result: FloatArray = (unsure * inside).sum(axis=1).astype(np.float64)
    return result


def _leaps(steps: NDArray[np.uint8]) -> FloatArray:
    """Return (bars,) semitones beyond LEAP that the pitches of a line step over in turn."""
    found = np.zeros(len(steps))
    for bar, row in enumerate(steps):
        pitches = row[row < HOLD].astype(np.int64)
        found[bar] = np.maximum(np.abs(np.diff(pitches)) - LEAP, 0).sum()
    return found


def open_vae() -> VaeProposer:
    """Return the family with its shipped weights."""
    return VaeProposer(load_vae("vae-line"), load_vae("vae-drums"))


def sharps_of(scene: Scene) -> int:
    """Return the semitones -5..6 from C to the tonic of the signature that most bars have.

    A mode other than major and minor is read as the signature that most of its chords lie in.
    """
    tonic = np.where(scene.mode == MODE_MINOR, scene.tonic + 3, scene.tonic)
    is_known = (scene.tonic != DEGREE_NONE) & ((scene.mode == MODE_MINOR) | (scene.mode == MODE_MAJOR))
    if is_known.any():
        by = int(np.bincount(tonic[is_known] % 12, minlength=12).argmax())
    else:
        heard = scene.chord.sum(axis=0) + scene.sound.sum(axis=(0, 1))[: PITCHES // 12 * 12].reshape(
            -1, 12
        ).sum(axis=0)
        white = np.isin(np.arange(12), (0, 2, 4, 5, 7, 9, 11))
        by = int(np.argmax([heard[np.roll(white, k)].sum() - 1e-6 * min(k, 12 - k) for k in range(12)]))
    return by if by <= 6 else by - 12


def _given(scene: Scene, row: int, role: str, grid: _Grid, sharps: int) -> Bars:
    """Return a row's bars as steps, moved to no sharps; those to write are empty."""
    if role == "drums":
        return cut_bars(kit_steps(scene.strike[row]), grid.edges)
    steps = line_steps(scene.strike[row], scene.sound[row])
    return shifted(cut_bars(steps, grid.edges), -sharps)


def _facts(scene: Scene, row: int, grid: _Grid, sharps: int) -> BarFacts:
    """Return what the prior is told of a scene's bars."""
    low, lengths = grid.edges[:-1], grid.lengths
    when = np.stack((low, low + lengths // 2), axis=1)
    chords = np.roll(scene.chord[when], -sharps, axis=2)
    root = scene.root[when]
    mode, column = scene.mode[grid.slot], scene.columns[grid.slot]
    level = scene.density[grid.slot, row]
    register = scene.register_pitch[grid.slot, row]
    return BarFacts(
        chords=chords, roots=np.where(root == NO_ROOT, NO_ROOT, (root - sharps) % 12), lengths=lengths,
        minor=np.where(mode == MODE_MINOR, 1, np.where(mode == MODE_MAJOR, 0, -1)), place=column,
        left=np.full(lengths.size, -1), density=np.where(level >= 0, _RATE[np.maximum(level, 0)], np.nan),
        register=np.where(np.nan_to_num(register) > 0, register - sharps, np.nan),
    )  # fmt: skip


def _resembled(scene: Scene, grid: _Grid, bar: int, known: IntArray) -> int | None:
    """Return the bar of the grid that a bar should resemble, None where none is told or it is not there yet."""
    slot = int(grid.slot[bar])
    like = int(scene.like[slot])
    if like < 0:
        return None
    within = bar - int(np.flatnonzero(grid.slot == slot)[0])
    found = np.flatnonzero(grid.slot == like)
    return int(found[within]) if within < found.size and known[found[within]] else None


def _octaves(scene: Scene, row: int, odds: StepOdds, grid: _Grid, sharps: int) -> int:
    """Return the semitones, whole octaves, that bring a line to the register it is asked for; 0 where that is open."""
    if odds.is_kit:
        return 0
    write = scene.write[grid.slot, row]
    asked = scene.register_pitch[grid.slot, row][write]
    asked = asked[np.nan_to_num(asked) > 0]
    steps = odds.likeliest().steps[write]
    struck = steps[steps < HOLD]
    if not asked.size or not struck.size:
        return 0
    return int(np.rint((asked.mean() - struck.mean() - sharps) / OCTAVE)) * OCTAVE


def _lay(odds: StepOdds, grid: _Grid, by: int, strike: Float32Array, hold: Float32Array) -> None:
    """Write the rolls (sixteenths, 128) of a row, pitches moved by semitones."""
    for bar, (low, size) in enumerate(zip(grid.edges[:-1].tolist(), grid.lengths.tolist(), strict=True)):
        if odds.is_kit:
            strike[low : low + size, list(DRUM_PITCHES)] = _sure(odds.hits[bar, :size])
            continue
        lay_line(odds, bar, by, strike=strike[low : low + size], hold=hold[low : low + size])


def lay_line(odds: StepOdds, bar: int, by: int, *, strike: Float32Array, hold: Float32Array) -> None:
    """Write the rolls of one bar of a line, (sixteenths, 128) each, from its odds made surer."""
    size = len(strike)
    kinds = odds.kinds[bar, :size] ** SURENESS
    kinds = kinds / kinds.sum(axis=1, keepdims=True)
    pitches = odds.pitches[bar, :size] ** SURENESS
    pitches = pitches / pitches.sum(axis=1, keepdims=True)
    low, high = max(by, 0), min(PITCHES + by, PITCHES)
    strike[:, low:high] = (kinds[:, :1] * pitches)[:, low - by : high - by]
    hold[:] = kinds[:, 1:2]


def _sure(odds: Float32Array) -> Float32Array:
    yes, no = odds**SURENESS, (1 - odds) ** SURENESS
    result: Float32Array = (yes / (yes + no)).astype(np.float32)
    return result


def _levels(scene: Scene, base: float) -> Float32Array:
    """Return (sixteenths,) velocity levels: beats a little louder, the first of a bar most."""
    level = np.full(scene.sixteenths, base, np.float32)
    for low, high in zip(scene.edges[:-1].tolist(), scene.edges[1:].tolist(), strict=True):
        level[low:high:4] += ACCENT
        level[low] += ACCENT
    return level
