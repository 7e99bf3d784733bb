"""Laws of compose and continue: same request same bytes, every file readable, the report complete and true."""

from __future__ import annotations

import json
from pathlib import Path

import mido
import numpy as np
import pytest

from zhiyin.apps import APPS
from zhiyin.apps.compose import Composed, ComposeRequest
from zhiyin.apps.compose import run as compose
from zhiyin.apps.continue_ import ContinueRequest
from zhiyin.apps.continue_ import run as continue_
from zhiyin.apps.plan_ import PlanRequest, title_of
from zhiyin.apps.plan_ import run as plan
from zhiyin.data import DATASETS
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.fill.plan import plan_from_json
from zhiyin.io import load
from zhiyin.score import Wishes
from zhiyin.theory.key import Key

WALTZ = Wishes(style="waltz", key=Key.parse("Dm"), bars=4, players=("flute", "cello"))


def composed(folder: Path, checkpoint: Path, **more: object) -> Composed:
    fields = {"options": WALTZ, "seed": 7, "is_silent": True, **more}
    return compose(ComposeRequest(folder=folder, checkpoint=checkpoint, **fields))  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def test_the_same_request_and_seed_give_the_same_bytes_in_every_file(
    tmp_path: Path, checkpoint: Path
) -> None:
    composed(tmp_path / "a", checkpoint)
    composed(tmp_path / "b", checkpoint)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_takes_share_the_plan_and_differ_in_notes(tmp_path: Path, checkpoint: Path) -> None:
    done = composed(tmp_path / "out", checkpoint, takes=2)
    first, second = (load(tmp_path / "out" / f"take-{n}" / "score.mid") for n in (1, 2))
    assert first.parts != second.parts
    assert first.keys == second.keys and first.tempos == second.tempos
    assert [take["folder"] for take in done.report["takes"]] == ["take-1", "take-2"]
    alone = composed(tmp_path / "alone", checkpoint)
    assert (tmp_path / "alone" / "score.mid").read_bytes() == (
        tmp_path / "out" / "take-1" / "score.mid"
    ).read_bytes()
    assert alone.report["takes"][0]["notes"] == done.report["takes"][0]["notes"]


def test_an_independent_reader_finds_the_metre_the_length_and_the_players(
    tmp_path: Path, checkpoint: Path
) -> None:
    composed(tmp_path / "out", checkpoint)
    file = mido.MidiFile(tmp_path / "out" / "score.mid")
    messages = [message for track in file.tracks for message in track]
    metre = next(m for m in messages if m.type == "time_signature")
    assert (metre.numerator, metre.denominator) == (3, 4)
    assert next(m for m in messages if m.type == "key_signature").key == "Dm"
    assert {m.program for m in messages if m.type == "program_change"} == {73, 42}
    longest = max(sum(message.time for message in track) for track in file.tracks)
    assert longest == 4 * 3 * file.ticks_per_beat


def test_the_report_lists_every_file_and_every_wish(tmp_path: Path, checkpoint: Path) -> None:
    done = composed(tmp_path / "out", checkpoint)
    there = sorted(contents(tmp_path / "out"))
    kept = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert kept == done.report
    assert kept["files"] == there
    names = {verdict["name"] for verdict in kept["takes"][0]["verdicts"]}
    assert {"tempo", "metre", "bars", "players", "key", "range"} <= names
    assert kept["takes"][0]["kept"] == len(kept["takes"][0]["verdicts"])
    learned = kept["learned_from"]
    assert [(one["name"], one["pieces"]) for one in learned] == [("nottingham", 3)]
    assert learned[0]["licence"] == DATASETS["nottingham"].card.licence
    assert len(kept["model"]["digest"]) == 16
    assert kept["asked"]["decided_by_options"] == ["style", "key", "bars", "players"]


@pytest.mark.parametrize(("lang", "heading"), [("en", "## The plan"), ("zh", "## 规划")])
def test_the_report_speaks_the_language_asked_for(
    tmp_path: Path, checkpoint: Path, lang: str, heading: str
) -> None:
    done = composed(tmp_path / "out", checkpoint, lang=lang)
    text = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert heading in text
    assert {"en": "flute (melody), cello", "zh": "长笛（旋律）、大提琴"}[lang] in text
    for verdict in done.report["takes"][0]["verdicts"]:
        assert verdict[f"text_{lang}"].replace("|", "\\|") in text


def test_what_was_understood_and_what_not_stands_in_the_report(tmp_path: Path, checkpoint: Path) -> None:
    text = "雨夜的车站，忧伤的钢琴，4小节"
    done = compose(
        ComposeRequest(text, folder=tmp_path / "out", checkpoint=checkpoint, is_silent=True, lang="zh")
    )
    asked = done.report["asked"]
    assert [text[s["start"] : s["end"]] for s in asked["understood"]] == [
        s["text"] for s in asked["understood"]
    ]
    assert asked["not_understood"] == ["车站"]
    assert done.report["title"] == "雨夜的车站"
    assert "没有听懂：车站。" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_a_plan_written_edited_and_passed_back_is_obeyed(tmp_path: Path, checkpoint: Path) -> None:
    made = plan(PlanRequest(options=WALTZ, seed=7, target=tmp_path / "plan.json"))
    assert plan_from_json((tmp_path / "plan.json").read_text(encoding="utf-8")) == made.plan
    tree = made.to_json() | {"tempo_bpm": 97.0, "title": "Edited"}
    (tmp_path / "plan.json").write_text(json.dumps(tree), encoding="utf-8")
    request = ComposeRequest(
        plan_file=tmp_path / "plan.json", folder=tmp_path / "out", checkpoint=checkpoint, is_silent=True
    )
    done = compose(request)
    assert (done.plan.tempo_bpm, done.plan.title, done.report["asked"]) == (97.0, "Edited", None)
    assert load(tmp_path / "out" / "score.mid").tempos[0].bpm == pytest.approx(97.0, abs=0.01)
    assert plan_from_json((tmp_path / "out" / "plan.json").read_text(encoding="utf-8")) == done.plan


def test_a_plan_beside_other_wishes_is_refused() -> None:
    with pytest.raises(
        InvalidInput, match=r"a plan decides everything, got 'p\.json' beside a sentence or options"
    ):
        ComposeRequest("a waltz", plan_file=Path("p.json"))


@pytest.mark.parametrize(("fields", "message"), [
    ({"seed": -1}, "seed must be 0 or more and below 2\\^63, got -1"),
    ({"takes": 0}, "takes must be 1..8, got 0"),
    ({"takes": 9}, "takes must be 1..8, got 9"),
])  # fmt: skip
def test_numbers_out_of_range_are_refused(fields: dict[str, int], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        ComposeRequest("a waltz", **fields)  # type: ignore[arg-type]


def test_a_foreign_file_is_refused_before_the_long_work(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "score.pdf").write_text("mine")
    # No checkpoint exists at this path: the refusal comes before the model is opened.
    with pytest.raises(InvalidInput, match=r"score\.pdf' is there and was not written by zhiyin"):
        composed(tmp_path / "out", tmp_path / "none.safetensors")


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no checkpoint '.*none\.safetensors'"):
        composed(tmp_path / "out", tmp_path / "none.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_progress_rises_to_its_end(tmp_path: Path, checkpoint: Path) -> None:
    told: list[tuple[str, int, int]] = []
    request = ComposeRequest(
        options=WALTZ, folder=tmp_path / "out", takes=2, is_silent=True, checkpoint=checkpoint
    )
    APPS["compose"].run(request, lambda *heard: told.append(heard))
    for stage in ("write", "files"):
        done = [(at, total) for name, at, total in told if name == stage]
        assert done == sorted(done)
        assert done[-1][0] == done[-1][1]


def test_continue_keeps_the_persons_notes_and_adds_the_bars(
    tmp_path: Path, song: Path, checkpoint: Path
) -> None:
    request = ContinueRequest(
        source=song, bars=2, out=tmp_path / "out", seed=3, is_silent=True, checkpoint=checkpoint
    )
    done = continue_(request)
    before, after = load(song), load(tmp_path / "out" / "score.mid")
    assert done.report["takes"][0]["bars"] == 6
    for own, longer in zip(before.parts, after.parts, strict=True):
        kept = longer.notes.between(0, before.end)
        assert np.array_equal(kept.pitch, own.notes.pitch)
        assert np.array_equal(kept.onset, own.notes.onset)
    assert after.note_count > before.note_count


@pytest.mark.parametrize(("text", "title"), [
    ("雨夜的车站，一个人等末班车", "雨夜的车站"), ("请帮我写一首中国风的歌", "中国风的歌"),
    ("Write me a lullaby.", "Lullaby"),
    ("一个人的车站", "一个人的车站"), ("a lively march in G major, 16 bars", "A lively march in G major"),
    ("80 BPM, sad", ""), ("x", ""), ("word " * 20, ""),
])  # fmt: skip
def test_the_first_clause_is_the_title_when_it_can_stand_as_one(text: str, title: str) -> None:
    assert title_of(text) == title
