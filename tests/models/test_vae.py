"""Laws of the VAE family: the runtime answers as torch does, latents keep their bars apart, the prior reads facts.

Conventions: small random nets; torch is the reference of the runtime.
Does not know: the shipped weights.
"""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from zhiyin.encode.bar_steps import HOLD, PAD, REST, Bars, sounding  # noqa: E402
from zhiyin.errors import InvalidInput  # noqa: E402
from zhiyin.models.vae import BarVae, LatentPrior, kl_to_normal, reconstruction  # noqa: E402
from zhiyin.models.vae_condition import PLAIN  # noqa: E402
from zhiyin.models.vae_config import VaeConfig  # noqa: E402
from zhiyin.models.vae_runtime import VaeRuntime  # noqa: E402

SMALL = {"latent": 6, "width": 24, "hidden": 32, "blocks": 2, "step": 16, "memory": 20, "mixtures": 3}


def random_line(bars: int, rng: np.random.Generator) -> Bars:
    """Return random bars of a line, some short."""
    steps = rng.choice([60, 64, 67, HOLD, HOLD, REST], (bars, 16)).astype(np.uint8)
    lengths = rng.choice([8, 12, 16], bars)
    steps[np.arange(16) >= lengths[:, None]] = PAD
    return Bars(steps, lengths)


def random_kit(line: Bars, rng: np.random.Generator) -> Bars:
    """Return random drum bars as long as a line's."""
    hits = (rng.random((len(line), 16, 9)) < 0.2).astype(np.uint8)
    hits[np.arange(16) >= line.lengths[:, None]] = 0
    return Bars(hits, line.lengths)


def nets(parts: tuple[str, ...]) -> tuple[BarVae, LatentPrior, VaeRuntime]:
    """Return a random net, its prior, and the runtime of both."""
    torch.manual_seed(3)
    config = VaeConfig(parts=parts, **SMALL)
    vae, prior = BarVae(config).eval(), LatentPrior(config).eval()
    weights = {f"vae.{n}": t.numpy() for n, t in vae.state_dict().items()}
    weights |= {f"prior.{n}": t.numpy() for n, t in prior.state_dict().items()}
    return vae, prior, VaeRuntime(config, weights, name="test", version="0")


def as_torch(parts: list[Bars]) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Return symbols and what sounds, as the net reads them."""
    steps = [torch.from_numpy(b.steps).long() for b in parts]
    heard = [torch.from_numpy(b.steps if b.is_kit else sounding(b.steps)).long() for b in parts]
    return steps, heard


@pytest.mark.parametrize("parts", [("line",), ("kit",), ("line", "line", "kit")])
@torch.no_grad()
def test_the_runtime_encodes_and_decodes_as_torch_does(parts: tuple[str, ...]) -> None:
    vae, _, runtime = nets(parts)
    rng = np.random.default_rng(0)
    line = random_line(5, rng)
    bars = [line if kind == "line" else random_kit(line, rng) for kind in parts]
    steps, heard = as_torch(bars)
    length, role = torch.from_numpy(line.lengths), torch.full((5,), 1)
    mean, log_sd = vae.encode(steps, heard, length, role=role)
    ours, spread = runtime.encode(bars, 1)
    np.testing.assert_allclose(ours, mean.numpy(), atol=1e-4)
    np.testing.assert_allclose(spread, log_sd.exp().numpy(), atol=1e-4)
    for kind, theirs, odds in zip(
        parts, vae.decode(mean, length, role), runtime.decode(ours, line.lengths, 1), strict=True
    ):
        if kind == "kit":
            np.testing.assert_allclose(odds.hits, theirs[0].sigmoid().numpy(), atol=1e-4)
        else:
            np.testing.assert_allclose(odds.kinds, theirs[0].softmax(-1).numpy(), atol=1e-4)
            np.testing.assert_allclose(odds.pitches, theirs[1].softmax(-1).numpy(), atol=1e-4)


@torch.no_grad()
def test_the_runtime_s_prior_is_torch_s_bar_after_bar() -> None:
    _, prior, runtime = nets(("line",))
    told = torch.randn(1, 4, PLAIN + 3 * 7 + 1)
    latent = torch.randn(1, 4, 6)
    nats = prior.nats(told, latent)[0]
    memory = None
    for bar in range(4):
        mixture, memory = runtime.prior(told[0, bar].numpy(), memory)
        assert mixture.nats(latent[0, bar].numpy()) == pytest.approx(float(nats[bar]), abs=1e-3)


def test_what_is_said_of_a_bar_is_as_long_as_the_prior_reads() -> None:
    _, _, runtime = nets(("line",))
    facts, z = np.zeros(PLAIN, np.float32), np.ones(6, np.float32)
    told = runtime.told(facts, before=z, after=z, far=0.5)
    assert told.shape == (PLAIN + 3 * 7 + 1,)
    assert told[:7].tolist() == [1.0] * 7  # the bar before, and that it is known
    assert told[-1] == 0.5
    assert runtime.told(facts, far=0.5).sum() == 0.0  # nothing known, no distance either


def test_kl_of_the_normal_itself_is_nothing_and_of_a_shift_half_its_square() -> None:
    zero = torch.zeros(1, 4)
    assert float(kl_to_normal(zero, zero)) == 0.0
    assert float(kl_to_normal(torch.tensor([[3.0, 0, 0, 0]]), zero)) == pytest.approx(4.5)


def test_a_step_is_right_only_if_kind_and_pitch_are() -> None:
    steps = torch.tensor([[60, HOLD, REST, PAD] + [PAD] * 12])
    kinds, pitches = torch.full((1, 16, 3), -9.0), torch.full((1, 16, 128), -9.0)
    kinds[0, [0, 1, 2], [0, 1, 2]] = 9.0
    pitches[0, 0, 61] = 9.0
    inside = torch.arange(16)[None] < 3
    _, right, said = reconstruction("line", (kinds, pitches), steps, inside=inside)
    assert right[0, :4].tolist() == [False, True, True, False]  # wrong pitch, hold, rest, outside
    assert said[0, :4].tolist() == [True, False, True, False]


def test_a_net_refuses_parts_it_was_not_made_for() -> None:
    _, _, runtime = nets(("line",))
    with pytest.raises(InvalidInput, match="reads as many bars of each of line, got"):
        runtime.encode([random_kit(random_line(2, np.random.default_rng(1)), np.random.default_rng(1))], 0)


def test_a_config_names_what_is_wrong() -> None:
    with pytest.raises(InvalidInput, match="parts must be some of line, kit, got"):
        VaeConfig(parts=("choir",))
    with pytest.raises(InvalidInput, match="latent must be 1 or more, got 0"):
        VaeConfig(latent=0)
