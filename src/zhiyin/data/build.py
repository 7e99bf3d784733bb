"""The corpus build: every set read, prepared, compared and written as shards.

Conventions: stage one (a set at a time, in batches, resumable) reads and prepares; stage two compares all sets,
gives splits and drops duplicates. This module does not draw progress: it calls `progress(set, done, all)`.
"""

from __future__ import annotations

import hashlib
import shutil
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.data import DATASETS
from zhiyin.data.base import Source
from zhiyin.data.dedupe import (
    clusters,
    duplicates,
    links_of_works,
    related,
    similar_pairs,
    split_clusters,
)
from zhiyin.data.leaks import is_leaked
from zhiyin.data.manifest import checksum, file_sha256, find_root, folder_entries
from zhiyin.data.prepare import Dropped, prepare, time_limit
from zhiyin.data.shards import read_note, read_tables, write_tables
from zhiyin.data.tables import Table, join_tables, tables_of, take_pieces
from zhiyin.errors import InvalidInput, NotFound, ZhiyinError

BUILD_VERSION = 4  # raise it when a change here, in analysis or in a reader must rebuild every set
BATCH_FILES = 48
FILE_SECONDS = 60.0
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class SetReport:
    """What became of one set: pieces and notes kept, seconds taken, and why others were dropped."""

    name: str
    pieces: int
    notes: int
    seconds: float
    dropped: dict[str, int] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    was_cached: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Files of one set that are read in one go, and the folder that their tables go to."""

    root: Path
    name: str
    sources: tuple[Source, ...]
    folder: Path


def silent(name: str, done: int, total: int) -> None:
    """Take no notice of progress."""


def train_sets() -> list[str]:
    """Return the names of the sets that shipped weights may learn from."""
    return [name for name, dataset in DATASETS.items() if dataset.card.ruling == "train"]


def build(
    home: Path, out: Path, *, sets: Iterable[str] | None = None, workers: int = 2, progress: Progress = silent
) -> list[SetReport]:
    """Build the shards of the sets (all that may train, when None) found under `home` into `out`.

    A set whose files and build version have not changed is not read again. Sets built before stay.
    """
    chosen = train_sets() if sets is None else list(sets)
    for name in chosen:
        if name not in DATASETS:
            raise NotFound(f"data set must be one of {', '.join(DATASETS)}, got {name!r}")
        if DATASETS[name].card.ruling != "train":
            raise InvalidInput(
                f"{name!r} is for measuring only and never goes into training shards: leave it out"
            )
    out.mkdir(parents=True, exist_ok=True)
    reports = [
        stage_set(find_root(home, n, DATASETS[n].files), out, n, workers=workers, progress=progress)
        for n in chosen
    ]
    publish(out, progress=progress)
    return reports


def stage_set(
    root: Path, out: Path, name: str, *, workers: int = 2, progress: Progress = silent
) -> SetReport:
    """Read and prepare one set into `out/.stage/NAME`, batch by batch; a broken run goes on where it stopped."""
    begin = time.monotonic()
    dataset, folder = DATASETS[name], out / ".stage" / name
    key = stage_key(root, name)
    note = read_note(folder)
    if note is not None and note["key"] == key:
        return _report(name, note, was_cached=True)
    sources = list(dataset.sources(root))
    work = out / ".stage" / f"{name}-{key[:16]}"
    batches = [
        Batch(root, name, tuple(sources[i : i + BATCH_FILES]), work / f"{i // BATCH_FILES:05d}")
        for i in range(0, len(sources), BATCH_FILES)
    ]
    _run_batches(batches, workers=workers, progress=progress)
    notes = [read_note(batch.folder) or {} for batch in batches]
    tables = join_tables([read_tables(batch.folder) for batch in batches])
    result = {
        "key": key,
        "pieces": len(tables["pieces"]["piece"]),
        "notes": int(np.sum(tables["pieces"]["notes"])),
        "seconds": round(time.monotonic() - begin, 1),
        "dropped": dict(sum((Counter(n["dropped"]) for n in notes), Counter[str]())),
        "examples": [e for n in notes for e in n["examples"]],
    }
    write_tables(folder, tables, result)
    shutil.rmtree(work, ignore_errors=True)
    return _report(name, result, was_cached=False)


def stage_key(root: Path, name: str) -> str:
    """Return what a stage depends on: the set's files and the build version."""
    files = checksum(folder_entries(root, DATASETS[name].files).items())
    return hashlib.sha256(f"{name} {BUILD_VERSION} {files}".encode()).hexdigest()


def _report(name: str, note: dict[str, Any], *, was_cached: bool) -> SetReport:
    return SetReport(
        name,
        note["pieces"],
        note["notes"],
        note["seconds"],
        note["dropped"],
        tuple(note["examples"]),
        was_cached,
    )


def _run_batches(batches: list[Batch], *, workers: int, progress: Progress) -> None:
    name = batches[0].name if batches else ""
    total = sum(len(batch.sources) for batch in batches)
    todo = [batch for batch in batches if read_note(batch.folder) is None]
    done = total - sum(len(batch.sources) for batch in todo)
    progress(name, done, total)
    if workers <= 1:
        for batch in todo:
            run_batch(batch)
            done += len(batch.sources)
            progress(name, done, total)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(run_batch, batch): batch for batch in todo}
        for future in as_completed(waiting):
            future.result()
            done += len(waiting[future].sources)
            progress(name, done, total)


def run_batch(batch: Batch) -> None:
    """Read and prepare the files of one batch and write their tables with a note of what was dropped."""
    found: list[dict[str, Table]] = []
    dropped: list[tuple[str, str]] = []
    for source in batch.sources:
        try:
            with time_limit(FILE_SECONDS):
                tables, left_out = read_source(batch.root, batch.name, source)
            found += tables
            dropped += left_out
        except (ZhiyinError, ArithmeticError, LookupError, ValueError, TypeError) as error:
            # A reader that stumbles over one file must not lose the set: the reason stands in the report.
            kind = error.kind if isinstance(error, Dropped) else "unreadable"
            dropped.append((kind, f"{source.path}: {kind}: {error}"))
    note = {"dropped": dict(Counter(kind for kind, _ in dropped)), "examples": [text for _, text in dropped]}
    write_tables(batch.folder, join_tables(found), note)


def read_source(
    root: Path, name: str, source: Source
) -> tuple[list[dict[str, Table]], list[tuple[str, str]]]:
    """Return the tables of every piece of one file, and (kind, reason) of each piece left out."""
    digest = file_sha256(root / source.path)
    tables, dropped = [], []
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        pieces = list(DATASETS[name].read(root, source))
    warned = tuple(sorted({str(w.message).removeprefix(str(root)) for w in said}))[:3]
    for piece in (replace(p, remarks=(*p.remarks, *warned)) for p in pieces):
        try:
            prepared = prepare(piece)
        except Dropped as reason:
            if reason.kind == "too slow":
                raise
            dropped.append((reason.kind, f"{piece.source.id}: {reason.kind}: {reason}"))
            continue
        rows = tables_of(prepared, set_name=name, sha256=digest)
        rows["pieces"]["is_jsb_leak"] = np.array([piece.source.is_jsb_leak or is_leaked(prepared.score)])
        tables.append(rows)
    return tables, dropped


def publish(out: Path, *, progress: Progress = silent) -> dict[str, int]:
    """Compare all staged sets, give splits, drop duplicates and write `out/NAME`; return {set: pieces kept}."""
    stages = sorted(p for p in (out / ".stage").iterdir() if p.name in DATASETS and read_note(p))
    order = list(DATASETS)
    stages.sort(key=lambda p: order.index(p.name))
    tables = [read_tables(stage) for stage in stages]
    splits, is_duplicate = compare_sets(tables)
    kept: dict[str, int] = {}
    at = 0
    for number, (stage, own) in enumerate(zip(stages, tables, strict=True)):
        count = len(own["pieces"]["piece"])
        own["pieces"]["split"] = splits[at : at + count]
        left = take_pieces(own, ~is_duplicate[at : at + count])
        note = dict(read_note(stage) or {})
        note["duplicates_dropped"] = int(np.count_nonzero(is_duplicate[at : at + count]))
        note["card"] = {
            f: getattr(DATASETS[stage.name].card, f) for f in ("licence", "attribution", "commit")
        }
        write_tables(out / stage.name, left, note)
        kept[stage.name] = len(left["pieces"]["piece"])
        at += count
        progress("shards", number + 1, len(stages))
    return kept


def compare_sets(tables: list[dict[str, Table]]) -> tuple[list[str], np.ndarray[Any, np.dtype[np.bool_]]]:
    """Return the split of every piece of all sets and which pieces repeat an earlier one."""
    works, official, rows, values = list[str](), list[str](), [], []
    for own in tables:
        first = len(works)
        works += list(own["pieces"]["work"])
        official += list(own["pieces"]["split"])
        rows.append(np.asarray(own["fingerprints"]["piece"], np.int64) + first)
        values.append(np.asarray(own["fingerprints"]["hash"], np.int64))
    pieces = len(works)
    pairs = similar_pairs(np.concatenate(rows), np.concatenate(values), pieces=pieces)
    close = related(pairs)
    links = list(zip(pairs.first[close].tolist(), pairs.second[close].tolist(), strict=True))
    cluster = clusters(pieces, links + links_of_works(works))
    return split_clusters(cluster, works, official), duplicates(pairs, pieces=pieces)
