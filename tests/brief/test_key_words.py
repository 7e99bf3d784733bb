"""Laws of keys in sentences: a spelled-out accidental is heard, with or without a word for the mode."""

from __future__ import annotations

import pytest

from zhiyin.brief import read_brief
from zhiyin.theory.key import Key

_LETTERS = "CDEFGAB"
_FRAMES = ("a march in {}, 8 bars", "a waltz in {} for piano", "key of {}, folk", "in {}")


@pytest.mark.parametrize("letter", _LETTERS)
@pytest.mark.parametrize(
    ("word", "mark"),
    [(" flat", "b"), ("-flat", "b"), ("♭", "b"), ("b", "b"), (" sharp", "#"), ("-sharp", "#"), ("♯", "#")],
)  # fmt: skip
def test_an_accidental_is_part_of_the_key_without_a_word_for_the_mode(
    letter: str, word: str, mark: str
) -> None:
    for frame in _FRAMES:
        brief = read_brief(frame.format(letter + word))
        assert brief.wishes.key == Key.parse(f"{letter}{mark} major"), frame
        assert brief.unknown == (), frame


@pytest.mark.parametrize(("said", "mark"), [("升", "#"), ("降", "b")])
@pytest.mark.parametrize(
    ("word", "mode"), [("", "major"), ("调", "major"), ("大调", "major"), ("小调", "minor")]
)
@pytest.mark.parametrize("letter", _LETTERS)
def test_a_chinese_accidental_is_part_of_the_key(
    said: str, mark: str, letter: str, word: str, mode: str
) -> None:
    brief = read_brief(f"一首{said}{letter}{word}的进行曲，8小节")
    assert brief.wishes.key == Key.parse(f"{letter}{mark} {mode}")
    assert (brief.wishes.style, brief.wishes.bars, brief.unknown) == ("march", 8, ())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a song in b flat", "Bb"),
        ("a song in a flat", "Ab"),
        ("an E-flat waltz", "Eb"),
        ("B flat march", "Bb"),
        ("1=bB，民歌", "Bb"),
        ("1=降E，民歌", "Eb"),
        ("♭B大调", "Bb"),
        ("#F小调", "F# minor"),
        ("E-flat minor march", "Eb minor"),
    ],
)
def test_other_ways_to_write_an_accidental_are_heard(text: str, key: str) -> None:
    brief = read_brief(text)
    assert (brief.wishes.key, brief.unknown) == (Key.parse(key), ())


@pytest.mark.parametrize(
    "text", ["A flat tune", "in a sharp contrast", "for B flat clarinet", "降低速度", "a flat, sad tune"]
)
def test_words_that_only_look_like_a_key_are_none(text: str) -> None:
    assert read_brief(text).wishes.key is None
