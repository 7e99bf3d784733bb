"""Laws of the net of verse: numpy agrees with torch, beams do not hear each other, what a line is told is heard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zhiyin.encode.verse_rows import Told, make_row, stack
from zhiyin.models.verse_config import VerseConfig, VerseSettings
from zhiyin.models.verse_runtime import VerseRuntime

torch = pytest.importorskip("torch", reason="the weights are drawn by torch")

UNITS = 23
CONFIG = VerseConfig(VerseSettings(width=32, layers=2, heads=2, hidden=48, embed=24, dropout=0.0), UNITS)
SYLLABLES = np.array([0] + [1, 2] * 11 + [2])


def net() -> Any:
    from zhiyin.models.verse import VerseNet

    torch.manual_seed(3)
    made = VerseNet(CONFIG)
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return made.eval()


def runtime(made: Any) -> VerseRuntime:
    weights = {name: value.detach().numpy() for name, value in made.state_dict().items()}
    told = {"units": ["", *(f"u{i}" for i in range(1, UNITS))], "syllables": SYLLABLES.tolist()}
    return VerseRuntime(CONFIG, weights, told=told)


def torch_logs(made: Any, lines: list[list[int]], told: list[Told], kind: int, length: int) -> Any:
    """Return log-probabilities of every place of a row whose last line has `length` syllables to come at its start."""
    row = make_row(lines, told, kind=kind, syllables=SYLLABLES)
    at, left = len(row.unit) - len(lines[-1]) - 1, length
    for unit in [0, *lines[-1]]:
        left -= int(SYLLABLES[unit])
        row.length[at] = max(left, 0) + 1
        at += 1
    batch = {name: torch.from_numpy(array) for name, array in stack([row]).items()}
    with torch.no_grad():
        return torch.log_softmax(made.logits(made.hidden(batch)[0]), -1).numpy()


def test_beams_agree_with_torch_step_by_step() -> None:
    made = net()
    run = runtime(made)
    before = [[3, 5, UNITS], [7, 8]]
    state = run.start(before, kind="qu", length=9, theme=(4, 6))
    steps = [([0, 0, 0], [2, 9, 11]), ([2, 0, 1, 1], [1, 4, 5, 6]), ([3, 1], [12, 13])]
    lines: list[list[int]] = [[]]
    for beams, units in steps:
        state = run.step(state, np.array(beams), np.array(units))
        lines = [[*lines[b], u] for b, u in zip(beams, units, strict=True)]
        found = run.log_probabilities(state)
        for beam, line in enumerate(lines):
            told = [Told(), Told(), Told((4, 6))]
            expected = torch_logs(made, [*before, line], told, 2, 9)[-1]
            assert np.abs(found[beam] - expected).max() < 1e-3


def test_probabilities_sum_to_one_and_the_first_step_agrees_too() -> None:
    made = net()
    run = runtime(made)
    found = run.log_probabilities(run.start([], length=4))
    assert np.exp(found).sum() == pytest.approx(1.0, abs=1e-5)
    assert np.abs(found[0] - torch_logs(made, [[]], [Told()], 0, 4)[-1]).max() < 1e-3


def test_an_open_length_stays_open() -> None:
    run = runtime(net())
    state = run.step(run.start([]), np.array([0]), np.array([5]))
    assert state.left.tolist() == [-1]


def test_kind_length_theme_and_lines_above_are_heard() -> None:
    run = runtime(net())
    plain = run.log_probabilities(run.start([]))
    told = (
        run.start([], kind="ci"),
        run.start([], length=5),
        run.start([], theme=(3,)),
        run.start([[4, 2]]),
    )
    assert all(np.abs(run.log_probabilities(state) - plain).max() > 1e-3 for state in told)


def test_a_state_is_not_changed_by_steps_from_it() -> None:
    run = runtime(net())
    state = run.start([[1, 2]], length=6)
    before = run.log_probabilities(state).copy()
    run.step(state, np.array([0, 0]), np.array([3, 4]))
    assert np.array_equal(run.log_probabilities(state), before)


def test_all_places_of_a_row_at_once_agree_with_torch() -> None:
    made = net()
    row = make_row([[3, 5], [7, 8, 2]], [Told(), Told((4,))], kind=1, syllables=SYLLABLES)
    batch = {name: torch.from_numpy(array) for name, array in stack([row]).items()}
    with torch.no_grad():
        expected = torch.log_softmax(made.logits(made.hidden(batch)[0]), -1).numpy()
    assert np.abs(runtime(made).row_logs(row) - expected).max() < 1e-3
