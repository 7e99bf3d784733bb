"""Rhyme classes of Mandarin: the pairs that tell the three tables apart, and every final in one class."""

from __future__ import annotations

import pytest

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.languages import LANGUAGES
from zhiyin.lyrics.zh_pinyin import FINALS
from zhiyin.lyrics.zh_rhyme import RHYME_TABLES, classes, find_class

ZH = LANGUAGES["zh"]


@pytest.mark.parametrize(
    ("pair", "thirteen", "new", "national"),
    [
        ("歌波", True, True, False),
        ("风空", True, True, False),
        ("鱼衣", True, True, False),
        ("花家", True, True, True),
        ("诗衣", True, False, True),
        ("山烟", True, True, True),
        ("光香", True, True, True),
        ("飞回", True, True, True),
        ("愁流", True, True, True),
        ("心春", True, True, True),
        ("月夜", True, True, True),
        ("儿衣", True, True, False),
        ("风心", False, False, False),
        ("天江", False, False, False),
        ("路雨", False, False, False),
        ("河夜", False, False, True),
        ("来梅", False, False, False),
        ("好走", False, False, False),
        ("花歌", False, False, False),
        ("同雄", True, True, True),
    ],
)
def test_pairs_rhyme_in_the_tables_that_say_so(pair: str, thirteen: bool, new: bool, national: bool) -> None:
    one, other = ZH.read(pair[0]), ZH.read(pair[1])
    assert [ZH.rhymes(one, other, table) for table in RHYME_TABLES] == [thirteen, new, national]


def test_every_final_belongs_to_one_class_of_each_table() -> None:
    for table, count in zip(RHYME_TABLES, (13, 14, 16), strict=True):
        found = [final for finals in classes(table).values() for final in finals]
        assert len(classes(table)) == count
        assert sorted(found) == sorted(FINALS)


def test_a_class_is_found_by_its_name_or_a_final() -> None:
    assert (
        find_class("江阳", "十三辙")
        == find_class("江阳辙", "十三辙")
        == find_class("ang", "十三辙")
        == "江阳"
    )
    assert find_class("iang", "十三辙") == find_class("yang", "十三辙") == "江阳"
    assert find_class("十唐", "中华新韵") == "唐"
    assert find_class("ü", "中华通韵") == find_class("v", "中华通韵") == "迂"


def test_an_unknown_class_or_table_is_refused_with_the_list() -> None:
    with pytest.raises(InvalidInput, match=r"发花、梭坡.*got '大海'"):
        find_class("大海", "十三辙")
    with pytest.raises(InvalidInput, match=r"one of 十三辙, 中华新韵, 中华通韵, got '平水韵'"):
        ZH.rhyme_class(ZH.read("花"), "平水韵")


def test_the_end_of_a_line_is_read_in_its_line() -> None:
    assert ZH.rhyme_class(ZH.read("路还很长"), "十三辙") == "江阳"
    assert ZH.rhyme_class(ZH.read("还给你还"), "十三辙") in ("怀来", "言前")
    assert ZH.rhyme_class(ZH.read("一行行"), "十三辙") == "江阳"
    assert ZH.rhyme_class(ZH.read("结伴而行"), "十三辙") == "中东"
    assert ZH.rhyme_class(ZH.read("听音乐"), "十三辙") == "乜斜"
    assert ZH.rhyme_class(ZH.read("多快乐"), "十三辙") == "梭坡"
    assert ZH.rhyme_class((), "十三辙") == ""
