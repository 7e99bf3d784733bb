"""The door of the benchmarks: ``python -m benchmarks NAME ...``, ``all``, ``report``, ``list``.

Conventions: exit 2 with a remedy for what cannot be run; each result is kept as soon as it is measured.
Does not know: how results are kept (benchmarks/runner.py).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import BENCHMARKS
from benchmarks.runner import (
    BenchmarkError,
    Context,
    clean_commit,
    machine_words,
    measure,
    pick,
    table_row,
    utc_now,
    write_report,
    write_results,
)

ROOT = Path(__file__).resolve().parents[1]
USAGE = """usage: python -m benchmarks NAME [NAME ...]   run these and keep their results
       python -m benchmarks all               run every one
       python -m benchmarks report            write benchmarks/README.md from the kept results
       python -m benchmarks list              say what there is"""


def run_all(names: Sequence[str], *, root: Path, table: Mapping[str, str]) -> None:
    """Run the benchmarks one after another, keeping each result before the next starts."""
    for name in pick(names, table):
        commit = clean_commit(root)
        print(f"==> {name}: {table[name]}", flush=True)
        context = Context(root=root, name=name, commit=commit, machine=machine_words(), clock=utc_now)
        results = measure(context)
        for result in results:
            print("    " + table_row(result))
        write_results(root, name, results)
        write_report(root, table)


def main(words: Sequence[str], *, root: Path = ROOT, table: Mapping[str, str] = BENCHMARKS) -> int:
    """Do what the words say and return the exit code."""
    if not words or words[0] in {"-h", "--help"}:
        print(USAGE)
        return 0 if words else 2
    try:
        if list(words) == ["list"]:
            print("\n".join(f"{name:<20} {about}" for name, about in table.items()))
        elif list(words) == ["report"]:
            print(f"wrote {write_report(root, table)}")
        else:
            run_all(words, root=root, table=table)
    except BenchmarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
