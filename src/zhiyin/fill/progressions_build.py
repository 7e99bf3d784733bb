"""Learning chord progressions: reads the built corpus and writes the tables of `zhiyin.fill.progressions`.

Conventions: run as `python -m zhiyin.fill.progressions_build --from CORPUS`; only the training split is read, and
of POP909 nothing but its chord labels. This module is a tool for makers of the package: nothing else imports it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.data.corpus import PieceArrays, load_corpus
from zhiyin.data.tables import MODE_NAMES
from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import QUALITY_NAMES

# One chord of a song: degree above the tonic, reduced quality, length in bars, bar within its phrase of four.
Event = tuple[int, str, float, int]
Song = tuple[str, list[Event]]

_REDUCED = {"9": "7", "13": "7", "7b9": "7", "aug7": "7", "maj9": "maj7", "m9": "m7", "add9": "", "madd9": "m",
            "5": "", "mmaj7": "m", "sus2": "sus4"}  # fmt: skip
LENGTHS = (0.25, 0.5, 1.0, 2.0, 4.0)
SHORTEST_STRETCH_BARS = 8
FEWEST_CONTEXTS = 300  # a mode with fewer is left to the art family's table
# family -> (sets, styles or () for all, counts below this are dropped from long contexts, source and licence)
FAMILIES: dict[str, tuple[tuple[str, ...], tuple[str, ...], int, str]] = {
    "pop": (("billboard_chords", "pop909"), (), 24, "McGill Billboard annotations (CC0); POP909 chord labels (MIT)"),
    "jazz": (("openewld",), (), 2, "OpenEWLD lead sheets, authors all dead before 1948 (MIT, public domain)"),
    "hymn": (
        ("open_hymnal", "mutopia"), ("hymn", "chorale", "choir"), 3,
        "Open Hymnal, Mutopia (public domain, CC BY 4.0)",
    ),
    "dance": (
        ("polish_scores", "chopin_first_editions", "mutopia"), ("waltz", "mazurka", "polonaise", "minuet", "march"), 8,
        "Fryderyk Chopin Institute scores (CC BY 4.0), Mutopia (public domain, CC BY 4.0)",
    ),
    "art": (
        ("openscore_lieder", "openscore_quartets", "mutopia"),
        ("art-song", "string-quartet", "romantic-piano", "classical"), 40,
        "OpenScore Lieder and String Quartets (CC0), Mutopia (public domain, CC BY 4.0)",
    ),
}  # fmt: skip


def reduce_quality(quality: str) -> str:
    """Return the quality that the tables count a chord under."""
    return _REDUCED.get(quality, quality)


def piece_songs(piece: PieceArrays) -> Iterator[Song]:
    """Yield the stretches of one key in a piece, at least eight bars long, as chord events."""
    bars, chords = piece.bars, piece.chords
    starts = np.asarray(bars["start"])
    if starts.size < SHORTEST_STRETCH_BARS or np.asarray(chords["step"]).size == 0:
        return
    keys = np.stack([np.asarray(bars["tonic_fifths"]), np.asarray(bars["mode"])], axis=1)
    changes = np.flatnonzero((np.diff(keys, axis=0) != 0).any(axis=1)) + 1
    edges = [0, *changes.tolist(), len(starts)]
    for first, last in pairwise(edges):
        if last - first >= SHORTEST_STRETCH_BARS:
            fifths, mode = keys[first].tolist()
            name = MODE_NAMES[mode] if 0 <= mode < len(MODE_NAMES) else "major"
            yield ("minor" if name == "minor" else "major"), _events(piece, fifths * 7 % 12, first, last)


def _events(piece: PieceArrays, tonic: int, first: int, last: int) -> list[Event]:
    bars, chords = piece.bars, piece.chords
    starts, lengths = np.asarray(bars["start"]), np.asarray(bars["length"])
    sections = np.asarray(bars["section"])
    steps = np.asarray(chords["step"])
    ends = np.append(steps[1:], starts[-1] + lengths[-1])
    at = np.searchsorted(starts, steps, side="right") - 1
    events: list[Event] = []
    for index in np.flatnonzero((at >= first) & (at < last)).tolist():
        quality, bar = int(chords["quality"][index]), int(at[index])
        if not 0 <= quality < len(QUALITY_NAMES):
            continue
        begin = int(np.flatnonzero(sections == sections[bar])[0])
        length = float(ends[index] - steps[index]) / float(lengths[bar])
        degree = (int(chords["root"][index]) - tonic) % 12
        event = (degree, reduce_quality(QUALITY_NAMES[quality]), length, (bar - begin) % 4)
        if events and events[-1][:2] == event[:2]:
            joined = events.pop()
            event = (*joined[:2], joined[2] + length, joined[3])
        events.append(event)
    return events


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
    return {mode: _pruned(table, least) for mode, table in tables.items() if len(table) >= FEWEST_CONTEXTS}


def _pruned(table: dict[str, Counter[str]], least: int) -> dict[str, dict[str, int]]:
    kept = {}
    for context, counter in sorted(table.items()):
        limit = least if " " in context else 1 if context.startswith(("@", "len")) else max(2, least // 3)
        chosen = {chord: n for chord, n in sorted(counter.items()) if n >= limit}
        if chosen:
            kept[context] = chosen
    return kept


def family_songs(folder: Path, sets: Sequence[str], styles: Sequence[str]) -> tuple[list[Song], int]:
    """Return the songs of a family and the number of pieces they come from; the training split only."""
    songs: list[Song] = []
    pieces = 0
    for name in sets:
        for piece in load_corpus(folder, sets=[name], split="train"):
            if (styles and piece.info["style"] not in styles) or piece.info["is_jsb_leak"]:
                continue
            found = list(piece_songs(piece))
            pieces += bool(found)
            songs += found
    return songs, pieces


def build(folder: Path) -> dict[str, Any]:
    """Return the whole data file: a header with sources and counts, then a table per family."""
    header, families = {}, {}
    for family, (sets, styles, least, source) in FAMILIES.items():
        songs, pieces = family_songs(folder, sets, styles)
        if not songs:
            raise InvalidInput(
                f"the corpus must hold {', '.join(sets)}, got no chords in {str(folder)!r}: build it first"
            )
        header[family] = {
            "source": source,
            "pieces": pieces,
            "chords": sum(len(events) for _, events in songs),
        }
        families[family] = count_tables(songs, least=least)
    return {"format": "zhiyin-progressions-1", "sources": header, "families": families}


def main() -> None:
    """Build the tables and write them beside this module, or to --to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, required=True, help="folder of the built corpus")
    parser.add_argument("--to", type=Path, default=Path(__file__).with_name("progressions.json"))
    options = parser.parse_args()
    data = build(options.folder)
    options.to.write_text(
        json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    sys.stderr.write(f"{json.dumps(data['sources'], indent=1)}\n{options.to.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
