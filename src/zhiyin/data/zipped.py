"""The text of a MusicXML file, compressed or not, read without trusting its table of contents.

Conventions: the first member that ends in .xml and is not under META-INF is the score.
This module does not parse XML: see `zhiyin.io.musicxml`.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from zhiyin.errors import UnreadableFile

MAX_TEXT_BYTES = 256 * 2**20


def musicxml_text(path: Path) -> str:
    """Return the score text of a .mxl or .musicxml file. Raises UnreadableFile."""
    data = path.read_bytes()
    if not data.startswith(b"PK"):
        return data.decode("utf-8", errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".musicxml")) and not member.filename.startswith("META-INF"):
                if member.file_size > MAX_TEXT_BYTES:
                    raise UnreadableFile(
                        path, member.filename, f"must be under {MAX_TEXT_BYTES} bytes unpacked"
                    )
                return archive.read(member).decode("utf-8", errors="replace")
    raise UnreadableFile(path, "archive", "no .xml member found")
