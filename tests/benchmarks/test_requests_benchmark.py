"""Laws of the requests benchmark: what is asked, how sound is measured, how takes become shares."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from benchmarks import requests
from benchmarks.midi_check import Wanted
from benchmarks.midi_tables import INSTRUMENTS, parse_chord, scale_of
from benchmarks.requests import Outcome, Sound
from benchmarks.runner import Context
from zhiyin.fill.plan_make import make_plan
from zhiyin.score import Notes, Part, Score, Wishes

ROOT = Path(__file__).resolve().parents[2]
ASKINGS = requests.read_requests(ROOT / "benchmarks" / "requests.jsonl")
RATE = 8000


def tone(seconds: float, *, gain: float = 0.25) -> np.ndarray:
    wave = gain * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave], axis=1)


def test_thirty_sentences_in_two_languages_cover_styles_metres_and_lengths() -> None:
    assert len(ASKINGS) == len({asking.id for asking in ASKINGS}) == 30
    assert len({asking.style for asking in ASKINGS}) >= 5
    assert min(Counter(asking.lang for asking in ASKINGS)[lang] for lang in ("zh", "en")) >= 10
    assert {"2/4", "3/4", "4/4", "6/8"} <= {asking.hard.get("metre") for asking in ASKINGS}
    bars = [asking.hard["bars"] for asking in ASKINGS if "bars" in asking.hard]
    assert (min(bars), max(bars)) == (8, 64)
    assert sum("without" in asking.hard for asking in ASKINGS) >= 5
    assert sum("chords" in asking.hard for asking in ASKINGS) >= 3


@pytest.mark.parametrize("asking", ASKINGS, ids=lambda asking: asking.id)
def test_every_hard_wish_is_one_that_the_checker_knows(asking: requests.Asking) -> None:
    wanted = Wanted.of(asking.hard)
    assert set(wanted.players) | set(wanted.without) <= set(INSTRUMENTS)
    assert all(parse_chord(symbol) for symbol in wanted.chords)
    assert wanted.key is None or scale_of(wanted.key)


def test_a_silence_is_as_long_as_the_gap_before_the_last_sound() -> None:
    sound = np.concatenate([tone(1.0), np.zeros((3 * RATE, 2)), tone(1.0), np.zeros((5 * RATE, 2))])
    assert requests.longest_silence_s(sound, RATE) == pytest.approx(3.0)
    assert requests.longest_silence_s(
        np.concatenate([np.zeros((RATE, 2)), tone(1.0)]), RATE
    ) == pytest.approx(1.0)
    assert requests.longest_silence_s(np.zeros((RATE, 2)), RATE) == pytest.approx(1.0)


def test_a_steady_tone_measures_as_written() -> None:
    found = requests.measured(tone(3.0), RATE, promised_s=3.0)
    assert (found.seconds, found.clipped, found.silence_s) == (3.0, 0, 0.0)
    assert found.peak_dbfs == pytest.approx(20 * np.log10(0.25), abs=0.01)
    assert found.is_right


@pytest.mark.parametrize(
    "sound",
    [
        Sound(3.2, 3.0, -14, -1, 0, 0.0),
        Sound(3.0, 3.0, -24, -1, 0, 0.0),
        Sound(3.0, 3.0, -8, -1, 0, 0.0),
        Sound(3.0, 3.0, -14, -0.4, 0, 0.0),
        Sound(3.0, 3.0, -14, -1, 1, 0.0),
        Sound(3.0, 3.0, -14, -1, 0, 2.1),
    ],
)
def test_a_sound_out_of_any_bound_is_not_right(sound: Sound) -> None:
    assert not sound.is_right


def test_a_score_is_checked_from_its_file() -> None:
    notes = Notes.of([(0, 40_320, 60), (40_320, 40_320, 64)])
    score = Score(parts=(Part("Flute", notes, role="melody", program=73),), length_ticks=80_640)
    asking = requests.Asking("one", "en", "folk", "", {"tempo": 120, "bars": 3, "players": ["flute"]})
    outcome = requests.checked(asking, 0, score, rests=[[]])
    assert outcome.broken is not None
    assert outcome.broken["bars"] == "2 bars, music up to bar 2"
    assert {"tempo", "players", "planned_rests"} <= set(outcome.wishes) - set(outcome.broken)


def test_an_error_keeps_nothing_and_a_wish_counts_where_it_was_made(tmp_path: Path) -> None:
    outcomes = [
        Outcome("a", 0, ("tempo", "key"), {}),
        Outcome("b", 0, ("tempo",), {"tempo": "100 BPM"}),
        Outcome("c", 0, error="InvalidInput: no"),
    ]
    ctx = Context(tmp_path, "requests", "c0ffee", "a desk", lambda: datetime(2026, 1, 2, tzinfo=UTC))
    rows = {row.metric: row for row in requests.wish_results(ctx, outcomes)}
    assert rows["takes_with_all_hard_wishes_kept"].value == pytest.approx(1 / 3)
    assert rows["errors"].value == pytest.approx(1 / 3)
    assert (rows["kept_tempo"].value, rows["kept_tempo"].n) == (0.5, 2)
    assert (rows["kept_key"].value, rows["kept_key"].n) == (1.0, 1)
    assert rows["kept_key"].is_met


def test_the_planned_rests_are_the_empty_textures_of_each_player() -> None:
    plan = make_plan(Wishes(style="pop", bars=16, form=("intro", "verse")), seed=0)
    rests = requests.rests_of(plan)
    assert rests[0], "the tune waits for the verse"
    assert rests == [[bar for bar, t in enumerate(row) if t.is_empty] for row in plan.textures]
