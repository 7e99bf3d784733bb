"""English rhyme: pairs a poet would accept, and pairs that only look alike; decided by hand."""

from __future__ import annotations

import pytest

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.languages import LANGUAGES

EN = LANGUAGES["en"]

PERFECT = (
    "light night, day away, moon June, sorrow tomorrow, mountain fountain, singing bringing, love above, "
)
PERFECT += "eyes skies, sea be, heart part, stone alone, fire desire, power hour, again men, "
PERFECT += "flowers hours, true blue, sweet feet, wide side"
NEAR_ONLY = "time mine, home stone, heart hard, love enough, eternity be, rain came, night ride"
NEITHER = "love move, sun moon, day die, stone gone, sea sky, mountain rain, love heart"
UNEQUAL_BEGINNINGS = "light delight, sea see, night knight, round around"


def rhyme(pair: str, table: str) -> bool:
    one, other = pair.split()
    return EN.rhymes(EN.read(f"it was {one}"), EN.read(f"we saw {other}"), table)


@pytest.mark.parametrize("pair", PERFECT.split(", "))
def test_perfect_rhymes_are_perfect_and_near(pair: str) -> None:
    assert rhyme(pair, "perfect") and rhyme(pair, "near")


@pytest.mark.parametrize("pair", NEAR_ONLY.split(", "))
def test_near_rhymes_are_near_only(pair: str) -> None:
    is_voiced_alike = pair not in ("heart hard", "love enough", "night ride")
    assert not rhyme(pair, "perfect")
    assert rhyme(pair, "near") == is_voiced_alike


@pytest.mark.parametrize("pair", NEITHER.split(", "))
def test_eye_rhymes_are_no_rhymes(pair: str) -> None:
    assert not rhyme(pair, "perfect") and not rhyme(pair, "near")


@pytest.mark.parametrize("pair", UNEQUAL_BEGINNINGS.split(", "))
def test_equal_sounds_before_the_vowel_are_no_perfect_rhyme(pair: str) -> None:
    assert not rhyme(pair, "perfect") and rhyme(pair, "near")


def test_the_same_word_does_not_rhyme_with_itself() -> None:
    for table in EN.rhyme_tables():
        assert not EN.rhymes(EN.read("my love"), EN.read("your Love"), table)


def test_classes_are_the_sounds_from_the_stressed_vowel_on() -> None:
    assert EN.rhyme_class(EN.read("a noun"), "perfect") == "AW N"
    assert EN.rhyme_class(EN.read("the mountain"), "perfect") == "AW N T AH N"
    assert EN.rhyme_class(EN.read("tonight"), "perfect") == "AY T"
    assert EN.rhyme_class((), "perfect") == ""


def test_an_unknown_table_is_refused_with_the_list() -> None:
    with pytest.raises(InvalidInput, match="one of perfect, near, got 'loose'"):
        EN.rhyme_class(EN.read("night"), "loose")


def test_a_reading_that_a_person_fixed_decides_the_rhyme() -> None:
    wind = EN.read("the wind", {"wind": "W AY1 N D"})
    assert EN.rhymes(wind, EN.read("we find"), "perfect")
    assert not EN.rhymes(EN.read("the wind"), EN.read("we find"), "perfect")
