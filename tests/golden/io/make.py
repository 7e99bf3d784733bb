"""Write hymn.mid with mido and hymn.musicxml with music21, so that other programs' files are the measure.

Conventions: run `python tests/golden/io/make.py` again only when the hymn itself changes.
Does not know: any reader of zhiyin.
"""

from __future__ import annotations

from pathlib import Path

import mido
import music21

HERE = Path(__file__).parent
# (onset, length, pitch, syllable) in quarters: what hymn.abc says, worked out by hand.
CHOIR = [
    (0, 1, 65, "Now "),
    (1, 1.5, 67, "shine, "),
    (2.5, 0.5, 66, "O "),
    (3, 1, 67, "morn"),
    (4, 2, 70, "ing "),
    (6, 3, 69, "star, "),
]
BASS = [(0, 1, 53, ""), (1, 3, 48, ""), (4, 2, 50, ""), (4, 2, 53, ""), (6, 1, 53, "")]


def midi_track(
    notes: list[tuple[float, float, int, str]], name: str, *, channel: int, program: int
) -> mido.MidiTrack:
    events = [
        (0, 0, mido.MetaMessage("track_name", name=name)),
        (0, 1, mido.Message("program_change", channel=channel, program=program)),
    ]
    for onset, length, pitch, syllable in notes:
        if syllable:
            events.append((onset, 3, mido.MetaMessage("lyrics", text=syllable)))
        events.append((onset, 4, mido.Message("note_on", channel=channel, note=pitch, velocity=80)))
        events.append((onset + length, 2, mido.Message("note_off", channel=channel, note=pitch)))
    return delta_track(events)


def delta_track(events: list[tuple[float, int, mido.Message]]) -> mido.MidiTrack:
    track, now = mido.MidiTrack(), 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=round(tick * 480) - now))
        now = round(tick * 480)
    return track


def make_midi() -> None:
    conductor = [
        (0, 0, mido.MetaMessage("track_name", name="Golden Hymn")),
        (0, 1, mido.MetaMessage("set_tempo", tempo=600_000)),
        (0, 2, mido.MetaMessage("key_signature", key="F")),
        (0, 3, mido.MetaMessage("time_signature", numerator=1, denominator=4)),
        (1, 3, mido.MetaMessage("time_signature", numerator=3, denominator=4)),
    ]
    tracks = [
        delta_track(conductor),
        midi_track(CHOIR, "Choir", channel=0, program=52),
        midi_track(BASS, "", channel=1, program=0),
    ]
    mido.MidiFile(type=1, ticks_per_beat=480, tracks=tracks).save(HERE / "hymn.mid")


def make_musicxml() -> None:
    score = music21.converter.parse(HERE / "hymn.krn", format="humdrum")
    score.metadata = music21.metadata.Metadata(title="Golden Hymn")
    score.write("musicxml", HERE / "hymn.musicxml")


if __name__ == "__main__":
    make_midi()
    make_musicxml()
