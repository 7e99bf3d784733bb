"""Lines: what stays equal when music moves or slows, what is plain and what tells."""

from __future__ import annotations

import numpy as np

from tests.rights.known import known_tune, line_notes, score_of
from zhiyin.rights.lines import is_plain, is_telling, lines_of, ratio_code, ratio_codes, top_line_of
from zhiyin.score import Notes, Part


def test_transposing_and_slowing_leave_a_line_as_it_is() -> None:
    own, moved = (lines_of(score_of(t))[0] for t in (known_tune(), known_tune(shift=5, pace=3)))
    assert own.intervals.tolist() == moved.intervals.tolist()
    assert own.ratios.tolist() == moved.ratios.tolist()


def test_intervals_and_ratios_are_those_worked_out_by_hand() -> None:
    notes = line_notes((60, 64, 62, 62), (24, 12, 36, 24))
    line = top_line_of(0, Part("A", notes))
    assert line.intervals.tolist() == [4, -2, 0]
    assert line.ratios.tolist() == [0, ratio_code(1, 2), ratio_code(3, 1)]


def test_ratios_beyond_sixteen_share_a_code_by_half_octaves() -> None:
    assert ratio_codes(np.array([1, 100]))[1] == ratio_codes(np.array([1, 101]))[1] == 200 + 13
    assert ratio_codes(np.array([101, 1]))[1] == 200 - 13


def test_the_top_line_takes_the_highest_note_of_each_moment() -> None:
    onset, pitch = np.array([0, 0, 10_080, 10_080]), np.array([48, 67, 50, 65])
    notes = Notes(onset, np.full(4, 10_080), pitch, np.full(4, 80))
    assert top_line_of(0, Part("A", notes)).pitch.tolist() == [67, 65]


def test_a_voice_under_the_top_is_a_line_of_its_own_and_the_top_voice_is_not_told_twice() -> None:
    low = known_tune(shift=-24)
    high = known_tune()
    both = Notes.concat([
        high.with_columns(voice=np.zeros(len(high), np.int64)), low.with_columns(voice=np.ones(len(low), np.int64)),
    ])  # fmt: skip
    inner = line_notes((40, 43, 41, 45, 48, 47, 43, 40, 38, 41, 45, 43, 40, 36), (24,) * 14)
    mixed = Notes.concat([
        high.with_columns(voice=np.zeros(len(high), np.int64)),
        inner.with_columns(voice=np.ones(len(inner), np.int64)),
    ])  # fmt: skip
    assert [line.kind for line in lines_of(score_of(both))] == ["top"]  # the same tune, an octave or two down
    assert [line.kind for line in lines_of(score_of(mixed))] == ["top", "voice"]


def test_scales_repeated_notes_and_short_patterns_are_plain() -> None:
    grams = np.array([
        [0, 0, 0, 0, 0, 0], [2, 2, 1, 2, 2, 2], [7, -7, 7, -7, 7, -7], [4, 3, 5, 4, 3, 5], [2, -1, 3, 5, -4, 1],
    ])  # fmt: skip
    assert is_plain(grams).tolist() == [True, True, True, True, False]


def test_an_alberti_bass_tells_nothing_and_a_tune_does() -> None:
    assert not is_telling(np.array([7, -3, 3, -7] * 6, np.int8))
    assert not is_telling(
        np.array([0, 0, 0, 5, 0, 0, 0, -5, 0, 0, 0, 7, 0, 0, 0, -7, 0, 0, 0, 5, 0, 0, 0], np.int8)
    )
    assert is_telling(lines_of(score_of(known_tune()))[0].intervals)
