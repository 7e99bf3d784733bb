"""Laws of the layouts: nothing looks ahead, every field is a distribution, padding changes nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tests.encode.pieces import little_waltz  # noqa: E402
from zhiyin.encode import Sequence, Window, build_sequence, context_of, encode_grid, stack  # noqa: E402
from zhiyin.encode.fields import FIELD_INDEX, KIND_CELL, UNKNOWN  # noqa: E402
from zhiyin.errors import InvalidInput  # noqa: E402
from zhiyin.models import FillConfig  # noqa: E402
from zhiyin.models.layouts import TORCH_MODELS, build_model, flatten_events  # noqa: E402

TINY = FillConfig(width=16, layers=1, heads=2, hidden=24, inner=8, dropout=0.0)
CONFIGS = [replace(TINY, layout=name) for name in TORCH_MODELS] + [
    replace(TINY, clocks="index"),
    replace(TINY, norm_qk=True),
    replace(TINY, steps=True),
]


def waltz(columns: int = 4, order: str = "bar") -> Sequence:
    """Return the first bars of the little waltz, all to write."""
    tokens = encode_grid(little_waltz())
    write = np.ones((columns, tokens.rows), bool)
    window = Window(np.arange(columns), np.arange(tokens.rows), write, order=order)
    return build_sequence(tokens, context_of(tokens), window)


def tensors(sequences: list[Sequence]) -> dict[str, torch.Tensor]:
    """Return a batch of sequences as tensors."""
    return {name: torch.from_numpy(array) for name, array in stack(sequences).items()}


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_what_comes_later_does_not_change_what_came_before(config: FillConfig) -> None:
    torch.manual_seed(0)
    model = build_model(config).eval()
    batch = tensors([waltz()])
    notes = np.flatnonzero(batch["fields"][0, :, FIELD_INDEX["kind"]].numpy() != KIND_CELL)
    at = int(notes[len(notes) // 2])
    before, asked = model.field_losses(batch)
    batch["fields"][0, at, FIELD_INDEX["value"]] = 40
    batch["fields"][0, at + 1 :, FIELD_INDEX["role"]] = 1
    after, _ = model.field_losses(batch)
    # What is asked after event at - 1 is the event that was changed; flat tokens read its fields one by one.
    assert torch.allclose(before[asked < at - 1], after[asked < at - 1], atol=1e-6)
    assert not torch.allclose(before[asked >= at], after[asked >= at], atol=1e-6)


@pytest.mark.parametrize("config", CONFIGS, ids=str)
@pytest.mark.parametrize("field", range(4))
def test_the_chances_of_every_field_sum_to_one(config: FillConfig, field: int) -> None:
    torch.manual_seed(0)
    model = build_model(config).eval()
    batch = tensors([waltz(2)])
    at = int(torch.nonzero(batch["target"][0, :, 1] >= 0)[3])
    size = (config.onsets, config.values, config.durations, config.extras)[field]
    total = 0.0
    for choice in range(size):
        changed = {**batch, "target": batch["target"].clone()}
        changed["target"][0, at, field] = choice
        losses, asked = model.field_losses(changed)
        total += float(torch.exp(-losses[asked == at, field]).detach())
    assert total == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_a_batch_tells_of_each_sequence_what_it_tells_alone(config: FillConfig) -> None:
    torch.manual_seed(0)
    model = build_model(config).eval()
    short, long = waltz(1), waltz(4)
    with torch.no_grad():
        alone = [model.loss(tensors([s]), given_weight=0.0)[1] for s in (short, long)]
        together = model.loss(tensors([short, long]), given_weight=0.0)[1]
    assert float(together["nats"]) == pytest.approx(sum(float(a["nats"]) for a in alone), rel=1e-5)


def test_flat_tokens_tell_one_field_each() -> None:
    batch = tensors([waltz(1)])
    fields, _, place = flatten_events(batch["fields"], batch["time"], batch["length"])
    first = int(torch.nonzero(batch["fields"][0, :, FIELD_INDEX["kind"]] != KIND_CELL)[0])
    last = int(place[0, first])
    event = batch["fields"][0, first]
    for token, name in enumerate(("onset", "value", "duration", "extra")):
        told = {
            n: int(fields[0, last - 3 + token, FIELD_INDEX[n]])
            for n in ("onset", "value", "duration", "extra")
        }
        expected = {n: int(event[FIELD_INDEX[n]]) if n == name else UNKNOWN[n] for n in told}
        assert told == expected


def test_part_order_lays_out_the_same_events_row_by_row() -> None:
    by_bar, by_part = waltz(order="bar"), waltz(order="part")
    assert sorted(map(tuple, by_bar.fields.tolist())) == sorted(map(tuple, by_part.fields.tolist()))
    rows = by_part.fields[:, FIELD_INDEX["row"]]
    assert np.all(np.diff(rows) >= 0)
    assert not np.all(np.diff(by_bar.fields[:, FIELD_INDEX["row"]]) >= 0)


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"layout must be one of compound, parallel, flat, got 'square'"):
        replace(TINY, layout="square")
