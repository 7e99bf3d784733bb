"""Laws of the verdict: it says what its table shows, what was not seen, and when there was nothing to compare.

Conventions: the library is one tune of 32 notes (tests/rights/known.py) or a figure; files are written by `zhiyin.io`.
Does not know: how runs are found.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.rights.known import LENGTHS, PITCHES, known_library, line_notes, score_of
from zhiyin.cli.words import LANGUAGE_NAME
from zhiyin.io import save
from zhiyin.rights.hashed import keep_runs
from zhiyin.rights.index import Piece, build_index
from zhiyin.rights.lines import top_line_of
from zhiyin.rights.report import ScoreReport, report_on
from zhiyin.rights.storage import Library, save_library
from zhiyin.rights.texture import TUNE_SIZE, TUNE_WINDOW, tune_source
from zhiyin.rights.verdict import Findings, verdict_of
from zhiyin.score import Notes, Part, Score

# Turns and leaps that the known tune does not hold: no six of its intervals come in that order.
OWN = (60, 71, 61, 70, 62, 72, 59, 73, 60, 63, 74, 66, 58, 69, 75, 64, 76, 65)
EVEN = (24,) * 32


def report_of(pitches: tuple[int, ...], lengths: tuple[int, ...]) -> ScoreReport:
    """Return the report on one line against the known tune."""
    return report_on(score_of(line_notes(pitches, lengths[: len(pitches)])), known_library())


def test_a_tune_whose_rhythm_was_evened_is_told_as_a_run_in_pitch() -> None:
    report = report_of(PITCHES, EVEN)
    assert report.parts[0].longest_pitch == 32 and report.parts[0].longest_exact < 24
    assert (report.level, report.levels) == ("pitch run", ("pitch run",))
    en, zh = report.verdict
    assert "In pitch alone, whatever the rhythm, a run of 32 notes agrees" in en
    assert "仅看音高，有 32 个音连续与已收录的曲目相同" in zh
    assert "Nothing beyond" not in en and "没有发现" not in zh
    assert "not a legal judgement" in en and "不是法律意见" in zh


@pytest.mark.parametrize(("notes", "is_told"), [(23, False), (24, True)])
def test_a_run_in_pitch_is_told_from_24_notes_on(notes: int, is_told: bool) -> None:
    report = report_of(PITCHES[:notes] + OWN, EVEN + EVEN)
    assert report.parts[0].longest_pitch == notes
    assert ("pitch run" in report.levels) is is_told


def test_the_beginning_of_a_tune_is_told_by_its_share_of_known_runs() -> None:
    report = report_of(PITCHES[:20], LENGTHS)
    assert report.parts[0].gram_share == 1.0
    assert report.level == "many shared grams"
    en, zh = report.verdict
    assert "100 % of the 12-grams of 'Part 1' stand in the index (people with people 4.9 %)" in en
    assert "“Part 1”的 12 元组有 100 % 在索引中（人与人之间 4.9 %）" in zh
    assert "Nothing beyond" not in en


@pytest.mark.parametrize(("notes", "level"), [(15, "ordinary"), (16, "many shared grams")])
def test_a_share_means_something_from_16_notes_on(notes: int, level: str) -> None:
    assert report_of(PITCHES[:notes], LENGTHS).level == level


def test_a_share_near_that_of_people_is_no_caution() -> None:
    # 16 notes of the tune give 4 known grams of 12 intervals; a line of 50 notes holds 38.
    own = OWN + tuple(p + 1 for p in OWN[::-1])
    report = report_of(PITCHES[:16] + own[:34], LENGTHS[:16] + (12, 36) * 17)
    assert 0.0 < report.parts[0].gram_share < 0.25
    assert report.level == "ordinary"


def test_a_figure_that_goes_round_is_no_caution_though_every_gram_is_known() -> None:
    figure, lengths = (48, 55, 52, 60, 50) * 8, (12,) * 40
    index = build_index([(Piece("own", "1", "w", "Figure", ""), score_of(line_notes(figure, lengths)))])
    empty = keep_runs([], size=8, window=24)
    report = report_on(
        score_of(line_notes(figure[:30], lengths[:30])), Library(index, empty, empty, (), {"pieces": 1})
    )
    assert report.parts[0].gram_share == 1.0
    assert report.level == "ordinary"
    assert "figures that go round, which are nobody's own" in report.verdict[0]
    assert "循环往复的音型" in report.verdict[1]


def test_a_scale_that_goes_up_and_down_is_no_caution_though_one_round_of_it_is_telling() -> None:
    scale = (48, 50, 52, 53, 55, 57, 59, 60, 59, 57, 55, 53, 52, 50)
    known = score_of(line_notes((scale * 2)[:20], EVEN[:20]))
    index = build_index([(Piece("own", "1", "w", "Scale", ""), known)])
    empty = keep_runs([], size=8, window=24)
    ours = score_of(line_notes((scale * 5)[:64], EVEN * 2))
    report = report_on(ours, Library(index, empty, empty, (), {"pieces": 1}))
    assert report.parts[0].gram_share > 0.25 and report.parts[0].longest_exact >= 13
    assert report.level == "ordinary"


def test_a_known_beginning_that_is_played_twice_is_told() -> None:
    report = report_of(PITCHES[:20] * 2, LENGTHS[:20] * 2)
    assert report.level == "many shared grams"


def test_every_caution_that_applies_is_told_and_the_gravest_names_the_level() -> None:
    found = Findings(True, 20, pitch_run=30, is_alike=True, grams=("Flute", 0.5, 0.049))
    assert found.levels == ("alike", "pitch run", "many shared grams")
    en, zh = verdict_of(found)
    assert (
        "a run of 30 notes" in en and "A passage resembles" in en and "50 % of the 12-grams of 'Flute'" in en
    )
    assert "No long run" not in en and "没有很长" not in zh
    long = Findings(True, 40, long_run=40, pitch_run=40, is_alike=True, grams=("Flute", 0.9, 0.049))
    assert long.levels == ("long run",)
    assert replace(long, pitch_run=41).levels == ("long run", "pitch run")


def test_the_verdict_does_not_depend_on_how_many_passages_are_listed() -> None:
    """A piece with the tune's pitches, one with two of its notes dropped, one that is known as hashes only."""
    dropped = tuple(p for at, p in enumerate(PITCHES) if at not in (8, 24))
    own = tuple(p + 2 for p in OWN + OWN[::-1])
    hashed = score_of(line_notes(own, (12,) * 36))
    pieces = [score_of(line_notes(PITCHES, EVEN)), score_of(line_notes(dropped, EVEN[:30]))]
    index = build_index([(Piece("own", str(i), f"w{i}", f"Piece {i}", ""), s) for i, s in enumerate(pieces)])
    tunes = keep_runs(
        [tune_source(0, hashed, top_line_of(0, hashed.parts[0]))], size=TUNE_SIZE, window=TUNE_WINDOW
    )
    empty = keep_runs([], size=8, window=24)
    library = Library(index, empty, tunes, (Piece("c", "1", "c", "", ""),), {})
    alike = [report_on(score_of(line_notes(PITCHES, LENGTHS)), library, top=top) for top in (1, 9)]
    assert alike[0].levels == alike[1].levels == ("alike", "pitch run")
    both = score_of(line_notes(PITCHES + own, EVEN + (12,) * 36))
    long = [report_on(both, library, top=top) for top in (1, 9)]
    assert [len(one.parts[0].passages) for one in long] == [1, 3]
    assert long[0].verdict == long[1].verdict and long[0].level == "long run"


def test_where_nothing_is_found_the_verdict_says_what_was_compared_and_what_is_not_seen() -> None:
    report = report_of(OWN, EVEN)
    assert report.level == "ordinary"
    en, zh = report.verdict
    assert "Nothing beyond what people's own pieces share was found" in en
    assert "moved by an octave" in en and "under other notes of its part" in en and "not seen" in en
    assert "换了八度" in zh and "藏在同一声部的其他音之下" in zh


def test_an_alarm_does_not_carry_what_is_not_seen() -> None:
    assert "not seen" not in report_of(PITCHES, LENGTHS).verdict[0]


def _drums() -> Score:
    hits = line_notes((38, 42) * 20, (12,) * 40)
    return Score("Beat", (Part("Drums", hits, is_drums=True),))


NOTHINGS = {
    "no notes": score_of(line_notes((), ())),
    "no parts": Score("Empty"),
    "drums": _drums(),
    "12 notes": score_of(line_notes(PITCHES[:12], LENGTHS[:12])),
    "one chord": score_of(Notes(*(np.array(c) for c in ([0] * 3, [10_080] * 3, [60, 64, 67], [80] * 3)))),
}


@pytest.mark.parametrize("name", NOTHINGS)
def test_without_a_line_there_is_nothing_to_compare(name: str) -> None:
    report = report_on(NOTHINGS[name], known_library())
    assert (report.level, report.levels, report.is_compared) == (
        "nothing to compare",
        ("nothing to compare",),
        False,
    )
    en, zh = report.verdict
    assert en.startswith("There is nothing to compare: no pitched part has a line of 13 notes or more")
    assert zh.startswith("没有可以比较的内容") and "没有发现" not in zh


def test_13_notes_are_compared() -> None:
    assert report_of(PITCHES[:13], LENGTHS).is_compared


def typed(*words: str) -> tuple[int, str]:
    """Return (exit code, stdout) of `zhiyin originality`."""
    from zhiyin.cli.commands import app

    done = CliRunner().invoke(app, ["originality", *words])
    return done.exit_code, done.stdout


def test_the_command_tells_drums_from_music_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LANGUAGE_NAME, "en")
    monkeypatch.chdir(tmp_path)
    save_library(known_library(), Path("index.zip"))
    save(_drums(), Path("drums.mid"))
    save(score_of(line_notes(PITCHES, EVEN)), Path("even.mid"))
    code, out = typed("drums.mid", "--index", "index.zip")
    assert code == 0
    assert "There is nothing to compare" in out and "people with people" not in out
    code, out = typed("drums.mid", "even.mid", "--index", "index.zip", "--json")
    drums, even = json.loads(out)["files"]
    assert code == 0
    assert (drums["is_compared"], drums["level"]) == (False, "nothing to compare")
    assert (even["is_compared"], even["level"], even["levels"]) == (True, "pitch run", ["pitch run"])
    code, out = typed("drums.mid", "--index", "index.zip", "--lang", "zh")
    assert code == 0 and "没有可以比较的内容" in out
