"""Decoding steps a second of the numpy runtime beside torch and ONNX Runtime on the same weights, same run.

Conventions: one thread each; a step reads one event with a cache of 256 events before it; medians of repeats.
torch and onnxruntime are compared with when installed; neither is needed to run Zhiyin.
Does not know: the music.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.runner import Context, Result
from zhiyin.models import FillRuntime, load_checkpoint
from zhiyin.units import IntArray

CACHE, STEPS, REPEATS = 256, 60, 7


def run(ctx: Context) -> list[Result]:
    """Time the engines in turn, so that a noisy machine treats them alike."""
    runtime = FillRuntime(load_checkpoint())
    fields, times = _events(runtime, CACHE + STEPS)
    engines: dict[str, Callable[[], float]] = {"numpy runtime": lambda: _numpy_rate(runtime, fields, times)}
    if importlib.util.find_spec("torch") and importlib.util.find_spec("onnxruntime"):
        engines |= _others(runtime, fields, times)
    rates: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(REPEATS):
        for name, measure in engines.items():
            rates[name].append(measure())
    results = [
        ctx.result(f"{name}: steps a second", float(np.median(r)), "steps/s", sd=float(np.std(r)), n=REPEATS)
        for name, r in rates.items()
    ]
    for name, r in rates.items():
        if name != "numpy runtime":
            ratio = float(np.median(np.array(rates["numpy runtime"]) / np.array(r)))
            results.append(ctx.result(f"numpy runtime over {name}", ratio, "ratio", n=REPEATS, goal=">= 0.5"))
    return results


def _events(runtime: FillRuntime, count: int) -> tuple[IntArray, IntArray]:
    rng = np.random.default_rng(0)
    fields = np.stack([rng.integers(0, size, count) for size in runtime.config.fields.values()], axis=1)
    return fields, np.arange(count) * 6


def _numpy_rate(runtime: FillRuntime, fields: IntArray, times: IntArray) -> float:
    state = runtime.start()
    state.feed(fields[:CACHE], times[:CACHE])
    begun = time.perf_counter()
    for i in range(CACHE, CACHE + STEPS):
        state.feed(fields[i : i + 1], times[i : i + 1])
    return STEPS / (time.perf_counter() - begun)


def _others(runtime: FillRuntime, fields: IntArray, times: IntArray) -> dict[str, Callable[[], float]]:
    import torch

    torch.set_num_threads(1)
    step = _torch_step(runtime)
    config = runtime.config
    shape = (config.layers, 1, config.heads, CACHE, config.head_width)
    past = torch.zeros(shape), torch.zeros(shape)
    one = torch.tensor(fields[:1]), torch.tensor(times[:1]).float()[None]
    with TemporaryDirectory() as folder:
        full, small = _exported(step, (*one, *past), Path(folder))

    def torch_rate() -> float:
        begun = time.perf_counter()
        with torch.no_grad():
            for _ in range(STEPS):
                step(*one, *past)
        return STEPS / (time.perf_counter() - begun)

    feed = {
        "fields": fields[:1],
        "time": times[:1].astype(np.float32)[None],
        "keys": past[0].numpy(),
        "values": past[1].numpy(),
    }
    return {
        "torch eager": torch_rate,
        "ONNX Runtime fp32": lambda: _session_rate(full, feed),
        "ONNX Runtime int8": lambda: _session_rate(small, feed),
    }


def _session_rate(session: Any, feed: dict[str, Any]) -> float:
    session.run(None, feed)
    begun = time.perf_counter()
    for _ in range(STEPS):
        session.run(None, feed)
    return STEPS / (time.perf_counter() - begun)


def _exported(step: Any, example: tuple[Any, ...], folder: Path) -> Any:
    """Return ONNX Runtime sessions in float32 and int8 of the step."""
    import onnxruntime
    import torch
    from onnxruntime.quantization import quantize_dynamic

    path, small = folder / "step.onnx", folder / "step8.onnx"
    names = ["fields", "time", "keys", "values"]
    torch.onnx.export(step, example, path, input_names=names, output_names=["hidden", "k", "v"], dynamo=False)
    quantize_dynamic(path, small)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return tuple(onnxruntime.InferenceSession(p.read_bytes(), options) for p in (path, small))


def _torch_step(runtime: FillRuntime) -> Any:
    """Return a torch module of one decoding step that takes and returns its cache, as an exported graph must."""
    import torch
    from torch.nn import functional as F

    from zhiyin.models.transformer import FillTransformer, rotate

    model = FillTransformer(runtime.config).eval()
    model.load_state_dict({name: torch.tensor(w) for name, w in runtime.weights.items()})
    config = runtime.config

    class Step(torch.nn.Module):
        """One event through all layers with the cache as input and output."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, fields: Any, time: Any, *cache: Any) -> tuple[Any, Any, Any]:
            """Return (hidden, keys, values) after one event."""
            m: Any = self.model
            keys, values = cache
            x = F.embedding(fields + m.offsets, m.embed.weight).sum(1)[None]  # (1, 1, width)
            angle = torch.cat(
                (torch.full_like(time[..., None], CACHE) * m.index_freq, time[..., None] * m.time_freq), -1
            )
            cos, sin = angle.cos()[:, None], angle.sin()[:, None]
            new_keys, new_values = [], []
            for i, block in enumerate(m.blocks):
                qkv = block.qkv(block.attention_norm(x)).view(1, 1, 3, config.heads, config.head_width)
                q, k, v = qkv.permute(2, 0, 3, 1, 4)
                k, v = torch.cat((keys[i], rotate(k, cos, sin)), 2), torch.cat((values[i], v), 2)
                scores = rotate(q, cos, sin) @ k.transpose(-1, -2) * config.head_width**-0.5
                mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(1, 1, config.width)
                x = x + block.out(mixed)
                gate, up = block.gate_up(block.hidden_norm(x)).chunk(2, -1)
                x = x + block.down(F.silu(gate) * up)
                new_keys.append(k)
                new_values.append(v)
            return m.norm(x), torch.stack(new_keys), torch.stack(new_values)

    return Step().eval()
