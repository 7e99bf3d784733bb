"""Laws of what is told in the language of the sentence: titles, contradictions and what was filled in."""

from __future__ import annotations

import re

import pytest

from zhiyin.apps.plan_ import plan_of
from zhiyin.apps.wishes import read_asked
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
