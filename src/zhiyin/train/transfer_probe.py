"""The probe: a plain reader of styles that runs choose by; who measures in benchmarks is another one.

Conventions: softmax regression on how often each row of each cell is struck and held, over a window; trained on the
training side alone. This module trains no family.
"""

from __future__ import annotations

import torch
from torch import Tensor

from zhiyin.encode.backing import CELLS, ROWS
from zhiyin.models.restyle import CELL, CHORD_CELL, CHORDS
from zhiyin.train.transfer_data import StyleBars, batch_of

STEPS, RATE, DECAY = 400, 0.02, 3e-2
_FIRST = CELLS * CHORD_CELL  # where a ground tells the first beat of the bar


def heard(backing: Tensor, ground: Tensor, mask: Tensor) -> Tensor:
    """Return (n, 2 * BACKING + metre) root mean shares over first beats and over the others, and the metre."""
    first = ground[..., _FIRST : _FIRST + 1] * mask
    shares = [(backing * m).sum(1) / m.sum(1).clamp(min=1) for m in (first, mask - first)]
    return torch.cat((*(s.sqrt() for s in shares), ground[:, 0, _FIRST:CHORDS]), dim=1)


class Probe:
    """A reader trained on windows. styles: how many there are."""

    def __init__(self, bars: StyleBars, styles: int, *, seed: int) -> None:
        torch.manual_seed(seed)
        rows = torch.randperm(len(bars))[:4000].numpy()
        batch = batch_of(bars, rows)
        x, label = heard(batch["backing"], batch["ground"], batch["mask"]), batch["style"]
        weight = 1.0 / torch.bincount(label, minlength=styles).clamp(min=1).float()
        self.net = torch.nn.Linear(x.shape[1], styles)
        optimiser = torch.optim.AdamW(self.net.parameters(), lr=RATE, weight_decay=DECAY)
        for _ in range(STEPS):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(self.net(x), label, weight=weight)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()

    @torch.no_grad()
    def shares(self, backing: Tensor, batch: dict[str, Tensor]) -> Tensor:
        """Return (n, styles) probabilities of backings over a batch's grounds."""
        return torch.softmax(self.net(heard(backing, batch["ground"], batch["mask"])), dim=-1)


def figures(probe: Probe, made: Tensor, batch: dict[str, Tensor]) -> dict[str, float]:
    """Return how a batch of answers is read: source and target chance, notes a beat beside those of people."""
    shares = probe.shares(made, batch)
    pick = torch.arange(len(made))
    beats = batch["mask"].sum()
    return {
        "target": float(shares[pick, batch["target"]].mean()),
        "source": float(shares[pick, batch["style"]].mean()),
        "notes": float((made * batch["mask"])[..., _STRUCK].sum() / beats),
        "human": float((batch["backing"] * batch["mask"])[..., _STRUCK].sum() / beats),
    }


_STRUCK = torch.cat([torch.arange(i * CELL, i * CELL + ROWS) for i in range(CELLS)])
