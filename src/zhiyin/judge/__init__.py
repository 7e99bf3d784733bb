"""Judges: what a piece is worth, one number at a time, beside what people write.

Conventions: a judge gives a finite measure or says why it has none; no judge changes a score or draws at random.
This package does not write music and does not open files: see `zhiyin.fill` and `zhiyin.apps.judge_`.
"""

from __future__ import annotations

from zhiyin.judge import (
    bowing,
    groove,
    hands,
    harmony,
    melody,
    playing,
    repeats,
    sound,
    structure,
    tones,
    voices,
)
from zhiyin.judge.base import GROUPS, NEEDS, Gauge, Judge, Measure
from zhiyin.judge.subject import Subject
from zhiyin.score import Score, Section

JUDGES: dict[str, Judge] = {
    gauge.name: gauge
    for module in (tones, groove, structure, harmony, melody, voices, repeats, sound, playing, hands, bowing)
    for gauge in module.GAUGES
}


def judge(score: Score, sections: tuple[Section, ...] = ()) -> dict[str, Measure]:
    """Return what every judge finds in a score, in the order of JUDGES.

    sections: as planned; those written in the score when none are given.
    >>> judge(Score())["empty-bars"].why[0]
    'nothing sounds'
    """
    subject = Subject(score, tuple(sections))
    return {name: one.measure(subject) for name, one in JUDGES.items()}


__all__ = ["GROUPS", "JUDGES", "NEEDS", "Gauge", "Judge", "Measure", "Subject", "judge"]
