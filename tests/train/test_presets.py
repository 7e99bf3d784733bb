"""Laws of the presets: their sizes, and that a batch reaches any device as the model reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.train.test_feed import some
from zhiyin.train.recipe import load_recipe

torch = pytest.importorskip("torch", reason="the train extra is not installed")

from zhiyin.models.layouts import build_model  # noqa: E402 - torch first
from zhiyin.models.quantise import to_storage  # noqa: E402
from zhiyin.train.feed import to_packed  # noqa: E402
from zhiyin.train.fill_task import config_of  # noqa: E402
from zhiyin.train.loop import move  # noqa: E402


@pytest.mark.parametrize(("name", "low", "high"), [("small", 4.5e6, 5.5e6), ("base", 20e6, 40e6)])
def test_presets_have_the_parameters_they_promise(root: Path, name: str, low: float, high: float) -> None:
    with torch.device("meta"):
        model = build_model(config_of(load_recipe(root / "recipes" / f"{name}.toml")))
    assert low <= sum(p.numel() for p in model.parameters()) <= high


def test_base_fits_in_forty_megabytes(root: Path) -> None:
    model = build_model(config_of(load_recipe(root / "recipes" / "base.toml")))
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    assert sum(array.nbytes for array in to_storage(weights, "int8").values()) < 40e6


def test_a_packed_batch_is_unpacked_on_the_device_it_goes_to() -> None:
    # "meta" stands for any device that is not the processor.
    batch = move(to_packed(some(3), 128), "meta")
    assert {tensor.device.type for tensor in batch.values()} == {"meta"}
    assert batch["fields"].dtype == torch.int64 and batch["fields"].shape[:2] == (3, 128)
