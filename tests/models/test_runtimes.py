"""Laws of every runtime: what it answers without torch equals its torch form, also after taking back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tests.models.test_layouts import TINY, tensors, waltz  # noqa: E402
from zhiyin.models import FillConfig, Under, load_checkpoint, save_checkpoint  # noqa: E402
from zhiyin.models.layouts import build_model  # noqa: E402
from zhiyin.models.runtimes import RUNTIMES, make_runtime  # noqa: E402

CONFIGS = [replace(TINY, layers=2, family=family, layout=layout) for family, layout in RUNTIMES] + [
    replace(TINY, layers=2, clocks="index"),
    replace(TINY, layers=2, norm_qk=True),
    replace(TINY, layers=2, steps=True),
]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda c: f"{c.family}-{c.layout}-{c.clocks}-{c.norm_qk}")
def test_the_runtime_agrees_with_torch_to_a_thousandth(config: FillConfig, tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = build_model(config).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.1 * torch.randn_like(weight)).copy_(weight.half().float())
    weights = {n: t.detach().numpy() for n, t in model.state_dict().items()}
    path = tmp_path / "tiny.safetensors"
    save_checkpoint(path, config, weights, card={})
    sequence = waltz(3)
    with torch.no_grad():
        losses, _ = model.field_losses(tensors([sequence]))
    state = make_runtime(load_checkpoint(path)).start()
    for at in range(len(sequence)):
        state.feed(sequence.fields[at : at + 1], sequence.time[at : at + 1])
        if at % 7 == 3:  # take the event back and read it again
            state.rewind(state.mark() - 1)
            state.feed(sequence.fields[at : at + 1], sequence.time[at : at + 1])
        onset, value, duration, extra = sequence.target[at].tolist()
        under = Under(
            int(sequence.tonic[at]),
            int(sequence.chord_root[at]),
            int(sequence.chord_quality[at]),
            int(sequence.last[at]),
        )
        found = [state.onset()[onset]]
        if value >= 0:
            found += [
                state.value(onset, under)[value],
                state.duration(value)[duration],
                state.extra(duration)[extra],
            ]
        assert np.allclose(found, -losses[at, : len(found)].numpy(), atol=1e-3)
