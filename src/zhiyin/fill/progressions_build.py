"""Learning chord progressions: reads chord corpora and writes the tables of `zhiyin.fill.progressions`.

Conventions: run as `python -m zhiyin.fill.progressions_build --from DIR`; DIR holds one folder per corpus.
This module is a tool for makers of the package: nothing else imports it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import defusedxml.ElementTree as SafeTree

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import QUALITIES, Chord
from zhiyin.theory.key import Key
from zhiyin.theory.pitch import parse_pitch_class
from zhiyin.theory.roman import roman_to_chord

# One chord of a song: degree above the tonic, reduced quality, length in bars, bar within its phrase of four.
Event = tuple[int, str, float, int]
Song = tuple[str, list[Event]]

_REDUCED = {"9": "7", "13": "7", "7b9": "7", "aug7": "7", "maj9": "maj7", "m9": "m7", "add9": "", "madd9": "m",
            "5": "", "mmaj7": "m", "sus2": "sus4"}  # fmt: skip
LENGTHS = (0.25, 0.5, 1.0, 2.0, 4.0)
SOURCES = {
    "pop": "McGill Billboard annotations 2.0 (Burgoyne, Wild, Fujinaga 2011), CC0",
    "art": "OpenScore Lieder, automatic harmonic analyses, CC0",
    "jazz": "OpenEWLD lead sheets, only works whose authors all died before 1948, MIT, public domain",
}


def reduce_quality(quality: str) -> str:
    """Return the quality that the tables count a chord under."""
    return _REDUCED.get(quality, quality)


def billboard_songs(root: Path) -> Iterator[Song]:
    """Yield the songs of the Billboard chord files: bars between pipes, `root:quality/bass`."""
    for path in sorted(root.rglob("salami_chords.txt")):
        tonic = 0
        bars: list[list[str]] = []
        pieces: list[tuple[int, list[list[str]]]] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            told = re.match(r"# tonic: ([A-G][#b]*)", line)
            if told:
                pieces.append((tonic, bars))
                tonic, bars = parse_pitch_class(told.group(1)), []
            elif "|" in line and not line.startswith("#"):
                repeats = int(m.group(1)) if (m := re.search(r"x(\d+)\s*(?:,|$)", line)) else 1
                bars += [bar.split() for bar in line.split("|")[1:-1]] * repeats
        for piece_tonic, piece_bars in [*pieces, (tonic, bars)]:
            if len(piece_bars) >= 8:
                yield _song(piece_tonic, [_harte_bar(bar) for bar in piece_bars])


def _harte_bar(bar: list[str]) -> list[tuple[Chord | None, float]]:
    beats = [beat for beat in bar if not beat.startswith("(")]
    chords: list[tuple[Chord | None, float]] = []
    for beat in beats:
        if beat == "." and chords:
            chords.append(chords[-1])
        else:
            chords.append((_harte(beat), 0.0))
    return [(chord, 1.0 / len(chords)) for chord, _ in chords] if chords else [(None, 1.0)]


def _harte(text: str) -> Chord | None:
    match = re.match(r"^([A-G][#b]*):([^/]*)", text)
    if not match:
        return None
    suffix = match.group(2).replace("(*", "(")
    for name in (suffix, re.sub(r"\(.*\)", "", suffix)):
        try:
            return Chord.parse(
                match.group(1).replace("Fb", "E").replace("Cb", "B") + name.replace("maj", "maj", 1)
            )
        except InvalidInput:
            continue
    return None


def _song(tonic: int, bars: list[list[tuple[Chord | None, float]]]) -> Song:
    """Return degree events of bars; equal neighbours in a stretch are joined up to four bars."""
    events: list[Event] = []
    votes = 0
    for index, bar in enumerate(bars):
        for chord, length in bar:
            if chord is None:
                continue
            event = ((chord.root - tonic) % 12, reduce_quality(chord.quality), length, index % 4)
            if event[0] == 0:
                votes += 1 if 3 in QUALITIES[chord.quality] else -1
            last = events[-1] if events else None
            if last and last[:2] == event[:2] and last[2] + length <= 4:
                events[-1] = (*last[:2], last[2] + length, last[3])
            else:
                events.append(event)
    return ("minor" if votes > 0 else "major"), events


def lieder_songs(root: Path) -> Iterator[Song]:
    """Yield stretches of one key of the Roman-numeral analyses of songs (`m3 G: I b2 V7`)."""
    for path in sorted(root.rglob("*.rntxt")):
        stretches: dict[int, tuple[Key, list[list[tuple[Chord | None, float]]]]] = {}
        beats, key, count = 4.0, None, 0
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            told = re.match(r"Time Signature: (\d+)/(\d+)", line)
            if told:
                beats = float(told.group(1)) / (3 if told.group(1) in ("6", "9", "12") else 1)
            elif re.match(r"m\d+ ", line):
                key, changed, bar = _roman_bar(line, key, beats)
                count += int(changed)
                if key is not None:
                    stretches.setdefault(count, (key, []))[1].append(bar)
        for stretch_key, bars in stretches.values():
            if len(bars) >= 8:
                _, events = _song(stretch_key.tonic, bars)
                yield ("minor" if stretch_key.is_minor else "major"), events


def _roman_bar(
    line: str, key: Key | None, beats: float
) -> tuple[Key | None, bool, list[tuple[Chord | None, float]]]:
    found: list[tuple[float, Chord]] = []
    place, changed = 1.0, False
    for word in line.split()[1:]:
        if re.fullmatch(r"b[\d.]+", word):
            place = float(word[1:])
        elif re.fullmatch(r"[A-Ga-g][#b-]?:", word):
            fresh = Key.parse(
                word[0].upper() + word[1:-1].replace("-", "b") + ("m" if word[0].islower() else "")
            )
            changed, key = changed or fresh != key, fresh
        elif key is not None:
            try:
                # The analyses write bVII, bVI and bIII with a cautionary flat in minor.
                plain = re.sub("b(?=VII|VI|III)", "", word) if key.is_minor else word
                found.append((place, roman_to_chord(plain, key)))
            except InvalidInput:
                continue
    ends = [min(start, beats + 1) for start, _ in found[1:]] + [beats + 1]
    bar: list[tuple[Chord | None, float]] = [
        (chord, (end - start) / beats)
        for (start, chord), end in zip(found, ends, strict=False)
        if end > start
    ]
    return key, changed, bar or [(None, 1.0)]


_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_KINDS = {
    "major": "", "minor": "m", "dominant": "7", "dominant-ninth": "7", "dominant-13th": "7", "dominant-11th": "7sus4",
    "major-sixth": "6", "minor-sixth": "m6", "diminished": "dim", "diminished-seventh": "dim7", "augmented": "aug",
    "major-seventh": "maj7", "minor-seventh": "m7", "half-diminished": "m7b5", "suspended-fourth": "sus4",
    "major-ninth": "maj7", "minor-ninth": "m7", "augmented-seventh": "7", "major-minor": "m", "minor-11th": "m7",
}  # fmt: skip


def lead_sheet_songs(root: Path) -> Iterator[Song]:
    """Yield the songs of OpenEWLD tier A, from the chord symbols of each compressed MusicXML file."""
    lines = (root / "PD_TIERS.csv").read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        path = root / line.split(".mxl,")[0].strip('"')
        if ",A-" not in line or not path.with_suffix(".mxl").exists():
            continue
        with zipfile.ZipFile(path.with_suffix(".mxl")) as archive:
            names = [
                name for name in archive.namelist() if name.endswith(".xml") and not name.startswith("META")
            ]
            yield _lead_sheet(SafeTree.fromstring(archive.read(names[0])))


def _lead_sheet(root: Element) -> Song:
    fifths, bars, chord = 0, [], None
    for measure in root.iterfind("part[1]/measure" if root.find("part[1]") is not None else "part/measure"):
        fifths = int(measure.findtext("attributes/key/fifths") or fifths)
        places: list[tuple[float, Chord | None]] = [(0.0, chord)]
        now = 0.0
        for item in measure:
            if item.tag == "harmony":
                chord = _harmony(item)
                places.append((now, chord))
            elif item.tag == "note" and item.find("chord") is None:
                now += float(item.findtext("duration") or 0)
            elif item.tag in ("backup", "forward"):
                now += (1 if item.tag == "forward" else -1) * float(item.findtext("duration") or 0)
        ends = [place for place, _ in places[1:]] + [now]
        spans = [(c, (e - s) / now) for (s, c), e in zip(places, ends, strict=True) if now and e > s]
        bars.append(spans or [(chord, 1.0)])
    last = next((c for bar in reversed(bars) for c, _ in bar if c), None)
    tonic = fifths * 7 % 12
    if last is not None and last.root == (tonic + 9) % 12 and 3 in QUALITIES[last.quality]:
        tonic = (tonic + 9) % 12
    return _song(tonic, bars)


def _harmony(item: Element) -> Chord | None:
    step, kind = item.findtext("root/root-step"), item.findtext("kind") or ""
    if step not in _STEPS or kind not in _KINDS:
        return None
    return Chord((_STEPS[step] + int(float(item.findtext("root/root-alter") or 0))) % 12, _KINDS[kind])


def count_tables(songs: list[Song], *, least: int) -> dict[str, dict[str, dict[str, int]]]:
    """Return counts {mode: {context: {chord: n}}}; a context is up to three chords, with the bar of the phrase.

    Contexts: `@pos`, `c1@pos`, `c2 c1@pos`, `c3 c2 c1`. Lengths stand under `len@pos`. Rare long ones are dropped.
    """
    tables: dict[str, dict[str, Counter[str]]] = {mode: defaultdict(Counter) for mode in ("major", "minor")}
    for mode, events in songs:
        names = [f"{degree}{':' + quality if quality else ''}" for degree, quality, _, _ in events]
        for index, (_, _, length, pos) in enumerate(events):
            table, past = tables[mode], names[max(0, index - 3) : index]
            nearest = min(LENGTHS, key=lambda one: abs(one - length))
            table[f"len@{pos}"][f"{nearest:g}"] += 1
            table[f"@{pos}"][names[index]] += 1
            for order in (1, 2):
                if len(past) >= order:
                    table[f"{' '.join(past[-order:])}@{pos}"][names[index]] += 1
            if len(past) == 3:
                table[" ".join(past)][names[index]] += 1
    return {mode: _pruned(table, least) for mode, table in tables.items()}


def _pruned(table: dict[str, Counter[str]], least: int) -> dict[str, dict[str, int]]:
    kept = {}
    for context, counter in sorted(table.items()):
        limit = least if " " in context else 2 if not context.startswith(("@", "len")) else 1
        chosen = {chord: n for chord, n in sorted(counter.items()) if n >= limit}
        if chosen:
            kept[context] = chosen
    return kept


def build(folder: Path) -> dict[str, object]:
    """Return the whole data file: a header with sources and counts, then a table per family."""
    readers = {"pop": (billboard_songs, "billboard_chords"), "art": (lieder_songs, "openscore_lieder"),
               "jazz": (lead_sheet_songs, "openewld")}  # fmt: skip
    families, header = {}, {}
    for family, (reader, name) in readers.items():
        songs = list(reader(folder / name))
        if not songs:
            raise InvalidInput(
                f"corpus {name!r} must hold songs, got none in {str(folder)!r}: unpack it there"
            )
        header[family] = {
            "source": SOURCES[family],
            "pieces": len(songs),
            "chords": sum(len(e) for _, e in songs),
        }
        families[family] = count_tables(songs, least=2 if family == "jazz" else 5)
    return {"format": "zhiyin-progressions-1", "sources": header, "families": families}


def main() -> None:
    """Build the tables and write them beside this module, or to --to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--from", dest="folder", type=Path, required=True, help="folder with one folder per corpus"
    )
    parser.add_argument("--to", type=Path, default=Path(__file__).with_name("progressions.json"))
    options = parser.parse_args()
    data = build(options.folder)
    options.to.write_text(
        json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    sys.stderr.write(f"{json.dumps(data['sources'], indent=1)}\n{options.to.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
