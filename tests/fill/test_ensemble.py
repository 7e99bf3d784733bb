"""Laws of ensembles: the judges choose, the choice names the family, who cannot answer drops out."""

from __future__ import annotations

import pytest

from tests.fill.test_team import TUNE, rolls, two_parts
from zhiyin.apps.model import open_model
from zhiyin.errors import ConstraintsUnmet, InvalidInput
from zhiyin.fill.decode import fill
from zhiyin.fill.ensemble import Ensemble, best_member
from zhiyin.fill.request import Request, Take
from zhiyin.fill.team import Team, refuse_unserved
from zhiyin.models.proposed import Proposed
from zhiyin.score import Cell

CELLS = frozenset(Cell(0, bar) for bar in range(8))


def take(notes: list[tuple[int, int, int]]) -> Take:
    proposed = Proposed({(bar, 1): rolls(notes) for bar in range(8)}, name="told", version="1")
    return fill(Request(two_parts(8), CELLS, seed=1), Team(proposed, open_model()))[0]


def refuse() -> Take:
    raise ConstraintsUnmet("hard wish 'key' must be kept, measured 3 (bar 1): relax it")


def test_the_judges_keep_the_more_human_answer_and_name_its_family() -> None:
    noise = [(i, 1, 30 + (i * 37) % 70) for i in range(16)]
    best = best_member((("noise", lambda: take(noise)), ("tune", lambda: take(TUNE))), style=None)
    assert best.choice is not None and best.choice.chosen == 2 and best.choice.among == 2
    assert "by tune" in best.choice.text_en and "noise " in best.choice.text_en
    assert "（tune）" in best.choice.text_zh
    assert best.request.family == "ensemble"


def test_a_member_that_cannot_answer_drops_out_and_is_told_of() -> None:
    best = best_member((("wall", refuse), ("tune", lambda: take(TUNE))), style=None)
    assert best.choice is not None and best.choice.chosen == 2
    assert "1 could not keep a wish" in best.choice.text_en


def test_when_nobody_answers_the_last_reason_is_given() -> None:
    with pytest.raises(ConstraintsUnmet, match="hard wish 'key' must be kept"):
        best_member((("wall", refuse),), style=None)


def test_an_ensemble_names_all_its_members_versions() -> None:
    model = open_model()
    both = Ensemble((("a", model), ("b", model)))
    assert both.version == f"{model.version}+{model.version}" and both.order == model.order


def test_a_leader_with_nothing_to_write_is_refused_by_name() -> None:
    made = Proposed({(0, 2): rolls(TUNE)}, name="told", version="1")
    with pytest.raises(
        InvalidInput, match="family 'told' does not write what is asked, got parts of role melody"
    ):
        refuse_unserved(Team(made, open_model()), Request(two_parts(8), CELLS, seed=1))
