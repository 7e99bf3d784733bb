"""Train the style classifier: ``python -m zhiyin.judge.style_net_build CORPUS [FILE]``; needs the train extra.

Conventions: classes weigh the same; the validation side chooses the epoch, temperature and threshold, the test side
only measures. This module is not needed to run the classifier.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.judge.style_net import CLIP, DEFAULT_STYLE_NET, StyleNet, save_style_net
from zhiyin.judge.style_net_data import MERGED, StyleWindows, draw_windows
from zhiyin.judge.style_scores import confusion, macro_f1
from zhiyin.units import Float32Array, FloatArray, IntArray

HIDDEN, WIDTH = 160, 32
EPOCHS, BATCH, RATE, DECAY = 30, 128, 2e-3, 0.02
DROPOUT, NOISE, SMOOTHING = 0.4, 0.15, 0.05
SURE = 0.9  # the share of answers that must be right where an answer is given
TEMPERATURES = np.geomspace(0.4, 3.0, 40)


def build(corpus: Path, *, seed: int = 0, report: Callable[[str], None] = lambda line: None) -> StyleNet:
    """Return a classifier trained on a corpus' human windows, with its scores in the card."""
    classes, sides = draw_windows(corpus, seed=seed, report=report)
    train = sides["train"]
    centre = train.features.mean(axis=0)
    scale = np.maximum(train.features.std(axis=0), 1e-3)
    x = {side: np.clip((w.features - centre) / scale, -CLIP, CLIP) for side, w in sides.items()}
    weights = _fit(x, {side: w.label for side, w in sides.items()}, len(classes), seed=seed)
    net = StyleNet(classes, centre, scale, weights, 1.0, 0.0, {})
    valid = sides["valid"]
    temperature = best_temperature(np.log(net.probabilities(valid.features) + 1e-12), valid.label)
    net = StyleNet(classes, centre, scale, weights, temperature, 0.0, {})
    threshold = sure_threshold(net.probabilities(valid.features), valid.label)
    card = _card(net, sides, seed)
    report(f"test: accuracy {card['test_accuracy']:.3f}, macro F1 {card['test_macro_f1']:.3f}")
    return StyleNet(classes, centre, scale, weights, temperature, threshold, card)


def _card(net: StyleNet, sides: dict[str, StyleWindows], seed: int) -> dict[str, Any]:
    test = sides["test"]
    table = confusion(test.label, net.probabilities(test.features).argmax(axis=1), len(net.classes))
    return {
        "what": "style of 8 bars from 515 hand-made features, no instruments, tempo or dynamics",
        "merged": MERGED,
        "seed": seed,
        "windows": {side: len(w.piece) for side, w in sides.items()},
        "pieces": {side: len(set(w.piece)) for side, w in sides.items()},
        "test_accuracy": float(np.trace(table) / table.sum()),
        "test_macro_f1": macro_f1(table),
    }


def best_temperature(logits: FloatArray, label: IntArray) -> float:
    """Return the divisor of the logits that makes the labels likeliest (Guo et al., 2017)."""
    losses = []
    for temperature in TEMPERATURES:
        z = logits / temperature
        z = z - z.max(axis=1, keepdims=True)
        losses.append(float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(label.size), label])))
    return float(TEMPERATURES[int(np.argmin(losses))])


def sure_threshold(probabilities: FloatArray, label: IntArray, *, share: float = SURE) -> float:
    """Return the lowest confidence from which on at least a share of the answers is right, 1 where there is none."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == label
    order = np.argsort(-confidence)
    accuracy = np.cumsum(right[order]) / np.arange(1, label.size + 1)
    good = np.flatnonzero(accuracy >= share)
    return float(confidence[order][good[-1]]) if good.size else 1.0


def _fit(
    x: dict[str, NDArray[np.float32]], label: dict[str, IntArray], classes: int, *, seed: int
) -> dict[str, Float32Array]:
    """Return the weights of the epoch with the best class-even validation accuracy."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    layers = nn.ModuleDict({
        "hidden": nn.Linear(x["train"].shape[1], HIDDEN), "embedding": nn.Linear(HIDDEN, WIDTH),
        "style": nn.Linear(WIDTH, classes),
    })  # fmt: skip
    drop = nn.Dropout(DROPOUT)

    def forward(rows: Any) -> Any:
        hidden = drop(nn.functional.silu(layers["hidden"](rows)))
        return layers["style"](nn.functional.silu(layers["embedding"](hidden)))

    data = {side: (torch.tensor(x[side]), torch.tensor(label[side])) for side in x}
    count = torch.bincount(data["train"][1], minlength=classes).clamp(min=1)
    loss_of = nn.CrossEntropyLoss(weight=len(label["train"]) / (classes * count), label_smoothing=SMOOTHING)
    optimiser = torch.optim.AdamW(layers.parameters(), lr=RATE, weight_decay=DECAY)
    batches = -(-len(label["train"]) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=EPOCHS * batches)
    best, best_weights = -1.0, {}
    for _ in range(EPOCHS):
        drop.train()
        order: Any = torch.randperm(len(label["train"]))
        for rows in order.split(BATCH):
            batch = data["train"][0][rows]
            loss = loss_of(forward(batch + NOISE * torch.randn_like(batch)), data["train"][1][rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        drop.eval()
        with torch.no_grad():
            guess = forward(data["valid"][0]).argmax(dim=1).numpy()
        table = confusion(label["valid"], guess, classes)
        score = float(np.mean(np.diag(table) / np.maximum(table.sum(axis=1), 1)))
        if score > best:
            best, best_weights = score, _plain(layers)
    return best_weights


def _plain(layers: Any) -> dict[str, Float32Array]:
    found = {}
    for name, layer in layers.items():
        found[f"{name}.w"] = layer.weight.detach().numpy().T.copy()
        found[f"{name}.b"] = layer.bias.detach().numpy().copy()
    return found


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


def main(words: Sequence[str]) -> int:
    """Build from the corpus folder in the first word into the file in the second, or the shipped place."""
    if not 1 <= len(words) <= 2:
        sys.stderr.write("usage: python -m zhiyin.judge.style_net_build CORPUS [FILE]\n")
        return 2
    target = Path(words[1]) if len(words) == 2 else DEFAULT_STYLE_NET
    net = build(Path(words[0]), report=_tell)
    target.parent.mkdir(parents=True, exist_ok=True)
    save_style_net(net, target)
    sys.stderr.write(f"wrote {target}, {target.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
