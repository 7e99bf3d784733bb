"""Laws of the instrument table and of finding an instrument by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.errors import NotFound
from zhiyin.theory.instruments import (
    DRUM_KEYS,
    FAMILIES,
    INSTRUMENTS,
    find_instrument,
    instrument_for_program,
    instrument_words,
)


def test_every_instrument_has_a_sane_range_program_and_family() -> None:
    assert len(INSTRUMENTS) >= 45
    for name, item in INSTRUMENTS.items():
        assert item.name == name == name.lower() and " " not in name
        assert 0 <= item.program <= 127 and 1 <= item.polyphony <= 12
        assert 21 <= item.low <= item.high <= 108, name
        assert item.family in FAMILIES, name
        assert any(mark >= "\u4e00" for mark in item.zh), name


def test_no_name_or_alias_stands_for_two_instruments() -> None:
    words = [
        w.replace(" ", "-") for item in INSTRUMENTS.values() for w in {item.name, item.zh, *item.aliases}
    ]
    assert len(words) == len(set(words)) == len(instrument_words())


@given(st.sampled_from(sorted(instrument_words())))
def test_every_word_is_found_in_any_case_with_spaces_or_hyphens(word: str) -> None:
    name = instrument_words()[word]
    assert find_instrument(word).name == find_instrument(f" {word.upper().replace('-', ' ')} ").name == name


@pytest.mark.parametrize(
    ("word", "name"),
    [("Violins", "violin"), ("acoustic guitar", "guitar"), ("古筝", "guzheng"), ("贝斯", "bass-guitar"),
     ("drum kit", "drums"), ("笛子", "dizi"), ("electric_guitar", "electric-guitar"), ("女高音", "soprano")],
)  # fmt: skip
def test_known_words_find_their_instrument(word: str, name: str) -> None:
    assert find_instrument(word).name == name


def test_an_unknown_instrument_names_the_nearest_ones() -> None:
    with pytest.raises(NotFound, match="got 'violn': did you mean violin"):
        find_instrument("violn")


def test_the_drum_map_is_general_midi() -> None:
    # General MIDI level 1 percussion map: 35 acoustic bass drum .. 81 open triangle.
    assert sorted(DRUM_KEYS) == list(range(35, 82))
    assert (DRUM_KEYS[36], DRUM_KEYS[38], DRUM_KEYS[42], DRUM_KEYS[46], DRUM_KEYS[49]) == (
        "bass drum", "acoustic snare", "closed hi-hat", "open hi-hat", "crash cymbal 1",
    )  # fmt: skip
    assert (DRUM_KEYS[51], DRUM_KEYS[56], DRUM_KEYS[70], DRUM_KEYS[81]) == (
        "ride cymbal 1", "cowbell", "maracas", "open triangle",
    )  # fmt: skip


def test_a_program_finds_an_instrument_of_its_own_group() -> None:
    assert instrument_for_program(40).name == "violin"
    assert instrument_for_program(49).program // 8 == 6  # another string ensemble
    assert instrument_for_program(0, is_drums=True).is_drums
