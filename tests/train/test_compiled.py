"""Laws of the compiled loss: it is the loss, on padded batches too, and it trains."""

from __future__ import annotations

import numpy as np
import pytest

from tests.train.test_feed import some
from zhiyin.errors import InvalidInput
from zhiyin.models.config import FillConfig

torch = pytest.importorskip("torch", reason="the train extra is not installed")

from zhiyin.models.layouts import build_model  # noqa: E402 - torch first
from zhiyin.train.compiled import compiled_loss, static_loss  # noqa: E402
from zhiyin.train.feed import to_packed, to_tensors, unpack  # noqa: E402

TINY = FillConfig(width=32, layers=2, heads=2, hidden=48, inner=24, dropout=0.0)


@pytest.mark.parametrize("layout", ["compound", "parallel"])
def test_the_static_loss_and_its_gradients_equal_the_plain_ones(layout: str) -> None:
    from dataclasses import replace

    torch.manual_seed(0)
    model = build_model(replace(TINY, layout=layout))
    group = some(6)
    plain, sums = model.loss(to_tensors(group), given_weight=0.25)
    plain.backward()
    wanted = [None if p.grad is None else p.grad.clone() for p in model.parameters()]
    model.zero_grad()
    found, static_sums = static_loss(model, unpack(to_packed(group, 128)), given_weight=0.25)
    found.backward()
    assert torch.allclose(found, plain, rtol=1e-5)
    for name, value in sums.items():
        assert torch.allclose(static_sums[name].float(), value.float(), rtol=1e-4), name
    for mine, other in zip((p.grad for p in model.parameters()), wanted, strict=True):
        assert (other is None and (mine is None or not mine.any())) or torch.allclose(mine, other, atol=1e-6)


def test_a_layout_whose_steps_depend_on_the_data_is_refused() -> None:
    from dataclasses import replace

    with pytest.raises(
        InvalidInput, match=r"compile must be false .*, got true for 'transformer' of layout 'flat'"
    ):
        compiled_loss(build_model(replace(TINY, layout="flat")))


def test_nothing_in_the_compiled_road_depends_on_the_data() -> None:
    # torch.export refuses a graph whose shapes or branches depend on values.
    model = build_model(TINY)
    batch = unpack(to_packed(some(2), 128))
    batch.pop("length")

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
            return static_loss(self.model, batch, given_weight=0.25)[0]

    graph = torch.export.export(Whole(), (batch,), strict=False)
    with torch.no_grad():
        assert np.isclose(float(graph.module()(batch)), float(Whole()(batch)), rtol=1e-5)


def test_each_length_compiles_one_layer_and_the_heads_once_without_a_break() -> None:
    from torch._dynamo.testing import CompileCounter

    torch.manual_seed(0)
    model = build_model(TINY)  # two layers: the second runs the first one's code
    counter = CompileCounter()
    loss = compiled_loss(model, backend=counter)
    short, long = (unpack(to_packed(some(2), length)) for length in (128, 192))
    plain = [float(model.loss(b, given_weight=0.25)[0].detach()) for b in (short, long)]
    found = [float(loss(b, given_weight=0.25)[0].detach()) for b in (short, long, short, long)]
    assert np.allclose(found, plain * 2, rtol=1e-5)
    assert counter.frame_count == 4
