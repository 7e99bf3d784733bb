"""Laws of onsets and tempo in sound, on click tracks made here."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.audio import Audio
from zhiyin.units import FloatArray

pytest.importorskip("librosa")

from zhiyin.audio.features import spectra
from zhiyin.audio.features_rhythm import onset_strength, onset_times, tempo_curve, tempo_of, tempogram

RATE = 22_050


def clicks(times_s: FloatArray, *, seconds: float = 16.0) -> Audio:
    samples = np.zeros(int(seconds * RATE), np.float32)
    click = np.random.default_rng(0).standard_normal(400) * np.exp(-np.arange(400) / 80.0) * 0.3
    for time_s in times_s:
        at = int(time_s * RATE)
        samples[at : at + 400] += click[: samples.size - at].astype(np.float32)
    return Audio(samples[None, :], RATE)


def steady(bpm: float) -> Audio:
    return clicks(np.arange(0.5, 15.5, 60.0 / bpm))


@pytest.mark.parametrize("bpm", [60.0, 75.0, 90.0, 104.0, 120.0, 132.0, 150.0])
def test_a_click_track_has_the_tempo_of_its_clicks(bpm: float) -> None:
    found = tempo_of(spectra(steady(bpm)))
    assert found.bpm == pytest.approx(bpm, rel=0.01)
    assert found.clarity > 0.5


def test_of_a_very_fast_track_the_half_is_told_beside_the_whole() -> None:
    found = tempo_of(spectra(steady(220.0)))
    assert found.bpm is not None
    told = np.array([found.bpm, *found.others])
    assert np.abs(told - 220.0).min() < 3.0 and np.abs(told - 110.0).min() < 1.5


def test_noise_and_a_held_tone_have_no_tempo() -> None:
    noise = np.random.default_rng(1).standard_normal((1, 16 * RATE)).astype(np.float32) * 0.1
    tone = np.sin(2 * np.pi * 220.0 * np.arange(16 * RATE) / RATE).astype(np.float32)[None, :] * 0.3
    for samples in (noise, tone, np.zeros((1, 16 * RATE), np.float32)):
        assert tempo_of(spectra(Audio(samples, RATE))).bpm is None


def test_onsets_are_found_where_the_clicks_are() -> None:
    times_s = np.array([1.0, 1.8, 3.1, 5.0, 7.7])
    found = onset_times(spectra(clicks(times_s, seconds=10.0)))
    assert found.size == times_s.size
    np.testing.assert_allclose(found, times_s, atol=0.06)


def test_silence_has_no_onsets() -> None:
    quiet = spectra(Audio(np.zeros((1, 3 * RATE), np.float32), RATE))
    assert onset_times(quiet).size == 0 and not onset_strength(quiet).any()


def test_the_curve_follows_a_change_of_tempo() -> None:
    times_s = np.concatenate((np.arange(0.5, 20.0, 60.0 / 100.0), np.arange(20.0, 39.5, 60.0 / 125.0)))
    seconds, bpm = tempo_curve(spectra(clicks(times_s, seconds=40.0)))
    early, late = bpm[(seconds > 4) & (seconds < 14)], bpm[(seconds > 26) & (seconds < 36)]
    np.testing.assert_allclose(early, 100.0, rtol=0.02)
    np.testing.assert_allclose(late, 125.0, rtol=0.02)


def test_the_tempogram_is_strongest_at_the_tempo_or_a_fraction_of_it() -> None:
    found = tempogram(spectra(steady(120.0)))
    strength = found.values.mean(axis=1)
    at_tempo = strength[np.abs(found.bins - 120.0).argmin()]
    between = strength[np.abs(found.bins - 145.0).argmin()]
    assert at_tempo > 0.4 > 3 * abs(float(between))
