"""Are tunes in Chinese style pentatonic in the way that printed statistics of folk songs are?

Conventions: every number comes from parsed scores; a tune is the lead's highest note at each onset; gong is found
alike for all as the pitch class whose five notes hold most of the tune (the last note decides ties), which helps
controls; distances are Jensen-Shannon in bits, 0 the same, 1 nothing shared. Needs the sets cn_folk_stats,
music21_folk and open_hymnal in ZHIYIN_DATA; essen_kern, for measuring only, is used where it lies there.
Does not know: how the model was trained.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.data import DATASETS, STATISTICS
from zhiyin.data.cn_folk_stats import ProvinceStatistics
from zhiyin.data.fetch import data_home
from zhiyin.data.manifest import find_root, packaged_folder
from zhiyin.errors import ZhiyinError
from zhiyin.fill import compose_plan, folk_counts
from zhiyin.fill.norms import norms_of
from zhiyin.fill.plan_make import make_plan
from zhiyin.io import load
from zhiyin.models import FillRuntime, StepModel, load_checkpoint
from zhiyin.score import Notes, Score, Wishes
from zhiyin.units import TICKS_PER_QUARTER

PIECES, BARS, CONTROL_TUNES = 20, 16, 200
UNSTEERED_PIECES, WESTERN_PIECES = 6, 2  # a seed; western pieces a style
CONTROL_STYLES = ("folk", "hymn", "song", "classical")
STEPS = {0: "1", 2: "2", 4: "3", 5: "4", 7: "5", 9: "6", 11: "7"}
FIVE = ("1", "2", "3", "5", "6")
TABLES = {"degree": "degrees", "interval": "steps", "final_degree": "finals", "duration_quarters": "lengths"}
# Half of what the nearest control of people showed: hymns, German songs, dance tunes, dance tunes.
GOALS = {
    "degree": "<= 0.027",
    "interval": "<= 0.041",
    "final_degree": "<= 0.08",
    "duration_quarters": "<= 0.017",
}
Line = tuple[list[int], list[float]]  # pitches, lengths in quarters
Counts = dict[str, Counter[str]]


@dataclass
class Profile:
    """Counts over tunes: table -> value -> count, as the published set names them."""

    tables: Counts = field(default_factory=lambda: {name: Counter() for name in TABLES})
    tunes: int = 0

    def add(self, line: Line) -> None:
        """Count one tune."""
        pitches, lengths = line
        if len(pitches) < 8:
            return
        gong = find_gong(pitches)
        degrees = [STEPS.get((p - gong) % 12, "other") for p in pitches]
        self.tunes += 1
        self.tables["degree"].update(degrees)
        self.tables["interval"].update(str(b - a) for a, b in pairwise(pitches) if abs(b - a) <= 24)
        self.tables["final_degree"].update([degrees[-1]])
        self.tables["duration_quarters"].update(
            f"{round(q * 4) / 4:g}" for q in lengths if 0 < round(q * 4) <= 32
        )

    @property
    def on_five(self) -> float:
        """Return the share of notes on the five degrees."""
        degrees = self.tables["degree"]
        return sum(degrees[d] for d in FIVE) / max(sum(degrees.values()), 1)


def find_gong(pitches: list[int]) -> int:
    """Return the pitch class whose five notes hold most of a tune; the last note decides ties.

    >>> find_gong([67, 69, 71, 74, 76, 67])
    7
    """
    ends = folk_counts.FINAL

    def fit(gong: int) -> tuple[int, int]:
        inside = sum(STEPS.get((p - gong) % 12, "") in FIVE for p in pitches)
        return inside, ends.get(STEPS.get((pitches[-1] - gong) % 12, ""), 0)

    return max(range(12), key=fit)


def line_of(notes: Notes) -> Line:
    """Return the top note at each onset and how long it lasts, at most to the next."""
    onsets = sorted(set(notes.onset.tolist()))
    top: dict[int, tuple[int, int]] = {}
    for onset, pitch, duration in zip(
        notes.onset.tolist(), notes.pitch.tolist(), notes.duration.tolist(), strict=True
    ):
        if onset not in top or pitch > top[onset][0]:
            top[onset] = (pitch, duration)
    gaps = [b - a for a, b in pairwise(onsets)] + [1 << 60]
    lengths = [min(top[o][1], gap) / TICKS_PER_QUARTER for o, gap in zip(onsets, gaps, strict=True)]
    return [top[o][0] for o in onsets], lengths


def profile_of(lines: Iterable[Line]) -> Profile:
    """Return the counts over several tunes."""
    profile = Profile()
    for line in lines:
        profile.add(line)
    return profile


def distance(first: Counter[str], second: Counter[str]) -> float:
    """Return the Jensen-Shannon divergence of two tables in bits.

    >>> distance(Counter("aa"), Counter("b"))
    1.0
    """
    one, two = sum(first.values()), sum(second.values())
    total = 0.0
    for value in first.keys() | second.keys():
        p, q = first[value] / one, second[value] / two
        total += sum(x * math.log2(2 * x / (p + q)) / 2 for x in (p, q) if x > 0)
    return total


def published(provinces: Iterable[ProvinceStatistics]) -> Profile:
    """Return the published counts of some provinces, pooled."""
    profile = Profile()
    for province in provinces:
        profile.tunes += province.songs
        for name in TABLES:
            profile.tables[name].update(
                {v: n for v, n in province.tables[name].items() if not (name.startswith("dur") and v == "0")}
            )
    return profile


def lead(score: Score) -> Line:
    """Return the line of the part that leads: the melody's, or the first with notes."""
    parts = [p for p in score.parts if not p.is_drums and len(p.notes)]
    return line_of(next((p for p in parts if p.role == "melody"), parts[0]).notes) if parts else ([], [])


def set_lines(name: str, root: Path, keep: Callable[[str], bool] = lambda name: True) -> Iterator[Line]:
    """Yield the lead lines of up to CONTROL_TUNES pieces of a set, spread over it."""
    sources = [s for s in DATASETS[name].sources(root) if keep(s.id)]
    chosen = np.linspace(0, len(sources) - 1, min(CONTROL_TUNES, len(sources))).round().astype(int)
    for index in dict.fromkeys(chosen.tolist()):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                pieces = list(DATASETS[name].read(root, sources[index]))
        except ZhiyinError:  # a tune that cannot be read is no tune to compare with
            continue
        yield from (lead(piece.score) for piece in pieces)


def kern_lines(folder: Path) -> Iterator[Line]:
    """Yield the lines of up to CONTROL_TUNES songs in Humdrum files, spread over a folder."""
    paths = sorted(folder.glob("*.krn"))
    for index in np.linspace(0, len(paths) - 1, min(CONTROL_TUNES, len(paths))).round().astype(int).tolist():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                score = load(paths[index])
        except (ZhiyinError, ValueError):  # old files with odd text
            continue
        yield lead(score)


def humans() -> dict[str, Profile]:
    """Return the profiles of people's tunes: ours, other Chinese songs, and controls from elsewhere."""
    own = packaged_folder("chinese_tunes")
    assert own is not None, "the tunes ship with the package"
    home = data_home()
    groups = {
        "encoded folk tunes": profile_of(set_lines("chinese_tunes", own, lambda name: name.startswith("min-ge"))),
        "encoded ceremonial songs": profile_of(
            set_lines("chinese_tunes", own, lambda name: not name.startswith("min-ge"))
        ),
    }  # fmt: skip
    for label, name in (("Irish and American dance tunes", "music21_folk"), ("hymns", "open_hymnal")):
        groups[label] = profile_of(set_lines(name, find_root(home, name, DATASETS[name].files)))
    essen = home / "essen_kern"
    for label, folder in (
        ("Chinese songs (Essen)", "asia/china/han"),
        ("German songs (Essen)", "europa/deutschl/erk"),
    ):
        if (essen / folder).is_dir():
            groups[label] = profile_of(kern_lines(essen / folder))
    return groups


def generated(model: StepModel, style: str, *, seed: int, pieces: int = PIECES) -> Profile:
    """Return the profile of tunes that the model writes in a style; the leading player plays alone."""
    lines = []
    for number in range(pieces):
        wishes = Wishes(style=style, bars=BARS, players=(norms_of(style).players[0][0],))
        plan = make_plan(wishes, seed=1000 * seed + number)
        score = compose_plan.compose(plan, wishes, model=model, seed=1000 * seed + number).score
        lines.append(lead(score))
    return profile_of(lines)


def run(ctx: Context) -> list[Result]:
    """Compare people's and the model's tunes with the published counts."""
    try:
        provinces = STATISTICS["cn_folk_stats"].statistics(
            find_root(data_home(), "cn_folk_stats", ("*.json",))
        )
        people = humans()
    except ZhiyinError as error:
        raise BenchmarkError(f"the sets must be fetched first ({error}): zhiyin corpus fetch NAME") from error
    target, model = published(provinces.values()), FillRuntime(load_checkpoint())
    rows: dict[str, list[Profile]] = {"generated, Chinese": []}
    for seed in ctx.seeds:
        rows["generated, Chinese"].append(generated(model, "chinese", seed=seed))
        rows.setdefault("generated, Chinese, not steered", []).append(unsteered(model, seed))
        for style in CONTROL_STYLES:
            rows.setdefault(f"generated, {style}", []).append(
                generated(model, style, seed=seed, pieces=WESTERN_PIECES)
            )
    results = [table_check(ctx, target), *province_results(ctx, provinces, target)]
    results += [
        one
        for label, profile in people.items()
        for one in group_results(ctx, label, [profile], target=target)
    ]
    results += [
        one for label, profiles in rows.items() for one in group_results(ctx, label, profiles, target=target)
    ]
    return [*results, *ratios(ctx, rows, target)]


def unsteered(model: StepModel, seed: int) -> Profile:
    """Return the profile of Chinese tunes written without the wish for degrees."""
    kept = compose_plan.FOLK_STRENGTH, compose_plan.FOLK_PACE
    try:
        compose_plan.FOLK_STRENGTH = compose_plan.FOLK_PACE = 0.0
        return generated(model, "chinese", seed=seed, pieces=UNSTEERED_PIECES)
    finally:
        compose_plan.FOLK_STRENGTH, compose_plan.FOLK_PACE = kept


def table_check(ctx: Context, target: Profile) -> Result:
    """Return how many entries of the package's table differ from the set's counts."""
    ours = {
        "degree": folk_counts.DEGREE, "interval": {str(k): v for k, v in folk_counts.INTERVAL.items()},
        "final_degree": folk_counts.FINAL, "duration_quarters": {f"{k:g}": v for k, v in folk_counts.DURATION.items()},
    }  # fmt: skip
    wrong = sum(Counter(ours[name]) != target.tables[name] for name in TABLES)
    return ctx.result(
        "tables in the package that differ from the set", wrong, "tables", n=len(TABLES), goal="<= 0"
    )


def province_results(ctx: Context, provinces: dict[str, ProvinceStatistics], target: Profile) -> list[Result]:
    """Return how far single provinces lie from all, per table: what people differ by among themselves."""
    each = [published([province]) for province in provinces.values()]
    return [
        ctx.result_of(
            f"{words}: distance, one province from all",
            [distance(one.tables[name], target.tables[name]) for one in each], "bits",
        )
        for name, words in TABLES.items()
    ]  # fmt: skip


def group_results(ctx: Context, label: str, profiles: list[Profile], *, target: Profile) -> list[Result]:
    """Return the pentatonic share and the four distances of a group of tunes; one profile a seed."""
    is_goal = label == "generated, Chinese"
    seeds = ctx.seeds if len(profiles) > 1 else ()
    tunes = sum(profile.tunes for profile in profiles)
    results = [
        ctx.result_of(
            f"{label}: notes on the five degrees", [p.on_five for p in profiles], "share", seeds=seeds,
            anchor=f"published {target.on_five:.3f}; {tunes} tunes", goal=">= 0.93" if is_goal else None,
        )
    ]  # fmt: skip
    for name, words in TABLES.items():
        far = [distance(profile.tables[name], target.tables[name]) for profile in profiles]
        goal = GOALS[name] if is_goal else None
        results.append(ctx.result_of(f"{label}: distance of {words}", far, "bits", seeds=seeds, goal=goal))
    return results


def ratios(ctx: Context, rows: dict[str, list[Profile]], target: Profile) -> list[Result]:
    """Return how many times farther the nearest western style of the same model lies; finals are too few for it."""
    results = []
    for name, words in TABLES.items():
        if name == "final_degree":
            continue
        mine = [distance(profile.tables[name], target.tables[name]) for profile in rows["generated, Chinese"]]
        others = [
            min(distance(rows[f"generated, {style}"][i].tables[name], target.tables[name]) for style in CONTROL_STYLES)
            for i in range(len(mine))
        ]  # fmt: skip
        times = [other / own for own, other in zip(mine, others, strict=True)]
        goal = ">= 2" if name == "degree" else None
        results.append(
            ctx.result_of(
                f"{words}: nearest western style over Chinese", times, "times", seeds=ctx.seeds, goal=goal
            )
        )
    return results
