"""Laws of the chorale model's open training: what ships is halved and says its licences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.numpy import load_file, save_file  # noqa: E402

from zhiyin.data import DATASETS  # noqa: E402
from zhiyin.train.chorale import load_chorale_recipe  # noqa: E402
from zhiyin.train.chorale_open import (  # noqa: E402
    SETS,
    Singing,
    card_page,
    halve,
    held_out_chorales,
    make_card,
)

ROOT = Path(__file__).resolve().parents[2]


def pieces() -> list[Singing]:
    ids = np.full((4, 4), 20)
    return [Singing("open_hymnal", "train", "", ids), Singing("polish_scores", "train", "typed by A", ids)]


def test_only_sets_that_may_be_learned_from_are_named():
    assert {DATASETS[name].card.ruling for name in SETS} == {"train"}


def test_the_card_names_every_set_with_its_licence_and_every_credit():
    card = make_card(pieces(), {"seed": 3, "minutes": 12.0}, steps=9, validation_nats=0.4)
    page = card_page(card)
    assert [(row["name"], row["pieces"]) for row in card["data"]] == [
        ("open_hymnal", 1),
        ("polish_scores", 1),
    ]
    for line in ("CC-BY-4.0", "- typed by A", "seed 3, 9 steps", "0.4 nats a voice and frame"):
        assert line in page


def test_a_halved_checkpoint_keeps_three_digits_and_its_header(tmp_path: Path):
    source, target = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    values = np.linspace(-2, 2, 12, dtype=np.float32).reshape(3, 4)
    save_file({"w": values}, source, metadata={"config": "{}"})
    halve(source, target, {"name": "chorale"})
    assert load_file(target)["w"].dtype == np.float16
    assert load_file(target)["w"] == pytest.approx(values, abs=2e-3)


def test_without_the_measuring_set_the_flags_alone_speak(tmp_path: Path, caplog):
    assert held_out_chorales(tmp_path) == []
    assert "left out by their flag alone" in caplog.text


def test_the_recipe_can_be_read_and_takes_no_share_of_the_measuring_set():
    assert load_chorale_recipe(ROOT / "recipes" / "chorale_open.toml").minutes == 12.0
