"""Laws of the time-frequency representations, against values worked out by hand.

A sine of amplitude a under a Hann window: its peak reads a, its level a/sqrt(2), its centre of gravity its frequency.
"""

from __future__ import annotations

import importlib.util
import math

import numpy as np
import pytest

from zhiyin.audio import Audio
from zhiyin.errors import InvalidInput, MissingExtra

pytest.importorskip("librosa")

from zhiyin.audio import library
from zhiyin.audio.features import (
    HOP_S,
    Spectra,
    chroma,
    mel_spectrogram,
    mfcc,
    rms,
    spectra,
    spectral_centroid,
    spectral_contrast,
    spectral_flatness,
    spectral_rolloff,
    to_decibels,
)

MIDDLE = 60  # a frame far from both ends of three seconds


def sine(hz: float, *, amplitude: float = 0.5, seconds: float = 3.0, rate: int = 22_050) -> Audio:
    time_s = np.arange(int(seconds * rate)) / rate
    return Audio((amplitude * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)[None, :], rate)


def noise(*, amplitude: float = 0.1, seconds: float = 3.0) -> Audio:
    samples = np.random.default_rng(3).standard_normal((1, int(seconds * 22_050)))
    return Audio((amplitude * samples).astype(np.float32), 22_050)


@pytest.fixture(scope="module")
def a440() -> Spectra:
    return spectra(sine(440.0))


@pytest.fixture(scope="module")
def silence() -> Spectra:
    return spectra(Audio(np.zeros((2, 44_100), np.float32), 44_100))


def test_a_sine_reads_its_amplitude_at_the_bin_of_its_frequency(a440: Spectra) -> None:
    column = a440.magnitude[:, MIDDLE]
    assert int(column.argmax()) == round(440 / (22_050 / 2048))  # bin 41 at 441.4 Hz
    assert column.max() == pytest.approx(0.5, rel=0.03)


def test_there_is_a_frame_every_512_samples_with_the_first_at_time_zero(a440: Spectra) -> None:
    assert a440.frames == 1 + 3 * 22_050 // 512
    mel = mel_spectrogram(a440)
    assert mel.hop_s == pytest.approx(512 / 22_050)
    assert [mel.frame_of(t) for t in (0.0, 1.0, 99.0)] == [0, round(22_050 / 512), mel.frames - 1]


def test_the_loudest_mel_band_of_a_sine_is_the_one_around_it(a440: Spectra) -> None:
    mel = mel_spectrogram(a440)
    loudest = int(mel.values[:, MIDDLE].argmax())
    assert mel.bins[loudest - 1] < 440.0 < mel.bins[loudest + 1]
    # The power of the main lobe is 1.5 times that of its middle bin; a triangle gives part of it to the neighbour.
    assert 10 * math.log10(0.25 * 1.5 * 0.5) <= mel.values[loudest, MIDDLE] <= 10 * math.log10(0.25 * 1.5)


def test_silence_reads_the_floor_everywhere(silence: Spectra) -> None:
    np.testing.assert_allclose(mel_spectrogram(silence).values, -80.0, atol=1e-4)
    assert not chroma(silence).values.any()
    assert not spectral_centroid(silence).any() and not spectral_rolloff(silence).any()
    assert not spectral_flatness(silence).any() and not rms(silence).any()


def test_the_cepstrum_of_silence_is_a_level_and_no_outline(silence: Spectra) -> None:
    values = mfcc(silence).values
    # An orthonormal cosine transform of 128 bands of -80 dB: -80 * 128 / sqrt(128), then nothing.
    np.testing.assert_allclose(values[0], -80.0 * math.sqrt(128), rtol=1e-5)
    np.testing.assert_allclose(values[1:], 0.0, atol=1e-3)


@pytest.mark.parametrize(("hz", "pitch_class"), [(261.63, 0), (440.0, 9), (185.0, 6), (493.88, 11)])
def test_a_sine_fills_its_own_pitch_class(hz: float, pitch_class: int) -> None:
    column = chroma(spectra(sine(hz))).values[:, MIDDLE]
    assert column[pitch_class] == 1.0
    assert np.delete(column, pitch_class).max() < 0.35


def test_a_minor_third_higher_rolls_the_chroma_by_three() -> None:
    low, high = (chroma(spectra(sine(hz))).values[:, MIDDLE] for hz in (220.0, 220.0 * 2 ** (3 / 12)))
    assert np.roll(low, 3).argmax() == high.argmax() == 0


def test_the_shape_of_a_sine_lies_at_its_frequency(a440: Spectra) -> None:
    assert spectral_centroid(a440)[MIDDLE] == pytest.approx(440.0, rel=0.01)
    assert spectral_rolloff(a440)[MIDDLE] == pytest.approx(440.0, abs=2 * 22_050 / 2048)
    assert spectral_flatness(a440)[MIDDLE] < 1e-4
    assert rms(a440)[MIDDLE] == pytest.approx(0.5 / math.sqrt(2), rel=0.01)


def test_noise_is_flat_and_its_power_is_exponentially_spread() -> None:
    # The power of one bin of noise is exponential: its geometric mean is exp(-Euler's constant) of its mean, 0.561.
    flatness = spectral_flatness(spectra(noise(seconds=10.0)))
    assert float(flatness.mean()) == pytest.approx(math.exp(-np.euler_gamma), abs=0.02)
    assert spectral_centroid(spectra(noise()))[MIDDLE] == pytest.approx(22_050 / 4, rel=0.05)


def test_tones_rise_further_over_their_valleys_than_noise() -> None:
    tones = Audio(sum(sine(220.0 * n, amplitude=0.1).samples for n in range(1, 9)), 22_050)  # type: ignore[arg-type]
    loud, flat = (spectral_contrast(spectra(a)).values[1:4].mean() for a in (tones, noise()))
    assert loud > flat + 15.0


def test_twice_as_loud_is_six_decibels_in_every_band_and_changes_no_colour() -> None:
    soft, loud = (spectra(noise(amplitude=a)) for a in (0.1, 0.2))
    np.testing.assert_allclose(
        mel_spectrogram(loud).values - mel_spectrogram(soft).values, 20 * math.log10(2), atol=1e-3
    )
    np.testing.assert_allclose(spectral_centroid(loud), spectral_centroid(soft), rtol=1e-4)


def test_another_rate_and_two_channels_tell_the_same_music() -> None:
    stereo = Audio(np.repeat(sine(440.0, rate=44_100).samples, 2, axis=0), 44_100)
    one, two = spectra(sine(440.0)), spectra(stereo)
    assert one.frames == two.frames
    np.testing.assert_allclose(one.magnitude[:, MIDDLE], two.magnitude[:, MIDDLE], atol=2e-3)


def test_decibels_stop_at_the_floor() -> None:
    assert to_decibels(np.array([1.0, 0.1, 1e-12], np.float32)).tolist() == pytest.approx([0.0, -10.0, -80.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: mel_spectrogram(s, bands=4), "mel bands must be 8..256, got 4"),
        (lambda s: mfcc(s, count=0), "coefficients must be 1..40, got 0"),
    ],
)
def test_sizes_out_of_range_are_refused(a440: Spectra, call: object, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        call(a440)  # type: ignore[operator]


def test_sound_of_a_moment_is_refused_with_its_length() -> None:
    with pytest.raises(InvalidInput, match=r"must last 0\.5 s or more to be looked at, got 0\.100 s"):
        spectra(sine(440.0, seconds=0.1))


def test_without_the_library_the_command_to_install_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    library.library.cache_clear()
    monkeypatch.setattr(library, "find_spec", lambda name: None if name == "librosa" else found(name))
    with pytest.raises(MissingExtra, match=r"pip install 'zhiyin\[listen\]'"):
        spectra(sine(440.0))


def test_frames_are_as_far_apart_as_they_say() -> None:
    click = np.zeros((1, 22_050 * 2), np.float32)
    click[0, 22_050] = 1.0
    assert int(rms(spectra(Audio(click, 22_050))).argmax()) * HOP_S == pytest.approx(1.0, abs=2 * HOP_S)
