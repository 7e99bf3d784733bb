"""Pictures of phrases that the `gan` family wrote, each beside the human phrase whose chords it was given.

Conventions: ``python -m benchmarks.gan_pictures OUT.png``; raw symbols, before our decoder; melody dark, harmony grey,
bass blue, drums below. Does not know: what is good about them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gan import DATA, written
from benchmarks.human_windows import corpus_folder
from zhiyin.models.gan_proposer import open_gan
from zhiyin.models.gan_rolls import (
    BARS,
    BASS,
    DRUMS,
    HARMONY,
    LOW,
    MELODY,
    SLOTS,
    STEPS,
    Phrases,
    lengths,
    sounding,
)
from zhiyin.theory.styles import STYLES
from zhiyin.train.gan_data import draw_phrases

INK = {HARMONY: "0.65", BASS: "tab:blue", MELODY: "black"}
SHOWN = ("hymn", "art-song", "string-quartet", "game", "mazurka", "pop")


def draw(axes: Any, phrases: Phrases, index: int, *, title: str) -> None:
    """Draw one phrase as a piano roll."""
    one = phrases.take(np.array([index]))
    for track, ink in INK.items():
        strike, sound = sounding(one.codes, one.valid, track)
        last = lengths(strike, sound, one.valid)[0]
        for step, k in np.argwhere(last > 0).tolist():
            axes.barh(LOW[track] + k, last[step, k] - 0.2, left=step, height=0.9, color=ink)
    for step, kind in np.argwhere(sounding(one.codes, one.valid, DRUMS)[0][0]).tolist():
        axes.plot(step + 0.5, 24 - kind, "|", color="tab:red", markersize=4)
    for bar in range(BARS + 1):
        axes.axvline(bar * SLOTS, color="0.85", linewidth=0.8)
    axes.set_xlim(0, STEPS)
    axes.set_ylim(14, 94)
    axes.set_title(title, fontsize=8)
    axes.tick_params(labelsize=6)


def main(out: Path) -> None:
    """Write the picture."""
    from matplotlib.figure import Figure

    human = draw_phrases(corpus_folder(), split="test", data=DATA, seed=0).phrases
    rng = np.random.default_rng(4)
    chosen = [int(rng.choice(np.flatnonzero(human.style == STYLES.index(name)))) for name in SHOWN]
    asked = human.take(np.array(chosen))
    writer = open_gan().writer
    rows = [("people", asked), ("noise 1", written(writer, asked, 1)), ("noise 2", written(writer, asked, 2))]
    figure = Figure(figsize=(3.2 * len(rows), 1.7 * len(SHOWN)))
    for column, (label, phrases) in enumerate(rows):
        for row, style in enumerate(SHOWN):
            axes = figure.add_subplot(len(SHOWN), len(rows), row * len(rows) + column + 1)
            draw(axes, phrases, row, title=f"{style}: {label}")
    figure.tight_layout()
    figure.savefig(out, dpi=100)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
