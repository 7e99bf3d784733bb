"""Laws of the install benchmark that need no network."""

from __future__ import annotations

from pathlib import Path

from benchmarks.install import folder_bytes


def test_a_folder_weighs_what_its_files_weigh_and_links_weigh_nothing(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a").write_bytes(b"x" * 10)
    (tmp_path / "deep" / "b").write_bytes(b"x" * 32)
    (tmp_path / "deep" / "link").symlink_to(tmp_path / "a")
    assert folder_bytes(tmp_path) == 42
