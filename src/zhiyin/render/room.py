"""A room: early reflections and a diffuse tail, the same for every synth.

Conventions: impulse responses are float32 (2, frames) from a fixed seed, so a render is deterministic.
This module does not balance parts: see `zhiyin.render.mix`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.signal import butter, oaconvolve, sosfilt

from zhiyin.units import Float32Array, Seconds

DECAY_S: Seconds = 1.5  # time to fall by 60 dB in the middle band: a small hall
PRE_DELAY_S: Seconds = 0.018
_SEED = 20_251
# Bands of the tail: (edges in Hz, decay as a factor of DECAY_S, level). High notes die first, as in air.
_BANDS = (((120.0, 600.0), 1.15, 0.8), ((600.0, 2500.0), 1.0, 1.0), ((2500.0, 8000.0), 0.55, 0.6))
# Early reflections: (seconds, left gain, right gain), irregular so that they do not colour the tone.
_EARLY = (
    (0.007, 0.30, 0.18),
    (0.0113, 0.16, 0.28),
    (0.0171, 0.22, 0.10),
    (0.0233, 0.09, 0.20),
    (0.0317, 0.13, 0.12),
)


@lru_cache(maxsize=4)
def impulse_response(sample_rate: int) -> Float32Array:
    """Return the room's response, (2, frames), energy 1 a channel."""
    frames = int((PRE_DELAY_S + DECAY_S) * sample_rate)
    time_s = np.arange(frames) / sample_rate
    noise = np.random.default_rng(_SEED).standard_normal((2, frames))
    tail = np.zeros((2, frames))
    for (low, high), decay, level in _BANDS:
        band = sosfilt(butter(2, (low, high), "bandpass", fs=sample_rate, output="sos"), noise, axis=1)
        tail += level * band * np.exp(-6.91 * time_s / (DECAY_S * decay))
    start = int(PRE_DELAY_S * sample_rate)
    response = np.zeros((2, frames))
    response[:, start:] = tail[:, : frames - start]
    response /= np.sqrt((response**2).sum(axis=1, keepdims=True))
    for at_s, left, right in _EARLY:
        response[:, int(at_s * sample_rate)] += left, right
    result: Float32Array = (response / np.sqrt((response**2).sum(axis=1, keepdims=True))).astype(np.float32)
    result.setflags(write=False)
    return result


def reverberate(send: Float32Array, *, sample_rate: int) -> Float32Array:
    """Return the room's answer to a stereo send, (2, frames), as long as the send."""
    wet = oaconvolve(send, impulse_response(sample_rate), axes=1)[:, : send.shape[1]]
    return np.asarray(wet, np.float32)
