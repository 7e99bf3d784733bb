"""Takes for the benchmark of moods: pieces of eight bars that differ in nothing but what is asked for.

Conventions: a group of takes shares style, key and seed; with a locked key the tempo is locked too; every take is
judged as played (`judge_features`) and measured cue by cue. Does not know: how verdicts are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from benchmarks.words_moods_features import judge_features, sounds_major
from zhiyin.analysis.feeling import feeling_of
from zhiyin.apps.families import open_family, performed
from zhiyin.errors import ConstraintsUnmet
from zhiyin.fill import plan_changes
from zhiyin.fill.compose_plan import compose
from zhiyin.fill.plan_make import make_plan
from zhiyin.models import StepModel
from zhiyin.score import Score, Timeline, Wishes
from zhiyin.theory.key import Key
from zhiyin.theory.mood_cues import MoodAim, aim_of

BARS, LOCKED_BPM = 8, 96.0
STYLES = ("romantic-piano", "folk", "pop")
KEYS = ("C", "Am")
# Two moods of every sign of valence and arousal: the six split three against three on either axis.
BRIGHT, DARK = ("happy", "tender", "calm"), ("sad", "tense", "angry")
STIRRED, STILL = ("happy", "tense", "angry"), ("sad", "tender", "calm")
MOODS = ("happy", "tender", "calm", "sad", "tense", "angry")
NEUTRAL = ""
# What is switched off in each ablation: cues by name, and whether chords and lines stop leaning.
GROUPS: dict[str, tuple[str, ...]] = {
    "tempo": ("tempo",), "density": ("density",), "mode and harmony": ("major", "tension"), "register": ("register",),
    "loudness": ("velocity",), "articulation": ("articulation",), "lines": ("contour", "leaps", "rubato"),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Judged:
    """One take: how it was asked for, and what was measured of it as played."""

    style: str
    key: str
    seed: int
    mood: str
    features: NDArray[np.float64]
    cues: dict[str, float]
    felt: tuple[float, float]
    is_locked_kept: bool
    quality: dict[str, float]

    @property
    def group(self) -> tuple[str, str, int]:
        """Return what the take shares with those it is compared with."""
        return self.style, self.key, self.seed


@cache
def _model() -> StepModel:
    return open_family("transformer")


def judged_take(wishes: Wishes, *, seed: int, key: str = "", mood: str = "") -> Judged:
    """Write, play and measure one piece; a take whose hard wishes are refused is written with the next seed's take."""
    plan = make_plan(wishes, seed=seed)
    for take in range(4):
        try:
            score = compose(plan, wishes, model=_model(), seed=seed, take=take).score
            break
        except ConstraintsUnmet:
            if take == 3:
                raise
    played = performed("transformer", score, plan, seed=seed, swing=0.0)
    feeling = feeling_of(played)
    return Judged(
        wishes.style or "", key, seed, mood, judge_features(played), cues_of(played),
        (feeling.valence, feeling.arousal), _keeps(score, wishes), quality_of(score),
    )  # fmt: skip


def _keeps(score: Score, wishes: Wishes) -> bool:
    """Return whether what was locked stands in the score, read from its marks alone."""
    has_key = wishes.key is None or [mark.key for mark in score.keys] == [wishes.key]
    has_tempo = wishes.tempo_bpm is None or [mark.bpm for mark in score.tempos] == [wishes.tempo_bpm]
    return has_key and has_tempo and Timeline.of(score).bar_count(score.end) == wishes.bars


def cues_of(played: Score) -> dict[str, float]:
    """Return the cues of the table as they are heard; articulation is length over gap within each part."""
    features = judge_features(played)
    seconds = Timeline.of(played).duration_s(played.end)
    return {
        "tempo": played.end / 10080 * 60 / seconds, "rate": float(features[2]), "register": float(features[5]),
        "velocity": float(features[7]), "articulation": held_share(played), "roughness": float(features[10]),
        "major": float(sounds_major(played)),
    }  # fmt: skip


def held_share(played: Score) -> float:
    """Return the mean length of a note over the time to the next attack of its own part, each at most 1.5.

    A note followed by a beat of silence or more ends a phrase and says nothing of touch.
    """
    shares = []
    for part in played.parts:
        if part.is_drums or len(part.notes) < 2:
            continue
        attacks = np.unique(part.notes.onset)
        attacks = attacks[np.append(True, np.diff(attacks) > 10080 // 24)]  # a rolled chord is one attack
        place = np.searchsorted(attacks, part.notes.onset + 10080 // 24)
        inside = place < attacks.size
        gap = attacks[place[inside]] - part.notes.onset[inside]
        held = part.notes.duration[inside]
        goes_on = gap - held < 10080
        shares += np.minimum(held / gap, 1.5)[goes_on].tolist()
    return float(np.mean(shares))


def quality_of(score: Score) -> dict[str, float]:
    """Return what must not suffer: notes in the key, small steps and distinct bars in the tune."""
    pitched = [part for part in score.parts if not part.is_drums and len(part.notes)]
    inside = [note.pitch % 12 in score.keys[0].key.pitch_classes for part in pitched for note in part.notes]
    tune = next((part for part in pitched if part.role == "melody"), pitched[0]).notes
    moved = np.abs(np.diff(tune.pitch))
    size = score.metres[0].metre.bar_ticks
    bars = [
        tuple((n.onset % size, n.pitch) for n in tune.between(bar * size, (bar + 1) * size))
        for bar in range(BARS)
    ]
    return {
        "notes in key": float(np.mean(inside)), "steps in tunes": float(np.mean(moved <= 4)) if moved.size else 1.0,
        "bars that differ": len(set(bars)) / len(bars),
    }  # fmt: skip


def locked(seeds: Iterable[int], moods: Iterable[str] = MOODS) -> Iterator[Judged]:
    """Yield matched takes: style, key, tempo and seed the same, only the mood differs."""
    for style in STYLES:
        for key in KEYS:
            for seed in seeds:
                for mood in moods:
                    wishes = _wishes(style, mood, key=Key.parse(key), tempo_bpm=LOCKED_BPM)
                    yield judged_take(wishes, seed=seed, key=key, mood=mood)


def tonic_locked(seeds: Iterable[int]) -> Iterator[Judged]:
    """Yield takes with tempo, tonic and seed the same; the mood chooses major or minor."""
    for style in STYLES[:2]:
        for seed in seeds:
            for mood in MOODS:
                mode = make_plan(_wishes(style, mood), seed=seed).key.mode
                wishes = _wishes(style, mood, key=Key(0, mode), tempo_bpm=LOCKED_BPM)
                yield judged_take(wishes, seed=seed, key="C*", mood=mood)


def free(seeds: Iterable[int]) -> Iterator[Judged]:
    """Yield takes in which the mood decides all it can, and neutral ones."""
    for style in STYLES:
        for seed in seeds:
            for mood in (*MOODS, NEUTRAL):
                yield judged_take(_wishes(style, mood), seed=seed, mood=mood)


def by_intensity(seeds: Iterable[int], *, style: str) -> Iterator[tuple[str, int, Judged]]:
    """Yield (mood, intensity, take)."""
    for seed in seeds:
        for mood in ("happy", "sad"):
            for level in (1, 2, 3, 4, 5):
                wishes = replace(_wishes(style, mood, key=Key(0)), intensity=level)
                yield mood, level, judged_take(wishes, seed=seed, mood=mood)


def ablated(seeds: Iterable[int], *, style: str) -> Iterator[tuple[str, Judged]]:
    """Yield (group switched off, take) of happy and sad pieces with nothing locked; "" with all cues on."""
    for name in ("", *GROUPS):
        with without(GROUPS.get(name, ())):
            for seed in seeds:
                for mood in ("happy", "sad"):
                    yield name, judged_take(_wishes(style, mood), seed=seed, mood=mood)


@contextmanager
def without(cues: Iterable[str]) -> Iterator[None]:
    """Switch cues off for plans made inside."""
    names = tuple(cues)

    def lessened(*words: Any, **rest: Any) -> MoodAim:
        aim = aim_of(*words, **rest)
        valence = 0.0 if "major" in names else aim.valence
        return MoodAim(valence, aim.arousal, replace(aim.cues, **dict.fromkeys(names, 0.0)))

    with mock.patch.object(plan_changes, "aim_of", lessened):
        yield


def _wishes(style: str, mood: str, **locks: Any) -> Wishes:
    return Wishes(style=style, bars=BARS, moods=(mood,) if mood else (), **locks)
