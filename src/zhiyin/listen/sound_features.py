"""What the ear of the sound listeners is given: 119 numbers of a window of sound, and the tracks they are taken from.

Conventions: windows of 10 s; level and key are taken out (a louder or transposed copy reads the same); names in NAMES.
This module does not know styles or moods: see sound.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import median_filter

from zhiyin.audio import Audio
from zhiyin.audio.features import (
    HOP_S,
    MFCC_COUNT,
    MIN_S,
    Spectra,
    TimeFrequency,
    chroma,
    mel_spectrogram,
    mfcc,
    rms,
    spectra,
    spectral_centroid,
    spectral_contrast,
    spectral_flatness,
    spectral_rolloff,
)
from zhiyin.audio.features_rhythm import (
    TempoFound,
    onset_strength,
    onset_times,
    pulse_profile,
    tempo_of_profile,
)
from zhiyin.audio.loudness import loudness_lufs
from zhiyin.listen.sound_key import KeyHeard, key_of_profile
from zhiyin.units import Decibels, Float32Array, FloatArray, Seconds, db_to_gain

WINDOW_S: Seconds = 10.0
STRIDE_S: Seconds = 5.0
USUAL_LUFS: Decibels = -20.0
SHORTEST_S: Seconds = 5.0  # less is no music to tell a style from
SILENCE = 10.0 ** (-60.0 / 20.0)  # a frame more than 40 dB under the sound's own loudness is silent
RATIOS = (0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)  # of the tapped period
NO_TEMPO_BPM = 100.0  # stands for the tempo where none is heard; the clarity then says so
FAR_FRAMES = round(1.0 / HOP_S)  # harmony is compared with that of a second later
FILTER_FRAMES, FILTER_BANDS = 17, 17

_SHAPES = ("centroid", "rolloff", "flatness")
NAMES: tuple[str, ...] = (
    *(f"mfcc {n} mean" for n in range(1, MFCC_COUNT)),
    *(f"mfcc {n} spread" for n in range(MFCC_COUNT)),
    *(f"mfcc {n} change" for n in range(MFCC_COUNT)),
    *(f"contrast {n} mean" for n in range(7)),
    *(f"contrast {n} spread" for n in range(7)),
    *(f"{name} {what}" for name in _SHAPES for what in ("mean", "spread")),
    "level spread", "soft share", "crest", "level change", "silent share",
    *(f"degree {n}" for n in range(12)),
    "key strength", "major against minor", "pitch entropy", "classes at once", "classes at once spread",
    "harmony change", "tempo", "pulse clarity", "onset rate", "onset mean", "onset spread",
    *(f"pulse x{ratio:.2g}" for ratio in RATIOS),
    "percussive share", "percussive spread",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """Everything measured over time in one sound, once; arrays are (..., frames).

    loudness: of the sound as it came, in LUFS; everything else is of the sound brought to -20 LUFS, so that a louder
    copy reads the same. sound: the spectra; level: amplitude; onsets_s: seconds at which something begins;
    percussive: share 0..1.
    """

    loudness: Decibels
    sound: Spectra
    mel: TimeFrequency
    mfcc: TimeFrequency
    contrast: TimeFrequency
    chroma: TimeFrequency
    centroid: FloatArray
    rolloff: FloatArray
    flatness: FloatArray
    level: FloatArray
    onset: FloatArray
    onsets_s: FloatArray
    percussive: FloatArray

    @property
    def frames(self) -> int:
        """Return the number of frames."""
        return self.sound.frames

    @property
    def sounding(self) -> FloatArray:
        """Return (frames,) 1 where something sounds, 0 in silence."""
        return (self.level > SILENCE).astype(float)

    def tempo(self, first: int = 0, last: int | None = None) -> TempoFound:
        """Return the tempo of a stretch of frames."""
        return tempo_of_profile(pulse_profile(self.onset[first:last]))

    def key(self, first: int = 0, last: int | None = None) -> KeyHeard:
        """Return the key of a stretch of frames, loud frames counting more."""
        return key_of_profile(self._profile(first, last))

    def _profile(self, first: int, last: int | None) -> FloatArray:
        weight = np.sqrt(self.level[first:last])
        found: FloatArray = (self.chroma.values[:, first:last] * weight).sum(axis=1)
        return found


def tracks_of(audio: Audio) -> Tracks:
    """Return what is measured of a sound. Raises InvalidInput below 0.5 s, MissingExtra without librosa."""
    loudness = loudness_lufs(audio) if audio.duration_s >= MIN_S else -np.inf
    gain = db_to_gain(USUAL_LUFS - loudness) if np.isfinite(loudness) else 1.0
    sound = spectra(Audio(audio.samples * np.float32(gain), audio.sample_rate))
    mel = mel_spectrogram(sound)
    return Tracks(
        loudness, sound, mel, mfcc(sound), spectral_contrast(sound), chroma(sound), spectral_centroid(sound),
        spectral_rolloff(sound), spectral_flatness(sound), rms(sound), onset_strength(sound), onset_times(sound),
        _percussive(mel),
    )  # fmt: skip


def windows_of(tracks: Tracks) -> list[tuple[int, int]]:
    """Return (first, last) frames of every window; one of the whole where the sound is shorter than a window."""
    size, stride = round(WINDOW_S / HOP_S), round(STRIDE_S / HOP_S)
    if tracks.frames <= size:
        return [(0, tracks.frames)]
    return [(first, first + size) for first in range(0, tracks.frames - size + 1, stride)]


def sound_features(tracks: Tracks, first: int, last: int) -> Float32Array:
    """Return the numbers of one window, in the order of NAMES."""
    groups = (
        _timbre(tracks, first, last),
        _shape(tracks, first, last),
        _dynamics(tracks, first, last),
        _harmony(tracks, first, last),
        _rhythm(tracks, first, last),
        _spread(tracks.percussive[first:last]),
    )
    found = np.concatenate(groups)
    assert found.size == len(NAMES), (found.size, len(NAMES))
    return np.asarray(found, np.float32)


def _spread(values: FloatArray) -> FloatArray:
    return np.array([values.mean(), values.std()])


def _timbre(tracks: Tracks, first: int, last: int) -> FloatArray:
    cepstrum, contrast = tracks.mfcc.values[:, first:last], tracks.contrast.values[:, first:last]
    change = np.abs(np.diff(cepstrum, axis=1)).mean(axis=1)
    rows = (
        cepstrum.mean(axis=1)[1:],
        cepstrum.std(axis=1),
        change,
        contrast.mean(axis=1),
        contrast.std(axis=1),
    )
    return np.concatenate([np.asarray(row, float) for row in rows])


def _shape(tracks: Tracks, first: int, last: int) -> FloatArray:
    """Return means and spreads of the spectrum's shape, in octaves (flatness: in powers of ten)."""
    rows = []
    for track, floor, base in (
        (tracks.centroid, 50.0, 2.0),
        (tracks.rolloff, 50.0, 2.0),
        (tracks.flatness, 1e-8, 10.0),
    ):
        rows.append(_spread(np.log(np.maximum(track[first:last], floor)) / np.log(base)))
    return np.concatenate(rows)


def _dynamics(tracks: Tracks, first: int, last: int) -> FloatArray:
    level = tracks.level[first:last]
    decibels = 20.0 * np.log10(np.maximum(level, SILENCE))
    soft = float(np.mean(decibels < decibels.mean() - 6.0))
    change = float(np.abs(np.diff(decibels)).mean())
    return np.array(
        [decibels.std(), soft, decibels.max() - decibels.mean(), change, np.mean(level <= SILENCE)]
    )


def _harmony(tracks: Tracks, first: int, last: int) -> FloatArray:
    """Return the shares of the degrees of the window's own key, and how the harmony moves."""
    values = tracks.chroma.values[:, first:last].astype(float)
    heard = tracks.key(first, last)
    shares = np.roll(heard.profile, -heard.tonic)
    entropy = float(-(shares * np.log2(np.maximum(shares, 1e-9))).sum())
    at_once = (values > 0.5).sum(axis=0)
    now, later = values[:, :-FAR_FRAMES], values[:, FAR_FRAMES:]
    norm = np.maximum(np.linalg.norm(now, axis=0) * np.linalg.norm(later, axis=0), 1e-9)
    change = float(np.mean(1.0 - (now * later).sum(axis=0) / norm)) if now.size else 0.0
    told = [heard.strength, heard.majorness, entropy, float(at_once.mean()), float(at_once.std()), change]
    return np.concatenate((shares, told))


def _rhythm(tracks: Tracks, first: int, last: int) -> FloatArray:
    strength = tracks.onset[first:last]
    profile = pulse_profile(strength)
    found = tempo_of_profile(profile)
    bpm = found.bpm or NO_TEMPO_BPM
    period = 60.0 / bpm / HOP_S
    pulses = np.interp(np.array(RATIOS) * period, np.arange(profile.size), profile)
    seconds = max((last - first) * HOP_S, 1e-9)
    inside = (tracks.onsets_s >= first * HOP_S) & (tracks.onsets_s < last * HOP_S)
    told = [np.log2(bpm), found.clarity, inside.sum() / seconds, strength.mean(), strength.std()]
    return np.concatenate((told, pulses))


def _percussive(mel: TimeFrequency) -> FloatArray:
    """Return (frames,) the share of power that lies in upright rather than level ridges.

    Source: FitzGerald, "Harmonic/Percussive Separation Using Median Filtering", DAFx 2010.
    """
    power = 10.0 ** (mel.values[::2] / 10.0)
    level = median_filter(power, size=(1, FILTER_FRAMES))
    upright = median_filter(power, size=(FILTER_BANDS // 2, 1))
    share = upright**2 / np.maximum(upright**2 + level**2, 1e-20)
    total = power.sum(axis=0)
    found: FloatArray = (share * power).sum(axis=0) / np.maximum(total, 1e-20)
    return np.asarray(found, float)
