"""Laws of the mood table."""

from __future__ import annotations

import pytest

from zhiyin.errors import NotFound
from zhiyin.theory.moods import MOODS, blend_moods, find_mood, mood_words


def test_every_opposite_is_a_mood_on_the_other_side_of_something() -> None:
    assert len(MOODS) >= 30
    for mood in MOODS.values():
        other = MOODS[mood.opposite]
        assert -1 <= mood.valence <= 1 and -1 <= mood.arousal <= 1
        assert abs(mood.valence - other.valence) + abs(mood.arousal - other.arousal) >= 0.5, mood.name


def test_no_word_stands_for_two_moods() -> None:
    words = [word for mood in MOODS.values() for word in {mood.name, mood.zh, *mood.aliases}]
    assert len(words) == len(set(words)) == len(mood_words())


@pytest.mark.parametrize(
    ("word", "name"),
    [("忧伤", "sad"), ("Joyful", "happy"), ("宁静", "calm"), ("epic", "heroic"), ("俏皮", "playful")],
)
def test_known_words_find_their_mood(word: str, name: str) -> None:
    assert find_mood(word).name == name


def test_an_unknown_mood_names_the_nearest_ones() -> None:
    with pytest.raises(NotFound, match="got 'hapy': did you mean happy"):
        find_mood("hapy")


def test_a_blend_is_the_mean_and_avoiding_sadness_leans_away_from_it() -> None:
    assert blend_moods(("happy", "sad")) == pytest.approx((0.05, 0.0))  # ((.7-.6)/2, (.5-.5)/2)
    assert blend_moods((), avoid=("sad",)) == pytest.approx((0.3, 0.25))
    assert blend_moods(()) == (0.0, 0.0)
