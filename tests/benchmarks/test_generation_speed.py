"""Laws of the generation speed benchmark: what is compared is of one size, a ratio is of note rates."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import generation_engines, generation_speed
from benchmarks.generation_engines import SIZES, nearest_width, random_checkpoint
from benchmarks.runner import Context
from zhiyin.models import FillRuntime


def test_a_random_model_has_the_parameters_its_size_is_named_after_and_runs() -> None:
    for name, low, high in (("3M", 3.0e6, 3.6e6), ("5M", 5.2e6, 6.2e6)):
        checkpoint = random_checkpoint(SIZES[name], 0)
        assert low < sum(w.size for w in checkpoint.weights.values()) < high
        assert len(FillRuntime(checkpoint).layers) == SIZES[name].layers


def test_the_nearest_width_is_the_multiple_of_the_heads_with_the_nearest_count() -> None:
    torch = pytest.importorskip("torch", reason="the train extra is not installed")
    # A square matrix of width 144 has 20,736 weights, of 136 18,496: 20,000 is nearer to the first.
    assert nearest_width(20_000, lambda width: torch.nn.Linear(width, width, bias=False)) == 144


def test_medians_are_over_the_runs_after_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation_engines, "REPEATS", 3)
    walls = iter([100.0, 1.0, 5.0, 2.0])
    found = generation_engines.repeated(lambda: generation_engines.Spent(next(walls), 0.5))
    assert found == {"wall_s": 2.0, "cpu_s": 0.5, "first_s": 0.0}


def test_a_ratio_divides_notes_a_second_by_tokens_a_second_over_tokens_a_note(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def child(root: Path, *words: str, module: str) -> dict[str, Any]:
        answers: dict[str, dict[str, Any]] = {
            "ours": {"notes": 600, "wall_s": 1.0, "cpu_s": 0.5, "first_s": 0.2, "peak_mb": 100.0,
                     "parameters": 3_000_000},
            "midigpt": {"tokens": 400, "wall_s": 2.0, "cpu_s": 4.0, "parameters": 3_000_000, "width": 192},
            "gpt2": {"tokens": 400, "wall_s": 1.0, "cpu_s": 1.0, "parameters": 3_000_000, "width": 192},
            "tokens": {"midigpt": 4.0, "gpt2": 5.0},
        }  # fmt: skip
        return answers[words[0]]

    monkeypatch.setattr(generation_speed, "measured_child", child)
    monkeypatch.setattr(generation_speed.importlib.util, "find_spec", lambda name: object())
    ctx = Context(tmp_path, "speed", "c0ffee", "a desk", lambda: datetime(2026, 1, 2, tzinfo=UTC))
    values = {r.metric: r.value for r in generation_speed.run(ctx)}
    # 400 tokens in 2 s at 4 a note are 50 notes a second; ours writes 600: 12 times as many.
    assert values["MIDI-GPT 3M: notes a second"] == 50.0
    assert values["ours over MIDI-GPT 3M, wall time"] == 12.0
    # 400 in 4 processor seconds at 4 a note are 25; ours 600 in 0.5 s are 1,200.
    assert values["ours over MIDI-GPT 3M, processor time"] == 48.0
    assert values["ours over GPT-2 3M, wall time"] == 7.5
    assert values["32 bars x 4 parts"] == 1.0


def test_random_weights_are_not_all_alike() -> None:
    qkv = random_checkpoint(SIZES["3M"], 1).weights["blocks.4.qkv.weight"]
    assert qkv.shape == (3 * 192, 192) and np.isclose(qkv.std(), 0.02, rtol=0.05)
