"""Laws of what the listener of sounds learns from: excerpts of 20 s, one loudness, every draw from its seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhiyin.audio import Audio
from zhiyin.audio.loudness import loudness_lufs
from zhiyin.listen.sound_build import MERGED, class_of_sound, with_timbre_hidden
from zhiyin.listen.sound_data import (
    EXCERPT_S,
    PLAYERS,
    RATE,
    STYLES,
    Take,
    _plan,
    coloured,
    excerpt_of,
    played,
)
from zhiyin.listen.sound_features import NAMES
from zhiyin.render import SmallBank
from zhiyin.score import Notes, Part, Score, Tempo, Timeline
from zhiyin.units import TICKS_PER_QUARTER as Q

TAKE = Take(piece=0, style="folk", side="train", start=0.5, stretch=1.0, program=73, seed=7)


def piece(bars: int, bpm: float = 120.0) -> Score:
    notes = Notes.of([(i * Q, Q, 60 + i % 12, 80) for i in range(4 * bars)])
    return Score("Scale", (Part("Piano", notes),), tempos=(Tempo(0, bpm),), length_ticks=4 * bars * Q)


def test_an_excerpt_lasts_twenty_seconds_and_is_played_by_who_was_drawn() -> None:
    found = excerpt_of(piece(60), TAKE)
    assert found is not None
    assert Timeline.of(found).duration_s(found.end) == pytest.approx(EXCERPT_S, rel=0.05)
    assert [part.program for part in found.parts] == [73]


def test_a_stretched_tempo_takes_more_or_fewer_notes_into_the_same_time() -> None:
    fast, slow = (excerpt_of(piece(60), replace(TAKE, stretch=s)) for s in (1.2, 0.8))
    assert fast is not None and slow is not None
    assert fast.note_count == pytest.approx(1.5 * slow.note_count, rel=0.06)


def test_a_tempo_is_stretched_to_the_fastest_there_is_and_no_further() -> None:
    found = excerpt_of(piece(80, bpm=380.0), replace(TAKE, stretch=1.2))
    assert found is not None and found.tempos[0].bpm <= 400.0


def test_of_too_few_notes_there_is_no_excerpt() -> None:
    assert excerpt_of(piece(4), TAKE) is None


def test_every_sound_is_brought_to_one_loudness_and_the_seed_decides_its_room() -> None:
    found = excerpt_of(piece(12), replace(TAKE, start=0.0))
    assert found is not None
    one, again, other = (played(found, SmallBank(), seed=seed) for seed in (1, 1, 2))
    assert loudness_lufs(one) == pytest.approx(-20.0, abs=0.1)
    assert np.array_equal(one.samples, again.samples) and not np.array_equal(one.samples, other.samples)
    assert one.sample_rate == RATE


def test_a_coloured_copy_is_as_long_duller_above_and_follows_its_seed() -> None:
    white = Audio(0.1 * np.random.default_rng(0).standard_normal((2, RATE * 3)).astype(np.float32), RATE)
    one, again = (coloured(white, seed=3) for _ in range(2))
    assert np.array_equal(one.samples, again.samples) and one.frames == white.frames and one.channels == 1
    power = np.abs(np.fft.rfft(one.samples[0])) ** 2
    top = power[int(0.98 * power.size) :].mean()
    assert top < 0.1 * power.max() and top < 0.1 * power[: power.size // 4].mean()


def test_learned_excerpts_are_played_once_and_test_ones_by_every_bank() -> None:
    learned = [replace(TAKE, seed=seed) for seed in range(4)]
    tested = replace(TAKE, side="test")
    plan = list(_plan([*learned, tested], {"a": SmallBank(), "b": SmallBank()}, {"c": SmallBank()}))
    assert [bank for take, bank in plan if take.side == "train"] == ["a", "b", "a", "b"]
    assert [bank for take, bank in plan if take.side == "test"] == ["a", "b", "c"]


def test_every_style_counts_as_one_class_and_a_dozen_remain() -> None:
    assert set(MERGED) | set(PLAYERS) <= set(STYLES)
    assert len({class_of_sound(style) for style in STYLES}) == 12


def test_learning_once_more_without_tone_colour_keeps_harmony_and_rhythm() -> None:
    x = np.ones((2, len(NAMES)))
    rows, label = with_timbre_hidden(x, np.array([0, 1]))
    assert label.tolist() == [0, 1, 0, 1] and np.array_equal(rows[:2], x)
    kept = {name for name, value in zip(NAMES, rows[2], strict=True) if value == 1.0}
    assert {"degree 7", "tempo", "onset rate", "level spread"} <= kept
    assert not {"mfcc 1 mean", "mfcc 3 change", "contrast 2 mean", "centroid spread", "flatness mean"} & kept
