"""The leaderboard: every family answers the same requests of the same splits, side by side in one table.

Conventions: requests are those of the two-sample test, asked as a user would, and the sentences of requests.jsonl; each
family runs in a process of its own, so that memory is its own. A figure without meaning for a family has no row.
Families that only transfer answer by the transformer's piece in another style, put into the one that is asked.
Needs the `bench` and `train` extras and a corpus. ZHIYIN_FAMILIES: names to run, comma separated; ZHIYIN_FAMILIES_SIZE:
windows a style and seed (1). Does not know: how families write.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.families_likelihood import bits_a_note
from benchmarks.generators import Asking, one_part_a_player
from benchmarks.human_windows import corpus_folder, draw_askings
from benchmarks.requests import Asking as Sentence
from benchmarks.requests import checked, read_requests, rests_of
from benchmarks.runner import Context, Result
from benchmarks.two_sample import judge, paired
from zhiyin.apps.families import FAMILIES, capabilities, ensemble_members, model_of, planned, take_of
from zhiyin.apps.plan_ import plan_of
from zhiyin.apps.transfer_ import LEARNT, chosen
from zhiyin.apps.wishes import read_asked
from zhiyin.errors import ZhiyinError
from zhiyin.fill.acts.transfer import Asked as Restyling
from zhiyin.fill.acts.transfer import transfer
from zhiyin.fill.acts.transfer_tune import with_tune
from zhiyin.fill.desk import lay_out
from zhiyin.fill.plan import Plan
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.request import Take
from zhiyin.fill.sampling import Sampling
from zhiyin.fill.transfer_writers import RestylerWriter
from zhiyin.judge.excerpts import Excerpt, score_excerpt
from zhiyin.judge.frechet import frechet_distance
from zhiyin.judge.rank import rank
from zhiyin.judge.style_net import load_style_net
from zhiyin.judge.two_sample import Samples, mean_auc
from zhiyin.rights.report import HUMAN_SHARE, report_on
from zhiyin.rights.storage import shipped_library
from zhiyin.score import Score, Wishes
from zhiyin.theory.instruments import find_instrument

PER_STYLE = int(os.environ.get("ZHIYIN_FAMILIES_SIZE", "1"))
MIX = "transformer+lstm"
RESTYLERS = ("cyclegan", "vae-transfer")  # they answer by putting a piece of the transformer's into the style
SOURCES = ("hymn", "romantic-piano")  # the style of that piece; the second where the first is what is asked
SIDE_BY_SIDE = int(os.environ.get("ZHIYIN_FAMILIES_WORKERS", "2"))  # families at once, a core each
OWN_LAWS = ("planned_rests",)  # of our plans, where bands of the style book rest by figures of their own
TABLE = "families.table.md"  # the leaderboard for people, beside the results


@dataclass
class Answers:
    """What a family gave: windows by request (None refused), and of every piece its measures."""

    windows: list[Excerpt | None] = field(default_factory=list)
    distances: list[float] = field(default_factory=list)  # of the judges, in people's standard deviations
    copied: list[float] = field(default_factory=list)  # share of 12-grams that training holds
    longest: list[int] = field(default_factory=list)  # notes of the longest shared run
    notes_a_second: list[float] = field(default_factory=list)
    kept: list[bool] = field(default_factory=list)  # sentences whose every hard wish the MIDI file keeps
    refused: int = 0  # sentences that the family does not serve, or could not keep
    broken: list[str] = field(default_factory=list)
    peak_mb: float = 0.0


def run(ctx: Context) -> list[Result]:
    """Return the rows of every family and write the table for people."""
    asked = os.environ.get("ZHIYIN_FAMILIES", "")
    names = [n for n in asked.split(",") if n] or composers()
    drawn = [
        (a, s)
        for s in ctx.seeds
        for a in draw_askings(corpus_folder(), seed=s, per_style=PER_STYLE, styles=())
    ]
    print(f"    {len(drawn)} requests, families {', '.join(names)}", flush=True)
    rows: list[Result] = []
    table: dict[str, dict[str, float]] = {}
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        every = list(pool.map(lambda name: in_own_process(name, drawn, ctx), names))
    for name, found in zip(names, every, strict=True):
        own = rows_of(ctx, name, found, drawn=drawn)
        table[name] = {row.metric.split(": ", 1)[1]: row.value for row in own}
        rows += own
        print(f"    {name}: {table[name]}", flush=True)
    write_table(ctx.root / "benchmarks" / "results" / TABLE, table, ctx)
    return rows


def composers() -> list[str]:
    """Return the families that compose, and the mix of step models."""
    names = [name for name, one in FAMILIES.items() if "compose" in one.acts]
    names += [MIX] if MIX in ensemble_members() else []
    names += RESTYLERS
    return sorted(
        names, key=lambda name: name != "ensemble"
    )  # the slowest first, so that nobody waits for it


def in_own_process(name: str, drawn: list[tuple[Asking, int]], ctx: Context) -> Answers:
    """Return a family's answers from a fresh process."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(answers, name, drawn, root=str(ctx.root), seed=ctx.seeds[0]).result()


def answers(name: str, drawn: list[tuple[Asking, int]], *, root: str, seed: int) -> Answers:
    """Return what a family answers to windows' requests, and to sentences with one seed."""
    found = Answers()
    for asking, draw in drawn:
        found.windows.append(_window(found, name, asking, asking.seed_for(draw)))
    for sentence in read_requests(Path(root) / "benchmarks" / "requests.jsonl"):
        _obeyed(found, name, sentence, seed)
    found.peak_mb = peak_mb()
    library = shipped_library()
    for piece in _PIECES:
        told = report_on(piece, library, top=1)
        found.copied.append(told.gram_share)
        found.longest.append(told.longest)
        found.distances.append(rank([piece])[0].distance)
    return found


def peak_mb() -> float:
    """Return the most memory this process has held since it began, MB.

    Of Linux's own count: ru_maxrss keeps the parent's where a process was forked from a large one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


_PIECES: list[Score] = []  # of the windows, in this process alone: judged after memory was read


def _written(name: str, wishes: Wishes, seed: int) -> Take:
    """Return a take of wishes by a family, as `compose` writes it, or as `transfer` does what was composed."""
    writer, first = _first_writer(name, wishes)
    plan = planned(writer, make_plan(first, seed=seed), first, seed=seed)
    return _finished(name, _composed(writer, plan, first, seed), wishes, seed)


def _first_writer(name: str, wishes: Wishes) -> tuple[str, Wishes]:
    """Return who composes and from which wishes: for families that only transfer, the transformer in another style.

    Raises InvalidInput and NotFound for a style that a family does not serve.
    """
    if name not in RESTYLERS:
        return name, wishes
    _, style = chosen(name, wishes.style or "")
    return "transformer", replace(wishes, style=next(one for one in SOURCES if one != style))


def _composed(name: str, plan: Plan, wishes: Wishes, seed: int) -> Take:
    return take_of(
        name, plan, wishes, model=model_of(name, None), seed=seed, take=0, sampling=Sampling(),
        progress=lambda *_: None,
    )  # fmt: skip


def _finished(name: str, take: Take, wishes: Wishes, seed: int) -> Take:
    """Return the take, put into the style by a family that only transfers."""
    if name not in RESTYLERS:
        return take
    _, style = chosen(name, wishes.style or "")
    _, first = _first_writer(name, wishes)
    asked = Restyling(style=style, players="same", seed=seed)
    writer = RestylerWriter(LEARNT[name](), str(first.style))
    desk = with_tune(lay_out(take.score), asked.keep)
    return transfer(desk, asked, writer, rng=np.random.default_rng(seed))


def _window(found: Answers, name: str, asking: Asking, seed: int) -> Excerpt | None:
    begun = time.process_time()
    try:
        score = _written(name, asking.wishes, seed).score
    except ZhiyinError as error:
        found.broken.append(f"{asking.wishes.style}: {type(error).__name__}: {str(error)[:80]}")
        return None
    found.notes_a_second.append(score.note_count / (time.process_time() - begun))
    _PIECES.append(score)
    unheard = {find_instrument(player).program for player in asking.unheard}
    parts = [p for p in score.parts if p.is_drums or p.program not in unheard]
    return score_excerpt(score.with_parts(one_part_a_player(parts)), first_bar=asking.window)


def _obeyed(found: Answers, name: str, sentence: Sentence, seed: int) -> None:
    """Note whether a sentence's every hard wish is kept in the MIDI file, or that it was refused."""
    try:
        asked = read_asked(sentence.text, Wishes())
        writer, first = _first_writer(name, asked.wishes)
        plan = planned(writer, plan_of(replace(asked, wishes=first), seed=seed), first, seed=seed)
        done = _finished(name, _composed(writer, plan, first, seed), asked.wishes, seed)
    except ZhiyinError as error:
        found.refused += 1
        found.broken.append(f"{sentence.id}: {type(error).__name__}: {str(error)[:80]}")
        return
    score = replace(done.score, title=done.score.title or plan.title)
    outcome = checked(sentence, seed, score, rests=rests_of(plan))
    asked_for = {name for name in outcome.broken or {} if name not in OWN_LAWS}
    found.kept.append(not asked_for)
    if outcome.broken:
        found.broken.append(f"{sentence.id}: {outcome.broken}")


def rows_of(ctx: Context, name: str, found: Answers, *, drawn: list[tuple[Asking, int]]) -> list[Result]:
    """Return one family's rows."""

    def row(metric: str, value: float, unit: str, **rest: object) -> Result:
        return ctx.result(f"{name}: {metric}", value, unit, seeds=ctx.seeds, **rest)  # type: ignore[arg-type]

    answered = sum(one is not None for one in found.windows)
    asked = len(drawn) + len(found.kept) + found.refused
    rows = [row("requests answered", (answered + len(found.kept)) / asked, "share", n=asked)]
    print("\n".join(f"      {name}: {line}" for line in found.broken[:6]), flush=True)
    if not (answered and found.kept):
        return rows
    if answered >= 20:
        samples = paired(drawn, found.windows).samples()
        verdict = judge(samples)
        by_seed = [
            mean_auc(samples.take(samples.seed == s), verdict.scores[samples.seed == s]) for s in ctx.seeds
        ]
        rows.append(row(
            "two-sample AUC", verdict.value, "AUC", sd=float(np.std(by_seed, ddof=1)), n=len(verdict.scores),
            anchor=f"strongest: {verdict.strongest}",
        ))  # fmt: skip
        rows.append(row("Frechet distance", _frechet(samples), "", n=answered))
    rows += [
        row("judges' distance", float(np.mean(found.distances)), "people's sd", n=len(found.distances)),
        row(
            "copied 12-grams", float(np.mean(found.copied)), "share", n=len(found.copied),
            anchor=f"people {HUMAN_SHARE}, longest run {max(found.longest, default=0)} notes",
        ),
        row("hard wishes kept", float(np.mean(found.kept)), "share", n=len(found.kept), anchor="sentences answered"),
        row(
            "notes a second", median(found.notes_a_second), "notes/s", n=len(found.notes_a_second),
            anchor="of one core's time, planning and checks included",
        ),
        row("peak memory", found.peak_mb, "MB"),
        row("weights", _megabytes(name), "MB"),
    ]  # fmt: skip
    return [*rows, *likelihood_rows(ctx, name)]


def _frechet(samples: Samples) -> float:
    embedded = load_style_net().embed(samples.x).astype(np.float64)
    return frechet_distance(embedded[~samples.is_generated], embedded[samples.is_generated])


def _megabytes(name: str) -> float:
    sizes = {str(one["family"]): float(one["bytes"]) / 1e6 for one in capabilities()}
    if name in RESTYLERS:
        return sizes[name] + sizes["transformer"]
    helped = sizes["transformer"] if name in FAMILIES and FAMILIES[name].proposer is not None else 0.0
    if name == "ensemble":
        return sum(sizes[member] for member in ensemble_members() if member in sizes)
    if name == "auto":
        return sizes["transformer"]
    return sum(sizes[member] for member in name.split("+")) + helped


def likelihood_rows(ctx: Context, name: str) -> list[Result]:
    """Return held-out bits a note of a step model, from nothing and when going on."""
    if name in RESTYLERS:
        return []
    checkpoints = [FAMILIES[member].checkpoint for member in name.split("+")]
    if not all(checkpoints):
        return []
    found = bits_a_note(corpus_folder(), checkpoints, seeds=ctx.seeds)
    return [
        ctx.result_of(f"{name}: bits a note, {task}", values, "bits/note", seeds=ctx.seeds)
        for task, values in found.items()
    ]


def write_table(path: Path, table: dict[str, dict[str, float]], ctx: Context) -> None:
    """Write the leaderboard as Markdown: families down, figures across."""
    columns = list(dict.fromkeys(metric for found in table.values() for metric in found))
    lines = [
        f"Measured {ctx.clock().date().isoformat()} on {ctx.machine}, commit {ctx.commit[:7]}, seeds "
        f"{', '.join(map(str, ctx.seeds))}: `python -m benchmarks families`.",
        "", "| family | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|",
    ]  # fmt: skip
    for name, found in table.items():
        cells = [f"{found[c]:.3g}" if c in found else "" for c in columns]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
