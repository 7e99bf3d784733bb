"""Laws of joining a sentence with options: options fill, overrule hints, and never contradict in silence."""

from __future__ import annotations

import pytest

from zhiyin.apps.wishes import read_asked
from zhiyin.errors import ConflictingWishes, InvalidInput
from zhiyin.score import Wishes
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre

# (sentence, options, the joined wish, its value)
JOINED = [
    ("a sad piano piece", Wishes(bars=8), "bars", 8),
    ("a sad piano piece", Wishes(bars=8), "moods", ("sad",)),
    ("80 BPM, sad", Wishes(tempo_bpm=80.0), "tempo_bpm", 80.0),
    ("slow and sad", Wishes(tempo_bpm=60.0), "tempo_bpm", 60.0),  # a word is a range: 20..100
    ("a jazz waltz", Wishes(metre=Metre(6, 8)), "metre", Metre(6, 8)),  # a dance only hints at its metre
    ("rainy night", Wishes(moods=("happy",)), "moods", ("happy",)),  # a scene only hints at a mood
    ("sad piano, no drums", Wishes(excluded=("flute",)), "excluded", ("drums", "flute")),
    ("for piano", Wishes(players=("piano", "cello")), "players", ("piano", "cello")),
    ("something in minor", Wishes(key=Key.parse("Dm")), "key", Key.parse("Dm")),
    ("something in minor", Wishes(key=Key.parse("Dm")), "mode", None),
]


@pytest.mark.parametrize(("text", "options", "name", "value"), JOINED)
def test_an_option_fills_or_sharpens_what_the_sentence_says(
    text: str, options: Wishes, name: str, value: object
) -> None:
    assert getattr(read_asked(text, options).wishes, name) == value


# (sentence, options, the words named, the option named)
CONTRADICTIONS = [
    ("80 BPM, sad", Wishes(tempo_bpm=90.0), "“80 BPM”", "--tempo says 90"),
    ("slow and sad", Wishes(tempo_bpm=160.0), "“slow”", "--tempo says 160 BPM"),
    ("a waltz", Wishes(style="march"), "“waltz”", "--style says march"),
    ("16 bars of folk", Wishes(bars=8), "“16 bars”", "--bars says 8"),
    ("a sad song", Wishes(moods=("happy",)), "“sad”", "--mood says happy"),
    ("in D minor, folk", Wishes(key=Key.parse("C")), "“in D minor”", "--key says C major"),
    ("something in minor", Wishes(key=Key.parse("C")), "minor”", "--key says C major"),
    ("folk, no drums", Wishes(players=("drums", "flute")), "“drums”", "--players says drums"),
    ("piano and drums", Wishes(excluded=("drums",)), "“drums”", "--without says drums"),
    ("3/4, sad", Wishes(metre=Metre(4, 4)), "“3/4”", "--metre says 4/4"),
]


@pytest.mark.parametrize(("text", "options", "words", "option"), CONTRADICTIONS)
def test_a_contradiction_is_refused_naming_both_sides(
    text: str, options: Wishes, words: str, option: str
) -> None:
    with pytest.raises(ConflictingWishes) as refused:
        read_asked(text, options)
    assert words in str(refused.value)
    assert f"the option {option}" in str(refused.value)
    assert str(refused.value).endswith("change the sentence or leave the option out")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (Wishes(key=Key.parse("C"), mode="minor"), "--key and --mode must agree, got C major and minor"),
        (
            Wishes(players=("flute",), excluded=("flute",)),
            "--players and --without must not share a player, got flute",
        ),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: Wishes, message: str) -> None:
    with pytest.raises(ConflictingWishes, match=message):
        read_asked(None, options)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "nothing was asked: write a sentence or an option"),
        ("  ", "the sentence must say something, got '  '"),
        ("qwertz uiop", "nothing in 'qwertz uiop' was understood as a wish"),
    ],
)
def test_a_request_without_any_wish_is_refused_with_examples(text: str | None, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_asked(text, Wishes())
    assert str(refused.value).startswith(message)
    assert "--style waltz --key Dm" in str(refused.value)


def test_an_option_makes_a_sentence_without_wishes_acceptable() -> None:
    asked = read_asked("qwertz uiop", Wishes(moods=("calm",)))
    assert asked.wishes == Wishes(moods=("calm",))
    assert asked.taken == ("moods",)


def test_a_tempo_option_must_lie_in_the_range_that_the_sentence_names() -> None:
    text = "a waltz between 80 and 100 BPM"
    assert read_asked(text, Wishes(tempo_bpm=90.0)).wishes.tempo_bpm == 90.0
    with pytest.raises(ConflictingWishes, match=r"--tempo says 150 BPM"):
        read_asked(text, Wishes(tempo_bpm=150.0))
