"""Laws of the transfer command: style names in two languages, families that serve, answers as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiyin.apps.transfer_ import TransferRequest, chosen, run, served
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.io import load, save
from zhiyin.score import Score

SONG = Path(__file__).parents[1] / "golden" / "io" / "hymn.mid"


def tune_of(score: Score) -> list[tuple[int, int, int, int]]:
    return [tuple(note) for note in score.parts[0].notes]  # type: ignore[misc]


def test_styles_are_known_in_english_and_chinese() -> None:
    assert chosen("auto", "中国五声") == chosen("auto", "Chinese pentatonic") == ("rules", "chinese")
    assert chosen("auto", "圆舞曲")[1] == "waltz" and chosen("rules", "blues") == ("rules", "blues")
    assert chosen("auto", "pop") == ("rules", "pop") and chosen("auto", "散拍")[1] == "ragtime"
    assert chosen("transformer", "blues") == ("transformer", "jazz")


def test_an_unknown_style_names_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"got 'klezmer': choose one of .*waltz.*chinese.*rock"):
        chosen("auto", "klezmer")


def test_a_family_that_does_not_serve_a_style_names_those_that_do() -> None:
    with pytest.raises(InvalidInput, match="got 'chinese': use --family rules or transformer"):
        chosen("vae-transfer", "chinese")
    assert "chinese" not in served("vae-transfer")


def test_the_answer_is_a_file_with_the_tune_as_it_was(tmp_path: Path) -> None:
    request = TransferRequest(source=SONG, out=tmp_path / "waltz.mid", to="waltz", is_silent=True)
    done = run(request)
    assert tune_of(load(tmp_path / "waltz.mid")) == tune_of(load(SONG))
    assert done.report["model"]["name"] == done.takes[0].request.family
    assert [tuple(n) for p in done.takes[0].score.parts[1:] for n in p.notes] != [
        tuple(n) for p in load(SONG).parts[1:] for n in p.notes
    ]


def test_strength_zero_writes_the_song_back(tmp_path: Path) -> None:
    native = tmp_path / "song.zyn"
    save(load(SONG), native)
    done = run(
        TransferRequest(source=native, out=tmp_path / "same.zyn", to="house", strength=0.0, is_silent=True)
    )
    parts = [[[tuple(n) for n in p.notes] for p in one.parts] for one in (done.takes[0].score, load(native))]
    assert parts[0] == parts[1]


def test_what_is_missing_or_not_served_is_told_before_the_long_work(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="a transfer must be told a style, got none"):
        run(TransferRequest(source=SONG, out=tmp_path / "a.mid"))
    with pytest.raises(InvalidInput, match=r"'lstm' serves .*, got 'transfer': use --family"):
        run(TransferRequest(source=SONG, out=tmp_path / "a.mid", to="waltz", family="lstm"))
    with pytest.raises(InvalidInput, match="got 'in C'"):
        run(TransferRequest(source=SONG, out=tmp_path / "a.mid", to="waltz", wishes=("in C",)))
    assert not list(tmp_path.iterdir())
