"""Alto, tenor and bass under a given soprano, in the manner of a chorale.

Conventions: the given part comes back untouched; the chorale model sings frame after frame, many candidates side by
side, and those that make the tune to come likely live on (a particle filter): that is how a model that knows only the
past looks ahead. This module does not know where tunes come from, and judges no harmony.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.satb_close import Close, close_of, opening_of
from zhiyin.fill.satb_grid import Tune, attacks_of, tune_of, voice_notes
from zhiyin.fill.satb_rules import ALTO, BASS, LEVELS, SOPRANO, TENOR, Room, room_of
from zhiyin.models.chorale_recall import PITCHES, REST, VOICES
from zhiyin.models.chorale_runtime import ChoraleFrame, ChoraleRuntime, ChoraleState
from zhiyin.score import Origin, Part, Score
from zhiyin.units import BoolArray, Float32Array, FloatArray, IntArray

STYLES = ("chorale",)
ORDER = (BASS, ALTO, TENOR)  # after the soprano
MAX_CANDIDATES = 64
_NAMES = {ALTO: "Alto", TENOR: "Tenor", BASS: "Bass"}
_ROLES = {ALTO: "inner", TENOR: "inner", BASS: "bass"}
_CHOIR = 52  # GM program of the voices that are written
_NEVER = np.float32(-1e9)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SatbHow:
    """How to harmonise.

    candidates: sung side by side, 1..64; temperature: 0.05..3, below 1 more usual; rules: whether parallels,
    crossings, wide gaps and notes out of compass are masked; close: whether the first and the last chord are the
    tonic in root position where the tune has a note of it. Raises InvalidInput for a number out of range.
    """

    candidates: int = 16
    temperature: float = 0.8
    rules: bool = True
    close: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.candidates <= MAX_CANDIDATES:
            raise InvalidInput(
                f"candidates must be 1..{MAX_CANDIDATES}, got {self.candidates}: 16 is a good number"
            )
        if not 0.05 <= self.temperature <= 3.0:
            raise InvalidInput(f"temperature must be 0.05..3, got {self.temperature!r}: 1 is as learned")


@dataclass(frozen=True, eq=False)
class SatbTake:
    """A harmonisation: the score of four parts, and how it came about.

    nats: what all four voices cost the model, a voice and frame; soprano_nats: what the tune alone costs it, by the
    candidates' estimate; relaxed: frames in which no chord kept all rules, so that some gave way.
    """

    score: Score
    nats: float
    soprano_nats: float
    relaxed: int
    frames: int


def harmonise_satb(
    score: Score,
    *,
    model: ChoraleRuntime,
    melody_part: int = 0,
    seed: int = 0,
    style: str = "chorale",
    how: SatbHow | None = None,
    progress: Progress = lambda done, total: None,
) -> SatbTake:
    """Return a score of four parts: the given part as it is, and an alto, a tenor and a bass under it.

    Tempo, metre, keys, sections and words stay; other parts and chords do not. progress: called with (frames, all).
    Raises InvalidInput for a part that is no soprano (`tune_of`) or an unknown style.
    """
    if style not in STYLES:
        raise InvalidInput(f"style must be one of {', '.join(STYLES)}, got {style!r}")
    if not 0 <= melody_part < len(score.parts):
        raise InvalidInput(f"melody part must be 0..{len(score.parts) - 1}, got {melody_part}")
    how = how or SatbHow()
    tune = tune_of(score, melody_part)
    ends = (opening_of(score, melody_part), close_of(score, melody_part, tune)) if how.close else (None, None)
    choir = Choir(model, tune, how, opening=ends[0], close=ends[1])
    choir.sing(np.random.default_rng([seed, len(tune)]), progress)
    ids, chosen = choir.best()
    origin = Origin("model", model.name, f"{model.version} seed={seed} style={style} act=harmonise_satb")
    written = _with_voices(score, melody_part, tune, ids, origin)
    frames = VOICES * len(tune)
    return SatbTake(
        written,
        -float(choir.joint[chosen]) / frames,
        -choir.evidence / frames,
        int(choir.relaxed[chosen]),
        len(tune),
    )


class Choir:
    """Candidates for the voices under one tune.

    joint: (candidates,) log-probability of all four voices so far; weight: how well each explains the tune;
    relaxed: frames in which rules gave way; evidence: the estimate of the tune's own log-probability.
    """

    def __init__(
        self,
        model: ChoraleRuntime,
        tune: Tune,
        how: SatbHow,
        *,
        opening: Close | None = None,
        close: Close | None = None,
    ) -> None:
        self.tune, self.how, self.opening, self.close = tune, how, opening, close
        rows = how.candidates
        self.state: ChoraleState = model.start(rows)
        self.sung = np.zeros((rows, len(tune), VOICES), np.int64)
        self.joint, self.weight = np.zeros(rows), np.zeros(rows)
        self.relaxed = np.zeros(rows, np.int64)
        self.evidence = 0.0

    def sing(self, rng: np.random.Generator, progress: Progress = lambda done, total: None) -> None:
        """Sing the whole tune."""
        for t in range(len(self.tune)):
            self._sing_frame(t, rng)
            self._choose_again(rng)
            progress(t + 1, len(self.tune))
        self.evidence += _log_mean(self.weight)

    def best(self) -> tuple[IntArray, int]:
        """Return the likeliest candidate, (frames, 4) ids, and its number."""
        chosen = int((self.joint - 1e3 * self.relaxed).argmax())
        return self.sung[chosen], chosen

    def drawn(self, rng: np.random.Generator) -> IntArray:
        """Return a candidate by its weight: a draw from what the model thinks of the tune, (frames, 4) ids."""
        chosen = int((self.weight + rng.gumbel(size=self.weight.size)).argmax())
        ids: IntArray = self.sung[chosen]
        return ids

    def _sing_frame(self, t: int, rng: np.random.Generator) -> None:
        frame = self.state.look(int(self.tune.clock[t]))
        now = np.zeros(frame.before.shape, np.int64)
        now[:, SOPRANO] = self.tune.ids[t]
        said = self.state.say(frame, SOPRANO, known=(), ids=now)[:, self.tune.ids[t]]
        if t and self.tune.is_breath[t]:
            now[:, 1:] = frame.before[:, 1:]
        else:
            self.weight += said
            self.joint += said
            self._sing_lower(t, frame, now, rng)
        self.sung[:, t] = now
        self.state.hear(now)

    def _sing_lower(self, t: int, frame: ChoraleFrame, now: IntArray, rng: np.random.Generator) -> None:
        """Choose bass, alto and tenor of a frame, in place."""
        allowed = self._allowed(t)
        room = self._room(t, frame.before, allowed) if self.how.rules else None
        known: list[int] = [SOPRANO]
        for voice in ORDER:
            said = self.state.say(frame, voice, known=known, ids=now)
            mask = self._mask(voice, now, allowed, room)
            if voice == TENOR:
                mask = self._with_third(mask, now, self._tonic(t))
            now[:, voice] = self._draw(said, mask, rng)
            self.joint += said[np.arange(len(now)), now[:, voice]]
            known.append(voice)

    def _draw(self, said: Float32Array, mask: BoolArray, rng: np.random.Generator) -> IntArray:
        """Return one id a row, and count what the mask leaves of the probability into the weight."""
        bold = (said / np.float32(self.how.temperature)).astype(np.float64)
        masked = np.where(mask, bold, _NEVER)
        self.weight += _log_sum(masked) - _log_sum(bold)
        chosen: IntArray = (masked + np.where(mask, rng.gumbel(size=mask.shape), 0.0)).argmax(1)
        return chosen

    def _mask(self, voice: int, now: IntArray, allowed: BoolArray, room: Room | None) -> BoolArray:
        if room is None:
            return np.broadcast_to(allowed[voice], (len(now), PITCHES))
        if voice == BASS:
            return room.bass
        if voice == ALTO:
            return room.alto_over(now[:, BASS])
        return room.tenor_between(now[:, ALTO], now[:, BASS])

    def _allowed(self, t: int) -> BoolArray:
        """Return (4, ids): no rest, and where the tune begins and ends only the tonic over its root."""
        allowed = np.ones((VOICES, PITCHES), bool)
        allowed[:, REST] = False
        tonic = self._tonic(t)
        if tonic is not None:
            classes = self.tune.pitch_classes
            allowed[[ALTO, TENOR]] &= np.isin(classes, tonic.chord)
            allowed[BASS] &= classes == tonic.root
        return allowed

    def _tonic(self, t: int) -> Close | None:
        """Return the tonic chord where the tune begins or ends on it."""
        is_close = self.close is not None and t >= self.close.start
        return self.close if is_close else (self.opening if t == 0 else None)

    def _with_third(self, mask: BoolArray, now: IntArray, tonic: Close | None) -> BoolArray:
        """Return the tenors that give the tonic its third, where soprano and alto have none and the rules leave one."""
        if tonic is None:
            return mask
        classes = self.tune.pitch_classes
        has_third = (classes[now[:, [SOPRANO, ALTO]]] == tonic.third).any(1)
        thirds = mask & (classes == tonic.third)
        return np.where((~has_third & thirds.any(1))[:, None], thirds, mask)

    def _room(self, t: int, before: IntArray, allowed: BoolArray) -> Room:
        """Return what the rules leave; where they leave nothing, some give way in the order of LEVELS."""
        left = before.copy()
        left[:, SOPRANO] = self.tune.leave[t]
        room = None
        for level, rules in enumerate(LEVELS):
            found = room_of(
                left, soprano=int(self.tune.enter[t]), lowest=int(self.tune.lowest[t]), allowed=allowed,
                shift=self.tune.shift, rules=rules,
            )  # fmt: skip
            lacks: BoolArray = np.ones(len(left), bool) if room is None else np.asarray(~room.bass.any(1))
            room = found if room is None else _either(lacks, found, room)
            if level:
                self.relaxed += lacks
            if room.bass.any(1).all():
                break
        assert room is not None
        return room

    def _choose_again(self, rng: np.random.Generator) -> None:
        """Let candidates that explain the tune badly make room for those that explain it well."""
        share = np.exp(self.weight - self.weight.max())
        share /= share.sum()
        if 1.0 / float((share**2).sum()) > 0.5 * share.size:
            return
        places = (np.arange(share.size) + rng.random()) / share.size
        rows = np.minimum(np.searchsorted(np.cumsum(share), places), share.size - 1)
        self.evidence += _log_mean(self.weight)
        self.state.pick(rows)
        self.sung, self.joint, self.relaxed = self.sung[rows], self.joint[rows], self.relaxed[rows]
        self.weight = np.zeros(rows.size)


def _either(lacks: BoolArray, found: Room, room: Room) -> Room:
    """Return the new room where the old one lacks a way, row by row."""
    return Room(
        *(
            np.where(
                lacks.reshape(-1, *[1] * (getattr(room, name).ndim - 1)),
                getattr(found, name),
                getattr(room, name),
            )
            for name in Room.__dataclass_fields__
        )
    )


def _with_voices(score: Score, part: int, tune: Tune, ids: IntArray, origin: Origin) -> Score:
    """Return the given part with the other three under it."""
    soprano = score.parts[part]
    provenance = score.provenance if origin in score.provenance else (*score.provenance, origin)
    attacks = attacks_of(score, part, tune)
    lower = []
    for voice in (ALTO, TENOR, BASS):
        notes = voice_notes(tune, ids[:, voice], attacks, soprano=soprano.notes)
        notes = notes.with_columns(origin=np.full(len(notes), provenance.index(origin)))
        lower.append(Part(_NAMES[voice], notes, role=_ROLES[voice], program=_CHOIR))
    return replace(score, parts=(soprano, *lower), chords=(), provenance=provenance)


def _log_sum(logs: FloatArray) -> FloatArray:
    top = logs.max(1)
    total: FloatArray = top + np.log(np.exp(logs - top[:, None]).sum(1))
    return total


def _log_mean(logs: FloatArray) -> float:
    return float(_log_sum(logs[None])[0] - np.log(logs.size))
