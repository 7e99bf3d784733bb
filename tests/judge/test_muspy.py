"""Where MusPy defines a number, ours is the same.

Conventions: MusPy's numbers were written by tests/golden/judge/make_muspy.py, version inside.
Does not know: MusPy, which is not needed to run this.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.pieces import piece
from tests.judge.scores import wild
from zhiyin.judge import judge

GOLDEN = json.loads(
    (Path(__file__).resolve().parents[1] / "golden" / "judge" / "muspy.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", GOLDEN["scores"])
def test_the_judges_that_muspy_defines_agree_with_it(name: str) -> None:
    kind, seed = name.split()
    score = wild(int(seed)) if kind == "wild" else piece(int(seed), bars=12, players=5)
    found = judge(score)
    assert len(GOLDEN["scores"][name]) == 6
    for judge_name, expected in GOLDEN["scores"][name].items():
        assert found[judge_name].value == pytest.approx(expected, abs=1e-9), judge_name
