"""Laws of style names and variants."""

from __future__ import annotations

import pytest

from zhiyin.errors import NotFound
from zhiyin.theory.style_words import STYLE_NAMES_ZH, VARIANT_BASES, base_style, find_style, style_words
from zhiyin.theory.styles import STYLES


def test_every_style_and_variant_has_a_chinese_name_and_a_trained_base() -> None:
    assert set(STYLE_NAMES_ZH) == set(STYLES) | set(VARIANT_BASES)
    assert not set(STYLES) & set(VARIANT_BASES)
    assert all(base_style(name) in STYLES for name in STYLE_NAMES_ZH)
    assert all(find_style(word) == name for word, name in style_words().items())


def test_an_unknown_style_names_the_nearest_ones() -> None:
    with pytest.raises(NotFound, match="got 'walz': did you mean waltz"):
        find_style("walz")
