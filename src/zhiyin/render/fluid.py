"""Sound from a SoundFont through FluidSynth, in process or by its command.

Conventions: dry sound (the room is added in `zhiyin.render.mix`); one bank is loaded once and kept.
This module does not choose banks (soundfont.py), balance parts or set the loudness (mix.py).
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import io
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from zhiyin.audio import Audio
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.render.soundfont import check_soundfont
from zhiyin.render.sounding import PITCH_BEND, sounding
from zhiyin.score import Part, Score, Timeline
from zhiyin.units import Float32Array, Seconds

DRUM_BANK = 128
CHANNELS = 256
RELEASE_S: Seconds = 3.0  # rendered past the written end, so that releases ring out
GAIN = 0.5  # FluidSynth's own 0.2 wastes two bits of headroom
COMMAND_TIMEOUT_S = 600
_BEFORE_NOTES, _OFF, _ON = 0, 1, 2
# (frame, order at that frame, channel, kind, first value, second value)
Event = tuple[int, int, int, str, int, int]


def library() -> Any | None:
    """Return the FluidSynth binding, or None where the shared library is not installed."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints where it found the library when CI is set
            return importlib.import_module("fluidsynth")
    except (ImportError, OSError):
        return None


def is_available() -> bool:
    """Return whether FluidSynth can run here, as a library or as a command."""
    return library() is not None or shutil.which("fluidsynth") is not None


class FluidSynth:
    """A SoundFont played by FluidSynth; `name` says which bank.

    Raises InvalidInput if the file is no SoundFont, NotFound if FluidSynth is not installed.
    """

    def __init__(self, soundfont: Path) -> None:
        self.path = check_soundfont(Path(soundfont))
        self.name = f"FluidSynth: {self.path.resolve().stem}"
        if not is_available():
            raise NotFound(
                f"playing {self.path.name} needs FluidSynth, got no library and no command of that name: "
                "install it (apt-get install libfluidsynth3, brew install fluid-synth) or use no soundfont"
            )
        self._keeper: _Engine | None = None
        self._kept: set[tuple[bool, int]] = set()

    def render(self, score: Score, *, sample_rate: int) -> Audio:
        """Return stereo sound of a performed score, dry, with three seconds of release after its end."""
        binding = library()
        if binding is None:
            return _render_by_command(score, self.path, sample_rate)
        if self._keeper is None:  # keeps what was decoded, so that no instrument is decoded twice
            self._keeper = _Engine(binding, self.path, sample_rate)
        self._keep(self._keeper, score)
        # A reset engine keeps voices and oscillator phases; only a fresh one gives the same bytes again.
        engine = _Engine(binding, self.path, sample_rate)
        try:
            return engine.render(score)
        finally:
            engine.synth.delete()

    def _keep(self, keeper: _Engine, score: Score) -> None:
        for part in score.parts:
            sound = (part.is_drums, part.program)
            if sound not in self._kept and len(self._kept) < CHANNELS:
                keeper.select(len(self._kept), part)
                self._kept.add(sound)

    def close(self) -> None:
        """Let go of the bank's samples; the next render loads them again."""
        if self._keeper is not None:
            self._keeper.synth.delete()
            self._keeper, self._kept = None, set()


class _Engine:
    """One FluidSynth instance at one sample rate, with its bank."""

    def __init__(self, binding: Any, path: Path, sample_rate: int) -> None:
        self.sample_rate = sample_rate
        settings = {
            "synth.reverb.active": 0,
            "synth.chorus.active": 0,
            "synth.polyphony": 512,
            # Decode only the instruments in use: a compressed bank of 40 MB takes 3 s to decode whole.
            "synth.dynamic-sample-loading": 1,
        }
        self.synth = binding.Synth(gain=GAIN, samplerate=float(sample_rate), channels=CHANNELS, **settings)
        self.bank = self.synth.sfload(str(path))
        if self.bank < 0:
            raise InvalidInput(
                f"soundfont must load in FluidSynth, got {str(path)!r}: try another .sf2 or .sf3 file"
            )
        self._write = binding.cfunc(  # floats: no rounding to 16 bits before the final gain
            "fluid_synth_write_float", ctypes.c_int, ("synth", ctypes.c_void_p, 1), ("frames", ctypes.c_int, 1),
            ("left", ctypes.c_void_p, 1), ("left_offset", ctypes.c_int, 1), ("left_step", ctypes.c_int, 1),
            ("right", ctypes.c_void_p, 1), ("right_offset", ctypes.c_int, 1), ("right_step", ctypes.c_int, 1),
        )  # fmt: skip

    def render(self, score: Score) -> Audio:
        """Return the sound of a score, one part a channel."""
        line = Timeline.of(score)
        for channel, part in enumerate(score.parts):
            self.select(channel, part)
        events = sorted(e for i, part in enumerate(score.parts) for e in self._events(i, part, line))
        frames = int((line.duration_s(score.end) + RELEASE_S) * self.sample_rate)
        out = np.zeros((2, frames), np.float32)
        now = 0
        for frame, _, channel, kind, first, second in events:
            frame = min(frame, frames)
            if frame > now:
                self._fill(out, now, frame)
                now = frame
            self._send(kind, channel, first, second)
        self._fill(out, now, frames)
        return Audio(out, self.sample_rate)

    def select(self, channel: int, part: Part) -> None:
        """Put a part's instrument on a channel; its samples are loaded then."""
        bank = DRUM_BANK if part.is_drums else 0
        family = part.program - part.program % 8
        for program in dict.fromkeys((part.program, 0 if part.is_drums else family, 0)):
            if self.synth.program_select(channel, self.bank, bank, program) == 0:
                if program != part.program:
                    warnings.warn(
                        f"the bank has no program {part.program}: part {part.name!r} plays {program}",
                        stacklevel=4,
                    )
                return
        raise InvalidInput(
            f"the soundfont must hold program {part.program} in bank {bank} for part {part.name!r}: "
            "use a General MIDI bank"
        )

    def _events(self, channel: int, part: Part, line: Timeline) -> Iterator[Event]:
        for c in part.controls:
            kind = "bend" if c.number == PITCH_BEND else "control"
            yield self._frame(line.duration_s(c.tick)), _BEFORE_NOTES, channel, kind, c.number, c.value
        notes = sounding(part, line)
        rows = (notes.start_s.tolist(), notes.end_s.tolist(), notes.pitch.tolist(), notes.velocity.tolist())
        for start, end, pitch, velocity in zip(*rows, strict=True):
            yield self._frame(start), _ON, channel, "on", pitch, velocity
            yield max(self._frame(end), self._frame(start) + 1), _OFF, channel, "off", pitch, 0

    def _frame(self, at_s: float) -> int:
        return round(at_s * self.sample_rate)

    def _send(self, kind: str, channel: int, first: int, second: int) -> None:
        if kind == "on":
            self.synth.noteon(channel, first, second)
        elif kind == "off":
            self.synth.noteoff(channel, first)
        elif kind == "bend":
            self.synth.pitch_bend(channel, second - 8192)
        else:
            self.synth.cc(channel, first, second)

    def _fill(self, out: Float32Array, start: int, end: int) -> None:
        if end > start:
            left, right = out[0, start:end].ctypes.data, out[1, start:end].ctypes.data
            self._write(self.synth.synth, end - start, left, 0, 1, right, 0, 1)


def _render_by_command(score: Score, path: Path, sample_rate: int) -> Audio:
    """Return the sound made by the `fluidsynth` command, checked: it exits with 0 also when it failed."""
    from zhiyin.io.midi import Midi  # only this path needs a file

    with tempfile.TemporaryDirectory() as folder:
        song, sound = Path(folder, "song.mid"), Path(folder, "song.wav")
        song.write_bytes(Midi().write(score).data)
        command = ["fluidsynth", "-ni", "-g", str(GAIN), "-r", str(sample_rate), "-R", "0", "-C", "0",
                   "-O", "float", "-T", "wav", "-F", str(sound), str(path), str(song)]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S, check=False)
        if not sound.is_file() or sound.stat().st_size < 1000:
            raise InvalidInput(f"fluidsynth must write sound, got none: {done.stderr.strip()[-300:]!r}")
        samples, _ = soundfile.read(sound, dtype="float32", always_2d=True)
    frames = int((Timeline.of(score).duration_s(score.end) + RELEASE_S) * sample_rate)
    out = np.zeros((2, frames), np.float32)
    out[:, : min(frames, len(samples))] = samples.T[:, :frames]
    return Audio(out, sample_rate)
