"""Laws of the shipped listeners: small, many styles, right about a tune everybody knows, blind to what they promise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zhiyin.io.abc import read_tune, split_tunes
from zhiyin.listen import LISTENERS, styles_of
from zhiyin.listen.style import STYLE_FILE, load_style
from zhiyin.listen.style_words import TOPICS, topic_places
from zhiyin.listen.tune_type import TUNE_TYPE_FILE
from zhiyin.score import Notes, Part, Score
from zhiyin.units import TICKS_PER_QUARTER

# A jig of the eighteenth century, as sessions play it.
WASHERWOMAN = b"""X:1
T:The Irish Washerwoman
M:6/8
L:1/8
K:G
|:BGG DGG|BGB dcB|cAA EAA|cAc edc|BGG DGG|BGB dcB|cBc Adc|BGG G3:|
|:bgg dgg|bgb bag|aff dff|afa agf|egg dgg|cgg Bgg|cBc Adc|BGG G3:|
"""


@pytest.fixture(scope="module")
def jig() -> Score:
    return read_tune(next(iter(split_tunes(WASHERWOMAN, path="jig.abc"))), path="jig.abc")


def test_the_files_are_small_and_know_twelve_styles_at_least() -> None:
    assert STYLE_FILE.stat().st_size < 1_000_000
    assert TUNE_TYPE_FILE.stat().st_size < 1_000_000
    assert len(load_style().classes) >= 12


def test_a_jig_is_folk_and_a_jig_and_the_metre_tells(jig: Score) -> None:
    assert LISTENERS["style"].hear(jig).label == "folk"
    dance = LISTENERS["tune-type"].hear(jig)
    assert dance.label == "jig"
    assert all(piece.label == "folk" for piece in LISTENERS["style"].hear(jig).near)


def test_the_same_jig_for_strings_is_folk_from_the_notes_alone(jig: Score) -> None:
    fiddled = jig.with_parts(replace(part, program=48) for part in jig.parts)
    assert LISTENERS["style-of-notes"].hear(fiddled) == LISTENERS["style-of-notes"].hear(jig)


def test_shares_for_ranking_sum_to_one_and_stand_likeliest_first(jig: Score) -> None:
    shares = styles_of(jig)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert next(iter(shares)) == "folk"
    assert styles_of(Score()) == {}


def test_every_feature_that_is_heard_has_one_topic() -> None:
    told = [place for topic in TOPICS for place in topic_places(topic.name)[0].tolist()]
    assert len(told) == len(set(told))
    used = load_style().used.nonzero()[0].tolist()
    assert sorted(told) == used


def with_chords(tune: Score) -> Score:
    """Return the tune with a chord of three notes under every bar of 6/8, for a piano as the tune is."""
    bar, turn = 3 * TICKS_PER_QUARTER, ((43, 47, 50), (43, 47, 50), (45, 48, 52), (50, 54, 57))
    rows = [(n * bar, bar, pitch) for n in range(tune.end // bar) for pitch in turn[n % 4]]
    return tune.with_parts([*tune.parts, Part("chords", Notes.of(rows))])


def test_a_jig_with_chords_is_a_jig_and_no_romantic_piano_piece(jig: Score) -> None:
    chorded = with_chords(jig)
    assert LISTENERS["tune-type"].hear(chorded).labels[0][0] == "jig"
    for name in ("style", "style-of-notes"):
        found = LISTENERS[name].hear(chorded)
        assert found.label in ("folk", None)
        assert dict(found.labels)["romantic-piano"] < 0.5
    assert next(iter(styles_of(chorded))) == "folk"


def test_chords_under_a_tune_make_an_answer_less_sure_never_surer(jig: Score) -> None:
    for name in ("style", "tune-type"):
        assert LISTENERS[name].hear(with_chords(jig)).confidence <= LISTENERS[name].hear(jig).confidence
