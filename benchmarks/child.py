"""Work measured in a process of its own: ``python -m benchmarks.child WHAT ...`` prints one JSON line.

Conventions: seconds by perf_counter; peak memory of this process alone, MB of 10^6 bytes; loud in nothing else.
Does not know: what the numbers are for.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.runner import BenchmarkError

Numbers = dict[str, Any]
BRIEF = "a cheerful folk tune for violin, guitar, piano and double bass, G major, 4/4, 32 bars, 110 BPM"
WARM_RUNS = 5


def measured_child(root: Path, *words: str, module: str = "benchmarks.child") -> Numbers:
    """Return what a child printed, and `life_s`: its whole life, start of the interpreter included."""
    started = time.perf_counter()
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=root, env=_environment(root), capture_output=True, text=True)
    life_s = time.perf_counter() - started
    if done.returncode != 0:
        raise BenchmarkError(
            f"the child {' '.join(words)!r} must end well, got {done.stderr.strip()[-600:]}: mend it"
        )
    found: Numbers = json.loads(done.stdout.strip().splitlines()[-1])
    return {**found, "life_s": life_s}


def _environment(root: Path) -> dict[str, str]:
    paths = [str(root), str(root / "src"), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}


def peak_mb() -> float:
    """Return the most memory that this process has held.

    Linux: VmHWM, since the usage counter starts with what the parent held; elsewhere the usage counter.
    """
    status = Path("/proc/self/status")
    if status.exists():
        row = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(row.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that some work took, and what it gave."""
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def compose(seed: int) -> Numbers:
    """Compose the brief once cold and five times warm, without files."""
    from zhiyin.apps.model import open_model
    from zhiyin.apps.wishes import read_asked
    from zhiyin.fill import compose_plan
    from zhiyin.fill.plan_make import make_plan
    from zhiyin.score import Wishes

    wishes = read_asked(BRIEF, Wishes()).wishes
    model = open_model()
    firsts: list[float] = []

    def once() -> Any:
        begun, heard = time.perf_counter(), list[float]()
        take = compose_plan.compose(
            make_plan(wishes, seed=seed), wishes, model=model, seed=seed,
            progress=lambda done, total: heard.append(time.perf_counter() - begun),
        )  # fmt: skip
        firsts.append(heard[0])
        return take

    cold_s, take = timed(once)
    peak = peak_mb()
    warm_s = [timed(once)[0] for _ in range(WARM_RUNS)]
    return {
        "cold_s": cold_s, "warm_s": warm_s, "first_s": firsts[1:], "notes": take.score.note_count,
        "steps": take.steps, "parts": len(take.score.parts), "peak_mb": peak,
    }  # fmt: skip


def cold(seed: int) -> Numbers:
    """Compose the brief once and write a MIDI file: what a fresh process costs without sound and pictures."""
    import tempfile

    from zhiyin.apps.model import open_model
    from zhiyin.apps.wishes import read_asked
    from zhiyin.fill import compose_plan
    from zhiyin.fill.plan_make import make_plan
    from zhiyin.io import save
    from zhiyin.score import Wishes

    wishes = read_asked(BRIEF, Wishes()).wishes
    take = compose_plan.compose(make_plan(wishes, seed=seed), wishes, model=open_model(), seed=seed)
    with tempfile.TemporaryDirectory() as place:
        save(take.score, Path(place) / "score.mid")
    return {"notes": take.score.note_count, "peak_mb": peak_mb()}


def full_command(seed: int) -> Numbers:
    """Run `zhiyin compose` with everything it writes, sound included."""
    import tempfile

    from zhiyin.cli import main

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "out"
        sys.argv = ["zhiyin", "compose", BRIEF, "-o", str(folder), "--seed", str(seed), "--json"]
        try:
            main()
        except SystemExit as leaving:
            if leaving.code not in (None, 0):
                raise
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"megabytes": size / 1e6, "peak_mb": peak_mb()}


def render(seed: int, name: str) -> Numbers:
    """Play a minute for five parts: the bare synth twice, then the whole mix."""
    from benchmarks.pieces import piece
    from zhiyin.perform import humanise
    from zhiyin.render import SYNTHS
    from zhiyin.render.mix import render_audio

    score = humanise(piece(seed, bars=30, players=5, bpm=120.0), seed=seed)
    synth = SYNTHS[name](None)
    first_s, _ = timed(lambda: synth.render(score, sample_rate=44_100))
    dry_s, dry = timed(lambda: synth.render(score, sample_rate=44_100))
    mix_s, mixed = timed(lambda: render_audio(score, synth=synth))
    return {
        "first_s": first_s, "dry_s": dry_s, "mix_s": mix_s, "dry_audio_s": dry.duration_s,
        "mix_audio_s": mixed.duration_s, "bank": synth.name, "peak_mb": peak_mb(),
    }  # fmt: skip


WORK: dict[str, Callable[..., Numbers]] = {
    "compose": compose,
    "cold": cold,
    "command": full_command,
    "render": render,
}


def main(words: Sequence[str]) -> int:
    """Do one piece of work and print its numbers as the last line."""
    what, seed, *rest = words
    print(json.dumps(WORK[what](int(seed), *rest)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
