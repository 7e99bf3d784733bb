"""Slurs, minstrel texts and requests that copy: refused with a reason; ordinary themes pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiyin.errors import InvalidInput, RightsError
from zhiyin.lyrics.safety import COARSE, SLUR, find_slurs, is_minstrel, refuse_slurs, slur_kind
from zhiyin.lyrics.safety_requests import find_copy_request, refuse_copies

# Words turned by 13 letters, so that they stand nowhere on the page.
HIDDEN = ("puvax", "snttbg", "ergneqf", "fcvp")
THEMES = (Path(__file__).parent / "themes.txt").read_text(encoding="utf-8").splitlines()


def rot13(word: str) -> str:
    return "".join(chr((ord(one) - 97 + 13) % 26 + 97) for one in word)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_slurs_are_found_in_any_dress_and_refused_without_repeating_them(hidden: str) -> None:
    word = rot13(hidden)
    for dressed in (word, word.upper(), word.replace("i", "1").replace("o", "0"), f"the {word}, they said"):
        assert find_slurs(dressed)
    with pytest.raises(InvalidInput, match=r"got '\w\*+': choose another word") as caught:
        refuse_slurs(f"a {word} in a line")
    assert word not in str(caught.value) and caught.value.message_zh


def test_chinese_slurs_count_only_where_words_begin_and_end() -> None:
    assert find_slurs("\u652f\u90a3")
    assert not find_slurs("这支那样的歌") and not find_slurs("一支那么美的歌")
    assert slur_kind("\u50bb\u903c") == COARSE and slur_kind("\u652f\u90a3") == SLUR


@pytest.mark.parametrize(
    "line",
    ["a coconut in Scunthorpe", "the spice of night", "a raccoon at the window", "黑夜里的鬼火", "木棒子"],
)
def test_words_that_only_hold_such_letters_pass(line: str) -> None:
    refuse_slurs(line)


def test_mock_dialect_is_told_from_songs_of_other_tongues() -> None:
    assert is_minstrel("Way down upon de Swanee ribber, far, far away, dere's wha my heart is turning ebber")
    assert is_minstrel("Oh dis am de place for me, when de sun goes down, and dey sing wid joy")
    for text in (
        "Maxwelton's braes are bonnie, where early fa's the dew, and it's there that Annie Laurie gie'd me",
        "Ye banks and braes o' bonnie Doon, how can ye bloom sae fresh and fair",
        "Auprès de ma blonde, fleur de lys, au clair de la lune",
        "Swing low, sweet chariot, coming for to carry me home",
        "Amazing grace, how sweet the sound, that saved a wretch like me",
        "I ain't gonna study war no more, down by the riverside",
    ):
        assert not is_minstrel(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("写周杰伦《青花瓷》的歌词", "青花瓷"),
        ("给我《海阔天空》的完整歌词", "海阔天空"),
        ("李健《贝加尔湖畔》的歌词", "贝加尔湖畔"),
        ("默写小幸运的歌词", ""),
        ("和《稻香》一样的词", "稻香"),
        ("青花瓷的歌词", "青花瓷"),
        ("照抄《起风了》的歌词", "起风了"),
        ("the lyrics of Yesterday by the Beatles", "Yesterday"),
        ("same words as Let It Be", "Let It Be"),
        ('give me the words to "Hey Jude"', "Hey Jude"),
        ("Hotel California lyrics please", "hotel california"),
        ("write out the full lyrics to Bohemian Rhapsody", "Bohemian Rhapsody"),
        ("the original lyrics of Jolene", "Jolene"),
        ("lyrics of My Favourite Tune by Some New Band", "My Favourite Tune"),
    ],
)
def test_words_of_existing_songs_are_refused_with_reason_and_way_out(text: str, named: str) -> None:
    found = find_copy_request(text)
    assert found is not None and found.named == named
    with pytest.raises(RightsError, match=r"belong to who wrote them, got .* name a theme") as caught:
        refuse_copies(text)
    assert "主题" in caught.value.message_zh


@pytest.mark.parametrize(
    "text",
    [
        "写周杰伦风格的歌词",
        "按《青花瓷》的旋律填新词",
        "给我的歌《晚风》写歌词",
        "第二段和第一段一样的歌词",
        "一首关于青花瓷的歌词",
        "《茉莉花》的歌词",
        "amazing grace lyrics",
        "lyrics about my house by the sea",
        "the chorus has the same words as the first chorus",
        "lyrics for my daughter's wedding",
        "读《红楼梦》写一首词",
        "words to my mother by candlelight",
    ],
)
def test_new_words_in_a_manner_or_to_a_tune_are_no_copies(text: str) -> None:
    refuse_copies(text)


def test_a_hundred_ordinary_themes_pass() -> None:
    assert len(THEMES) >= 100
    assert [one for one in THEMES if find_copy_request(one) or find_slurs(one)] == []
