"""The next frame of four polyphonic sets: nats a frame on test, beside floors that prove the protocol.

Conventions: frames 2..T of each piece, each from the frames before it; log-probabilities of all 88 keys summed, the
mean over frames, not pieces. Keys are said upwards and downwards; the even mixture of both, frame by frame, is a
distribution too. Needs the `train` extra, the sets (ZHIYIN_DATA) and ZHIYIN_FRAMES_CHECKPOINTS, a folder with
SET.safetensors for each set or frames.safetensors for all (docs/lab/frames.md says how they are made). They do not
ship: the sets are for measuring only.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.data.fetch import data_home
from zhiyin.models.frames import FramesNet, frame_log_probs
from zhiyin.models.frames_file import load_frames_net
from zhiyin.train.frames_data import FOLDER, SETS, PolySet, library_of, load_poly_set

Floats = NDArray[np.float64]
VARIABLE = "ZHIYIN_FRAMES_CHECKPOINTS"
DEVICE = "ZHIYIN_DEVICE"
GOALS = {"JSB_Chorales": "<= 4.7", "Nottingham": "<= 1.40", "Piano_midi": "<= 4.6", "MuseData": "<= 3.6"}
ANCHORS = {
    "JSB_Chorales": "RNN-NADE 5.56, TCN 8.10, best known 5.05",
    "Nottingham": "RNN-NADE 2.31, TCN 3.07, best known 1.55",
    "Piano_midi": "RNN-NADE 7.05, best known 4.90",
    "MuseData": "RNN-NADE 5.60, best known 3.90",
}
# Measured before by other code on the same files: train marginal, two-state Markov chain of each key.
FLOORS = {
    "JSB_Chorales": (11.09, 10.49), "Nottingham": (10.26, 5.16), "Piano_midi": (11.05, 8.27), "MuseData": (11.52, 8.56),
}  # fmt: skip
# Where a key never sounds in training; small, so that the floors are those of plain counting.
PRIOR_COUNT = 1e-6
UNIT = "nats a frame"


def run(ctx: Context) -> list[Result]:
    """Measure floors and model on each set's test split, once."""
    device = os.environ.get(DEVICE, "cpu")
    if device == "cpu":
        torch.set_num_threads(1)
    nets = {name: load_frames_net(checkpoint(name))[0].to(device) for name in SETS}
    results: list[Result] = []
    for name in SETS:
        pieces = load_poly_set(data_home() / FOLDER, name)
        results += floor_results(ctx, pieces)
        results += model_results(ctx, pieces, nets[name], device=device)
    return results


def checkpoint(name: str) -> Path:
    """Return the checkpoint for a set; BenchmarkError says how to make one."""
    given = os.environ.get(VARIABLE)
    if not given:
        raise BenchmarkError(
            f"{VARIABLE} must name a folder of checkpoints: make them with  "
            "python -m zhiyin.train.frames recipes/frames.toml --out FOLDER/frames.safetensors"
        )
    own = Path(given) / f"{name}.safetensors"
    return own if own.exists() else Path(given) / "frames.safetensors"


def marginal_nats(train: Sequence[NDArray[np.uint8]], test: Sequence[NDArray[np.uint8]]) -> float:
    """Return nats a frame when each key sounds as often as in training, whatever came before."""
    seen = np.concatenate(train)
    chance = (seen.sum(0) + PRIOR_COUNT) / (len(seen) + 2 * PRIOR_COUNT)
    return mean_nats([np.where(roll, chance, 1 - chance)[1:] for roll in test])


def markov_nats(train: Sequence[NDArray[np.uint8]], test: Sequence[NDArray[np.uint8]]) -> float:
    """Return nats a frame when each key stays or changes as often as in training."""
    before, after = np.concatenate([one[:-1] for one in train]), np.concatenate([one[1:] for one in train])
    chances = []
    for was in (0, 1):
        is_so = before == was
        chances.append(((after & is_so).sum(0) + PRIOR_COUNT) / (is_so.sum(0) + 2 * PRIOR_COUNT))
    told = [np.where(roll[:-1], chances[1], chances[0]) for roll in test]
    return mean_nats([np.where(roll[1:], one, 1 - one) for roll, one in zip(test, told, strict=True)])


def mean_nats(chances: Sequence[Floats]) -> float:
    """Return the mean over all frames of the summed nats of what stands; chances: (frames, 88) a piece."""
    return -float(sum(np.log(one).sum() for one in chances)) / sum(len(one) for one in chances)


def floor_results(ctx: Context, pieces: PolySet) -> list[Result]:
    """Return the two floors beside what other code measured."""
    frames = sum(len(roll) - 1 for roll in pieces.test)
    marginal, markov = FLOORS[pieces.name]
    found = marginal_nats(pieces.train, pieces.test), markov_nats(pieces.train, pieces.test)
    return [
        ctx.result(
            f"{pieces.name}: train marginal", found[0], UNIT, n=frames, anchor=f"{marginal} elsewhere"
        ),
        ctx.result(
            f"{pieces.name}: Markov, key by key", found[1], UNIT, n=frames, anchor=f"{markov} elsewhere"
        ),
    ]


def model_results(ctx: Context, pieces: PolySet, net: FramesNet, *, device: str) -> list[Result]:
    """Return the model's nats upwards, downwards and mixed."""
    library = library_of([pieces], "test", device)
    each: list[Floats] = []
    for piece in range(len(library.lengths)):
        with torch.autocast(torch.device(device).type, torch.bfloat16):
            said = frame_log_probs(net, library, piece)
        each.append(said[:, 1:].cpu().numpy())
    up, down = np.concatenate(each, axis=1)
    mixed = np.logaddexp(up, down) - np.log(2)
    apiece = [-float((np.logaddexp(*one) - np.log(2)).mean()) for one in each if one.size]
    print(f"    {pieces.name}: {-mixed.mean():.4f}", flush=True)
    name, rest = pieces.name, {"n": mixed.size, "anchor": ANCHORS[pieces.name]}
    return [
        ctx.result(f"{name}: test", -float(mixed.mean()), UNIT, goal=GOALS[name], **rest),
        ctx.result(f"{name}: test, keys said upwards", -float(up.mean()), UNIT, n=up.size),
        ctx.result(f"{name}: test, keys said downwards", -float(down.mean()), UNIT, n=down.size),
        ctx.result(
            f"{name}: test, mean over pieces",
            float(np.mean(apiece)),
            UNIT,
            sd=float(np.std(apiece, ddof=1)),
            n=len(apiece),
        ),
    ]
