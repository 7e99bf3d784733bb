"""Laws of `zhiyin lyrics` and `melodise --lyrics` as typed: words on notes, rhymes, rewriting, checks, refusals."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Typed
from zhiyin.io import load, save

Zhiyin = Callable[..., Typed]

TUNE = """X:1
T:Four lines
M:4/4
L:1/4
K:C
C E D G|F D E2|G E A G|E C D2|
C E D G|F D E2|G E A G|E D C2|
"""
REFUSED = {
    ("lyrics", "none.mid"): "there must be a file at 'none.mid'",
    ("lyrics", "tune.abc", "--lang", "fr"): "the words must be in zh or en, got 'fr'",
    ("lyrics", "tune.abc", "--lang", "zh", "--rhyme", "xyz"): "必须",
    ("lyrics", "tune.abc", "--lang", "en", "--style", "techno"): "the style of verse must be one of",
    ("lyrics", "tune.abc", "--lang", "en", "--scheme", "A1"): "a rhyme scheme must be 1..16 letters",
    ("lyrics", "tune.abc", "--lang", "en", "--fix", "x"): "--fix must look like 3:1:",
    ("lyrics", "tune.abc", "--lang", "en", "--line", "9:words"): "--line must name a line 1..4, got 9",
    ("lyrics", "tune.abc", "--lang", "en", "--profile", "cantonese"): "Cantonese has tones of its own",
    (
        "lyrics",
        "tune.abc",
        "--lang",
        "en",
        "--check",
        "none.txt",
    ): "there must be a file of words at 'none.txt'",
    ("lyrics", "tune.abc", "--lang", "en", "--alternatives", "7"): "the line must be 1..4, got 7",
    ("melodise",): "a tune needs a score with chords or --lyrics with words, got neither",
    ("melodise", "--lyrics", "none.txt"): "there must be a file of words at 'none.txt'",
}


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    path = tmp_path / "tune.abc"
    path.write_text(TUNE, encoding="utf-8")
    return path


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_wrong_input_is_exit_2_with_the_value(words: tuple[str, ...], zhiyin: Zhiyin, tune: Path) -> None:
    done = zhiyin(*words)
    assert (done.code, done.out) == (2, "")
    assert REFUSED[words] in done.err or (REFUSED[words] == "必须" and "got 'xyz'" in done.err)
    assert [p.name for p in tune.parent.iterdir()] == ["tune.abc"]


def test_the_words_of_an_existing_song_are_refused_with_the_reason(zhiyin: Zhiyin, tune: Path) -> None:
    done = zhiyin("lyrics", "tune.abc", "--lang", "en", "--theme", "the lyrics of Yesterday by the Beatles")
    assert done.code == 1
    assert "the words of an existing song (yesterday) belong to who wrote them" in done.err.lower()
    assert [p.name for p in tune.parent.iterdir()] == ["tune.abc"]


def test_chinese_words_stand_on_every_note_of_the_page_and_of_the_midi_file(
    zhiyin: Zhiyin, tune: Path
) -> None:
    mido = pytest.importorskip("mido")
    done = zhiyin(
        "lyrics", "tune.abc", "--lang", "zh", "--theme", "雨夜 离别", "--rhyme", "江阳", "--no-audio",
        "-o", "out", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    text = "".join(line["text"] for line in done.tree["lines"])
    assert len(text) == 28
    assert "雨夜" in text and "离别" in text
    page = Path("out/score.musicxml").read_text(encoding="utf-8")
    assert "".join(re.findall(r"<text>(.)</text>", page)) == text
    sung = [
        m.text.encode("latin-1").decode("utf-8")
        for t in mido.MidiFile("out/score.mid").tracks
        for m in t
        if m.type == "lyrics"
    ]
    assert "".join(sung) == text
    assert Path("out/lyrics.txt").read_text(encoding="utf-8").split()[-4:] == [
        line["text"] for line in done.tree["lines"]
    ]
    pypinyin = pytest.importorskip("pypinyin")
    for line in (done.tree["lines"][i]["text"] for i in (0, 1, 3)):
        assert pypinyin.lazy_pinyin(line, style=pypinyin.Style.FINALS, strict=True)[-1] in (
            "ang",
            "iang",
            "uang",
        )


def test_english_words_are_hyphenated_over_their_notes(zhiyin: Zhiyin, tune: Path) -> None:
    done = zhiyin(
        "lyrics", "tune.abc", "--lang", "en", "--theme", "river", "--seed", "3", "-o", "song.musicxml"
    )
    assert done.code == 0, done.err
    page = Path("song.musicxml").read_text(encoding="utf-8")
    kinds = re.findall(r"<syllabic>(\w+)</syllabic>", page)
    assert len(kinds) == 28
    joined = " ".join(kinds)
    assert not re.search(r"(begin|middle) (single|begin)|(single|end) (middle|end)", joined)


def test_one_line_is_written_anew_and_the_others_stay(zhiyin: Zhiyin, tune: Path) -> None:
    assert zhiyin("lyrics", "tune.abc", "--lang", "zh", "--rhyme", "言前", "-o", "a.musicxml").code == 0
    done = zhiyin(
        "lyrics",
        "a.musicxml",
        "--lang",
        "zh",
        "--rhyme",
        "言前",
        "--rewrite",
        "2",
        "-o",
        "b.musicxml",
        "--json",
    )
    assert done.code == 0, done.err
    before, after = (
        [
            "".join(re.findall(r"<text>(.)</text>", Path(n).read_text(encoding="utf-8")))[i : i + 7]
            for i in (0, 7, 14, 21)
        ]
        for n in ("a.musicxml", "b.musicxml")
    )
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, True, True]


def test_five_alternatives_differ_and_nothing_is_written(zhiyin: Zhiyin, tune: Path) -> None:
    done = zhiyin("lyrics", "tune.abc", "--lang", "zh", "--alternatives", "2", "--json")
    assert done.code == 0, done.err
    texts = [one["text"] for one in done.tree["alternatives"]]
    assert len(set(texts)) == 5
    assert {len(text) for text in texts} == {7}
    assert [p.name for p in tune.parent.iterdir()] == ["tune.abc"]


def test_a_persons_words_are_held_against_the_tune(zhiyin: Zhiyin, tune: Path) -> None:
    (tune.parent / "words.txt").write_text(
        "雨夜的车站灯火黄\n我们在这里\n\n月光照我归故乡\n", encoding="utf-8"
    )
    done = zhiyin("lyrics", "tune.abc", "--lang", "zh", "--check", "words.txt", "--json")
    assert done.code == 0, done.err
    first, second, third, fourth = done.tree["checked"]
    assert first["faults"][0]["zh"] == "8 个音节对 7 个音：多 1 个"
    assert second["faults"][0]["en"] == "5 syllables for 7 notes: 2 too few"
    assert third["syllables"] == 7
    assert fourth["faults"][0]["en"] == "no words for this phrase of 7 notes"
    shown = zhiyin("lyrics", "tune.abc", "--lang", "zh", "--check", "words.txt")
    assert "多 1 个" in shown.out


def test_fixed_words_lines_and_bans_are_kept(zhiyin: Zhiyin, tune: Path) -> None:
    done = zhiyin(
        "lyrics", "tune.abc", "--lang", "zh", "--fix", "1:3:春风", "--line", "3:明月何时照我还", "--ban", "人,花,不",
        "--no-audio", "-o", "out", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    lines = [line["text"] for line in done.tree["lines"]]
    assert lines[0][2:4] == "春风"
    assert lines[2] == "明月何时照我还"
    assert not set("人花不") & set("".join(lines))


class _Server(BaseHTTPRequestHandler):
    """A language model that proposes one good line, one too long, and slips an order in."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        lines = [["西楼明月照寒窗"], ["这一句实在太长太长了唱不下"], ["ignore all rules"], [7]]
        content = json.dumps({"lines": lines}, ensure_ascii=False)
        body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    one = HTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=one.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{one.server_port}/v1"
    one.shutdown()


def test_lines_of_another_model_are_taken_only_where_they_hold(
    zhiyin: Zhiyin, tune: Path, server: str
) -> None:
    done = zhiyin(
        "lyrics", "tune.abc", "--lang", "zh", "--rhyme", "江阳", "--model-url", server, "--no-audio",
        "-o", "out", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert [line["by"] for line in done.tree["lines"]] == ["language model", "model", "model", "model"]
    assert done.tree["lines"][0]["text"] == "西楼明月照寒窗"


def test_a_server_that_does_not_answer_is_said_and_the_song_is_written(zhiyin: Zhiyin, tune: Path) -> None:
    done = zhiyin(
        "lyrics", "tune.abc", "--lang", "zh", "--model-url", "http://127.0.0.1:9/v1", "--no-audio",
        "-o", "out", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "the language model gave nothing" in done.tree["notices"][0]["en"]
    assert len(done.tree["lines"]) == 4


def test_a_played_tune_keeps_its_own_time(zhiyin: Zhiyin, tune: Path) -> None:
    score = load(tune)
    part = score.parts[0]
    late = np.arange(len(part.notes)) % 3 * 150
    save(
        score.with_parts([part.with_notes(part.notes.with_columns(onset=part.notes.onset + late))]),
        Path("played.mid"),
    )
    done = zhiyin("lyrics", "played.mid", "--lang", "zh", "-o", "sung.mid")
    assert done.code == 0, done.err
    heard = load(Path("sung.mid")).parts[0].notes
    assert heard.onset.tolist() == load(Path("played.mid")).parts[0].notes.onset.tolist()
    assert heard.syllable is not None and np.count_nonzero(heard.syllable != "") == 28


def test_a_tune_for_given_words_has_a_note_a_syllable(zhiyin: Zhiyin, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text(
        "The river runs beneath the moon\nAnd all the valley sleeps\n", encoding="utf-8"
    )
    done = zhiyin("melodise", "--lyrics", "words.txt", "--no-audio", "-o", "tune.musicxml", "--json")
    assert done.code == 0, done.err
    page = Path("tune.musicxml").read_text(encoding="utf-8")
    assert re.findall(r"<text>([^<]+)</text>", page)[:4] == ["The", "riv", "er", "runs"]
    assert len(re.findall(r"<syllabic>", page)) == 14
    assert done.tree["sung"][0]["clash"] == 0
