"""Checks a MIDI file against wishes, one finding a wish, without asking the program that wrote it.

Conventions: a wish that was not made has no finding; bars are told from 1; zhiyin is never imported.
Does not know: how the file came about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from benchmarks.midi_file import Heard, MidiFile, Timed, Track
from benchmarks.midi_tables import (
    DRUM_KEYS,
    INSTRUMENTS,
    MINOR_LIKE,
    STRONG_BEATS,
    TWO_HANDED,
    Chord,
    Instrument,
    estimated_key,
    parse_chord,
    parse_key,
    scale_of,
)

BPM_TOLERANCE = 0.01
SECONDS_TOLERANCE = 0.1
DENSITY_TOLERANCE = 0.35


class Finding(NamedTuple):
    """Whether a wish was kept, and what was measured."""

    is_kept: bool
    measured: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The hard wishes of one request; None or empty is open.

    tempo: quarters a minute; metre: "3/4"; seconds: length; key: "D minor"; players, without: names of INSTRUMENTS;
    chords: one symbol a bar, repeated; form: section names; density: attacks a quarter of the tune;
    rests: for each track that sounds or not, the 0-based bars in which the plan lets it rest.
    """

    tempo: float | None = None
    metre: str | None = None
    bars: int | None = None
    seconds: float | None = None
    key: str | None = None
    players: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    chords: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    title: str | None = None
    density: float | None = None
    rests: tuple[frozenset[int], ...] = ()

    @classmethod
    def of(cls, hard: dict[str, Any], rests: Iterable[Iterable[int]] = ()) -> Wanted:
        """Return the wishes of a table whose lists become tuples."""
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in hard.items()
        }
        return cls(**fields, rests=tuple(frozenset(bars) for bars in rests))


SINGING = ("melody", "inner")  # parts that may lean on chords and pass by semitone
MOST_PASSING = 1 / 8  # of all notes
GONG = (0, 2, 4, 7, 9)  # semitones above gong; tunes in modes of five notes may pass through these two others
PASSING = (5, 11)


def check(file: MidiFile, wanted: Wanted) -> dict[str, Finding]:
    """Return a finding for every wish made and for every law that holds unasked."""
    found = {name: examine(file, wanted) for name, examine in CHECKS.items()}
    return {name: finding for name, finding in found.items() if finding is not None}


def _told(wrong: list[str], right: str) -> Finding:
    shown = "; ".join(wrong[:4]) + (f" and {len(wrong) - 4} more" if len(wrong) > 4 else "")
    return Finding(not wrong, shown or right)


def _bar_name(edges: list[int], tick: int) -> str:
    return f"bar {bisect_right(edges, tick)}"


# -- the frame ---------------------------------------------------------------------------------------------------


def tempo(file: MidiFile, wanted: Wanted) -> Finding | None:
    """Every tempo event is the one asked for, and one stands at the start."""
    if wanted.tempo is None:
        return None
    found = [60e6 / mark.value for mark in file.tempos] or [120.0]
    starts = not file.tempos or file.tempos[0].tick == 0
    kept = starts and all(abs(bpm - wanted.tempo) <= BPM_TOLERANCE for bpm in found)
    return Finding(kept, ", ".join(f"{bpm:.3f}" for bpm in found) + " BPM")


def metre(file: MidiFile, wanted: Wanted) -> Finding | None:
    """Every metre event is the one asked for."""
    if wanted.metre is None:
        return None
    found = [f"{mark.value[0]}/{mark.value[1]}" for mark in file.metres] or ["4/4"]
    return Finding(set(found) == {wanted.metre}, ", ".join(found))


def bars(file: MidiFile, wanted: Wanted) -> Finding | None:
    """The file has the bars asked for, and music in the last of them."""
    if wanted.bars is None:
        return None
    edges = file.bar_edges()
    last = max((note.end for track in file.sounding for note in track.notes), default=0)
    reached = bisect_right(edges, last - 1)
    kept = len(edges) - 1 == wanted.bars == reached
    return Finding(kept, f"{len(edges) - 1} bars, music up to bar {reached}")


def whole_bars(file: MidiFile, wanted: Wanted) -> Finding:
    """The file ends on a bar line."""
    edges = file.bar_edges()
    return Finding(edges[-1] == file.end, f"end at tick {file.end}, bar line at {edges[-1]}")


def seconds(file: MidiFile, wanted: Wanted) -> Finding | None:
    """The file lasts so many seconds; with a tempo asked too, to the nearest whole bar."""
    if wanted.seconds is None:
        return None
    found = file.seconds_at(file.end)
    edges = file.bar_edges()
    bar = file.seconds_at(edges[1]) if len(edges) > 1 else 0.0
    allowed = SECONDS_TOLERANCE if wanted.tempo is None else max(SECONDS_TOLERANCE, bar / 2)
    return Finding(abs(found - wanted.seconds) <= allowed, f"{found:.3f} s")


def title(file: MidiFile, wanted: Wanted) -> Finding | None:
    """The file carries the title asked for."""
    return None if wanted.title is None else Finding(file.title == wanted.title, file.title)


def form(file: MidiFile, wanted: Wanted) -> Finding | None:
    """The section marks are the ones asked for, in order."""
    if not wanted.form:
        return None
    found = [mark.value.removeprefix("section: ") for mark in file.markers]
    return Finding(found == list(wanted.form), " ".join(found))


# -- pitch -------------------------------------------------------------------------------------------------------


def stated_keys(file: MidiFile) -> list[Timed]:
    """Return the keys a file states: its signatures, or the texts that name a mode where there are any."""
    named = {mark.tick: mark for mark in [*file.keys, *file.texts_after("key: ")]}
    return [named[tick] for tick in sorted(named)]


def key(file: MidiFile, wanted: Wanted) -> Finding | None:
    """The key stated at the start is the one asked for."""
    if wanted.key is None:
        return None
    found = stated_keys(file)
    kept = bool(found) and found[0].tick == 0 and parse_key(found[0].value) == parse_key(wanted.key)
    return Finding(kept, found[0].value if found else "no key event")


def _in_force(marks: list[Timed], tick: int) -> Any:
    at = bisect_right([mark.tick for mark in marks], tick) - 1
    return marks[at].value if at >= 0 else None


def chords_of(file: MidiFile) -> list[Timed]:
    """Return the chords that the text events name."""
    return [Timed(mark.tick, parse_chord(mark.value)) for mark in file.texts_after("chord: ")]


def notes_in_key(file: MidiFile, wanted: Wanted) -> Finding | None:
    """Every pitched note belongs to the key stated or to the chord under it; off the strong beats others may pass.

    Tunes and inner parts pass by semitone, in modes of five notes tunes by 清角 and 变宫; one note in eight at most.
    """
    if not file.pitched:
        return None
    keys = [Timed(mark.tick, scale_of(mark.value)) for mark in stated_keys(file)]
    chords, edges, strong = chords_of(file), file.bar_edges(), strong_ticks(file)
    wrong, passing, total = list[str](), list[str](), 0
    for track in file.pitched:
        for before, note in zip([None, *track.notes], track.notes, strict=False):
            total += 1
            chord: Chord | None = _in_force(chords, note.onset)
            scale = _in_force(keys, note.onset) or frozenset()
            allowed = scale | (chord.tones | {chord.bass} if chord else frozenset())
            if note.pitch % 12 in allowed:
                continue
            if note.onset in strong or before is None:
                passes = False
            elif len(scale) > len(GONG):
                passes = track.role in SINGING and abs(note.pitch - before.pitch) == 1
            else:
                passes = track.role == "melody" and note.pitch % 12 in passing_of(scale)
            named = f"{track.name} {note.pitch} in {_bar_name(edges, note.onset)}"
            (passing if passes else wrong).append(named)
    if len(passing) > MOST_PASSING * total:
        wrong += passing
    return _told(wrong, f"{total - len(passing)} of {total} notes, {len(passing)} pass")


def passing_of(scale: Collection[int]) -> set[int]:
    """Return the pitch classes 清角 and 变宫 of a mode of five notes, none where it is no such mode."""
    gong = next((g for g in range(12) if {(g + step) % 12 for step in GONG} == set(scale)), None)
    return set() if gong is None else {(gong + step) % 12 for step in PASSING}


def chords_given(file: MidiFile, wanted: Wanted) -> Finding | None:
    """The chords asked for stand one a bar, repeated to the end, and no others."""
    if not wanted.chords:
        return None
    edges, found = file.bar_edges(), chords_of(file)
    asked = [parse_chord(symbol) for symbol in wanted.chords]
    wrong = [
        f"bar {bar + 1}"
        for bar, edge in enumerate(edges[:-1])
        if _in_force(found, edge) != asked[bar % len(asked)]
    ]
    wrong += [f"a chord inside {_bar_name(edges, mark.tick)}" for mark in found if mark.tick not in edges]
    return _told(wrong, f"{len(edges) - 1} bars")


def chord_tones(file: MidiFile, wanted: Wanted) -> Finding | None:
    """What begins on a strong beat belongs to the chord; tunes and inner parts may lean on chords that nobody named."""
    leaning = () if wanted.chords else SINGING
    held = [track for track in file.pitched if track.role not in leaning]
    if not held:
        return None
    strong, edges = strong_ticks(file), file.bar_edges()
    total, wrong = _against_chords(file, held, strong, edges)
    return _told(wrong, f"{total} of {total} attacks")


def strong_ticks(file: MidiFile) -> set[int]:
    """Return the ticks of all strong beats."""
    found: set[int] = set()
    marks = [*file.metres] or [Timed(0, (4, 4))]
    for edge in file.bar_edges()[:-1]:
        beats, unit = _in_force(marks, edge)
        found |= {edge + beat * file.division * 4 // unit for beat in STRONG_BEATS.get((beats, unit), (0,))}
    return found


def _against_chords(
    file: MidiFile, tracks: list[Track], ticks: set[int], edges: list[int]
) -> tuple[int, list[str]]:
    """Return how many attacks of tracks on some ticks there are, and those outside their chord."""
    chords, wrong, total = chords_of(file), list[str](), 0
    for track in tracks:
        for note in track.notes:
            chord: Chord | None = _in_force(chords, note.onset) if note.onset in ticks else None
            if chord is None:
                continue
            total += 1
            if note.pitch % 12 not in chord.tones | {chord.bass}:
                wrong.append(f"{track.name} {note.pitch} in {_bar_name(edges, note.onset)}")
    return total, wrong


# -- players -----------------------------------------------------------------------------------------------------


def players(file: MidiFile, wanted: Wanted) -> Finding | None:
    """Those asked for sound, each on its own track (two for two hands), and nobody else does."""
    if not wanted.players:
        return None
    asked = Counter(INSTRUMENTS[name].program for name in wanted.players)
    found = Counter(-1 if track.is_drums else track.program for track in file.sounding)
    hands = {INSTRUMENTS[name].program for name in wanted.players if name in TWO_HANDED}
    wrong = [f"program {one} on {found[one]} tracks, asked {asked[one]}" for one in {*asked, *found}
             if not (found[one] == asked[one] or (one in hands and found[one] == asked[one] + 1))]  # fmt: skip
    return _told(sorted(wrong), ", ".join(track.name for track in file.sounding))


def without(file: MidiFile, wanted: Wanted) -> Finding | None:
    """Nobody sounds who was excluded."""
    if not wanted.without:
        return None
    banned = {INSTRUMENTS[name].program for name in wanted.without}
    banned -= {INSTRUMENTS[name].program for name in wanted.players}
    wrong = [track.name for track in file.sounding if (-1 if track.is_drums else track.program) in banned]
    return _told(wrong, "absent")


def _instruments(track: Track, wanted: Wanted) -> list[Instrument]:
    """Return the instruments a track may stand for: those asked for first, else all of its program."""
    same = {name: one for name, one in INSTRUMENTS.items() if one.program == track.program}
    asked = [one for name, one in same.items() if name in wanted.players]
    return asked or list(same.values())


def ranges(file: MidiFile, wanted: Wanted) -> Finding | None:
    """Every pitched track keeps to what its instrument can play."""
    wrong = []
    for track in file.pitched:
        known = _instruments(track, wanted)
        pitches = [note.pitch for note in track.notes]
        if not known:
            wrong.append(f"{track.name}: program {track.program} is not in the checker's table")
        elif min(pitches) < min(one.low for one in known) or max(pitches) > max(one.high for one in known):
            wrong.append(f"{track.name} {min(pitches)}..{max(pitches)}")
    return _told(wrong, "in range") if file.pitched else None


def polyphony(file: MidiFile, wanted: Wanted) -> Finding | None:
    """No track sounds more notes at once than its instrument can."""
    wrong = []
    for track in file.pitched:
        limit = max((one.most for one in _instruments(track, wanted)), default=127)
        most = most_at_once(track.notes)
        if most > limit:
            wrong.append(f"{track.name} {most} > {limit}")
    return _told(wrong, "within limits") if file.pitched else None


def most_at_once(notes: list[Heard]) -> int:
    """Return the most notes that sound together; one that ends as another begins does not count."""
    changes = sorted([(note.onset, 1) for note in notes] + [(note.end, -1) for note in notes])
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most


def drum_map(file: MidiFile, wanted: Wanted) -> Finding | None:
    """Drum tracks use keys of the General MIDI map."""
    pitches = {note.pitch for track in file.sounding if track.is_drums for note in track.notes}
    wrong = [f"key {pitch}" for pitch in sorted(pitches) if pitch not in DRUM_KEYS]
    return _told(wrong, f"{len(pitches)} keys") if pitches else None


def density(file: MidiFile, wanted: Wanted) -> Finding | None:
    """The tune has so many attacks a quarter over the bars in which it plays, within 35 %."""
    if wanted.density is None or not file.sounding:
        return None
    tune = next((track for track in file.sounding if track.role == "melody"), file.sounding[0])
    edges, onsets = file.bar_edges(), sorted({note.onset for note in tune.notes})
    played = {bisect_right(edges, onset) - 1 for onset in onsets}
    quarters = sum(edges[bar + 1] - edges[bar] for bar in played) / file.division
    found = len(onsets) / quarters
    return Finding(abs(found / wanted.density - 1) <= DENSITY_TOLERANCE, f"{found:.2f} a quarter")


# -- time --------------------------------------------------------------------------------------------------------


def silent_bars(tracks: list[Track], edges: list[int]) -> set[int]:
    """Return the bars in which none of the tracks has a sounding note."""
    filled: set[int] = set()
    for track in tracks:
        for note in track.notes:
            filled |= set(range(bisect_right(edges, note.onset) - 1, bisect_right(edges, note.end - 1)))
    return set(range(len(edges) - 1)) - filled


def empty_bars(file: MidiFile, wanted: Wanted) -> Finding:
    """Something sounds in every bar."""
    silent = sorted(silent_bars(file.sounding, file.bar_edges()))
    return _told([f"bar {bar + 1}" for bar in silent], "none")


def planned_rests(file: MidiFile, wanted: Wanted) -> Finding | None:
    """Every part sounds in every bar but those in which the plan lets it rest, and starts nothing in those."""
    if not wanted.rests:
        return None
    edges, wrong = file.bar_edges(), list[str]()
    if len(file.tracks) != len(wanted.rests):
        return Finding(False, f"{len(file.tracks)} tracks, {len(wanted.rests)} planned")
    for track, rests in zip(file.tracks, wanted.rests, strict=True):
        begun = {bisect_right(edges, note.onset) - 1 for note in track.notes}
        against = (silent_bars([track], edges) - rests) | (begun & rests)
        wrong += [f"{track.name} bar {bar + 1}" for bar in sorted(against)]
    return _told(wrong, "as planned")


def stuck_notes(file: MidiFile, wanted: Wanted) -> Finding:
    """Every note that begins ends, and no key of a channel is struck while it is held."""
    wrong = [f"{track.name}: {fault}" for track in file.tracks for fault in track.faults]
    held: dict[int, list[tuple[Heard, str]]] = {}
    for track in file.tracks:
        held.setdefault(track.channel, []).extend((note, track.name) for note in track.notes)
    for notes in held.values():
        ends: dict[int, int] = {}
        for note, name in sorted(notes):
            if note.onset < ends.get(note.pitch, 0):
                wrong.append(f"{name}: note {note.pitch} at tick {note.onset} while it is held")
            ends[note.pitch] = max(note.end, ends.get(note.pitch, 0))
    return _told(wrong, "none")


def ends_in_time(file: MidiFile, wanted: Wanted) -> Finding:
    """No note sounds past the last bar line, taken from the wish where bars were asked."""
    edges = file.bar_edges()
    end = edges[min(wanted.bars or len(edges) - 1, len(edges) - 1)]
    late = [track.name for track in file.sounding if any(note.end > end for note in track.notes)]
    return _told(late, "in time")


CHECKS: dict[str, Callable[[MidiFile, Wanted], Finding | None]] = {
    "tempo": tempo, "metre": metre, "bars": bars, "whole_bars": whole_bars, "seconds": seconds, "title": title,
    "form": form, "key": key, "notes_in_key": notes_in_key, "chords_given": chords_given,
    "chord_tones": chord_tones, "players": players, "without": without, "range": ranges, "polyphony": polyphony,
    "drum_map": drum_map, "density": density, "no_empty_bars": empty_bars, "planned_rests": planned_rests,
    "no_stuck_notes": stuck_notes, "ends_in_time": ends_in_time,
}  # fmt: skip


# -- for information ---------------------------------------------------------------------------------------------


def key_agreement(file: MidiFile) -> tuple[bool, bool] | None:
    """Return whether a listener's estimate names the stated key, and whether it names it or a close relative.

    Close: the relative key, the parallel key, or the same mode a fifth away. None without a stated key.
    """
    keys = stated_keys(file)
    if not keys or not file.pitched:
        return None
    weights = [0.0] * 12
    for track in file.pitched:
        for note in track.notes:
            weights[note.pitch % 12] += note.end - note.onset
    tonic, mode = parse_key(keys[0].value)
    is_minor = mode in MINOR_LIKE
    near = {(tonic, not is_minor), ((tonic + 7) % 12, is_minor), ((tonic - 7) % 12, is_minor),
            ((tonic + (3 if is_minor else 9)) % 12, not is_minor)}  # fmt: skip
    found = estimated_key(weights)
    is_same = found == (tonic, is_minor)
    return is_same, is_same or found in near


def chord_tone_share(file: MidiFile) -> float | None:
    """Return the share of attacks on any beat that belong to the chord in force, None without any."""
    edges = file.bar_edges()
    beats = {tick for low, high in pairwise(edges) for tick in range(low, high, file.division)}
    total, wrong = _against_chords(file, file.pitched, beats, edges)
    return 1 - len(wrong) / total if total else None
