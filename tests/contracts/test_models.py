"""The contract of model families: shapes, seeds, gradients everywhere, learns one piece by heart, survives saving."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from tests.models.test_runtime import SMALL, waltz_sequence
from zhiyin.encode import stack
from zhiyin.models import MODELS

torch = pytest.importorskip("torch", reason="the train extra is not installed")


def family(name: str) -> Any:
    module, cls = MODELS[name]
    return getattr(import_module(module), cls)


def batch() -> dict[str, Any]:
    return {k: torch.tensor(v) for k, v in stack([waltz_sequence()] * 2).items()}


@pytest.mark.parametrize("name", MODELS)
def test_a_loss_is_finite_and_counts_the_notes_to_write(name: str) -> None:
    torch.manual_seed(0)
    loss, sums = family(name)(SMALL).loss(batch(), given_weight=0.25)
    sequence = waltz_sequence()
    notes = int(np.sum((sequence.target[:, 1] >= 0) & sequence.is_target))
    assert torch.isfinite(loss)
    assert int(sums["notes"]) == 2 * notes


@pytest.mark.parametrize("name", MODELS)
def test_the_same_seed_gives_the_same_model(name: str) -> None:
    losses = []
    for _ in range(2):
        torch.manual_seed(3)
        losses.append(float(family(name)(SMALL).loss(batch(), given_weight=0.25)[0].detach()))
    assert losses[0] == losses[1]


@pytest.mark.parametrize("name", MODELS)
def test_gradients_reach_every_parameter(name: str) -> None:
    torch.manual_seed(0)
    model = family(name)(SMALL)
    model.loss(batch(), given_weight=0.25)[0].backward()
    missing = [n for n, p in model.named_parameters() if p.grad is None or not bool(p.grad.abs().sum() > 0)]
    assert missing == []


@pytest.mark.parametrize("name", MODELS)
def test_it_learns_one_piece_by_heart(name: str) -> None:
    torch.manual_seed(0)
    model, data = family(name)(SMALL), batch()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    first = float(model.loss(data, given_weight=1.0)[0].detach())
    for _ in range(60):
        optimiser.zero_grad()
        loss = model.loss(data, given_weight=1.0)[0]
        loss.backward()
        optimiser.step()
    assert float(loss.detach()) < 0.1 * first


@pytest.mark.parametrize("name", MODELS)
def test_a_later_event_never_changes_an_earlier_prediction(name: str) -> None:
    torch.manual_seed(0)
    model, data = family(name)(SMALL).eval(), batch()
    with torch.no_grad():
        before = model.hidden(data["fields"], data["time"])
        data["fields"][:, -1, 0] = 0
        after = model.hidden(data["fields"], data["time"])
    assert torch.equal(before[:, :-1], after[:, :-1])
    assert not torch.equal(before[:, -1], after[:, -1])


@pytest.mark.parametrize("name", MODELS)
def test_saved_and_loaded_weights_give_the_same_loss(name: str) -> None:
    torch.manual_seed(0)
    model, data = family(name)(SMALL).eval(), batch()
    other = family(name)(SMALL).eval()
    other.load_state_dict(model.state_dict())
    with torch.no_grad():
        assert torch.equal(model.loss(data, given_weight=0.5)[0], other.loss(data, given_weight=0.5)[0])
