"""Laws of the tune of a transfer: no tune is lost for want of a name, and no song without one is transferred."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhiyin.encode.passages import tune_part
from zhiyin.errors import InvalidInput
from zhiyin.fill.acts.transfer import Asked, transfer
from zhiyin.fill.acts.transfer_tune import with_tune
from zhiyin.fill.desk import lay_out
from zhiyin.fill.transfer_writers import RulesWriter
from zhiyin.score import KeyMark, MetreMark, Notes, Part, Score
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q

BARS = 8
LINE = [76, 77, 79, 77, 76, 74, 72, 74]  # the right hand's upper voice, one note a quarter


def two_hands(*, right_role: str = "chords") -> Score:
    """Return eight bars for two hands: sixths in quarters on the right, low octaves in halves on the left."""
    upper = [(i * Q, Q, LINE[i % 8], 80) for i in range(4 * BARS)]
    lower = [(i * Q, Q, LINE[i % 8] - 9, 60) for i in range(4 * BARS)]
    left = [(i * 2 * Q, 2 * Q, p, 60) for i in range(2 * BARS) for p in (36, 48)]
    return Score(
        title="Hands",
        parts=(
            Part("Left", Notes.of(left), role="accompaniment"),
            Part("Right", Notes.of([*upper, *lower]), role=right_role),
        ),
        metres=(MetreMark(0, Metre(4, 4)),), keys=(KeyMark(0, Key(0, "major")),), length_ticks=BARS * 4 * Q,
    )  # fmt: skip


def drums_only() -> Score:
    kit = Notes.of([(i * Q, Q // 2, 36 + 2 * (i % 2), 90) for i in range(4 * BARS)])
    return replace(two_hands(), parts=(Part("Kit", kit, role="drums", is_drums=True),))


@pytest.mark.parametrize("style", ["march", "waltz", "hymn", "rock", "chinese"])
def test_the_top_line_of_two_hands_stays_note_for_note(style: str) -> None:
    told = Asked(style=style)
    after = transfer(lay_out(two_hands()), told, RulesWriter(), rng=np.random.default_rng(0)).score
    tune = [tuple(n)[:3] for n in after.parts[1].notes]
    assert tune == [(i * Q, Q, LINE[i % 8]) for i in range(4 * BARS)]  # the sixths below it are written anew


def test_a_melody_that_is_told_is_the_tune() -> None:
    told = two_hands().with_parts(replace(p, role="melody") for p in two_hands().parts[:1])
    assert tune_part(with_tune(lay_out(told)).frame) == 0


def test_a_part_that_is_kept_by_name_is_the_tune_where_nothing_else_is() -> None:
    desk = lay_out(two_hands())
    assert tune_part(desk.frame) is None
    assert tune_part(with_tune(desk).frame) == 1 and tune_part(with_tune(desk, {0}).frame) == 0


def test_songs_without_a_tune_are_refused_with_a_remedy() -> None:
    few = two_hands().with_parts([Part("One", Notes.of([(0, Q, 72, 80), (Q, Q, 74, 80)]))])
    with pytest.raises(
        InvalidInput, match=r"no tune found: .* got no pitched notes in 'Hands': name it with --keep PART"
    ):
        with_tune(lay_out(drums_only()))
    with pytest.raises(InvalidInput, match="got no pitched notes"):
        transfer(lay_out(drums_only()), Asked(style="waltz"), RulesWriter(), rng=np.random.default_rng(0))
    with pytest.raises(InvalidInput, match="got 2 in part 1 in 'Hands': name it with --keep PART"):
        with_tune(lay_out(few))
    assert tune_part(with_tune(lay_out(few), {0}).frame) == 0
    one = few.with_parts([Part("One", Notes.of([(0, Q, 72, 80)]))])
    with pytest.raises(InvalidInput, match="got 1 in part 1"):
        with_tune(lay_out(one), {0})


def test_a_left_hand_that_was_taken_for_the_melody_gives_way_to_the_top_line_unless_it_was_told() -> None:
    told = two_hands(right_role="chords").with_parts(
        replace(p, role=r) for p, r in zip(two_hands().parts, ("melody", "chords"), strict=True)
    )
    desk = lay_out(told)
    guessed = replace(desk, own=two_hands().with_parts(replace(p, role="unknown") for p in two_hands().parts))
    assert tune_part(with_tune(desk).frame) == 0  # the person says so
    assert tune_part(guessed.frame) == 0 and tune_part(with_tune(guessed).frame) == 1
    assert tune_part(with_tune(guessed, {0}).frame) == 0


def test_a_voice_that_is_doubled_by_the_piano_stays_the_tune() -> None:
    voice = Part("Voice", Notes.of([(i * Q, Q, LINE[i % 8] - 4, 80) for i in range(4 * BARS)]), role="melody")
    desk = lay_out(two_hands().with_parts([voice, two_hands().parts[1]]))
    guessed = replace(desk, own=desk.own.with_parts([replace(voice, role="unknown"), two_hands().parts[1]]))
    assert tune_part(with_tune(guessed).frame) == 0  # four semitones below the right hand, not an octave
