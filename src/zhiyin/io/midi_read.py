"""MIDI events to a score: parts by track, channel and program, controls, lyrics.

Conventions: channel 10 (9 from 0) is drums; a lyric belongs to the highest note that starts with it.
This module does not read bytes (midi_events.py) nor write (midi_write.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io.limits import check_extent, syllable_column, warn_reader
from zhiyin.io.midi_events import MidiEvents, parse_events
from zhiyin.io.midi_marks import INSTRUMENT, LYRIC, NAME, PREFIXES, TEXT, TimedText, add_marks, timed_texts
from zhiyin.io.midi_notes import BEND, CONTROL, PROGRAM, RawNotes, file_ticks_to_ticks, pair_notes
from zhiyin.score import ROLES, Control, Notes, Part, Score
from zhiyin.units import IntArray

DRUM_CHANNEL = 9
MAX_PARTS = 256
MAX_CONTROLS = 300_000
BEND_NUMBER = 128
# Modulation, breath, foot, portamento, volume, balance, pan, expression; pedals; sound and effect depths.
# Bank select, data entry and the mode messages mean nothing without the device they were meant for.
CONTROL_NUMBERS = (1, 2, 4, 5, 7, 8, 10, 11, *range(64, 70), *range(70, 80), 91, 93)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a part came from."""

    track: int
    channel: int
    program: int


def read_midi(data: bytes, *, path: str) -> Score:
    """Return the score of a type 0 or 1 file. Raises UnreadableFile."""
    events = parse_events(data, path=path)
    texts = timed_texts(events.metas, division=events.division)
    raw = pair_notes(events, path=path)
    placed = _places(events, raw, texts)
    if len(placed) > MAX_PARTS:
        raise UnreadableFile(
            path,
            "end",
            f"a file must hold at most {MAX_PARTS} parts (track, channel and program), got {len(placed)}",
        )
    columns = _columns(raw, events.division)
    names, roles = _names(texts, events, raw), _roles(texts)
    parts = [_part(place, rows, columns, names, roles) for place, rows in placed]
    places = [place for place, _ in placed]
    parts = _with_controls(parts, places, events, path)
    try:
        parts = _with_lyrics(parts, places, texts, path)
    except InvalidInput as error:
        raise UnreadableFile(path, "the lyrics", str(error)) from error
    score = Score(title=_title(texts, events, raw), parts=tuple(parts))
    score = add_marks(score, events.metas, texts, division=events.division, path=path)
    return check_extent(score, path=path)


def _places(events: MidiEvents, raw: RawNotes, texts: list[TimedText]) -> list[tuple[_Place, IntArray]]:
    """Return the parts' places with the rows of their notes, in track order; empty parts say their role."""
    key = (raw.track * 16 + raw.channel) * 128 + raw.program
    order = np.argsort(key, kind="stable")
    values, starts = np.unique(key[order], return_index=True)
    rows = np.split(order, starts[1:]) if values.size else []
    found = [
        (_Place(value // 2048, value // 128 % 16, value % 128), part)
        for value, part in zip(values.tolist(), rows, strict=True)
    ]
    sounding = set(raw.track.tolist())
    for track in sorted(
        {t.track for t in texts if t.kind == TEXT and t.text.startswith("role: ")} - sounding
    ):
        change = np.flatnonzero((events.track == track) & (events.kind == PROGRAM))[:1]
        channel, program = (
            (int(c[change[0]]) for c in (events.channel, events.first)) if change.size else (0, 0)
        )
        found.append((_Place(track, channel, program), np.empty(0, np.int64)))
    return sorted(found, key=lambda item: (item[0].track, item[0].channel, item[0].program))


def _columns(raw: RawNotes, division: int) -> dict[str, IntArray]:
    onset = file_ticks_to_ticks(raw.onset, division)
    end = np.maximum(file_ticks_to_ticks(raw.end, division), onset + 1)
    return {"onset": onset, "duration": end - onset, "pitch": raw.pitch, "velocity": raw.velocity}


def _part(
    place: _Place, rows: IntArray, columns: dict[str, IntArray], names: dict[int, str], roles: dict[int, str]
) -> Part:
    is_drums = place.channel == DRUM_CHANNEL
    return Part(
        name=names.get(place.track, ""),
        notes=Notes(
            columns["onset"][rows],
            columns["duration"][rows],
            columns["pitch"][rows],
            columns["velocity"][rows],
        ),
        role=roles.get(place.track, default_role(is_drums=is_drums)),
        program=place.program,
        is_drums=is_drums,
    )


def default_role(*, is_drums: bool) -> str:
    """Return the role of a part whose track names none.

    >>> default_role(is_drums=True)
    'drums'
    """
    return "drums" if is_drums else "unknown"


def _has_title_track(events: MidiEvents, raw: RawNotes) -> bool:
    return events.midi_type == 0 or not np.any(raw.track == 0)


def _title(texts: list[TimedText], events: MidiEvents, raw: RawNotes) -> str:
    found = [t.text for t in texts if t.kind == NAME and t.track == 0]
    return found[0] if found and _has_title_track(events, raw) else ""


def _names(texts: list[TimedText], events: MidiEvents, raw: RawNotes) -> dict[int, str]:
    """Return each track's name: its name event, else its instrument's."""
    first = 1 if _has_title_track(events, raw) else 0
    names: dict[int, str] = {}
    for kind in (NAME, INSTRUMENT):
        for text in texts:
            if text.kind == kind and text.track >= first:
                names.setdefault(text.track, text.text)
    return names


def _roles(texts: list[TimedText]) -> dict[int, str]:
    said = [
        (t.track, t.text.removeprefix("role: "))
        for t in texts
        if t.kind == TEXT and t.text.startswith("role: ")
    ]
    return {track: role for track, role in said if role in ROLES}


def _with_controls(parts: list[Part], places: list[_Place], events: MidiEvents, path: str) -> list[Part]:
    """Return the parts with their channel's controls; controls on a track of their own serve the whole channel."""
    is_bend = events.kind == BEND
    kept = is_bend | ((events.kind == CONTROL) & np.isin(events.first, CONTROL_NUMBERS))
    if not kept.any():
        return parts
    rows = np.flatnonzero(kept)
    _check_controls(rows.size, path)
    track, channel = events.track[rows], events.channel[rows]
    number = np.where(is_bend[rows], BEND_NUMBER, events.first[rows])
    value = np.where(is_bend[rows], events.first[rows] | events.second[rows] << 7, events.second[rows])
    tick = file_ticks_to_ticks(events.tick[rows], events.division)
    owned = {(place.track, place.channel) for place in places}
    homeless = ~np.isin(track * 16 + channel, [t * 16 + c for t, c in owned])
    masks = [(channel == p.channel) & ((track == p.track) | homeless) for p in places]
    _check_controls(sum(int(np.count_nonzero(mask)) for mask in masks), path)
    result = []
    for part, mine in zip(parts, masks, strict=True):
        listed = zip(tick[mine].tolist(), number[mine].tolist(), value[mine].tolist(), strict=True)
        controls = tuple(sorted((Control(*row) for row in listed), key=lambda control: control.tick))
        result.append(replace(part, controls=controls))
    return result


def _check_controls(count: int, path: str) -> None:
    if count > MAX_CONTROLS:
        raise UnreadableFile(
            path,
            "end",
            f"the parts must have at most {MAX_CONTROLS} controls together, got {count}: thin them out",
        )


def _lyric_tracks(texts: list[TimedText]) -> dict[int, list[TimedText]]:
    """Return the lyrics of each track: lyric events, or the text events of a karaoke file."""
    kind = LYRIC
    if not any(t.kind == LYRIC for t in texts) and any(
        t.kind == TEXT and t.text[:2] in ("@K", "@T") for t in texts
    ):
        kind = TEXT
    tracks: dict[int, list[TimedText]] = {}
    for text in texts:
        if text.kind == kind and text.text.strip() and not text.text.startswith(("@", *PREFIXES)):
            tracks.setdefault(text.track, []).append(text)
    return tracks


def _with_lyrics(parts: list[Part], places: list[_Place], texts: list[TimedText], path: str) -> list[Part]:
    result = list(parts)
    for track, lyrics in _lyric_tracks(texts).items():
        own = [i for i, place in enumerate(places) if place.track == track and len(parts[i].notes)]
        candidates = own or [i for i, part in enumerate(parts) if len(part.notes) and not part.is_drums]
        ticks = np.array([t.tick for t in lyrics], np.int64)
        matched = {i: _rows_at(parts[i].notes, ticks) for i in candidates}
        best = max(candidates, key=lambda i: int(np.count_nonzero(matched[i] >= 0)), default=None)
        hits = int(np.count_nonzero(matched[best] >= 0)) if best is not None else 0
        if best is None or (not own and 2 * hits < len(lyrics)):
            warn_reader(
                path, f"{len(lyrics)} lyrics of track {track} fall on no part's notes and were dropped"
            )
            continue
        if hits < len(lyrics):
            warn_reader(
                path, f"{len(lyrics) - hits} lyrics of track {track} fall on no note and were dropped"
            )
        syllables = syllables_of([t.text for t in lyrics])
        notes = result[best].notes
        result[best] = result[best].with_notes(_sung(notes, matched[best], syllables))
    return result


def _rows_at(notes: Notes, ticks: IntArray) -> IntArray:
    """Return the row of the highest note that starts at each tick, or -1."""
    rows = np.searchsorted(notes.onset, ticks, side="right") - 1
    hit = (rows >= 0) & (notes.onset[np.maximum(rows, 0)] == ticks)
    found: IntArray = np.where(hit, rows, -1)
    return found


def _sung(notes: Notes, rows: IntArray, syllables: list[str]) -> Notes:
    sung: NDArray[np.object_] = np.full(len(notes), "", object)
    if notes.syllable is not None:
        sung[:] = notes.syllable
    for row, syllable in zip(rows.tolist(), syllables, strict=True):
        if row >= 0 and not sung[row]:
            sung[row] = syllable
    return notes.with_columns(syllable=syllable_column(sung.tolist()))


def syllables_of(texts: list[str]) -> list[str]:
    """Return syllables ("la-" goes on) of lyric texts, which mark word ends by spaces, hyphens or not at all.

    >>> syllables_of(["Glo", "ri", "a ", "in "]), syllables_of(["Glo-", "ri-", "a"])
    (['Glo-', 'ri-', 'a', 'in'], ['Glo-', 'ri-', 'a'])
    """
    spaced = any(text != text.strip(" ") for text in texts)
    hyphened = any(text.rstrip().endswith("-") and len(text.strip()) > 1 for text in texts)
    starts = [text[:1] in " \\/\r\n" for text in texts[1:]] + [True]
    result = []
    for text, next_is_word in zip(texts, starts, strict=True):
        bare = text.strip().lstrip("\\/").strip()
        goes_on = spaced and not hyphened and not next_is_word and text[-1] not in " \r\n"
        result.append(bare + "-" if goes_on else bare)
    return result
