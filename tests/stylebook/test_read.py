"""Laws of style files: what a fault in one says, and what every file of the book holds."""

from __future__ import annotations

import pytest

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.stylebook import load_style, read_style, style_names
from zhiyin.stylebook.stage import level_of
from zhiyin.theory.styles import STYLES

FIFTEEN = {
    "pop", "rock", "funk", "soul", "swing", "bossa-nova", "reggae", "house", "techno", "trap", "lofi", "synthwave",
    "cinematic", "ambient", "chiptune",
}  # fmt: skip
GOOD = """
name = "plain"
en = "Plain"
zh = "素"
tempo = [90, 100, 110]
forms = ["verse 4, chorus 4"]
[progressions.major]
any = ["I | vi | ii V | I x2"]
[player.bass]
instrument = "bass-guitar"
role = "bass"
job = "bass"
[player.bass.patterns]
"1-5" = ["R---5---R---a---"]
[player.drums]
instrument = "drums"
role = "drums"
job = "drums"
[player.drums.patterns]
"1-3" = [{ kick = "x...x...x...x..." }]
"chorus 4-5" = [{ kick = "x...x...x...x...", snare = "....x.......x..." }]
"""


def test_the_book_has_the_fifteen_styles_each_under_a_name_that_models_know() -> None:
    assert set(style_names()) == FIFTEEN
    assert set(STYLES) >= FIFTEEN


@pytest.mark.parametrize("name", sorted(FIFTEEN))
def test_every_style_can_play_every_section_at_every_level(name: str) -> None:
    style = load_style(name)
    assert style.name == name and style.en and style.zh
    for player in style.players:
        if player.job == "riser":
            continue
        for section in ("intro", "verse", "chorus", "bridge", "outro", "A", "B", "drop"):
            for level in (n for n in range(1, 6) if player.plays(section, n)):
                assert player.patterns.find(section, level), (player.name, section, level)


@pytest.mark.parametrize("name", sorted(FIFTEEN))
def test_every_style_keeps_its_tempo_order_and_knows_both_modes_or_only_plays_one(name: str) -> None:
    style = load_style(name)
    assert style.tempo[0] <= style.tempo[1] <= style.tempo[2]
    for mode in ("major", "minor"):
        assert style.progressions_for(mode, "verse")


def test_a_good_file_says_what_it_says() -> None:
    style = read_style(GOOD, file="plain.toml")
    drums = next(p for p in style.players if p.job == "drums")
    assert dict(drums.patterns.find("chorus", 5)[0].rows)["snare"] == "....x.......x..."
    assert dict(drums.patterns.find("verse", 2)[0].rows) == {"kick": "x...x...x...x..."}
    (only,) = style.progressions_for("major", "bridge")
    assert only.bars == (("I",), ("vi",), ("ii", "V"), ("I",)) and only.weight == 2


def test_a_section_without_patterns_borrows_those_of_its_kin() -> None:
    drums = next(p for p in read_style(GOOD, file="plain.toml").players if p.job == "drums")
    assert drums.patterns.find("solo", 5) == drums.patterns.find("chorus", 5)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("5---R---a---", "5---R--"), r"plain.toml: player.bass.patterns.1-5 must be whole bars, got .*: bar 1"),
        (("5---R---a---", "z---R---a---"), r"player.bass.patterns.1-5 must use the symbols of bass .* got 'z'"),
        (("kick = ", "kik = "), r"player.drums.patterns.1-3.kik must be a drum .* got 'kik': use one of those"),
        (("[90, 100, 110]", "[90, 80, 110]"), r"plain.toml: tempo must be \[slowest, usual, fastest\] within 20..300"),
        (('"I | vi | ii V | I x2"', '"I | Q | V"'), r"progressions.major.any must hold Roman numerals, got 'Q'"),
        (('job = "bass"', 'job = "base"'), r"player.bass.job must be one of drums, bass, comp"),
        (('zh = "素"', 'zh = ""'), r"plain.toml: zh must be a text, got ''"),
        (('name = "plain"', 'nam = "plain"'), r"plain.toml: nam must be one of .*got 'nam': mend the name or drop it"),
        (('"chorus 4-5"', '"refrain 4-5"'), r"player.drums.patterns.refrain 4-5 must be a section, a level"),
        (('"verse 4, chorus 4"', '"verse four"'), r"forms\[0\] must list 'section bars' by commas, got 'verse four'"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_key_rule_and_value(change: tuple[str, str], said: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(InvalidInput, match=said):
        read_style(GOOD.replace(*change, 1), file="plain.toml")


def test_an_unknown_style_names_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"the style book has ambient, .* got 'waltz': choose one of those"):
        load_style("waltz")


def test_levels_part_energy_in_five() -> None:
    assert [level_of(e) for e in (0.0, 0.19, 0.2, 0.5, 0.79, 0.8, 1.0)] == [1, 1, 2, 3, 4, 5, 5]
