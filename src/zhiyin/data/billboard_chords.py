"""McGill Billboard: beat-level chords, sections and metre of pop songs of 1958 to 1991; no notes.

Conventions: one bar of the text is one bar of the score; a bar's tempo follows from the time stamps.
This module holds the text reader (SALAMI format); qualities that the chord table lacks go to their triad or seventh.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.data.harte import parse_harte
from zhiyin.data.reading import read_text
from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.score import ChordMark, KeyMark, MetreMark, Score, Section, Tempo
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.pitch import parse_fifths
from zhiyin.units import MAX_BPM, MIN_BPM, TICKS_PER_QUARTER

CHORDS_WEIGHT = 0.4  # chord rows without notes
_LINE = re.compile(r"^(\d+(?:\.\d+)?)\t(.*)$")
_BAR_METRE = re.compile(r"^\((\d+/\d+)\)\s*")
_TIMES = re.compile(r"\bx(\d+)\b")


class BillboardChords:
    """Reader of the McGill Billboard annotations (salami_chords.txt)."""

    card = Card(
        name="billboard_chords",
        title="McGill Billboard 2.0 chord annotations",
        citation="Burgoyne, Wild & Fujinaga, An Expert Ground Truth Set for Audio Chord Recognition and Music "
        "Analysis, ISMIR 2011",
        licence="CC0-1.0",
        ruling="train",
        repository="https://github.com/boomerr1/The-McGill-Billboard-Project",
        commit="2234489f96e3cc69d4c000572011c7a717ed1ac5",
        checksum="07a7df59454816d71886ebf95a955a47ab3eda67b70144cda2a344bf8fab96ce",
        attribution="McGill Billboard annotations (CC0), DDMAL, McGill University",
        notes="Chords, sections, metre and tonic only: the songs themselves are not in the set.",
    )
    files = ("billboard-2.0-salami_chords/*/salami_chords.txt",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a chart entry; entries of one song share a work."""
        for path in files_of(root, self.files):
            fields = dict(re.findall(r"^# (\w+): (.*)$", read_text(root / path), re.MULTILINE))
            title, artist = fields.get("title", ""), fields.get("artist", "")
            yield Source(
                id=path.split("/")[1],
                work=slug(f"billboard {title} {artist}"),
                path=path,
                style="pop",
                title=title,
                composer=artist,
                licence=self.card.licence,
                weight=CHORDS_WEIGHT,
                has_given_chords=True,
                has_given_keys=True,
            )

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the song's chords, sections and metres as a score without parts."""
        yield Piece(source, read_salami(read_text(root / source.path), path=source.path))


@dataclass
class _Song:
    """What has been read so far: where the next bar begins, and all marks."""

    metre: Metre = Metre(4, 4)
    tick: int = 0
    chord: Chord | None = None
    chords: list[ChordMark] = field(default_factory=list)
    metres: list[MetreMark] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    tonics: list[tuple[int, str]] = field(default_factory=list)
    stamps: list[tuple[float, int]] = field(default_factory=list)


def read_salami(text: str, *, path: str) -> Score:
    """Return the score of a SALAMI chord text. Raises UnreadableFile when it holds no bar."""
    song, title = _Song(), ""
    for line in text.splitlines():
        if line.startswith("# metre:"):
            song.metre = Metre.parse(line.split(":", 1)[1].strip())
        elif line.startswith("# tonic:"):
            song.tonics.append((song.tick, line.split(":", 1)[1].strip()))
        elif line.startswith("# title:"):
            title = line.split(":", 1)[1].strip()
        match = _LINE.match(line)
        if match:
            _read_line(song, float(match.group(1)), match.group(2))
    if not song.tick:
        raise UnreadableFile(path, "end", "no bar of chords found")
    return Score(
        title=title,
        tempos=(Tempo(0, _tempo(song.stamps)),),
        metres=tuple(song.metres),
        keys=keys_of_tonics(song.tonics, tuple(song.chords), end=song.tick),
        chords=tuple(song.chords),
        sections=tuple(song.sections),
        length_ticks=song.tick,
    )


def _read_line(song: _Song, time_s: float, content: str) -> None:
    song.stamps.append((time_s, song.tick))
    before, bar, rest = content.partition("|")
    if not bar:
        return
    labels = [label.strip() for label in before.split(",") if label.strip()]
    names = [label for label in labels if not re.fullmatch(r"[A-Z]'*", label)] or labels
    if names:
        song.sections.append(Section(song.tick, names[-1]))
    body, _, after = rest.rpartition("|")
    bars = [b.strip() for b in body.split("|")]
    times = _TIMES.search(after)
    for _ in range(int(times.group(1)) if times else 1):
        for text in bars:
            _read_bar(song, text)


def _read_bar(song: _Song, text: str) -> None:
    special = _BAR_METRE.match(text)
    metre = Metre.parse(special.group(1)) if special else song.metre
    if not song.metres or song.metres[-1].metre != metre:
        song.metres.append(MetreMark(song.tick, metre))
    tokens = text[special.end() if special else 0 :].split() or ["."]
    for index, token in enumerate(tokens):
        if token not in (".", "->", "&pause", "*"):
            song.chord = parse_harte(token)
        _mark(song, song.tick + metre.bar_ticks * index // len(tokens), song.chord)
    song.tick += metre.bar_ticks


def _mark(song: _Song, tick: int, chord: Chord | None) -> None:
    if not song.chords or song.chords[-1].chord != chord:
        song.chords.append(ChordMark(tick, chord))


def keys_of_tonics(
    tonics: list[tuple[int, str]], chords: tuple[ChordMark, ...], *, end: int
) -> tuple[KeyMark, ...]:
    """Return the keys of given tonics: minor where the chord on the tonic sounds minor for longer than major."""
    keys: list[KeyMark] = []
    borders = [tick for tick, _ in tonics[1:]] + [end]
    ends = [mark.tick for mark in chords[1:]] + [end]
    for (start, name), stop in zip(tonics, borders, strict=True):
        fifths, minor = parse_fifths(name), 0
        for mark, until in zip(chords, ends, strict=True):
            if mark.chord is not None and mark.chord.root == fifths * 7 % 12 and start <= mark.tick < stop:
                is_minor = 3 in QUALITIES[mark.chord.quality] and 4 not in QUALITIES[mark.chord.quality]
                minor += (until - mark.tick) * (1 if is_minor else -1)
        if stop > start:
            keys.append(KeyMark(start, Key(fifths, "minor" if minor > 0 else "major")))
    return tuple(keys)


def _tempo(stamps: list[tuple[float, int]]) -> float:
    """Return the median tempo between time stamps, in quarters a minute."""
    rates = [
        (b_tick - a_tick) / TICKS_PER_QUARTER / (b_s - a_s) * 60
        for (a_s, a_tick), (b_s, b_tick) in itertools.pairwise(stamps)
        if b_tick > a_tick and b_s > a_s
    ]
    if not rates:
        raise InvalidInput("a song must have two time stamps a bar apart, got none: check the file")
    return float(min(max(median(rates), MIN_BPM), MAX_BPM))
