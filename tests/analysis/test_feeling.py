"""Laws of the plain sum of cues: each cue alone moves the axis that the literature says, and nothing else does."""

from __future__ import annotations

import math

import pytest

from zhiyin.analysis.feeling import (
    AROUSAL,
    USUAL,
    VALENCE,
    feeling_between,
    feeling_cues,
    feeling_from,
    feeling_of,
)
from zhiyin.errors import InvalidInput
from zhiyin.score import Notes, Part, Score, Tempo
from zhiyin.units import TICKS_PER_QUARTER as Q


def tune(
    *, third: int = 4, bpm: float = 100.0, velocity: int = 80, held: float = 1.0, up: int = 0, rate: int = 1
) -> Score:
    pitches = (60, 60 + third, 67, 72, 67, 60 + third, 67, 60)
    step = Q // rate
    rows = [(i * step, int(step * held), pitches[i % 8] + up, velocity) for i in range(16 * rate)]
    return Score(parts=(Part("Tune", Notes.of(rows), "melody"),), tempos=(Tempo(0, bpm),))


def test_weights_of_each_sum_add_up_to_one_and_every_cue_has_a_usual_value() -> None:
    assert sum(VALENCE.values()) == pytest.approx(1.0) and sum(AROUSAL.values()) == pytest.approx(1.0)
    assert set(USUAL) == set(VALENCE) | set(AROUSAL)


def test_usual_cues_feel_like_nothing_and_two_spreads_are_the_most() -> None:
    usual = {name: value for name, (value, _) in USUAL.items()}
    assert (feeling_from(usual).valence, feeling_from(usual).arousal) == (0.0, 0.0)
    most = {name: value + 100 * spread for name, (value, spread) in USUAL.items()}
    assert (feeling_from(most).valence, feeling_from(most).arousal) == pytest.approx((1.0, 1.0))
    one = usual | {"mode": usual["mode"] + USUAL["mode"][1]}  # one spread of two, weight .45
    assert feeling_from(one).valence == pytest.approx(0.225)


@pytest.mark.parametrize(
    ("more", "less", "axis"),
    [
        (tune(), tune(third=3), "valence"),
        (tune(up=12), tune(up=-12), "valence"),
        (tune(bpm=150), tune(bpm=60), "arousal"),
        (tune(rate=2), tune(), "arousal"),
        (tune(velocity=110), tune(velocity=50), "arousal"),
        (tune(held=0.4), tune(), "arousal"),
    ],
)
def test_cues_alone_move_their_axis(more: Score, less: Score, axis: str) -> None:
    assert getattr(feeling_of(more), axis) > getattr(feeling_of(less), axis)


def test_cues_are_what_the_notes_say() -> None:
    cues = feeling_cues(tune(bpm=120, held=0.5, velocity=66))
    assert cues["tempo"] == pytest.approx(math.log2(120 * 15.5 / 15.5), abs=0.01)
    assert cues["rate"] == pytest.approx(math.log2(16 / (15.5 * 0.5)), abs=0.01)  # 16 notes in 15.5 quarters
    assert (cues["loudness"], cues["staccato"], cues["consonance"]) == (66.0, pytest.approx(0.5), 1.0)


def test_a_held_discord_is_heard_for_as_long_as_it_lasts() -> None:
    line = [(i * Q, Q, 60 + 2 * (i % 4), 80) for i in range(8)]
    rub = Score(
        parts=(Part("A", Notes.of(line), "melody"), Part("B", Notes.of([(0, 2 * Q, 66, 80)]), "inner"))
    )
    # F sharp against C (a tritone) for one quarter and D (none: a third apart, 4 semitones) for one: 1 of 8 quarters
    assert feeling_cues(rub)["consonance"] == pytest.approx(7 / 8)


def test_a_stretch_is_heard_alone() -> None:
    bright, dark = tune(velocity=110, rate=2), tune(third=3, velocity=40, up=-12)
    notes = Notes.concat([
        bright.parts[0].notes,
        dark.parts[0].notes.with_columns(onset=dark.parts[0].notes.onset + 16 * Q),
    ])  # fmt: skip
    both = Score(parts=(Part("Tune", notes, "melody"),), tempos=(Tempo(0, 100.0),))
    first, second = feeling_between(both, 0, 16 * Q), feeling_between(both, 16 * Q, 32 * Q)
    assert first.arousal > second.arousal and first.valence > second.valence


def test_too_few_notes_are_refused() -> None:
    with pytest.raises(InvalidInput, match="a feeling must be heard in 8 notes or more, got 0"):
        feeling_of(Score())
