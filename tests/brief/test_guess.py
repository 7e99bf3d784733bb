"""Laws of the learned guess: silent where words speak or nothing is near, never over what was said."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.apps.brief_ import read_open
from zhiyin.brief.guess import features_of, heads
from zhiyin.theory.moods import MOODS
from zhiyin.theory.style_words import find_style


def test_a_learned_phrase_in_another_frame_is_guessed_with_its_sureness() -> None:
    brief = read_open("a smoky club at 2 am, 90 bpm")
    assert brief.said.styles == ("jazz",) and brief.wishes.style == "jazz"
    assert any("guessed" in line and "% sure" in line for line in brief.defaults)
    assert read_open("a smoky club at 2 am, 90 bpm", is_guessing=False).said.styles == ()


def test_what_is_said_is_never_overridden() -> None:
    assert read_open("a smoky club at 2 am, techno").said.styles == ("techno",)
    assert read_open("a smoky club at 2 am, no jazz").said.styles == ()


@pytest.mark.parametrize(
    "text", ["a tune about my bicycle", "80 bpm, C major, piano", "", "帮我写一封邮件", "make it 10% faster"]
)
def test_nothing_is_guessed_of_what_is_not_near(text: str) -> None:
    said = read_open(text).said
    assert (said.moods, said.styles) == ((), ())


@pytest.mark.parametrize("kind", ["moods", "styles"])
def test_every_guess_is_a_known_name(kind: str) -> None:
    for name in heads(kind).names:
        assert name in MOODS if kind == "moods" else find_style(name)


def test_features_have_length_one_and_do_not_mind_width_or_case() -> None:
    assert np.isclose(np.linalg.norm(features_of("Sad PIANO")), 1.0)
    assert np.array_equal(features_of("Sad PIANO"), features_of("ｓａｄ ｐｉａｎｏ"))
    assert not np.array_equal(features_of("sad"), features_of("mad"))
