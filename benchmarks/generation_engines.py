"""One engine that writes music, timed in a process of its own: ``python -m benchmarks.generation_engines ENGINE ...``.

Conventions: batch 1; random weights where a size is named; seconds by wall and processor; prints one JSON line.
Peers run bare, weights and sampling alone: no grammar, no wishes, no constraints; ours runs the whole road.
Does not know: what the numbers are compared with (benchmarks/generation_speed.py).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from benchmarks.child import Numbers, peak_mb

WORDS = "a cheerful folk tune for violin, guitar, piano and double bass, G major, 4/4, {bars} bars, 110 BPM"
REPEATS = 5
PEER_TOKENS = 384  # from an empty context on: shorter, so kinder, than the 2,100 that such a piece needs
PEER_THREADS = (1, 2)
LAYERS, HEADS = 6, 8
# The vocabulary of the smallest documented MIDI-GPT encoder: structure and notes, no attribute controls.
ENCODER_DOMAINS = (
    ("PieceStart", 2), ("Track", 2), ("TrackEnd", 1), ("Bar", 1), ("BarEnd", 1), ("TimeSig", 36),
    ("Instrument", 109), ("NumBars", 3), ("NoteOnset", 128), ("NoteDuration", 96), ("TimeAbsolutePos", 192),
    ("VelocityLevel", 32), ("FillInPlaceholder", 1), ("FillInStart", 1), ("FillInEnd", 1),
)  # fmt: skip


class Size(NamedTuple):
    """The shape of a fill model of random weights."""

    width: int
    layers: int
    heads: int
    hidden: int


SIZES = {
    "3M": Size(192, 5, 3, 512),
    "5M": Size(256, 5, 4, 704),  # as shipped
    "20M": Size(512, 6, 8, 1408),
}


class Spent(NamedTuple):
    """Seconds of one run: on the wall, of the processor, and until the first bars stood."""

    wall_s: float
    cpu_s: float
    first_s: float = 0.0


def random_checkpoint(size: Size, seed: int) -> Any:
    """Return a checkpoint of the shipped kind with normal random weights; needs no torch."""
    from zhiyin.models import Checkpoint, load_checkpoint

    shipped = load_checkpoint()
    old = shipped.config
    config = replace(
        old,
        width=size.width,
        layers=size.layers,
        heads=size.heads,
        hidden=size.hidden,
        inner=size.width,
        dropout=0.0,
    )
    swap = {old.width: config.width, 3 * old.width: 3 * config.width, 2 * old.hidden: 2 * config.hidden,
            old.hidden: config.hidden}  # fmt: skip
    rng = np.random.default_rng(seed)
    weights = {}
    for name, array in shipped.weights.items():
        layer = name.split(".")[1] if name.startswith("blocks.") else "0"
        names = [name.replace(f"blocks.{layer}.", f"blocks.{i}.") for i in range(config.layers)]
        shape = tuple(int(swap.get(n, n) or n) for n in array.shape)
        for each in names if name.startswith("blocks.0.") else [name] if layer == "0" else []:
            weights[each] = (
                np.ones(shape, np.float32)
                if "norm" in name
                else rng.normal(0, 0.02, shape).astype(np.float32)
            )
    return Checkpoint(f"random {size}", config, weights, {}, "0" * 64)


def ours(seed: int, name: str, bars: int = 16) -> Numbers:
    """Write a piece for four parts by the whole road, plan and wishes included; name: a size, or "shipped"."""
    from zhiyin.apps.wishes import read_asked
    from zhiyin.fill import compose_plan
    from zhiyin.fill.plan_make import make_plan
    from zhiyin.models import FillRuntime, load_checkpoint
    from zhiyin.score import Wishes

    wishes = read_asked(WORDS.format(bars=bars), Wishes()).wishes
    checkpoint = load_checkpoint() if name == "shipped" else random_checkpoint(SIZES[name], seed)
    runtime = FillRuntime(checkpoint)
    takes: list[Any] = []

    def once() -> Spent:
        wall, cpu, firsts = time.perf_counter(), time.process_time(), list[float]()
        plan = make_plan(wishes, seed=seed)
        takes.append(
            compose_plan.compose(
                plan, wishes, model=runtime, seed=seed,
                progress=lambda done, total: firsts.append(time.perf_counter() - wall),
            )
        )  # fmt: skip
        return Spent(time.perf_counter() - wall, time.process_time() - cpu, firsts[0])

    spent = repeated(once)
    return {
        **spent, "notes": takes[-1].score.note_count, "steps": takes[-1].steps, "peak_mb": peak_mb(),
        "parameters": sum(w.size for w in checkpoint.weights.values()),
    }  # fmt: skip


def repeated(once: Callable[[], Spent]) -> Numbers:
    """Return medians over several runs after one to warm up."""
    once()
    runs = [once() for _ in range(REPEATS)]
    return {name: median(getattr(run, name) for run in runs) for name in Spent._fields}


def midigpt(seed: int, parameters: str) -> Numbers:
    """Sample from the package's own GPT-2 with random weights, its own cache, without its grammar."""
    from midigpt.inference.model.gpt2 import GPT2Config, GPT2LMHeadModel

    def make(width: int) -> Any:
        return GPT2LMHeadModel(
            GPT2Config(vocab_size=vocabulary(), n_embd=width, n_layer=LAYERS, n_head=HEADS)
        )

    def sample(model: Any) -> None:
        import torch

        cache, token = model.make_empty_kv(), torch.tensor([[0]])
        for _ in range(PEER_TOKENS):
            logits, cache = model(token, cache)
            token = torch.multinomial(logits[:, -1].softmax(-1), 1)

    return peer(seed, int(parameters), make=make, sample=sample)


def gpt2(seed: int, parameters: str) -> Numbers:
    """Sample from the GPT-2 of `transformers` with random weights and its key-value cache."""
    import transformers

    transformers.logging.set_verbosity_error()

    def make(width: int) -> Any:
        config = transformers.GPT2Config(
            vocab_size=518, n_positions=2048, n_embd=width, n_layer=LAYERS, n_head=HEADS, bos_token_id=0,
            eos_token_id=None,
        )  # fmt: skip
        return transformers.GPT2LMHeadModel(config)

    def sample(model: Any) -> None:
        import torch

        cache, token = None, torch.tensor([[0]])
        for _ in range(PEER_TOKENS):
            out = model(token, past_key_values=cache, use_cache=True)
            cache = out.past_key_values
            token = torch.multinomial(out.logits[:, -1].softmax(-1), 1)

    return peer(seed, int(parameters), make=make, sample=sample)


def peer(seed: int, parameters: int, *, make: Callable[[int], Any], sample: Callable[[Any], None]) -> Numbers:
    """Time a peer of about so many parameters with one thread and with two, and keep the faster."""
    import torch

    width = nearest_width(parameters, make)
    torch.manual_seed(seed)
    model = make(width).eval()
    found: dict[int, Numbers] = {}
    with torch.inference_mode():
        for threads in PEER_THREADS:
            torch.set_num_threads(threads)
            found[threads] = repeated(lambda: _timed_sample(model, sample))
    best = min(found, key=lambda t: found[t]["wall_s"])
    return {
        **found[best], "cpu_s": min(one["cpu_s"] for one in found.values()), "threads": best, "width": width,
        "tokens": PEER_TOKENS, "parameters": sum(p.numel() for p in model.parameters()), "peak_mb": peak_mb(),
    }  # fmt: skip


def _timed_sample(model: Any, sample: Callable[[Any], None]) -> Spent:
    wall, cpu = time.perf_counter(), time.process_time()
    sample(model)
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def nearest_width(parameters: int, make: Callable[[int], Any]) -> int:
    """Return the multiple of the heads whose model comes nearest to so many parameters."""
    import torch

    with torch.device("meta"):
        counts = {
            w: sum(p.numel() for p in make(w).parameters()) for w in range(10 * HEADS, 90 * HEADS, HEADS)
        }
    return min(counts, key=lambda w: abs(counts[w] - parameters))


def vocabulary() -> int:
    """Return the size of the peer's smallest documented vocabulary."""
    return sum(size for _, size in ENCODER_DOMAINS)


def tokens_a_note(seed: int) -> Numbers:
    """Return how many tokens a note of our shipped take costs in each peer's own tokeniser."""
    from zhiyin.apps.model import open_model
    from zhiyin.apps.wishes import read_asked
    from zhiyin.fill import compose_plan
    from zhiyin.fill.plan_make import make_plan
    from zhiyin.io import save
    from zhiyin.score import Wishes

    wishes = read_asked(WORDS.format(bars=16), Wishes()).wishes
    score = compose_plan.compose(make_plan(wishes, seed=seed), wishes, model=open_model(), seed=seed).score
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "take.mid"
        save(score, path)
        counts = {"midigpt": _midigpt_tokens(path), "gpt2": _remi_tokens(path)}
    return {name: count / score.note_count for name, count in counts.items()}


def _midigpt_tokens(path: Path) -> int:
    import midigpt._core as core
    from midigpt import Score
    from midigpt.tokenizer import Tokenizer

    text = json.dumps({
        "attribute_controls": [], "decode_resolution": 1920, "emit_delta_tokens": False,
        "note_duration_max_beats": 8, "pitch_range": [0, 127], "resolution": 12, "supports_infill": True,
        "supports_mask_bar_token": False, "velocity_levels": 32, "velocity_sticky": True,
        "num_bars_map": [4, 8, 16], "time_signatures": ["4/4", "3/4", "2/4", "6/8"],
        "token_domains": [{"type": name, "domain_size": size} for name, size in ENCODER_DOMAINS],
    })  # fmt: skip
    return len(Tokenizer(core.EncoderConfig.from_json(text)).encode(Score.from_midi(str(path))))


def _remi_tokens(path: Path) -> int:
    import miditok

    config = miditok.TokenizerConfig(use_programs=True, use_tempos=True, use_time_signatures=True)
    found = miditok.REMI(config).encode(path)
    return sum(len(one.ids) for one in (found if isinstance(found, list) else [found]))


ENGINES: dict[str, Callable[..., Numbers]] = {
    "ours": ours,
    "midigpt": midigpt,
    "gpt2": gpt2,
    "tokens": tokens_a_note,
}


def main(words: Sequence[str]) -> int:
    """Time one engine and print its numbers as the last line."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    engine, seed, *rest = words
    print(
        json.dumps(
            ENGINES[engine](int(seed), *(int(w) if w.isdigit() and engine == "ours" else w for w in rest))
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
