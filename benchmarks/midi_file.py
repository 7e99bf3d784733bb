"""Reads a MIDI file into plain values through mido, as a stranger to the package would.

Conventions: ticks are the file's own; bars and tracks count from 0; channel 9 is drums; zhiyin is never imported.
Does not know: what anybody wished for (benchmarks/midi_check.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import mido

DRUM_CHANNEL = 9
DEFAULT_MICROSECONDS = 500_000  # a quarter, where a file names no tempo


class Heard(NamedTuple):
    """A note as it sounds: onset and end in ticks, pitch, velocity."""

    onset: int
    end: int
    pitch: int
    velocity: int


class Timed(NamedTuple):
    """A value from a tick on."""

    tick: int
    value: Any


@dataclass(slots=True)
class Track:
    """One track: its name, the role its text names, channel and program, its notes and what is wrong with them."""

    name: str = ""
    role: str = ""
    channel: int = -1
    program: int = 0
    notes: list[Heard] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def is_drums(self) -> bool:
        """True on the drum channel."""
        return self.channel == DRUM_CHANNEL


@dataclass(frozen=True, slots=True)
class MidiFile:
    """A whole file.

    division: ticks a quarter; end: last tick of any track; tempos: microseconds a quarter; metres: (beats, unit);
    keys: signature names such as "Dm"; texts: text events of all tracks; markers: section marks; tracks: those
    with a channel of their own; title: name of the first track.
    """

    division: int
    end: int
    title: str
    tempos: tuple[Timed, ...]
    metres: tuple[Timed, ...]
    keys: tuple[Timed, ...]
    texts: tuple[Timed, ...]
    markers: tuple[Timed, ...]
    tracks: tuple[Track, ...]

    @property
    def sounding(self) -> list[Track]:
        """The tracks that play at least one note."""
        return [track for track in self.tracks if track.notes]

    @property
    def pitched(self) -> list[Track]:
        """The sounding tracks that are not drums."""
        return [track for track in self.sounding if not track.is_drums]

    def texts_after(self, prefix: str) -> list[Timed]:
        """Return the text events that begin with a prefix, without it."""
        return [
            Timed(one.tick, one.value.removeprefix(prefix))
            for one in self.texts
            if one.value.startswith(prefix)
        ]

    def seconds_at(self, tick: int) -> float:
        """Return the time of a tick through the tempo events."""
        seconds, before, rate = 0.0, 0, DEFAULT_MICROSECONDS
        for mark in self.tempos:
            if mark.tick >= tick:
                break
            seconds += (mark.tick - before) * rate / 1e6 / self.division
            before, rate = mark.tick, mark.value
        return seconds + (tick - before) * rate / 1e6 / self.division

    def bar_edges(self) -> list[int]:
        """Return the tick of every bar line, the final one included, a cut-off last bar counted as one."""
        marks = [*self.metres] or [Timed(0, (4, 4))]
        edges: list[int] = []
        for index, mark in enumerate(marks):
            beats, unit = mark.value
            length = beats * self.division * 4 // unit
            last = marks[index + 1].tick if index + 1 < len(marks) else self.end
            edges += range(mark.tick, last, length)
        beats, unit = marks[-1].value
        return [*edges, edges[-1] + beats * self.division * 4 // unit] if edges else [0]


def read_midi_file(path: Path) -> MidiFile:
    """Return what a file says; raises what mido raises when it cannot be read."""
    file = mido.MidiFile(path, charset="utf-8")
    found: dict[str, list[Timed]] = {
        kind: [] for kind in ("set_tempo", "time_signature", "key_signature", "text", "marker")
    }
    tracks, end, title = [], 0, ""
    for number, messages in enumerate(file.tracks):
        timed = list(_timed(messages))
        end = max([end, *(tick for tick, _ in timed)])
        for tick, message in timed:
            if message.type in found:
                found[message.type].append(Timed(tick, _value(message)))
        track = _track(timed)
        title = track.name if number == 0 else title
        if track.channel >= 0:
            tracks.append(track)
    marks = {kind: tuple(sorted(values, key=lambda one: one.tick)) for kind, values in found.items()}
    return MidiFile(
        file.ticks_per_beat, end, title, marks["set_tempo"], marks["time_signature"], marks["key_signature"],
        marks["text"], marks["marker"], tuple(tracks),
    )  # fmt: skip


def _timed(messages: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    now = 0
    for message in messages:
        now += message.time
        yield now, message


def _value(message: Any) -> Any:
    """Return what a meta event carries."""
    if message.type == "time_signature":
        return message.numerator, message.denominator
    names = {"set_tempo": "tempo", "key_signature": "key"}
    return getattr(message, names.get(message.type, "text"))


def _track(timed: list[tuple[int, Any]]) -> Track:
    """Return a track with its notes paired; whatever does not pair is a fault."""
    track, open_notes = Track(), dict[int, tuple[int, int]]()
    for tick, message in timed:
        if message.type == "track_name":
            track.name = message.name
        elif message.type == "text" and message.text.startswith("role: "):
            track.role = message.text.removeprefix("role: ")
        elif message.type == "program_change":
            track.channel, track.program = message.channel, message.program
        elif message.type in ("note_on", "note_off"):
            track.channel = message.channel
            _pair(track, open_notes, tick, message)
    track.faults += [f"note {pitch} from tick {onset} never ends" for pitch, (onset, _) in open_notes.items()]
    track.notes.sort()
    return track


def _pair(track: Track, open_notes: dict[int, tuple[int, int]], tick: int, message: Any) -> None:
    pitch = message.note
    if message.type == "note_on" and message.velocity > 0:
        if pitch in open_notes:
            track.faults.append(f"note {pitch} begins again at tick {tick} before it ended")
            return
        open_notes[pitch] = (tick, message.velocity)
    elif pitch not in open_notes:
        track.faults.append(f"note {pitch} ends at tick {tick} without a beginning")
    else:
        onset, velocity = open_notes.pop(pitch)
        if tick <= onset:
            track.faults.append(f"note {pitch} at tick {onset} has no length")
        track.notes.append(Heard(onset, tick, pitch, velocity))
