"""Laws of what is told in the language of the sentence: titles, contradictions and what was filled in."""

from __future__ import annotations

import re

import pytest

from zhiyin.apps.brief_ import told_in
from zhiyin.apps.plan_ import plan_of
from zhiyin.apps.wishes import read_asked
from zhiyin.brief import read_brief
from zhiyin.score import Wishes


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("16小节的进行曲，C大调", "进行曲，C大调"),
        ("16小节的中国风，G徵调", "中国风，G徵调"),
        ("8小节，快乐的游戏音乐，降E大调", "快乐的游戏音乐，降E大调"),
        ("90拍的忧伤江南小调，D羽调", "悲伤的江南，D羽调"),
        ("雨夜的车站，忧伤的钢琴", "雨夜的车站"),
    ],
)
def test_a_chinese_request_without_a_title_gets_a_chinese_one(text: str, title: str) -> None:
    assert plan_of(read_asked(text, Wishes()), seed=3).title == title


def test_an_english_request_keeps_an_english_title() -> None:
    title = plan_of(read_asked("8 bars of happy game music in G", Wishes()), seed=3).title
    assert title == "Happy game in G major" and not re.search("[\u3400-\u9fff]", title)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("中国风的爵士", "风格说了几种（中国风、爵士），取中国风"),
        ("布鲁斯和拉丁", "风格取布鲁斯：布鲁斯、拉丁都属爵士一类"),
        ("爵士圆舞曲", "爵士风格，取圆舞曲的拍号"),
        ("D小调，然后G大调", "调说了几种（D小调、G大调），取第一种"),
        ("要钢琴，不要钢琴", "钢琴既要又不要：不用"),
        ("忧伤，不要忧伤", "情绪“悲伤”既要又不要：避开"),
        ("雨夜，钢琴", "情绪取忧郁：依意境而定，因为没有说情绪"),
        ("80 BPM 的钢琴，速度120", "速度说了几种（80.0、120.0），取第一种"),
        ("90到100拍，每分钟80拍", "速度既说是80，又说是90..100：取80"),
        ("慢速的钢琴", "速度取每分钟58..84拍：依“慢速”而定"),
        ("别太快", "速度取每分钟70..100拍：依“不要快”而定"),
        ("摇滚抒情歌", "速度取每分钟58..84拍：依“抒情曲”而定"),
        ("快速，40 BPM", "“快速”是每分钟100..300拍，但取40"),
        ("40小节，一分钟，每分钟90拍", "40小节、每分钟90拍要107秒，而要求60秒"),
        ("前奏四小节，主歌八小节", "12小节：各段之和"),
        ("主歌8小节，副歌8小节，共32小节", "要32小节，但各段合计16小节：取32小节"),
        ("AABA曲式，主歌8小节，副歌8小节", "曲式既有字母AABA，又有段落：取字母"),
        ("H大调", "“H大调”取作B大调：H 是德语里的 B"),
    ],
)
def test_what_a_reading_says_is_said_in_chinese_too(text: str, line: str) -> None:
    brief = read_brief(text)
    said = (*brief.conflicts, *brief.defaults)
    assert line in [told_in(one, "zh") for one in said]
    assert [told_in(one, "en") for one in said] == list(said)
