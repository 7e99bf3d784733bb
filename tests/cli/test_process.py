"""Laws of the command line as a process of its own: start, help, Ctrl-C, termination.

Conventions: real signals to a real process; the work is slowed down by a long piece, never by a clock.
Does not know: what is composed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "zhiyin"]


def environment(**more: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "ZHIYIN_LANG": "en",
        "PYTHONUNBUFFERED": "1",
        **more,
    }


def test_help_loads_no_library_that_makes_music() -> None:
    code = (
        "import sys; sys.argv = ['zhiyin', '--help']\n"
        "from zhiyin.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'scipy', 'verovio', 'PIL', 'symusic', 'torch'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment())
    assert done.stderr == "[]\n"
    assert "compose" in done.stdout and "continue" in done.stdout


def test_help_speaks_chinese_when_asked() -> None:
    done = subprocess.run(
        [*COMMAND, "compose", "--lang", "zh", "--help"], capture_output=True, text=True, env=environment()
    )
    assert done.returncode == 0
    assert "例如" in done.stdout and "种子相同" in done.stdout


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_leaves_nothing_and_keeps_earlier_results(
    number: signal.Signals, code: int, tmp_path: Path, checkpoint: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    words = ["compose", "--style", "pop", "--bars", "256", "-o", "out/piece"]
    process = subprocess.Popen(
        [*COMMAND, *words], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment(ZHIYIN_CHECKPOINT=str(checkpoint)),
        # A shell that runs the tests in the background has Ctrl-C ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert process.stderr is not None
    assert process.stderr.readline() == "writing ...\n"  # the long work has begun
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")) == ["out", "out/notes.txt"]
