"""Laws of the band that an act takes: the style asked or none, never another in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiyin.apps.accompany_ import AccompanyRequest
from zhiyin.apps.accompany_ import run as accompany
from zhiyin.apps.blend_ import BlendRequest
from zhiyin.apps.blend_ import run as blend
from zhiyin.apps.drums_ import DrumsRequest
from zhiyin.apps.drums_ import run as drums
from zhiyin.errors import InvalidInput
from zhiyin.io import save
from zhiyin.score import Notes, Part, Score

TUNE = 'X:1\nT:t\nM:4/4\nL:1/4\nK:C\n"C"CEGE|"F"FAcA|"G7"GBdB|"C"c4|\n'


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    path = tmp_path / "t.abc"
    path.write_text(TUNE, encoding="utf-8")
    return path


def test_a_style_without_a_book_is_refused_with_those_that_have_one_and_a_family_that_can(tune: Path) -> None:
    out = tune.parent / "o.mid"
    match = r"rules family plays .*bossa-nova.*got 'hymn'.*--family transformer"
    with pytest.raises(InvalidInput, match=match):
        accompany(AccompanyRequest(source=tune, out=out, style="hymn", family="rules"))
    with pytest.raises(InvalidInput, match=match):
        drums(DrumsRequest(source=tune, out=out, style="hymn", family="rules"))
    assert not out.exists()


def test_drums_of_a_style_without_a_book_are_the_models_where_nobody_is_named(tune: Path) -> None:
    done = drums(DrumsRequest(source=tune, out=tune.parent / "o.mid", style="hymn"))
    assert done.report["model"]["name"] != "stylebook" and not done.report["notices"]


def test_a_notice_says_which_band_was_taken_where_no_style_was_asked(tune: Path) -> None:
    done = drums(DrumsRequest(source=tune, out=tune.parent / "a.mid"))
    assert [n["en"] for n in done.report["notices"]] == [
        "no style was asked: the style book's band of pop played; another: --style."
    ]
    told = drums(DrumsRequest(source=tune, out=tune.parent / "b.mid", style="funk"))
    assert not told.report["notices"] and told.report["model"]["name"] == "stylebook"


def test_a_family_that_has_no_piano_names_players_and_families_that_would_do(tune: Path) -> None:
    out = tune.parent / "o.mid"
    match = r"'vae' writes melody, bass, drums, got .*--players bass or drums, or use --family transformer, lstm, gan, "
    with pytest.raises(InvalidInput, match=match + "ensemble"):
        accompany(AccompanyRequest(source=tune, out=out, family="vae"))
    assert accompany(AccompanyRequest(source=tune, out=out, family="vae", players=("bass",))).takes


def test_a_blend_with_drums_alone_says_that_there_is_no_tune(tune: Path) -> None:
    kit = tune.parent / "kit.mid"
    hits = Notes.of([(i * 10_080, 5_040, 36, 90) for i in range(16)])
    save(Score("kit", (Part("Drums", hits, role="drums", is_drums=True),)), kit)
    with pytest.raises(InvalidInput, match=r"got no tune in 'kit': name pieces that have one"):
        blend(BlendRequest(source=tune, others=(kit,), out=tune.parent / "o.mid"))
