"""Laws of bands and singers: named players are the players, and a singer is heard in both languages."""

from __future__ import annotations

import pytest

from zhiyin.brief import read_brief
from zhiyin.fill.plan_make import make_plan


@pytest.mark.parametrize(
    ("text", "style", "players"),
    [
        ("rock band with drums, electric guitar, bass", "rock", ("drums", "electric-guitar", "bass-guitar")),
        ("jazz trio with piano, bass and drums", "jazz", ("piano", "bass-guitar", "drums")),
        ("pop band with voice and piano", "pop", ("voice", "piano")),
        ("a rock band, electric guitar, bass, drums", "rock", ("electric-guitar", "bass-guitar", "drums")),
        ("jazz trio: guitar, upright bass, drums", "jazz", ("guitar", "upright-bass", "drums")),
        ("a power trio consisting of organ, guitar and drums", "rock", ("organ", "guitar", "drums")),
        ("a rock band of two guitars and drums", "rock", ("guitar", "guitar", "drums")),
        ("乐队：钢琴、贝斯、鼓", None, ("piano", "bass-guitar", "drums")),
        ("由吉他和鼓组成的乐队", None, ("guitar", "drums")),
        ("乐队由吉他和鼓组成", None, ("guitar", "drums")),
        ("摇滚乐队，用电吉他、贝斯和鼓", "rock", ("electric-guitar", "bass-guitar", "drums")),
        ("爵士三重奏：吉他、贝斯、鼓", "jazz", ("guitar", "bass-guitar", "drums")),
    ],
)
def test_the_players_named_for_a_band_are_the_players_exactly(
    text: str, style: str | None, players: tuple[str, ...]
) -> None:
    brief = read_brief(text)
    assert (brief.wishes.style, brief.wishes.players) == (style, players)
    assert (brief.unknown, brief.conflicts) == ((), ())


@pytest.mark.parametrize(
    ("text", "players"),
    [
        ("rock band with saxophone", ("electric-guitar", "bass-guitar", "drums", "alto-sax")),
        ("rock band with strings and brass", ("electric-guitar", "bass-guitar", "drums", "strings", "brass")),
        (
            "a rock band, plus violin and cello",
            ("electric-guitar", "bass-guitar", "drums", "violin", "cello"),
        ),
        ("a jazz trio. A flute and a harp", ("piano", "upright-bass", "drums", "flute", "harp")),
        ("SATB with organ and trumpet", ("soprano", "alto", "tenor", "bass-voice", "organ", "trumpet")),
        ("a rock band with no drums", ("electric-guitar", "bass-guitar")),
        ("摇滚乐队", ("electric-guitar", "bass-guitar", "drums")),
        ("爵士乐队", ("piano", "upright-bass", "drums")),
        ("a folk band", ("guitar", "bass-guitar", "drums")),
        ("a brass band march", ("trumpet", "french-horn", "trombone", "tuba", "drums")),
        ("军乐队", ("trumpet", "french-horn", "trombone", "tuba", "drums")),
    ],
)
def test_what_only_adds_to_a_band_leaves_its_own_players(text: str, players: tuple[str, ...]) -> None:
    assert read_brief(text).wishes.players == players


def test_with_no_refuses_what_follows() -> None:
    wishes = read_brief("a lullaby with no drums or bass").wishes
    assert (wishes.players, wishes.excluded) == ((), ("drums", "bass-guitar"))


_SINGERS = [("女声", "voice"), ("男声", "voice"), ("童声", "voice"), ("女高音", "soprano"), ("男高音", "tenor"),
            ("女中音", "alto")]  # fmt: skip


@pytest.mark.parametrize(("word", "name"), _SINGERS)
@pytest.mark.parametrize("alone", ["", "独唱", "演唱", "主唱"])
def test_a_chinese_singer_sings_and_the_piano_accompanies(word: str, name: str, alone: str) -> None:
    brief = read_brief(f"{word}{alone}，钢琴伴奏")
    assert (brief.wishes.players, brief.unknown) == ((name, "piano"), ())
    roles = {player.instrument: player.role for player in make_plan(brief.wishes, seed=1).players}
    assert roles == {name: "melody", "piano": "accompaniment"}


@pytest.mark.parametrize("word", ["男低音", "男中音", "男低音独唱", "男中音演唱"])
def test_a_low_singer_is_one_voice(word: str) -> None:
    brief = read_brief(f"{word}，钢琴伴奏")
    assert (brief.wishes.players, brief.unknown) == (("bass-voice", "piano"), ())


@pytest.mark.parametrize(
    "word", ["female singer", "male singer", "female voice", "male voice", "female vocals", "male vocalist"]
)
def test_an_english_singer_is_a_voice_and_nothing_is_left_over(word: str) -> None:
    brief = read_brief(f"a ballad for {word} and piano")
    assert (brief.wishes.players, brief.unknown) == (("voice", "piano"), ())


def test_a_lyrical_song_of_the_time_is_a_ballad_with_its_singer() -> None:
    brief = read_brief("流行抒情曲，女声、钢琴、弦乐")
    assert (brief.wishes.style, brief.wishes.players) == ("ballad", ("voice", "piano", "strings"))
    assert (brief.unknown, brief.conflicts) == ((), ())
    assert read_brief("抒情的钢琴曲").wishes.moods == ("tender",)


@pytest.mark.parametrize(
    "text", ["8位", "8位机", "八位机", "8位音乐", "八位机音乐", "8位机游戏音乐", "8位的游戏音乐"]
)
def test_an_eight_bit_machine_is_chiptune(text: str) -> None:
    brief = read_brief(text)
    assert (brief.wishes.style, brief.unknown, brief.conflicts) == ("chiptune", (), ())


def test_eight_players_are_no_machine() -> None:
    assert read_brief("8位小提琴").wishes.players == ("violin",) * 8
    assert read_brief("18位").wishes.style is None
