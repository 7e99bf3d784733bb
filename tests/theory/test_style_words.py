"""Laws of style names and variants."""

from __future__ import annotations

import pytest

from zhiyin.errors import NotFound
from zhiyin.theory.style_words import (
    STYLE_NAMES_ZH,
    VARIANT_BASES,
    base_style,
    find_style,
    is_kind_of,
    most_specific,
    style_words,
)
from zhiyin.theory.styles import STYLES


def test_every_style_and_variant_has_a_chinese_name_and_a_trained_base() -> None:
    assert set(STYLE_NAMES_ZH) == set(STYLES) | set(VARIANT_BASES)
    assert not set(STYLES) & set(VARIANT_BASES)
    assert all(base_style(name) in STYLES for name in STYLE_NAMES_ZH)
    assert all(find_style(word) == name for word, name in style_words().items())


def test_an_unknown_style_names_the_nearest_ones() -> None:
    with pytest.raises(NotFound, match="got 'walz': did you mean waltz"):
        find_style("walz")


@pytest.mark.parametrize(
    ("name", "style"),
    [("folk reel", "celtic"), ("reel", "celtic"), ("jigs", "celtic"), ("Lead Sheet", "jazz"),
     ("cinematic film score", "cinematic"), ("lo-fi hip hop", "lofi"), ("jazz blues", "blues")],
)  # fmt: skip
def test_a_name_of_several_style_words_is_the_narrowest_of_them(name: str, style: str) -> None:
    assert find_style(name) == style


@pytest.mark.parametrize("name", ["jazz chinese", "folk walz", "music", "", "reel of pop"])
def test_a_name_that_is_no_single_style_is_refused(name: str) -> None:
    with pytest.raises(NotFound, match="style must be a known name"):
        find_style(name)


def test_the_narrowest_styles_do_not_depend_on_order_and_are_never_none() -> None:
    names = sorted(STYLE_NAMES_ZH)
    for one in names:
        assert not is_kind_of(one, one)
        for other in names:
            found = most_specific((one, other))
            assert found and set(found) <= {one, other}
            assert not (is_kind_of(one, other) and is_kind_of(other, one)), (one, other)
            assert set(found) == set(most_specific((other, one))), (one, other)
