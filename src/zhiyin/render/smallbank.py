"""A small bank of our own making: every General MIDI sound from a few numbers, no samples.

Conventions: dry stereo; one tone is made for each key and loudness layer and reused; fixed seeds.
It knows velocity, the sustain pedal (64), volume (7), pan (10) and expression (11); it has no pitch bend.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from zhiyin.audio import Audio
from zhiyin.render.drumkit import drum_sound
from zhiyin.render.sounding import Sounding, control_curve, pedalled, sounding
from zhiyin.render.timbres import TIMBRES, Timbre
from zhiyin.score import Part, Score, Timeline
from zhiyin.units import Float32Array, FloatArray, Seconds, db_to_gain, midi_to_hz

RELEASE_S: Seconds = 2.0
LEVEL = 0.12  # of one note at full velocity, so that twenty notes at once do not overflow
LAYERS = (0.35, 0.65, 1.0)  # loudness layers: soft notes are darker, not only softer
VELOCITY_EXPONENT = 2.0  # as FluidSynth and SpessaSynth: velocity 30 is 19 dB under 90
VOLUME, PAN, EXPRESSION = 7, 10, 11
MAX_TONE_S: Seconds = 20.0
OPEN_HAT, CLOSING_HATS = 46, (42, 44)
CHOKE_S: Seconds = 0.02
TABLE_SIZE = 2048
SMOOTH_S: Seconds = 0.01
_TAU = np.float32(2.0 * np.pi)


class SmallBank:
    """The synth that always works: additive strings, winds and mallets, and noise drums."""

    name = "Zhiyin small bank (synthesised, no samples)"

    def render(self, score: Score, *, sample_rate: int) -> Audio:
        """Return stereo sound of a performed score, dry, with two seconds of release after its end."""
        line = Timeline.of(score)
        frames = int((line.duration_s(score.end) + RELEASE_S) * sample_rate)
        out = np.zeros((2, frames), np.float32)
        for part in score.parts:
            notes = sounding(part, line)
            if part.is_drums:
                sound = _play_drums(notes, frames=frames, sample_rate=sample_rate)
            else:
                held = pedalled(notes, part.controls, line)
                sound = _play_tones(TIMBRES[part.program], held, frames=frames, sample_rate=sample_rate)
            out += _controlled(sound, part, line, sample_rate=sample_rate)
        return Audio(out, sample_rate)


def _play_drums(notes: Sounding, *, frames: int, sample_rate: int) -> Float32Array:
    out = np.zeros((2, frames), np.float32)
    closings = notes.start_s[np.isin(notes.pitch, CLOSING_HATS)]
    for start, pitch, velocity in zip(
        notes.start_s.tolist(), notes.pitch.tolist(), notes.velocity.tolist(), strict=True
    ):
        hit = drum_sound(pitch, sample_rate)
        if pitch == OPEN_HAT:
            hit = _choked(hit, start, closings, sample_rate=sample_rate)
        _add(out, hit, round(start * sample_rate), _velocity_gain(velocity) * LEVEL * 2.0)
    return out


def _choked(hit: Float32Array, start_s: Seconds, closings: FloatArray, *, sample_rate: int) -> Float32Array:
    """Return an open hi-hat, shut by the next closed or pedalled one: they are the same two cymbals."""
    later = closings[closings > start_s]
    if not later.size:
        return hit
    return _released(hit, float(later[0]) - start_s + CHOKE_S, CHOKE_S, sample_rate=sample_rate)


def _play_tones(timbre: Timbre, held: Sounding, *, frames: int, sample_rate: int) -> Float32Array:
    out = np.zeros((2, frames), np.float32)
    length_s = np.minimum(held.end_s - held.start_s, MAX_TONE_S) + timbre.release_s
    layer = np.clip(np.searchsorted(LAYERS, held.velocity / 127.0), 0, len(LAYERS) - 1)
    gain = LEVEL * db_to_gain(timbre.gain_db)
    for pitch, level in sorted(set(zip(held.pitch.tolist(), layer.tolist(), strict=True))):
        rows = np.flatnonzero((held.pitch == pitch) & (layer == level))
        size = int(length_s[rows].max() * sample_rate) + 1
        tone = make_tone(timbre, pitch, loudness=LAYERS[level], frames=size, sample_rate=sample_rate)
        for row in rows.tolist():
            shaped = _released(tone, length_s[row], timbre.release_s, sample_rate=sample_rate)
            _add(
                out,
                shaped,
                round(held.start_s[row] * sample_rate),
                gain * _velocity_gain(int(held.velocity[row])),
            )
    return out


def _velocity_gain(velocity: int) -> float:
    return float((velocity / 127.0) ** VELOCITY_EXPONENT)


def _add(out: Float32Array, sound: Float32Array, start: int, gain: float) -> None:
    size = min(sound.shape[1], out.shape[1] - start)
    if size > 0:
        out[:, start : start + size] += sound[:, :size] * np.float32(gain)


def _released(tone: Float32Array, length_s: Seconds, release_s: Seconds, *, sample_rate: int) -> Float32Array:
    """Return the beginning of a tone, faded to nothing over its release."""
    size = min(int(length_s * sample_rate), tone.shape[1])
    fade = min(max(int(release_s * sample_rate), 2), size)
    shaped = tone[:, :size].copy()
    shaped[:, size - fade :] *= (np.linspace(1.0, 0.0, fade) ** 2).astype(np.float32)
    return shaped


def make_tone(timbre: Timbre, pitch: int, *, loudness: float, frames: int, sample_rate: int) -> Float32Array:
    """Return one tone, (1 or 2, frames), about 1.0 at its loudest; two channels where several players sound."""
    time_s = np.arange(frames) / sample_rate
    hz = midi_to_hz(pitch)
    ratios, levels = _spectrum(timbre, hz, loudness=loudness, sample_rate=sample_rate)
    make = _struck if timbre.t60_s else _held
    seats = _seats(timbre)
    channels = 2 if timbre.voices > 1 else 1
    tone = np.zeros((channels, frames), np.float32)
    for index, cents in enumerate(seats):
        voice = make(timbre, time_s, hz * 2.0 ** (cents / 1200.0), ratios, levels, index)
        # Of two, one plays softer: two equal tones a hair apart would cancel wholly as they beat.
        share = 0.55 if len(seats) == 2 and index else 1.0
        tone += _pan(index, len(seats), channels) * voice * np.float32(share)
    tone += _noises(timbre, hz, frames=frames, sample_rate=sample_rate)
    if timbre.drive:
        tone = np.tanh(tone * np.float32(1.0 + timbre.drive)) / np.float32(np.tanh(1.0 + timbre.drive))
    return tone


def _spectrum(
    timbre: Timbre, hz: float, *, loudness: float, sample_rate: int
) -> tuple[FloatArray, FloatArray]:
    """Return (ratios, amplitudes of power 1) of the partials below the Nyquist frequency."""
    if timbre.ratios:
        ratios, levels = np.array(timbre.ratios, float), np.array(timbre.levels, float)
    else:
        k = np.arange(1, timbre.partials + 1, dtype=float)
        ratios = k * np.sqrt(1.0 + timbre.stiffness * k**2) / np.sqrt(1.0 + timbre.stiffness)
        levels = k**-timbre.rolloff * np.where(k % 2 == 0, timbre.even, 1.0)
        if timbre.pluck:
            levels *= np.abs(np.sin(np.pi * k * timbre.pluck)) / np.sin(np.pi * timbre.pluck)
    if timbre.formants:
        levels *= _formant_gain(timbre, ratios * hz)
    levels = levels * np.maximum(ratios, 1.0) ** (-timbre.brightness * (1.0 - loudness))
    heard = ratios * hz < 0.45 * sample_rate
    return ratios[heard], levels[heard] / np.sqrt((levels[heard] ** 2).sum())


def _formant_gain(timbre: Timbre, hz: FloatArray) -> FloatArray:
    gain = np.full(hz.shape, 0.3)
    for centre, octaves, level in timbre.formants:
        gain += level * np.exp(-0.5 * (np.log2(hz / centre) / octaves) ** 2)
    return gain


def _seats(timbre: Timbre) -> list[float]:
    """Return each player's detuning in cents, spread evenly."""
    if timbre.voices == 1:
        return [0.0]
    return [float(seat) * timbre.spread_cents for seat in np.linspace(-0.5, 0.5, timbre.voices)]


def _pan(index: int, seats: int, channels: int) -> Float32Array:
    if channels == 1:
        return np.ones((1, 1), np.float32)
    # Neighbours in tuning sit on opposite sides, so that both channels beat alike.
    side = (-1.0 if index % 2 else 1.0) * 0.6
    return np.array([[1.0 - 0.5 * (1 + side)], [0.5 * (1 + side)]], np.float32) * np.float32(2.0 / seats)


def _struck(
    timbre: Timbre, time_s: FloatArray, hz: float, ratios: FloatArray, levels: FloatArray, index: int
) -> Float32Array:
    """Return a struck or plucked tone: each partial falls at its own speed, in two stages."""
    out = np.zeros(time_s.size, np.float32)
    t60 = timbre.t60_s * 2.0 ** (-(12.0 * np.log2(hz / 261.6)) / 20.0)
    rate = float(1.0 / time_s[1]) if time_s.size > 1 else 1.0
    for k, (ratio, level) in enumerate(zip(ratios.tolist(), levels.tolist(), strict=True)):
        fall = t60 / (1.0 + timbre.damping * k)
        size = min(int(fall * 1.2 * rate) + 1, time_s.size)  # -72 dB: the rest is not heard
        at = time_s[:size]
        turn = (hz * ratio * at + 0.37 * k + 0.25 * index) % 1.0
        decay = (-6.91 / fall * at).astype(np.float32)
        stages = np.float32(0.55) * np.exp(2.2 * decay) + np.float32(0.45) * np.exp(np.float32(0.8) * decay)
        out[:size] += np.float32(level) * stages * np.sin(_TAU * turn.astype(np.float32))
    return _trembled(_risen(out, timbre.attack_s, rate), timbre, time_s)


def _held(
    timbre: Timbre, time_s: FloatArray, hz: float, ratios: FloatArray, levels: FloatArray, index: int
) -> Float32Array:
    """Return a bowed, blown or electric tone: a wave table with vibrato, upper partials a little later."""
    rate = float(1.0 / time_s[1]) if time_s.size > 1 else 1.0
    onset = np.clip((time_s - 0.2) / 0.4, 0.0, 1.0)  # players let a note settle before they shake it
    pace = timbre.vibrato_hz * (1.0 + 0.07 * index)
    swing = timbre.vibrato_cents / 1200.0 * np.log(2.0) * hz / (2.0 * np.pi * pace)
    cycles = hz * time_s - onset * swing * np.cos(2.0 * np.pi * (pace * time_s + 0.31 * index)) + 0.29 * index
    # Ratios such as 0.5 and 1.5 need two periods of the note in one table.
    half = 2.0 if np.any(ratios % 1.0) else 1.0
    dark = _table(ratios * half, levels * (ratios < 2.5))
    bright = _table(ratios * half, levels * (ratios >= 2.5))
    turn = (cycles / half % 1.0 * TABLE_SIZE).astype(np.float32)
    at = np.minimum(turn.astype(np.int32), TABLE_SIZE - 1)  # 0.99999999 turns round up to a whole table
    part = turn - at
    tone = _look_up(dark, at, part) + _look_up(bright, at, part) * _rise(time_s, 1.6 * timbre.attack_s)
    return _trembled(_risen(tone, timbre.attack_s, rate), timbre, time_s)


def _table(harmonics: FloatArray, levels: FloatArray) -> Float32Array:
    """Return one period of a wave, its first sample repeated at the end for interpolation."""
    turn = np.arange(TABLE_SIZE + 1) / TABLE_SIZE
    phases = 0.618 * np.arange(harmonics.size)  # spread phases: a flat crest, no click at the start
    wave = levels[:, None] * np.sin(2.0 * np.pi * (np.rint(harmonics)[:, None] * turn + phases[:, None]))
    result: Float32Array = wave.sum(axis=0).astype(np.float32)
    return result


def _look_up(table: Float32Array, at: NDArray[np.int32], part: Float32Array) -> Float32Array:
    low = table[at]
    result: Float32Array = low + part * (table[at + 1] - low)
    return result


def _rise(time_s: FloatArray, attack_s: Seconds) -> Float32Array:
    return (1.0 - np.exp(-time_s / max(attack_s, 1e-4) * 2.5)).astype(np.float32)


def _risen(tone: Float32Array, attack_s: Seconds, rate: float) -> Float32Array:
    size = min(max(int(attack_s * rate), 2), tone.size)
    tone[:size] *= (0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, size))).astype(np.float32)
    return tone


def _trembled(tone: Float32Array, timbre: Timbre, time_s: FloatArray) -> Float32Array:
    if not timbre.tremolo:
        return tone
    wave = 1.0 - timbre.tremolo * (0.5 + 0.5 * np.sin(2.0 * np.pi * timbre.vibrato_hz * time_s))
    return tone * wave.astype(np.float32)


def _noises(timbre: Timbre, hz: float, *, frames: int, sample_rate: int) -> Float32Array:
    """Return the pick, hammer or bow noise at the start and the breath through the whole tone."""
    if not (timbre.noise or timbre.breath):
        return np.zeros((1, 1), np.float32)
    noise = np.random.default_rng(round(hz * 1000)).standard_normal(frames)
    out = np.zeros(frames)
    if timbre.noise:
        size = min(int(timbre.noise_s * 6 * sample_rate) + 1, frames)
        low = butter(2, min(timbre.noise_hz, 0.4 * sample_rate), fs=sample_rate, output="sos")
        out[:size] += (
            timbre.noise
            * sosfilt(low, noise[:size])
            * np.exp(-np.arange(size) / (timbre.noise_s * sample_rate))
        )
    if timbre.breath:
        edges = (min(max(hz, 300.0), 4000.0), min(max(hz, 300.0) * 3.5, 0.42 * sample_rate))
        band = sosfilt(butter(1, edges, "bandpass", fs=sample_rate, output="sos"), noise)
        out += timbre.breath * band * _rise(np.arange(frames) / sample_rate, timbre.attack_s)
    return out.astype(np.float32)[None, :]


def _controlled(sound: Float32Array, part: Part, line: Timeline, *, sample_rate: int) -> Float32Array:
    """Return the sound under the part's volume, expression and pan controls."""
    numbers, size = {control.number for control in part.controls}, sound.shape[1]
    for number, default in ((VOLUME, 100), (EXPRESSION, 127)):
        if number in numbers:
            curve = (
                _curve(part, number, line, default=default, frames=size, sample_rate=sample_rate) / default
            )
            sound = sound * (curve**2).astype(np.float32)
    if PAN in numbers:
        place = _curve(part, PAN, line, default=64, frames=size, sample_rate=sample_rate) / 64.0 - 1.0
        sound = sound * np.stack([np.minimum(1.0, 1.0 - place), np.minimum(1.0, 1.0 + place)]).astype(
            np.float32
        )
    return sound


def _curve(
    part: Part, number: int, line: Timeline, *, default: int, frames: int, sample_rate: int
) -> FloatArray:
    """Return one controller's value at every frame, steps eased over 10 ms."""
    at, values = control_curve(part.controls, number, line=line, default=default)
    time_s = np.arange(frames) / sample_rate
    steps = values[np.searchsorted(at, time_s, side="right") - 1].astype(float)
    size = max(int(SMOOTH_S * sample_rate), 1)  # no zipper noise
    sums = np.cumsum(np.concatenate((np.full(size, steps[0]), steps)))
    result: FloatArray = (sums[size:] - sums[:-size]) / size
    return result
