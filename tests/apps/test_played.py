"""Laws of played music at the door: it is told which bars were found, arranged on them, and keeps the player's time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.analysis.test_beats import waltz
from tests.arrange.pieces import TUNE, line
from tests.encode.pieces import little_waltz
from tests.fill.band import untrained
from zhiyin.apps import acting
from zhiyin.apps.arrange_ import ArrangeRequest
from zhiyin.apps.arrange_ import run as run_arrange
from zhiyin.apps.arranging_played import arranged
from zhiyin.apps.infill_ import InfillRequest
from zhiyin.apps.infill_ import run as run_infill
from zhiyin.apps.info import InfoRequest
from zhiyin.apps.info import run as run_info
from zhiyin.apps.orchestrate_ import OrchestrateRequest
from zhiyin.apps.orchestrate_ import run as run_orchestrate
from zhiyin.apps.reduce_ import ReduceRequest
from zhiyin.apps.reduce_ import run as run_reduce
from zhiyin.arrange import arrange, find_ensemble
from zhiyin.arrange.story import remarks
from zhiyin.io import load, save
from zhiyin.score import ChordMark, Part, Score
from zhiyin.theory.chord import Chord

BEAT_S, START_S, SECOND = 0.65, 0.31, 20_160  # ticks of a second at 120 a minute

WAYS: dict[str, Callable[[Path, Path], object]] = {
    "band": lambda at, out: run_arrange(ArrangeRequest(source=at, out=out, players="rock band")),
    "strings": lambda at, out: run_arrange(ArrangeRequest(source=at, out=out)),
    "orchestra": lambda at, out: run_orchestrate(OrchestrateRequest(source=at, out=out)),
    "piano": lambda at, out: run_reduce(ReduceRequest(source=at, out=out)),
}


@pytest.fixture
def danced(tmp_path: Path) -> Path:
    """Return sixteen bars of a waltz as played into a MIDI file of 120 a minute in 4/4."""
    save(waltz(16, beat_s=BEAT_S, seed=3), tmp_path / "waltz.mid")
    return tmp_path / "waltz.mid"


def true_starts(bars: int) -> list[float]:
    return [START_S + 3 * BEAT_S * bar for bar in range(bars)]


@pytest.mark.parametrize("way", WAYS)
def test_an_arrangement_of_played_music_is_in_the_players_time(way: str, danced: Path) -> None:
    WAYS[way](danced, danced.parent / "out.mid")
    source, made = load(danced), load(danced.parent / "out.mid")
    assert (made.tempos, made.metres, made.end) == (source.tempos, source.metres, source.end)
    onsets = np.array([n.onset for part in made.parts for n in part.notes]) / SECOND
    halves = (onsets - START_S) / (BEAT_S / 2)
    assert np.abs(halves - np.rint(halves)).max() * BEAT_S / 2 < 0.06  # nothing sounds apart from the beats


@pytest.mark.parametrize("way", WAYS)
def test_notes_of_the_source_keep_onset_length_and_velocity(way: str, danced: Path) -> None:
    WAYS[way](danced, danced.parent / "out.zyn")
    source, made = load(danced), load(danced.parent / "out.zyn")
    own = {(n.onset, n.pitch % 12): n for part in source.parts for n in part.notes}
    ours = {i for i, origin in enumerate(made.provenance) if origin.kind == "file"}
    kept = [
        (n, own[n.onset, n.pitch % 12])
        for part in made.parts if len(part.notes)
        for n, origin in zip(part.notes, part.notes.origin.tolist(), strict=True) if origin in ours
    ]  # fmt: skip
    assert len(kept) >= 100  # of 128
    assert all(now.velocity == then.velocity and now.duration <= then.duration for now, then in kept)
    assert sum(now.duration == then.duration for now, then in kept) >= 0.9 * len(kept)


def test_a_groove_strikes_on_the_beats_that_were_played(danced: Path) -> None:
    WAYS["band"](danced, danced.parent / "out.zyn")
    drums = load(danced.parent / "out.zyn").parts[-1]
    kicks = drums.notes.onset[drums.notes.pitch == 36] / SECOND
    assert drums.is_drums and np.abs(kicks - true_starts(len(kicks))).max() < 0.05


def test_the_report_counts_the_bars_found_and_says_where_they_lie(danced: Path) -> None:
    tree = run_arrange(ArrangeRequest(source=danced, out=danced.parent / "out", is_silent=True)).report
    beats = tree["beats"]
    assert (beats["metre"], beats["bars"], tree["bars"]) == ("3/4", 16, 16)
    assert beats["tempo_bpm"] == pytest.approx(60 / BEAT_S, abs=1.0)
    assert beats["starts_s"] == pytest.approx(true_starts(16), abs=0.05)
    text = (danced.parent / "out" / "report.md").read_text(encoding="utf-8")
    assert "16 bars of 3/4 at about 92 BPM were found; bars are counted in those." in text
    rows = [line for line in text.splitlines() if line.endswith(" s |")]
    assert [row.split("|")[1].strip() for row in rows] == ["1", "5", "9", "13"]


def test_an_act_is_engraved_on_the_bars_found_and_sounds_in_the_players_time(
    danced: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "open_family", lambda family, checkpoint=None: untrained())
    out = danced.parent / "out"
    tree = run_infill(InfillRequest(source=danced, out=out, bars="5-6", is_silent=True, lang="zh")).report
    source, sounding = load(danced), load(out / "score.mid")
    page = (out / "score.musicxml").read_text(encoding="utf-8")
    assert sounding.metres == source.metres and sounding.end == source.end
    assert "<beats>3</beats>" in page and "<beats>4</beats>" not in page
    assert page.count('<measure number="16"') == len(sounding.parts) and '<measure number="17"' not in page
    assert tree["takes"][0]["bars"] == 16
    told = {int(bar) for one in tree["takes"][0]["reasons"] for bar in re.findall(r"bars? (\d+)", one["en"])}
    assert told and told <= {5, 6}
    assert "找到 16 小节 3/4 拍，约 92 BPM" in (out / "report.md").read_text(encoding="utf-8")
    assert json.loads((out / "report.json").read_text(encoding="utf-8"))["beats"]["metre"] == "3/4"


def test_a_page_asked_for_alone_is_in_the_bars_found_too(danced: Path) -> None:
    run_reduce(ReduceRequest(source=danced, out=danced.parent / "out.musicxml"))
    found = load(danced.parent / "out.musicxml")
    assert [str(mark.metre) for mark in found.metres] == ["3/4"]


def test_info_tells_of_the_bars_found_and_counts_in_them(danced: Path) -> None:
    told = run_info(InfoRequest(danced)).to_json()
    assert (told["bars"], told["metres"], told["notes"]) == (16, ["3/4"], 128)
    assert told["beats"]["bars"] == 16 and len(told["chords"]) == 16
    assert told["seconds"] == pytest.approx(load(danced).end / SECOND, abs=0.01)


def test_of_a_written_score_no_beats_are_told_and_its_arrangement_stays(tmp_path: Path) -> None:
    save(little_waltz(), tmp_path / "song.zyn")
    assert run_info(InfoRequest(tmp_path / "song.zyn")).to_json()["beats"] is None
    quartet = find_ensemble("string quartet")
    back = arranged(little_waltz(), lambda score: arrange(score, quartet))
    assert back.desk is None and back.score == arrange(little_waltz(), quartet).score


@pytest.mark.parametrize(("chords", "word"), [((), "heard"), ((ChordMark(0, Chord.parse("C")),), "written")])
def test_a_bare_tune_follows_chords_written_or_heard(chords: tuple[ChordMark, ...], word: str) -> None:
    score = Score("Tune", (Part("Flute", line(TUNE), "melody", 73),), chords=chords)
    said = " ".join(english for english, _ in remarks(arrange(score, find_ensemble("string quartet"))))
    assert f"the chords {word} in it" in said
