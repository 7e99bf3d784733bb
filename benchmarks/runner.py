"""Runs benchmarks, keeps their results as JSON and writes the report.

Conventions: a result has exactly the fields of Result; a goal is text like "<= 0.30"; the clock is passed in.
Does not know: what any benchmark measures.
"""

from __future__ import annotations

import importlib
import json
import math
import operator
import os
import platform
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = "benchmarks/results"
REPORT = "benchmarks/README.md"
# What a run itself writes; everything else must be committed first.
EXEMPT = (RESULTS + "/", REPORT)

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
GOAL = re.compile(r"(<=|>=|==|<|>) (-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)")


class BenchmarkError(Exception):
    """A run that cannot be trusted or cannot be done; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Result:
    """One measured number and all that is needed to measure it again.

    value, sd: in ``unit``; sd is None for a single measurement; n: how many were taken.
    anchor: what others or a floor reach, as text; goal: "<= 0.30" or None.
    commit: the tree it was measured on; date: ISO 8601, UTC. Raises BenchmarkError if it cannot be read back.
    """

    metric: str
    value: float
    sd: float | None
    n: int
    unit: str
    anchor: str | None
    goal: str | None
    command: str
    seeds: tuple[int, ...]
    commit: str
    machine: str
    date: str

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise BenchmarkError(
                f"{self.metric}: value must be finite, got {self.value!r}: fix the benchmark"
            )
        if self.sd is not None and not (math.isfinite(self.sd) and self.sd >= 0):
            raise BenchmarkError(
                f"{self.metric}: sd must be None or 0 and more, got {self.sd!r}: fix the benchmark"
            )
        if self.n < 1:
            raise BenchmarkError(f"{self.metric}: n must be 1 or more, got {self.n!r}: fix the benchmark")
        if self.goal is not None and GOAL.fullmatch(self.goal) is None:
            raise BenchmarkError(
                f"{self.metric}: goal must read like '<= 0.30', got {self.goal!r}: write it so"
            )

    @property
    def is_met(self) -> bool | None:
        """True when the value reaches the goal, None when there is no goal."""
        if self.goal is None:
            return None
        sign, number = self.goal.split(" ")
        return COMPARISONS[sign](self.value, float(number))


@dataclass(frozen=True, slots=True)
class Context:
    """What a benchmark is given: the place, the seeds, and how to write a result."""

    root: Path
    name: str
    commit: str
    machine: str
    clock: Callable[[], datetime]
    seeds: tuple[int, ...] = (0, 1, 2)

    def result(
        self,
        metric: str,
        value: float,
        unit: str,
        *,
        sd: float | None = None,
        n: int = 1,
        anchor: str | None = None,
        goal: str | None = None,
        seeds: tuple[int, ...] = (),
    ) -> Result:
        """Return a result that carries this run's command, commit, machine and date."""
        return Result(
            metric=metric,
            value=float(value),
            sd=None if sd is None else float(sd),
            n=n,
            unit=unit,
            anchor=anchor,
            goal=goal,
            command=f"python -m benchmarks {self.name}",
            seeds=seeds,
            commit=self.commit,
            machine=self.machine,
            date=self.clock().isoformat(timespec="seconds"),
        )

    def result_of(self, metric: str, values: Iterable[float], unit: str, **rest: Any) -> Result:
        """Return a result with the mean and the sample standard deviation of several values."""
        listed = [float(value) for value in values]
        if not listed:
            raise BenchmarkError(
                f"{metric}: at least one value must be measured, got none: fix the benchmark"
            )
        mean = math.fsum(listed) / len(listed)
        squares = math.fsum((value - mean) ** 2 for value in listed)
        sd = math.sqrt(squares / (len(listed) - 1)) if len(listed) > 1 else None
        return self.result(metric, mean, unit, sd=sd, n=len(listed), **rest)


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def machine_words() -> str:
    """Return the processor, cores, memory, system and Python in one line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(encoding="utf-8"), re.MULTILINE)
        model = found[1].strip() if found else model
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB, "
    system = f"{platform.system()} {platform.machine()}"
    return f"{model}, {os.cpu_count()} cores, {memory}{system}, Python {platform.python_version()}"


def git(root: Path, *words: str) -> str:
    """Return what git says; raises BenchmarkError where git or a repository is missing."""
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise BenchmarkError(f"results need a git commit, and git failed in {root}: {error}") from error
    return done.stdout


def uncommitted(root: Path) -> list[str]:
    """Return the changed and untracked files, without those that a run itself writes."""
    entries = git(root, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames").split("\0")
    paths = [entry[3:] for entry in entries if entry]
    return [path for path in paths if not path.startswith(EXEMPT)]


def clean_commit(root: Path) -> str:
    """Return the commit of a clean tree.

    Raises BenchmarkError when files are not committed: such a result could not be measured again.
    """
    changed = uncommitted(root)
    if changed:
        shown = ", ".join(changed[:5]) + (", ..." if len(changed) > 5 else "")
        raise BenchmarkError(
            f"results need a clean tree, and {len(changed)} files are not committed ({shown}): "
            "commit or remove them, then run again"
        )
    return git(root, "rev-parse", "HEAD").strip()


def pick(names: Iterable[str], table: Mapping[str, str]) -> list[str]:
    """Return the benchmarks asked for, in the order of the table; ``all`` means every one."""
    asked = set(names)
    unknown = sorted(asked - set(table) - {"all"})
    if unknown:
        known = ", ".join(table)
        raise BenchmarkError(f"no benchmark is called {unknown[0]!r}: choose from {known}, or say all")
    return [name for name in table if name in asked or "all" in asked]


def measure(context: Context) -> list[Result]:
    """Run the benchmark that the context names and return its results."""
    module = importlib.import_module(f"benchmarks.{context.name}")
    results: list[Result] = module.run(context)
    if not results:
        raise BenchmarkError(f"{context.name} must return at least one result, got none: fix the benchmark")
    return results


def write_results(root: Path, name: str, results: list[Result]) -> Path:
    """Write the results of one benchmark as JSON and return where."""
    path = root / RESULTS / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(result) for result in results], indent=2, ensure_ascii=False, allow_nan=False)
    write_whole(path, text + "\n")
    return path


def write_whole(path: Path, text: str) -> None:
    """Write the file in one move, so that an interrupted run leaves the old one."""
    draft = path.with_name(path.name + ".part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def read_results(path: Path) -> list[Result]:
    """Return the results in a JSON file; raises BenchmarkError where a field is missing or unknown."""
    names = {field.name for field in fields(Result)}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BenchmarkError(f"{path.name} must be JSON ({error}): run that benchmark again") from error
    for row in rows:
        if set(row) != names:
            wrong = ", ".join(sorted(set(row) ^ names))
            raise BenchmarkError(
                f"{path.name} must hold exactly the fields of a result, differs in {wrong}: run it again"
            )
    return [Result(**{**row, "seeds": tuple(row["seeds"])}) for row in rows]


def short(number: float) -> str:
    """Return a number with four significant digits, whole numbers whole."""
    return f"{number:,.0f}" if number == int(number) or abs(number) >= 10_000 else f"{number:.4g}"


def table_row(result: Result) -> str:
    """Return one line of the report."""
    value = short(result.value) + ("" if result.sd is None else f" ± {short(result.sd)}")
    verdict = {None: "", True: "met", False: "**missed**"}[result.is_met]
    goal = "" if result.goal is None else f"`{result.goal}`"
    cells = [result.metric, value, result.unit, str(result.n), result.anchor or "", goal, verdict]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def section(name: str, about: str, results: list[Result]) -> str:
    """Return the part of the report about one benchmark."""
    first = results[0]
    seeds = sorted({seed for result in results for seed in result.seeds})
    origin = f"`{first.command}` at commit `{first.commit[:12]}`, {first.date[:10]}, {first.machine}"
    lines = [
        f"## {name}",
        "",
        about,
        "",
        "| metric | value | unit | n | anchor | goal | |",
        "|---|---|---|---|---|---|---|",
        *map(table_row, results),
        "",
        origin + (f"; seeds {', '.join(map(str, seeds))}." if seeds else "."),
    ]
    return "\n".join(lines)


def report(results: Mapping[str, list[Result]], table: Mapping[str, str]) -> str:
    """Return the text of benchmarks/README.md."""
    listed = [result for rows in results.values() for result in rows]
    met = sum(result.is_met is True for result in listed)
    missed = sum(result.is_met is False for result in listed)
    free = len(listed) - met - missed
    head = [
        "# Benchmarks",
        "",
        "Written by `python -m benchmarks`; change the benchmark, not this page.",
        "A run needs a clean tree, so that every number names the commit it was measured on.",
        "",
        f"{len(listed)} results: {met} met their goal, {missed} missed it, {free} have none.",
    ]
    parts = [
        section(name, table.get(name, "No longer in the table."), rows) for name, rows in results.items()
    ]
    return "\n\n".join(["\n".join(head), *parts]) + "\n"


def read_all(root: Path, table: Mapping[str, str]) -> dict[str, list[Result]]:
    """Return all kept results, those in the table first and in its order."""
    paths = {path.stem: path for path in sorted((root / RESULTS).glob("*.json"))}
    order = [name for name in table if name in paths] + [name for name in paths if name not in table]
    return {name: read_results(paths[name]) for name in order}


def write_report(root: Path, table: Mapping[str, str]) -> Path:
    """Write benchmarks/README.md from the kept results and return where."""
    path = root / REPORT
    write_whole(path, report(read_all(root, table), table))
    return path
