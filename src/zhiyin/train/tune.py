"""Searching for settings: trials of a recipe at equal cost, kept in a data base, given up early when they fall behind.

Conventions: a trial's value is its best validation bits per note; what trial n tries depends on the seed, n and the
trials before alone, so a search that was stopped goes on as if it had not been. Needs the `tune` extra.
This module does not know which settings exist: see `zhiyin.train.tune_space`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
from optuna.trial import FrozenTrial, Trial, TrialState

from zhiyin.train.fill_task import FillTask
from zhiyin.train.loop import Trainer
from zhiyin.train.pieces import load_pieces
from zhiyin.train.recipe import DataSettings, Recipe
from zhiyin.train.sampler import TrainPiece
from zhiyin.train.tune_space import Space

STUDY, RECORD = "study.db", "trials.jsonl"
FIRST_WHOLE = 4  # trials that are never given up: the median of fewer says little
_STOPPED = "stopped"  # mark of a trial that was cut off from outside and is to be tried again
Report = Callable[[dict[str, Any]], None]
_Pieces = tuple[list[TrainPiece], list[TrainPiece]]


class Search:
    """A search in a folder.

    report: called with every log line, a dict; now_s: the clock.
    """

    def __init__(
        self,
        recipe: Recipe,
        space: Space,
        *,
        corpus: Path,
        folder: Path,
        report: Report,
        now_s: Callable[[], float],
    ) -> None:
        self.recipe, self.space, self.corpus, self.folder = recipe, space, corpus, folder
        self.report, self.now_s = report, now_s
        folder.mkdir(parents=True, exist_ok=True)
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.study = open_study(folder, recipe.name, checks=space.checks)
        self._pieces: tuple[DataSettings, str, _Pieces] | None = None

    def run(self, trials: int) -> None:
        """Try until so many trials are done in all, those of earlier runs included."""
        _take_up(self.study)
        while len(done_trials(self.study)) < trials:
            self.study.sampler = optuna.samplers.TPESampler(
                seed=1000 * self.recipe.seed + len(self.study.trials), n_startup_trials=FIRST_WHOLE
            )
            self._try(self.study.ask())

    def _try(self, trial: Trial) -> None:
        begun_s = self.now_s()
        try:
            recipe = self.space.variant(self.recipe, trial)
            self.report({"note": f"trial {trial.number}: {_told(trial.params)}"})
            value = self._train(recipe, trial)
            self.study.tell(trial, value)
        except optuna.TrialPruned:
            self.study.tell(trial, state=TrialState.PRUNED)
        except BaseException:
            trial.set_user_attr(_STOPPED, True)
            self.study.tell(trial, state=TrialState.FAIL)
            raise
        self._record(self.study.trials[trial.number], recipe, self.now_s() - begun_s)

    def _train(self, recipe: Recipe, trial: Trial) -> float:
        """Return the best validation of a trial. Raises TrialPruned when it falls behind the others."""

        def report(line: dict[str, Any]) -> None:
            self.report(line)
            if "valid" not in line:
                return
            trial.report(
                line["valid"]["all"], round(self.space.checks * line["step"] / recipe.optimiser.steps)
            )
            if trial.should_prune():
                raise optuna.TrialPruned

        train, valid = self._load(recipe)
        task = FillTask(recipe, train, valid)
        trainer = Trainer(
            recipe, task, self.folder / f"trial-{trial.number}", report=report, now_s=self.now_s
        )
        trial.set_user_attr("parameters", sum(p.numel() for p in task.model.parameters()))
        return trainer.run()

    def _load(self, recipe: Recipe) -> _Pieces:
        """Return the pieces of both splits, read again only when the trial's data differ."""
        d = recipe.data
        if self._pieces is None or self._pieces[:2] != (d, recipe.model.columns):
            chosen: dict[str, Any] = {
                "sets": d.sets, "weights": d.weights, "likeness": d.likeness, "style_evenness": d.style_evenness,
                "columns": recipe.model.columns,
            }  # fmt: skip
            both = [load_pieces(self.corpus, split=split, **chosen) for split in ("train", "valid")]
            self._pieces = (d, recipe.model.columns, (both[0], both[1]))
        return self._pieces[2]

    def _record(self, trial: FrozenTrial, recipe: Recipe, seconds: float) -> None:
        line = {**trial_row(trial), "seconds": round(seconds, 1), "recipe": recipe.to_dict()}
        with (self.folder / RECORD).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def open_study(folder: Path, name: str, *, checks: int = 6) -> optuna.Study:
    """Return the search kept in a folder, begun when there is none."""
    pruner = optuna.pruners.MedianPruner(n_startup_trials=FIRST_WHOLE, n_warmup_steps=checks // 3)
    return optuna.create_study(
        study_name=name, storage=f"sqlite:///{folder / STUDY}", load_if_exists=True, direction="minimize",
        pruner=pruner,
    )  # fmt: skip


def done_trials(study: optuna.Study) -> list[FrozenTrial]:
    """Return the trials that ran to their end or were given up."""
    found: list[FrozenTrial] = study.get_trials(
        deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED)
    )
    return found


def _take_up(study: optuna.Study) -> None:
    """Queue again what an earlier run left unfinished: stopped trials, and those of a process that died."""
    queued = [t.system_attrs.get("fixed_params") for t in study.trials if t.state == TrialState.WAITING]
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
    again = [t.params for t in study.trials if t.state == TrialState.FAIL and t.params]
    finished = [t.params for t in done_trials(study)]
    for params in again:
        if params not in finished and params not in queued:
            study.enqueue_trial(params)
            queued.append(params)


def trial_row(trial: FrozenTrial) -> dict[str, Any]:
    """Return what a trial tried and how it went, as plain values."""
    seen = [round(value, 4) for _, value in sorted(trial.intermediate_values.items())]
    return {
        "number": trial.number,
        "state": {"COMPLETE": "whole", "PRUNED": "given up"}.get(trial.state.name, trial.state.name.lower()),
        "bits_a_note": min(seen) if seen else None,
        "checks": seen,
        "parameters": trial.user_attrs.get("parameters"),
        "settings": dict(trial.params),
    }


def read_record(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of a search's record, the best whole trial first, trials given up last."""
    path = folder / RECORD
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    rows = [json.loads(line) for line in lines]
    return sorted(rows, key=lambda row: (row["state"] != "whole", row["bits_a_note"]))


def record_table(rows: list[dict[str, Any]]) -> str:
    """Return the record as a Markdown table."""
    names = sorted({name for row in rows for name in row["settings"]})
    head = ["trial", "bits/note", "checks", "parameters", "s", *(name.split(".")[1] for name in names)]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        bits = f"{row['bits_a_note']:.3f}" + ("" if row["state"] == "whole" else " (given up)")
        cells = [
            str(row["number"]),
            bits,
            str(len(row["checks"])),
            f"{row['parameters']:,}",
            f"{row['seconds']:.0f}",
        ]
        lines.append(
            "| " + " | ".join([*cells, *(_short(row["settings"].get(name)) for name in names)]) + " |"
        )
    return "\n".join(lines) + "\n"


def best_recipe(recipe: Recipe, rows: list[dict[str, Any]]) -> Recipe:
    """Return the recipe with the settings of the best whole trial, at the recipe's own length."""
    found = recipe
    for label, value in rows[0]["settings"].items():
        table, name = label.split(".")
        found = replace(found, **{table: replace(getattr(found, table), **{name: value})})
    model = {n: rows[0]["recipe"]["model"][n] for n in ("width", "heads", "hidden", "inner")}
    return replace(found, model=replace(found.model, **model))


def recipe_to_toml(recipe: Recipe) -> str:
    """Return a recipe as the text of a TOML file that `load_recipe` reads."""
    lines = [f"seed = {recipe.seed}"]
    for table, settings in recipe.to_dict().items():
        if isinstance(settings, dict):
            lines += ["", f"[{table}]", *(f"{name} = {_toml(value)}" for name, value in settings.items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items()) + " }"
            if value
            else "{}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def _short(value: Any) -> str:
    return "" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)


def _told(settings: dict[str, Any]) -> str:
    return ", ".join(f"{name.split('.')[1]} {_short(value)}" for name, value in settings.items())
