"""originality build: the index of a corpus, and of tunes that are only compared with, as one file.

Conventions: pieces of the training split, in the corpus's order; the same corpus gives the same bytes.
This module does not measure originality: see `zhiyin.apps.originality_`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.extras import need_pyarrow
from zhiyin.errors import NotFound
from zhiyin.rights.hashed import HashedRuns, RunSource, keep_runs
from zhiyin.rights.index import Piece, build_index
from zhiyin.rights.lines import FEWEST_NOTES, top_line_of
from zhiyin.rights.storage import Library, save_library
from zhiyin.rights.texture import (
    TEXTURE_SIZE,
    TEXTURE_WINDOW,
    TUNE_SIZE,
    TUNE_WINDOW,
    texture_source,
    tune_source,
)
from zhiyin.score import Score

if TYPE_CHECKING:
    from zhiyin.data.corpus import CorpusView

TUNE_SET = "pop909"
TUNE_TRACKS = ("MELODY", "BRIDGE")


@dataclass(frozen=True, slots=True)
class OriginalityBuildRequest:
    """From which built corpus, with tunes from which folder of sets (None: where fetch puts them), into which file."""

    corpus: Path = Path("corpus")
    home: Path | None = None
    out: Path = Path("originality.zip")


@dataclass(frozen=True, slots=True)
class OriginalityBuilt:
    """The file, its size in bytes, and what it holds."""

    out: Path
    size: int
    about: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return {"out": str(self.out), "bytes": self.size, **self.about}


def run(request: OriginalityBuildRequest, progress: Progress = silent) -> OriginalityBuilt:
    """Build the index. Raises NotFound without a corpus or the tunes, MissingExtra without pyarrow."""
    need_pyarrow()
    from zhiyin.data.corpus import load_corpus

    view = load_corpus(request.corpus, split="train")
    library = build_library(view, request.home, progress=progress)
    return OriginalityBuilt(request.out, save_library(library, request.out), library.about)


def build_library(view: CorpusView, home: Path | None, *, progress: Progress = silent) -> Library:
    """Return the library of a corpus view and of the tunes under a folder of sets."""
    textures: list[RunSource] = []

    def told(pieces: Iterator[tuple[Piece, Score]]) -> Iterator[tuple[Piece, Score]]:
        for number, (piece, score) in enumerate(pieces):
            progress("index", number, len(view))
            textures.append(texture_source(number, score))
            yield piece, score

    pieces = list(_names(view))
    melodies = build_index(told(pieces_of(view)))
    place = {piece: number for number, piece in enumerate(melodies.pieces)}
    kept = [
        RunSource(place[pieces[s.piece]], s.symbols, s.bar, s.plain)
        for s in textures
        if pieces[s.piece] in place
    ]
    tunes, tune_pieces = _tunes(home)
    texture_runs = keep_runs(kept, size=TEXTURE_SIZE, window=TEXTURE_WINDOW)
    about = {
        "pieces": len(melodies.pieces), "lines": int(melodies.line_piece.size),
        "line_notes": int(melodies.intervals.size), "grams": int(melodies.positions.size),
        "texture_runs": int(texture_runs.hashes.size), "tunes": len(tune_pieces),
        "tune_runs": int(tunes.hashes.size), "bars": int(view.column("bars").sum()),
    }  # fmt: skip
    return Library(melodies, texture_runs, tunes, tune_pieces, about)


def _names(view: CorpusView) -> Iterator[Piece]:
    columns = [view.column(name) for name in ("set", "id", "work", "title", "composer", "split")]
    for index in range(len(view)):
        if view.note_counts[index]:
            yield Piece(*(str(column[index]) for column in columns))


def pieces_of(view: CorpusView) -> Iterator[tuple[Piece, Score]]:
    """Yield every piece of a view that has notes, with its name."""
    from zhiyin.data.corpus import piece_to_score

    names = _names(view)
    for index in range(len(view)):
        if view.note_counts[index]:
            yield next(names), piece_to_score(view, index)


def _tunes(home: Path | None) -> tuple[HashedRuns, tuple[Piece, ...]]:
    """Return the tunes of the pop set as hashes. Raises NotFound when the set is not there."""
    from zhiyin.data.fetch import data_home
    from zhiyin.data.manifest import find_root
    from zhiyin.data.pop909 import Pop909

    root = find_root(home or data_home(), TUNE_SET, Pop909.files)
    sources: list[RunSource] = []
    pieces: list[Piece] = []
    for path in sorted(root.glob("*.mid")):
        sources += tune_sources(path, len(pieces))
        pieces.append(Piece(TUNE_SET, path.stem, f"{TUNE_SET}-{path.stem}", "", "", "compare"))
    if not pieces:
        raise NotFound(f"the tunes must lie in {str(root)!r} as .mid files, found none: fetch {TUNE_SET}")
    return keep_runs(sources, size=TUNE_SIZE, window=TUNE_WINDOW), tuple(pieces)


def tune_sources(path: Path, piece: int) -> list[RunSource]:
    """Return the tune tracks of one file of the pop set, ready to be kept as hashes."""
    from zhiyin.io import load
    from zhiyin.score import quantise

    score = quantise(load(path))[0]
    lines = [
        top_line_of(i, part) for i, part in enumerate(score.parts) if part.name.strip().upper() in TUNE_TRACKS
    ]
    return [tune_source(piece, score, line) for line in lines if line.pitch.size >= FEWEST_NOTES]
