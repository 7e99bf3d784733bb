"""Laws of the torch-free chorale model: what torch says, it says, frame by frame, in any order of the voices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiyin.errors import NotFound, UnreadableFile
from zhiyin.models.chorale_past import OwnPast
from zhiyin.models.chorale_recall import PITCHES, Listener
from zhiyin.models.chorale_runtime import ChoraleRuntime, load_chorale_runtime


def walk(seed: int, steps: int = 40) -> np.ndarray:
    """Return a chorale of random steps with returns and a few rests: (steps, 4) ids."""
    random = np.random.default_rng(seed)
    moves = random.integers(-2, 3, (steps, 4)) * (random.random((steps, 4)) < 0.4)
    ids = np.clip(np.array([35, 28, 21, 12]) + moves.cumsum(0), 1, PITCHES - 1)
    ids = np.where(random.random((steps, 4)) < 0.05, 0, ids)
    return np.concatenate([ids, ids[:12], ids[4:9] + (ids[4:9] > 0)])


def test_the_own_past_of_several_chorales_recalls_what_each_alone_would():
    pieces = [walk(seed) for seed in range(3)]
    past, listeners = OwnPast(3), [Listener(None) for _ in pieces]
    for t in range(len(pieces[0])):
        together = past.recall()
        for row, listener in enumerate(listeners):
            alone = listener.recall()
            for name in ("next_ids", "notes", "steps", "ahead"):
                assert np.array_equal(getattr(together, name)[row], getattr(alone, name)), (t, name)
            listener.hear(pieces[row][t])
        past.hear(np.array([piece[t] for piece in pieces]))


def test_a_past_that_is_picked_goes_on_as_the_one_it_was():
    one, other = walk(5), walk(6)
    past, alone = OwnPast(2), OwnPast(1)
    for t in range(len(one)):
        if t == 30:
            past.pick(np.array([0, 0]))
        past.hear(np.array([one[t], other[t] if t < 30 else one[t]]))
        alone.hear(one[t : t + 1])
    assert np.array_equal(past.recall().next_ids[1], alone.recall().next_ids[0])


def torch_net(recall: bool = True):
    torch = pytest.importorskip("torch", reason="the train extra is not installed")
    from zhiyin.models.chorale import ChoraleConfig, ChoraleNet

    torch.manual_seed(1)
    net = ChoraleNet(
        ChoraleConfig(
            width=16, layers=2, embedding=4, decoder=12, dropout=0.0, input_dropout=0.0, recall=recall
        )
    ).eval()
    for parameter in net.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    return net


def runtime_of(net) -> ChoraleRuntime:
    weights = {name: value.numpy() for name, value in net.state_dict().items()}
    return ChoraleRuntime(weights, name="tiny", version="0", card={})


@pytest.mark.parametrize("order", ["SBAT", "BTSA"])
@pytest.mark.parametrize("recall", [True, False])
def test_the_runtime_says_what_torch_says(order: str, recall: bool):
    """Every voice of every frame within 2e-4 nats, two chorales side by side."""
    net = torch_net(recall)
    import torch

    from zhiyin.models.chorale import fixed_order
    from zhiyin.models.chorale_recall import recall_all
    from zhiyin.train.chorale_data import Chorale, to_frames

    pieces = [walk(11), walk(12)]
    frames = to_frames([Chorale(ids, recall_all(ids, None)) for ids in pieces], recall=recall)
    with torch.no_grad():
        wanted = net.log_probs(net.read(frames.inputs), frames, fixed_order(order)).numpy()
    state = runtime_of(net).start(2)
    for t in range(len(pieces[0])):
        frame, now = state.look(t), np.array([piece[t] for piece in pieces])
        known: list[int] = []
        for voice in fixed_order(order).tolist():
            said = state.say(frame, voice, known=known, ids=now)[[0, 1], now[:, voice]]
            assert said == pytest.approx(wanted[:, t, voice], abs=2e-4), (t, voice)
            known.append(voice)
        state.hear(now)


def test_a_state_that_is_picked_goes_on_as_the_chorale_it_was():
    run, one, other = load_chorale_runtime(), walk(5), walk(6)
    both, alone = run.start(2), run.start(1)
    for t in range(25):
        for state, ids in ((both, np.array([one[t], other[t]])), (alone, one[t : t + 1])):
            state.look(t)
            state.hear(ids)
    both.pick(np.array([0, 0]))
    frames = both.look(25), alone.look(25)
    said = [
        state.say(frame, 3, known=(), ids=np.zeros((state.rows, 4), np.int64))
        for state, frame in zip((both, alone), frames, strict=True)
    ]
    assert said[0][1] == pytest.approx(said[1][0], abs=1e-4)


def test_what_is_said_of_a_voice_sums_to_one():
    state = load_chorale_runtime().start(2)
    for t, ids in enumerate(walk(7)[:9]):
        frame = state.look(t)
        for known in ((), (0,), (0, 3)):
            said = state.say(frame, 1, known=known, ids=np.array([ids, ids]))
            assert np.exp(said).sum(1) == pytest.approx([1.0, 1.0], abs=1e-5)
        state.hear(np.array([ids, ids]))


def test_the_shipped_model_says_what_it_learned_from_and_that_is_open():
    card = load_chorale_runtime().card
    assert {row["name"] for row in card["data"]}.isdisjoint({"jsb_chorales", "nottingham", "kuiscima"})
    assert all(row["licence"] for row in card["data"])


def test_a_missing_checkpoint_is_named(tmp_path: Path):
    with pytest.raises(NotFound, match=r"no chorale checkpoint at .*none\.safetensors"):
        load_chorale_runtime(tmp_path / "none.safetensors")


def test_a_file_that_is_no_chorale_checkpoint_is_refused(tmp_path: Path):
    path = tmp_path / "broken.safetensors"
    path.write_bytes(b"not weights")
    with pytest.raises(UnreadableFile, match="not a safetensors file"):
        load_chorale_runtime(path)
