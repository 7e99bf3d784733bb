"""What a VAE's net file holds besides its nets: directions of attributes, and a map of phrases of the train split.

Conventions: found from means of train bars after training, by the runtime's own sums; people's bars alone.
This module trains nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from zhiyin.data.corpus import SYNTHETIC
from zhiyin.encode.bar_steps import Bars
from zhiyin.models.vae_attributes import DIRECTIONS, SPREADS, attributes_of, fit_directions
from zhiyin.models.vae_config import ROLES
from zhiyin.models.vae_map import AXES, MEAN, POINTS, fit_axes, phrase_vector
from zhiyin.models.vae_runtime import VaeRuntime
from zhiyin.train.vae_data import Run
from zhiyin.train.vae_task import window_of
from zhiyin.units import Float32Array

BARS_OF_A_PHRASE = 8
PHRASES = 1500
SHOWN = 400  # phrases whose places are kept
LEAST_OF_A_STYLE = 12


def extras_of(
    net: VaeRuntime, runs: list[Run], *, seed: int
) -> tuple[dict[str, Float32Array], list[dict[str, Any]]]:
    """Return (arrays, rows): directions, spreads, axes, mean and points; rows: title and style of every point."""
    rng = np.random.default_rng([seed, 7])
    people = [r for r in runs if r.set_name not in SYNTHETIC] or runs
    share = np.cumsum([r.weight for r in people])
    windows: list[tuple[Run, Bars, Float32Array]] = []
    for pick in np.searchsorted(share, rng.random(PHRASES) * share[-1]).tolist():
        windows.append(_encoded(net, people[pick], rng))
    latent = np.concatenate([z for _, _, z in windows])
    values = np.concatenate([attributes_of(bars) for _, bars, _ in windows])
    directions, spreads = fit_directions(latent, values)
    vectors = np.stack([phrase_vector(z) for _, _, z in windows])
    styles = np.array([run.style for run, _, _ in windows])
    axes, mean = fit_axes(vectors, styles, least=LEAST_OF_A_STYLE)
    points = ((vectors - mean) @ axes.T)[:SHOWN]
    rows = [{"piece": run.name, "style": run.style, "role": run.role} for run, _, _ in windows[:SHOWN]]
    arrays = {
        DIRECTIONS: directions,
        SPREADS: spreads,
        AXES: axes,
        MEAN: mean,
        POINTS: points.astype(np.float32),
    }
    return arrays, rows


def _encoded(net: VaeRuntime, run: Run, rng: np.random.Generator) -> tuple[Run, Bars, Float32Array]:
    """Return a window of a run: the bars of its first part, and the latents of all of them together."""
    window = window_of(run, rng, bars=BARS_OF_A_PHRASE, odd=0.0, untold=0.0)
    inside = window["inside"]
    lengths = window["length"][inside].astype(np.int64)
    parts = [Bars(window[f"steps{i}"][inside], lengths) for i in range(len(run.steps))]
    mean, _ = net.encode(parts, ROLES.index(run.role))
    return run, parts[0], mean
