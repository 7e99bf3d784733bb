"""Laws of the chorale model: nothing of the future, probabilities that sum to one, a likelihood worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from zhiyin.errors import NotFound, UnreadableFile  # noqa: E402
from zhiyin.models.chorale import (  # noqa: E402
    ChoraleConfig,
    ChoraleNet,
    Frames,
    degrees,
    fixed_order,
    key_of,
    trust_bucket,
)
from zhiyin.models.chorale_file import load_chorale_net, save_chorale_net  # noqa: E402
from zhiyin.models.chorale_recall import NOTHING, PITCHES, Store, recall_all  # noqa: E402
from zhiyin.models.chorale_sample import Sampling, parallel_ids, penalise, sample_chorales  # noqa: E402
from zhiyin.train.chorale_data import Chorale, to_frames  # noqa: E402

TINY = ChoraleConfig(width=16, layers=1, embedding=4, decoder=12, dropout=0.0, input_dropout=0.0)


def walk(seed: int, steps: int = 24) -> np.ndarray:
    """Return a chorale of random steps in each voice's range, with a few rests: (steps, 4) ids."""
    random = np.random.default_rng(seed)
    moves = random.integers(-2, 3, (steps, 4)) * (random.random((steps, 4)) < 0.4)
    ids = np.clip(np.array([35, 28, 21, 12]) + moves.cumsum(0), 1, PITCHES - 1)
    return np.where(random.random((steps, 4)) < 0.05, 0, ids)


@pytest.fixture(scope="module")
def store() -> Store:
    return Store.of([walk(seed, 40) for seed in range(4)])


@pytest.fixture(scope="module")
def net() -> ChoraleNet:
    torch.manual_seed(1)
    made = ChoraleNet(TINY).eval()
    for parameter in made.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    return made


def frames_of(ids: np.ndarray, store: Store | None) -> Frames:
    return to_frames([Chorale(ids, recall_all(ids, store))])


def log_probs(net: ChoraleNet, ids: np.ndarray, store: Store, order: str) -> torch.Tensor:
    frames = frames_of(ids, store)
    with torch.no_grad():
        found: torch.Tensor = net.log_probs(net.read(frames.inputs), frames, fixed_order(order))[0]
    return found


@pytest.mark.parametrize("changed", [0, 1, 12, 13, 22, 23])
def test_a_changed_frame_changes_nothing_that_was_said_before_it(net, store, changed):
    ids = walk(11)
    other = ids.copy()
    other[changed] = np.where(ids[changed] == 0, 20, ids[changed] % (PITCHES - 1) + 1)
    before, after = (log_probs(net, one, store, "BSAT") for one in (ids, other))
    assert torch.equal(before[:changed], after[:changed])
    assert not torch.equal(before[changed], after[changed])


@pytest.mark.parametrize("order", ["SATB", "BSAT", "TABS"])
def test_a_voice_hears_those_before_it_in_its_frame_and_no_other(net, store, order):
    ids = walk(12)
    first, second, third, fourth = fixed_order(order).tolist()
    other = ids.copy()
    other[-1, third] = ids[-1, third] % (PITCHES - 1) + 1
    before, after = (log_probs(net, one, store, order)[-1] for one in (ids, other))
    assert torch.equal(before[[first, second]], after[[first, second]])
    assert before[fourth] != after[fourth]


def test_a_changed_frame_changes_no_earlier_recollection(store):
    ids = walk(13)
    other = ids.copy()
    other[10:] = other[10:][::-1]
    before, after = recall_all(ids, store), recall_all(other, store)
    for name in ("next_ids", "notes", "steps", "ahead"):
        assert np.array_equal(getattr(before, name)[:11], getattr(after, name)[:11])


@pytest.mark.parametrize("heard", [(), (3,), (3, 0), (3, 0, 1)])
def test_the_probabilities_of_a_voice_sum_to_one_whatever_is_heard(net, store, heard):
    frames = frames_of(walk(14), store)
    known = torch.zeros(*frames.targets.shape[:2], 1, 4, dtype=torch.bool)
    known[..., list(heard)] = True
    voice = torch.full((*frames.targets.shape[:2], 1), 2)
    with torch.no_grad():
        said = net.decode(net.read(frames.inputs), frames, voice=voice, known=known, ids=frames.targets)
    assert torch.allclose(said.exp().sum(-1), torch.ones(said.shape[:-1]), atol=1e-5)


def test_the_joint_probabilities_of_a_small_frame_sum_to_one_over_all_frames(net, store):
    """All (soprano, bass) pairs of the last frame, alto and tenor summed out by leaving them to the end."""
    ids = walk(15, 6)
    total = 0.0
    frames = frames_of(ids, store)
    with torch.no_grad():
        read = net.read(frames.inputs)
        for bass in range(PITCHES):
            told = frames.targets.clone()
            told[0, -1, 3] = bass
            known = torch.zeros(1, 6, 2, 4, dtype=torch.bool)
            known[..., 1, 3] = True
            voice = torch.tensor([3, 0]).expand(1, 6, 2)
            said = net.decode(read, frames, voice=voice, known=known, ids=told)[0, -1].double().exp()
            total += float(said[0, bass] * said[1].sum())
    assert total == pytest.approx(1.0, abs=1e-4)


def test_a_net_of_zeros_says_one_in_47_for_each_voice():
    """With every weight 0 all 47 ids are alike: 2 steps x 4 voices cost 8 ln 47 = 30.801 nats."""
    zeros = ChoraleNet(TINY).eval()
    for parameter in zeros.parameters():
        parameter.data.zero_()
    frames = frames_of(np.array([[30, 25, 20, 10], [30, 25, 20, 0]]), None)
    found = zeros.log_probs(zeros.read(frames.inputs), frames, fixed_order("SATB"))
    assert PITCHES == 47
    assert float(-found.detach().sum()) == pytest.approx(30.8012, abs=1e-3)


def test_a_likelihood_worked_out_by_hand_from_one_number():
    """Only "stay" has a weight, ln 46: a held voice has 46 / (46 + 46) = 1/2, a moved one 1/2 / 46."""
    net = ChoraleNet(TINY).eval()
    for parameter in net.parameters():
        parameter.data.zero_()
    net.stepwise.bias.data[net.stepwise.out_features // 2] = math.log(46)
    frames = frames_of(np.array([[30, 25, 20, 0], [30, 26, 20, 0]]), None)
    found = net.log_probs(net.read(frames.inputs), frames, fixed_order("SATB"))[0, 1].tolist()
    half = math.log(0.5)
    assert found == pytest.approx([half, half - math.log(46), half, half], abs=1e-5)


def test_one_line_heard_again_recalls_what_followed():
    """The soprano c d e f | c d e: after the second e, f came next and the bass had a."""
    first = np.array([[25, 0, 0, 5], [27, 0, 0, 6], [29, 0, 0, 7], [30, 0, 0, 10]])
    piece = np.concatenate([first, first[:3]])
    recalled = recall_all(piece, None)
    # The first step of a piece has no interval; of d e after c, two intervals match.
    said = recall_all(np.concatenate([piece, first[3:]]), None)
    assert said.next_ids[7, 0].tolist() == [30, 0, 0, 10]
    assert (said.steps[7, 0], said.notes[7, 0]) == (2, 2)
    assert recalled.next_ids[0].tolist() == [[NOTHING] * 4] * 5


def test_a_store_recalls_moved_by_the_soprano_and_leaves_the_piece_itself_out():
    """The store sings 25 27 29 31 over a bass; heard a fourth higher, it says the same a fourth higher."""
    line = np.array([[25, 20, 15, 5], [27, 20, 15, 6], [29, 21, 15, 7], [31, 21, 14, 8]])
    store = Store.of([line, np.array([[30, 1, 1, 1]] * 4)])
    heard = recall_all(line + 5, store)
    assert heard.next_ids[3, 2].tolist() == [36, 26, 19, 13]
    assert (heard.notes[3, 2], heard.steps[3, 2]) == (2, 2)
    assert heard.next_ids[3, 4].tolist() == [36, 26, 19, 13]
    left_out = recall_all(line + 5, store, left_out=0)
    assert left_out.next_ids[3, 2].tolist() == [NOTHING] * 4


def test_recollection_does_not_cross_from_one_stored_piece_into_the_next():
    line = np.array([[25, 20, 15, 5], [27, 20, 15, 6], [28, 21, 15, 7]])
    store = Store.of([line, np.array([[40, 1, 1, 1]] * 4)])
    heard = recall_all(np.concatenate([line, line[:1]]), store)
    assert heard.next_ids[3, 2].tolist() == [NOTHING] * 4


@pytest.mark.parametrize(
    ("notes", "steps", "bucket"), [(0, 0, 0), (0, 1, 0), (1, 2, 1), (2, 3, 9), (30, 40, 79)]
)
def test_trust_grows_with_notes_and_steps(notes, steps, bucket):
    assert int(trust_bucket(torch.tensor(notes), torch.tensor(steps))) == bucket


def test_the_key_is_that_of_the_scale_heard_and_of_the_relative_major_in_minor():
    """A C major scale with its triad; then A minor with its leading note, whose relative major is C too."""
    c_major = torch.tensor([3.0, 0, 1, 0, 2, 1, 0, 2, 0, 1, 0, 1])
    a_minor = torch.tensor([2.0, 0, 1, 0, 2, 1, 0, 0, 1, 3, 0, 1])
    tonic, is_minor = key_of(torch.stack([c_major, c_major.roll(5), a_minor, torch.zeros(12)]))
    assert tonic.tolist() == [0, 5, 0, -1]
    assert is_minor.tolist()[:3] == [False, False, True]


def test_degrees_count_from_the_tonic_and_rests_have_none():
    assert degrees(torch.tensor([0, 5, 17, 4, 30]), torch.tensor([5, 5, 5, 5, -1])).tolist() == [
        12,
        0,
        0,
        11,
        12,
    ]


def test_what_is_sampled_step_by_step_has_the_likelihood_of_the_whole(net, store):
    """Greedy in effect: at a very low temperature each id drawn is the likeliest of the whole-piece reading."""
    drawn = sample_chorales(net, store, [12, 9], how=Sampling(order="SATB", temperature=1e-4, seed=3))
    assert [len(one) for one in drawn] == [12, 9]
    frames = frames_of(drawn[0], store)
    rank = torch.arange(4)
    known = (rank[None, :] < rank[:, None]).expand(1, 12, 4, 4)
    voice = rank.expand(1, 12, 4)
    with torch.no_grad():
        said = net.decode(net.read(frames.inputs), frames, voice=voice, known=known, ids=frames.targets)
    assert np.array_equal(said[0].argmax(-1).numpy(), drawn[0])


def test_one_seed_gives_one_chorale(net, store):
    one, same, other = (sample_chorales(net, store, [8], how=Sampling(seed=seed))[0] for seed in (5, 5, 6))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_parallel_ids_are_those_that_keep_a_fifth_or_octave_in_motion():
    """Soprano 20 over bass 13 is a fifth; the bass goes to 15: 22 is parallel, 34 too, 20 and 21 are not."""
    before = torch.tensor([[20, 18, 16, 13]])
    found = parallel_ids(before, voice=0, other=3, other_now=torch.tensor([15]))[0].nonzero()[:, 0].tolist()
    assert found == [22, 34, 46]
    assert not parallel_ids(before, voice=0, other=3, other_now=torch.tensor([13])).any()


def test_learning_starts_with_parallels_and_crossings_rare_and_all_else_even():
    """A fresh net of zeros but for the motions: the soprano's 22 (a parallel fifth) is e^2.5 rarer than 21."""
    fresh = ChoraleNet(TINY).eval()
    for name, parameter in fresh.named_parameters():
        if name != "motion":
            parameter.data.zero_()
    frames = frames_of(np.array([[20, 18, 16, 13], [22, 18, 16, 15]]), None)
    known = torch.tensor([False, False, False, True]).expand(1, 2, 1, 4)
    read = fresh.read(frames.inputs)
    said = fresh.decode(
        read, frames, voice=torch.zeros(1, 2, 1, dtype=torch.long), known=known, ids=frames.targets
    )
    said = said[0, 1, 0].detach()
    assert float(said[21] - said[22]) == pytest.approx(2.5, abs=1e-4)
    assert float(said[21] - said[34]) == pytest.approx(2.5, abs=1e-4)
    assert float(said[21] - said[14]) == pytest.approx(1.0, abs=1e-4)
    assert float(said[21]) == pytest.approx(float(said[23]), abs=1e-4)


def test_a_penalty_makes_parallels_rarer_by_its_nats_and_sums_to_one():
    before = torch.tensor([[20, 18, 16, 13]])
    even = torch.full((1, PITCHES), -math.log(PITCHES))
    said = penalise(even, before, voice=0, known={3: torch.tensor([15])}, penalty=2.0)
    assert float(said.exp().sum()) == pytest.approx(1.0, abs=1e-5)
    assert float(said[0, 21] - said[0, 22]) == pytest.approx(2.0, abs=1e-5)


def test_a_saved_net_says_the_same(net, store, tmp_path: Path):
    path = tmp_path / "net.safetensors"
    save_chorale_net(path, net, card={"validation": 0.5})
    again, card = load_chorale_net(path)
    assert card == {"validation": 0.5}
    assert torch.equal(log_probs(net, walk(3), store, "SATB"), log_probs(again, walk(3), store, "SATB"))


def test_a_missing_checkpoint_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(NotFound, match=r"python -m zhiyin\.train\.chorale recipes/chorale\.toml"):
        load_chorale_net(tmp_path / "none.safetensors")


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path):
    path = tmp_path / "broken.safetensors"
    path.write_bytes(b"not weights")
    with pytest.raises(UnreadableFile, match="must hold its config and weights"):
        load_chorale_net(path)
