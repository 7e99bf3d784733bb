"""Chorales: nats a voice-frame on the sixteenth grid, and part-writing faults of sampled ones beside Bach's.

Conventions: chronological, one fixed voice order, every frame scored, no end token; validation chose all.
Needs the `train` extra, the set (ZHIYIN_DATA) and a checkpoint: ZHIYIN_CHORALE_CHECKPOINT names one, or several
with ':' between (the first is measured, all together are the ensemble), made by
`python -m zhiyin.train.chorale recipes/chorale.toml --corpus CORPUS`. They do not ship: the set is for measuring only.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.chorale_rules import Faults, count_faults
from benchmarks.runner import BenchmarkError, Context, Result
from zhiyin.data.fetch import data_home
from zhiyin.models.chorale import ChoraleNet, fixed_order
from zhiyin.models.chorale_file import load_chorale_net
from zhiyin.models.chorale_sample import Sampling, penalise, sample_chorales
from zhiyin.train.chorale_data import Chorale, Chorales, id_pitches, load_chorales, to_frames

Floats = NDArray[np.float64]
VARIABLE = "ZHIYIN_CHORALE_CHECKPOINT"
ORDER = "SBAT"  # chosen on validation
MIXED_ORDERS = ("SBAT", "BSAT", "SBTA", "BSTA", "SATB", "BTSA")
PENALTY = 4.0  # nats that a parallel costs beyond what the model itself takes off
# What the recipe takes off after learning (parallel_nats): part of the model, likelihood and samples alike. Given back
# in the last row, so that what learning alone does is seen.
IN_MODEL = 3.5
RULED = f"{IN_MODEL:g} nats against parallels"
SAMPLINGS = (
    (f"T = 1, {RULED}", 1.0, 0.0), (f"T = 0.9, {RULED}", 0.9, 0.0),
    (f"T = 1, {IN_MODEL + PENALTY:g} nats against parallels", 1.0, PENALTY),
    ("T = 1, nothing against parallels", 1.0, -IN_MODEL),
)  # fmt: skip
ANCHOR = "Music Transformer 0.335 (validation), a plain GRU 0.381 / 0.397 test"


def run(ctx: Context) -> list[Result]:
    """Measure the likelihood on validation and test, then sample as many chorales as the test set has, three times."""
    torch.set_num_threads(1)
    nets = [load_chorale_net(path)[0] for path in checkpoints()]
    chorales = load_chorales(data_home() / "jsb_chorales", with_train=False)
    return [
        *likelihood_results(ctx, nets[0], chorales),
        *mixture_results(ctx, nets, chorales),
        *fault_results(ctx, nets[0], chorales),
    ]


def checkpoints() -> list[Path]:
    """Return the checkpoints that the environment names; BenchmarkError says how to make one."""
    given = os.environ.get(VARIABLE)
    if not given:
        raise BenchmarkError(
            f"{VARIABLE} must name a checkpoint: make one with  "
            "python -m zhiyin.train.chorale recipes/chorale.toml --corpus CORPUS"
        )
    return [Path(one) for one in given.split(":")]


def voice_log_probs(net: ChoraleNet, chorale: Chorale, order: str, *, penalty: float = 0.0) -> Floats:
    """Return (steps, 4) log-probabilities of what stands, each voice told those before it in the order."""
    frames = to_frames([chorale])
    with torch.no_grad():
        read = net.read(frames.inputs)
        if penalty == 0:
            whole: Floats = net.log_probs(read, frames, fixed_order(order))[0].double().numpy()
            return whole
        found = torch.zeros(frames.targets.shape)
        known = torch.zeros(1, frames.targets.shape[1], 1, 4, dtype=torch.bool)
        heard: dict[int, torch.Tensor] = {}
        for v in fixed_order(order).tolist():
            voice = torch.full((1, known.shape[1], 1), v)
            said = net.decode(read, frames, voice=voice, known=known, ids=frames.targets)[:, :, 0]
            said = penalise(said, frames.before, voice=v, known=heard, penalty=penalty)
            heard[v] = frames.targets[..., v]
            found[..., v] = said.gather(-1, heard[v][..., None])[..., 0]
            known[..., v] = True
    ruled: Floats = found[0].double().numpy()
    return ruled


def frame_log_probs(nets: Sequence[ChoraleNet], chorale: Chorale, orders: Sequence[str]) -> Floats:
    """Return (steps,) log-probability of each whole frame under the even mixture of nets and voice orders."""
    frames = to_frames([chorale])
    joint: list[Floats] = []
    with torch.no_grad():
        for net in nets:
            read = net.read(frames.inputs)
            for order in orders:
                said = net.log_probs(read, frames, fixed_order(order))[0]
                joint.append(said.double().sum(1).numpy())
    mixed: Floats = np.logaddexp.reduce(joint, axis=0) - np.log(len(joint))
    return mixed


def nats_a_voice_frame(frames: Sequence[Floats]) -> float:
    """Return the mean over all voice-frames of joint log-probabilities (steps,) a chorale."""
    return -sum(float(one.sum()) for one in frames) / (4 * sum(one.size for one in frames))


def likelihood_results(ctx: Context, net: ChoraleNet, chorales: Chorales) -> list[Result]:
    """Return the main numbers: one net, one order."""
    unit = "nats a voice-frame"
    said = {
        "validation": [voice_log_probs(net, one, ORDER) for one in chorales.valid],
        "test": [voice_log_probs(net, one, ORDER) for one in chorales.test],
    }
    ruled = [voice_log_probs(net, one, ORDER, penalty=PENALTY).sum(1) for one in chorales.test]
    total = {split: nats_a_voice_frame([one.sum(1) for one in found]) for split, found in said.items()}
    moved = np.concatenate([one.ids[1:] != one.ids[:-1] for one in chorales.test])
    later = np.concatenate([one[1:] for one in said["test"]])
    apiece = [-float(one.mean()) for one in said["test"]]
    return [
        ctx.result(
            "validation", total["validation"], unit, n=len(chorales.valid), anchor=ANCHOR, goal="<= 0.300"
        ),
        ctx.result("test", total["test"], unit, n=len(chorales.test), anchor=ANCHOR, goal="<= 0.315"),
        ctx.result("test, voice-frames that change", -float(later[moved].mean()), "nats", goal="<= 1.10"),
        ctx.result(
            "test, mean over pieces",
            float(np.mean(apiece)),
            unit,
            sd=float(np.std(apiece, ddof=1)),
            n=len(apiece),
        ),
        ctx.result(
            f"test, {IN_MODEL + PENALTY:g} nats against parallels",
            nats_a_voice_frame(ruled),
            unit,
            n=len(chorales.test),
        ),
    ]


def mixture_results(ctx: Context, nets: Sequence[ChoraleNet], chorales: Chorales) -> list[Result]:
    """Return what mixing costs and gains: one net over several voice orders; several nets where they are given."""
    tried: list[tuple[str, Sequence[ChoraleNet], Sequence[str]]] = [
        (f"one net, {len(MIXED_ORDERS)} voice orders mixed", nets[:1], MIXED_ORDERS)
    ]
    if len(nets) > 1:
        tried += [(f"ensemble of {len(nets)}", nets, (ORDER,))]
        tried += [(f"ensemble of {len(nets)}, {len(MIXED_ORDERS)} voice orders mixed", nets, MIXED_ORDERS)]
    results = []
    for name, used, orders in tried:
        for split, pieces in (("validation", chorales.valid), ("test", chorales.test)):
            value = nats_a_voice_frame([frame_log_probs(used, one, orders) for one in pieces])
            goal = {"validation": "<= 0.300", "test": "<= 0.315" if len(used) == 1 else "<= 0.300"}[split]
            results.append(
                ctx.result(f"{split}, {name}", value, "nats a voice-frame", n=len(pieces), goal=goal)
            )
    return results


def fault_results(ctx: Context, net: ChoraleNet, chorales: Chorales) -> list[Result]:
    """Return faults of Bach's test chorales and of sampled ones of the same lengths, from nothing, unfiltered."""
    bach = count_faults(id_pitches(one.ids).tolist() for one in chorales.test)
    unit, goal = "parallels per 100 chord changes", "<= 0.34"
    results = [
        ctx.result("Bach's test chorales", bach.per_100_changes, unit, n=bach.changes, anchor="0.339"),
        ctx.result(
            "Bach's test chorales, crossing", bach.crossing_percent, "% of steps", n=bach.steps, anchor="1.98"
        ),
    ]
    lengths = [len(one.ids) for one in chorales.test]
    for name, temperature, penalty in SAMPLINGS:
        found: list[Faults] = []
        for seed in ctx.seeds:
            how = Sampling(order=ORDER, temperature=temperature, penalty=penalty, seed=seed)
            drawn = sample_chorales(net, chorales.store, lengths, how=how)
            found.append(count_faults(id_pitches(ids).tolist() for ids in drawn))
        told = {"seeds": ctx.seeds, "anchor": f"Bach {bach.per_100_changes:.3f}, JS-Fake 2.278"}
        results.append(
            ctx.result_of(
                f"sampled, {name}",
                [one.per_100_changes for one in found],
                unit,
                goal=goal if penalty >= 0 else None,
                **told,
            )
        )
        crossing = [one.crossing_percent for one in found]
        results.append(
            ctx.result_of(
                f"sampled, {name}, crossing", crossing, "% of steps", seeds=ctx.seeds, anchor="Bach 1.98"
            )
        )
    return results
