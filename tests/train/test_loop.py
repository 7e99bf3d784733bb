"""Laws of the training loop: it learns, resumes where it stopped, writes its log, lowers its rate."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.train.test_sampler import waltz_piece
from zhiyin.train.recipe import DataSettings, ModelSettings, OptimiserSettings, Recipe, ScheduleSettings

torch = pytest.importorskip("torch", reason="the train extra is not installed")

from zhiyin.train.fill_lesson import export  # noqa: E402 - torch first
from zhiyin.train.fill_task import FillTask, evaluate, validation_batches  # noqa: E402
from zhiyin.train.loop import Trainer  # noqa: E402
from zhiyin.train.run import plot_losses  # noqa: E402
from zhiyin.train.sampler import WindowLimits  # noqa: E402


def recipe(steps: int, **schedule: Any) -> Recipe:
    """Return a recipe of seconds."""
    return Recipe(
        "tiny",
        seed=1,
        model=ModelSettings(width=32, layers=1, heads=2, hidden=48, inner=24, dropout=0.1),
        data=DataSettings(max_events=96, max_columns=4),
        optimiser=OptimiserSettings(
            learning_rate=5e-3, warmup_steps=5, events_a_batch=256, steps=steps, ema=0.9
        ),
        schedule=ScheduleSettings(
            **{"validate_every": 10, "validation_windows": 8, "threads": 1, **schedule}
        ),
    )


def trainer(folder: Path, steps: int, lines: list[dict[str, Any]] | None = None, **schedule: Any) -> Trainer:
    clock = itertools.count()
    asked = recipe(steps, **schedule)
    return Trainer(
        asked,
        FillTask(asked, [waltz_piece()], [waltz_piece()]),
        folder,
        report=(lines if lines is not None else []).append,
        now_s=lambda: float(next(clock)),
    )


def test_a_short_run_learns_and_logs(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = []
    run = trainer(tmp_path, 40, lines)
    best = run.run()
    valid = [line["valid"]["all"] for line in lines if "valid" in line]
    assert valid[-1] < 0.7 * 29.0  # 29 bits: what uniform choices would cost
    assert best == pytest.approx(min(valid), abs=1e-4)
    assert [json.loads(x) for x in (tmp_path / "log.jsonl").read_text().splitlines()] == lines


def test_a_resumed_run_goes_on_from_its_step_with_its_weights(tmp_path: Path) -> None:
    first = trainer(tmp_path, 10)
    first.run()
    second = trainer(tmp_path, 20)
    assert second.resume() and second.state.step == 10
    for a, b in zip(first.nets.parameters(), second.nets.parameters(), strict=True):
        assert torch.equal(a, b)
    assert not trainer(tmp_path / "empty", 10).resume()


def test_the_rate_warms_up_decays_and_is_halved_when_validation_stalls(tmp_path: Path) -> None:
    run = trainer(tmp_path, 100)
    rates = []
    for step in range(100):
        run.state.step = step
        rates.append(run.rate())
    assert rates[0] < rates[4] == pytest.approx(max(rates), rel=0.01)
    assert rates[-1] < 0.1 * max(rates)
    run.state.step, run.state.rate_factor = 50, 0.5
    assert run.rate() == pytest.approx(rates[50] / 2)


def test_a_run_that_no_longer_gains_stops_early(tmp_path: Path) -> None:
    run = trainer(tmp_path, 1000, stop_after=2, patience=1)
    run.state.best = 0.0  # nothing can be better
    run.run()
    assert run.state.step == 20 and run.state.rate_factor == 0.25


def test_validation_windows_are_the_same_every_time() -> None:
    limits = WindowLimits(96, 4, 4)
    a, b = (
        validation_batches([waltz_piece()], seed=3, windows=8, limits=limits, events_a_batch=256)
        for _ in range(2)
    )
    assert a.keys() == b.keys()
    assert all(torch.equal(x["fields"], y["fields"]) for t in a for x, y in zip(a[t], b[t], strict=True))


def test_evaluation_leaves_the_model_as_it_was(tmp_path: Path) -> None:
    run = trainer(tmp_path, 10)
    checks = validation_batches(
        [waltz_piece()], seed=3, windows=8, limits=WindowLimits(96, 4, 4), events_a_batch=256
    )
    before = [p.clone() for p in run.nets.parameters()]
    first = evaluate(run.nets["model"], checks)
    assert evaluate(run.nets["model"], checks) == first and run.nets["model"].training
    assert all(torch.equal(a, b) for a, b in zip(before, run.nets.parameters(), strict=True))


def test_the_exported_checkpoint_carries_its_card(tmp_path: Path) -> None:
    from zhiyin.models import FillRuntime, load_checkpoint

    run = trainer(tmp_path, 10)
    run.run()
    path = export(run, run.task, tmp_path, train=[waltz_piece()], test=[waltz_piece()])
    checkpoint = load_checkpoint(path)
    assert checkpoint.card["train_pieces"] == {"test": 1} and checkpoint.card["steps"] == 10
    assert np.isfinite(checkpoint.card["test_bits_a_note"]["all"])
    assert "# Model card: tiny" in (tmp_path / "tiny.md").read_text(encoding="utf-8")
    assert FillRuntime(checkpoint).name == "tiny"
    assert plot_losses(tmp_path).stat().st_size > 1000


def test_a_run_on_the_clock_ends_in_time_with_its_decay_done_and_validated(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = []
    run = trainer(
        tmp_path, 1000, lines, max_minutes=1.0, validate_every=1000
    )  # the clock ticks a second a call
    assert run.rate() > 0
    run.run()
    assert 10 < run.state.step < 60 and run.state.seconds >= 60.0
    assert run.rate() == pytest.approx(5e-3 * 0.05)  # the recipe's final fraction
    assert [line["step"] for line in lines if "valid" in line] == [run.state.step]
