"""Laws of faults: each kind is found where it was put, and nowhere else."""

from __future__ import annotations

import pytest

from tests.arrange.pieces import line
from zhiyin.arrange.ensembles import find_ensemble
from zhiyin.arrange.faults import Fault, find_faults
from zhiyin.score import Notes, Part, Score, Tempo
from zhiyin.units import TICKS_PER_QUARTER as Q


def faults_of(instrument: str, notes: Notes, bpm: float = 120.0) -> tuple[Fault, ...]:
    player = find_ensemble(instrument + ", drums").players[0]
    part = Part(player.name, notes, program=player.instrument.program)
    return find_faults(Score("F", (part,), tempos=(Tempo(0, bpm),)), [(player.name, player)])


CASES: dict[str, tuple[str, Notes, float, list[tuple[str, bool]]]] = {
    "fine": ("flute", line((72, 74, 76)), 120.0, []),
    "too low": ("flute", line((59, 74)), 120.0, [("range", True)]),
    "two notes on a flute": ("flute", Notes.of([(0, Q, 72), (0, Q, 76)]), 120.0, [("two", True)]),
    "a double stop": ("violin", Notes.of([(0, Q, 62), (0, Q, 69)]), 120.0, []),
    "no double stop": ("violin", Notes.of([(0, Q, 55), (0, Q, 56)]), 120.0, [("stop", True)]),
    "a breath of 20 s": ("oboe", line((70,) * 20), 60.0, [("breath", False)]),
    "a breath of 30 s": ("oboe", line((70,) * 30), 60.0, [("breath", True)]),
    "a fast trombone": ("trombone", line((50, 52) * 8, step=Q // 4), 150.0, [("speed", False)]),
    "an impossible trombone": ("trombone", line((50, 52) * 8, step=Q // 8), 120.0, [("speed", True)]),
    "across the strings": ("violin", line((56, 78) * 8), 60.0, [("skips", False)]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_found_where_it_is(case: str) -> None:
    instrument, notes, bpm, wanted = CASES[case]
    assert [(fault.kind, fault.is_severe) for fault in faults_of(instrument, notes, bpm)] == wanted


def test_a_fault_tells_its_bars_and_value() -> None:
    (fault,) = faults_of("flute", line((72, 72, 72, 72, 59)))
    assert (fault.bars, fault.value) == ((2,), 1.0)
    assert fault.to_json()["text_zh"] == "超出音域"
