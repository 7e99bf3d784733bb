"""Laws of the table of ensembles: names in two languages, lists of instruments, complaints with a remedy."""

from __future__ import annotations

import re

import pytest

from zhiyin.arrange import ENSEMBLES, find_ensemble
from zhiyin.errors import InvalidInput, NotFound


@pytest.mark.parametrize("name", ENSEMBLES)
def test_an_ensemble_is_found_by_every_name(name: str) -> None:
    one = ENSEMBLES[name]
    for word in (one.name, one.zh, one.name.upper(), one.name.replace(" ", "-"), *one.aliases):
        assert find_ensemble(word) is one


def test_the_ensembles_asked_for_stand_in_the_table() -> None:
    players = {name: [p.instrument.name for p in ENSEMBLES[name].players] for name in ENSEMBLES}
    assert players["string quartet"] == ["violin", "violin", "viola", "cello"]
    assert players["wind quintet"] == ["flute", "oboe", "clarinet", "french-horn", "bassoon"]
    assert players["SATB choir"] == ["soprano", "alto", "tenor", "bass-voice"]
    saxes = ["alto-sax", "alto-sax", "tenor-sax", "tenor-sax", "baritone-sax"]
    assert players["big band"][:13] == saxes + ["trumpet"] * 4 + ["trombone"] * 4
    assert sorted(players["erhu-guzheng-dizi-pipa ensemble"]) == ["dizi", "erhu", "guzheng", "pipa"]


def test_a_list_of_instruments_is_an_ensemble_with_a_lead_and_a_bass() -> None:
    one = find_ensemble("two flutes, viola and double bass")
    assert [(p.name, p.duties) for p in one.players] == [
        ("Flute 1", ("lead",)), ("Flute 2", ("inner",)), ("Viola", ("inner",)), ("Double Bass", ("bass",)),
    ]  # fmt: skip
    assert [p.instrument.name for p in find_ensemble("二胡、古筝").players] == ["erhu", "guzheng"]


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("string quartt", NotFound, "did you mean string quartet"),
        ("flute, kazoo9", NotFound, "instrument must be a known name, got 'kazoo9'"),
        (" , ", InvalidInput, "an ensemble must be a name or instruments, got ' , '"),
        ("99 flutes", InvalidInput, "1..40 times, got '99 flutes'"),
        ("30 flutes, 30 violins", InvalidInput, "must have 1..40 players, got 60"),
    ],
)
def test_what_is_no_ensemble_is_refused(text: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        find_ensemble(text)
