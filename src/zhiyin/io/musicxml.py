"""MusicXML, plain and packed: the door to its reader and its writer.

Conventions: `.musicxml` and `.xml` are plain, `.mxl` is packed; reading looks at the bytes, not at the ending.
This module knows only which function does what.
"""

from __future__ import annotations

from zhiyin.io.base import Written
from zhiyin.io.musicxml_read import read_score
from zhiyin.io.musicxml_write import write_score
from zhiyin.score import Score


class MusicXml:
    """MusicXML 4.0 files. Source: https://www.w3.org/2021/06/musicxml40/."""

    name = "MusicXML"
    endings = (".musicxml", ".xml", ".mxl")

    def read(self, data: bytes, *, path: str) -> Score:
        """Return the score in `data`; `path` is for messages only. Raises UnreadableFile with line and reason."""
        return read_score(data, path=path)

    def write(self, score: Score) -> Written:
        """Return plain MusicXML 4.0 and what was lost. Raises InvalidInput for metres finer than 1/32."""
        return write_score(score)
