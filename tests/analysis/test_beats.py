"""Laws and hand-made cases of beats found in performed music.

Conventions: scores are built in seconds in a file that says 120 a minute, so that 20,160 ticks last a second.
Does not know: how beats are found.
"""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.analysis.beats import find_beats, is_performed
from zhiyin.analysis.beats_events import group_onsets
from zhiyin.analysis.beats_grid import to_grid
from zhiyin.score import MetreMark, Notes, Part, Score, Tempo
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER, FloatArray

SECOND = 2 * TICKS_PER_QUARTER
Row = tuple[float, float, int, int]  # onset and length in seconds, pitch, velocity


def played(*parts: list[Row]) -> Score:
    """Return a score of notes given in seconds, in a file of 120 a minute in 4/4."""
    return Score(
        parts=tuple(
            Part(
                f"{n}",
                Notes.of([(round(o * SECOND), max(round(d * SECOND), 1), p, v) for o, d, p, v in rows]),
            )
            for n, rows in enumerate(parts)
        )
    )


def waltz(bars: int, *, beat_s: float, seed: int, start_s: float = 0.31) -> Score:
    """Return oom-pah-pah with chords I, IV, V, I in turn and a tune of quarters, 12 ms of error."""
    rng = np.random.default_rng(seed)
    left: list[Row] = []
    right: list[Row] = []
    for bar in range(bars):
        root = (48, 53, 55, 48)[bar % 4]
        at = start_s + 3 * bar * beat_s
        left.append((at + rng.normal(0, 0.012), beat_s, root - 12, 88))
        for beat in (1, 2):
            late = rng.normal(0, 0.012)
            left += [(at + beat * beat_s + late, 0.5 * beat_s, root + step, 64) for step in (4, 7)]
        right += [
            (at + k * beat_s + rng.normal(0, 0.012), 0.9 * beat_s, root + 24 + 2 * k, 84) for k in range(3)
        ]
    return played(right, left)


def march(bars: int, beat_s: FloatArray, *, seed: int = 0) -> Score:
    """Return a bass on each half bar, a chord on each off-beat pair and a tune in eighths over given beat times."""
    rng = np.random.default_rng(seed)

    def at(beat: float) -> float:
        return float(np.interp(beat, np.arange(beat_s.size), beat_s)) + rng.normal(0, 0.008)

    tune: list[Row] = []
    bass: list[Row] = []
    for bar in range(bars):
        root = (48, 53, 55, 48)[bar % 4]
        first = 4 * bar
        bass += [(at(first), 0.4, root - 12, 92), (at(first + 2), 0.4, root - 5, 80)]
        bass += [(at(first + 1), 0.2, root + 4, 66), (at(first + 3), 0.2, root + 4, 66)]
        steps = (0, 1, 2, 2.5, 3)
        tune += [(at(first + s), 0.2, root + 24 + i, 86) for i, s in enumerate(steps)]
    return played(tune, bass)


def near(found: FloatArray, truth: FloatArray, *, within_s: float) -> float:
    """Return the share of true beats with a found beat within so many seconds."""
    return float(np.mean(np.abs(found[:, None] - truth[None, :]).min(0) <= within_s))


def seconds_of(score: Score) -> FloatArray:
    return find_beats(score).beat_ticks / SECOND


WRITTEN = Score(
    parts=(Part("Flute", Notes.of([(i * 5040, 5040, 60 + i % 12) for i in range(64)])),),
    tempos=(Tempo(0, 90.0),),
    metres=(MetreMark(0, Metre(3, 4)),),
)


def test_a_written_score_is_its_own_grid() -> None:
    grid = to_grid(WRITTEN)
    assert grid.frame == WRITTEN
    assert grid.warp.is_identity
    assert [rows.tolist() for rows in grid.rows] == [list(range(64))]


def test_beats_of_a_written_score_are_its_own() -> None:
    found = find_beats(WRITTEN)
    assert found.beat_ticks.tolist() == [10_080 * i for i in range(33)] + [332_640]
    assert found.downbeats.tolist() == list(range(0, 33, 3))
    assert found.kind == "written"


def test_notes_about_the_grid_are_played_to_a_click_and_keep_its_beats() -> None:
    rng = np.random.default_rng(1)
    late = np.rint(rng.normal(0, 300, 64)).astype(int)
    score = Score(
        parts=(Part("Flute", Notes.of([(max(i * 5040 + late[i], 0), 4000, 60 + i % 12) for i in range(64)])),)
    )
    told = is_performed(score)
    assert (told.kind, told.flag) == ("click", False)
    grid = to_grid(score)
    assert grid.warp.is_identity
    assert grid.frame.parts[0].notes.onset.tolist() == [5040 * i for i in range(64)]
    assert grid.frame.tempos == score.tempos


def test_notes_apart_from_the_grid_are_performed() -> None:
    told = is_performed(waltz(24, beat_s=0.437, seed=0))
    assert (told.kind, told.flag) == ("free", True)
    assert told.pull < 0.25


def test_a_waltz_is_found_in_three() -> None:
    score = waltz(24, beat_s=0.437, seed=0)
    found = find_beats(score)
    assert found.metre == Metre(3, 4)
    truth = 0.31 + 0.437 * np.arange(72)
    assert near(found.beat_ticks / SECOND, truth, within_s=0.05) >= 0.97
    downs = found.beat_ticks[found.downbeats] / SECOND
    assert near(downs, truth[::3], within_s=0.05) >= 0.95
    assert near(truth[::3], downs[downs < truth[-1] + 0.2], within_s=0.05) >= 0.95


def test_beats_follow_a_ritardando() -> None:
    periods = np.concatenate((np.full(40, 0.53), 0.53 * 1.045 ** np.arange(16)))
    truth = 0.2 + np.concatenate(([0.0], np.cumsum(periods)))
    found = find_beats(march(14, truth))
    assert found.beat_ticks.size == pytest.approx(57, abs=1)
    assert near(found.beat_ticks / SECOND, truth[:56], within_s=0.05) >= 0.97


def test_swung_eighths_become_two_thirds_and_one_third_in_simple_time() -> None:
    rng = np.random.default_rng(3)
    beat = 0.463
    tune: list[Row] = []
    bass: list[Row] = []
    for number in range(64):
        at = 0.4 + number * beat
        tune += [(at + rng.normal(0, 0.008), 0.28, 72 + number % 5, 90)]
        tune += [(at + beat * 2 / 3 + rng.normal(0, 0.008), 0.13, 74 + number % 5, 70)]
        bass.append((at + rng.normal(0, 0.008), 0.4, (36, 43, 41, 43)[number // 4 % 4] + (number % 4), 84))
    grid = to_grid(played(tune, bass))
    assert not grid.frame.metres[0].metre.is_compound
    inside = grid.frame.parts[0].notes.onset % TICKS_PER_QUARTER
    assert set(inside.tolist()) == {0, 6720}


def test_a_pickup_stands_before_the_first_downbeat() -> None:
    score = march(16, 0.25 + 0.517 * np.arange(66))
    lead: list[Row] = [(0.25 - 0.517, 0.4, 67, 80)]
    shifted = [(n.onset / SECOND + 1, n.duration / SECOND, n.pitch, n.velocity) for n in score.parts[0].notes]
    bass = [(n.onset / SECOND + 1, n.duration / SECOND, n.pitch, n.velocity) for n in score.parts[1].notes]
    grid = to_grid(played([(lead[0][0] + 1, *lead[0][1:]), *shifted], bass))
    assert grid.frame.metres[0].metre in (Metre(4, 4), Metre(2, 4))
    assert grid.frame.pickup_ticks == TICKS_PER_QUARTER
    assert grid.frame.parts[0].notes.onset[:2].tolist() == [0, TICKS_PER_QUARTER]


def test_shifting_all_notes_shifts_all_beats() -> None:
    score = waltz(12, beat_s=0.437, seed=2)
    moved = score.with_parts(
        p.with_notes(p.notes.with_columns(onset=p.notes.onset + 7 * 2016)) for p in score.parts
    )
    first, second = find_beats(score, kind="free"), find_beats(moved, kind="free")
    assert np.abs(second.beat_ticks - first.beat_ticks - 7 * 2016).max() <= 1
    assert second.downbeats.tolist() == first.downbeats.tolist()


def test_playing_slower_slows_the_beats() -> None:
    beat = 0.25 + 0.517 * np.arange(66)
    first, slower = seconds_of(march(16, beat)), seconds_of(march(16, beat * 1.12))
    assert np.median(np.diff(slower)) / np.median(np.diff(first)) == pytest.approx(1.12, abs=0.01)


def test_the_tempo_written_in_the_file_changes_nothing() -> None:
    score = waltz(16, beat_s=0.437, seed=4)
    twice = Score(
        parts=tuple(
            p.with_notes(p.notes.with_columns(onset=p.notes.onset * 2, duration=p.notes.duration * 2))
            for p in score.parts
        ),
        tempos=(Tempo(0, 240.0),),
    )
    first, second = find_beats(score, kind="free"), find_beats(twice, kind="free")
    assert np.abs(second.beat_ticks - 2 * first.beat_ticks).max() <= 2


@pytest.mark.parametrize("seed", range(4))
def test_every_note_has_one_row_of_its_pitch_and_order_stays(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows: list[Row] = [
        (float(t), float(rng.uniform(0.05, 1.0)), int(rng.integers(40, 80)), int(rng.integers(30, 110)))
        for t in np.cumsum(rng.exponential(0.15, 150))
    ]
    score = played(rows, [])
    grid = to_grid(score, beats=find_beats(score, kind="free"))
    own, frame, row = score.parts[0].notes, grid.frame.parts[0].notes, grid.rows[0]
    assert row.size == len(own)
    assert set(row.tolist()) == set(range(len(frame)))
    assert frame.pitch[row].tolist() == own.pitch.tolist()
    assert np.all(np.diff(frame.onset[row]) >= 0)
    assert np.all(frame.onset % 420 == 0) and np.all(frame.duration % 420 == 0)


def test_the_warp_brings_each_note_near_its_own_time() -> None:
    score = waltz(24, beat_s=0.437, seed=5)
    grid = to_grid(score)
    for part, frame, row in zip(score.parts, grid.frame.parts, grid.rows, strict=True):
        apart = grid.warp.to_own(frame.notes.onset[row]) - part.notes.onset
        assert np.abs(apart).max() <= 0.06 * SECOND


def test_the_frame_sounds_as_fast_as_it_was_played() -> None:
    score = waltz(24, beat_s=0.437, seed=6)
    tempos = [t.bpm for t in to_grid(score).frame.tempos]
    assert np.median(tempos) == pytest.approx(60 / 0.437, rel=0.02)


def test_rolled_chords_are_one_moment_and_repeated_keys_are_not() -> None:
    assert group_onsets(np.array([0.0, 0.03, 0.06, 0.4]), np.array([60, 64, 67, 60])).tolist() == [0, 0, 0, 1]
    assert group_onsets(np.array([0.0, 0.03]), np.array([60, 60])).tolist() == [0, 1]


def test_a_score_of_a_few_notes_is_left_alone() -> None:
    score = Score(parts=(Part("Flute", Notes.of([(17, 4000, 60), (9001, 4000, 62)])),))
    assert to_grid(score).frame == score
