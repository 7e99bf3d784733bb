"""Manifests: which files a set consists of, and whether a folder holds exactly those.

Conventions: a manifest line is "path<TAB>first 16 hex digits of the file's sha256"; they ship gzipped, one a set.
This module does not download: see `zhiyin.data.fetch`.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from zhiyin.data.base import files_of
from zhiyin.errors import NotFound

SHORT = 16
# A set's folder may carry the name of its selection or conversion.
FOLDER_NAMES: dict[str, tuple[str, ...]] = {
    "polish_scores": ("polish_scores_core",),
    "freedoom": ("freedoom_midi",),
    "pop909": ("pop909_joined",),
}

# Sets that ship in another package than this one: name -> (package, folder).
PACKAGED: dict[str, tuple[str, str]] = {"stylebook": ("zhiyin.stylebook", "styles")}


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes as 64 hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def checksum(entries: Iterable[tuple[str, str]]) -> str:
    """Return the sha256 over the sorted lines "path<TAB>sha256".

    >>> checksum([])[:8]
    'e3b0c442'
    """
    lines = "".join(f"{path}\t{digest}\n" for path, digest in sorted(entries))
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()


def folder_entries(root: Path, patterns: tuple[str, ...]) -> dict[str, str]:
    """Return {relative path: sha256} of the files in a folder that a set uses."""
    return {path: file_sha256(root / path) for path in files_of(root, patterns)}


def find_root(home: Path, name: str, patterns: tuple[str, ...]) -> Path:
    """Return the folder under `home` that holds files of a set, or `home` itself, or the copy that ships.

    Raises NotFound.
    """
    own = packaged_folder(name)
    others = [home / other for other in FOLDER_NAMES.get(name, ())]
    for folder in (*others, home / name, home, *([own] if own else [])):
        if any(next(folder.glob(pattern), None) for pattern in patterns):
            return folder
    raise NotFound(
        f"no files of {name!r} in {str(home)!r}: run  zhiyin corpus fetch {name}  or give the folder that holds "
        f"{patterns[0]} with --from DIR"
    )


def packaged_folder(name: str) -> Path | None:
    """Return the folder of a set that ships with the package, or None."""
    package, inside = PACKAGED.get(name, ("zhiyin.data", name))
    folder = Path(str(resources.files(package) / inside))
    return folder if folder.is_dir() else None


def read_manifest(name: str) -> dict[str, str]:
    """Return {relative path: short sha256} of a set. Raises NotFound."""
    resource = resources.files("zhiyin.data") / "manifests" / f"{name}.tsv.gz"
    if not resource.is_file():
        raise NotFound(f"data set {name!r} has no manifest: add {name}.tsv.gz under data/manifests")
    text = gzip.decompress(resource.read_bytes()).decode("utf-8")
    return dict(line.split("\t") for line in text.splitlines())


def pack_manifest(entries: dict[str, str]) -> bytes:
    """Return the gzipped manifest of {relative path: sha256}; the same entries give the same bytes."""
    lines = "".join(f"{path}\t{digest[:SHORT]}\n" for path, digest in sorted(entries.items()))
    return gzip.compress(lines.encode("utf-8"), mtime=0)


def differences(entries: dict[str, str], manifest: dict[str, str]) -> list[str]:
    """Return one sentence a file that is missing, changed or unknown, sorted by path."""
    found = []
    for path in sorted(entries.keys() | manifest.keys()):
        if path not in entries:
            found.append(f"{path}: missing")
        elif path not in manifest:
            found.append(f"{path}: not part of the set")
        elif entries[path][:SHORT] != manifest[path]:
            found.append(f"{path}: sha256 is {entries[path][:SHORT]}..., must be {manifest[path]}...")
    return found
