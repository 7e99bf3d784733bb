"""Laws that hold for every brief: numbers, negation, invariance."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.brief import read_brief
from zhiyin.brief.lexicon import lexicon
from zhiyin.brief.match import fold
from zhiyin.brief.numbers import parse_number
from zhiyin.errors import InvalidInput
from zhiyin.theory.families import family_members
from zhiyin.theory.instruments import INSTRUMENTS

_ZH = "零一二三四五六七八九"
_ONES = "zero one two three four five six seven eight nine".split()  # noqa: SIM905
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905


def zh_numeral(value: int) -> str:
    """Return a number 20..299 in Chinese, written here by its own rule."""
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    text = f"{_ZH[hundreds]}百" if hundreds else ""
    text += f"{_ZH[tens]}十" if tens else ("零" if hundreds and ones else "")
    return text + (_ZH[ones] if ones else "")


@settings(max_examples=60, deadline=None)
@given(st.integers(20, 299))
def test_chinese_and_arabic_tempi_read_alike(bpm: int) -> None:
    assert parse_number(zh_numeral(bpm)) == bpm
    for text in (
        f"{bpm} BPM",
        f"每分钟{bpm}拍",
        f"每分钟{zh_numeral(bpm)}拍",
        f"tempo {bpm}",
        f"♩={bpm}",
        f"速度{bpm}",
    ):
        assert read_brief(f"钢琴，{text}，忧伤").wishes.tempo_bpm == bpm, text


@given(st.integers(2, 9), st.integers(1, 9))
def test_english_number_words_read_as_their_value(tens: int, ones: int) -> None:
    assert parse_number(f"{_TENS[tens]}-{_ONES[ones]}") == 10 * tens + ones


# Colloquial: 一百二 is 120 and 两百五 is 250; 两三 is two or three.
@pytest.mark.parametrize(
    ("text", "value"),
    [("一百二", 120), ("两百五", 250), ("一百零二", 102), ("十五", 15), ("廿四", 24), ("两三", 2.5), ("一二零", 120),
     ("三千", 3000), ("a hundred and twenty", 120), ("88.5", 88.5)],
)  # fmt: skip
def test_numerals_have_their_spoken_value(text: str, value: float) -> None:
    assert parse_number(text) == value


def test_a_word_that_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"got 'many': write e\.g\. 80"):
        parse_number("many")


FRAMES = ["不要{}", "不要用{}，忧伤", "没有{}的民谣", "no {}", "a sad folk tune without {}", "don't use any {}",
          "别用{}", "avoid {} please", "jazz, no {}, 90 BPM", "去掉{}"]  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_a_negated_instrument_is_excluded_and_never_a_player(frame: str) -> None:
    for item in INSTRUMENTS.values():
        name = item.name.replace("-", " ") if frame.isascii() else item.zh
        wishes = read_brief(frame.format(name)).wishes
        assert set(wishes.excluded) == set(family_members(item.name)), (frame, name)
        assert wishes.players == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(sorted(INSTRUMENTS)), min_size=1, max_size=4, unique=True))
def test_listed_instruments_are_the_players_in_order(names: list[str]) -> None:
    zh = "、".join(INSTRUMENTS[name].zh for name in names)
    en = ", ".join(name.replace("-", " ") for name in names[:-1])
    en = f"{en} and {names[-1]}" if en else names[-1]
    assert read_brief(f"一首曲子，{zh}").wishes.players == tuple(names)
    assert read_brief(f"a piece for {en}").wishes.players == tuple(names)


@pytest.mark.parametrize("text", ["忧伤的钢琴，80 BPM，32小节", "sad piano, 80 BPM, 32 bars, in D minor"])
def test_case_width_and_thanks_change_nothing(text: str) -> None:
    wishes = read_brief(text).wishes
    wide = "".join(chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark for mark in text)
    assert read_brief(wide).wishes == wishes
    assert read_brief(f"请{text}，谢谢").wishes == wishes
    assert read_brief(f"please: {text}!").wishes == wishes


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_and_folding_keeps_places(text: str) -> None:
    folded = fold(text)
    assert len(folded.cased) == len(folded.lower) == len(folded.places) - 1
    try:
        brief = read_brief(text)
    except InvalidInput:
        return
    assert all(text[span.start : span.end] == span.text for span in brief.spans)


def test_the_lexicon_is_large_and_folded() -> None:
    assert len(lexicon()) >= 1200
    assert all(word == word.lower() and word == word.strip() and "-" not in word for word in lexicon())
