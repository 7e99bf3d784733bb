"""MusicXML, plain and packed: the doors to its reader and its writer.

Conventions: `.musicxml` and `.xml` are plain, `.mxl` is packed; each refuses the other and names the ending.
This module knows only which function does what, and how a score is packed.
"""

from __future__ import annotations

import io
import zipfile

from zhiyin.errors import UnreadableFile
from zhiyin.io.base import Written
from zhiyin.io.limits import check_size
from zhiyin.io.musicxml_read import read_score
from zhiyin.io.musicxml_write import write_score
from zhiyin.score import Score


class MusicXml:
    """MusicXML 4.0 files. Source: https://www.w3.org/2021/06/musicxml40/."""

    name = "MusicXML"
    is_read_only = False
    endings: tuple[str, ...] = (".musicxml", ".xml")

    def read(self, data: bytes, *, path: str) -> Score:
        """Return the score in `data`; `path` is for messages only. Raises UnreadableFile with line and reason."""
        if data[:2] == b"PK":
            raise UnreadableFile(
                path, "byte 0", "plain MusicXML must begin with '<', got a zip: call it .mxl"
            )
        return read_score(data, path=path)

    def write(self, score: Score) -> Written:
        """Return plain MusicXML 4.0 and what was lost. Raises InvalidInput for metres finer than 1/32."""
        return write_score(score)


_CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<container><rootfiles><rootfile full-path="score.musicxml" '
    'media-type="application/vnd.recordare.musicxml+xml"/></rootfiles></container>\n'
)


class PackedMusicXml:
    """MusicXML in a zip container; the same score gives the same bytes."""

    name = "packed MusicXML"
    is_read_only = False
    endings: tuple[str, ...] = (".mxl",)

    def read(self, data: bytes, *, path: str) -> Score:
        """Return the score in a zip container. Raises UnreadableFile, also for plain XML."""
        check_size(data, path=path)
        if data[:2] != b"PK":
            raise UnreadableFile(
                path, "byte 0", f"a zip must begin with 'PK', got {data[:8]!r}: call plain MusicXML .musicxml"
            )
        return read_score(data, path=path)

    def write(self, score: Score) -> Written:
        """Return a packed score and what was lost. Raises InvalidInput as for plain files."""
        plain, out = write_score(score), io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in (
                ("META-INF/container.xml", _CONTAINER.encode()),
                ("score.musicxml", plain.data),
            ):
                member = zipfile.ZipInfo(name)  # dated 1980, so that no clock enters the bytes
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, data)
        return Written(out.getvalue(), plain.lost)
