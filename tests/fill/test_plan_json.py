"""Laws of plans as text: what may be edited, what follows, and how what does not fit is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.fill.norms import all_norms
from zhiyin.fill.plan import plan_from_json, plan_to_json
from zhiyin.fill.plan_make import make_plan
from zhiyin.score.wishes import Wishes
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import MODE_FIFTHS, Key
from zhiyin.theory.metre import Metre

WALTZ = make_plan(Wishes(style="waltz", bars=8, key=Key.parse("Em"), players=("flute", "cello")), seed=3)
BAND = make_plan(Wishes(style="pop", bars=8, key=Key.parse("C"), chords=("C", "F", "G", "C")), seed=3)


def tree_of(plan: Any = WALTZ) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(plan_to_json(plan))
    return tree


def read(tree: dict[str, Any]) -> Any:
    return plan_from_json(json.dumps(tree))


def test_a_plan_is_written_as_musicians_write() -> None:
    tree = tree_of(BAND)
    assert (tree["key"], tree["metre"]) == ("C major", "4/4")
    assert tree["chords"][:3] == [[1, 1.0, "C"], [2, 1.0, "F"], [3, 1.0, "G"]]


@pytest.mark.parametrize("style", sorted(all_norms()))
def test_every_made_plan_reads_back_equal(style: str) -> None:
    for seed in range(4):
        plan = make_plan(Wishes(style=style, bars=24), seed=seed)
        assert plan_from_json(plan_to_json(plan)) == plan


@pytest.mark.parametrize("mode", sorted(MODE_FIFTHS))
def test_plans_in_every_mode_and_key_read_back_equal(mode: str) -> None:
    for tonic in (0, 1, 6, 11):
        plan = make_plan(Wishes(style="song", bars=16, key=Key.from_pitch_class(tonic, mode)), seed=tonic)
        assert plan_from_json(plan_to_json(plan)) == plan


def test_players_may_be_removed_and_added_when_textures_are_left_out() -> None:
    tree = tree_of()
    del tree["textures"], tree["energy"]
    tree["players"] = [tree["players"][0], {"instrument": "harp"}, {"instrument": "手鼓"}]
    plan = read(tree)
    assert [(p.instrument, p.role) for p in plan.players] == [
        ("flute", "melody"), ("harp", "accompaniment"), ("hand-drums", "drums"),
    ]  # fmt: skip
    assert [len(row) for row in plan.textures] == [8, 8, 8] and len(plan.energy) == 8
    assert plan.chords == WALTZ.chords


def test_another_instrument_brings_its_own_program_and_name() -> None:
    tree = tree_of()
    tree["players"][0]["instrument"] = "violin"
    violin = read(tree).players[0]
    assert (violin.program, violin.part, violin.is_drums) == (40, "Violin", False)


def test_chords_move_with_the_metre() -> None:
    tree = tree_of(BAND) | {"metre": "3/4"}
    plan = read(tree)
    bar = Metre(3, 4).bar_ticks
    assert plan.chords[:3] == ((0, Chord(0)), (bar, Chord(5)), (2 * bar, Chord(7)))


def test_chords_of_another_key_may_be_moved_or_made_anew() -> None:
    tree = tree_of(BAND) | {"key": "Eb major"}
    with pytest.raises(InvalidInput, match="add \"transpose\": 3 to move them, or delete 'chords'"):
        read(tree)
    assert read(tree | {"transpose": 3}).chords[0][1] == Chord(3)
    del tree["chords"]
    made = read(tree)
    assert made.key == Key.parse("Eb") and made.chords[-1][1].root == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"players": [{"instrument": "flute"}]}, "textures must be 1 players x 8 bars.*delete 'textures'"),
        ({"energy": [0.5]}, "energy must have one value for each of 8 bars, got 1: delete 'energy'"),
        ({"colour": 1}, "only known fields, got 'colour': delete it"),
        ({"players": [{"role": "melody"}]}, r"players\[0\] must have 'instrument', got none: add it"),
        ({"players": [{"instrument": "flute", "program": 0}]}, r"must be those of flute \(73, False\), got 0"),
        ({"players": [{"instrument": "drums", "role": "bass"}]}, "'drums' for a drum kit and for no other, got 'bass'"),
        ({"players": 3}, "players must be a list, got 3"),
        ({"bars": 9}, "add up to the plan's 9 bars, got 8"),
        ({"chords": [[1, 4, "Em"]]}, "bars 1..8 and the 3 beats of 3/4, got .1, 4, 'Em'.: move it, or delete 'chords'"),
        ({"chords": [[1, "Em"]]}, r'must each be \[bar, beat, "symbol"\], got'),
        ({"chords": [[1, 1, "H7"]]}, "chord must be a root"),
        ({"key": 3}, "key must be a text, got 3"),
        ({"key": "Q minor"}, "key must be a note and a mode, got 'Q minor'"),
        ({"metre": "three"}, "metre must look like 3/4"),
        ({"tempo_bpm": "fast"}, "tempo_bpm must be a number, got 'fast'"),
        ({"sections": []}, "sections must hold at least one"),
        ({"sections": [{"name": "A", "bars": 8, "first_bar": 0}]}, r"sections\[0\] must have only .* 'first_bar'"),
        ({"moods": [3]}, "moods must hold texts, got 3"),
        ({"textures": [[3] * 8] * 2}, r"hold \[density, polyphony, register, is_empty\], got 3"),
    ],
)  # fmt: skip
def test_an_edit_that_does_not_fit_is_refused_with_its_remedy(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read(tree_of() | change)


@pytest.mark.parametrize("name", ["style", "key", "metre", "tempo_bpm", "sections", "players"])
def test_a_missing_field_is_named(name: str) -> None:
    tree = tree_of()
    del tree[name]
    with pytest.raises(InvalidInput, match=f"a plan must have '{name}', got none: add it"):
        read(tree)


def test_an_unknown_instrument_is_named() -> None:
    with pytest.raises(NotFound, match="got 'zorn'"):
        read(tree_of() | {"players": [{"instrument": "zorn"}]})
