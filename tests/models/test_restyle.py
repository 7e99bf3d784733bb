"""Laws of the restylers: numpy equals torch, and what a net is told of a ground."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiyin.encode.backing import CELLS, NONE, ROWS, Ground
from zhiyin.models.cyclegan_runtime import CycleganRuntime
from zhiyin.models.net_file import NetFile, load_net, save_net
from zhiyin.models.restyle import BACKING, GROUND, backing_rolls, backing_rows, ground_rows
from zhiyin.models.vae_transfer_runtime import VaeTransferRuntime

torch = pytest.importorskip("torch")

from zhiyin.models.beat_sizes import CycleganSettings, VaeTransferSettings  # noqa: E402
from zhiyin.models.cyclegan import NOISE, Critic, Writer, struck  # noqa: E402
from zhiyin.models.vae_transfer import StyleVae  # noqa: E402

BEATS, STYLES = 9, ("hymn", "waltz", "ragtime")
BARS = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2])


def arrays(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return (
        (rng.random((BEATS, BACKING)) < 0.03).astype(np.float32),
        (rng.random((BEATS, GROUND)) < 0.1).astype(np.float32),
    )


def shaken(net: object, seed: int) -> dict[str, np.ndarray]:
    """Every weight moved, so that none is hidden by its first value."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for weight in net.parameters():  # type: ignore[attr-defined]
            weight.add_(0.05 * torch.randn_like(weight))
    return {name: value.numpy() for name, value in net.state_dict().items()}  # type: ignore[attr-defined]


def test_the_writer_in_numpy_is_the_one_in_torch() -> None:
    net = Writer(CycleganSettings(width=24, layers=5, code=6), len(STYLES)).eval()
    weights = shaken(net, 1)
    backing, ground = arrays(2)
    noise = np.random.default_rng(3).standard_normal((BEATS, NOISE)).astype(np.float32)
    runtime = CycleganRuntime(NetFile("x", "cyclegan", {"styles": list(STYLES)}, weights, {}, "0" * 64))
    with torch.no_grad():
        there = net(
            *(torch.from_numpy(a)[None] for a in (backing, ground)), mask=torch.ones(1, BEATS, 1),
            style=torch.tensor([2]), noise=torch.from_numpy(noise)[None],
        )[0].numpy()  # fmt: skip
    np.testing.assert_allclose(runtime.logits(backing, ground, noise=noise, target=2), there, atol=1e-4)


def test_the_vae_in_numpy_is_the_one_in_torch() -> None:
    net = StyleVae(VaeTransferSettings(width=24, layers=4, code=6, latent=5), len(STYLES)).eval()
    weights = shaken(net, 1)
    backing, ground = arrays(4)
    runtime = VaeTransferRuntime(
        NetFile("x", "vae-transfer", {"styles": list(STYLES)}, weights, {}, "0" * 64)
    )
    same = torch.from_numpy((BARS[:, None] == BARS).astype(np.float32))[None]
    told = [torch.from_numpy(a)[None] for a in (backing, ground)]
    mask, style = torch.ones(1, BEATS, 1), torch.tensor([1])
    with torch.no_grad():
        mean, log_variance = net.encode(*told, mask=mask, style=style, bars=same)
        written = net.decode(mean, told[1], mask=mask, style=style)
    here, spread = runtime.encode(backing, ground, bars=BARS, style=1)
    np.testing.assert_allclose(here, mean[0].numpy(), atol=1e-4)
    np.testing.assert_allclose(spread, np.exp(0.5 * log_variance[0].numpy()), atol=1e-4)
    np.testing.assert_allclose(runtime.decode(here, ground, 1), written[0].numpy(), atol=1e-4)


def test_a_net_file_comes_back_as_it_was(tmp_path: Path) -> None:
    net = Writer(CycleganSettings(width=16, layers=2, code=4), 2)
    weights = {name: value.numpy() for name, value in net.state_dict().items()}
    save_net(
        tmp_path / "x.safetensors", "cyclegan", {"styles": ["a", "b"]}, weights=weights, card={"seed": 1}
    )
    back = load_net(tmp_path / "x.safetensors", kind="cyclegan")
    assert CycleganRuntime(back).styles == ("a", "b")
    assert all(np.allclose(back.weights[name], value, atol=1e-2) for name, value in weights.items())


def test_the_critic_does_not_hear_the_tune() -> None:
    critic = Critic(CycleganSettings(critic_width=16, critic_layers=2), 3)
    backing, ground = (torch.from_numpy(a)[None] for a in arrays(5))
    other = ground.clone()
    other[..., -CELLS * (ROWS + 1) :] = 1 - other[..., -CELLS * (ROWS + 1) :]
    told = [
        critic(backing, g, mask=torch.ones(1, BEATS, 1), style=torch.tensor([0])) for g in (ground, other)
    ]
    assert torch.equal(*told)


def test_what_is_struck_is_whole_and_lets_the_gradient_through() -> None:
    logits = torch.tensor([-2.0, 0.5, 3.0], requires_grad=True)
    struck(logits).sum().backward()
    assert struck(logits).tolist() == pytest.approx([0, 1, 1])
    chance = torch.sigmoid(logits.detach())
    torch.testing.assert_close(logits.grad, chance * (1 - chance))


def test_a_ground_tells_chord_and_tune_from_the_root() -> None:
    cells = np.arange(4)
    chord = np.zeros((4, 12), bool)
    chord[:, [7, 11, 2]] = True  # G major in C major
    ground = Ground(
        cell_steps=6, start=cells * 6, bar=cells * 0, place=cells, kind=2, root=cells * 0 + 7, chord=chord,
        tonic=cells * 0, tune=np.array([67, 67, NONE, 71]), is_new=np.array([True, False, False, True]),
    )  # fmt: skip
    row = ground_rows(ground)[0]
    assert np.flatnonzero(row[:24]).tolist() == [0, 4, 7, 12 + 5]  # a major triad; the tonic a fourth above
    tune = row[-4 * (ROWS + 1) :].reshape(4, ROWS + 1)
    assert [np.flatnonzero(cell).tolist() for cell in tune] == [[48, ROWS], [48], [], [52, ROWS]]


def test_backings_come_back_from_their_beats() -> None:
    rng = np.random.default_rng(0)
    strike, sound = rng.random((8, ROWS)) < 0.1, rng.random((8, ROWS)) < 0.2
    back = backing_rolls(backing_rows(strike, sound | strike))
    assert np.array_equal(back[0] > 0, strike) and np.array_equal(back[1] > 0, sound & ~strike)
