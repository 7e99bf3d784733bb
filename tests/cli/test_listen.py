"""Laws of `zhiyin listen` as typed: one JSON tree, both languages, exit code 2 for what cannot be heard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Typed

Zhiyin = Callable[..., Typed]


def test_a_score_is_told_and_drawn_into_a_free_folder(zhiyin: Zhiyin, song: Path) -> None:
    done = zhiyin("listen", song)
    assert done.code == 0 and "D minor" in done.out and "4/4" in done.out
    assert Path("out/listen.png").is_file() and "out/listen.svg" in done.out
    assert zhiyin("listen", song).code == 0 and Path("out-2/listen.png").is_file()


def test_json_is_one_tree_of_facts_and_findings(zhiyin: Zhiyin, song: Path) -> None:
    tree = zhiyin("listen", song, "--json", "--out", "heard").tree
    assert tree["key"] == "D minor" and tree["bars"] == 4 and tree["source"] == "notes"
    assert tree["files"] == ["heard/listen.png", "heard/listen.svg", "heard/report.json"]
    for finding in tree["findings"].values():
        assert {"label", "confidence", "labels", "reasons", "near"} <= set(finding)


def test_chinese_is_spoken_when_asked(zhiyin: Zhiyin, song: Path) -> None:
    done = zhiyin("listen", song, "--lang", "zh")
    assert done.code == 0 and "D小调" in done.out.replace(" ", "")


def test_what_cannot_be_heard_ends_with_two_and_the_reason(zhiyin: Zhiyin) -> None:
    Path("bad.wav").write_bytes(b"no sound")
    Path("bad.mid").write_bytes(b"no notes")
    for name, reason in (
        ("none.wav", "audio file must exist, got 'none.wav'"), ("bad.wav", "not a readable sound file"),
        ("bad.mid", "cannot read 'bad.mid'"), ("song.doc", "must end in one of"),
        (".", "must be a file, got the folder"),
    ):  # fmt: skip
        done = zhiyin("listen", name)
        assert done.code == 2 and reason in done.err, done.err
        assert not Path("out").exists()


def test_without_the_library_of_sounds_the_command_that_installs_it_is_named(
    zhiyin: Zhiyin, monkeypatch: object
) -> None:
    import numpy as np

    from zhiyin.audio import Audio, library
    from zhiyin.audio.files import write_audio

    write_audio(Audio(0.1 * np.ones((1, 22_050 * 6), np.float32), 22_050), "six.wav")
    library.library.cache_clear()
    monkeypatch.setattr(library, "find_spec", lambda name: None)  # type: ignore[attr-defined]
    done = zhiyin("listen", "six.wav")
    assert done.code == 1 and "pip install 'zhiyin[listen]'" in done.err
