"""Laws of the classifier of pieces: as torch has it, blind to order, its reasons add up, its file comes back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.listen.piece_net import PieceNet, joined, load_piece_net, save_piece_net, softmax
from zhiyin.listen.style_hearing import PLAYER_NAMES, Hearing, feature_count

CLASSES = ("a", "b", "c")


def small_net(seed: int = 0, *, members: int = 2) -> PieceNet:
    """Return a classifier of random weights that half precision keeps as they are."""
    rng, width, who = np.random.default_rng(seed), feature_count(), len(PLAYER_NAMES)
    used = np.arange(width) % 2 == 0
    shapes = {
        "hidden": (int(used.sum()), 7), "embedding": (7, 5), "label": (5, 3),
        "players": (who, 4), "players_label": (4, 3),
    }  # fmt: skip

    def drawn(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return (0.3 * rng.normal(size=shape)).astype(np.float16).astype(np.float32)

    made = tuple(
        {f"{n}.w": drawn(*s) for n, s in shapes.items()} | {f"{n}.b": drawn(s[1]) for n, s in shapes.items()}
        for _ in range(members)
    )
    ones = np.ones(int(used.sum()), np.float32)
    return PieceNet(
        CLASSES, used, 0 * ones, ones, np.zeros(who, np.float32), np.ones(who, np.float32), made, (1.0, 0.5, 2.0), 0.5,
        card={"what": "test"},
    )  # fmt: skip


def hearing(seed: int, *, windows: int = 3) -> Hearing:
    rng = np.random.default_rng(seed)
    players = rng.random(len(PLAYER_NAMES)).astype(np.float32)
    players[-1] = 1.0
    return Hearing(rng.normal(size=(windows, feature_count())).astype(np.float32), players)


def test_logits_are_those_of_torch() -> None:
    torch = pytest.importorskip("torch")
    net, heard = small_net(), hearing(1)
    silu, found = torch.nn.functional.silu, []
    x = torch.tensor(heard.windows[:, net.used]).clamp(-5, 5)
    who = torch.tensor(heard.players).clamp(-5, 5)
    for member in net.members:
        t = {name: torch.tensor(value) for name, value in member.items()}
        pool = (silu(x @ t["hidden.w"] + t["hidden.b"]) @ t["embedding.w"] + t["embedding.b"]).mean(dim=0)
        played = silu(who @ t["players.w"] + t["players.b"]) @ t["players_label.w"] + t["players_label.b"]
        found.append(silu(pool) @ t["label.w"] + t["label.b"] + played)
    expected = torch.stack(found).mean(dim=0)
    np.testing.assert_allclose(net.logits(heard), expected.numpy(), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(net.shares(heard), (expected / 2.0).softmax(0).numpy(), rtol=1e-4, atol=1e-5)


def test_the_order_of_the_windows_does_not_matter() -> None:
    net, heard = small_net(), hearing(2, windows=5)
    turned = Hearing(heard.windows[::-1].copy(), heard.players)
    np.testing.assert_allclose(net.shares(heard), net.shares(turned), rtol=1e-5)


def test_the_evidence_adds_up_to_what_parts_the_piece_from_the_average_piece() -> None:
    net, heard = small_net(), hearing(3)
    nobody = np.zeros(len(PLAYER_NAMES), np.float32)
    average = Hearing(np.zeros((1, feature_count()), np.float32), nobody)
    for label in range(3):
        gain = [z[label] - z.mean() for z in (net.logits(heard), net.logits(average))]
        features, players = net.evidence(heard, label)
        assert features.sum() + players.sum() == pytest.approx(gain[0] - gain[1], rel=0.02, abs=0.01)
        assert not features[~net.used].any()


def test_without_who_plays_the_players_say_nothing() -> None:
    net, heard = small_net(), hearing(4).without_players()
    _, players = net.evidence(heard, 0)
    assert not players.any()


def test_a_saved_classifier_comes_back_the_same(tmp_path: Path) -> None:
    net, heard = small_net(), hearing(5)
    save_piece_net(net, tmp_path / "net.safetensors")
    back = load_piece_net(tmp_path / "net.safetensors", remedy="build it")
    np.testing.assert_array_equal(net.logits(heard), back.logits(heard))
    assert (back.classes, back.temperatures, back.threshold, back.card) == (
        CLASSES, (1.0, 0.5, 2.0), 0.5, {"what": "test"},
    )  # fmt: skip


def test_what_is_no_classifier_is_refused_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="run  build it"):
        load_piece_net(tmp_path / "none.safetensors", remedy="build it")
    (tmp_path / "bad.safetensors").write_bytes(b"no")
    with pytest.raises(UnreadableFile, match="a classifier is a file of ours"):
        load_piece_net(tmp_path / "bad.safetensors", remedy="build it")


def test_windows_of_another_width_and_no_windows_are_refused() -> None:
    net, heard = small_net(), hearing(6)
    with pytest.raises(InvalidInput, match=r"windows must be \(n, 515\), got \(3, 4\)"):
        net.logits(Hearing(heard.windows[:, :4], heard.players))
    with pytest.raises(InvalidInput, match="at least one window"):
        net.logits(Hearing(heard.windows[:0], heard.players))


def test_shares_of_equal_logits_are_equal() -> None:
    np.testing.assert_allclose(softmax(np.array([2.0, 2.0])), [0.5, 0.5])


def test_two_hearings_that_agree_stay_and_two_that_part_are_unsure() -> None:
    one, other = np.array([0.8, 0.1, 0.1]), np.array([0.1, 0.8, 0.1])
    np.testing.assert_allclose(joined(one, one), one)
    # square roots of .08, .08 and .01, over their sum
    np.testing.assert_allclose(joined(one, other), np.sqrt([0.08, 0.08, 0.01]) / (2 * 0.08**0.5 + 0.1))
    assert np.isfinite(joined(np.array([1.0, 0.0]), np.array([0.0, 1.0]))).all()
