"""Laws of the frame model: chronological, exact, tied under transposition, kept whole in its file."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from zhiyin.errors import NotFound  # noqa: E402
from zhiyin.models.frame_past import KEYS, Store, past_of  # noqa: E402
from zhiyin.models.frames import (  # noqa: E402
    PAD,
    FramesConfig,
    FramesNet,
    Library,
    frame_log_probs,
    whole_frames,
)
from zhiyin.models.frames_file import load_frames_net, save_frames_net  # noqa: E402

EMPTY = Store([])
UP, DOWN = 0, 1


def random_roll(frames: int, seed: int = 0, low: int = 0, high: int = KEYS) -> np.ndarray:
    roll = np.zeros((frames, KEYS), np.uint8)
    roll[:, low:high] = np.random.default_rng(seed).random((frames, high - low)) < 0.07
    return roll


def random_net(seed: int = 0, **sizes: int) -> FramesNet:
    torch.manual_seed(seed)
    net = FramesNet(FramesConfig(width=24, hidden=32, blocks=1, reader=16, **sizes)).eval()
    for one in net.parameters():
        torch.nn.init.normal_(one, std=0.2)
    return net


def library_of(roll: np.ndarray, corpus: int = 0) -> Library:
    return Library([roll], [past_of(roll, store=EMPTY, own=None)], [corpus])


@torch.no_grad()
def all_logits(net: FramesNet, library: Library, frames: torch.Tensor, direction: int) -> torch.Tensor:
    """Return (frames, 88); the frames said may be others than those of the library."""
    index = torch.arange(library.lengths[0])
    row, padded = library.rows(torch.zeros_like(index), index)
    told = net.read(library, row[None], library.corpus)[0]
    asked = whole_frames(row, padded, direction)
    corpus = library.corpus.expand(len(index))
    return net.logits(library, asked, told, frames=frames, corpus=corpus).view(-1, KEYS)


def frames_in(library: Library) -> torch.Tensor:
    _, padded = library.rows(
        torch.zeros(library.lengths[0], dtype=torch.long), torch.arange(library.lengths[0])
    )
    return library.rolls[padded][:, PAD : PAD + KEYS]


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_the_future_changes_nothing(direction: int):
    net, roll = random_net(), random_roll(40)
    other = roll.copy()
    other[25:] = random_roll(15, seed=1)
    ours, theirs = (frame_log_probs(net, library_of(one), 0)[direction] for one in (roll, other))
    assert torch.allclose(ours[:25], theirs[:25], atol=1e-4)
    assert not torch.allclose(ours[25:], theirs[25:], atol=1e-1)


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_keys_not_yet_said_change_nothing(direction: int):
    net, library = random_net(), library_of(random_roll(12))
    frames = frames_in(library)
    other = frames.clone()
    said = slice(0, 41) if direction == UP else slice(40, KEYS)
    rest = slice(40, KEYS) if direction == UP else slice(0, 41)
    other[:, rest] = 1 - other[:, rest]
    ours, theirs = (all_logits(net, library, one, direction) for one in (frames, other))
    assert torch.allclose(ours[:, said], theirs[:, said], atol=1e-4)
    assert not torch.allclose(ours[:, rest], theirs[:, rest], atol=1e-1)


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_all_ways_to_end_a_frame_have_probability_one_together(direction: int):
    """The five keys said last, in all 32 ways, after the same other 83."""
    net, library = random_net(), library_of(random_roll(6))
    last = list(range(KEYS - 5, KEYS)) if direction == UP else list(range(5))
    total = torch.zeros(6, dtype=torch.double)
    for way in itertools.product((0, 1), repeat=5):
        frames = frames_in(library).clone()
        frames[:, last] = torch.tensor(way, dtype=torch.uint8)
        logits = all_logits(net, library, frames, direction)
        signed = torch.where(frames.bool(), logits, -logits)[:, last]
        total += torch.nn.functional.logsigmoid(signed).double().sum(1).exp()
    assert torch.allclose(total, torch.ones(6, dtype=torch.double), atol=1e-5)


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_a_piece_moved_by_five_keys_is_as_likely_but_for_what_knows_places(direction: int):
    net = random_net()
    for one in (net.standing.weight, net.place.weight, net.usual):
        torch.nn.init.zeros_(one)
    roll = random_roll(30, low=40, high=50)
    ours, theirs = (library_of(one) for one in (roll, np.roll(roll, 5, axis=1)))
    a = all_logits(net, ours, frames_in(ours), direction)[:, 30:58]
    b = all_logits(net, theirs, frames_in(theirs), direction)[:, 35:63]
    assert torch.allclose(a, b, atol=1e-3)
    net.place.weight.data.normal_()
    c = all_logits(net, theirs, frames_in(theirs), direction)[:, 35:63]
    assert not torch.allclose(a, c, atol=1e-1)


def test_the_probability_of_a_frame_is_the_product_over_its_keys():
    net, library = random_net(), library_of(random_roll(7))
    frames = frames_in(library)
    logits = all_logits(net, library, frames, UP)
    by_hand = (torch.where(frames.bool(), logits, -logits).double().sigmoid().log()).sum(1)
    assert torch.allclose(frame_log_probs(net, library, 0, chunk=3)[UP], by_hand, atol=1e-4)


@torch.no_grad()
def test_a_frame_said_key_by_key_with_nothing_later_there_is_as_likely():
    """The piece is cut at the frame, the frame itself silent; each key is asked with the keys below it alone."""
    net, roll, t = random_net(), random_roll(20), 13
    whole = float(frame_log_probs(net, library_of(roll), 0)[UP, t])
    cut = roll[: t + 1].copy()
    cut[t] = 0
    library, total = library_of(cut), 0.0
    for key in range(KEYS):
        frames = frames_in(library).clone()
        frames[t, :key] = torch.from_numpy(roll[t, :key])
        logit = all_logits(net, library, frames, UP)[t, key].double()
        total += float(torch.nn.functional.logsigmoid(logit if roll[t, key] else -logit))
    assert total == pytest.approx(whole, abs=1e-3)


def test_pieces_beside_each_other_do_not_hear_each_other():
    net, one, two = random_net(), random_roll(20), random_roll(15, seed=1)
    pasts = [past_of(roll, store=EMPTY, own=None) for roll in (one, two)]
    together = Library([one, two], pasts, [0, 0])
    alone = frame_log_probs(net, library_of(two), 0)
    assert torch.allclose(frame_log_probs(net, together, 1), alone, atol=1e-5)


def test_a_net_comes_back_from_its_file(tmp_path: Path):
    net, library = random_net(), library_of(random_roll(5))
    save_frames_net(tmp_path / "net.safetensors", net, card={"validation": 1.5})
    again, card = load_frames_net(tmp_path / "net.safetensors")
    assert card == {"validation": 1.5}
    assert torch.equal(frame_log_probs(net, library, 0), frame_log_probs(again, library, 0))


def test_a_missing_file_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(NotFound, match="train one with"):
        load_frames_net(tmp_path / "none.safetensors")
