"""Laws of the benchmark runner: what a result must carry, when a run is refused, what the report says."""

from __future__ import annotations

import json
import math
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import BENCHMARKS, runner
from benchmarks.__main__ import main
from benchmarks.runner import BenchmarkError, Context, Result

FIELDS = [
    "metric",
    "value",
    "sd",
    "n",
    "unit",
    "anchor",
    "goal",
    "command",
    "seeds",
    "commit",
    "machine",
    "date",
]
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def context(root: Path, name: str = "sizes") -> Context:
    return Context(root=root, name=name, commit="c0ffee" * 6, machine="a desk", clock=lambda: MOMENT)


def git(root: Path, *words: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True)


@pytest.fixture
def clean_tree(tmp_path: Path) -> Path:
    (tmp_path / "code.py").write_text("x = 1\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "code.py")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


def test_a_result_on_disk_has_exactly_the_agreed_fields(tmp_path: Path) -> None:
    made = context(tmp_path).result("size", 3, "MB", goal="<= 4", anchor="5", seeds=(0, 1))
    [row] = json.loads(runner.write_results(tmp_path, "sizes", [made]).read_text(encoding="utf-8"))
    assert list(row) == FIELDS
    assert row == {
        "metric": "size",
        "value": 3.0,
        "sd": None,
        "n": 1,
        "unit": "MB",
        "anchor": "5",
        "goal": "<= 4",
        "command": "python -m benchmarks sizes",
        "seeds": [0, 1],
        "commit": "c0ffee" * 6,
        "machine": "a desk",
        "date": "2026-01-02T03:04:05+00:00",
    }


def test_results_read_back_equal_those_written(tmp_path: Path) -> None:
    made = [context(tmp_path).result_of("time", [1, 2, 3], "s", seeds=(0, 1, 2))]
    assert runner.read_results(runner.write_results(tmp_path, "sizes", made)) == made


def test_mean_and_sample_deviation_of_2_4_9_are_5_and_root_13(tmp_path: Path) -> None:
    made = context(tmp_path).result_of("time", [2, 4, 9], "s")
    assert (made.value, made.n) == (5.0, 3)
    assert made.sd == pytest.approx(math.sqrt(13))
    assert context(tmp_path).result_of("time", [2], "s").sd is None


@pytest.mark.parametrize(
    ("goal", "is_met"),
    [
        ("<= 0.30", True),
        ("< 0.3", False),
        (">= 3e-1", True),
        ("> 0.3", False),
        ("== 0.3", True),
        (None, None),
    ],
)
def test_a_goal_is_met_as_its_sign_says(goal: str | None, is_met: bool | None, tmp_path: Path) -> None:
    assert context(tmp_path).result("loss", 0.3, "nats", goal=goal).is_met is is_met


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": math.nan}, "loss: value must be finite, got nan: fix the benchmark"),
        ({"sd": -1.0}, "loss: sd must be None or 0 and more, got -1.0"),
        ({"n": 0}, "loss: n must be 1 or more, got 0"),
        ({"goal": "about 3"}, "loss: goal must read like '<= 0.30', got 'about 3': write it so"),
    ],
)
def test_a_result_that_means_nothing_is_refused(change: dict[str, object], message: str) -> None:
    fields: dict[str, object] = dict.fromkeys(FIELDS, "x") | {
        "metric": "loss",
        "value": 1.0,
        "sd": None,
        "n": 1,
        "goal": None,
        "seeds": (),
    }
    Result(**fields)  # type: ignore[arg-type]
    with pytest.raises(BenchmarkError, match=re.escape(message)):
        Result(**{**fields, **change})  # type: ignore[arg-type]


def test_a_file_with_a_missing_or_unknown_field_is_refused(tmp_path: Path) -> None:
    path = runner.write_results(tmp_path, "sizes", [context(tmp_path).result("size", 1, "MB")])
    [row] = json.loads(path.read_text(encoding="utf-8"))
    del row["sd"]
    path.write_text(json.dumps([row | {"mood": 1}]), encoding="utf-8")
    with pytest.raises(
        BenchmarkError, match=r"sizes.json must hold exactly .* differs in mood, sd: run it again"
    ):
        runner.read_results(path)


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    path = runner.write_results(tmp_path, "sizes", [context(tmp_path).result("size", 1, "MB")])
    path.write_text(path.read_text(encoding="utf-8")[:40], encoding="utf-8")
    with pytest.raises(BenchmarkError, match=r"sizes.json must be JSON .*: run that benchmark again"):
        runner.read_results(path)


def test_a_clean_tree_gives_its_commit(clean_tree: Path) -> None:
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=clean_tree, capture_output=True, text=True).stdout
    assert runner.clean_commit(clean_tree) == head.strip()


@pytest.mark.parametrize("file", ["code.py", "new file.py", "benchmarks/speed.py"])
def test_a_changed_or_new_file_makes_the_tree_dirty(file: str, clean_tree: Path) -> None:
    path = clean_tree / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("x = 2\n", encoding="utf-8")
    message = f"results need a clean tree, and 1 files are not committed ({file}): commit or remove them"
    with pytest.raises(BenchmarkError, match=re.escape(message)):
        runner.clean_commit(clean_tree)


def test_what_a_run_writes_does_not_make_the_tree_dirty(clean_tree: Path) -> None:
    runner.write_results(clean_tree, "sizes", [context(clean_tree).result("size", 1, "MB")])
    runner.write_report(clean_tree, {"sizes": "Sizes."})
    assert runner.uncommitted(clean_tree) == []


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="results need a git commit, and git failed in"):
        runner.clean_commit(tmp_path)


def test_all_means_every_benchmark_in_the_order_of_the_table() -> None:
    table = {"b": "", "a": "", "c": ""}
    assert runner.pick(["all"], table) == ["b", "a", "c"]
    assert runner.pick(["c", "b"], table) == ["b", "c"]
    with pytest.raises(BenchmarkError, match="no benchmark is called 'd': choose from b, a, c, or say all"):
        runner.pick(["a", "d"], table)


def test_the_report_says_met_and_missed(tmp_path: Path) -> None:
    ctx = context(tmp_path)
    rows = [
        ctx.result("size", 399.5, "MB", goal="<= 400"),
        ctx.result_of("time", [1, 2, 3], "s", goal="<= 1", anchor="a|b", seeds=(0, 1, 2)),
        ctx.result("count", 12_345, "notes"),
    ]
    text = runner.report({"sizes": rows}, {"sizes": "How big."})
    assert "3 results: 1 met their goal, 1 missed it, 1 have none." in text
    assert "| size | 399.5 | MB | 1 |  | `<= 400` | met |" in text
    assert "| time | 2 ± 1 | s | 3 | a\\|b | `<= 1` | **missed** |" in text
    assert "| count | 12,345 | notes | 1 |  |  |  |" in text
    expected = "`python -m benchmarks sizes` at commit `c0ffeec0ffee`, 2026-01-02, a desk; seeds 0, 1, 2."
    assert expected in text


def test_a_run_keeps_its_results_and_writes_the_report(
    clean_tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.__main__.measure", lambda ctx: [ctx.result("size", 2, "MB", goal="<= 1")])
    assert main(["all"], root=clean_tree, table={"sizes": "Sizes.", "times": "Times."}) == 0
    assert "==> sizes: Sizes." in capsys.readouterr().out
    kept = runner.read_all(clean_tree, {"sizes": "Sizes.", "times": "Times."})
    assert list(kept) == ["sizes", "times"]
    assert kept["sizes"][0].commit == runner.clean_commit(clean_tree)
    assert "| size | 2 | MB |" in (clean_tree / "benchmarks" / "README.md").read_text(encoding="utf-8")


def test_a_refused_run_ends_with_2_and_a_remedy(clean_tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clean_tree / "code.py").write_text("x = 2\n", encoding="utf-8")
    assert main(["sizes"], root=clean_tree, table={"sizes": "Sizes."}) == 2
    assert "error: results need a clean tree" in capsys.readouterr().err
    assert main(["nothing"], root=clean_tree, table={"sizes": "Sizes."}) == 2
    assert "no benchmark is called 'nothing'" in capsys.readouterr().err


def test_without_words_the_door_says_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["--help"]) == 0
    assert capsys.readouterr().out.count("usage: python -m benchmarks NAME") == 2


def test_every_benchmark_in_the_table_is_a_module_with_run(root: Path) -> None:
    for name in BENCHMARKS:
        text = (root / "benchmarks" / f"{name}.py").read_text(encoding="utf-8")
        assert re.search(r"^def run\(ctx: Context\) -> list\[Result\]:", text, re.MULTILINE), name


def test_the_kept_report_is_the_one_written_from_the_kept_results(root: Path) -> None:
    kept = (root / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert kept == runner.report(runner.read_all(root, BENCHMARKS), BENCHMARKS)
