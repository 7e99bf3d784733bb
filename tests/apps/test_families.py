"""Laws of families: what each name means, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiyin.apps.compose import ComposeRequest, run
from zhiyin.apps.families import FAMILIES, capabilities, check_family, family_of, model_of
from zhiyin.apps.model import cards_used, joined_card
from zhiyin.errors import InvalidInput
from zhiyin.fill.plan_make import make_plan
from zhiyin.score import Wishes


def test_auto_is_the_models_where_the_style_has_no_book() -> None:
    waltz, funk = (make_plan(Wishes(style=s, bars=4), seed=1) for s in ("waltz", "funk"))
    assert family_of("auto", waltz) == "transformer" and family_of("auto", funk) == "auto"
    assert family_of("rules", funk) == "rules" and next(iter(FAMILIES)) == "transformer"


def test_the_rules_load_no_weights_and_name_what_their_tables_were_measured_on(tmp_path: Path) -> None:
    model = model_of("rules", tmp_path / "no-such-checkpoint")
    assert model.name == "stylebook"
    assert set(model.card["train_pieces"]) == {"groove", "billboard_chords"}  # type: ignore[union-attr]


def test_a_piece_by_rule_has_its_files_and_a_report_that_names_the_book(tmp_path: Path) -> None:
    request = ComposeRequest(
        options=Wishes(style="reggae", bars=8), folder=tmp_path / "out", is_silent=True, family="rules"
    )
    done = run(request)
    assert done.report["model"]["name"] == "stylebook"
    assert (tmp_path / "out" / "score.mid").is_file() and (tmp_path / "out" / "performance.mid").is_file()
    assert [credit["name"] for credit in done.report["learned_from"]] == ["groove", "billboard_chords"]


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"family must be one of transformer, lstm, .* got 'markov'"):
        ComposeRequest(options=Wishes(style="pop"), family="markov")


def test_a_family_that_cannot_serve_an_act_names_those_that_can() -> None:
    with pytest.raises(
        InvalidInput, match=r"'rules' serves compose, accompany, drums, transfer, got 'infill'.*transformer"
    ):
        check_family("rules", "infill")


def test_a_mix_is_of_step_models_with_numbers_for_weights() -> None:
    check_family("transformer:0.7+lstm:0.3", "infill")
    with pytest.raises(InvalidInput, match=r"must be step models .*got 'rules'"):
        check_family("transformer+rules", "compose")
    with pytest.raises(InvalidInput, match="must be a number above 0, got 'much'"):
        check_family("transformer:much+lstm", "compose")


@pytest.mark.parametrize("weight", ["nan", "inf", "-1", "0"])
def test_the_weights_of_a_mix_are_finite_and_above_0(weight: str) -> None:
    with pytest.raises(InvalidInput, match=f"must be a number above 0, got '{weight}'"):
        check_family(f"transformer:{weight}+lstm:1", "compose")


def test_a_family_stands_in_a_mix_once() -> None:
    with pytest.raises(InvalidInput, match=r"must be different ones, got 'transformer' twice"):
        check_family("transformer+transformer", "compose")


def test_every_family_is_listed_with_acts_and_the_size_of_its_weights() -> None:
    rows = {row["family"]: row for row in capabilities()}
    assert list(rows) == list(FAMILIES)
    assert rows["vae"]["weights"] == ["vae-line", "vae-drums", "vae-trio"]
    assert rows["transformer"]["bytes"] > 10e6 and rows["rules"]["bytes"] == 0
    assert all(row["acts"] and row["writes"]["zh"] for row in rows.values())


def test_only_those_who_wrote_are_credited() -> None:
    class Writer:
        def __init__(self, name: str, **pieces: int) -> None:
            self.name, self.card = name, {"train_pieces": pieces}

    class Pair:
        leader, helper = Writer("gan", folk=3), Writer("small", folk=9, choir=2)

    assert joined_card(cards_used(Pair(), {"gan"}))["train_pieces"] == {"folk": 3}
    assert joined_card(cards_used(Pair(), {"gan", "small"}))["train_pieces"] == {"folk": 9, "choir": 2}
    assert cards_used(Writer("alone", song=1), {"alone"}) == [{"train_pieces": {"song": 1}}]
