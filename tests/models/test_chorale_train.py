"""Laws of what the chorale model learns from: ranges, splits that do not touch, a rate that ends at nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from zhiyin.errors import InvalidInput, NotFound  # noqa: E402
from zhiyin.models.chorale import ChoraleConfig  # noqa: E402
from zhiyin.models.chorale_recall import recall_all  # noqa: E402
from zhiyin.score import Notes, Part, Score  # noqa: E402
from zhiyin.train.chorale import ChoraleRecipe, Lesson, Trainer, evaluate, load_chorale_recipe, rate_at  # noqa: E402
from zhiyin.train.chorale_data import (  # noqa: E402
    Chorale,
    groups_of,
    read_splits,
    to_frames,
    transposition_room,
)
from zhiyin.train.chorale_more import four_voices, interval_runs  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SIXTEENTH = 2520


def test_the_room_to_move_is_what_every_voice_leaves():
    """The soprano may fall by 2 and rise by 6, the bass fall by 1: down 1, up 4 asked for."""
    ids = np.array([[30, 20, 15, 6], [34, 20, 15, 0]])
    low, high = np.array([28, 1, 1, 5]), np.array([40, 40, 40, 40])
    assert transposition_room(ids, low=low, high=high, most=4) == (-1, 4)


def test_every_chorale_comes_once_an_epoch():
    groups = list(groups_of([10, 50, 20, 40, 30], 60, np.random.default_rng(0)))
    assert sorted(index for group in groups for index in group) == [0, 1, 2, 3, 4]
    assert len(groups) > 1


def test_a_moved_chorale_moves_its_recollections_and_rests_stay():
    ids = np.array([[30, 20, 0, 6], [32, 20, 0, 6], [30, 20, 0, 6], [32, 20, 0, 6], [30, 20, 0, 6]])
    one = Chorale(ids, recall_all(ids, None))
    still, moved = to_frames([one]), to_frames([one], [3])
    assert (moved.targets - still.targets)[0, 0].tolist() == [3, 3, 0, 3]
    assert still.candidates[0, 4, 0].tolist() == [30, 20, 0, 6]
    assert moved.candidates[0, 4, 0].tolist() == [33, 23, 0, 9]


def test_the_rate_warms_up_stays_and_ends_at_nothing():
    recipe = ChoraleRecipe(learning_rate=1.0, warmup_steps=10, decay_share=0.5)
    rates = [rate_at(share, step, recipe) for share, step in ((0, 4), (0.3, 99), (0.75, 99), (1.0, 99))]
    assert rates == pytest.approx([0.5, 1.0, 0.5, 0.0])


def test_a_few_steps_learn_a_chorale_by_heart_and_keep_the_best(tmp_path: Path):
    ids = np.tile(np.array([[30, 25, 20, 10], [30, 25, 20, 10], [32, 25, 20, 8], [32, 25, 20, 8]]), (6, 1))
    one = Chorale(ids, recall_all(ids, None))
    recipe = ChoraleRecipe(
        minutes=1.0, warmup_steps=1, learning_rate=2e-2, ema=0.5, weight_decay=0.0,
        model=ChoraleConfig(width=16, layers=1, embedding=4, decoder=12, dropout=0.0, input_dropout=0.0),
    )  # fmt: skip
    validation = [to_frames([one])]
    trainer = Trainer(recipe, Lesson.of([one], [], 0), validation)
    before = evaluate(trainer.averaged(), validation)
    for _ in range(25):
        for frames, origin in trainer.lesson.epoch(0.0, 100, trainer.random):
            trainer.learn(frames, origin, 2e-2)
    assert evaluate(trainer.averaged(), validation) < before / 3


def test_the_recipe_of_the_benchmark_can_be_read():
    recipe = load_chorale_recipe(ROOT / "recipes" / "chorale.toml")
    assert (recipe.model.width, recipe.model.layers) == (320, 2)


def test_an_unknown_setting_is_refused_with_those_there_are(tmp_path: Path):
    path = tmp_path / "odd.toml"
    path.write_text("sed = 1\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"settings of the recipe must be among .*seed.*, got sed"):
        load_chorale_recipe(path)


def test_a_missing_set_says_how_to_fetch_it(tmp_path: Path):
    with pytest.raises(NotFound, match="zhiyin corpus fetch jsb_chorales"):
        read_splits(tmp_path)


def test_a_tune_is_known_again_in_another_key_and_without_its_repeats():
    tune = np.array([60, 62, 64, 67, 65, 64, 62, 69, 67, 65, 62, 64, 60])
    assert len(interval_runs(tune)) == 1
    assert interval_runs(np.repeat(tune + 5, 2)) == interval_runs(tune)
    assert interval_runs(np.arange(60, 80)) == set()


def test_two_staves_of_two_voices_become_four_voices():
    """Forty quarters of c e / g c' over two staves: 160 sixteenths of soprano, alto, tenor and bass."""

    def staff(upper: int, lower: int) -> Part:
        onset = np.repeat(np.arange(40) * 4 * SIXTEENTH, 2)
        pitch = np.tile([lower, upper], 40)
        return Part("staff", Notes(onset, np.full(80, 4 * SIXTEENTH), pitch, np.full(80, 80)))

    found = four_voices(Score("hymn", (staff(72, 67), staff(60, 48))))
    assert found is not None
    assert found.shape == (160, 4)
    assert found[0].tolist() == [72, 67, 60, 48]
    assert four_voices(Score("tune", (staff(72, 67),))) is None
