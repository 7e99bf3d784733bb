"""Human windows of held-out pieces with what asks for their like, and answers to them from several processes.

Conventions: only pieces of the validation and test splits, which no shipped model has seen; none that leak into
chorale tests; the same seed draws the same windows. Does not know: how answers are judged.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.generators import Asking, Generator, asking_of, guided_generators, model_generators
from benchmarks.runner import BenchmarkError
from zhiyin.data.corpus import CorpusView, load_human_corpus
from zhiyin.data.fetch import data_home
from zhiyin.errors import ZhiyinError
from zhiyin.judge.excerpts import Excerpt, Place, draw_places

HELD_OUT = ("valid", "test")
LEFT_OUT = ("drum-groove", "")  # drums alone are no style
MIN_PIECES = 8  # held-out pieces with a window; fewer say little about a style
PROCESSES = 2
Job = tuple[str, Asking, int]
Key = tuple[str, Place, int]
KNOWN: dict[Key, Excerpt | None] = {}  # the answers of this run


def corpus_folder() -> Path:
    """Return the corpus: ZHIYIN_CORPUS, or where `zhiyin corpus build` puts it."""
    folder = Path(os.environ.get("ZHIYIN_CORPUS") or data_home() / "corpus")
    if not folder.is_dir():
        raise BenchmarkError(f"a corpus must be at {folder}: run  zhiyin corpus build  or set ZHIYIN_CORPUS")
    return folder


def draw_askings(
    corpus: Path, *, seed: int, per_style: int, styles: Sequence[str] = (), splits: Sequence[str] = HELD_OUT
) -> list[Asking]:
    """Return up to `per_style` human windows of every style with enough held-out pieces, with their askings.

    styles: only these; all when empty.
    """
    found: list[Asking] = []
    views = [load_human_corpus(corpus, split=split) for split in splits]
    names = sorted({str(s) for view in views for s in view.column("style")} - set(LEFT_OUT))
    for name in names:
        if styles and name not in styles:
            continue
        rng = np.random.default_rng([seed, *name.encode()])
        found += _of_style(views, name, per_style, rng)
    return found


def _of_style(views: list[CorpusView], style: str, count: int, rng: np.random.Generator) -> list[Asking]:
    """Return windows of a style: one a piece first, a second and third where there are not enough pieces."""
    rows = [(v, i) for v, view in enumerate(views) for i in np.flatnonzero(_fits(view, style)).tolist()]
    drawn: dict[tuple[int, int], list[Asking]] = {}
    for choice in rng.permutation(len(rows)).tolist():
        v, index = rows[choice]
        pairs = draw_places(views[v], [index], per_piece=4, rng=rng)
        if pairs:
            drawn[v, index] = [asking_of(views[v], place, excerpt) for place, excerpt in pairs]
        if len(drawn) >= max(count, MIN_PIECES):
            break
    if len(drawn) < MIN_PIECES:
        return []
    by_turn = [rest[turn] for turn in range(4) for rest in drawn.values() if turn < len(rest)]
    return by_turn[:count]


def _fits(view: CorpusView, style: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    fits: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        (view.column("style") == style) & (view.note_counts > 0) & ~view.column("is_jsb_leak").astype(bool)
    )
    return fits


@cache
def _generators() -> dict[str, Generator]:
    return model_generators() | guided_generators()


def answer(job: Job) -> Excerpt | None:
    """Return a generator's answer, None where it could write nothing worth judging in three tries."""
    name, asking, seed = job
    try:
        return _generators()[name](asking, asking.seed_for(seed))
    except ZhiyinError as error:
        print(f"    {name}: {asking.place.piece}: {type(error).__name__}: {error}", flush=True)
        return None


def answers(jobs: Iterable[Job], known: dict[Key, Excerpt | None]) -> list[Excerpt | None]:
    """Return the answers to (generator, asking, seed), by two processes of one thread each.

    known: answers of this run, read and added to, so that two benchmarks of one run share what they wrote.
    """
    listed = list(jobs)
    new = [job for job in listed if key_of(job) not in known]
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        for job, found in zip(new, pool.map(answer, new, chunksize=4), strict=True):
            known[key_of(job)] = found
    return [known[key_of(job)] for job in listed]


def key_of(job: Job) -> Key:
    """Return what an answer is known by: generator, place, seed."""
    name, asking, seed = job
    return name, asking.place, seed
