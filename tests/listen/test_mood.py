"""Laws of the mood of a score: each cue by hand, and where it moves the answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.judge.scores import score_of, steady
from zhiyin.listen.mood import CUES, MOOD, cues_of_score, mood_of_score_cues
from zhiyin.score import Score, Tempo

MAJOR = [60, 64, 67, 72, 67, 64, 62, 60]
MINOR = [60, 63, 67, 72, 67, 63, 62, 60]
USUAL = {cue.name: cue.usual for cue in CUES}


def value(score: Score, name: str) -> float:
    return dict(MOOD.hear(score).values)[name]


def test_cues_are_what_a_hand_measures() -> None:
    cues = cues_of_score(score_of(steady([60, 61, 60, 61, 60, 61, 60, 61])))  # quarters at 120: two a second
    assert cues["rate"] == pytest.approx(1.0)  # log2 of 2
    assert cues["register"] == pytest.approx(60.5)
    assert cues["articulation"] == pytest.approx(1.0)
    assert cues["dissonance"] == 0.0
    assert cues["dynamics"] == USUAL["dynamics"]  # one velocity says nothing


def test_a_held_minor_second_is_dissonant_all_the_time_and_a_fifth_never() -> None:
    for top, expected in ((61, 1.0), (67, 0.0)):
        score = score_of(steady([60] * 8), steady([top] * 8))
        assert cues_of_score(score)["dissonance"] == expected


def test_detached_notes_fill_half_the_gap() -> None:
    score = score_of([(float(n), 0.5, p) for n, p in enumerate(MAJOR)])
    assert cues_of_score(score)["articulation"] == pytest.approx(0.5)


def test_twice_the_tempo_is_one_octave_of_rate_and_stirs() -> None:
    slow, fast = (replace(score_of(steady(MAJOR * 4)), tempos=(Tempo(0, bpm),)) for bpm in (60.0, 120.0))
    assert cues_of_score(fast)["rate"] - cues_of_score(slow)["rate"] == pytest.approx(1.0)
    assert value(fast, "arousal") > value(slow, "arousal")


def test_major_is_brighter_than_minor() -> None:
    assert value(score_of(steady(MAJOR * 4)), "valence") > value(score_of(steady(MINOR * 4)), "valence") + 0.2


def test_soft_then_loud_is_louder_than_usual_only_when_it_differs() -> None:
    score = score_of(steady(MAJOR * 4))
    notes = score.parts[0].notes
    loud = notes.with_columns(velocity=np.where(np.arange(len(notes)) % 2, 110, 120))
    louder = score.with_parts([score.parts[0].with_notes(loud)])
    assert cues_of_score(louder)["dynamics"] == 115.0
    assert value(louder, "arousal") > value(score, "arousal")


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.name)
def test_each_cue_moves_its_axes_as_its_weights_say_and_says_so(cue: object) -> None:
    one = next(c for c in CUES if c is cue)
    found = mood_of_score_cues({**USUAL, one.name: one.usual + one.spread})
    assert dict(found.values) == pytest.approx(
        {"valence": np.tanh(one.valence), "arousal": np.tanh(one.arousal)}, abs=1e-9
    )
    assert [reason.name for reason in found.reasons] == [one.name]
    assert one.more[0] in found.reasons[0].en and one.more[1] in found.reasons[0].zh


def test_in_the_middle_of_the_plane_it_does_not_know() -> None:
    found = mood_of_score_cues(USUAL)
    assert found.label is None
    assert dict(found.labels) == pytest.approx({"excited": 0.25, "tense": 0.25, "calm": 0.25, "sad": 0.25})


def test_fewer_than_eight_notes_have_no_mood() -> None:
    assert MOOD.hear(score_of(steady(MAJOR[:7]))).label is None
    assert MOOD.hear(score_of(steady(MAJOR[:7]))).values == ()
