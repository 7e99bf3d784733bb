"""Laws of `listen`: notes and sound answered alike, drawn, reported; what cannot be heard is refused."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from zhiyin.apps.listen_ import PICTURES, Listened, ListenRequest, is_sound, run
from zhiyin.apps.listen_words import answer_words, both_words, label_words
from zhiyin.audio import Audio
from zhiyin.audio.files import write_audio
from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.io import load, save
from zhiyin.listen.base import Finding
from zhiyin.render import SmallBank
from zhiyin.score import Notes, Part, Score

RATE = 22_050


@pytest.fixture
def sound(song: Path, tmp_path: Path) -> Path:
    """Return the small song of these tests as a WAV file."""
    path = tmp_path / "song.wav"
    write_audio(SmallBank().render(load(song), sample_rate=RATE), path)
    return path


def check_files(heard: Listened, folder: Path) -> dict[str, object]:
    assert [path.name for path in heard.files] == [*PICTURES, "report.json"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in heard.files)
    image = Image.open(folder / "listen.png")
    assert image.width == 1600 and len(set(image.convert("L").resize((80, 60)).tobytes())) > 10
    ET.fromstring((folder / "listen.svg").read_bytes())
    found: dict[str, object] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return found


def test_notes_are_heard_with_their_key_metre_form_and_drawn(song: Path, tmp_path: Path) -> None:
    heard = run(ListenRequest(song, tmp_path / "out"))
    assert heard.source_kind == "notes" and heard.key is not None and heard.key.name == "D minor"
    facts = heard.facts
    assert (facts["bars"], facts["notes"], facts["metre"], facts["tempo_bpm"]) == (4, 20, ["4/4"], 120.0)
    report = check_files(heard, tmp_path / "out")
    assert report["key_zh"] == heard.key.name_zh and report["files"] == [*PICTURES, "report.json"]


def test_sound_is_heard_with_tempo_key_loudness_and_drawn(sound: Path, tmp_path: Path) -> None:
    pytest.importorskip("librosa")
    heard = run(ListenRequest(sound, tmp_path / "out"))
    assert heard.source_kind == "sound" and heard.key is not None and heard.key.name == "D minor"
    assert heard.facts["tempo_bpm"] == pytest.approx(120.0, rel=0.03)
    assert heard.facts["seconds"] == pytest.approx(10.0, abs=0.1)  # 8 s of music and 2 s of ringing out
    assert set(heard.findings) == {"sound-style", "sound-mood"}
    report = check_files(heard, tmp_path / "out")
    assert set(report["findings"]) == {"sound-style", "sound-mood"}  # type: ignore[call-overload]


def test_without_a_folder_nothing_is_written(song: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    assert run(ListenRequest(song)).files == ()
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_of_ours_is_written_anew_and_one_of_others_is_not(song: Path, tmp_path: Path) -> None:
    run(ListenRequest(song, tmp_path / "out"))
    run(ListenRequest(song, tmp_path / "out"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "listen.png").write_bytes(b"a holiday")
    with pytest.raises(InvalidInput, match="was not written by zhiyin: move it away or name another folder"):
        run(ListenRequest(song, tmp_path / "mine"))
    assert (tmp_path / "mine" / "listen.png").read_bytes() == b"a holiday"


def test_a_score_without_notes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.mid"
    save(Score("Nothing", (Part("Flute", Notes.of([])),)), path)
    with pytest.raises(
        InvalidInput, match=r"a score must have notes to be listened to, got '.*empty\.mid' with none"
    ):
        run(ListenRequest(path, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_moment_of_sound_is_refused_with_its_length(tmp_path: Path) -> None:
    pytest.importorskip("librosa")
    path = tmp_path / "moment.wav"
    write_audio(Audio(np.zeros((1, RATE), np.float32), RATE), path)
    with pytest.raises(InvalidInput, match=r"must last 5 s or more to be listened to, got 1\.00 s"):
        run(ListenRequest(path, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_sound_says_where_it_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "no.wav"
    path.write_bytes(b"RIFF but not really")
    with pytest.raises(UnreadableFile, match="not a readable sound file"):
        run(ListenRequest(path))


def test_an_unknown_ending_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"must end in one of .*\.abc.*\.wav.*, got 'song\.doc'"):
        is_sound(tmp_path / "song.doc")
    assert is_sound(Path("A.FLAC")) and not is_sound(Path("a.mid"))


def test_answers_are_told_in_both_languages() -> None:
    sure = Finding("style", (("waltz", 0.8), ("march", 0.2)), "waltz")
    unsure = Finding("style", (("waltz", 0.5), ("march", 0.5)), None, ("too short", "太短"))
    assert answer_words(sure) == ("waltz (80 %)", "圆舞曲（80 %）")
    assert answer_words(unsure) == (
        "don't know: too short; nearest: waltz (50 %)", "不知道：太短；最接近：圆舞曲（50 %）"
    )  # fmt: skip
    assert answer_words(Finding.unheard("style", "nothing")) == (
        "don't know: nothing sounds",
        "不知道：没有声音",
    )
    assert label_words("slip-jig") == ("slip jig", "滑步吉格")
    assert both_words(label_words("string-quartet")) == "string quartet 弦乐四重奏"
