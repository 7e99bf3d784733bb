"""Laws of the VAE's task: what is read of a piece, how windows are told, and that bars are learned by heart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from zhiyin.encode.bar_steps import HOLD, PAD, REST
from zhiyin.models.vae_config import VaeConfig, VaeDataSettings
from zhiyin.train.recipe import OptimiserSettings, Recipe, ScheduleSettings, load_recipe
from zhiyin.train.vae_data import Run

torch = pytest.importorskip("torch", reason="the train extra is not installed")

from zhiyin.train.loop import Trainer  # noqa: E402
from zhiyin.train.vae_task import VaeTask, gathered, told_of, window_of  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


def a_run(bars: int = 6, sharps: int = 2) -> Run:
    """Return bars of quarters that go up the scale of D, one degree a bar."""
    scale = np.array([62, 64, 66, 67, 69, 71, 73])
    steps = np.full((bars, 16), HOLD, np.uint8)
    for bar in range(bars):
        steps[bar, ::4] = scale[(bar + np.arange(4)) % 7]
    nobody = np.full(bars, -1)
    return Run(
        "toy/1", "toy", "melody", 0, float(bars), (steps,), np.full(bars, 16), np.full(bars, sharps),
        np.zeros(bars, int), np.zeros((bars, 2, 12), bool), np.full((bars, 2), 12), nobody,
        np.arange(bars)[::-1].copy(),
    )  # fmt: skip


def recipe(**told: int) -> Recipe:
    model = VaeConfig(latent=8, width=48, hidden=64, blocks=1, step=16, memory=16, mixtures=2)
    optimiser = OptimiserSettings(
        learning_rate=4e-3, warmup_steps=5, events_a_batch=8, steps=told.get("steps", 4)
    )
    schedule = ScheduleSettings(validate_every=50, validation_windows=64, precision="fp32", threads=1, patience=99,
                                stop_after=99)  # fmt: skip
    return Recipe("toy", 1, model, VaeDataSettings(bars=4, beta=0.02, odd_shift=0.0), optimiser, schedule)


def test_a_window_is_moved_to_no_sharps_and_padded_to_its_bars() -> None:
    window = window_of(a_run(2), np.random.default_rng(0), bars=4, odd=0.0, untold=0.0)
    assert window["steps0"][0, ::4].tolist() == [60, 62, 64, 65]
    assert window["inside"].tolist() == [True, True, False, False]
    assert window["steps0"][2].tolist() == [PAD] * 16
    assert window["sounds0"][0].tolist() == np.repeat([60, 62, 64, 65], 4).tolist()


def test_seven_sharps_go_up_and_six_down() -> None:
    for sharps, first in ((7, 62 + 5), (6, 62 - 6)):
        window = window_of(a_run(2, sharps), np.random.default_rng(0), bars=2, odd=0.0, untold=0.0)
        assert window["steps0"][0, 0] == first


def test_a_latent_that_is_not_there_is_gathered_as_nothing() -> None:
    latent = torch.arange(6.0).reshape(1, 3, 2)
    found = gathered(latent, torch.tensor([[2, -1, 0]]))
    assert found.tolist() == [[[4, 5, 1], [0, 0, 0], [0, 1, 1]]]


def test_the_prior_is_never_told_the_bar_that_it_is_to_find() -> None:
    task = VaeTask(recipe(), [a_run()], [a_run()])
    batch = task.draw([a_run()], np.random.default_rng(1), 3)
    one = torch.randn(3, 4, 8)
    other = one.clone()
    other[:, 2] += 1.0
    batch["next"][:] = -1
    before, after = told_of(batch, one), told_of(batch, other)
    assert torch.equal(before[:, :3], after[:, :3]) and not torch.equal(before[:, 3], after[:, 3])


def test_bars_are_learned_by_heart(tmp_path: Path) -> None:
    task = VaeTask(recipe(steps=150), [a_run()], [a_run()])
    lines: list[dict[str, object]] = []
    clock = iter(range(10_000))
    trainer = Trainer(
        recipe(steps=150), task, tmp_path, report=lines.append, now_s=lambda: float(next(clock))
    )
    trainer.run()
    told = [line["valid"] for line in lines if "valid" in line]
    assert told[-1]["right"] > 0.99 and told[-1]["kl_bits"] > 1.0  # type: ignore[index]


def test_a_step_moves_each_net_by_its_own_loss(tmp_path: Path) -> None:
    task = VaeTask(recipe(), [a_run()], [a_run()])
    before = {n: [p.detach().clone() for p in net.parameters()] for n, net in task.nets.items()}
    trainer = Trainer(recipe(), task, tmp_path, report=lambda line: None, now_s=lambda: 0.0)
    batch = next(task.batches((1, 0)))
    update, optimisers = trainer.movers[1]
    trainer.move(update, optimisers, batch)
    same = [torch.equal(a, b) for a, b in zip(before["vae"], task.nets["vae"].parameters(), strict=True)]
    moved = [
        not torch.equal(a, b) for a, b in zip(before["prior"], task.nets["prior"].parameters(), strict=True)
    ]
    assert all(same) and any(moved)


@pytest.mark.parametrize("name", ["vae-line", "vae-drums", "vae-trio"])
def test_the_recipes_are_of_the_family_and_never_learn_what_only_measures(name: str) -> None:
    found = load_recipe(ROOT / "recipes" / f"{name}.toml")
    assert found.family == "vae" and isinstance(found.data, VaeDataSettings)
    assert len(found.model.parts) in (1, len(found.data.roles))
    assert "nottingham" not in found.data.sets


def test_rests_count_as_steps_of_their_own() -> None:
    run = a_run(2)
    steps = run.steps[0].copy()
    steps[:, 8:] = REST
    window = window_of(replace(run, steps=(steps,)), np.random.default_rng(0), bars=2, odd=0.0, untold=0.0)
    assert window["sounds0"][0, 8:].tolist() == [REST] * 8
