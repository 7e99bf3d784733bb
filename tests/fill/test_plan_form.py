"""Laws of form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput
from zhiyin.fill.form import FORMS, energy_curve, make_form, phrases_of


@given(st.sampled_from(sorted(FORMS)), st.integers(1, 512))
def test_sections_and_phrases_cover_the_bars_and_repeats_point_back(form: str, bars: int) -> None:
    sections = make_form(bars, form=form)
    assert [s.first_bar for s in sections] == [
        sum(t.bars for t in sections[:i]) for i in range(len(sections))
    ]
    assert sum(s.bars for s in sections) == bars
    for section in sections:
        phrases = phrases_of(section)
        assert sum(length for _, length in phrases) == section.bars
        assert all(4 <= length <= 7 for _, length in phrases) or section.bars < 4
        assert section.like < 0 or sections[section.like].name == section.name
    assert len(energy_curve(sections)) == bars


@pytest.mark.parametrize(
    ("form", "bars", "names"),
    [("aaba", 32, "AABA"), ("ternary", 24, "ABA"), ("binary", 32, "AABB"), ("bar", 12, "AAB"), ("rondo", 40, "ABACA"),
     ("blues", 24, "AA"), ("strophic", 16, "ABCB")],
)  # fmt: skip
def test_named_forms_have_their_textbook_shape(form: str, bars: int, names: str) -> None:
    assert "".join(section.name for section in make_form(bars, form=form)) == names


def test_a_song_rises_from_verse_to_chorus() -> None:
    sections = make_form(48, form="verse-chorus")
    assert [s.name for s in sections] == ["verse", "chorus", "verse", "chorus", "bridge", "chorus"]
    assert sections[1].energy > sections[0].energy and sections[5].energy > sections[1].energy
    assert [s.like for s in sections] == [-1, -1, 0, 1, -1, 1]


def test_an_asked_form_wins_and_too_many_sections_are_refused() -> None:
    asked = make_form(20, form="aaba", asked=("A", "B", "A", "C", "A"))
    assert [(s.name, s.bars, s.like) for s in asked] == [
        ("A", 4, -1), ("B", 4, -1), ("A", 4, 0), ("C", 4, -1), ("A", 4, 0),
    ]  # fmt: skip
    with pytest.raises(InvalidInput, match="a form of 5 sections must have as many bars, got 4"):
        make_form(4, form="aaba", asked=("A", "B", "A", "C", "A"))
    with pytest.raises(InvalidInput, match=r"form must be one of .*, got 'spiral'"):
        make_form(4, form="spiral")
