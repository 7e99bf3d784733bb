"""Laws of a run: a device that is not there is refused before the corpus is read, and reading is announced."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from zhiyin.cli.words import LANGUAGE_NAME
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.models.net_file import save_net

torch = pytest.importorskip("torch", reason="the train extra is not installed")

from zhiyin.train import run as run_module  # noqa: E402 - torch first
from zhiyin.train.fill_lesson import people_sets  # noqa: E402
from zhiyin.train.run import check_device, devices_here, run_recipe  # noqa: E402

SMOKE = Path(__file__).resolve().parents[2] / "recipes" / "smoke.toml"


def _machine(monkeypatch: pytest.MonkeyPatch, *, cards: int, mps: bool) -> None:
    """Let torch see so many CUDA cards, and Apple's graphics or none."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cards > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cards)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


@pytest.mark.parametrize("device", ["cuda", "cuda:0", "cuda:3", "mps", "gpu", "", "cuda:x", "CPU"])
def test_a_device_that_is_not_here_is_refused_with_those_that_are(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _machine(monkeypatch, cards=0, mps=False)
    with pytest.raises(
        InvalidInput,
        match=rf"device must be one that torch finds on this machine \(cpu\), got '{device}': choose one",
    ):
        check_device(device)


def test_cards_are_named_by_number_and_a_number_too_high_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _machine(monkeypatch, cards=2, mps=True)
    assert devices_here() == ("cpu", "cuda", "cuda:0", "cuda:1", "mps")
    for device in devices_here():
        check_device(device)
    with pytest.raises(InvalidInput, match="got 'cuda:2'"):
        check_device("cuda:2")


def test_a_wrong_device_ends_the_command_with_2_before_the_corpus_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhiyin.cli.commands import app

    _machine(monkeypatch, cards=0, mps=False)
    monkeypatch.setenv(LANGUAGE_NAME, "en")

    def read(*_: object, **__: object) -> None:
        raise AssertionError("the corpus was read")

    monkeypatch.setattr(run_module, "open_lesson", read)
    words = ["train", str(SMOKE), "--corpus", str(tmp_path), "-o", str(tmp_path / "run"), "--device", "cuda"]
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "got 'cuda': choose one of these with --device, cpu is always there" in done.stderr
    assert not (tmp_path / "run").exists()


def test_reading_the_corpus_is_announced_before_it_begins(tmp_path: Path) -> None:
    told: list[dict[str, object]] = []
    with pytest.raises(NotFound):
        run_recipe(
            SMOKE, tmp_path / "none", tmp_path / "run", resume=False, report=told.append, now_s=lambda: 0.0
        )
    assert [str(line["note"]).split(" '")[0] for line in told] == ["reading the corpus"]


def test_a_model_is_measured_on_what_people_wrote(tmp_path: Path) -> None:
    assert people_sets(tmp_path, ["groove", "stylebook", "mutopia"]) == ["groove", "mutopia"]
    with pytest.raises(
        NotFound, match="test split must hold pieces that people wrote, got only the sets stylebook"
    ):
        people_sets(tmp_path, ["stylebook"])
    with pytest.raises(NotFound, match="no corpus in"):
        people_sets(tmp_path / "none", [])


def test_a_finished_run_of_any_family_is_told_by_its_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhiyin.cli.commands import app

    made = tmp_path / "gan.safetensors"
    save_net(made, "gan", {}, weights={"w": np.zeros((2, 2), np.float32)}, card={"name": "gan", "steps": 7})
    monkeypatch.setattr(run_module, "run_recipe", lambda *_, **__: made)
    words = ["train", str(SMOKE), "--corpus", str(tmp_path), "-o", str(tmp_path / "run"), "--json"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["checkpoint"], told["card"]) == (str(made), {"name": "gan", "steps": 7})
    assert "bits" not in CliRunner().invoke(app, [*words[:-1], "--lang", "en"]).stdout
