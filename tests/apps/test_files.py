"""Laws of info, convert and render: what is said is what is there, and nothing is half written."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from zhiyin.apps.bundle import Sound
from zhiyin.apps.convert import ConvertRequest
from zhiyin.apps.convert import run as convert
from zhiyin.apps.files import named, read_score
from zhiyin.apps.info import InfoRequest
from zhiyin.apps.info import run as info
from zhiyin.apps.render_ import RenderRequest
from zhiyin.apps.render_ import run as render
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.io import load, save
from zhiyin.score import Notes, Part, Score


def test_info_tells_key_length_parts_and_ranges(song: Path) -> None:
    tree = info(InfoRequest(song)).to_json()
    assert (tree["key"], tree["key_zh"], tree["bars"], tree["seconds"]) == ("D minor", "D小调", 4, 8.0)
    assert [(p["instrument"], p["role"], p["range"]) for p in tree["parts"]] == [
        ("flute", "melody", "C#4-A4"), ("cello", "bass", "D2-A2"),
    ]  # fmt: skip
    assert len(tree["chords"]) == 4
    assert tree["chords"][0] == "Dm"
    assert "chords" in tree["found_by_analysis"]


def test_chords_that_the_file_gives_are_not_found_again(tmp_path: Path) -> None:
    path = tmp_path / "tune.abc"
    path.write_text('X:1\nT:Tune\nM:4/4\nL:1/4\nK:G\n"G"GABc|"D7"dcBA|"Em"G2"C"G2|"G"G4|\n', encoding="utf-8")
    found = info(InfoRequest(path))
    assert found.chord_bars() == ["G", "D7", "Em C", "G"]
    assert "chords" not in found.found


def test_convert_says_what_was_lost_and_the_notes_survive(song: Path, tmp_path: Path) -> None:
    done = convert(ConvertRequest(song, tmp_path / "song.abc"))
    assert (done.source_format, done.target_format, done.notes) == ("MIDI", "ABC", 20)
    assert any("velocities" in sentence for sentence in done.lost)
    assert load(tmp_path / "song.abc").note_count == 20
    kept = convert(ConvertRequest(song, tmp_path / "song.zyn"))
    assert kept.lost == ()


def test_convert_refuses_to_write_over_its_source(song: Path) -> None:
    before = song.read_bytes()
    with pytest.raises(InvalidInput, match="the target must be another file than the source"):
        convert(ConvertRequest(song, song))
    assert song.read_bytes() == before


@pytest.mark.parametrize(("source", "target", "kind", "message"), [
    ("none.mid", "a.abc", NotFound, "there must be a file at"),
    ("song.mid", "a.xyz", NotFound, "must end in one of"),
])  # fmt: skip
def test_convert_names_a_missing_file_or_an_unknown_ending(
    song: Path, source: str, target: str, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        convert(ConvertRequest(song.parent / source, song.parent / target))
    assert [p.name for p in song.parent.iterdir()] == ["song.mid"]


def test_a_file_and_a_folder_sound_equally_long_as_the_music_and_the_tail(song: Path, tmp_path: Path) -> None:
    lengths = {}
    for name in ("a.wav", "folder"):
        for tail_s in (0.0, 1.5):
            done = render(RenderRequest(song, tmp_path / name, tail_s=tail_s))
            assert done.sound is not None
            lengths[name, tail_s] = done.sound.seconds
    assert lengths == {
        (n, t): pytest.approx(8.0 + t, abs=0.01) for n in ("a.wav", "folder") for t in (0.0, 1.5)
    }


def test_sound_has_the_written_length_and_the_loudness_asked_for(song: Path, tmp_path: Path) -> None:
    done = render(RenderRequest(song, tmp_path / "song.flac", lufs=-20.0))
    assert done.sound is not None
    assert soundfile.info(tmp_path / "song.flac").duration == pytest.approx(8.0, abs=0.01)
    assert done.sound.lufs == pytest.approx(-20.0, abs=0.5)
    assert done.sound.peak_dbfs < -0.5


@pytest.mark.parametrize(("name", "head"), [("a.pdf", b"%PDF"), ("a.png", b"\x89PNG"), ("a.svg", b"<svg")])
def test_the_ending_chooses_what_is_rendered(song: Path, tmp_path: Path, name: str, head: bytes) -> None:
    done = render(RenderRequest(song, tmp_path / name))
    assert done.files == (tmp_path / name,)
    assert head in (tmp_path / name).read_bytes()[:400]


def test_rendering_into_a_folder_twice_replaces_only_its_own_files(song: Path, tmp_path: Path) -> None:
    done = render(RenderRequest(song, tmp_path / "out"))
    assert {"score.mid", "score.musicxml", "score.pdf", "roll.png", "audio.wav", "report.json"} <= {
        path.name for path in done.files
    }
    (tmp_path / "out" / "mine.txt").write_text("keep")
    assert render(RenderRequest(song, tmp_path / "out")).files == done.files
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "score.pdf").write_text("mine")
    with pytest.raises(InvalidInput, match="was not written by zhiyin"):
        render(RenderRequest(song, tmp_path / "other"))


@pytest.mark.parametrize(("fields", "message"), [
    ({"lufs": 0.0}, "loudness must be -40..-6 LUFS, got 0"), ({"seed": -1}, "seed must be 0 or more"),
    ({"tail_s": 11.0}, "tail must be 0..10 seconds, got 11"), ({"tail_s": -1.0}, "tail must be 0..10 seconds"),
])  # fmt: skip
def test_render_refuses_numbers_out_of_range(fields: dict[str, float], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        RenderRequest(Path("a.mid"), Path("a.wav"), **fields)  # type: ignore[arg-type]


def test_a_score_without_notes_cannot_be_rendered(tmp_path: Path) -> None:
    save(Score("Empty"), tmp_path / "empty.zyn")
    with pytest.raises(InvalidInput, match="a score must have notes to be rendered"):
        render(RenderRequest(tmp_path / "empty.zyn", tmp_path / "a.wav"))


def test_a_sound_held_down_by_its_peaks_says_by_how_much() -> None:
    measured = [Sound("bank", 8.0, lufs, -1.0, 44_100, 2).below_target_lu for lufs in (-14.2, -17.5)]
    assert measured == [0.0, 3.5]


def test_what_has_no_name_is_named_after_the_file_and_the_instrument(tmp_path: Path) -> None:
    notes = Notes.of([(0, 10_080, 60)])
    path = tmp_path / "evening.zyn"
    save(Score("", (Part("", notes, program=73), Part("Me", notes))), path)
    score = named(read_score(path), path).score
    assert (score.title, [part.name for part in score.parts]) == ("evening", ["flute", "Me"])
    assert read_score(path).score.title == ""


def test_a_folder_is_not_a_score(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="a score must be a file, got the folder"):
        read_score(tmp_path)
