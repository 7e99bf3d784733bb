"""Laws of the phrase task: what is given, who moves when, and that a critic learns to tell noise from a pattern."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from zhiyin.models.gan_config import GanData, GanSettings
from zhiyin.models.gan_rolls import BARS, SLICES, STEPS, TRACKS, WIDTH, Phrases
from zhiyin.train.recipe import OptimiserSettings, Recipe, ScheduleSettings, load_recipe

torch = pytest.importorskip("torch", reason="the train extra is not installed")

from zhiyin.train.gan_data import PhraseSet  # noqa: E402
from zhiyin.train.gan_task import GanTask, draw_given, drop_tracks  # noqa: E402
from zhiyin.train.loop import Trainer  # noqa: E402


def phrase_set(n: int = 24) -> PhraseSet:
    """Return phrases of one pattern: a tune of quarters going up, whole-bar chords, a bass note a bar."""
    codes = np.zeros((n, STEPS, WIDTH), np.uint8)
    rng = np.random.default_rng(0)
    for i in range(n):
        tune, bass = codes[i][:, SLICES[0]], codes[i][:, SLICES[2]]
        tune[:, 1] = bass[:, 1] = 1
        for step in range(0, STEPS, 4):
            tune[step] = 0
            tune[step, 2 + 7 + step // 4 + int(rng.integers(3))] = 1
        for step in range(0, STEPS, 16):
            bass[step] = 0
            bass[step, 2 + 8] = 1
        codes[i, ::16, SLICES[1].start + 24] = 1
    plays = np.tile([True, True, True, False], (n, 1))
    phrases = Phrases(
        codes, np.ones((n, STEPS), bool), np.zeros((n, STEPS, 12), bool), np.full((n, STEPS), 12),
        np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64), plays,
    )  # fmt: skip
    return PhraseSet(phrases, np.arange(n), tuple(f"toy/{i}" for i in range(n)), ())


def recipe(penalty: float = 10.0) -> Recipe:
    settings = GanSettings(
        width=24, layers=1, part_width=16, part_layers=1, critic_width=24, critic_layers=1, penalty=penalty
    )
    optimiser = OptimiserSettings(
        events_a_batch=8, learning_rate=3e-3, warmup_steps=2, steps=4, clip_norm=10.0, momentum=0.5
    )
    schedule = ScheduleSettings(validate_every=2, precision="fp32", threads=1, patience=9, stop_after=9)
    return Recipe("toy", 1, settings, GanData(), optimiser, schedule)


def test_something_is_always_left_to_write_and_only_players_are_given() -> None:
    rng = np.random.default_rng(3)
    plays = np.zeros((500, len(TRACKS)), bool)
    plays[np.arange(500), rng.integers(0, 4, 500)] = True
    plays |= rng.random(plays.shape) < 0.4
    given = draw_given(plays, rng)
    assert given.shape == (500, BARS, 4) and not (given & ~plays[:, None, :]).any()
    assert ((~given) & plays[:, None, :]).any(axis=(1, 2)).all()
    assert 0.3 < float(np.mean(~given.any(axis=(1, 2)))) < 0.7


def test_a_dropped_track_is_silent_and_never_the_last() -> None:
    phrases = phrase_set().phrases
    fewer = drop_tracks(phrases, np.random.default_rng(0), share=1.0)
    assert (fewer.plays.sum(axis=1) == 2).all()
    for track in range(len(TRACKS)):
        gone = ~fewer.plays[:, track]
        assert not fewer.codes[gone][:, :, SLICES[track]].any()
        assert np.array_equal(
            fewer.codes[~gone][:, :, SLICES[track]], phrases.codes[~gone][:, :, SLICES[track]]
        )


def test_the_critics_move_leaves_the_writer_and_the_writers_move_the_critic(tmp_path: Path) -> None:
    task = GanTask(recipe(), phrase_set(), phrase_set(12))
    trainer = Trainer(task.recipe, task, tmp_path, report=lambda line: None, now_s=itertools.count().__next__)
    stream = task.batches((1, 0))
    for update, optimisers in trainer.movers:
        before = {name: [p.detach().clone() for p in net.parameters()] for name, net in task.nets.items()}
        trainer.move(update, optimisers, next(stream))
        for name, net in task.nets.items():
            moved = any(not torch.equal(a, b) for a, b in zip(before[name], net.parameters(), strict=True))
            assert moved == (name in update.nets)


def test_a_critic_learns_to_tell_people_from_the_writer(tmp_path: Path) -> None:
    torch.manual_seed(0)
    task = GanTask(recipe(penalty=1.0), phrase_set(), phrase_set(12))
    trainer = Trainer(task.recipe, task, tmp_path, report=lambda line: None, now_s=itertools.count().__next__)
    trainer.state.step = 2  # past the warm-up
    stream, (update, optimisers) = task.batches((1, 0)), trainer.movers[0]
    gaps = [float(trainer.move(update, optimisers, next(stream))["gap"]) for _ in range(40)]
    assert np.mean(gaps[-5:]) > np.mean(gaps[:3]) + 0.3


def test_a_run_writes_its_best_nets(tmp_path: Path) -> None:
    task = GanTask(recipe(), phrase_set(), phrase_set(12))
    best = Trainer(
        task.recipe, task, tmp_path, report=lambda line: None, now_s=itertools.count().__next__
    ).run()
    assert np.isfinite(best) and (tmp_path / "best.pt").is_file()


def test_the_recipe_in_the_house_is_of_this_family() -> None:
    found = load_recipe(Path(__file__).parents[2] / "recipes" / "gan.toml")
    assert found.family == "gan" and isinstance(found.model, GanSettings) and isinstance(found.data, GanData)


def test_calibration_keeps_what_lies_nearest_and_moves_harmony_alone() -> None:
    from zhiyin.models.gan_measures import features, frechet
    from zhiyin.train.gan_lesson import calibrate
    from zhiyin.train.gan_task import VALID_SEED, write_phrases

    task = GanTask(recipe(), phrase_set(), phrase_set(12))
    writer = task.nets["writer"]
    before = {name: tensor.clone() for name, tensor in writer.state_dict().items()}
    first = task.validate(task.nets)["all"]
    strike, hold = calibrate(writer, task, device="cpu")  # type: ignore[arg-type]
    after = writer.state_dict()
    assert {name for name in before if not torch.equal(before[name], after[name])} <= {"parts.1.out.bias"}
    moved = (after["parts.1.out.bias"] - before["parts.1.out.bias"]).reshape(4, 96)
    assert torch.allclose(moved[:, :48], torch.tensor(strike)) and torch.allclose(
        moved[:, 48:], torch.tensor(hold)
    )
    ours = write_phrases(writer, task.valid, np.random.default_rng(VALID_SEED))  # type: ignore[arg-type]
    assert frechet(task.human, features(ours)) <= first + 1e-6
