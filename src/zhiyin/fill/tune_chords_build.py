"""Learning which chords people put under tunes: reads the built corpus and writes `tune_chords.csv` beside this module.

Conventions: run as `python -m zhiyin.fill.tune_chords_build --from CORPUS`; people's hymns, part-songs and lead sheets,
training split only; chords of voices are those that the analysis hears. Nothing else imports this module.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from zhiyin.analysis.columns import beats_of
from zhiyin.data.corpus import load_corpus, piece_to_score
from zhiyin.errors import InvalidInput
from zhiyin.fill.harmonise import top_line
from zhiyin.fill.tune_chords import OTHER, STATES, TABLE, features_of, home_of, state_of
from zhiyin.score import Score
from zhiyin.units import BoolArray, FloatArray, IntArray

VOICES, LEADS = ("open_hymnal", "pd_songs"), ("openewld",)
MOST_VOICES, MOST_QUARTERS, FEWEST_CHORDS = 5, 192, 3
DECAY = 1e-4
ITERATIONS = 70
MOVE_SMOOTH = 0.02


def measure(folder: Path) -> list[str]:
    """Return the lines of the table."""
    rows = list(_lessons(folder))
    if not rows:
        raise InvalidInput(
            f"the corpus must hold pieces of {', '.join((*VOICES, *LEADS))}, found none: build it first"
        )
    features, states = np.vstack([row[0] for row in rows]), np.concatenate([row[1] for row in rows])
    known = states != OTHER
    weights = fit(features[known], states[known])
    counts = np.bincount(states[known], minlength=STATES) / known.sum() + 1e-4
    moves = moves_of([(row[1], row[2]) for row in rows])
    lines = [_line("weight", row) for row in weights] + [_line("prior", np.log(counts))]
    for kind, table in zip(("move", "move on a downbeat"), moves, strict=True):
        lines += [_line(kind, row) for row in table]
    return lines


def fit(features: FloatArray, states: IntArray) -> FloatArray:
    """Return (features, states) weights of a logistic regression, decayed by DECAY."""
    count, each = len(states), np.arange(len(states))

    def cost(flat: FloatArray) -> tuple[float, FloatArray]:
        logits = features @ flat.reshape(-1, STATES)
        logits -= logits.max(1, keepdims=True)
        shares = np.exp(logits)
        total = shares.sum(1, keepdims=True)
        loss = -(logits[each, states] - np.log(total[:, 0])).mean() + DECAY * (flat @ flat)
        shares /= total
        shares[each, states] -= 1
        return float(loss), (features.T @ shares / count).ravel() + 2 * DECAY * flat

    start = np.zeros(features.shape[1] * STATES)
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    weights: FloatArray = found.x.reshape(-1, STATES)
    return weights


def moves_of(rows: list[tuple[IntArray, BoolArray]]) -> FloatArray:
    """Return (2, states, states) log-probabilities of the next beat's chord, off and on a downbeat."""
    counts = np.full((2, STATES, STATES), MOVE_SMOOTH)
    for states, on_downbeat in rows:
        both = (states[1:] != OTHER) & (states[:-1] != OTHER)
        np.add.at(counts, (on_downbeat[1:][both].astype(np.int64), states[:-1][both], states[1:][both]), 1)
    logs: FloatArray = np.log(counts / counts.sum(-1, keepdims=True))
    return logs


def _lessons(folder: Path) -> Iterator[tuple[FloatArray, IntArray, BoolArray]]:
    """Yield (features, states, whether on a downbeat) of each piece, one row a beat."""
    for names in (VOICES, LEADS):
        view = load_corpus(folder, sets=names, split="train")
        for index in range(len(view)):
            score = piece_to_score(view, index)
            tune = _tune_of(score)
            if tune is None:
                continue
            key, beats = score.keys[0].key, beats_of(tune)
            index_at = np.searchsorted([m.tick for m in score.chords], beats.edges[:-1], side="right") - 1
            states = [state_of(score.chords[i].chord if i >= 0 else None, home_of(key)) for i in index_at]
            yield features_of(tune.parts[0].notes, beats, key), np.array(states), beats.weight == 1.0


def _tune_of(score: Score) -> Score | None:
    """Return the top part's line alone; None for a piece too long, too thick, or without key or chords."""
    parts = [part for part in score.parts if len(part.notes) and not part.is_drums]
    named = [mark for mark in score.chords if mark.chord is not None]
    if not 1 <= len(parts) <= MOST_VOICES or len(named) < FEWEST_CHORDS or not score.keys:
        return None
    top = max(parts, key=lambda part: float(part.notes.pitch.mean()))
    alone = Score(
        parts=(top.with_notes(top_line(top.notes)),), metres=score.metres, pickup_ticks=score.pickup_ticks
    )
    return alone if alone.end <= MOST_QUARTERS * 10_080 else None


def _line(kind: str, numbers: FloatArray) -> str:
    return ",".join([kind, *(f"{x:.3g}" for x in numbers.tolist())])


def main() -> None:
    """Learn from a corpus and write the table."""
    parser = argparse.ArgumentParser(description="Learn which chords people put under tunes.")
    parser.add_argument("--from", dest="folder", type=Path, required=True, help="a built corpus")
    lines = measure(parser.parse_args().folder)
    head = "kind," + ",".join(f"s{n}" for n in range(STATES))
    Path(__file__).with_name(TABLE).write_text("\n".join([head, *lines]) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
