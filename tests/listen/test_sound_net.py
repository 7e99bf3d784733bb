"""Laws of the classifier of sounds as it runs, on a small one made here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from zhiyin.errors import NotFound, UnreadableFile
from zhiyin.listen.sound_features import NAMES
from zhiyin.listen.sound_net import DEFAULT_SOUND_NET, SoundNet, load_sound_net, save_sound_net

F = len(NAMES)


def small_net() -> SoundNet:
    """Two classes told by the first feature: under the mean the first, over it the second."""
    hidden, style = np.zeros((1, F, 2), np.float32), np.zeros((1, 2, 2), np.float32)
    hidden[0, 0] = (-1.0, 1.0)
    style[0] = np.eye(2)
    means = np.zeros((2, F), np.float32)
    means[:, 0] = (-1.0, 1.0)
    axes = np.zeros((F, 1), np.float32)
    axes[0, 0] = 1.0
    weights = {
        "hidden.w": hidden, "hidden.b": np.zeros((1, 2), np.float32), "style.w": style,
        "style.b": np.zeros((1, 2), np.float32), "whiten": np.eye(F, dtype=np.float32), "means": means, "axes": axes,
        "places": np.array([[-1.0], [0.5], [2.0], [2.5]], np.float32),
    }  # fmt: skip
    pieces = (("Low", "A", "low", "set"), ("Middle", "B", "high", "set"), ("High", "C", "high", "set"),
              ("High", "C", "high", "set"))  # fmt: skip
    return SoundNet(
        ("low", "high"),
        np.zeros(F, np.float32),
        np.ones(F, np.float32),
        weights,
        0.5,
        0.6,
        4.0,
        pieces,
        {"seed": 0},
    )


def rows(*firsts: float) -> np.ndarray:
    found = np.zeros((len(firsts), F), np.float32)
    found[:, 0] = firsts
    return found


def test_windows_are_averaged_and_the_temperature_divides() -> None:
    # Logits (0, 2) and (0, 0): their mean (0, 1) over a temperature of a half is (0, 2).
    assert small_net().probabilities(rows(2.0, 0.0))[1] == pytest.approx(1 / (1 + np.exp(-2.0)))


def test_strangeness_is_the_distance_from_the_nearest_class_over_the_limit() -> None:
    assert small_net().strangeness(rows(3.0)) == pytest.approx((3.0 - 1.0) / 4.0)
    assert small_net().strangeness(rows(90.0)) > 1.0  # not clipped


def test_near_pieces_stand_nearest_first_and_once() -> None:
    near = small_net().near(rows(2.0))
    assert [(one.title, one.distance) for one in near] == [("High", 0.0), ("Middle", 1.5), ("Low", 3.0)]


def test_a_file_gives_the_same_classifier_back(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_sound_net(small_net(), path)
    net = load_sound_net(path)
    assert net.classes == ("low", "high") and net.pieces == small_net().pieces and net.card == {"seed": 0}
    x = np.random.default_rng(0).standard_normal((3, F)).astype(np.float32)
    np.testing.assert_allclose(net.probabilities(x), small_net().probabilities(x), atol=1e-3)
    assert not list(tmp_path.glob("*.part"))


def test_without_a_file_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"run  python -m zhiyin\.listen\.sound_build CORPUS"):
        load_sound_net(tmp_path / "none.safetensors")


def test_a_file_of_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file({"a": np.zeros(3)}, path)
    with pytest.raises(UnreadableFile, match="a classifier of sounds is a file of ours"):
        load_sound_net(path)


def test_a_classifier_of_other_features_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.safetensors"
    save_file({"a": np.zeros(3)}, path, metadata={"sound_net": json.dumps({"features": ["loudness"]})})
    with pytest.raises(UnreadableFile, match="made for 1 other features: build it again"):
        load_sound_net(path)


def test_the_shipped_classifier_knows_a_dozen_styles_and_is_small() -> None:
    net = load_sound_net()
    assert len(net.classes) >= 12 and len(set(net.classes)) == len(net.classes)
    assert {near for _, _, near, _ in net.pieces} <= set(net.classes)
    assert DEFAULT_SOUND_NET.stat().st_size < 500_000
