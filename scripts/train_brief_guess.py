"""Trains the guess of moods and styles: `python scripts/train_brief_guess.py` (a minute on one core).

Conventions: one seed; a fifth of the phrases, all their frames with them, choose the threshold; weights are int8.
Does not know: how a guess is used (`zhiyin.brief.guess`).
"""

from __future__ import annotations

import argparse
import json

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from zhiyin.brief.guess import BUCKETS, WEIGHTS, features_of
from zhiyin.brief.guess_texts import FRAMES, MOOD_PHRASES, NEUTRAL, STYLE_PHRASES, rows
from zhiyin.brief.lexicon import entries

STEPS, RATE, DECAY = 300, 4.0, 1e-4
LEAST_PRECISION = 0.9
STRICT = 0.6  # where no threshold is precise enough: only near a phrase that was learned


def main() -> None:
    """Train both kinds and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    seed = parser.parse_args().seed
    tree: dict[str, NDArray[np.generic]] = {}
    cards: dict[str, str] = {}
    tables = {"moods": rows(MOOD_PHRASES), "styles": rows(STYLE_PHRASES)}
    spoken = {"moods": entries_of("mood"), "styles": entries_of("style")}
    for kind, table in tables.items():
        rng = np.random.default_rng(seed)
        names = list(table)
        x, y, is_held = examples(table, spoken[kind], rng)
        weights, biases = fit(x[~is_held], y[~is_held])
        threshold, told = choose(x[is_held] @ weights.T + biases, y[is_held])
        weights, biases = fit(x, y)
        scale = np.abs(weights).max(axis=1) / 127.0
        tree |= {
            f"{kind}.weights": np.rint(weights / scale[:, None]).astype(np.int8),
            f"{kind}.scale": scale.astype(np.float32), f"{kind}.biases": biases.astype(np.float32),
        }  # fmt: skip
        cards[kind] = json.dumps({"names": names, "threshold": threshold})
        print(f"{kind}: {len(x)} texts, {len(names)} names, {told}")
    WEIGHTS.parent.mkdir(exist_ok=True)
    save_file(tree, WEIGHTS, metadata=cards)
    WEIGHTS.chmod(0o644)  # safetensors writes for the owner only
    print(f"{WEIGHTS}: {WEIGHTS.stat().st_size} bytes")


def examples(
    table: dict[str, list[str]], spoken: dict[str, list[str]], rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """Return features (texts, BUCKETS), labels (texts, names) and which texts are held out, by phrase."""
    features: list[NDArray[np.float32]] = []
    labels: list[NDArray[np.float32]] = []
    held: list[bool] = []
    for place, phrases in enumerate((*table.values(), list(NEUTRAL))):
        for phrase in phrases:
            is_held = bool(rng.random() < 0.2)
            fits = [frame for frame in FRAMES if frame.isascii() == phrase.isascii() or frame == "{}"]
            for frame in rng.choice(fits, size=4, replace=False):
                label = np.zeros(len(table), np.float32)
                if place < len(table):
                    label[place] = 1.0
                features.append(features_of(str(frame).format(phrase)))
                labels.append(label)
                held.append(is_held)
    for place, name in enumerate(table):
        for word in spoken.get(name, ()):
            features.append(features_of(word))
            labels.append(np.eye(len(table), dtype=np.float32)[place])
            held.append(False)
    return np.stack(features), np.stack(labels), np.array(held)


def entries_of(field: str) -> dict[str, list[str]]:
    """Return the words of the lexicon for each name of a field."""
    found: dict[str, list[str]] = {}
    for word, entry in entries().items():
        if entry.field == field:
            found.setdefault(str(entry.value), []).append(word)
    return found


def fit(x: NDArray[np.float32], y: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return weights (names, BUCKETS) and biases of logistic heads by full gradient descent."""
    weights = np.zeros((y.shape[1], BUCKETS), np.float32)
    biases = np.full(y.shape[1], -2.0, np.float32)
    balance = np.where(y > 0, 4.0, 1.0).astype(np.float32)
    for _ in range(STEPS):
        error = balance * (1.0 / (1.0 + np.exp(-(x @ weights.T + biases))) - y) / len(x)
        weights -= np.float32(RATE * 8) * (error.T @ x + np.float32(DECAY) * weights)
        biases -= np.float32(RATE) * error.sum(axis=0)
    return weights, biases


def choose(scores: NDArray[np.float32], y: NDArray[np.float32]) -> tuple[float, str]:
    """Return the lowest threshold that keeps the precision, and what it gives on held-out phrases."""
    chance = 1.0 / (1.0 + np.exp(-scores))
    best, place = chance.max(axis=1), chance.argmax(axis=1)
    is_right = y[np.arange(len(y)), place] > 0
    for threshold in np.arange(0.3, 0.96, 0.02):
        spoken = best >= threshold
        if spoken.any() and is_right[spoken].mean() >= LEAST_PRECISION:
            share = spoken[y.any(axis=1)].mean()
            return float(
                threshold
            ), f"threshold {threshold:.2f}: right {is_right[spoken].mean():.2f}, speaks for {share:.2f}"
    spoken = best >= STRICT
    right = is_right[spoken].mean() if spoken.any() else 0.0
    return (
        STRICT,
        f"no threshold is right {LEAST_PRECISION:.0%} of the time on new phrases; at {STRICT}: right {right:.2f}, "
        f"speaks for {spoken.mean():.3f}",
    )


if __name__ == "__main__":
    main()
