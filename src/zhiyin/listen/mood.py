"""The mood of a score: valence and arousal as a sum of cues that anyone can read and check.

Conventions: -1..1 on both axes, perceived and not felt; a cue is compared with what is usual in notated music and
weighed. Directions and order of the weights follow Gabrielsson & Lindström, "The role of structure in the musical
expression of emotions" (2010) and Eerola, Friberg & Bresin, "Emotional expression in music: contribution, linearity,
and additivity of primary musical cues" (Frontiers in Psychology, 2013), who find that cues add up without
interactions; no weight was fitted to ratings. This module does not know style.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import tanh

import numpy as np

from zhiyin.analysis.columns import columns_of
from zhiyin.judge.features_view import find_tonic
from zhiyin.listen.base import Finding, Reason, Words, ranked
from zhiyin.listen.sound_mood import LEAST_SHARE, UNSURE, quadrant_shares
from zhiyin.score import Score, Timeline
from zhiyin.units import FloatArray, IntArray

FEW_NOTES = 8  # below that there is no mood to hear
LOCAL_S = 8.0  # seconds over which major or minor is told, so that a modulation does not blur it
FRAME_S = 0.125
MOST_PUSH = 2.0  # spreads; beyond, a cue says no more
TOLD_FROM = 0.05  # a cue that moves less is not worth a word


@dataclass(frozen=True, slots=True)
class MoodCue:
    """One cue of the notes. usual, spread: of 210 human scores of seven collections; valence,
    arousal: what one spread more adds before tanh.

    less, more: what is said of it, (English, Chinese).
    """

    name: str
    unit: str
    usual: float
    spread: float
    valence: float
    arousal: float
    less: Words
    more: Words


CUES: tuple[MoodCue, ...] = (
    MoodCue(
        "mode", "difference of fit", 0.05, 0.15, 0.50, 0.0, ("minor rather than major", "偏小调"),
        ("major rather than minor", "偏大调"),
    ),
    MoodCue(
        "rate", "log2 attacks a second", 1.70, 0.85, 0.10, 0.50, ("few notes a second", "音稀少缓慢"),
        ("many notes a second", "音多而快"),
    ),
    MoodCue(
        "register", "MIDI pitch", 60.0, 5.0, 0.15, 0.05, ("lies low", "音区低"), ("lies high", "音区高"),
    ),
    MoodCue(
        "dynamics", "MIDI velocity", 76.0, 14.0, -0.05, 0.25, ("soft", "轻"), ("loud", "响"),
    ),
    MoodCue(
        "articulation", "length over gap", 1.05, 0.28, -0.10, -0.20, ("detached notes", "断奏"),
        ("sustained notes", "连奏"),
    ),
    MoodCue(
        "dissonance", "share of time", 0.25, 0.17, -0.20, 0.10, ("few sharp dissonances", "很少尖锐的不协和"),
        ("many sharp dissonances", "尖锐的不协和多"),
    ),
    MoodCue(
        "clarity", "correlation", 0.83, 0.075, 0.10, 0.0, ("the key is unclear", "调性模糊"),
        ("the key is clear", "调性明确"),
    ),
)  # fmt: skip


def cues_of_score(score: Score) -> dict[str, float]:
    """Return the cues of a score with pitched notes in the units of CUES; drums count for rate and dynamics only.

    A piece whose notes all have one velocity says nothing about loudness and gets the usual one.
    """
    usual = {cue.name: cue.usual for cue in CUES}
    notes, every = columns_of(score), columns_of(score, with_drums=True)
    line = Timeline.of(score)
    start, end = line.ticks_to_seconds(notes.onset), line.ticks_to_seconds(notes.offset)
    attacks = np.unique(line.ticks_to_seconds(every.onset))
    length_s = max(float(line.ticks_to_seconds(every.offset).max() - attacks[0]), 1.0)
    velocity = every.velocity
    mode, clarity = _mode(start, end, notes.pitch)
    weights = end - start
    return {
        "mode": mode,
        "rate": float(np.log2(max(attacks.size / length_s, 0.1))),
        "register": float(np.average(notes.pitch, weights=weights)),
        "dynamics": float(velocity.mean()) if np.ptp(velocity) else usual["dynamics"],
        "articulation": _articulation(start, end),
        "dissonance": _dissonance(start, end, notes.pitch),
        "clarity": clarity,
    }


def _mode(start: FloatArray, end: FloatArray, pitch: IntArray) -> tuple[float, float]:
    """Return (major fit minus minor fit, best fit) over stretches of LOCAL_S, weighed by how much sounds in each."""
    stretch = (start // LOCAL_S).astype(np.int64)
    total, differences, bests = 0.0, 0.0, 0.0
    for place in np.unique(stretch):
        rows = stretch == place
        weights = np.zeros(12)
        np.add.at(weights, pitch[rows] % 12, (end - start)[rows])
        _, (major, minor, difference) = find_tonic(weights)
        share = float(weights.sum())
        total, differences = total + share, differences + share * float(difference)
        bests += share * float(max(major, minor))
    return differences / total, bests / total


def _articulation(start: FloatArray, end: FloatArray) -> float:
    """Return the median length of notes over the gap to the next attack, at most 2."""
    attacks = np.unique(start)
    place = np.searchsorted(attacks, start)
    has_next = place + 1 < attacks.size
    if not has_next.any():
        return 1.0
    gap = attacks[place[has_next] + 1] - start[has_next]
    return float(np.median(np.minimum((end - start)[has_next] / np.maximum(gap, 1e-6), 2.0)))


def _dissonance(start: FloatArray, end: FloatArray, pitch: IntArray) -> float:
    """Return the share of sounding time in which a minor second, major seventh or tritone sounds."""
    origin = float(start.min())
    first = ((start - origin) / FRAME_S).astype(np.int64)
    last = np.maximum(np.ceil((end - origin) / FRAME_S).astype(np.int64) - 1, first)
    change = np.zeros((12, int(last.max()) + 2), np.int64)
    np.add.at(change, (pitch % 12, first), 1)
    np.add.at(change, (pitch % 12, last + 1), -1)
    sounds = np.cumsum(change, axis=1)[:, :-1] > 0  # (12, frames)
    heard = sounds.any(axis=0)
    sharp = np.zeros_like(heard)
    for interval in (1, 6):
        sharp |= (sounds & np.roll(sounds, interval, axis=0)).any(axis=0)
    return float(sharp[heard].mean())


def mood_of_score_cues(cues: Mapping[str, float]) -> Finding:
    """Return the mood that cues add up to.

    >>> mood_of_score_cues({cue.name: cue.usual for cue in CUES}).values
    (('valence', 0.0), ('arousal', 0.0))
    """
    push = {c.name: float(np.clip((cues[c.name] - c.usual) / c.spread, -MOST_PUSH, MOST_PUSH)) for c in CUES}
    valence = tanh(sum(cue.valence * push[cue.name] for cue in CUES))
    arousal = tanh(sum(cue.arousal * push[cue.name] for cue in CUES))
    labels = ranked(quadrant_shares(valence, arousal))
    is_sure = labels[0][1] >= LEAST_SHARE
    return Finding(
        "mood", labels, labels[0][0] if is_sure else None, ("", "") if is_sure else UNSURE,
        values=(("valence", valence), ("arousal", arousal)), reasons=_reasons(cues, push),
    )  # fmt: skip


def _reasons(cues: Mapping[str, float], push: Mapping[str, float]) -> tuple[Reason, ...]:
    """Return a sentence for each cue that moves an axis, weightiest first."""
    told = []
    for cue in CUES:
        valence, arousal = cue.valence * push[cue.name], cue.arousal * push[cue.name]
        if max(abs(valence), abs(arousal)) >= TOLD_FROM:
            what, effect = cue.more if push[cue.name] > 0 else cue.less, _effect(valence, arousal)
            weight = float(np.clip(valence if abs(valence) > abs(arousal) else arousal, -1.0, 1.0))
            told.append(
                Reason(
                    cue.name,
                    f"{what[0]}: {effect[0]}",
                    f"{what[1]}：{effect[1]}",
                    weight,
                    cues[cue.name],
                    cue.unit,
                )
            )
    return tuple(sorted(told, key=lambda reason: (-abs(reason.weight), reason.name)))


def _effect(valence: float, arousal: float) -> Words:
    """Return what a cue does to the mood."""
    said: list[Words] = []
    if abs(valence) >= TOLD_FROM:
        said.append(("brighter", "更明朗") if valence > 0 else ("darker", "更阴暗"))
    if abs(arousal) >= TOLD_FROM:
        said.append(("more stirred", "更激动") if arousal > 0 else ("stiller", "更平静"))
    return " and ".join(en for en, _ in said), "、".join(zh for _, zh in said)


@dataclass(frozen=True, slots=True)
class MoodListener:
    """Hears the mood of a score; the fields are those of `Listener`."""

    name: str = "mood"
    en: str = "mood"
    zh: str = "情绪"
    about: str = (
        "Valence and arousal as a sum of cues, and the quarter of the plane they lie in (Gabrielsson & Lindström, "
        "2010; Eerola, Friberg & Bresin, 2013)."
    )
    classes: tuple[str, ...] = ("excited", "tense", "calm", "sad")
    promises: frozenset[str] = frozenset({"part order", "titles"})

    def hear(self, music: Score, /) -> Finding:
        """Return the mood of a score, or "don't know" near the middle of the plane and for almost no notes."""
        pitched = sum(len(part.notes) for part in music.parts if not part.is_drums)
        if pitched < FEW_NOTES:
            return Finding.unheard(self.name, "short" if music.note_count else "nothing")
        return mood_of_score_cues(cues_of_score(music))


MOOD = MoodListener()
