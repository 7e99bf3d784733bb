"""Laws of `arrange`, `orchestrate` and `reduce` as typed: files that others read, reports that are true, refusals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Typed
from zhiyin.io import load

Zhiyin = Callable[..., Typed]

REFUSED = {
    ("arrange", "none.mid"): "there must be a file at 'none.mid'",
    ("arrange", "none.mid", "--for", "string quartt"): "did you mean string quartet",
    ("arrange", "none.mid", "--for", " , "): "an ensemble must be a name or instruments, got ' , '",
    ("orchestrate", "none.mid", "--for", "kazoo9"): "an ensemble must be a known name",
    ("reduce", "none.mid", "--span", "30"): "a hand's span must be 8..16 semitones, got 30",
}


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_wrong_input_is_exit_2_with_the_value(words: tuple[str, ...], zhiyin: Zhiyin, tmp_path: Path) -> None:
    done = zhiyin(*words)
    assert (done.code, done.out) == (2, "")
    assert REFUSED[words] in done.err
    assert list(tmp_path.iterdir()) == []


def test_written_pitch_needs_musicxml(zhiyin: Zhiyin, song: Path) -> None:
    done = zhiyin("arrange", str(song), "-o", "out.mid", "--written")
    assert done.code == 2 and "written pitch needs a MusicXML file, got 'out.mid'" in done.err


def test_a_folder_holds_files_that_others_read_with_equal_notes(zhiyin: Zhiyin, song: Path) -> None:
    music21, mido = pytest.importorskip("music21"), pytest.importorskip("mido")
    done = zhiyin(
        "arrange", str(song), "--for", "wind quintet", "--no-audio", "--written", "-o", "out", "--json"
    )
    assert done.code == 0, done.err
    score = load("out/score.zyn")
    ours = [Counter(part.notes.pitch.tolist()) for part in score.parts]
    for name in ("score.musicxml", "score-written.musicxml"):
        heard = music21.converter.parse(f"out/{name}").toSoundingPitch().stripTies()
        read = [
            Counter(n.pitch.midi for n in part.recurse().getElementsByClass("Note")) for part in heard.parts
        ]
        assert read == ours, name
    struck = Counter(m.note for m in mido.MidiFile("out/score.mid") if m.type == "note_on" and m.velocity)
    assert struck == sum(ours, Counter())
    assert "score-written.musicxml" in done.tree["files"]
    written = Path("out/score-written.musicxml").read_text(encoding="utf-8")
    assert re.findall(r"<chromatic>(-?\d+)</chromatic>", written) == ["-2", "-7"]  # clarinet, horn


def test_the_report_counts_what_the_score_holds(zhiyin: Zhiyin, song: Path) -> None:
    tree = zhiyin("arrange", str(song), "--for", "brass quintet", "--no-audio", "-o", "out", "--json").tree
    score = load("out/score.zyn")
    assert [part["notes"] for part in tree["parts"]] == [len(part.notes) for part in score.parts]
    assert tree["kept"] + tree["added"] == tree["notes"] == score.note_count
    assert tree["tune"] == 16 and tree["tune_left_out"] == 0  # the song's flute has sixteen notes
    assert tree["parts"][0]["text_en"] == "the tune in 4 bars"
    assert [fault for fault in tree["faults"] if fault["severe"]] == []
    text = Path("out/report.md").read_text(encoding="utf-8")
    assert "| Trumpet 1 | 16 |" in text and "the tune in 4 bars" in text


def test_chinese_names_are_answered_in_chinese(zhiyin: Zhiyin, song: Path) -> None:
    done = zhiyin("arrange", str(song), "--for", "民乐小合奏", "--no-audio", "-o", "out")
    assert done.code == 0, done.err
    assert "民乐小合奏" in done.out and "旋律" in done.out
    assert "谁奏什么" in Path("out/report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["out.mid", "out.musicxml", "out.zyn", "out.abc"])
def test_a_file_is_written_in_the_format_of_its_ending(name: str, zhiyin: Zhiyin, song: Path) -> None:
    done = zhiyin("reduce", str(song), "-o", name, "--json")
    assert done.code == 0, done.err
    tune = {(n.onset, n.pitch) for n in load(song).parts[0].notes}
    found = {(n.onset, n.pitch) for part in load(name).parts for n in part.notes}
    assert tune <= found and done.tree["files"] == [name]


def test_orchestrating_tells_who_plays(zhiyin: Zhiyin, song: Path) -> None:
    done = zhiyin("orchestrate", str(song), "--no-audio", "-o", "out")
    assert done.code == 0, done.err
    for word in ("small orchestra", "Violin I", "Timpani", "notes come from the source", "playability"):
        assert word in done.out
