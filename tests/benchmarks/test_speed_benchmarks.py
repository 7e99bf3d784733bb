"""Laws of the speed benchmarks: what they are measured on, and that a rate is an amount over its time."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from benchmarks import BENCHMARKS, child, compose_speed, encode_speed, io_speed, pieces, render_speed
from benchmarks.runner import BenchmarkError, Context
from zhiyin.brief import read_brief
from zhiyin.encode import decode_grid, encode_grid
from zhiyin.fill.plan_make import make_plan
from zhiyin.io import FORMATS, loads
from zhiyin.score import Score
from zhiyin.units import TICKS_PER_QUARTER

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return Context(tmp_path, "speed", "c0ffee", "a desk", lambda: datetime(2026, 1, 2, tzinfo=UTC))


def test_a_piece_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert pieces.piece(3) == pieces.piece(3) != pieces.piece(4)


def test_a_piece_for_the_encoder_has_about_eight_hundred_notes_with_chords_and_ties() -> None:
    score = pieces.piece(0, bars=encode_speed.BARS)
    bar = 4 * TICKS_PER_QUARTER
    tied = sum(int((p.notes.offset > (p.notes.onset // bar + 1) * bar).sum()) for p in score.parts)
    assert 750 <= score.note_count <= 850
    assert len(score.chords) == encode_speed.BARS
    assert tied >= 20
    assert decode_grid(encode_grid(score)) == score


def test_the_piece_to_render_has_five_parts_and_lasts_a_minute() -> None:
    score = pieces.piece(0, bars=30, players=5)
    assert (len(score.parts), score.end / TICKS_PER_QUARTER / 120 * 60) == (5, 60.0)
    assert sum(part.is_drums for part in score.parts) == 1


@pytest.mark.parametrize("ending", [".mid", ".musicxml", ".abc", ".zyn"])
def test_every_note_of_a_line_survives_each_format_it_is_timed_in(ending: str) -> None:
    score = pieces.line(0)
    assert score.note_count > 100
    assert _notes(loads(FORMATS[ending].write(score).data, ending)) == _notes(score)


def _notes(score: Score) -> list[list[tuple[int, int, int]]]:
    return sorted([(n.onset, n.duration, n.pitch) for n in part.notes] for part in score.parts)


def test_the_kern_text_holds_as_many_notes_as_it_says() -> None:
    text, count = pieces.kern_text(1)
    assert loads(text.encode(), ".krn").note_count == count > 200


def test_the_brief_to_compose_asks_for_thirty_two_bars_and_four_parts() -> None:
    plan = make_plan(read_brief(child.BRIEF).wishes, seed=0)
    assert (plan.bars, len(plan.players)) == (32, 4)


def test_a_rate_is_an_amount_over_its_time(ctx: Context) -> None:
    one = {
        "warm_s": [1.0, 2.0, 9.0],
        "first_s": [0.1, 0.2, 0.3],
        "cold_s": 3.0,
        "notes": 600,
        "steps": 500,
        "peak_mb": 90.0,
    }
    rows = {row.metric: row for row in compose_speed.warm_rows(ctx, [one, one, one])}
    assert (rows["warm"].value, rows["warm"].sd, rows["warm"].n) == (2.0, 0.0, 3)
    assert rows["warm_notes_a_second"].value == 300.0
    assert rows["warm_model_steps_a_second"].value == 250.0
    assert rows["warm_model_steps_a_second"].is_met is False
    assert rows["first_bars"].value == pytest.approx(0.2)


def test_real_time_factors_are_seconds_of_sound_over_seconds_of_work(ctx: Context) -> None:
    one = {
        "bank": "b",
        "dry_audio_s": 63.0,
        "dry_s": 2.0,
        "mix_audio_s": 62.0,
        "mix_s": 15.5,
        "first_s": 3.0,
        "peak_mb": 9.0,
    }
    rows = {row.metric: row.value for row in render_speed.synth_rows(ctx, "bank", [one])}
    assert rows == {
        "bank_dry": 31.5,
        "bank_mixed": 4.0,
        "bank_first_dry_render": 3.0,
        "bank_peak_memory": 9.0,
    }
    assert "smallbank" in render_speed.playable()


def test_the_median_of_the_passes_counts_and_their_last_gift_is_kept() -> None:
    gifts = iter(range(9))
    seconds, last = encode_speed.passes(lambda: next(gifts))
    assert seconds >= 0
    assert last == encode_speed.PASSES - 1


def test_works_are_timed_in_turn_and_the_median_of_their_passes_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, 1.0, 1.0, 5.0, 5.0, 7.0, 7.0, 11.0, 11.0, 20.0, 20.0, 24.0])
    monkeypatch.setattr(encode_speed.time, "process_time", lambda: next(clock))
    order: list[str] = []
    found = encode_speed.rates({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 8)
    assert order == ["a", "b"] * encode_speed.PASSES
    assert found == {"a": 4.0, "b": 2.0}  # 8 notes in the medians of 1, 2, 9 and of 4, 4, 4 seconds


def test_files_and_notes_share_one_clock() -> None:
    found = io_speed.rates(io_speed.Amounts(files=2, notes=30), lambda: None)
    assert found["notes"] / found["files"] == pytest.approx(15.0)


def test_the_peak_of_memory_holds_what_was_held_and_does_not_fall() -> None:
    held = np.ones(12_000_000)  # 96 MB
    high = child.peak_mb()
    assert high > held.nbytes / 1e6
    del held
    assert child.peak_mb() >= 0.99 * high  # the system counts pages in batches


def test_a_child_that_fails_is_an_error_with_its_words() -> None:
    with pytest.raises(
        BenchmarkError, match=r"(?s)the child 'nothing 0' must end well, got .*KeyError: 'nothing'"
    ):
        child.measured_child(ROOT, "nothing", "0")


@pytest.mark.parametrize("name", list(BENCHMARKS))
def test_every_benchmark_in_the_table_can_be_run(name: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.{name}").run)
