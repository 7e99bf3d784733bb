"""The VAE's task: bars read and written again at a small price of information, and a prior over their latents.

Conventions: a batch is windows of bars side by side; figures are nats a bar or shares of steps; validation windows are
fixed and in their plain key. This module does not loop: see `zhiyin.train.loop`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from zhiyin.encode.bar_steps import PAD, STEPS, Bars, shifted, sounding
from zhiyin.encode.fields import STYLE_SLOTS
from zhiyin.models.vae import BarVae, LatentPrior, kl_to_normal, reconstruction
from zhiyin.models.vae_condition import NO_ROOT, BarFacts, attacks_a_quarter, condition, mean_pitch
from zhiyin.models.vae_config import ROLES, VaeConfig
from zhiyin.train.recipe import Recipe
from zhiyin.train.task import Batch, Update
from zhiyin.train.vae_data import Run

UNTOLD = 0.3  # share of windows that are not told a kind of fact, so that asking without it works
BITS = 1 / math.log(2)


class VaeTask:
    """Bars of runs, read and written again; and a prior over the latents of windows.

    nets: `vae` and `prior`; windows a batch stand in the recipe's events_a_batch.
    """

    updates: tuple[Update, ...] = (Update("bars", ("vae",)), Update("prior", ("prior",)))

    def __init__(self, recipe: Recipe, train: list[Run], valid: list[Run], *, device: str = "cpu") -> None:
        self.recipe, self.train, self.device = recipe, train, device
        torch.manual_seed(recipe.seed)
        self.config: VaeConfig = recipe.model
        vae, prior = BarVae(self.config).to(device), LatentPrior(self.config).to(device)
        self.nets = nn.ModuleDict({"vae": vae, "prior": prior})
        self.steps_done = 0
        rng = np.random.default_rng(recipe.seed)
        windows = recipe.schedule.validation_windows
        self.checks = [self.draw(valid, rng, 64, is_plain=True) for _ in range(max(windows // 64, 1))]

    def batches(self, seed: tuple[int, int]) -> Iterator[Batch]:
        """Yield windows for ever, runs drawn by weight."""
        rng = np.random.default_rng(seed)
        self.steps_done = seed[1]
        while True:
            yield self.draw(self.train, rng, self.recipe.optimiser.events_a_batch)

    def draw(self, runs: list[Run], rng: np.random.Generator, count: int, *, is_plain: bool = False) -> Batch:
        """Return a batch of so many windows; plain ones are in their key with every fact told."""
        share = np.cumsum([r.weight for r in runs])
        data = self.recipe.data
        picked = np.searchsorted(share, rng.random(count) * share[-1])
        windows = [window_of(runs[int(i)], rng, bars=data.bars, odd=0.0 if is_plain else data.odd_shift,
                             untold=0.0 if is_plain else UNTOLD) for i in picked]  # fmt: skip
        return {name: torch.from_numpy(np.stack([w[name] for w in windows])) for name in windows[0]}

    def loss(self, update: str, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """Return nats a bar of reading and writing again, or of the latents under the prior."""
        if update == "prior":
            loss = self.prior_nats(self.nets, batch)
            return loss, {"prior": loss.detach()}
        self.steps_done += 1
        vae: Any = self.nets["vae"]
        nats, kl, right, said, steps = self.measure(vae, batch, is_sampled=True)
        data = self.recipe.data
        beta = data.beta * min(self.steps_done / max(data.beta_warmup, 1), 1.0)
        price = torch.clamp(kl, min=data.free_bits / BITS) if data.free_bits else kl
        loss = nats.mean() + beta * price.mean()
        told = {"nats": nats.mean(), "kl": kl.mean(), "right": right.sum() / steps.sum(), "said": said.sum()}
        return loss, {name: value.detach() for name, value in told.items()}

    def measure(
        self, vae: BarVae, batch: Batch, *, is_sampled: bool
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Return (nats (bars,), kl (bars,), right (bars, 16), right and said (bars, 16), inside (bars, 16)) of a batch.

        Each is summed over the parts of a bar; is_sampled: a latent is drawn, else it is the mean.
        """
        bars = flat(batch, self.config)
        mean, log_sd = vae.encode(bars["parts"], bars["sounds"], bars["length"], role=bars["role"])
        mean, log_sd = mean.float(), log_sd.float()
        latent = mean + log_sd.exp() * torch.randn_like(mean) if is_sampled else mean
        answers = vae.decode(latent, bars["length"], bars["role"])
        inside = torch.arange(STEPS, device=mean.device) < bars["length"][:, None]
        nats = torch.zeros(len(mean), device=mean.device)
        rights, saids, alls = [], [], []
        for kind, answer, steps in zip(self.config.parts, answers, bars["parts"], strict=True):
            one, right, said = reconstruction(kind, answer, steps, inside=inside)
            nats = nats + one
            rights.append(right)
            saids.append(right & said)
            alls.append(inside)
        return nats, kl_to_normal(mean, log_sd), torch.cat(rights), torch.cat(saids), torch.cat(alls)

    def prior_nats(self, nets: nn.ModuleDict, batch: Batch) -> Tensor:
        """Return nats a bar of the means of a batch's bars under the prior."""
        vae: Any = nets["vae"]
        prior: Any = nets["prior"]
        with torch.no_grad():
            bars = flat(batch, self.config)
            mean, _ = vae.encode(bars["parts"], bars["sounds"], bars["length"], role=bars["role"])
            latent = torch.zeros((*batch["inside"].shape, self.config.latent), device=mean.device)
            latent[batch["inside"]] = mean.float()
        nats = prior.nats(told_of(batch, latent), latent)
        kept = batch["inside"]
        mean_nats: Tensor = (nats * kept).sum() / kept.sum()
        return mean_nats

    def size(self, batch: Batch) -> int:
        """Return the bars of a batch."""
        return int(batch["inside"].sum())

    def told(self, sums: dict[str, Tensor]) -> dict[str, Any]:
        """Return accuracy of the drawn latent, bits of KL a bar, and nats of the prior."""
        return {
            "right": round(float(sums["right"]), 4), "nats": round(float(sums["nats"]), 3),
            "kl_bits": round(float(sums["kl"]) * BITS, 2), "prior": round(float(sums["prior"]), 3),
        }  # fmt: skip

    @torch.no_grad()
    def validate(self, nets: nn.ModuleDict) -> dict[str, float]:
        """Return the loss at full price on fixed windows, decoded from means; accuracy, KL and the prior beside it."""
        vae: Any = nets["vae"]
        nats, kl, right, steps, prior = 0.0, 0.0, 0.0, 0.0, 0.0
        bars = sum(self.size(batch) for batch in self.checks)
        for batch in self.checks:
            one, price, hit, _, inside = self.measure(vae, batch, is_sampled=False)
            nats, kl = nats + float(one.sum()), kl + float(price.sum())
            right, steps = right + float(hit.sum()), steps + float(inside.sum())
            prior += float(self.prior_nats(nets, batch)) * self.size(batch)
        beta = self.recipe.data.beta
        # The prior follows the latents, so its own gain is no reason to stop: it counts a little.
        return {
            "all": (nats + beta * kl) / bars + 0.02 * prior / bars, "nats": nats / bars, "right": right / steps,
            "kl_bits": kl / bars * BITS, "prior": prior / bars,
        }  # fmt: skip


def flat(batch: Batch, config: VaeConfig) -> dict[str, Any]:
    """Return the bars of a batch of windows, those that are there, in rows."""
    inside = batch["inside"]
    parts = [batch[f"steps{i}"][inside].long() for i in range(len(config.parts))]
    sounds = [
        batch[f"sounds{i}"][inside].long() if k == "line" else p
        for i, (k, p) in enumerate(zip(config.parts, parts, strict=True))
    ]
    return {
        "parts": parts,
        "sounds": sounds,
        "length": batch["length"][inside].long(),
        "role": batch["role"][inside].long(),
    }


def told_of(batch: Batch, latent: Tensor) -> Tensor:
    """Return (windows, bars, inputs) what the prior is told: the bar before, facts, the bar to resemble, the next."""
    zero = torch.zeros_like(latent[:, :1])
    before = torch.cat((zero, latent[:, :-1]), dim=1)
    has_before = torch.ones_like(before[..., :1])
    has_before[:, 0] = 0.0
    like, after = (gathered(latent, batch[name]) for name in ("like", "next"))
    return torch.cat(
        (before, has_before, batch["facts"].float(), like, after, batch["far"][..., None].float()), dim=-1
    )


def gathered(latent: Tensor, index: Tensor) -> Tensor:
    """Return (windows, bars, latent + 1) latents at indices with a flag, zero where the index is negative."""
    known = (index >= 0).unsqueeze(-1)
    rows = torch.gather(latent, 1, index.clamp(min=0).long().unsqueeze(-1).expand(-1, -1, latent.shape[-1]))
    return torch.cat((rows * known, known.to(rows.dtype)), dim=-1)


def window_of(
    run: Run, rng: np.random.Generator, *, bars: int, odd: float, untold: float
) -> dict[str, NDArray[Any]]:
    """Return one window of a run as arrays of a batch, moved to a signature without sharps and flats.

    odd: chance of a random interval besides; untold: chance that a kind of fact is not told.
    """
    first = int(rng.integers(max(len(run) - bars, 0) + 1))
    rows = np.arange(first, min(first + bars, len(run)))
    sharps = int(np.bincount(run.sharps[rows], minlength=12).argmax())
    move = -sharps if sharps <= 6 else 12 - sharps
    odd_by = int(rng.integers(-6, 7)) if rng.random() < odd else 0
    window: dict[str, NDArray[Any]] = {}
    parts = [shifted(Bars(s[rows], run.lengths[rows]), move + odd_by).steps for s in run.steps]
    for number, steps in enumerate(parts):
        window[f"steps{number}"] = _filled(steps, bars, PAD if steps.ndim == 2 else 0)
        if steps.ndim == 2:
            window[f"sounds{number}"] = _filled(sounding(steps), bars, PAD - 1)
    style = run.style if rng.random() >= untold else STYLE_SLOTS - 1
    role = ROLES.index(run.role)
    facts = facts_of(run, rows, parts[0], move=move + odd_by, rng=rng, untold=untold)
    window["facts"] = _filled(condition(facts, role=role, style=style).astype(np.float16), bars, 0)
    window["length"] = _filled(run.lengths[rows].astype(np.uint8), bars, STEPS)
    window["inside"] = np.arange(bars) < rows.size
    window["role"] = np.full(bars, role, np.uint8)
    like = np.where(run.like[rows] >= first, run.like[rows] - first, -1)
    window["like"] = _filled(like if rng.random() >= untold else np.full_like(like, -1), bars, -1).astype(
        np.int16
    )
    window["next"], window["far"] = _gap(rows.size, bars, rng)
    return window


def facts_of(
    run: Run,
    rows: NDArray[np.int64],
    steps: NDArray[np.uint8],
    *,
    move: int,
    rng: np.random.Generator,
    untold: float,
) -> BarFacts:
    """Return the facts of a window's bars, some kinds left untold."""
    chords = np.roll(run.chords[rows], move % 12, axis=2)
    roots = np.where(run.roots[rows] == NO_ROOT, NO_ROOT, (run.roots[rows] + move) % 12)
    if rng.random() < untold:
        chords, roots = np.zeros_like(chords), np.full_like(roots, NO_ROOT)
    open_ = np.full(rows.size, np.nan)
    tells_density, tells_register, tells_left = rng.random(3) >= (2 * untold, 2 * untold, untold)
    return BarFacts(
        chords=chords, roots=roots, lengths=run.lengths[rows], minor=run.minor[rows], place=rows,
        left=run.left[rows] if tells_left else np.full(rows.size, -1),
        density=attacks_a_quarter(steps, run.lengths[rows]) if tells_density else open_,
        register=mean_pitch(steps) if tells_register else open_,
    )  # fmt: skip


def _filled(values: NDArray[Any], bars: int, fill: int) -> NDArray[Any]:
    """Return values with rows added up to the number of bars."""
    result = np.full((bars, *values.shape[1:]), fill, values.dtype)
    result[: len(values)] = values
    return result


def _gap(count: int, bars: int, rng: np.random.Generator) -> tuple[NDArray[np.int16], NDArray[np.float16]]:
    """Return (next given bar, 1 / how far off) of each bar: in half the windows one bar ahead is given."""
    after = np.full(bars, -1, np.int16)
    if count > 2 and rng.random() < 0.5:
        given = int(rng.integers(2, count))
        after[:given] = given
    far = np.where(after >= 0, 1.0 / np.maximum(after - np.arange(bars), 1), 0.0)
    return after, far.astype(np.float16)
