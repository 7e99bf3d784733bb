"""Every act on people's own files: what had to stay stays, wishes are kept, files read the same elsewhere; how long.

Conventions: 30 files of five formats and hard cases, none seen by the model, three seeds; one draw of scope, locks and
wishes an act, a file and a seed. All comparisons stand in benchmarks/acts_checks.py and acts_files.py and use no proof
of the product's own. A refusal is counted by its kind. Speed is measured first, alone in one process.
ZHIYIN_ACTS_FILES, ZHIYIN_ACTS_SEEDS: how many files and seeds; ZHIYIN_ACTS_PROCESSES: how many at once (2).
Needs ZHIYIN_CORPUS and ZHIYIN_DATA.
Does not know: how an act is carried out.
"""

from __future__ import annotations

import multiprocessing
import os
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from benchmarks.acts_checks import bar_edges, broken_wishes, lost_or_changed
from benchmarks.acts_files import is_plain, reread_midi, reread_notation
from benchmarks.acts_pieces import OwnFile, own_files
from benchmarks.acts_table import ACTS, Asked, draw_act
from benchmarks.runner import Context, Result, write_whole
from zhiyin.apps.files import ReadScore, named
from zhiyin.apps.model import open_model
from zhiyin.arrange import ENSEMBLES, arrange, orchestrate, reduce
from zhiyin.errors import ConflictingWishes, ConstraintsUnmet, InvalidInput, ZhiyinError
from zhiyin.fill.act import perform_act
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.io import FORMATS
from zhiyin.models import StepModel
from zhiyin.score import Notes, Origin, Part, Score

FILES = int(os.environ.get("ZHIYIN_ACTS_FILES", "0"))  # 0: all
SEEDS = int(os.environ.get("ZHIYIN_ACTS_SEEDS", "3"))
PROCESSES = int(os.environ.get("ZHIYIN_ACTS_PROCESSES", "2"))
DETAILS = "benchmarks/results/acts.details.txt"
QUARTET, BAND = "string quartet", "big band"
WHOLE: dict[str, Callable[[Score], Score]] = {
    "arrange": lambda score: arrange(score, ENSEMBLES[QUARTET]).score,
    "orchestrate": lambda score: orchestrate(score).score,
    "reduce": lambda score: reduce(score).score,
}
NOTATION_NOTES = 700  # larger scores are re-read by the MIDI libraries alone: music21 takes minutes


@dataclass(frozen=True)
class Outcome:
    """What became of one act on one file with one seed.

    refusal: the kind and message of the error, "" when it was answered; the lists hold sentences of what is wrong;
    reread: which libraries read its files; new: notes written.
    """

    act: str
    file: str
    seed: int
    seconds: float
    refusal: tuple[str, str] = ("", "")
    changed: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    unequal: tuple[str, ...] = ()
    wishes: int = 0
    locks: int = 0
    reread: tuple[str, ...] = ()
    new: int = 0


def run(ctx: Context) -> list[Result]:
    """Carry out every act on every file with three seeds."""
    ctx = replace(ctx, seeds=ctx.seeds[:SEEDS])
    files = own_files()[: FILES or None]
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        found = [o for many in pool.map(acted_file, files, [ctx.seeds] * len(files)) for o in many]
    write_whole(ctx.root / DETAILS, "\n".join(details(found)) + "\n")
    return results(ctx, found, len(files))


@cache
def _model() -> StepModel:
    return open_model()


def acted_file(file: OwnFile, seeds: tuple[int, ...]) -> list[Outcome]:
    """Return the outcomes of every act on one file."""
    warnings.simplefilter("ignore")
    score = with_origin(FORMATS[file.ending].read(file.data, path=file.name), file)
    desk = lay_out(score)
    found = [acted(name, desk, file=str(file), seed=seed) for seed in seeds for name in ACTS]
    return found + [arranged(name, score, str(file)) for name in WHOLE]


def with_origin(score: Score, file: OwnFile) -> Score:
    """Return a score with names where the file has none, every note told as the file's."""
    score = named(ReadScore(score, ""), _path(file)).score
    parts = [p.with_notes(p.notes.with_columns(origin=np.zeros(len(p.notes), np.int64))) for p in score.parts]
    return replace(score, parts=tuple(parts), provenance=(Origin("file", file.name),))


def _path(file: OwnFile) -> Path:
    return Path(file.name.replace("/", "-") + file.ending)


def acted(name: str, desk: Desk, *, file: str, seed: int) -> Outcome:
    """Return what became of one act."""
    rng = np.random.default_rng([seed, *name.encode(), *file.encode()])
    begun = time.perf_counter()
    outcome = Outcome(name, file, seed, 0.0)
    try:
        asked = draw_act(name, desk, rng)
        outcome = replace(outcome, wishes=len(asked.wishes), locks=len(asked.locks))
        take = perform_act(replace(asked.order, seed=seed), _model())
    except ZhiyinError as error:
        return replace(outcome, seconds=time.perf_counter() - begun, refusal=(kind_of(error), str(error)))
    seconds = time.perf_counter() - begun
    given = asked.order.desk
    return replace(
        _with_files(outcome, take.score, notation=seed == 0), seconds=seconds, new=len(_all_new(given, take.score)),
        changed=tuple(lost_or_changed(_longer(given, desk), take.score, asked.allowed)),
        broken=tuple(_broken(asked, take.score)),
    )  # fmt: skip


def kind_of(error: ZhiyinError) -> str:
    """Return what kind of refusal an error is."""
    if isinstance(error, ConflictingWishes):
        return "wishes that exclude each other"
    if isinstance(error, ConstraintsUnmet):
        return "a wish that could not be kept"
    return (
        "what was asked does not fit the piece" if isinstance(error, InvalidInput) else type(error).__name__
    )


def _longer(given: Desk, desk: Desk) -> Desk:
    """Return the desk as laid out, with the locks that were asked."""
    return replace(desk, own=replace(desk.own, locks=given.own.locks))


def _all_new(desk: Desk, after: Score) -> list[int]:
    return [p for part in after.parts for p in _new(desk, part).pitch.tolist()]


def _new(desk: Desk, part: Part) -> Notes:
    """Return the notes of a part that the act wrote."""
    origin = part.notes.origin
    if origin is None:
        return part.notes
    return part.notes.take(origin >= len(desk.own.provenance))


def _broken(asked: Asked, after: Score) -> list[str]:
    """Return the wishes broken by the new notes of any part, placed on the grid."""
    if not asked.wishes:
        return []
    desk, told = asked.order.desk, []
    edges = bar_edges(desk.frame, max(c.bar for c in asked.order.scope.cells(desk.frame)) + 1)
    for part in after.parts:
        notes = _new(desk, part)
        if not desk.warp.is_identity and len(notes):
            begin, end = (
                np.rint(desk.warp.to_frame(t) / 420).astype(np.int64) * 420
                for t in (notes.onset, notes.offset)
            )
            notes = Notes(begin, np.maximum(end - begin, 1), notes.pitch, notes.velocity)
        told += [
            f"{part.name!r}: {words}"
            for words in broken_wishes(asked.wishes, notes, edges, is_drums=part.is_drums)
        ]
    return told


def _with_files(outcome: Outcome, score: Score, *, notation: bool) -> Outcome:
    """Return the outcome with what other libraries read in its files."""
    unequal, reread = list(reread_midi(score)), ["mido and symusic: MIDI"]
    if notation and score.note_count <= NOTATION_NOTES:
        unequal += reread_notation(score, ".musicxml")
        reread.append("music21: MusicXML")
        if is_plain(score):
            unequal += reread_notation(score, ".abc")
            reread.append("music21: ABC")
    return replace(outcome, unequal=tuple(unequal), reread=tuple(reread))


def arranged(name: str, score: Score, file: str) -> Outcome:
    """Return what became of an act that makes another score of the piece: the piece itself must stay as it is."""
    begun, before = time.perf_counter(), FORMATS[".zyn"].write(score).data
    try:
        made = WHOLE[name](score)
    except ZhiyinError as error:
        return Outcome(name, file, 0, time.perf_counter() - begun, refusal=(kind_of(error), str(error)))
    seconds = time.perf_counter() - begun
    changed = () if FORMATS[".zyn"].write(score).data == before else ("the piece given changed",)
    return replace(_with_files(Outcome(name, file, 0, seconds), made, notation=True), changed=changed)


# -- results -------------------------------------------------------------------------------------------------


def results(ctx: Context, found: list[Outcome], files: int) -> list[Result]:
    """Return the figures of all acts, then of each."""
    done = [o for o in found if not o.refusal[0]]
    wished, held = [o for o in done if o.wishes], [o for o in done if o.locks]

    def share(
        metric: str, many: list[Outcome], bad: Callable[[Outcome], bool], *, goal: str | None
    ) -> list[Result]:
        if not many:
            return []
        good = 100 * sum(not bad(o) for o in many) / len(many)
        return [ctx.result(metric, good, "% of takes", n=len(many), goal=goal, seeds=ctx.seeds)]

    rows = [
        ctx.result("files", files, "files", seeds=ctx.seeds),
        ctx.result("acts", len({o.act for o in found}), "acts"),
    ]
    rows += share(
        "what lies outside the scope or is locked came back byte for byte", done, _is_changed, goal=">= 100"
    )
    rows += share("of these, with locks", held, _is_changed, goal=">= 100")
    rows += share("hard wishes kept, counted anew", wished, lambda o: bool(o.broken), goal=">= 100")
    for library in sorted({name for o in done for name in o.reread}):
        many = [o for o in done if library in o.reread]
        word = library.rsplit(" ", 1)[-1].lower()
        rows += share(
            f"read with equal notes by {library}", many, partial(_is_unequal, word=word), goal=">= 100"
        )
    rows += share("answered", found, lambda o: bool(o.refusal[0]), goal=None)
    for kind, count in Counter(o.refusal[0] for o in found if o.refusal[0]).most_common():
        rows.append(ctx.result(f"refused: {kind}", count, "takes", n=len(found), seeds=ctx.seeds))
    for act in dict.fromkeys(o.act for o in found):
        took = [o.seconds for o in done if o.act == act]
        if took:
            rows.append(
                ctx.result(
                    f"{act}: a take, median", float(np.median(took)), "s", n=len(took), seeds=ctx.seeds
                )
            )
    return rows


def _is_changed(outcome: Outcome) -> bool:
    return bool(outcome.changed)


def _is_unequal(outcome: Outcome, word: str) -> bool:
    """Return whether a library found other notes; word: midi, musicxml or abc."""
    heads = ("mido", "symusic") if word == "midi" else (f"music21 {word}",)
    return any(told.startswith(heads) for told in outcome.unequal)


def details(found: Iterable[Outcome]) -> list[str]:
    """Return one line a refusal and a fault, for whoever looks for the reason."""
    lines = []
    for o in found:
        place = f"{o.act} | {o.file} | seed {o.seed} | "
        lines += [place + f"REFUSED ({o.refusal[0]}): {o.refusal[1]}"] if o.refusal[0] else []
        for word, many in (("CHANGED", o.changed), ("BROKEN", o.broken), ("UNEQUAL", o.unequal)):
            lines += [f"{place}{word}: {told}" for told in many]
    return sorted(lines)
