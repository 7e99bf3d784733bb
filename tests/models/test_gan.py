"""Laws of the gan's nets: the penalty by hand, noise and what it moves, runtime equal to torch."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from zhiyin.models.gan_config import GanConfig
from zhiyin.models.gan_inputs import Noise, draw_noise, tell
from zhiyin.models.gan_rolls import BARS, SLICES, STEPS, TRACKS, WIDTH, Phrases
from zhiyin.models.gan_runtime import GanWriter, chances, hard
from zhiyin.models.net_file import NetFile

torch = pytest.importorskip("torch", reason="the train extra is not installed")

SMALL = GanConfig(24, 1, 16, 1, shared_noise=4, shared_bar_noise=3, part_noise=2, part_bar_noise=2)


def asked(n: int = 3) -> Phrases:
    """Return n empty phrases of 3/4 under C, F, G, C for four players."""
    valid = np.tile(np.arange(16) < 12, 4)
    chord = np.zeros((STEPS, 12), bool)
    root = np.repeat([0, 5, 7, 0], 16)
    for step in range(STEPS):
        chord[step, [(root[step] + i) % 12 for i in (0, 4, 7)]] = True
    codes = np.zeros((n, STEPS, WIDTH), np.uint8)
    return Phrases(
        codes, np.tile(valid, (n, 1)), np.tile(chord, (n, 1, 1)), np.tile(root, (n, 1)), np.arange(n), np.ones(n, int),
        np.zeros(n, int), np.ones((n, 4), bool),
    )  # fmt: skip


def nothing_given(n: int = 3) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.zeros((n, BARS, len(TRACKS)), bool)


def torch_writer() -> object:
    from zhiyin.models.gan import Writer

    torch.manual_seed(0)
    return Writer(SMALL)


def numpy_writer() -> GanWriter:
    weights = {k: v.numpy() for k, v in torch_writer().state_dict().items()}  # type: ignore[attr-defined]
    return GanWriter(NetFile("small", "gan", SMALL.to_dict(), weights, {}, "0" * 64))


def test_the_penalty_of_a_linear_critic_is_the_square_of_its_norm_less_one() -> None:
    """The slope of w.x is w everywhere: |w| = |(3, 4)| = 5, so the penalty is (5 - 1)^2 = 16 wherever it is taken."""
    from torch import Tensor, nn

    from zhiyin.models.gan import gradient_penalty

    weight = torch.zeros(STEPS, WIDTH)
    weight[0, 0], weight[7, 11] = 3.0, 4.0

    class Linear(nn.Module):
        def forward(self, codes: Tensor, batch: object) -> Tensor:
            scores: Tensor = (codes * weight).sum(dim=(1, 2))
            return scores

    real, fake = torch.ones(2, STEPS, WIDTH), torch.zeros(2, STEPS, WIDTH)
    for share in (0.0, 0.3, 1.0):
        found = gradient_penalty(Linear(), real, fake, batch={}, share=torch.full((2,), share))
        assert float(found) == pytest.approx(16.0, rel=1e-5)


def test_numpy_writes_what_torch_writes() -> None:
    told, noise = tell(asked(), nothing_given()), draw_noise(SMALL, 3, np.random.default_rng(1))
    batch = {f.name: torch.from_numpy(np.ascontiguousarray(getattr(told, f.name))) for f in fields(told)}
    drawn = {f.name: torch.from_numpy(getattr(noise, f.name)) for f in fields(noise)}
    with torch.no_grad():
        theirs = torch_writer()(batch, drawn).numpy()  # type: ignore[operator]
    assert np.abs(numpy_writer()(told, noise) - theirs).max() < 1e-4


def test_the_same_noise_writes_the_same_phrase_and_other_noise_another() -> None:
    writer, told = numpy_writer(), tell(asked(), nothing_given())
    one, again, other = (writer(told, draw_noise(SMALL, 3, np.random.default_rng(s))) for s in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("track", range(len(TRACKS)))
def test_part_noise_moves_its_own_part_alone(track: int) -> None:
    writer, told = numpy_writer(), tell(asked(), nothing_given())
    noise = draw_noise(SMALL, 3, np.random.default_rng(1))
    part = noise.part.copy()
    part[:, track] += 1.0
    moved = np.abs(
        writer(told, Noise(noise.shared, noise.shared_bar, part, noise.part_bar)) - writer(told, noise)
    )
    for other in range(len(TRACKS)):
        change = moved[:, :, SLICES[other]].max()
        assert change > 1e-3 if other == track else change == 0.0


def test_shared_noise_moves_every_part() -> None:
    writer, told = numpy_writer(), tell(asked(), nothing_given())
    noise = draw_noise(SMALL, 3, np.random.default_rng(1))
    moved = np.abs(
        writer(told, Noise(noise.shared + 1, noise.shared_bar, noise.part, noise.part_bar))
        - writer(told, noise)
    )
    assert all(moved[:, :, SLICES[t]].max() > 1e-4 for t in range(len(TRACKS)))


def test_chances_of_lines_sum_to_one_and_hard_symbols_are_the_likeliest() -> None:
    logits = np.random.default_rng(0).standard_normal((2, STEPS, WIDTH)).astype(np.float32)
    odds, codes = chances(logits), hard(logits)
    for line in (0, 2):
        assert np.allclose(odds[:, :, SLICES[line]].sum(axis=2), 1.0, atol=1e-5)
        assert np.array_equal(
            odds[:, :, SLICES[line]].argmax(axis=2), codes[:, :, SLICES[line]].argmax(axis=2)
        )
        assert np.all(codes[:, :, SLICES[line]].sum(axis=2) == 1)
    assert np.array_equal(codes[:, :, SLICES[1]] > 0, odds[:, :, SLICES[1]] > 0.5)


def test_gradients_reach_every_weight_of_the_writer_through_hard_symbols() -> None:
    from zhiyin.models.gan import Critic, phrase_of

    phrases = asked()
    told = tell(phrases, nothing_given())
    batch = {f.name: torch.from_numpy(np.ascontiguousarray(getattr(told, f.name))) for f in fields(told)}
    noise = draw_noise(SMALL, 3, np.random.default_rng(1))
    writer = torch_writer()
    logits = writer(batch, {f.name: torch.from_numpy(getattr(noise, f.name)) for f in fields(noise)})  # type: ignore[operator]
    Critic(SMALL, 16, 1)(phrase_of(logits, batch), batch).sum().backward()
    missing = [n for n, p in writer.named_parameters() if p.grad is None or not bool(p.grad.abs().sum() > 0)]  # type: ignore[attr-defined]
    assert missing == []
