"""train: one run of a recipe.

Conventions: everything that shapes the result stands in the recipe; a run's folder holds its checkpoints and log.
This module trains nothing itself and is the only application that needs torch: see `zhiyin.train`.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.extras import need_pyarrow, need_torch
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.models.net_file import card_of


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """Which recipe, on which corpus, into which folder (None: runs/NAME), going on or anew, on which device."""

    recipe: Path
    corpus: Path = Path("corpus")
    folder: Path | None = None
    is_resumed: bool = False
    device: str = "cpu"


@dataclass(frozen=True, slots=True)
class Trained:
    """The run's folder, the checkpoint it gave, and the checkpoint's card."""

    folder: Path
    checkpoint: Path
    card: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain values."""
        return {"folder": str(self.folder), "checkpoint": str(self.checkpoint), "card": self.card}


def run(request: TrainRequest, progress: Progress = silent) -> Trained:
    """Run the recipe; each log line is told as a stage of progress.

    Raises NotFound without a recipe or corpus, InvalidInput for a wrong recipe, a device that is not here or a run that
    is there already, MissingExtra without torch or pyarrow.
    """
    if not request.recipe.is_file():
        raise NotFound(f"a recipe must be a TOML file that exists, got {str(request.recipe)!r}: see recipes/")
    # Read by torch's threads when it loads: spinning ones starve each other on a busy machine (docs/lab.md).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    need_torch()
    need_pyarrow()
    from zhiyin.train.recipe import load_recipe
    from zhiyin.train.run import run_recipe

    steps = load_recipe(request.recipe).optimiser.steps
    folder = request.folder or Path("runs") / request.recipe.stem
    if folder.exists() and any(folder.iterdir()) and not request.is_resumed:
        raise InvalidInput(
            f"a new run needs an empty folder, got {str(folder)!r}: add --resume or name another --out"
        )

    def report(line: dict[str, Any]) -> None:
        progress(line_text(line), int(line.get("step", 0)), steps)

    checkpoint = run_recipe(
        request.recipe, request.corpus, folder, resume=request.is_resumed, report=report, now_s=time.monotonic,
        device=request.device,
    )  # fmt: skip
    return Trained(folder, checkpoint, card_of(checkpoint))


def line_text(line: dict[str, Any]) -> str:
    """Return a log line as people read it.

    >>> line_text({"step": 10, "bits_a_note": 3.14159})
    'step 10, bits_a_note 3.142'
    """
    if "note" in line:
        return str(line["note"])
    flat = {
        key: value["all"] if isinstance(value, dict) and "all" in value else value
        for key, value in line.items()
    }
    told = {key: f"{value:.4g}" if isinstance(value, float) else value for key, value in flat.items()}
    return ", ".join(f"{key} {value}" for key, value in told.items() if not isinstance(value, dict | list))
