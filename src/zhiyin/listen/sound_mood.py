"""The mood of a sound: valence and arousal as a sum of cues that anyone can read and check.

Conventions: -1..1 on both axes, perceived and not felt; each cue is compared with what is usual and weighed.
The weights follow the literature and were tuned on nothing: Gabrielsson & Lindström, "The role of structure in the
musical expression of emotions" (2010); Eerola, Lartillot & Toiviainen, ISMIR 2009. What they reach: docs/listen.md.
This module does not know style.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erf, sqrt, tanh

import numpy as np

from zhiyin.listen.base import Finding, Reason, ranked
from zhiyin.listen.sound_features import SILENCE, Tracks

QUADRANTS: Mapping[str, tuple[str, str]] = {
    "excited": ("bright and stirred", "明快激昂"), "tense": ("dark and stirred", "紧张激烈"),
    "calm": ("bright and still", "平和宁静"), "sad": ("dark and still", "低沉忧伤"),
}  # fmt: skip
SPREAD = 0.45  # how far people's judgements of one piece lie apart on either axis
LEAST_SHARE = 0.4  # under this share of the likeliest quarter the answer is "don't know"
UNSURE = ("near the middle of the plane", "靠近情绪平面的中央")


@dataclass(frozen=True, slots=True)
class Cue:
    """One audible cue. usual, spread: of people's pieces in 16 styles as two banks play them.

    arousal, valence: what one spread more adds, before tanh.
    """

    name: str
    en: str
    zh: str
    unit: str
    usual: float
    spread: float
    arousal: float
    valence: float


CUES: tuple[Cue, ...] = (
    Cue("mode", "major against minor", "大小调倾向", "correlation", 0.10, 0.18, 0.0, 0.45),
    Cue("tempo", "tempo", "速度", "octaves over 60 BPM", 0.85, 0.35, 0.25, 0.15),
    Cue("onsets", "notes begun a second", "每秒起音数", "1/s", 3.5, 1.6, 0.35, 0.10),
    Cue("brightness", "brightness", "明亮度", "octaves over 100 Hz", 3.5, 0.55, 0.20, 0.10),
    Cue("attack", "how hard notes begin", "起音力度", "dB", 0.92, 0.28, 0.20, 0.0),
    Cue("loudness", "loudness", "响度", "LUFS", -18.0, 6.0, 0.15, 0.0),
    Cue("clarity", "how clear the key is", "调性清晰度", "correlation", 0.83, 0.12, 0.0, 0.15),
)  # fmt: skip


def cues_of(tracks: Tracks) -> dict[str, float]:
    """Return the cues of a sound in the units of CUES."""
    sounding = tracks.level > SILENCE
    key, tempo = tracks.key(), tracks.tempo()
    seconds = max(float(sounding.mean()) * tracks.sound.duration_s, 1e-9)
    return {
        "mode": key.majorness, "tempo": float(np.log2(tempo.bpm / 60.0)) if tempo.bpm else 0.85,
        "onsets": tracks.onsets_s.size / seconds,
        "brightness": float(np.log2(max(float(np.median(tracks.centroid[sounding])), 50.0) / 100.0)),
        "attack": float(tracks.onset[sounding].mean()), "loudness": max(tracks.loudness, -60.0),
        "clarity": key.strength,
    }  # fmt: skip


def mood_of_sound(tracks: Tracks) -> Finding:
    """Return the mood of a sound that is not silent."""
    return mood_of_cues(cues_of(tracks))


def mood_of_cues(cues: Mapping[str, float]) -> Finding:
    """Return the mood that cues add up to.

    >>> usual = {cue.name: cue.usual for cue in CUES}
    >>> mood_of_cues(usual).values
    (('valence', 0.0), ('arousal', 0.0))
    """
    pushes = {cue.name: float(np.clip((cues[cue.name] - cue.usual) / cue.spread, -2.5, 2.5)) for cue in CUES}
    valence = tanh(sum(cue.valence * pushes[cue.name] for cue in CUES))
    arousal = tanh(sum(cue.arousal * pushes[cue.name] for cue in CUES))
    labels = ranked(quadrant_shares(valence, arousal))
    is_sure = labels[0][1] >= LEAST_SHARE
    return Finding(
        "sound-mood", labels, labels[0][0] if is_sure else None, ("", "") if is_sure else UNSURE,
        values=(("valence", valence), ("arousal", arousal)), reasons=_reasons(cues, pushes),
    )  # fmt: skip


def quadrant_shares(valence: float, arousal: float) -> dict[str, float]:
    """Return the share of people who would put it into each quarter, if they differ as SPREAD says.

    >>> {name: round(share, 2) for name, share in quadrant_shares(0.0, 0.0).items()}
    {'excited': 0.25, 'tense': 0.25, 'calm': 0.25, 'sad': 0.25}
    """
    bright, stirred = (0.5 * (1.0 + erf(value / SPREAD / sqrt(2.0))) for value in (valence, arousal))
    return {
        "excited": bright * stirred, "tense": (1 - bright) * stirred, "calm": bright * (1 - stirred),
        "sad": (1 - bright) * (1 - stirred),
    }  # fmt: skip


def _reasons(cues: Mapping[str, float], pushes: Mapping[str, float]) -> tuple[Reason, ...]:
    told = []
    for cue in CUES:
        v, a = cue.valence * pushes[cue.name], cue.arousal * pushes[cue.name]
        if max(abs(v), abs(a)) < 0.05:
            continue
        en, zh = _sentence(cue, v, a)
        weight = float(np.clip(v if abs(v) > abs(a) else a, -1.0, 1.0))
        told.append(Reason(cue.name, en, zh, weight, cues[cue.name], cue.unit))
    return tuple(sorted(told, key=lambda reason: -abs(reason.weight)))


def _sentence(cue: Cue, valence: float, arousal: float) -> tuple[str, str]:
    parts = []
    if abs(valence) >= 0.05:
        parts.append(("brighter", "更明朗") if valence > 0 else ("darker", "更阴暗"))
    if abs(arousal) >= 0.05:
        parts.append(("more stirred", "更激动") if arousal > 0 else ("stiller", "更平静"))
    return f"{cue.en}: {' and '.join(en for en, _ in parts)}", f"{cue.zh}：{'、'.join(zh for _, zh in parts)}"
