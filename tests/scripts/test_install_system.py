"""Laws of the scripts on machines unlike this one, played by a PATH of links and small fakes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = ["bash", "dirname", "env", "sed", "ls", "grep", "cat", "id"]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return a folder of programs with neither Python, nor a package manager, nor FluidSynth."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return folder


def fake(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!{folder}/bash\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def run(script: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(folder)}
    return subprocess.run([script, *words], env=environment, capture_output=True, text=True, timeout=30)


def test_apt_gets_the_synthesiser_and_the_free_font_in_one_command(bare: Path, root: Path) -> None:
    log = bare.parent / "log"
    fake(bare, "id", "echo 0")
    fake(
        bare, "apt-get", f'echo "$@" >>{log}; echo > {bare}/fluidsynth; {bare}/env chmod +x {bare}/fluidsynth'
    )
    (bare / "chmod").symlink_to(shutil.which("chmod") or "")
    assert run(root / "scripts" / "install-system", bare, "--test").returncode == 0
    [line] = log.read_text(encoding="utf-8").splitlines()
    assert line.startswith("install -y")
    packages = "fluidsynth libfluidsynth3 musescore-general-soundfont-small poppler-utils"
    assert line.endswith(f"--no-install-recommends {packages}")


def test_apt_that_fails_updates_its_lists_once_and_then_gives_up(bare: Path, root: Path) -> None:
    log = bare.parent / "log"
    fake(bare, "id", "echo 0")
    fake(bare, "apt-get", f'echo "$1" >>{log}; exit 100')
    done = run(root / "scripts" / "install-system", bare)
    assert (done.returncode, "apt-get could not install them" in done.stdout) == (1, True)
    assert log.read_text(encoding="utf-8").split() == ["install", "update", "install"]


def test_without_the_right_to_install_nothing_is_tried(bare: Path, root: Path) -> None:
    log = bare.parent / "log"
    fake(bare, "id", "echo 1000")
    fake(bare, "sudo", "exit 1")
    fake(bare, "apt-get", f'echo "$@" >>{log}')
    done = run(root / "scripts" / "install-system", bare)
    assert (done.returncode, "neither root nor sudo without a password" in done.stdout) == (1, True)
    assert not log.exists()


def test_a_machine_without_a_package_manager_is_told_so(bare: Path, root: Path) -> None:
    fake(bare, "id", "echo 0")
    done = run(root / "scripts" / "install-system", bare)
    assert (done.returncode, "none of apt-get, dnf, pacman, brew is here" in done.stdout) == (1, True)


def test_the_demo_goes_on_without_system_packages_and_names_the_python_it_needs(
    bare: Path, root: Path
) -> None:
    fake(bare, "id", "echo 0")
    done = run(root / "scripts" / "demo", bare)
    assert "the small built-in bank will be used" in done.stdout
    assert done.returncode == 1
    assert "Zhiyin needs Python 3.11 or newer with its venv module, and none was found" in done.stderr


def test_a_python_that_is_too_old_is_passed_over(bare: Path, root: Path) -> None:
    fake(bare, "python3", "exit 1")
    fake(bare, "python3.12", "exit 0")
    code = f"source {root}/scripts/lib.sh; find_python"
    done = subprocess.run(
        [bare / "bash", "-c", code], env={"PATH": str(bare)}, capture_output=True, text=True
    )
    assert done.stdout.strip() == str(bare / "python3.12")
