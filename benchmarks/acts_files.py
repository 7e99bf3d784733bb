"""Score files read again by other people's libraries: notes as mido, symusic and music21 find them.

Conventions: notes are (onset, length, pitch) in ticks at 10,080 a quarter; on one key the note that began first ends
first, as MIDI players have it. Does not know: how the files were written.
"""

from __future__ import annotations

import io
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import pairwise
from typing import Any

import mido
import symusic

from benchmarks.acts_checks import bar_edges
from zhiyin.io import FORMATS
from zhiyin.score import Notes, Score, Timeline

STEP, QUARTER = 420, 10_080
NO_PITCH, SIXTEENTH = -1, QUARTER // 4
Found = Counter[tuple[int, int, int]]


def reread_midi(score: Score) -> list[str]:
    """Return what mido and symusic find otherwise in the MIDI file of a score, part by part and in all."""
    data = FORMATS[".mid"].write(score).data
    told = []
    tracks = mido.MidiFile(file=io.BytesIO(data)).tracks[1:]
    if len(tracks) != len(score.parts):
        return [f"mido: {len(tracks)} tracks for {len(score.parts)} parts"]
    for part, track in zip(score.parts, tracks, strict=True):
        wanted, found = as_played(part.notes), _of_track(track)
        if wanted != found:
            told.append(f"mido: {_difference(wanted, found)} in {part.name!r}")
    in_all: Found = sum((as_played(p.notes) for p in score.parts), Counter())
    read: Any = symusic.Score.from_midi(data)  # its stub does not name the tracks
    heard: Found = Counter((n.time, n.duration, n.pitch) for track in read.tracks for n in track.notes)
    return [*told, *([] if heard == in_all else [f"symusic: {_difference(in_all, heard)}"])]


def as_played(notes: Notes) -> Found:
    """Return notes with ends dealt out first come, first served on each key."""
    begins, ends = defaultdict(list), defaultdict(list)
    for onset, end, pitch in zip(
        notes.onset.tolist(), notes.offset.tolist(), notes.pitch.tolist(), strict=True
    ):
        begins[pitch].append(onset)
        ends[pitch].append(end)
    return Counter(
        (begin, end - begin, pitch)
        for pitch in begins
        for begin, end in zip(sorted(begins[pitch]), sorted(ends[pitch]), strict=True)
    )


def _of_track(track: Any) -> Found:
    now, open_notes, found = 0, defaultdict(list), []
    for event in track:
        now += event.time
        if event.type == "note_on" and event.velocity:
            open_notes[event.note].append(now)
        elif event.type in ("note_on", "note_off") and open_notes[event.note]:
            begin = open_notes[event.note].pop(0)
            found.append((begin, now - begin, event.note))
    return Counter(found)


def is_plain(score: Score) -> bool:
    """Return whether each part is one line of notes in whole sixteenths: all that music21 reads of ABC.

    Its parser knows no voices that share a bar, no ties inside chords, no accidental that a tie carries over a bar line
    and no later change of key, and it gives up on many tuplets.
    """
    edges = bar_edges(score, Timeline.of(score).bar_count(score.end))
    if len({mark.key for mark in score.keys}) > 1:
        return False
    for part in score.parts:
        spans = sorted(zip(part.notes.onset.tolist(), part.notes.offset.tolist(), strict=True))
        is_odd = any(a % SIXTEENTH or b % SIXTEENTH for a, b in spans)
        is_over = any(bisect_right(edges, a) != bisect_left(edges, b) for a, b in spans)
        if part.is_drums or is_odd or is_over or any(a[1] > b[0] for a, b in pairwise(spans)):
            return False
    return True


def reread_notation(score: Score, ending: str) -> list[str]:
    """Return what music21 finds otherwise in the MusicXML or ABC file of a score, on the grid that it can hold."""
    from music21 import converter

    text = FORMATS[ending].write(score).data.decode("utf-8")
    form = {".musicxml": "musicxml", ".abc": "abc"}[ending]
    wanted: Found = sum((_on_grid(p.notes, is_drums=p.is_drums) for p in score.parts), Counter())
    found = _of_stream(converter.parseData(text, format=form))
    return [] if found == wanted else [f"music21 {form}: {_difference(wanted, found)}"]


def _on_grid(notes: Notes, *, is_drums: bool) -> Found:
    """Return notes with onset and end at the nearest step, at least a step long; unpitched drums as NO_PITCH."""
    rows = []
    for onset, end, pitch in zip(
        notes.onset.tolist(), notes.offset.tolist(), notes.pitch.tolist(), strict=True
    ):
        begin = (onset + STEP // 2) // STEP * STEP
        rows.append(
            (
                begin,
                max((end + STEP // 2) // STEP * STEP, begin + STEP) - begin,
                NO_PITCH if is_drums else pitch,
            )
        )
    return Counter(rows)


def _of_stream(stream: Any) -> Found:
    """Return the sounding notes of a music21 score, ties joined by place and pitch within a part."""
    found: Found = Counter()
    for part in stream.parts:
        found += _of_part(part)
    return found


def _of_part(part: Any) -> Found:
    from music21.harmony import Harmony

    rows = []
    for element in part.flatten().notes:
        if element.duration.isGrace or isinstance(element, Harmony):
            continue
        begin = _ticks(element.getOffsetInHierarchy(part))
        length = _ticks(element.duration.quarterLength)
        members = getattr(element, "notes", (element,))  # a chord, of drums too
        rows += [(begin, length, _pitch(m), m.tie.type if m.tie else "", _name(m)) for m in members]
    rows.sort(key=lambda row: (row[0], row[3] not in ("stop", "continue")))
    open_notes: dict[tuple[int, str], list[int]] = defaultdict(
        list
    )  # (end, name): begins of notes that are tied on
    done = []
    for begin, length, pitch, tie, name in rows:
        first = begin
        if tie in ("stop", "continue") and open_notes[begin, name]:
            first = open_notes[begin, name].pop(0)
        if tie in ("start", "continue"):
            open_notes[begin + length, name].append(first)
        else:
            done.append((first, begin + length - first, pitch))
    return Counter(done)


def _pitch(note: Any) -> int:
    if hasattr(note, "pitch"):
        return int(note.pitch.midi)
    return NO_PITCH  # which drum it is stands in an instrument that music21 numbers otherwise


def _name(note: Any) -> str:
    """Return what a tie joins: the pitch, or the place of a drum on its staff."""
    return str(note.pitch.midi) if hasattr(note, "pitch") else f"{note.displayStep}{note.displayOctave}"


def _ticks(quarters: Any) -> int:
    return round(Fraction(quarters).limit_denominator(96) * QUARTER)


def _difference(wanted: Found, found: Found) -> str:
    missing, more = wanted - found, found - wanted
    first = f", the first {min(missing)}" if missing else f", the first {min(more)}" if more else ""
    return f"{sum(missing.values())} notes missing, {sum(more.values())} too many{first}"
