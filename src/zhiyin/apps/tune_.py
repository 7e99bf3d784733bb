"""tune: a search over the settings of a recipe, or the table of one.

Conventions: every trial costs the same number of training events; a stopped search goes on in its folder.
This module tries nothing itself: see `zhiyin.train.tune`.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.extras import need_optuna, need_pyarrow, need_torch
from zhiyin.apps.train_ import line_text
from zhiyin.errors import InvalidInput, NotFound

BEST = "best.toml"


@dataclass(frozen=True, slots=True)
class TuneRequest:
    """Which recipe and space, on which corpus, into which folder (None: runs/tune-NAME), how many trials in all.

    report: the folder of a search that is told instead of going on.
    """

    recipe: Path | None = None
    space: Path | None = None
    corpus: Path = Path("corpus")
    folder: Path | None = None
    trials: int = 20
    report: Path | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.trials <= 10_000:
            raise InvalidInput(f"trials must be 1..10000, got {self.trials}")
        if self.report is None and (self.recipe is None or self.space is None):
            raise InvalidInput(
                "a search must have a RECIPE and a --space, got none: or name a folder with --report"
            )


@dataclass(frozen=True, slots=True)
class Tuned:
    """The search's folder, its trials (best first), their table, and the best recipe's path (None in a report)."""

    folder: Path
    trials: list[dict[str, Any]]
    table: str
    best: Path | None

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain values."""
        best = str(self.best) if self.best is not None else None
        return {"folder": str(self.folder), "trials": self.trials, "best": best}


def run(request: TuneRequest, progress: Progress = silent) -> Tuned:
    """Search, or tell a search; each log line is told as a stage of progress.

    Raises NotFound without recipe, space, corpus or a search to tell; InvalidInput for a wrong space; MissingExtra
    without optuna, torch or pyarrow.
    """
    if request.recipe is not None and not request.recipe.is_file():
        raise NotFound(f"a recipe must be a TOML file that exists, got {str(request.recipe)!r}: see recipes/")
    need_optuna()
    need_torch()
    need_pyarrow()
    # Read by torch's threads when it loads: spinning ones starve each other on a busy machine (docs/lab.md).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if request.report is not None:
        return _told(request.report)
    return _searched(request, progress)


def _told(folder: Path) -> Tuned:
    from zhiyin.train.tune import read_record, record_table

    rows = read_record(folder)
    if not rows:
        raise NotFound(
            f"{str(folder)!r} must be the folder of a search with 1 trial done or more, found none"
        )
    return Tuned(folder, rows, record_table(rows), None)


def _searched(request: TuneRequest, progress: Progress) -> Tuned:
    assert request.recipe is not None and request.space is not None, "checked by the request"
    from zhiyin.train.memory import keep_freed_memory
    from zhiyin.train.recipe import load_recipe
    from zhiyin.train.tune import Search, best_recipe, done_trials, read_record, recipe_to_toml, record_table
    from zhiyin.train.tune_space import load_space

    recipe, space = load_recipe(request.recipe), load_space(request.space)
    folder = request.folder or Path("runs") / f"tune-{recipe.name}"
    keep_freed_memory()

    def report(line: dict[str, Any]) -> None:
        progress(line_text(line), len(done_trials(search.study)), request.trials)

    search = Search(recipe, space, corpus=request.corpus, folder=folder, report=report, now_s=time.monotonic)
    search.run(request.trials)
    rows = read_record(folder)
    best = folder / BEST
    best.write_text(recipe_to_toml(best_recipe(recipe, rows)), encoding="utf-8")
    return Tuned(folder, rows, record_table(rows), best)
