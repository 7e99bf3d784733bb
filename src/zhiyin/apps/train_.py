"""train: one run of a recipe.

Conventions: everything that shapes the result stands in the recipe; a run's folder holds its checkpoints and log.
This module trains nothing itself and is the only application that needs torch: see `zhiyin.train`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.extras import need_pyarrow, need_torch
from zhiyin.errors import NotFound


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """Which recipe, on which corpus, into which folder; report: told each line of progress."""

    recipe: Path
    corpus: Path = Path("corpus")
    folder: Path | None = None
    is_resumed: bool = False
    report: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """The run's folder and what the run itself reports."""

    folder: Path
    outcome: Any

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain values."""
        told = self.outcome if isinstance(self.outcome, dict) else None
        return {"folder": str(self.folder), "outcome": told}


def run(request: TrainRequest, progress: Progress = silent) -> Trained:
    """Run the recipe. Raises NotFound without a recipe or corpus, MissingExtra without torch or pyarrow."""
    if not request.recipe.is_file():
        raise NotFound(f"a recipe must be a TOML file that exists, got {str(request.recipe)!r}: see recipes/")
    need_torch()
    need_pyarrow()
    from zhiyin.train.run import run_recipe

    folder = request.folder or Path("runs") / request.recipe.stem
    report = request.report or (lambda line: None)
    outcome = run_recipe(request.recipe, request.corpus, folder, request.is_resumed, report)
    return Trained(folder, outcome)
