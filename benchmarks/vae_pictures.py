"""The pictures of docs/latents.md: a way between two folk tunes as rolls, and what directions do to one of them.

Conventions: ``python -m benchmarks.vae_pictures FOLDER`` reads two tunes of the test split (ZHIYIN_CORPUS) and writes
latents-way.png and latents-directions.png. Does not know: goals and figures.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.human_windows import corpus_folder
from benchmarks.vae import plain
from zhiyin.encode.bar_steps import Bars, notes_of_line
from zhiyin.fill.latent.attributes import moved
from zhiyin.fill.latent.path import path, unlike
from zhiyin.fill.latent.reading import PartBars
from zhiyin.fill.latent.space import decode, encode
from zhiyin.train.vae_data import read_runs

BARS, STEPS = 4, 7
AMOUNTS = (-2.0, 0.0, 2.0)
SEED = 3


def tunes() -> tuple[Bars, Bars]:
    """Return four bars of two folk tunes in 4/4 or 2/2 of the test split."""
    runs = read_runs(corpus_folder(), roles=("melody",), split="test", sets=("music21_folk",))
    some = [one for one in runs if len(one) >= BARS + 1 and (one.lengths[1 : BARS + 1] == 16).all()]
    a, b = np.random.default_rng(SEED).choice(len(some), 2, replace=False).tolist()
    first, second = (plain(some[i], np.arange(1, BARS + 1))[0] for i in (a, b))
    return first, second


def draw(axes: Any, bars: Bars, title: str) -> None:
    """Draw bars as a roll."""
    for place, length, pitch in notes_of_line(bars):
        axes.barh(pitch, length - 0.15, left=place, height=0.9, color="#0a5c94")
    for bar in range(len(bars) + 1):
        axes.axvline(16 * bar - 0.08, color="#dcdad2", linewidth=0.8, zorder=0)
    axes.set_xlim(-0.5, 16 * len(bars) + 0.5)
    axes.set_title(title, fontsize=9, loc="left")
    axes.set_xticks([])


def sheet(panels: Sequence[tuple[Bars, str]], columns: int, path: Path) -> None:
    """Write panels side by side, all with one range of pitches."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = -(-len(panels) // columns)
    pitches = np.concatenate([bars.steps[bars.steps < 128] for bars, _ in panels])
    figure, axes = pyplot.subplots(
        rows, columns, figsize=(4.6 * columns, 1.7 * rows), layout="constrained", squeeze=False
    )
    for axis, (bars, title) in zip(axes.flat, panels, strict=False):
        draw(axis, bars, title)
        axis.set_ylim(pitches.min() - 2, pitches.max() + 2)
    for axis in axes.flat[len(panels) :]:
        axis.set_axis_off()
    figure.savefig(path, dpi=90, metadata={"Software": None})
    pyplot.close(figure)


def main(folder: Path) -> None:
    """Write both pictures."""
    a, b = (PartBars(bars, "melody") for bars in tunes())
    way = path(a, b, STEPS, rng=np.random.default_rng(SEED))
    panels = []
    for number, point in enumerate(way):
        far = [f"{100 * float(unlike(point.bars, end.bars).mean()):.0f} %" for end in (a, b)]
        panels.append((point.bars, f"{number + 1}/{STEPS}: {far[0]} from the first, {far[1]} from the last"))
    sheet(panels, 1, folder / "latents-way.png")
    phrase = encode(a)
    asked = [
        (name, amount) for name in ("density", "height", "syncopation", "brightness") for amount in AMOUNTS
    ]
    told = [(decode(moved(phrase, {name: x})).bars, f"{name} {x:+g}") for name, x in asked]
    sheet(told, len(AMOUNTS), folder / "latents-directions.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
