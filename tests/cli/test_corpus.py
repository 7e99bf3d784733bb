"""Laws of corpus, train and doctor: what is listed, built and counted agrees; what is missing is named."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Typed
from tests.data.conftest import folk_home
from zhiyin.apps.train_ import line_text
from zhiyin.data import DATASETS, STATISTICS, TEXT_DATASETS

__all__ = ["folk_home"]
Zhiyin = Callable[..., Typed]


def test_every_set_is_listed_with_its_licence_and_origin(zhiyin: Zhiyin) -> None:
    sets = zhiyin("corpus", "list", "--json").tree["sets"]
    assert [one["name"] for one in sets] == [*DATASETS, *TEXT_DATASETS, *STATISTICS]
    assert all(
        one["licence"] and one["repository"].startswith("https://") and one["citation"] for one in sets
    )
    shown = zhiyin("corpus", "list").out
    assert all(one["name"] in shown and one["licence"] in shown for one in sets)


def test_what_is_built_is_what_is_counted(zhiyin: Zhiyin, folk_home: Path) -> None:
    pytest.importorskip("pyarrow")
    words = ("corpus", "build", "music21_folk", "--from", str(folk_home), "--out", "built", "--workers", "1")
    built = zhiyin(*words, "--json").tree["sets"]
    counted = zhiyin("corpus", "stats", "--corpus", "built", "--json").tree
    assert [(one["name"], one["pieces"], one["notes"]) for one in built] == [
        (one["name"], one["pieces"], one["notes"]) for one in counted["sets"]
    ]
    assert counted["total"]["pieces"] == sum(counted["sets"][0]["splits"].values()) > 0
    again = zhiyin(*words)
    assert again.code == 0
    assert "unchanged" in again.out  # nothing is read twice


@pytest.mark.parametrize("words", [("corpus", "build"), ("corpus", "stats")])
def test_without_pyarrow_the_command_that_installs_it_is_named(
    words: tuple[str, ...], zhiyin: Zhiyin, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, "pyarrow")
    done = zhiyin(*words)
    assert (done.code, done.out) == (1, "")
    assert "pip install 'zhiyin[data]'" in done.err


def test_without_torch_training_names_the_command_that_installs_it(
    zhiyin: Zhiyin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, "torch")
    (tmp_path / "r.toml").write_text("seed = 1\n", encoding="utf-8")
    done = zhiyin("train", "r.toml")
    assert done.code == 1
    assert "pip install 'zhiyin[train]'" in done.err


def test_a_new_run_never_writes_over_an_old_one(zhiyin: Zhiyin, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("pyarrow")
    (tmp_path / "r.toml").write_text("seed = 1\n", encoding="utf-8")
    (tmp_path / "runs" / "r").mkdir(parents=True)
    (tmp_path / "runs" / "r" / "best.pt").write_text("weeks of work")
    done = zhiyin("train", "r.toml")
    assert done.code == 2
    assert "a new run needs an empty folder, got 'runs/r': add --resume or name another --out" in done.err


def hide(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Make a package look as if it were not installed."""
    find = importlib.util.find_spec

    def find_others(name: str, *more: Any) -> Any:
        return None if name == package else find(name, *more)

    monkeypatch.setattr("zhiyin.apps.extras.find_spec", find_others)


def test_doctor_finds_the_model_and_gives_a_remedy_for_each_lack(zhiyin: Zhiyin) -> None:
    findings = {one["name"]: one for one in zhiyin("doctor", "--json").tree["findings"]}
    assert findings["checkpoint"]["is_fine"]
    assert findings["checkpoint"]["found"].startswith("tiny ")
    assert all(one["remedy"] for one in findings.values() if not one["is_fine"])


@pytest.mark.parametrize(("line", "text"), [
    ({"note": "train: 3 pieces"}, "train: 3 pieces"),
    ({"step": 20, "loss": 1.23456, "parts": [1]}, "step 20, loss 1.235"),
    ({"step": 20, "valid": {"all": 2.0, "infill": 3.0}}, "step 20, valid 2"),
])  # fmt: skip
def test_a_log_line_reads_as_a_sentence(line: dict[str, Any], text: str) -> None:
    assert line_text(line) == text
