"""People's pieces for the acts: held-out files as they lie on disk, performances, and hard cases made of them.

Conventions: five files a format, none of them seen by a shipped model; a piece is its bytes and its ending, read as the
commands read it. Needs a corpus (ZHIYIN_CORPUS) for the splits and the sets themselves (ZHIYIN_DATA).
Does not know: what is done with the pieces.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.human_windows import corpus_folder
from benchmarks.runner import BenchmarkError
from zhiyin.data.abc_books import tunes_of_file
from zhiyin.data.corpus import CorpusView, load_human_corpus
from zhiyin.data.fetch import data_home
from zhiyin.io import FORMATS, load
from zhiyin.perform import humanise
from zhiyin.score import MetreMark, Notes, Part, Score, Tempo, Timeline
from zhiyin.score.edit import slice_bars
from zhiyin.theory.metre import Metre

DRAW_SEED = 41
FEWEST_BARS, MOST_BARS, FEWEST_NOTES, MOST_NOTES = 8, 64, 40, 2500
RECORDER_BPM = 120.0  # of a recording that knows nothing of its beats
FORTY, FORTY_BARS = 40, 16
# Files a format: (kind, (set, how many)...).
WRITTEN: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    ("MIDI, written", (("mutopia", 4), ("pd_songs", 1))),
    ("MIDI, performed", (("groove", 2),)),
    ("MusicXML", (("openscore_lieder", 3), ("openscore_quartets", 1), ("openewld", 1))),
    ("ABC", (("music21_folk", 1), ("open_hymnal", 1), ("nottingham", 3))),
    ("Humdrum kern", (("polish_scores", 4), ("chopin_first_editions", 1))),
)


@dataclass(frozen=True)
class OwnFile:
    """A person's file: a name, what kind it stands for, its ending and its bytes."""

    name: str
    kind: str
    ending: str
    data: bytes

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def own_files() -> list[OwnFile]:
    """Return 25 files of five formats and the hard cases, the same ones every time."""
    view = load_human_corpus(corpus_folder(), split="test")
    rng = np.random.default_rng(DRAW_SEED)
    files = [
        file
        for kind, sets in WRITTEN
        for name, count in sets
        for file in (
            _folk(kind, count, rng) if name == "nottingham" else _held_out(view, kind, name, count, rng)
        )
    ]
    scores = {file.name: _score(file) for file in files}
    return [*files, *_performed(files, scores), *_hard_cases(files, scores)]


def _held_out(
    view: CorpusView, kind: str, name: str, count: int, rng: np.random.Generator
) -> Iterator[OwnFile]:
    """Yield files of the test split of a set: of middle length, one a work."""
    sets, paths, ids = view.column("set"), view.column("path"), view.column("id")
    bars, notes = view.column("bars"), view.note_counts
    fits = (
        (sets == name)
        & (bars >= FEWEST_BARS)
        & (bars <= MOST_BARS)
        & (notes >= FEWEST_NOTES)
        & (notes <= MOST_NOTES)
    )
    rows = np.flatnonzero(fits)
    if rows.size < count:
        raise BenchmarkError(f"{name} must have {count} held-out pieces of middle length, got {rows.size}")
    for row in rng.permutation(rows)[:count].tolist():
        path = data_home() / name / str(paths[row])
        if not path.is_file():
            raise BenchmarkError(f"a piece's file must be at {path}: run  zhiyin corpus fetch {name}")
        is_book = path.suffix == ".abc" and len(tunes_of_file(data_home() / name, str(paths[row]))) > 1
        data = (
            _tune(name, str(paths[row]), int(str(ids[row]).rsplit("-", 1)[1]) - 1)
            if is_book
            else path.read_bytes()
        )
        yield OwnFile(f"{name}/{ids[row]}", kind, path.suffix, data)


def _tune(name: str, path: str, index: int) -> bytes:
    """Return one tune of a book as a file of its own."""
    lines = [line for _, line in tunes_of_file(data_home() / name, path)[index].lines]
    return ("\n".join(lines) + "\n").encode()


def _folk(kind: str, count: int, rng: np.random.Generator) -> Iterator[OwnFile]:
    """Yield tunes with chords of the Nottingham test split, which no model has learned from."""
    with (data_home() / "splits" / "nottingham.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["split"] == "test" and r["has_chords"] == "1"]
    for place in rng.permutation(len(rows))[:count].tolist():
        row = rows[place]
        data = _tune("nottingham", f"ABC_cleaned/{row['file']}.abc", int(row["ordinal"]) - 1)
        yield OwnFile(f"nottingham/{row['file']}-{row['ordinal']}", kind, ".abc", data)


def _score(file: OwnFile) -> Score:
    return FORMATS[file.ending].read(file.data, path=file.name)


def _performed(files: list[OwnFile], scores: dict[str, Score]) -> Iterator[OwnFile]:
    """Yield three written pieces as played with rubato and recorded without beats, metre or key."""
    sources = [
        files[0],
        next(f for f in files if f.kind == "MusicXML"),
        next(f for f in files if "kern" in f.kind),
    ]
    for seed, file in enumerate(sources):
        yield _as_midi(f"played {file.name}", "MIDI, performed", recorded(scores[file.name], seed))


def recorded(score: Score, seed: int) -> Score:
    """Return a score as somebody played it into a machine at a fixed tempo: seconds are kept, beats are lost."""
    played = humanise(score, seed=seed, amount=1.5)
    line, rate = Timeline.of(played), RECORDER_BPM / 60 * 10_080
    parts = []
    for part in played.parts:
        begin, end = (
            np.rint(line.ticks_to_seconds(t) * rate).astype(np.int64)
            for t in (part.notes.onset, part.notes.offset)
        )
        notes = Notes(begin, np.maximum(end - begin, 1), part.notes.pitch, part.notes.velocity)
        parts.append(Part(part.name, notes, program=part.program, is_drums=part.is_drums))
    return Score(
        score.title, tuple(parts), tempos=(Tempo(0, RECORDER_BPM),), metres=(MetreMark(0, Metre(4, 4)),)
    )


def _hard_cases(files: list[OwnFile], scores: dict[str, Score]) -> Iterator[OwnFile]:
    """Yield 40 tracks, one track, a pick-up bar, changes of tempo and metre, and no key."""
    yield _as_midi("forty tracks", "forty tracks", _forty([scores[f.name] for f in files]))
    several = next(scores[f.name] for f in files if f.kind == "MusicXML")
    yield _as_midi("one track", "one track", several.with_parts(several.parts[:1]))
    yield _found("pick-up bar", lambda s: s.pickup_ticks > 0 and len(s.parts) > 1)
    yield _found("tempo and metre changes", lambda s: len(s.tempos) > 1 and len(s.metres) > 1)
    first = next(scores[f.name] for f in files if f.kind == "MIDI, written")
    yield _as_midi("no key", "no key", replace(first, keys=(), chords=()))


def _forty(scores: list[Score]) -> Score:
    """Return parts of many pieces as forty tracks of one."""
    parts = [
        replace(part, name=f"{part.name} {n}", notes=part.notes.with_columns(origin=None))
        for n, score in enumerate(scores)
        for part in slice_bars(score, 0, FORTY_BARS).parts
        if len(part.notes)
    ]
    cycle = [replace(parts[i % len(parts)], name=f"Track {i + 1}") for i in range(FORTY)]
    end = FORTY_BARS * 4 * 10_080
    cut = [p.with_notes(_until(p.notes, end)) for p in cycle]
    return Score("Forty tracks", tuple(cut), length_ticks=end)


def _until(notes: Notes, end: int) -> Notes:
    kept = notes.take(notes.onset < end)
    return kept.with_columns(duration=np.minimum(kept.duration, end - kept.onset)) if len(kept) else kept


def _found(kind: str, fits: Callable[[Score], bool]) -> OwnFile:
    """Return the first held-out song of the lieder whose score fits, cut to what the others have."""
    view = load_human_corpus(corpus_folder(), split="test")
    for row in np.flatnonzero(view.column("set") == "openscore_lieder").tolist():
        path = Path(data_home() / "openscore_lieder" / str(view.column("path")[row]))
        if path.is_file() and view.column("bars")[row] <= 2 * MOST_BARS:
            score = load(path)
            if fits(score):
                return OwnFile(
                    f"openscore_lieder/{view.column('id')[row]}", kind, path.suffix, path.read_bytes()
                )
    raise BenchmarkError(f"openscore_lieder must hold a test piece with a {kind}, found none")


def _as_midi(name: str, kind: str, score: Score) -> OwnFile:
    return OwnFile(name, kind, ".mid", FORMATS[".mid"].write(score).data)
