"""How English words sound and where they are cut: a hundred words worked by hand, laws over the whole dictionary."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.errors import InvalidInput
from zhiyin.lyrics.en_dict import dictionary_words, pack_dictionary, readings, syllable_count
from zhiyin.lyrics.en_numbers import number_words
from zhiyin.lyrics.en_syllables import split_sounds, split_spelling
from zhiyin.lyrics.en_words import sung_readings, word_sounds
from zhiyin.lyrics.languages import LANGUAGES

EN = LANGUAGES["en"]
WORDS = [
    line.split()
    for line in (Path(__file__).parent / "words_en.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def cut(line: str) -> str:
    return " ".join("-".join(one.text for one in EN.read(word)) for word in line.split())


@pytest.mark.parametrize(("pieces", "stress"), WORDS, ids=[row[0] for row in WORDS])
def test_words_are_cut_and_stressed_as_dictionaries_print_them(pieces: str, stress: str) -> None:
    found = EN.read(pieces.replace("-", ""))
    assert "-".join(one.text for one in found) == pieces
    assert "".join(str(one.stress) for one in found) == stress
    assert all(one.is_sure for one in found)


def test_the_list_holds_a_hundred_words() -> None:
    assert len(WORDS) >= 100


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Shall I compare thee to a summer's day", 10),
        ("Thou art more lovely and more temperate", 10),
        ("The curfew tolls the knell of parting day", 10),
        ("The lowing herd wind slowly o'er the lea", 10),
        ("Tyger Tyger burning bright", 7),
        ("In the forests of the night", 7),
        ("Amazing grace how sweet the sound", 8),
        ("That saved a wretch like me", 6),
        ("I wandered lonely as a cloud", 8),
        ("That floats on high o'er vales and hills", 8),
        ("Twinkle twinkle little star", 7),
        ("How I wonder what you are", 7),
        ("Should auld acquaintance be forgot", 8),
        ("'Twas brillig and the slithy toves", 8),
        ("Because I could not stop for Death", 8),
        ("He kindly stopped for me", 6),
    ],
)
def test_known_lines_have_the_syllables_that_their_metre_counts(line: str, count: int) -> None:
    assert len(EN.read(line)) == count


def test_an_iambic_line_is_weak_and_strong_by_turns() -> None:
    line = EN.read("The curfew tolls the knell of parting day")
    assert [one.stress > 0 for one in line] == [False, True] * 5


def test_words_of_grammar_carry_no_stress_and_no_content() -> None:
    for one in EN.read("the of and to thee o'er 'tis"):
        assert one.stress == 0 and not one.is_content
    assert [one.stress for one in EN.read("upon the sea")] == [0, 2, 0, 2]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("o'er heav'n thee", "o'er heav'n thee"),
        ("ev'ry pow'r", "ev-'ry pow'r"),
        ("don't can't they're", "don't can't they're"),
        ("twenty-three", "twen-ty--three"),
        ("summer's", "sum-mer's"),
        ("church's", "church-'s"),
        ("roses", "ros-es"),
        ("Mountain", "Moun-tain"),
        ("café", "ca-fé"),
        ("o’er", "o’er"),
        ("moonlit", "moon-lit"),
    ],
)
def test_apostrophes_hyphens_and_accents_stay_as_written(line: str, wanted: str) -> None:
    assert cut(line) == wanted


def test_numbers_are_spelled_out() -> None:
    assert EN.words("23 roses") == ("twenty-three", "roses")
    assert number_words("1999") == ("one", "thousand", "nine", "hundred", "ninety-nine")
    assert number_words("007") == ("zero", "zero", "seven")
    assert number_words("0") == ("zero",)


@pytest.mark.parametrize(
    "word", ["blimmering", "xyzzy", "frabjous", "zzz", "qwrt", "Brrr", "smurfless", "gwyllth"]
)
def test_unknown_words_are_guessed_flagged_and_never_break(word: str) -> None:
    found = EN.read(word)
    assert found and "".join(one.text for one in found) == word
    assert not any(one.is_sure for one in found)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", min_size=1, max_size=14))
def test_any_letters_can_be_read_and_their_pieces_joined_are_the_word(word: str) -> None:
    found = EN.read(word)
    joined = "".join(one.text for one in found).replace("_", "")
    assert joined == "".join(EN.words(word))
    assert all(0 <= one.openness <= 1 and one.reading for one in found)


def test_pieces_are_as_many_as_syllables_for_every_hundredth_word_of_the_dictionary() -> None:
    for word in list(dictionary_words())[::100]:
        for sounds in readings(word):
            pieces = split_spelling(word, sounds)
            assert len(pieces) == max(1, syllable_count(sounds)), word
            assert "".join(pieces).replace("_", "") == word
            assert all(pieces)
            assert len(split_sounds(sounds)) == max(1, syllable_count(sounds))


def test_a_reading_that_a_person_gave_wins() -> None:
    assert [one.reading for one in EN.read("wind", {"wind": "W AY1 N D"})] == ["W AY1 N D"]
    with pytest.raises(InvalidInput, match=r"ARPAbet sounds with a vowel, .* got 'wynd'"):
        EN.read("wind", {"wind": "wynd"})


def test_singers_may_run_weak_vowels_together() -> None:
    counts = {
        word: {syllable_count(one) for one in sung_readings(word)}
        for word in ("glorious", "heaven", "every", "power")
    }
    assert counts == {"glorious": {3, 2}, "heaven": {2, 1}, "every": {2, 3}, "power": {2, 1}}


def test_a_packed_dictionary_gives_back_its_readings() -> None:
    packed = pack_dictionary(
        ["read R EH1 D", "read(2) R IY1 D # verb", "!sign S AY1 N", "mountain M AW1 N T AH0 N"]
    )
    assert len(packed) < 100
    assert readings("read")[0] in (("R", "EH1", "D"), ("R", "IY1", "D"))
    assert word_sounds("mountain").sounds == ("M", "AW1", "N", "T", "AH0", "N")


def test_a_clipped_article_leans_on_the_next_word_and_drawn_out_words_are_known() -> None:
    assert [one.text for one in EN.read("th' eternal sea")] == ["th'e", "ter", "nal", "sea"]
    assert [one.text for one in EN.read("ooooh yeaaah")] == ["ooooh", "yeaaah"]
    assert all(one.is_sure for one in EN.read("ooooh yeaaah"))


def test_capitals_that_are_no_word_are_read_letter_by_letter() -> None:
    assert [one.text for one in EN.read("XZ")] == ["X", "Z"]
    assert len(EN.read("AA")) == 2
