"""Training of `PieceNet` on any labels of pieces; needs the train extra.

Conventions: pieces weigh by class; each step sees a piece through a few of its windows drawn anew, and half the time
without who plays, so that one network answers for excerpts and for unknown players. The validation side chooses
temperatures, threshold and limit; nothing here sees a test side. This module does not read a corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhiyin.judge.features import feature_groups, features_of
from zhiyin.judge.style_net_build import best_temperature, sure_threshold
from zhiyin.listen.piece_net import LAYERS, PieceNet
from zhiyin.listen.piece_noise import order_direction, random_excerpt
from zhiyin.listen.style_hearing import Hearing
from zhiyin.units import BoolArray, Float32Array, FloatArray, IntArray

MOST_AT_ONCE = 6  # windows of a piece in one step
DIRECTIONS = 48  # of what is familiar
SURE = 0.95  # of the answers given on the validation side are right
FAMILIAR_SHARE = 0.99  # of validation pieces lie within the limits
NOISE_WINDOWS = 300


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How to train. width: of the embedding; most_weight: of a rare class beside a common one; members: networks."""

    hidden: int = 160
    width: int = 48
    epochs: int = 30
    batch: int = 64
    rate: float = 2e-3
    decay: float = 0.02
    dropout: float = 0.4
    noise: float = 0.15
    smoothing: float = 0.05
    most_weight: float = 4.0
    members: int = 3


@dataclass(frozen=True, eq=False)
class Labelled:
    """Pieces with labels: hearings, each with a window at least, and label (n,) indices of classes."""

    hearings: tuple[Hearing, ...]
    label: IntArray


def fit_piece_net(
    classes: Sequence[str],
    train: Labelled,
    valid: Labelled,
    *,
    seed: int = 0,
    settings: FitSettings | None = None,
    used: BoolArray | None = None,
) -> PieceNet:
    """Return an ensemble trained on some pieces and calibrated on others. used: the features it may go by."""
    settings = settings or FitSettings()
    used = transposable() if used is None else used
    net = _scaled(tuple(classes), train, used)
    members = tuple(
        _fit_member(net, train, len(classes), seed=seed * 100 + n, settings=settings)
        for n in range(settings.members)
    )
    music = np.concatenate([net.standard(h.windows) for h in train.hearings])
    order = order_direction(music, net.standard(noise_windows(seed)))
    return calibrated(_with(net, members=members, familiar=_familiar(music), order=order), valid)


def noise_windows(seed: int, *, count: int = NOISE_WINDOWS) -> Float32Array:
    """Return (count, features) of eight bars of notes at random."""
    rng = np.random.default_rng([seed, 1])
    return np.stack([features_of(random_excerpt(rng)) for _ in range(count)])


def transposable() -> BoolArray:
    """Return (features,) which features do not change with the key: all but the register's."""
    groups = feature_groups()
    used = np.ones(max(span.stop for span in groups.values()), bool)
    used[groups["register"]] = False
    return used


def calibrated(net: PieceNet, valid: Labelled) -> PieceNet:
    """Return the classifier with temperatures, threshold and limit set on pieces it did not learn from."""
    temperatures = tuple(_temperature(net, valid, windows=n) for n in (1, 2, MOST_AT_ONCE))
    strange = [net.strangeness(h) for h in valid.hearings]
    limit = float(np.quantile(strange, FAMILIAR_SHARE)) if net.familiar is not None else float("inf")
    ordered = [net.orderliness(h) for h in valid.hearings]
    least = float(np.quantile(ordered, 1 - FAMILIAR_SHARE)) if net.order is not None else -1e9
    found = _with(net, temperatures=temperatures, limit=limit, least_order=least)
    shares = np.stack([found.shares(h) for h in valid.hearings])
    return _with(found, threshold=sure_threshold(shares, valid.label, share=SURE))


def _temperature(net: PieceNet, valid: Labelled, *, windows: int) -> float:
    """Return the temperature for pieces of so many windows, each told with and without who plays."""
    cut = [Hearing(h.windows[:windows], h.players) for h in valid.hearings]
    logits = np.stack([net.logits(h) for h in (*cut, *(h.without_players() for h in cut))])
    return best_temperature(logits, np.concatenate([valid.label, valid.label]))


def _with(net: PieceNet, **changes: Any) -> PieceNet:
    fields: dict[str, Any] = {name: getattr(net, name) for name in PieceNet.__dataclass_fields__}
    return PieceNet(**{**fields, **changes})


def _scaled(classes: tuple[str, ...], train: Labelled, used: BoolArray) -> PieceNet:
    """Return a classifier without members that knows the average window and the average band."""
    rows = np.concatenate([h.windows for h in train.hearings])[:, used]
    players = np.stack([h.players for h in train.hearings])
    return PieceNet(
        classes, used, rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3), players.mean(axis=0),
        np.maximum(players.std(axis=0), 1e-2), (),
    )  # fmt: skip


def _familiar(x: Float32Array) -> Float32Array:
    """Return (directions, used) the main directions in which windows differ; the rest is noise or strange."""
    _, _, directions = np.linalg.svd((x.T @ x).astype(np.float64))
    return np.asarray(directions[:DIRECTIONS], np.float32)


def _fit_member(
    net: PieceNet, train: Labelled, classes: int, *, seed: int, settings: FitSettings
) -> dict[str, Float32Array]:
    """Return the weights of one network."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    batches = _Batches.of(net, train)
    layers = _layers(batches, classes, settings)
    label = torch.tensor(train.label)
    count = torch.bincount(label, minlength=classes).clamp(min=1)
    weight = (len(label) / (classes * count)).clamp(max=settings.most_weight).float()
    loss_of = torch.nn.CrossEntropyLoss(weight=weight, label_smoothing=settings.smoothing)
    optimiser = torch.optim.AdamW(layers.parameters(), lr=settings.rate, weight_decay=settings.decay)
    steps = settings.epochs * -(-len(label) // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.rate, total_steps=steps)
    for _ in range(settings.epochs):
        order: Any = torch.randperm(len(label))
        for rows in order.split(settings.batch):
            loss = loss_of(_forward(layers, batches.draw(rows), settings), label[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return _plain(layers)


def _layers(batches: _Batches, classes: int, settings: FitSettings) -> Any:
    from torch import nn

    return nn.ModuleDict({
        "hidden": nn.Linear(batches.windows.shape[1], settings.hidden),
        "embedding": nn.Linear(settings.hidden, settings.width),
        "label": nn.Linear(settings.width, classes),
        "players": nn.Linear(batches.players.shape[1], 32),
        "players_label": nn.Linear(32, classes),
    })  # fmt: skip


def _forward(layers: Any, drawn: tuple[Any, Any, Any], settings: FitSettings) -> Any:
    """Return (pieces, classes) logits while training."""
    import torch
    from torch.nn import functional

    windows, is_seen, players = drawn  # (pieces, most, used), (pieces, most), (pieces, players)
    noisy = windows + settings.noise * torch.randn_like(windows)
    hidden = functional.dropout(functional.silu(layers["hidden"](noisy)), settings.dropout)
    seen = is_seen.unsqueeze(-1).float()
    pool = (layers["embedding"](hidden) * seen).sum(dim=1) / seen.sum(dim=1)
    who = functional.silu(layers["players"](players))
    return layers["label"](functional.silu(pool)) + layers["players_label"](who)


@dataclass(frozen=True, eq=False)
class _Batches:
    """All windows as one tensor, which rows are whose, and who plays."""

    windows: Any
    first: Any
    count: Any
    players: Any

    @classmethod
    def of(cls, net: PieceNet, train: Labelled) -> _Batches:
        import torch

        counts = np.array([len(h.windows) for h in train.hearings])
        rows = np.concatenate([net.standard(h.windows) for h in train.hearings])
        players = np.stack([net.standard_players(h.players) for h in train.hearings])
        first = np.concatenate([[0], np.cumsum(counts)[:-1]])
        return cls(torch.tensor(rows), torch.tensor(first), torch.tensor(counts), torch.tensor(players))

    def draw(self, rows: Any) -> tuple[Any, Any, Any]:
        """Return some pieces, each through 1 to all of its windows, every other without who plays."""
        import torch

        counts = self.count[rows]
        places = torch.rand(len(rows), int(self.count.max()))
        places = places.masked_fill(torch.arange(places.shape[1])[None] >= counts[:, None], 2.0)
        picked = places.argsort(dim=1)[:, :MOST_AT_ONCE]
        seen = (torch.rand(len(rows)) * counts.clamp(max=MOST_AT_ONCE)).long() + 1
        is_seen = torch.arange(picked.shape[1])[None] < seen[:, None]
        index = self.first[rows][:, None] + torch.where(is_seen, picked, picked[:, :1])
        players = self.players[rows] * (torch.rand(len(rows), 1) < 0.5)
        return self.windows[index], is_seen, players


def _plain(layers: Any) -> dict[str, Float32Array]:
    found = {}
    for name in LAYERS:
        found[f"{name}.w"] = layers[name].weight.detach().numpy().T.copy()
        found[f"{name}.b"] = layers[name].bias.detach().numpy().copy()
    return found


def shares_of(net: PieceNet, hearings: Sequence[Hearing]) -> FloatArray:
    """Return (n, classes) probabilities."""
    return np.stack([net.shares(h) for h in hearings])
