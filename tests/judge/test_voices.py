"""Laws of part-writing: what is a parallel, a crossing and a gap, by small examples.

Conventions: voices from high to low, one chord a quarter.
Does not know: chords and keys.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.judge.scores import score_of, steady
from zhiyin.judge import judge
from zhiyin.judge.voices import find_parallels
from zhiyin.score import Score


def voices(*lines: list[int]) -> Score:
    """Return one part a line, a chord a quarter; -1 rests."""
    return score_of(*(steady(line) for line in lines))


def parallels(*lines: list[int]) -> tuple[float | None, int]:
    """Return (parallels per 100 changes, changes)."""
    found = judge(voices(*lines))["parallels"]
    return found.value, found.count


@pytest.mark.parametrize(
    ("upper", "lower", "faults"),
    [
        ([67, 69], [60, 62], 100.0),  # fifths up
        ([72, 70], [60, 58], 100.0),  # octaves down
        ([67, 69], [48, 50], 100.0),  # a twelfth is a fifth
        ([67, 67], [60, 60], 0.0),  # nothing moves: no change
        ([67, 65], [60, 53], 0.0),  # C-G to F-F: fifth to octave
        ([67, 62], [48, 55], 0.0),  # contrary motion from twelfth to fifth
        ([64, 66], [60, 62], 0.0),  # thirds
        ([65, 67], [60, 62], 0.0),  # fourths
    ],
)
def test_only_kept_fifths_and_octaves_in_the_same_direction_are_faults(
    upper: list[int], lower: list[int], faults: float
) -> None:
    assert parallels(upper, lower)[0] == faults


def test_every_pair_of_voices_is_asked_and_changes_count_once() -> None:
    # Three voices C G C move up a tone: C-G and C-C and G-C (a fourth, no fault): two faults in one change.
    assert parallels([72, 74], [67, 69], [60, 62]) == (200.0, 1)


def test_a_rest_between_breaks_the_parallel_where_voices_mostly_rest() -> None:
    assert parallels([67, -1, -1, 69], [60, 60, 60, 62])[0] == 0.0


def test_the_bars_of_faults_are_told() -> None:
    found = judge(voices([67, 67, 67, 67, 69, 69, 69, 69], [60, 60, 60, 60, 62, 62, 62, 62]))
    assert found["parallels"].bars == (1,)


def test_crossing_is_a_share_of_time() -> None:
    # The upper line lies higher on the mean; on the last of four beats it dips below.
    found = judge(voices([72, 72, 72, 55], [60, 60, 60, 60]))
    assert found["crossings"].value == 0.25


def test_a_crossing_is_measured_in_time_not_in_notes() -> None:
    score = score_of([(0.0, 3.0, 72), (3.0, 1.0, 55)], [(0.0, 4.0, 60)])
    assert judge(score)["crossings"].value == 0.25


def test_upper_voices_an_octave_apart_and_basses_two_are_still_close() -> None:
    assert judge(voices([72], [60], [36]))["spacing"].value == 0.0
    assert judge(voices([73], [60], [36]))["spacing"].value == 1.0
    assert judge(voices([72], [60], [35]))["spacing"].value == 1.0


def test_two_lines_have_no_spacing_and_one_has_no_parallels() -> None:
    assert judge(voices([72], [60]))["spacing"].why[0] == "fewer than three single lines"
    assert judge(voices([72, 74]))["parallels"].why[0] == "fewer than two single lines"


def test_voices_of_one_part_are_lines_when_they_do_not_overlap() -> None:
    score = voices([67, 69], [60, 62])
    notes = score.parts[0].notes
    both = type(notes).concat([part.notes for part in score.parts]).with_columns(voice=[1, 0, 1, 0])
    assert judge(score.with_parts([score.parts[0].with_notes(both)]))["parallels"].value == 100.0


def test_rests_never_make_a_parallel() -> None:
    assert not find_parallels(np.array([[67, -1], [69, -1]])).any()
