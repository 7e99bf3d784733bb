"""Laws of who is credited: nobody where nothing changed; digests of one length; the family that an ensemble chose."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhiyin.apps.report_text import digest_words
from zhiyin.apps.vary_ import VaryRequest, run
from zhiyin.cli.commands import app
from zhiyin.cli.screen import Screen
from zhiyin.cli.summary import _model, _take

TUNE = "X:1\nT:t\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FEDC|\n"


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    path = tmp_path / "t.abc"
    path.write_text(TUNE, encoding="utf-8")
    return path


def test_nobody_is_credited_where_nothing_changed(tune: Path) -> None:
    done = run(VaryRequest(source=tune, out=tune.parent / "o", family="vae", distance=0.0, is_silent=True))
    assert done.report["notices"][0]["en"].startswith("nothing changed")
    assert done.report["model"]["name"] == "" and done.report["learned_from"] == []
    assert done.report["takes"][0]["reasons"] == []  # nothing was done
    page = (tune.parent / "o" / "report.md").read_text(encoding="utf-8")
    assert "Nobody wrote anything" in page and "stylebook" not in page and "groove" not in page.lower()


def test_the_screen_credits_nobody_either(tune: Path) -> None:
    words = ["vary", str(tune), "--family", "vae", "--distance", "0", "-o", str(tune.parent / "o.mid")]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert "nothing changed" in result.stdout and "stylebook" not in result.stdout


def test_digests_are_shown_with_equal_length() -> None:
    assert digest_words("0123456789abcdef + 0123456789ab") == "0123456789ab + 0123456789ab"
    assert digest_words("1") == "1"
    tree = {"model": {"name": "small", "digest": "0123456789abcdef"}, "seed": 3}
    assert _model(Screen(lang="en", is_json=False), tree) == "small 0123456789ab, seed 3"


def test_the_screen_says_which_family_an_ensemble_chose() -> None:
    take = {
        "number": 1, "notes": 9, "bars": 2, "seconds": 4.0, "kept": 0, "verdicts": [], "reasons": [], "sound": None,
        "choice": {"text_en": "Take 2 of 3 written by lstm", "text_zh": "选第 2 版（lstm）"},
    }  # fmt: skip
    rows = _take(Screen(lang="en", is_json=False), take, several=False)
    assert ("chosen", "Take 2 of 3 written by lstm") in rows
