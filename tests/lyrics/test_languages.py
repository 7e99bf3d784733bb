"""What every language of the table keeps, and lines that mix Chinese, English and digits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.lyrics.language import PLACES, Language, Syllable
from zhiyin.lyrics.languages import LANGUAGES
from zhiyin.lyrics.zh_numbers import number_characters

LINES = (
    "雨夜的车站，我们说 goodbye",
    "I love 北京 in 1999",
    "3 little birds, o'er the sea!",
    "第23天、一路上",
    "",
    "?! …",
)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=list(LANGUAGES))
@pytest.mark.parametrize("line", LINES)
def test_syllables_tell_their_words_in_order(language: Language, line: str) -> None:
    words, syllables = language.words(line), language.read(line)
    assert isinstance(syllables, tuple) and all(isinstance(one, Syllable) for one in syllables)
    assert sorted({one.word for one in syllables}) == list(range(len(words)))
    for index, word in enumerate(words):
        own = [one for one in syllables if one.word == index]
        assert "".join(one.text for one in own) == word
        places = [one.place for one in own]
        assert places == (["single"] if len(own) == 1 else ["begin", *["middle"] * (len(own) - 2), "end"])
        assert set(places) <= set(PLACES)


def test_each_word_of_a_mixed_line_is_read_by_its_own_writing() -> None:
    found = LANGUAGES["zh"].read("我love你")
    assert [(one.text, one.tone, one.stress) for one in found] == [("我", 3, 0), ("love", 0, 2), ("你", 3, 0)]
    assert [one.reading for one in LANGUAGES["en"].read("love 你")] == ["L AH1 V", "ni"]


def test_digits_are_read_in_the_language_of_the_line() -> None:
    assert LANGUAGES["zh"].words("爱你23年") == ("爱", "你", "二十三", "年")
    assert LANGUAGES["en"].words("23 years") == ("twenty-three", "years")
    assert "".join(LANGUAGES["zh"].words("在1999年")) == "在一九九九年"
    assert [
        number_characters(one)
        for one in ("0", "10", "101", "1050", "20000", "10500", "100000001", "3.14", "50%")
    ] == [
        "零",
        "十",
        "一百零一",
        "一千零五十",
        "二万",
        "一万零五百",
        "一亿零一",
        "三点一四",
        "百分之五十",
    ]


def test_ends_of_two_writings_do_not_rhyme() -> None:
    zh = LANGUAGES["zh"]
    assert zh.rhyme_class(zh.read("我 love"), "十三辙") == "en AH V"
    assert not zh.rhymes(zh.read("我 love"), zh.read("我爱"), "十三辙")
    assert zh.rhymes(zh.read("say goodbye"), zh.read("飞上 sky"), "十三辙")


def test_fullwidth_letters_and_digits_are_plain_ones() -> None:
    assert LANGUAGES["en"].words("ｌｏｖｅ ２") == ("love", "two")


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=20))
def test_no_text_at_all_breaks_a_language(line: str) -> None:
    for language in LANGUAGES.values():
        for one in language.read(line):
            assert one.text and 0 <= one.tone <= 5 and one.place in PLACES
