"""Laws of phrases, schemes and plans of lines."""

from __future__ import annotations

import pytest

from tests.lyrics.tunes import OTHER, PHRASE, tune_of
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.lyrics.line_plan import Asked, plan_lines
from zhiyin.lyrics.melody import find_tune
from zhiyin.lyrics.phrases import Song, phrases_of
from zhiyin.lyrics.scheme import Verse, check_scheme, find_verse, letters_of
from zhiyin.lyrics.slots import slots_of
from zhiyin.score import Score

# Ode to Joy, lines of fifteen notes that people sing as two halves of eight and seven syllables (the dot is a melisma).
ODE = [
    *[(1, p) for p in (64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64)], (1.5, 64), (0.5, 62), (2, 62),
    *[(1, p) for p in (64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64)], (1.5, 62), (0.5, 60), (2, 60),
]  # fmt: skip


def song(score: Score, **told: str) -> Song:
    tune = find_tune(score)
    return phrases_of(score, tune, slots_of(score, tune), **{"lang": "en", **told})


def sizes(found: Song) -> list[int]:
    return [phrase.size for phrase in found.phrases]


def test_long_notes_at_bar_lines_end_phrases():
    assert sizes(song(tune_of([*PHRASE, *OTHER, *PHRASE, *OTHER]))) == [7, 7, 7, 7]


def test_ode_to_joy_falls_into_halves_and_its_second_line_begins_like_the_first():
    found = song(tune_of(ODE))
    assert sizes(found) == [8, 7, 8, 7]
    assert found.phrases[2].like == 0
    assert found.phrases[3].like == 3


def test_a_rest_of_a_beat_ends_a_phrase_anywhere():
    assert sizes(song(tune_of([(1, 60)] * 5 + [(1, 0)] + [(1, 62)] * 6))) == [5, 6]


def test_four_hundred_notes_without_a_rest_are_cut_at_bars_into_lines_that_can_be_sung():
    found = song(tune_of([(1, 60 + (7 * i) % 12) for i in range(400)]))
    assert sum(sizes(found)) == 400
    assert max(sizes(found)) <= 16
    assert {s % 4 for s in sizes(found)} == {0}


def test_adding_a_note_adds_one_slot_to_one_phrase():
    more = [*PHRASE[:2], (0.5, 62), (0.5, 64), *PHRASE[3:]]
    before, after = sizes(song(tune_of([*PHRASE, *OTHER]))), sizes(song(tune_of([*more, *OTHER])))
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 0]


def test_a_person_cuts_by_syllables_or_by_bars():
    score = tune_of([*PHRASE, *OTHER])
    assert sizes(song(score, told="5 9")) == [5, 9]
    assert sizes(song(score, told="7")) == [7, 7]
    assert sizes(song(score, told="1-1, 2-4")) == [4, 10]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("seven", "phrases must be syllables a line"),
        ("5 0", "must have 1 syllable or more"),
        ("4-2", "run upwards"),
    ],
)
def test_a_cut_that_cannot_be_read_is_refused(told: str, why: str):
    with pytest.raises(InvalidInput, match=why):
        song(tune_of(PHRASE), told=told)


def test_schemes_leave_lines_free_that_rhyme_with_nothing():
    assert letters_of("AABA", 4) == "AAXA"
    assert letters_of("ABCB", 4) == "XBXB"
    assert letters_of("AABB", 3) == "AAX"
    assert letters_of("AABA", 1) == "X"
    assert letters_of("ABAB", 5) == "ABABB"
    with pytest.raises(InvalidInput, match=r"1\.\.16 letters"):
        check_scheme("A1")


def test_a_style_has_a_verse_and_an_unknown_one_is_refused():
    assert find_verse("zh", "古风")[1].one_rhyme
    assert find_verse("en", "hymn")[1].scheme == "ABAB"
    with pytest.raises(NotFound, match="the style of verse must be one of"):
        find_verse("zh", "techno")


def test_keywords_are_spread_over_the_lines_and_what_fits_nowhere_is_told():
    found = song(tune_of([*PHRASE, *OTHER, *PHRASE, *OTHER]))
    plans, left = plan_lines(
        found, Verse("", "AABA", "pop"), Asked(keywords=("one", "two", "far too long a keyword")),
        syllables=lambda word: len(word),
    )  # fmt: skip
    assert [plan.keywords for plan in plans] == [("one",), ("two",), (), ()]
    assert left == ("far too long a keyword",)


def test_one_rhyme_holds_for_all_stanzas_or_each_has_its_own():
    found = song(tune_of([*PHRASE, *OTHER] * 4))
    one, _ = plan_lines(found, Verse("", "AABA", "pop", one_rhyme=True), Asked(), syllables=len)
    own, _ = plan_lines(found, Verse("", "AABA", "pop"), Asked(), syllables=len)
    assert [plan.rhyme for plan in one] == ["A", "A", "", "A"] * 2
    assert len({plan.rhyme for plan in own if plan.rhyme}) == 2
