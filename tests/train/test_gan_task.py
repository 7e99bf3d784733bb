"""Laws of the phrase task: what is given, who moves when, and that a critic learns to tell noise from a pattern."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from zhiyin.models.gan_config import GanData, GanSettings
from zhiyin.models.gan_rolls import BARS, SLICES, STEPS, TRACKS, WIDTH, Phrases
from zhiyin.train.recipe import OptimiserSettings, Recipe, ScheduleSettings, load_recipe

torch = pytest.importorskip("torch", reason="the train extra is not installed")

from zhiyin.train.gan_data import PhraseSet  # noqa: E402
from zhiyin.train.gan_task import GanTask, draw_given, drop_tracks  # noqa: E402
from zhiyin.train.loop import Trainer  # noqa: E402


def phrase_set(n: int = 24) -> PhraseSet:
    """Return phrases of one pattern: a tune of quarters going up, whole-bar chords, a bass note a bar."""
    codes = np.zeros((n, STEPS, WIDTH), np.uint8)
    rng = np.random.default_rng(0)
    for i in range(n):
        tune, bass = codes[i][:, SLICES[0]], codes[i][:, SLICES[2]]
        tune[:, 1] = bass[:, 1] = 1
        for step in range(0, STEPS, 4):
            tune[step] = 0
            tune[step, 2 + 7 + step // 4 + int(rng.integers(3))] = 1
        for step in range(0, STEPS, 16):
            bass[step] = 0
            bass[step, 2 + 8] = 1
        codes[i, ::16, SLICES[1].start + 24] = 1
    plays = np.tile([True, True, True, False], (n, 1))
    phrases = Phrases(
        codes, np.ones((n, STEPS), bool), np.zeros((n, STEPS, 12), bool), np.full((n, STEPS), 12),
        np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64), plays,
    )  # fmt: skip
    return PhraseSet(phrases, np.arange(n), tuple(f"toy/{i}" for i in range(n)), ())


def recipe(penalty: float = 10.0) -> Recipe:
    settings = GanSettings(
        width=24, layers=1, part_width=16, part_layers=1, critic_width=24, critic_layers=1, penalty=penalty
    )
