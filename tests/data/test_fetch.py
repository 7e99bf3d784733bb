"""A fetched set is what was published, or the error names the file; downloads go on where they stopped."""

from __future__ import annotations

import hashlib
import http.server
import io
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from zhiyin.data import fetch as fetching
from zhiyin.data.fetch import FetchFailed, download, fetch, unpack
from zhiyin.data.manifest import checksum, differences, folder_entries, pack_manifest
from zhiyin.errors import InvalidInput, NotFound

FILES = {"pd/one.abc": b"X:1\nK:C\n", "pd/two.abc": "X:2\nT:Größe\nK:C\n".encode()}


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Make open_hymnal a set of two files and return a folder that holds them."""
    for path, data in FILES.items():
        (tmp_path / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / path).write_bytes(data)
    entries = folder_entries(tmp_path / "source", ("pd/*.abc",))
    card, files = fetching.card_and_files("open_hymnal")
    card = replace(card, checksum=checksum(entries.items()))
    monkeypatch.setattr(fetching, "card_and_files", lambda name: (card, files))
    monkeypatch.setattr(fetching, "read_manifest", lambda name: {p: d[:16] for p, d in entries.items()})
    return tmp_path / "source"


def test_the_checksum_is_over_sorted_lines_of_path_and_digest() -> None:
    lines = "a\t11\nb\t22\n"
    assert checksum([("b", "22"), ("a", "11")]) == hashlib.sha256(lines.encode()).hexdigest()


def test_differences_name_every_file() -> None:
    entries = {"a": "1" * 64, "b": "2" * 64, "d": "4" * 64}
    manifest = {"a": "1" * 16, "b": "9" * 16, "c": "3" * 16}
    assert differences(entries, manifest) == [
        "b: sha256 is 2222222222222222..., must be 9999999999999999...",
        "c: missing",
        "d: not part of the set",
    ]


def test_a_manifest_packs_to_the_same_bytes() -> None:
    assert pack_manifest({"b": "2" * 64, "a": "1" * 64}) == pack_manifest({"a": "1" * 64, "b": "2" * 64})


def test_a_local_copy_is_checked_and_copied(tiny: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    got = fetch("open_hymnal", source=tiny, home=tmp_path / "home", progress=lambda *s: steps.append(s))
    assert got == tmp_path / "home" / "open_hymnal"
    assert {p: (got / p).read_bytes() for p in FILES} == FILES
    assert steps[-1] == ("open_hymnal", 2, 2)
    assert fetch("open_hymnal", home=tmp_path / "home") == got  # there already, no network needed


def test_a_changed_file_is_refused_by_name(tiny: Path, tmp_path: Path) -> None:
    (tiny / "pd" / "two.abc").write_text("X:2\nK:D\n")
    with pytest.raises(InvalidInput, match=r"got 1 differences: pd/two\.abc: sha256 is"):
        fetch("open_hymnal", source=tiny, home=tmp_path / "home")
    assert not (tmp_path / "home" / "open_hymnal").exists()


def test_a_missing_file_and_a_wrong_folder_are_named(tiny: Path, tmp_path: Path) -> None:
    (tiny / "pd" / "one.abc").unlink()
    with pytest.raises(NotFound, match=r"pd/one\.abc: missing"):
        fetch("open_hymnal", source=tiny, home=tmp_path / "home")
    with pytest.raises(NotFound, match="--from DIR"):
        fetch("open_hymnal", source=tmp_path / "home", home=tmp_path / "home")


def test_an_archive_is_unpacked_by_content(tmp_path: Path) -> None:
    archive = tmp_path / "origin.tar.gz"
    manifest = {path: hashlib.sha256(data).hexdigest()[:16] for path, data in FILES.items()}
    old = FILES["pd/two.abc"].decode().encode("cp1252")
    stored = {"repo-abc/deep/1.abc": FILES["pd/one.abc"], "repo-abc/old.abc": old}
    with tarfile.open(archive, "w:gz") as tar:
        for name, data in {**stored, "repo-abc/other.abc": b"no"}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    unpack(archive, manifest, tmp_path / "out")
    assert {p: (tmp_path / "out" / p).read_bytes() for p in FILES} == FILES
    assert len(list((tmp_path / "out").rglob("*.abc"))) == 2


def test_a_converted_set_cannot_come_from_its_origin(tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match=r"LilyPond .* with --from DIR"):
        fetch("mutopia", home=tmp_path)


DATA = bytes(range(256)) * 64


class _Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        first = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(DATA) - first))
        self.end_headers()
        self.wfile.write(DATA[first:])

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/x.tar.gz"
    server.shutdown()
    server.server_close()


def test_a_download_goes_on_where_it_stopped(address: str, tmp_path: Path) -> None:
    target = tmp_path / "x.tar.gz"
    (tmp_path / "x.tar.gz.download").write_bytes(DATA[:1000])
    seen: list[int] = []
    download(address, target, label="x", progress=lambda _, done, total: seen.append(done))
    assert target.read_bytes() == DATA
    assert seen[0] > 1000
    download(address, tmp_path / "whole", label="x")
    assert (tmp_path / "whole").read_bytes() == DATA


def test_an_offline_download_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="give a local copy with --from DIR"):
        download("http://127.0.0.1:9/x.tar.gz", tmp_path / "x", label="x")


def test_the_data_home_can_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHIYIN_DATA", str(tmp_path))
    assert fetching.data_home() == tmp_path
    monkeypatch.delenv("ZHIYIN_DATA")
    assert "zhiyin" in str(fetching.data_home())
