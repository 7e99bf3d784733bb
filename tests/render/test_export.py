"""Laws of the bundle: whole or not at all, written notes for the eye, played notes for the ear.

Conventions: bundles leave out what is slow unless the law is about it.
Does not know: how a file is made.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.render.conftest import make_song
from zhiyin.audio.files import read_audio
from zhiyin.errors import InvalidInput
from zhiyin.io import load
from zhiyin.io.midi import Midi
from zhiyin.io.native import Native
from zhiyin.perform import humanise
from zhiyin.render import SmallBank, export
from zhiyin.render.export import export_bundle
from zhiyin.score import Score


@pytest.fixture(scope="module")
def played(song: Score) -> Score:
    return humanise(song, seed=1)


def test_a_bundle_holds_the_written_and_the_played_piece(tmp_path: Path, song: Score, played: Score) -> None:
    kinds = ("midi", "native", "roll", "audio")
    files = export_bundle(song, tmp_path / "out", performed=played, synth=SmallBank(), kinds=kinds)
    names = {"score.mid", "performance.mid", "score.zyn", "roll.png", "audio.wav", "audio.flac"}
    assert set(files) == names == {p.name for p in (tmp_path / "out").iterdir()}
    assert Native().read(files["score.zyn"].read_bytes(), path="score.zyn") == song
    exact = Midi().read(files["score.mid"].read_bytes(), path="score.mid")
    assert [p.notes.onset.tolist() for p in exact.parts] == [p.notes.onset.tolist() for p in song.parts]
    performed = Midi().read(files["performance.mid"].read_bytes(), path="performance.mid")
    assert performed.parts[0].notes.velocity.tolist() == played.parts[0].notes.velocity.tolist()
    wav, flac = read_audio(files["audio.wav"]), read_audio(files["audio.flac"])
    assert wav.duration_s == flac.duration_s == pytest.approx(8.0, abs=0.001)
    assert (wav.samples == flac.samples).all()


def test_a_bundle_has_its_notation(tmp_path: Path, song: Score, played: Score) -> None:
    files = export_bundle(song, tmp_path, performed=played, synth=SmallBank(), kinds=("musicxml", "pages"))
    assert {"score.musicxml", "score-1.svg", "score.pdf"} <= set(files)
    assert "雨夜的车站" in files["score-1.svg"].read_text(encoding="utf-8")
    assert files["score.pdf"].read_bytes().startswith(b"%PDF-")


def test_hands_share_a_part_on_the_page_and_keep_two_tracks(tmp_path: Path, song: Score) -> None:
    piano = song.parts[1]
    hands = song.with_parts(
        (replace(piano, name="Piano, upper", role="melody"), replace(piano, name="Piano, lower"))
    )
    files = export_bundle(
        hands, tmp_path, performed=hands, synth=SmallBank(), kinds=("midi", "musicxml", "native")
    )
    names = {name: [part.name for part in load(files[name]).parts] for name in files}
    assert names["score.musicxml"] == ["Piano"]
    assert names["score.mid"] == names["score.zyn"] == ["Piano, upper", "Piano, lower"]


def test_progress_rises_to_one(tmp_path: Path, song: Score, played: Score) -> None:
    told: list[tuple[str, float]] = []
    export_bundle(
        song, tmp_path, performed=played, synth=SmallBank(), kinds=("midi", "native"),
        progress=lambda kind, share: told.append((kind, share)),
    )  # fmt: skip
    assert told == [("midi", 0.0), ("native", 0.5), ("done", 1.0)]


def test_a_failure_leaves_the_folder_as_it_was(
    tmp_path: Path, song: Score, played: Score, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    export_bundle(song, target, performed=played, synth=SmallBank(), kinds=("native",))
    before = {p.name: p.read_bytes() for p in target.iterdir()}

    def interrupted(work: object) -> dict[str, bytes]:
        raise KeyboardInterrupt

    monkeypatch.setitem(export._MAKERS, "roll", interrupted)
    with pytest.raises(KeyboardInterrupt):
        export_bundle(
            make_song(bars=2), target, performed=played, synth=SmallBank(), kinds=("native", "roll")
        )
    assert {p.name: p.read_bytes() for p in target.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_shorter_piece_does_not_keep_the_pages_of_a_longer_one(tmp_path: Path, played: Score) -> None:
    (tmp_path / "score-7.svg").write_text("old")
    export_bundle(played, tmp_path, performed=played, synth=SmallBank(), kinds=("native",))
    assert (tmp_path / "score-7.svg").exists()  # no new pages, so the old ones stay
    aside = tmp_path / "aside"
    aside.mkdir()
    (aside / "score-1.svg").write_text("new")
    export._move_in(aside, tmp_path)
    assert sorted(p.name for p in tmp_path.glob("*.svg")) == ["score-1.svg"]


def test_an_unknown_kind_is_refused(tmp_path: Path, song: Score) -> None:
    with pytest.raises(InvalidInput, match=r"kinds must be among midi, musicxml.*got 'mp3'"):
        export_bundle(song, tmp_path / "out", performed=song, synth=SmallBank(), kinds=("mp3",))
    assert not (tmp_path / "out").exists()


def test_a_very_long_piece_goes_without_its_picture_and_says_so(tmp_path: Path) -> None:
    long = replace(make_song(bars=1), length_ticks=1025 * 40_320)
    assert list(export.too_long(long)) == ["roll"]
    assert "holds 1024 bars and this piece has 1025" in export.too_long(long)["roll"][0]
    files = export_bundle(long, tmp_path, performed=long, synth=SmallBank(), kinds=("native", "roll"))
    assert set(files) == {"score.zyn"}
    assert list(export.too_long(replace(long, length_ticks=1601 * 40_320))) == ["roll", "pages"]
