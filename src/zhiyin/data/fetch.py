"""Fetching a set: from a local copy or from its public origin, checked file by file.

Conventions: the data home is ZHIYIN_DATA or the user's data folder; a set lies in the folder of its name.
This module is the only one in the package that opens the network, and only when asked to.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import platformdirs

from zhiyin.data import DATASETS, STATISTICS, TEXT_DATASETS
from zhiyin.data.base import Card
from zhiyin.data.manifest import (
    SHORT,
    checksum,
    differences,
    file_sha256,
    find_root,
    folder_entries,
    packaged_folder,
    read_manifest,
)
from zhiyin.errors import InvalidInput, NotFound, ZhiyinError

CHUNK_BYTES = 1 << 20
TIMEOUT_S = 30.0
Progress = Callable[[str, int, int], None]


class FetchFailed(ZhiyinError):
    """A set could not be fetched; the message says what to do instead."""


def silent(name: str, done: int, total: int) -> None:
    """Take no notice of progress."""


def data_home() -> Path:
    """Return the folder of all sets: ZHIYIN_DATA where it is set, else the user's data folder."""
    given = os.environ.get("ZHIYIN_DATA")
    return Path(given) if given else Path(platformdirs.user_data_dir("zhiyin")) / "sets"


def card_and_files(name: str) -> tuple[Card, tuple[str, ...]]:
    """Return the card and the file patterns of a set of music, words or facts. Raises NotFound."""
    found = DATASETS.get(name) or TEXT_DATASETS.get(name) or STATISTICS.get(name)
    if found is not None:
        return found.card, found.files
    known = ", ".join([*DATASETS, *TEXT_DATASETS, *STATISTICS])
    raise NotFound(f"data set must be one of {known}, got {name!r}")


def verify(name: str, root: Path) -> None:
    """Check a folder against the set's card. Raises InvalidInput naming the first files that differ."""
    card, files = card_and_files(name)
    entries = folder_entries(root, files)
    if checksum(entries.items()) == card.checksum:
        return
    found = differences(entries, read_manifest(name)) or ["the manifest and the card disagree"]
    shown = "; ".join(found[:5])
    raise InvalidInput(
        f"{str(root)!r} must hold the files of {name!r} as published, got {len(found)} differences: {shown}. "
        f"Take the set at commit {card.commit} of {card.repository}"
    )


def fetch(
    name: str, *, source: Path | None = None, home: Path | None = None, progress: Progress = silent
) -> Path:
    """Bring a set into the data home and return its folder.

    source: a folder with the set's files (or a folder of sets); without it the package's own copy is taken, or the
    public origin is asked. What is there already and checks is kept. Raises InvalidInput, FetchFailed, NotFound.
    """
    card, files = card_and_files(name)
    target = (home or data_home()) / name
    if target.is_dir():
        verify(name, target)
        return target
    work = target.with_name(f"{name}.part")
    source = source or packaged_folder(name)
    if source is not None:
        copy_set(name, find_root(source, name, files), work, progress=progress)
    else:
        download_set(card, work, progress=progress)
    verify(name, work)
    work.rename(target)
    return target


def copy_set(name: str, root: Path, work: Path, *, progress: Progress = silent) -> None:
    """Copy the set's files, linking where the disk allows it; a file that is there already is kept."""
    manifest = read_manifest(name)
    for index, path in enumerate(sorted(manifest)):
        into = work / path
        if into.is_file() and file_sha256(into).startswith(manifest[path]):
            continue
        if not (root / path).is_file():
            raise NotFound(f"{path}: missing in {str(root)!r}: take the whole set {name!r}")
        into.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, into)
        progress(name, index + 1, len(manifest))


def download_set(card: Card, work: Path, *, progress: Progress = silent) -> None:
    """Download the origin's archive and take the set's files out of it. Raises FetchFailed with the remedy."""
    if card.conversion:
        raise FetchFailed(
            f"{card.name!r} cannot come straight from {card.repository}: {card.conversion}. "
            f"Give a copy of the converted files with --from DIR"
        )
    work.mkdir(parents=True, exist_ok=True)
    archive = work.with_name(f"{card.name}-{card.commit[:12]}.tar.gz")
    download(card.archive_url, archive, label=card.name, progress=progress)
    unpack(archive, read_manifest(card.name), work)
    archive.unlink()


def download(url: str, target: Path, *, label: str, progress: Progress = silent) -> None:
    """Download an address into a file, going on where an earlier try stopped. Raises FetchFailed."""
    part = target.with_name(target.name + ".download")
    have = part.stat().st_size if part.is_file() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            goes_on = have and answer.status == 206
            total = int(answer.headers.get("Content-Length") or 0) + (have if goes_on else 0)
            with part.open("ab" if goes_on else "wb") as file:
                while block := answer.read(CHUNK_BYTES):
                    file.write(block)
                    progress(label, file.tell(), max(total, file.tell()))
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise FetchFailed(
            f"cannot download {url}: {error}. Try again when online (it goes on where it stopped), "
            f"or give a local copy with --from DIR"
        ) from error
    part.rename(target)


def unpack(archive: Path, manifest: dict[str, str], work: Path) -> None:
    """Take the files of a manifest out of an archive, wherever they lie in it: the content decides.

    A text that only differs by its old Windows-1252 coding is stored as UTF-8.
    """
    wanted: dict[str, list[str]] = {}
    for path, digest in manifest.items():
        wanted.setdefault(digest, []).append(path)
    endings = tuple({Path(path).suffix for path in manifest})
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            if not member.isfile() or not member.name.endswith(endings):
                continue
            stream = tar.extractfile(member)
            for data in _codings(stream.read() if stream else b""):
                for path in wanted.get(_short(data), ()):
                    (work / path).parent.mkdir(parents=True, exist_ok=True)
                    (work / path).write_bytes(data)


def _codings(data: bytes) -> list[bytes]:
    try:
        data.decode("utf-8")
        return [data]
    except UnicodeDecodeError:
        return [data, data.decode("cp1252", errors="replace").encode("utf-8")]


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:SHORT]
