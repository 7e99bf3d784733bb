"""How Chinese characters are read: golden lines worked out by hand, a person's readings, unknown characters."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.languages import LANGUAGES
from zhiyin.lyrics.zh_pinyin import parse_pinyin
from zhiyin.lyrics.zh_readings import neutral_words, polyphones, read_run
from zhiyin.lyrics.zh_words import split_words

GOLDEN = [
    line.split()
    for line in (Path(__file__).parent / "readings_zh.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
ZH = LANGUAGES["zh"]


def sung(line: str, readings: dict[str, str] | None = None) -> str:
    return " ".join(f"{one.reading}{one.tone}" for one in ZH.read(line, readings))


@pytest.mark.parametrize("row", GOLDEN, ids=[row[0] for row in GOLDEN])
def test_hard_characters_are_read_as_a_dictionary_and_the_sense_demand(row: list[str]) -> None:
    line, *marks = row
    _, found = read_run(line)
    at = 0
    for mark in marks:
        at = line.index(mark[0], at)
        wanted = mark[1:].replace("v", "ü")
        assert f"{found[at].pinyin.base}{found[at].citation}" == wanted, (mark, line)
        at += 1


def test_the_golden_list_is_long_enough_to_mean_something() -> None:
    assert len(GOLDEN) >= 80 and sum(len(row) - 1 for row in GOLDEN) >= 200


def test_a_reading_that_a_person_gave_wins_over_everything() -> None:
    assert sung("长大", {"长": "chang2"}) == "chang2 da4"
    assert sung("一行行", {"一行行": "yi1 xing2 xing2"}) == "yi1 xing2 xing2"
    assert sung("还有还", {"还": "huan2"}) == "huan2 you3 huan2"


def test_a_person_may_join_an_er_to_what_stands_before_it() -> None:
    joined = ZH.read("花儿红", {"花儿": "huar1"})
    assert [one.text for one in joined] == ["花儿", "红"]
    assert joined[0].rhyme == "ua" and joined[0].coda == "r" and joined[0].reading == "huar"
    assert [one.text for one in ZH.read("花儿红")] == ["花", "儿", "红"]


def test_a_reading_of_another_length_is_refused_with_the_count() -> None:
    with pytest.raises(InvalidInput, match="one syllable a character, got 'zhang3 da4' for '长'"):
        ZH.read("长大", {"长": "zhang3 da4"})
    with pytest.raises(InvalidInput, match="must be one pinyin syllable such as 'zhang3', got 'xxq4'"):
        ZH.read("长大", {"长": "xxq4"})


def test_a_character_with_rivals_outside_all_words_is_not_sure() -> None:
    assert not ZH.read("倒")[0].is_sure
    assert ZH.read("倒在地上")[0].is_sure
    assert ZH.read("雨")[0].is_sure


def test_neutral_endings_lose_their_tone() -> None:
    assert sung("我的朋友们") == "wo3 de5 peng2 you5 men5"
    assert sung("月亮和星星") == "yue4 liang5 he2 xing1 xing5"
    assert sung("王子") == "wang2 zi3"
    assert sung("影子") == "ying3 zi5"


def test_characters_without_a_reading_are_flagged_and_nothing_breaks() -> None:
    for line in ("雨🎵夜", "雨あ夜", "雨\U0002a6d6夜", "□雨夜", "…", ""):
        found = ZH.read(line)
        assert [one.text for one in found if one.text in "雨夜"] == [mark for mark in "雨夜" if mark in line]
        assert all(not one.is_sure for one in found if not one.reading)


def test_words_joined_are_the_line_without_its_punctuation() -> None:
    for row in GOLDEN:
        assert "".join(split_words(row[0])) == row[0]
    assert "".join(ZH.words("雨夜，车站：离别！")) == "雨夜车站离别"


def test_words_are_cut_where_readers_cut_them() -> None:
    assert ZH.words("雨夜的车站我们离别") == ("雨夜", "的", "车站", "我们", "离别")
    assert split_words("一种花开") == ("一种", "花", "开")
    assert split_words("研究生命", ["生命"]) == ("研究", "生命")


def test_every_reading_of_the_tables_is_a_syllable_of_mandarin() -> None:
    for mark, row in polyphones().items():
        parse_pinyin(row.usual)
        for word, reading in row.words.items():
            assert mark in word, (mark, word)
            assert 1 <= parse_pinyin(reading).tone <= 5
    assert "朋友" in neutral_words() and "王子" not in neutral_words()


@pytest.mark.parametrize(
    ("written", "initial", "final", "tone"),
    [
        ("zhuang4", "zh", "uang", 4), ("lüe4", "l", "üe", 4), ("lve4", "l", "üe", 4), ("jū", "j", "ü", 1),
        ("yuan2", "", "üan", 2), ("you3", "", "iou", 3), ("liu2", "l", "iou", 2), ("gui1", "g", "uei", 1),
        ("lun2", "l", "uen", 2), ("jun1", "j", "ün", 1), ("weng1", "", "ueng", 1), ("shi4", "sh", "-i", 4),
        ("er2", "", "er", 2), ("de", "d", "e", 5), ("yī", "", "i", 1), ("wu3", "", "u", 3), ("xiong2", "x", "iong", 2),
        ("bo1", "b", "o", 1), ("ye4", "", "ie", 4), ("yong3", "", "iong", 3),
    ],
)  # fmt: skip
def test_pinyin_comes_apart_as_the_standard_says(written: str, initial: str, final: str, tone: int) -> None:
    found = parse_pinyin(written)
    assert (found.initial, found.final, found.tone) == (initial, final, tone)


@pytest.mark.parametrize("written", ["", "7", "zh", "qqq", "hello", "a9"])
def test_what_is_no_syllable_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput, match="must be"):
        parse_pinyin(written)
