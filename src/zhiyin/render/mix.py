"""The mix: every part on its place, in one room, at one loudness.

Conventions: each part is rendered alone and dry, balanced by its role, placed, and sent to the room.
Rule of length: the audio is exactly as long as the music and its end fades inside it; a tail is added only when
asked for, and then the last notes ring out in it.
This module does not play notes (a Synth does) and does not humanise (`zhiyin.perform`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.signal import butter, sosfilt

from zhiyin.audio import Audio
from zhiyin.audio.loudness import loudness_lufs, to_loudness
from zhiyin.errors import InvalidInput
from zhiyin.render.base import Synth
from zhiyin.render.room import reverberate
from zhiyin.render.sounding import written_duration_s
from zhiyin.score import Part, Score
from zhiyin.units import Decibels, Float32Array, Seconds, db_to_gain

MAX_TAIL_S: Seconds = 10.0
FADE_S: Seconds = 1.0
INNER_FADE_S: Seconds = 0.8  # without a tail the fade must not eat the last chord
VOLUME, PAN = 7, 10
RUMBLE_HZ = 25.0
# Loudness of a part against the melody when both sound: an accompaniment that hides the tune is a wrong mix.
ROLE_LEVEL_DB: dict[str, Decibels] = {
    "melody": 0.0, "chords": -5.0, "accompaniment": -4.5, "bass": -3.5, "drums": -4.5, "inner": -4.5, "unknown": -2.0,
}  # fmt: skip
# How much of a part's distance to that level is corrected: the rest is the composer's and the bank's own balance.
BALANCE_SHARE = 0.85
MAX_BALANCE_DB: Decibels = 12.0
ROLE_SEND: dict[str, float] = {"bass": 0.05, "drums": 0.09, "melody": 0.20}
DEFAULT_SEND = 0.17
# Places from the middle outwards (-1 left .. 1 right) for parts that are neither melody, bass nor drums.
PLACES = (-0.3, 0.3, -0.5, 0.5, -0.15, 0.15, -0.65, 0.65)
CENTRED_ROLES = ("melody", "bass", "drums")


@dataclass(frozen=True, slots=True)
class _Strip:
    """One part's channel: dry sound, its gain as an amplitude, and its place -1..1."""

    samples: Float32Array
    gain: float
    place: float
    send: float


def expected_duration_s(score: Score, *, tail_s: Seconds = 0.0) -> Seconds:
    """Return the length of a score's audio: its written duration and the tail asked for.

    >>> expected_duration_s(Score(length_ticks=40320), tail_s=1.5)
    3.5
    """
    return written_duration_s(score) + tail_s


def render_audio(  # one argument a knob of the mix
    score: Score,
    *,
    synth: Synth,
    sample_rate: int = 44_100,
    lufs: Decibels = -14.0,
    ceiling_db: Decibels = -1.0,
    tail_s: Seconds = 0.0,
    on_part: Callable[[int, int], None] | None = None,
) -> Audio:
    """Return the stereo sound of a (performed) score, exactly `expected_duration_s` long.

    lufs: integrated loudness; ceiling_db: highest sample peak; on_part: told (parts done, parts).
    Raises InvalidInput when the score has no notes or makes no sound.
    """
    if not score.note_count:
        raise InvalidInput(
            f"a score must have notes to sound, got {score.title!r} with none: write or load some"
        )
    frames = round(expected_duration_s(score, tail_s=tail_s) * sample_rate)
    dry, send = np.zeros((2, frames), np.float32), np.zeros((2, frames), np.float32)
    sounding = [part for part in score.parts if len(part.notes)]
    places = part_places(sounding)
    for index, part in enumerate(sounding):
        strip = _strip(score, part, synth=synth, sample_rate=sample_rate, frames=frames, place=places[index])
        placed = _place(strip.samples, strip.place) * np.float32(strip.gain)
        dry += placed
        send += placed * np.float32(strip.send)
        if on_part is not None:
            on_part(index + 1, len(sounding))
    mixed = dry + reverberate(send, sample_rate=sample_rate)
    return to_loudness(Audio(_finish(mixed, sample_rate, tail_s=tail_s), sample_rate), lufs, ceiling_db)


def part_places(parts: list[Part]) -> list[float]:
    """Return each part's place, -1 left .. 1 right: melody, bass and drums in the middle, others spread.

    A part with its own pan control (10) keeps it: its place is 0, the synth pans.
    """
    places, free = [], iter(PLACES * (1 + len(parts) // len(PLACES)))
    for part in parts:
        panned = any(control.number == PAN for control in part.controls)
        centred = part.role in CENTRED_ROLES or part.is_drums or len(parts) == 1
        places.append(0.0 if panned or centred else next(free))
    return places


def _strip(score: Score, part: Part, *, synth: Synth, sample_rate: int, frames: int, place: float) -> _Strip:
    alone = replace(score, parts=(part,), length_ticks=score.end)
    audio = synth.render(alone, sample_rate=sample_rate)
    samples = np.zeros((2, frames), np.float32)
    samples[:, : min(frames, audio.frames)] = audio.samples[:, :frames]
    role = "drums" if part.is_drums else part.role
    level_db = _balance_db(Audio(samples, sample_rate), part, role)
    return _Strip(samples, db_to_gain(level_db), place, ROLE_SEND.get(role, DEFAULT_SEND))


def _balance_db(audio: Audio, part: Part, role: str) -> Decibels:
    """Return the gain that brings a part towards its role's level, -23 LUFS for a melody.

    A part with its own volume control (7) keeps its level.
    """
    if any(control.number == VOLUME for control in part.controls):
        return 0.0
    measured = loudness_lufs(audio)  # gated: rests do not count
    if measured == -np.inf:
        return 0.0
    wanted = -23.0 + ROLE_LEVEL_DB[role] - measured
    return float(np.clip(BALANCE_SHARE * wanted, -MAX_BALANCE_DB, MAX_BALANCE_DB))


def _place(samples: Float32Array, place: float) -> Float32Array:
    """Return stereo sound moved to a place: the far side fades, the near side stays (balance law)."""
    gains = np.array([[min(1.0, 1.0 - place)], [min(1.0, 1.0 + place)]], np.float32)
    return samples * gains


def _finish(samples: Float32Array, sample_rate: int, *, tail_s: Seconds) -> Float32Array:
    """Return the mix without rumble, its last second (or 0.8 s inside the music, without a tail) faded to nothing."""
    clean = np.asarray(
        sosfilt(butter(2, RUMBLE_HZ, "highpass", fs=sample_rate, output="sos"), samples, axis=1), np.float32
    )
    fade = round((min(FADE_S, tail_s) if tail_s else INNER_FADE_S) * sample_rate)
    fade = min(fade, clean.shape[1] // (1 if tail_s else 4))
    if fade:
        clean[:, -fade:] *= (0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, fade))).astype(np.float32)
    return clean
