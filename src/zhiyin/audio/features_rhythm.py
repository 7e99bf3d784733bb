"""Rhythm in sound: how strongly something begins at each moment, and the tempo.

Conventions: frames as in features.py; tempo in beats a minute of the pulse that people would tap.
This module does not know metres or scores. Half and double tempo are hard to tell apart by ear and here: both are told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.audio.features import HOP, HOP_S, RATE, Spectra, TimeFrequency, mel_spectrogram
from zhiyin.audio.library import library
from zhiyin.units import Bpm, FloatArray

SLOWEST, FASTEST = 40.0, 240.0
# People tap most readily near 120 BPM: an octave away counts about half. Source: Moelants, "Preferred tempo
# reconsidered", ICMPC 2002. What our own renders say of it: docs/listen.md.
PREFERRED_BPM, PREFERRED_OCTAVES = 112.0, 0.9
MULTIPLES = (1.0, 0.5, 0.25)  # what a pulse also shows at twice and four times its period
CURVE_WINDOW_S = 8.0
CURVE_OCTAVES = 0.25  # a stretch counts the same pulse as the whole, not two of three
MIN_GROWTH_DB = 1.0  # onset strength under this is the beating of a held tone
MIN_CLARITY = 0.05  # an autocorrelation under this is no pulse
REFINING = (2, 4, 8)


@dataclass(frozen=True, slots=True)
class TempoFound:
    """The tempo of a sound.

    bpm: the likeliest, None where no pulse is heard; clarity: 0 (no pulse) to 1 (a click track); others: the other
    tempi that would also fit, likeliest first.
    """

    bpm: Bpm | None
    clarity: float
    others: tuple[Bpm, ...] = ()


def onset_strength(sound: Spectra) -> FloatArray:
    """Return (frames,) how much louder the bands have grown since the frame before, in dB on average.

    Source: Böck & Widmer, "Maximum Filter Vibrato Suppression for Onset Detection", DAFx 2013.
    """
    found = library().onset.onset_strength(S=mel_spectrogram(sound).values, sr=RATE, hop_length=HOP)
    return np.asarray(found[: sound.frames], float)


def onset_times(sound: Spectra) -> FloatArray:
    """Return the seconds at which something clearly begins."""
    strength = onset_strength(sound)
    if strength.max(initial=0.0) < MIN_GROWTH_DB:
        return np.zeros(0)
    frames = library().onset.onset_detect(onset_envelope=strength, sr=RATE, hop_length=HOP)
    return np.asarray(frames, float) * HOP_S


def pulse_profile(strength: FloatArray) -> FloatArray:
    """Return the autocorrelation of an onset strength by lag in frames, 1 at lag 0; zeros without onsets."""
    if not strength.size or np.percentile(strength, 98.0) < MIN_GROWTH_DB:
        return np.zeros(strength.size)
    centred = strength - strength.mean()
    size = 2 * centred.size
    power = np.abs(np.fft.rfft(centred, size)) ** 2
    found = np.fft.irfft(power, size)[: centred.size]
    overlap = np.arange(centred.size, 0, -1) / centred.size  # long lags rest on fewer frames
    unbiased: FloatArray = found / found[0] / np.maximum(overlap, 0.25)
    return unbiased


def tempo_of(sound: Spectra) -> TempoFound:
    """Return the tempo of a whole sound."""
    return tempo_of_profile(pulse_profile(onset_strength(sound)))


def tempo_of_profile(
    profile: FloatArray, *, preferred: Bpm = PREFERRED_BPM, octaves: float = PREFERRED_OCTAVES
) -> TempoFound:
    """Return the tempo that an autocorrelation by frames shows; one octaves off the preferred counts less."""
    lags = np.arange(60.0 / FASTEST / HOP_S, 60.0 / SLOWEST / HOP_S, 0.25)
    lags = lags[lags < profile.size - 1]
    if not lags.size or not profile.any():
        return TempoFound(None, 0.0)
    score = _evidence(profile, lags, preferred=preferred, octaves=octaves)
    peaks = 1 + np.flatnonzero((score[1:-1] >= score[:-2]) & (score[1:-1] > score[2:]))
    peaks = peaks[np.argsort(-score[peaks], kind="stable")]
    if not peaks.size:
        return TempoFound(None, 0.0)
    best = _refined(profile, lags[peaks[0]])
    clarity = float(np.clip(np.interp(best, np.arange(profile.size), profile), 0.0, 1.0))
    if clarity < MIN_CLARITY:
        return TempoFound(None, clarity)
    others = [_bpm(_refined(profile, lag)) for lag in lags[peaks[1:4]]]
    return TempoFound(_bpm(best), clarity, tuple(others))


def tempo_curve(sound: Spectra, *, step_s: float = 1.0) -> tuple[FloatArray, FloatArray]:
    """Return (times in s, BPM) in windows of 8 s, near the tempo of the whole; NaN where no pulse is heard."""
    strength = onset_strength(sound)
    whole = tempo_of_profile(pulse_profile(strength))
    half = round(CURVE_WINDOW_S / 2 / HOP_S)
    times = np.arange(0.0, sound.duration_s, step_s)
    found = []
    for time in times:
        middle = round(time / HOP_S)
        window = strength[max(middle - half, 0) : middle + half]
        here = TempoFound(None, 0.0)
        if window.size > half and whole.bpm:
            here = tempo_of_profile(pulse_profile(window), preferred=whole.bpm, octaves=CURVE_OCTAVES)
        found.append(here.bpm or np.nan)
    return times, np.array(found)


def tempogram(sound: Spectra) -> TimeFrequency:
    """Return the strength of every tempo over time, (tempi, frames); bins in BPM, fast first.

    Source: Grosche, Müller & Kurth, "Cyclic Tempogram", ICASSP 2010.
    """
    librosa = library()
    found = librosa.feature.tempogram(onset_envelope=onset_strength(sound), sr=RATE, hop_length=HOP)
    bpm = librosa.tempo_frequencies(found.shape[0], sr=RATE, hop_length=HOP)
    inside = (bpm >= SLOWEST) & (bpm <= FASTEST)
    values = np.asarray(found[inside], np.float32)
    return TimeFrequency("tempogram", values, np.asarray(bpm[inside], float), "BPM", "correlation", HOP_S)


def _evidence(profile: FloatArray, lags: FloatArray, *, preferred: Bpm, octaves: float) -> FloatArray:
    """Return how well each period explains the autocorrelation, times how readily people would tap it."""
    frames = np.arange(profile.size)
    total = np.zeros(lags.size)
    weight = np.zeros(lags.size)
    for number, share in zip((1, 2, 4), MULTIPLES, strict=True):
        inside = lags * number < profile.size - 1
        total += share * inside * np.interp(lags * number, frames, profile)
        weight += share * inside
    away = np.log2(60.0 / (lags * HOP_S) / preferred)
    found: FloatArray = np.maximum(total / weight, 0.0) * np.exp(-0.5 * (away / octaves) ** 2)
    return found


def _refined(profile: FloatArray, lag: float) -> float:
    """Return a period to a small part of a frame: a peak eight periods away tells it eight times as exactly."""
    for number in REFINING:
        middle = round(lag * number)
        low = max(middle - 3, 1)
        if middle + 4 >= profile.size:
            break
        at = low + int(np.argmax(profile[low : middle + 4]))
        left, top, right = profile[at - 1 : at + 2]
        if top <= max(left, right, 0.0):
            break  # no peak of its own there
        bend = left - 2 * top + right
        lag = (at + 0.5 * (left - right) / bend) / number
    return lag


def _bpm(lag: float) -> Bpm:
    return float(60.0 / (lag * HOP_S))
