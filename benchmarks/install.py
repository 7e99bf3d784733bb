"""Measures a fresh default install: its size, and what it must not bring.

Conventions: MB are 10^6 bytes of files in the whole environment, pip included; needs a package index.
Does not know: what the packages do.
"""

from __future__ import annotations

import subprocess
import tempfile
import venv
from pathlib import Path

from benchmarks.runner import BenchmarkError, Context, Result

LIMIT = "<= 400"


def folder_bytes(folder: Path) -> int:
    """Return the bytes of all files in the folder, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def install(root: Path, folder: Path) -> Path:
    """Make a virtual environment with the default install and return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", str(root)], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise BenchmarkError(
            f"pip could not install {root}: {done.stderr.strip()[-500:]}: is a package index reachable?"
        )
    return python


def installed(python: Path) -> list[str]:
    """Return the names of the installed distributions, in lower case."""
    listing = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    )
    return [line.split("==")[0].lower() for line in listing.stdout.splitlines()]


def run(ctx: Context) -> list[Result]:
    """Return the size of a fresh default install, its distributions, and torch's absence."""
    with tempfile.TemporaryDirectory() as place:
        names = installed(install(ctx.root, Path(place)))
        size_mb = folder_bytes(Path(place)) / 1e6
    return [
        ctx.result("install_size", round(size_mb, 1), "MB", goal=LIMIT),
        ctx.result("install_distributions", len(names), "packages"),
        ctx.result("install_torch", names.count("torch"), "packages", goal="== 0"),
    ]
