"""Laws of mood cues: directions that the literature agrees on, adding up, and growth with intensity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.theory.mood_cues import CUE_NAMES, MoodAim, aim_of, cues_at, cues_of_mood
from zhiyin.theory.moods import MOODS

names = st.sampled_from(sorted(MOODS))

# cue, mood that has more of it, mood that has less: after table 3 of the review in docs/moods.md.
ORDERS = [
    ("tempo", "happy", "sad"), ("tempo", "angry", "tender"), ("tempo", "energetic", "calm"),
    ("major", "happy", "sad"), ("major", "tender", "angry"), ("major", "hopeful", "scary"),
    ("register", "happy", "sad"), ("register", "tender", "angry"), ("register", "hopeful", "dark"),
    ("velocity", "angry", "tender"), ("velocity", "heroic", "calm"), ("velocity", "energetic", "sad"),
    ("articulation", "sad", "angry"), ("articulation", "tender", "happy"), ("articulation", "calm", "tense"),
    ("density", "energetic", "calm"), ("density", "angry", "sad"),
    ("tension", "tense", "calm"), ("tension", "scary", "happy"), ("contour", "happy", "sad"),
    ("leaps", "angry", "tender"), ("rubato", "sad", "angry"),
]  # fmt: skip


@pytest.mark.parametrize(("cue", "more", "less"), ORDERS)
def test_moods_differ_in_the_published_direction(cue: str, more: str, less: str) -> None:
    assert getattr(cues_of_mood(more), cue) > getattr(cues_of_mood(less), cue)


def test_nothing_asked_moves_nothing() -> None:
    assert aim_of(()).is_neutral and cues_at(0.0, 0.0) == MoodAim().cues


@given(names, names)
def test_two_moods_add_up_to_the_mean_of_both_in_any_order(first: str, second: str) -> None:
    both, one, other = aim_of((first, second)), aim_of((first,)), aim_of((second,))
    assert both == aim_of((second, first)) or both.cues.tempo == pytest.approx(
        aim_of((second, first)).cues.tempo
    )
    for cue in CUE_NAMES:
        mean = (getattr(one.cues, cue) + getattr(other.cues, cue)) / 2
        assert getattr(both.cues, cue) == pytest.approx(mean, abs=1e-9)
    assert both.valence == pytest.approx((one.valence + other.valence) / 2)


@given(names, st.sampled_from(CUE_NAMES))
def test_every_cue_grows_with_intensity(name: str, cue: str) -> None:
    values = [abs(getattr(aim_of((name,), intensity=level).cues, cue)) for level in (1, 2, 3, 4, 5)]
    assert values == sorted(values) and (values[0] < values[-1] or values[-1] == 0)


def test_a_hand_on_valence_or_arousal_moves_what_belongs_to_it() -> None:
    plain, lifted = aim_of(("calm",)), aim_of(("calm",), arousal=0.8)
    assert lifted.arousal == pytest.approx(0.8) and lifted.valence == plain.valence
    assert lifted.cues.tempo > plain.cues.tempo and lifted.cues.major == plain.cues.major
    assert aim_of((), valence=-0.7).cues.major < 0 < aim_of((), valence=0.7).cues.major


def test_a_mood_to_avoid_pushes_half_the_other_way() -> None:
    # sad has log tempo -.43, so avoiding it alone gives +.215
    assert aim_of((), avoid=("sad",)).cues.tempo == pytest.approx(0.215)
    assert aim_of(("happy",), avoid=("sad",)) == aim_of(("happy",))


def test_between_two_aims_lies_a_straight_line() -> None:
    calm, tense = aim_of(("calm",)), aim_of(("tense",))
    half = calm.between(tense, 0.5)
    assert half.cues.tempo == pytest.approx((calm.cues.tempo + tense.cues.tempo) / 2)
    assert calm.between(tense, 0.0) == calm


def test_bad_names_and_intensities_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"intensity must be 1..5, got 9"):
        aim_of(("sad",), intensity=9)
    with pytest.raises(NotFound, match="did you mean happy"):
        cues_of_mood("hapy")
