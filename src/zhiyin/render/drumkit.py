"""The drums of the small bank: swept sines, metallic tones and filtered noise.

Conventions: keys are General MIDI drum keys; sounds are stereo (2, frames), about 1.0 at their loudest.
This module does not know scores or time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.signal import butter, sosfilt

from zhiyin.units import Float32Array, FloatArray, Hz, Seconds

# The six square-wave frequencies of a well-known analogue drum machine's cymbals, as ratios to the lowest.
_METAL = (1.0, 1.481, 1.932, 2.546, 2.63, 3.897)


@dataclass(frozen=True, slots=True)
class Drum:
    """One drum: a swept tone, a metallic cluster and band-limited noise, each with its level and fall (1/e)."""

    tone: float = 0.0
    start_hz: Hz = 200.0
    end_hz: Hz = 60.0
    sweep_s: Seconds = 0.03
    tone_s: Seconds = 0.2
    metal: float = 0.0
    metal_hz: Hz = 400.0
    metal_s: Seconds = 0.2
    noise: float = 0.0
    low_hz: Hz = 800.0
    high_hz: Hz = 10000.0
    noise_s: Seconds = 0.1
    bursts: int = 1
    place: float = 0.0
    gain: float = 1.0


def _tom(hz: Hz, place: float) -> Drum:
    return Drum(tone=1.0, start_hz=hz * 1.6, end_hz=hz, sweep_s=0.05, tone_s=0.22, noise=0.12, low_hz=200, high_hz=2500,
                noise_s=0.04, place=place)  # fmt: skip


KICK = Drum(tone=1.0, start_hz=160, end_hz=48, sweep_s=0.035, tone_s=0.16, noise=0.15, low_hz=800, high_hz=5000,
            noise_s=0.006, gain=1.3)  # fmt: skip
SNARE = Drum(
    tone=0.5,
    start_hz=260,
    end_hz=185,
    sweep_s=0.02,
    tone_s=0.07,
    noise=0.75,
    low_hz=900,
    high_hz=9000,
    noise_s=0.09,
)
RIM = Drum(
    tone=0.7,
    start_hz=1800,
    end_hz=1650,
    sweep_s=0.01,
    tone_s=0.015,
    noise=0.3,
    low_hz=1500,
    high_hz=8000,
    noise_s=0.01,
    gain=0.7,
)
CLAP = Drum(noise=1.0, low_hz=800, high_hz=4500, noise_s=0.06, bursts=4, gain=0.9)
CLOSED_HAT = Drum(
    metal=0.25,
    metal_hz=2900,
    metal_s=0.03,
    noise=0.4,
    low_hz=7000,
    high_hz=16000,
    noise_s=0.03,
    place=0.25,
    gain=0.6,
)
PEDAL_HAT = Drum(
    metal=0.2,
    metal_hz=2700,
    metal_s=0.03,
    noise=0.3,
    low_hz=6000,
    high_hz=14000,
    noise_s=0.04,
    place=0.25,
    gain=0.5,
)
OPEN_HAT = Drum(
    metal=0.3,
    metal_hz=2900,
    metal_s=0.22,
    noise=0.4,
    low_hz=6500,
    high_hz=16000,
    noise_s=0.22,
    place=0.25,
    gain=0.55,
)
CRASH = Drum(
    metal=0.3,
    metal_hz=1900,
    metal_s=0.7,
    noise=0.5,
    low_hz=3500,
    high_hz=16000,
    noise_s=0.6,
    place=-0.3,
    gain=0.7,
)
RIDE = Drum(
    metal=0.45,
    metal_hz=2300,
    metal_s=0.5,
    noise=0.15,
    low_hz=5000,
    high_hz=15000,
    noise_s=0.3,
    place=0.3,
    gain=0.5,
)
BELL = Drum(metal=0.8, metal_hz=1100, metal_s=0.4, place=0.3, gain=0.5)
COWBELL = Drum(
    tone=0.6, start_hz=800, end_hz=800, tone_s=0.1, metal=0.3, metal_hz=545, metal_s=0.08, gain=0.6
)
TAMBOURINE = Drum(
    metal=0.2,
    metal_hz=3800,
    metal_s=0.06,
    noise=0.5,
    low_hz=7000,
    high_hz=16000,
    noise_s=0.07,
    bursts=2,
    place=-0.2,
    gain=0.5,
)
SHAKER = Drum(noise=0.5, low_hz=5000, high_hz=14000, noise_s=0.04, place=-0.35, gain=0.45)
WOOD = Drum(
    tone=0.8,
    start_hz=950,
    end_hz=900,
    tone_s=0.03,
    noise=0.1,
    low_hz=900,
    high_hz=4000,
    noise_s=0.01,
    place=-0.2,
    gain=0.7,
)
TRIANGLE = Drum(metal=0.6, metal_hz=2600, metal_s=0.5, place=-0.3, gain=0.4)


def _hand(hz: Hz, fall_s: Seconds, place: float) -> Drum:
    return Drum(tone=0.9, start_hz=hz * 1.15, end_hz=hz, sweep_s=0.02, tone_s=fall_s, noise=0.15, low_hz=700,
                high_hz=5000, noise_s=0.01, place=place, gain=0.8)  # fmt: skip


DRUMS: dict[int, Drum] = {
    35: KICK, 36: KICK, 37: RIM, 38: SNARE, 39: CLAP, 40: SNARE, 41: _tom(75, 0.4), 42: CLOSED_HAT, 43: _tom(90, 0.3),
    44: PEDAL_HAT, 45: _tom(110, 0.15), 46: OPEN_HAT, 47: _tom(130, 0.0), 48: _tom(155, -0.15), 49: CRASH,
    50: _tom(185, -0.3), 51: RIDE, 52: CRASH, 53: BELL, 54: TAMBOURINE, 55: CRASH, 56: COWBELL, 57: CRASH, 58: SHAKER,
    59: RIDE, 60: _hand(400, 0.06, -0.3), 61: _hand(290, 0.09, -0.3), 62: _hand(380, 0.04, 0.3),
    63: _hand(330, 0.1, 0.3),
    64: _hand(220, 0.13, 0.3), 65: _hand(520, 0.12, -0.2), 66: _hand(390, 0.14, -0.2), 67: COWBELL, 68: COWBELL,
    69: SHAKER, 70: SHAKER, 71: TRIANGLE, 72: TRIANGLE, 73: SHAKER, 74: SHAKER, 75: WOOD, 76: WOOD, 77: WOOD,
    78: _hand(600, 0.05, 0.2), 79: _hand(480, 0.08, 0.2), 80: TRIANGLE, 81: TRIANGLE, 82: SHAKER,
}  # fmt: skip
OTHER = Drum(noise=0.5, low_hz=1000, high_hz=6000, noise_s=0.05, gain=0.5)  # keys General MIDI leaves free


@lru_cache(maxsize=256)
def drum_sound(key: int, sample_rate: int) -> Float32Array:
    """Return the sound of a drum key, (2, frames)."""
    drum = DRUMS.get(key, OTHER)
    frames = int(
        7.0 * max(drum.tone_s * bool(drum.tone), drum.metal_s * bool(drum.metal), drum.noise_s) * sample_rate
    )
    time_s = np.arange(frames) / sample_rate
    mono = (
        _tone(drum, time_s)
        + _metal(drum, time_s, sample_rate)
        + _noise(drum, time_s, key=key, sample_rate=sample_rate)
    )
    fade = min(frames, int(0.01 * sample_rate))
    mono[-fade:] *= np.linspace(1.0, 0.0, fade)
    sides = np.array([[min(1.0, 1.0 - drum.place)], [min(1.0, 1.0 + drum.place)]])
    sound: Float32Array = (drum.gain * sides * mono).astype(np.float32)
    sound.setflags(write=False)
    return sound


def _tone(drum: Drum, time_s: FloatArray) -> FloatArray:
    swing = (drum.start_hz - drum.end_hz) * drum.sweep_s
    cycles = drum.end_hz * time_s + swing * (1.0 - np.exp(-time_s / drum.sweep_s))
    result: FloatArray = drum.tone * np.sin(2.0 * np.pi * cycles) * np.exp(-time_s / drum.tone_s)
    return result


def _metal(drum: Drum, time_s: FloatArray, sample_rate: int) -> FloatArray:
    out = np.zeros(time_s.size)
    for ratio in _METAL:
        hz = drum.metal_hz * ratio
        if drum.metal and hz < 0.45 * sample_rate:
            out += np.sin(
                2.0 * np.pi * hz * time_s + 2.0 * np.sin(2.0 * np.pi * 1.414 * hz * time_s) * (hz < 5000)
            )
    result: FloatArray = drum.metal / 2.5 * out * np.exp(-time_s / drum.metal_s)
    return result


def _noise(drum: Drum, time_s: FloatArray, *, key: int, sample_rate: int) -> FloatArray:
    if not drum.noise:
        return np.zeros(time_s.size)
    edges = (drum.low_hz, min(drum.high_hz, 0.45 * sample_rate))
    white = np.random.default_rng(1000 + key).standard_normal(time_s.size)
    band = sosfilt(butter(2, edges, "bandpass", fs=sample_rate, output="sos"), white)
    shape = np.zeros(time_s.size)
    for burst in range(drum.bursts):  # a clap is several hands
        late = time_s - 0.011 * burst
        shape = np.maximum(
            shape,
            np.where(
                late >= 0,
                np.exp(-np.maximum(late, 0) / (drum.noise_s if burst == drum.bursts - 1 else 0.008)),
                0,
            ),
        )
    result: FloatArray = drum.noise * shape * band / (np.abs(band).max() + 1e-9)
    return result
