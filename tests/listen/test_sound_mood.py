"""Laws of the mood of a sound: the sum is what its table says, and every cue pushes its own way."""

from __future__ import annotations

import math

import pytest

from zhiyin.listen.sound_mood import CUES, LEAST_SHARE, mood_of_cues, quadrant_shares

USUAL = {cue.name: cue.usual for cue in CUES}


def placed(**changed: float) -> tuple[float, float]:
    values = dict(mood_of_cues(USUAL | changed).values)
    return values["valence"], values["arousal"]


def test_usual_music_lies_in_the_middle_and_is_not_named() -> None:
    found = mood_of_cues(USUAL)
    assert placed() == (0.0, 0.0)
    assert found.label is None and found.why[0] == "near the middle of the plane"
    assert [share for _, share in found.labels] == pytest.approx([0.25] * 4)


def test_one_spread_of_tempo_adds_what_the_table_says() -> None:
    # The table: tempo, usual 0.85, spread 0.35, arousal 0.25, valence 0.15.
    valence, arousal = placed(tempo=0.85 + 0.35)
    assert valence == pytest.approx(math.tanh(0.15)) and arousal == pytest.approx(math.tanh(0.25))


@pytest.mark.parametrize(
    ("cue", "more", "brighter", "more_stirred"),
    [("mode", 0.2, True, None), ("mode", -0.2, False, None), ("onsets", 6.0, True, True), ("tempo", 0.2, False, False),
     ("loudness", -8.0, None, True), ("attack", 0.2, None, False)],
)  # fmt: skip
def test_each_cue_pushes_the_way_that_people_hear(
    cue: str, more: float, brighter: bool | None, more_stirred: bool | None
) -> None:
    valence, arousal = placed(**{cue: more})
    for value, way in ((valence, brighter), (arousal, more_stirred)):
        assert value == 0.0 if way is None else (value > 0.0) == way


def test_what_lies_far_out_counts_no_more_than_two_and_a_half_spreads() -> None:
    assert placed(onsets=50.0) == placed(onsets=3.5 + 2.5 * 1.6)


def test_fast_loud_major_is_excited_and_slow_soft_minor_is_sad() -> None:
    merry = mood_of_cues(USUAL | {"tempo": 1.3, "onsets": 5.0, "mode": 0.4, "brightness": 4.0})
    gloomy = mood_of_cues(
        USUAL | {"tempo": 0.2, "onsets": 1.0, "mode": -0.4, "brightness": 2.8, "loudness": -28.0}
    )
    assert (merry.label, gloomy.label) == ("excited", "sad")


def test_shares_of_the_quarters_are_products_of_the_two_axes() -> None:
    # At one SPREAD on either axis the normal distribution puts 0.8413 of people on that side.
    shares = quadrant_shares(0.45, -0.45)
    assert shares["calm"] == pytest.approx(0.8413**2, abs=1e-4)
    assert shares["tense"] == pytest.approx(0.1587**2, abs=1e-4)
    assert sum(shares.values()) == pytest.approx(1.0)


def test_every_reason_names_its_cue_its_value_and_a_way() -> None:
    found = mood_of_cues(USUAL | {"mode": -0.3, "tempo": 1.4})
    told = {reason.name: reason for reason in found.reasons}
    assert set(told) == {"mode", "tempo"}
    assert told["mode"].value == -0.3 and told["mode"].weight < 0 and "darker" in told["mode"].en
    assert "更阴暗" in told["mode"].zh and "more stirred" in told["tempo"].en


def test_a_name_is_given_only_when_enough_people_would_agree() -> None:
    for mode in (-0.5, -0.2, 0.0, 0.2, 0.5):
        found = mood_of_cues(USUAL | {"mode": mode})
        assert (found.label is not None) == (found.confidence >= LEAST_SHARE)
