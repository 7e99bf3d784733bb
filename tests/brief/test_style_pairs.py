"""Laws of two style words: the narrower one is the style, and only true opposites contradict."""

from __future__ import annotations

import pytest

from zhiyin.brief import read_brief


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("folk reel", "celtic"),
        ("a reel", "celtic"),
        ("an Irish jig", "celtic"),
        ("cinematic film score", "cinematic"),
        ("a film score, cinematic", "cinematic"),
        ("lo-fi hip hop", "lofi"),
        ("lofi hip hop beat", "lofi"),
        ("hip hop, lofi", "lofi"),
        ("electronic house music", "house"),
        ("jazz, swing", "swing"),
        ("江南中国风，笛子", "jiangnan"),
        ("中国风，江南", "jiangnan"),
        ("流行抒情歌", "ballad"),
        ("blues and latin", "blues"),
        ("lead sheet", "jazz"),
        ("a pop lead sheet", "pop"),
    ],
)
def test_the_narrower_of_two_styles_is_taken_and_nothing_contradicts(text: str, style: str) -> None:
    brief = read_brief(text)
    assert (brief.wishes.style, brief.conflicts, brief.unknown) == (style, (), ())


def test_two_kinds_of_one_style_are_told_as_a_choice() -> None:
    assert read_brief("blues and latin").defaults == (
        "style blues taken for blues, latin: all are kinds of jazz",
    )


@pytest.mark.parametrize(("text", "taken"), [("chinese jazz", "chinese"), ("techno and baroque", "techno")])
def test_styles_of_which_none_is_a_kind_of_the_other_contradict(text: str, taken: str) -> None:
    brief = read_brief(text)
    assert brief.wishes.style == taken and len(brief.conflicts) == 1
    assert brief.conflicts[0].endswith(f"{taken} is taken")


@pytest.mark.parametrize(("text", "style"), [("a rock ballad", "rock"), ("jazz ballad", "jazz")])
def test_a_ballad_in_another_style_is_that_style_slowly(text: str, style: str) -> None:
    brief = read_brief(text)
    assert (brief.wishes.style, brief.wishes.tempo_range, brief.conflicts) == (style, (58.0, 84.0), ())
    assert read_brief(f"{text}, 72 BPM").wishes.tempo_range is None
