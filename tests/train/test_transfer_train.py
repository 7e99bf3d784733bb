"""Laws of the transfer runs: windows of whole bars, turns of writer and critic, losses that fall, cards."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

torch = pytest.importorskip("torch")

from tests.encode.pieces import little_waltz  # noqa: E402
from zhiyin.encode.passages import passages  # noqa: E402
from zhiyin.models.beat_sizes import CycleganSettings, TransferData, VaeTransferSettings  # noqa: E402
from zhiyin.models.checkpoint import WEIGHTS_FOLDER  # noqa: E402
from zhiyin.models.restyle import BACKING, GROUND  # noqa: E402
from zhiyin.train.cyclegan_task import CycleganTask, noise_like  # noqa: E402
from zhiyin.train.recipe import OptimiserSettings, Recipe, load_recipe  # noqa: E402
from zhiyin.train.transfer_data import StyleBars, batch_of, even_batches, windows_of  # noqa: E402
from zhiyin.train.transfer_lesson import card_text  # noqa: E402
from zhiyin.train.vae_transfer_task import VaeTransferTask  # noqa: E402

STYLES = ("hymn", "waltz")


def two_styles(count: int = 24) -> StyleBars:
    """Return windows of two styles: one strikes row 12 on every beat, the other row 40."""
    rng = np.random.default_rng(0)
    style = np.arange(count) % 2
    backing = np.zeros((count, 8, BACKING), np.uint8)
    backing[style == 0, :, 12] = 1
    backing[style == 1, :, 40] = 1
    ground = (rng.random((count, 8, GROUND)) < 0.05).astype(np.uint8)
    bar = np.tile(np.repeat([0, 1], 4), (count, 1))
    bar[:4, 4:] = -1  # some windows are a bar long
    return StyleBars(backing, ground, bar, style, tuple(f"set/{i}" for i in range(count)))


def recipe(model: object) -> Recipe:
    data = TransferData(styles=STYLES, beats=8)
    return Recipe("x", 1, model=model, data=data, optimiser=OptimiserSettings(events_a_batch=12))


def test_windows_are_whole_bars_with_something_under_the_tune() -> None:
    (passage,) = passages(little_waltz())
    found = windows_of(passage, 16)
    assert len(found) == 1  # five bars of three beats; three bars are left over
    backing, ground, bar = found[0]
    assert backing.shape == (15, BACKING) and ground.shape == (15, GROUND)
    assert bar.tolist() == [b for b in range(5) for _ in range(3)]


def test_batches_draw_every_style_alike_and_ask_for_another() -> None:
    batch = next(even_batches(two_styles(), 400, styles=2, seed=(1, 0)))
    assert abs(float(batch["style"].float().mean()) - 0.5) < 0.1
    assert bool((batch["target"] != batch["style"]).all())


def test_beats_behind_the_end_belong_to_no_bar() -> None:
    batch = batch_of(two_styles(), np.array([0, 5]))
    assert batch["mask"][0].sum() == 4 and batch["bars"][0].sum() == 16
    assert batch["bars"][1].sum() == 32
    noise = noise_like(batch)
    assert torch.equal(noise[1, 0], noise[1, 3]) and not torch.equal(noise[1, 3], noise[1, 4])


def test_the_vae_learns_what_a_style_does() -> None:
    task = VaeTransferTask(
        recipe(VaeTransferSettings(width=24, layers=2, code=4, latent=3)), two_styles(), two_styles()
    )
    optimiser = torch.optim.Adam(task.nets.parameters(), lr=1e-2)
    stream = task.batches((1, 0))
    for _ in range(60):
        optimiser.zero_grad()
        loss, _ = task.loss("vae", next(stream))
        loss.backward()
        optimiser.step()
    batch = next(stream)
    silent = torch.zeros(12, 8, 3)
    for style, row in ((0, 12), (1, 40)):
        logits = task.vae.decode(
            silent, batch["ground"], mask=batch["mask"], style=torch.full((12,), style)
        ).detach()
        assert float(torch.sigmoid(logits[..., row]).mean()) > 0.5
        assert float(torch.sigmoid(logits[..., 52 - row]).mean()) < 0.5


def test_the_critic_moves_alone_and_the_writer_hears_it() -> None:
    sizes = CycleganSettings(width=24, layers=2, code=4, critic_width=16, critic_layers=2)
    task = CycleganTask(recipe(sizes), two_styles(), two_styles())
    batch = next(task.batches((1, 0)))
    loss, told = task.loss("critic", batch)
    loss.backward()
    assert all(p.grad is None for p in task.writer.parameters())
    assert any(float(p.grad.abs().sum()) > 0 for p in task.critic.parameters() if p.grad is not None)
    assert {"human", "wrong", "fake", "slope"} <= set(told)
    loss, told = task.loss("writer", batch)
    loss.backward()
    assert all(p.grad is not None for p in task.writer.parameters())
    assert set(task.validate(task.nets)) >= {"all", "target", "source", "back"}


@pytest.mark.parametrize("name", ["cyclegan", "vae-transfer"])
def test_recipes_can_be_read(name: str) -> None:
    read = load_recipe(Path(__file__).parents[2] / "recipes" / f"{name}.toml")
    assert read.family == name.replace("_", "-") and len(read.data.styles) == 12


@pytest.mark.parametrize("name", ["cyclegan", "vae-transfer"])
def test_the_card_that_ships_is_the_one_in_the_weights_and_holds_the_recipe(name: str) -> None:
    with safe_open(WEIGHTS_FOLDER / f"{name}.safetensors", framework="numpy") as file:
        card = json.loads(file.metadata()["card"])
    page = (WEIGHTS_FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert page == card_text(card)
    recipe = page.split("## Recipe")[1]
    assert "seed: 1" in recipe and f"'family': '{name}'" in recipe and "'learning_rate'" in recipe
