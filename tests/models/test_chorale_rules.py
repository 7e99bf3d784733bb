"""The count of part-writing faults: chords written out by hand."""

from __future__ import annotations

import pytest

from benchmarks.chorale_rules import Faults, count_faults, parallels_between


@pytest.mark.parametrize(
    ("first", "second", "faults"),
    [
        ([67, 64, 60, 48], [69, 65, 60, 50], 1),  # soprano and bass: g over c, a over d
        (
            [72, 67, 64, 60],
            [74, 69, 65, 62],
            2,
        ),  # soprano and alto with the bass; their own fourth is no fault
        ([72, 67, 64, 60], [71, 67, 62, 55], 0),  # the alto stays, soprano and bass leave the octave
        (
            [72, 64, 60, 60],
            [60, 64, 57, 48],
            1,
        ),  # soprano and bass fall by an octave together: still an octave
        ([67, 64, 60, 48], [55, 64, 60, 60], 0),  # contrary: a twelfth becomes a fourth below
    ],
)
def test_parallels_between_two_chords(first, second, faults):
    assert parallels_between(first, second) == faults


def test_held_chords_count_once_and_steps_with_a_rest_are_left_out():
    """Three chords, one of them held and broken by a rest: two changes, one parallel, no crossing in five steps."""
    one, two, three = [67, 64, 60, 48], [69, 65, 60, 50], [69, 65, 62, 50]
    found = count_faults([[one, one, [69, -1, 60, 50], two, two, three]])
    assert found == Faults(parallels=1, changes=2, crossed=0, steps=5)
    assert found.per_100_changes == 50.0


def test_a_voice_above_its_upper_neighbour_crosses():
    found = count_faults([[[60, 62, 55, 48], [64, 60, 55, 55], [64, 60, 55, 57], [64, 60, 55, 48]]])
    assert (found.crossed, found.steps, found.crossing_percent) == (2, 4, 50.0)


def test_chorales_do_not_touch_each_other():
    one, two = [67, 64, 60, 48], [69, 65, 60, 50]
    assert count_faults([[one], [two]]).changes == 0
