"""Writes muspy.json: what MusPy measures in scores made from seeds.

Conventions: run as `python -m tests.golden.judge.make_muspy` where muspy is installed; 24 steps a quarter.
MusPy counts a beat or bar more after an end on its border, and a note that ends on a beat as sounding in it: for bars,
beats and grooves every note is told one step shorter, so that both count the same.
"""

from __future__ import annotations

import json
from pathlib import Path

import muspy  # type: ignore[import-not-found]

from benchmarks.pieces import piece
from tests.judge.scores import wild
from zhiyin.score import Score
from zhiyin.units import STEPS_PER_QUARTER, TICKS_PER_STEP

SCORES = {f"wild {seed}": wild(seed) for seed in (0, 1, 2, 3)} | {
    f"piece {seed}": piece(seed, bars=12, players=5) for seed in (0, 1)
}


def music_of(score: Score, *, shorter: int) -> muspy.Music:
    """Return a score as MusPy's music, every note so many steps shorter."""
    tracks = []
    for part in score.parts:
        notes = [
            muspy.Note(
                time=note.onset // TICKS_PER_STEP, pitch=note.pitch,
                duration=note.duration // TICKS_PER_STEP - shorter, velocity=note.velocity,
            )
            for note in part.notes
        ]  # fmt: skip
        tracks.append(muspy.Track(program=part.program, is_drum=part.is_drums, notes=notes))
    return muspy.Music(resolution=STEPS_PER_QUARTER, tracks=tracks)


def measured(score: Score) -> dict[str, float]:
    """Return MusPy's numbers by the names of our judges."""
    whole, shorter = music_of(score, shorter=0), music_of(score, shorter=1)
    bar = 4 * STEPS_PER_QUARTER
    return {
        "entropy": float(muspy.pitch_class_entropy(whole)),
        "scale": float(muspy.scale_consistency(whole)),
        "polyphony": float(muspy.polyphony(whole)),
        "groove-neighbours": float(muspy.groove_consistency(shorter, bar)),
        "empty-beats": float(muspy.empty_beat_rate(shorter)),
        "empty-bars": float(muspy.empty_measure_rate(shorter, bar)),
    }


if __name__ == "__main__":
    table = {name: measured(score) for name, score in SCORES.items()}
    tree = {"muspy": muspy.__version__, "scores": table}
    Path(__file__).with_name("muspy.json").write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
