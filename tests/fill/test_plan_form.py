"""Laws of form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.errors import ConflictingWishes, InvalidInput
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
    assert [(s.name, s.bars) for s in sections] == [
        ("intro", 4), ("verse", 8), ("chorus", 8), ("verse", 8), ("chorus", 8), ("bridge", 4), ("chorus", 8),
    ]  # fmt: skip
    assert sections[0].energy < sections[1].energy < sections[2].energy < sections[6].energy
    assert [s.like for s in sections] == [-1, -1, -1, 1, 2, -1, 2]


def test_told_bars_are_kept_and_open_sections_share_the_rest() -> None:
    told = make_form(40, form="aaba", asked=("intro", "verse", "chorus", "outro"), lengths=(0, 8, 16, 0))
    assert [s.bars for s in told] == [8, 8, 16, 8]
    mixed = make_form(36, form="aaba", asked=("intro", "verse", "chorus"), lengths=(0, 0, 16))
    assert [s.bars for s in mixed] == [4, 16, 16]
    with pytest.raises(ConflictingWishes, match="must add up to the piece's 30, got 24"):
        make_form(30, form="aaba", asked=("verse", "chorus"), lengths=(8, 16))


def test_a_star_stands_for_the_styles_own_form_and_left_out_sections_give_their_bars_away() -> None:
    around = make_form(36, form="aaba", asked=("intro", "*"))
    assert [(s.name, s.bars) for s in around] == [("intro", 4), ("A", 8), ("A", 8), ("B", 8), ("A", 8)]
    plain = make_form(48, form="verse-chorus", without=("intro", "bridge"))
    assert [(s.name, s.bars) for s in plain] == [
        ("verse", 12),
        ("chorus", 8),
        ("verse", 8),
        ("chorus", 12),
        ("chorus", 8),
    ]


@given(st.sampled_from(["soft", "loud", "crescendo", "diminuendo"]), st.integers(8, 96))
def test_dynamics_move_the_energy_where_they_say(dynamics: str, bars: int) -> None:
    sections = make_form(bars, form="ternary")
    plain, moved = energy_curve(sections), energy_curve(sections, dynamics=dynamics)
    first, last = moved[0] - plain[0], moved[-1] - plain[-1]
    assert (first < 0) == (dynamics in ("soft", "crescendo"))
    assert (last < 0) == (dynamics in ("soft", "diminuendo"))


def test_an_asked_form_wins_and_too_many_sections_are_refused() -> None:
    asked = make_form(20, form="aaba", asked=("A", "B", "A", "C", "A"))
    assert [(s.name, s.bars, s.like) for s in asked] == [
        ("A", 4, -1), ("B", 4, -1), ("A", 4, 0), ("C", 4, -1), ("A", 4, 0),
    ]  # fmt: skip
    with pytest.raises(InvalidInput, match="a form of 5 sections must have as many bars, got 4"):
        make_form(4, form="aaba", asked=("A", "B", "A", "C", "A"))
    with pytest.raises(InvalidInput, match=r"form must be one of .*, got 'spiral'"):
        make_form(4, form="spiral")
