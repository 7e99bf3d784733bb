"""Time-frequency representations of sound: mel, MFCC, chroma, spectral shape and level over time.

Conventions: one channel (the mean of all) at 22,050 Hz; frames of 2,048 samples every 512 (23.2 ms), centred on their
time; librosa (extra `listen`) does the transforms and is imported on first use.
This module does not know rhythm (features_rhythm.py), keys or scores; the piano roll is `zhiyin.encode.roll`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zhiyin.audio.audio import Audio
from zhiyin.audio.library import library
from zhiyin.errors import InvalidInput
from zhiyin.units import Float32Array, FloatArray, Hz, Seconds

RATE: Hz = 22_050
FRAME, HOP = 2048, 512
HOP_S: Seconds = HOP / RATE
MIN_S: Seconds = 0.5  # less holds no spectrum worth showing
MEL_BANDS, MFCC_COUNT = 128, 20
FLOOR_DB = -80.0  # what is softer than this under full scale counts as silence
ROLLOFF_SHARE = 0.85
PITCH_CLASSES = 12
FLATTEST = 1e-10  # power below which a frame has no colour


@dataclass(frozen=True, slots=True, eq=False)
class TimeFrequency:
    """Music as a picture: what sounds how strongly in which frame.

    values: (bins, frames), in `unit`; bins: the middle of each row in `bin_unit` (Hz, pitch class, coefficient, MIDI
    pitch); hop_s: time from frame to frame; the first frame is centred on time 0.
    """

    name: str
    values: Float32Array
    bins: FloatArray
    bin_unit: str
    unit: str
    hop_s: Seconds

    @property
    def frames(self) -> int:
        """Return the number of frames."""
        return int(self.values.shape[1])

    @property
    def duration_s(self) -> Seconds:
        """Return the time that the frames span."""
        return self.frames * self.hop_s

    def frame_of(self, time_s: Seconds) -> int:
        """Return the frame nearest to a time, inside the representation."""
        return int(np.clip(round(time_s / self.hop_s), 0, max(self.frames - 1, 0)))


@dataclass(frozen=True, slots=True, eq=False)
class Spectra:
    """The short-time spectrum that all features of one sound share, so that it is computed once.

    samples: (frames,) one channel at RATE; magnitude: (1025, frames), a sine at full scale reads 1.
    """

    samples: Float32Array
    magnitude: Float32Array
    power: Float32Array = field(repr=False)

    @property
    def frames(self) -> int:
        """Return the number of frames."""
        return int(self.magnitude.shape[1])

    @property
    def duration_s(self) -> Seconds:
        """Return the length of the sound in seconds."""
        return self.samples.size / RATE


def spectra(audio: Audio) -> Spectra:
    """Return the short-time spectrum of a sound. Raises InvalidInput below 0.5 s, MissingExtra without librosa."""
    if audio.duration_s < MIN_S:
        raise InvalidInput(
            f"sound must last {MIN_S} s or more to be looked at, got {audio.duration_s:.3f} s: give a longer file"
        )
    librosa = library()
    mono = audio.samples.mean(axis=0)
    if audio.sample_rate != RATE:
        mono = librosa.resample(mono, orig_sr=audio.sample_rate, target_sr=RATE, res_type="soxr_hq")
    samples = np.ascontiguousarray(mono, np.float32)
    # A Hann window halves a sine's peak, and half of it lies at negative frequencies: 4 / FRAME makes it 1 again.
    magnitude = np.abs(librosa.stft(samples, n_fft=FRAME, hop_length=HOP)).astype(np.float32) * (4.0 / FRAME)
    return Spectra(samples, magnitude, magnitude**2)


def mel_spectrogram(sound: Spectra, *, bands: int = MEL_BANDS) -> TimeFrequency:
    """Return the mel spectrogram in dB under full scale, not below -80. Raises InvalidInput outside 8..256 bands.

    Source: Stevens, Volkmann & Newman, "A Scale for the Measurement of the Psychological Magnitude Pitch", 1937.
    """
    if not 8 <= bands <= 256:
        raise InvalidInput(f"mel bands must be 8..256, got {bands!r}: 128 is usual")
    librosa = library()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # narrow low bands between two bins: they read the floor
        power = librosa.feature.melspectrogram(S=sound.power, sr=RATE, n_fft=FRAME, n_mels=bands, norm=None)
    values = to_decibels(power)
    centres = librosa.mel_frequencies(n_mels=bands + 2, fmin=0.0, fmax=RATE / 2)[1:-1]
    return TimeFrequency("mel", values, np.asarray(centres, float), "Hz", "dB", HOP_S)


def mfcc(sound: Spectra, *, count: int = MFCC_COUNT) -> TimeFrequency:
    """Return mel-frequency cepstral coefficients: the outline of the spectrum, level first.

    Source: Davis & Mermelstein, IEEE Trans. ASSP 28(4), 1980. Raises InvalidInput outside 1..40 coefficients.
    """
    if not 1 <= count <= 40:
        raise InvalidInput(f"coefficients must be 1..40, got {count!r}: 13 and 20 are usual")
    values = library().feature.mfcc(S=mel_spectrogram(sound).values, n_mfcc=count)
    return TimeFrequency(
        "mfcc", np.asarray(values, np.float32), np.arange(count, dtype=float), "coefficient", "dB", HOP_S
    )


def chroma(sound: Spectra) -> TimeFrequency:
    """Return how strongly each pitch class sounds, C first, the strongest of a frame 1; silence is 0.

    From a constant-Q transform, tuned to the sound's own A. Source: Brown, JASA 89(1), 1991.
    """
    librosa = library()
    audible = np.max(sound.magnitude, axis=0, initial=0.0) > 10.0 ** (FLOOR_DB / 20.0)
    if not audible.any():
        values = np.zeros((PITCH_CLASSES, sound.frames), np.float32)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", UserWarning
            )  # shorter than its lowest filter: padded with silence
            found = librosa.feature.chroma_cqt(y=sound.samples, sr=RATE, hop_length=HOP, norm=np.inf)
        values = np.asarray(found[:, : sound.frames] * audible, np.float32)
    bins = np.arange(PITCH_CLASSES, dtype=float)
    return TimeFrequency("chroma", values, bins, "pitch class", "share of the strongest", HOP_S)


def rms(sound: Spectra) -> FloatArray:
    """Return (frames,) the level of each frame as an amplitude; a sine at full scale is 0.707."""
    found = library().feature.rms(y=sound.samples, frame_length=FRAME, hop_length=HOP)
    return np.asarray(found[0, : sound.frames], float)


def spectral_centroid(sound: Spectra) -> FloatArray:
    """Return (frames,) the centre of gravity of each spectrum in Hz, 0 in silence."""
    found = library().feature.spectral_centroid(S=sound.magnitude, sr=RATE)[0]
    return np.where(_coloured(sound), np.asarray(found, float), 0.0)


def spectral_rolloff(sound: Spectra) -> FloatArray:
    """Return (frames,) the frequency in Hz under which 85 % of the magnitude lies, 0 in silence."""
    found = library().feature.spectral_rolloff(S=sound.magnitude, sr=RATE, roll_percent=ROLLOFF_SHARE)[0]
    return np.where(_coloured(sound), np.asarray(found, float), 0.0)


def spectral_flatness(sound: Spectra) -> FloatArray:
    """Return (frames,) how noise-like each spectrum is: 0 a tone, 1 white noise; 0 in silence.

    The geometric over the arithmetic mean of the power; noise of finite length reads about 0.56.
    """
    found = library().feature.spectral_flatness(S=sound.magnitude)[0]
    return np.where(_coloured(sound), np.asarray(found, float), 0.0)


def spectral_contrast(sound: Spectra) -> TimeFrequency:
    """Return (7, frames) how far the peaks of each octave rise over its valleys, in dB.

    Source: Jiang et al., "Music Type Classification by Spectral Contrast Feature", ICME 2002.
    """
    found = library().feature.spectral_contrast(S=sound.magnitude, sr=RATE)
    edges = np.concatenate(([0.0], 200.0 * 2.0 ** np.arange(7)))
    centres = np.sqrt(np.maximum(edges[:-1], 100.0) * edges[1:])
    return TimeFrequency("contrast", np.asarray(found, np.float32), centres, "Hz", "dB", HOP_S)


def to_decibels(power: Float32Array) -> Float32Array:
    """Return power in decibels under full scale, not below -80.

    >>> to_decibels(np.array([1.0, 0.01, 0.0], np.float32)).round(3).tolist()
    [0.0, -20.0, -80.0]
    """
    floored = np.maximum(power, 10.0 ** (FLOOR_DB / 10.0))
    return np.asarray(10.0 * np.log10(floored), np.float32)


def _coloured(sound: Spectra) -> Any:
    return sound.power.sum(axis=0) > FLATTEST
