"""Tones as sung: 一 and 不, third tones that meet; worked out by hand after Chao."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.lyrics.languages import LANGUAGES
from zhiyin.lyrics.zh_language import is_level

ZH = LANGUAGES["zh"]


def tones(line: str) -> str:
    return "".join(str(one.tone) for one in ZH.read(line))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("你好", "23"),
        ("雨水", "23"),
        ("我想你", "323"),
        ("你有我", "323"),
        ("纸老虎", "323"),
        ("展览馆", "223"),
        ("我喜欢", "235"),
        ("很想你", "323"),
        ("我很想你", "2323"),
        ("左右左右", "3434"),
        ("美好", "23"),
        ("老鼠胆小", "2323"),
        ("水果", "23"),
        ("雨水很冷", "2323"),
        ("我和你", "323"),
        ("我的手", "353"),
    ],
)
def test_third_tones_meet_in_words_first_and_then_in_pairs_from_the_end(line: str, wanted: str) -> None:
    assert tones(line) == wanted


def test_third_tones_do_not_meet_across_a_comma() -> None:
    assert tones("好雨，雨好") == "2323"
    assert tones("雨，雨") == "33"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("一夜", "24"),
        ("一天", "41"),
        ("一年", "42"),
        ("一起", "43"),
        ("一个人", "242"),
        ("第一天", "411"),
        ("唯一", "21"),
        ("看一看", "454"),
        ("万一", "41"),
        ("一一告别", "1142"),
        ("十一月", "214"),
        ("不去", "24"),
        ("不来", "42"),
        ("不好", "43"),
        ("去不去", "454"),
        ("不变", "24"),
        ("说不", "14"),
        ("不一样", "424"),
    ],
)
def test_yi_and_bu_take_the_tone_that_the_next_syllable_asks_for(line: str, wanted: str) -> None:
    assert tones(line) == wanted


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="你好雨水我想很老虎手美酒也有九点里的了天地夜空，", max_size=14))
def test_no_two_third_tones_are_sung_side_by_side_inside_a_phrase(line: str) -> None:
    for phrase in line.split("，"):
        assert "33" not in tones(phrase)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="我们在雨夜的车站离别一不还长行乐", min_size=1, max_size=12))
def test_every_character_is_one_syllable_with_a_tone(line: str) -> None:
    found = ZH.read(line)
    assert [one.text for one in found] == list(line)
    assert all(1 <= one.tone <= 5 and one.rhyme and 0 <= one.openness <= 1 for one in found)


def test_level_and_oblique_follow_the_new_rules() -> None:
    assert [is_level(one) for one in ZH.read("天明九月的")] == [True, True, False, False, None]
    assert is_level(LANGUAGES["en"].read("sky")[0]) is None
