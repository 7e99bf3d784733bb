"""lyrics: words for a tune, in Chinese or English, or a person's own words held against it.

Conventions: lines and syllables count from 1 as people type them; the tune itself is never changed.
This module finds no words: see `zhiyin.lyrics`; files and report: `zhiyin.apps.lyrics_files`, `lyrics_report`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiyin.apps.acting_files import is_file_target
from zhiyin.apps.base import Progress, silent
from zhiyin.apps.files import named, owned, read_score
from zhiyin.apps.lyrics_files import refuse_lyrics_place, write_lyrics
from zhiyin.apps.lyrics_make import Written, make_lyrics
from zhiyin.apps.plan_ import check_seed
from zhiyin.errors import InvalidInput
from zhiyin.lyrics.slots import MELISMAS

LANGUAGE_NAMES = ("zh", "en")


@dataclass(frozen=True, kw_only=True)
class LyricsRequest:
    """Words for a tune, and how.

    source: a score of any format; out: a folder, or a score file; words: language, zh or en; theme: keywords; style:
    of verse; rhyme: classes, comma between; scheme: letters; profile: how far tones bind; melisma: strict, allow or
    sung; phrases, chorus: how a person cuts the tune; fixed: "line:syllable:words"; lines: "line:text"; banned:
    words; readings: "长=zhang3"; check: a file of a person's own words to hold against the tune; text: a file of
    words to go on with; rewrite: lines to write anew; alternatives: a line to give five others for; model_url: a
    language model's server that may propose lines.
    """

    source: Path
    out: Path = Path("out")
    words: str = "zh"
    theme: str = ""
    style: str | None = None
    rhyme: str = ""
    table: str = ""
    scheme: str = ""
    profile: str | None = None
    melisma: str | None = None
    part: str | None = None
    phrases: str = ""
    chorus: str = ""
    fixed: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    check: Path | None = None
    text: Path | None = None
    rewrite: tuple[int, ...] = ()
    alternatives: int | None = None
    seed: int = 0
    line_model: str = "auto"
    model_url: str = ""
    model_name: str = ""
    soundfont: Path | None = None
    is_silent: bool = False
    lang: str = "en"

    def __post_init__(self) -> None:
        check_seed(self.seed)
        if self.words not in LANGUAGE_NAMES:
            raise InvalidInput(
                f"the words must be in zh or en, got {self.words!r}: choose one",
                zh=f"歌词语言应为 zh 或 en，得到 {self.words!r}",
            )
        if self.melisma is not None and self.melisma not in MELISMAS:
            raise InvalidInput(
                f"melisma must be one of {', '.join(MELISMAS)}, got {self.melisma!r}: choose one"
            )
        if self.check is not None and (self.rewrite or self.alternatives is not None):
            raise InvalidInput(
                "words to check stay as they are, got --check with --rewrite or --alternatives: use one"
            )


@dataclass(frozen=True, slots=True)
class Sung:
    """Where the song was written (nothing, for a check or alternatives), the words, and the report."""

    out: Path | None
    written: Written
    report: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the report and the place as plain values."""
        if self.out is None:
            return {"folder": None, **self.report}
        return {"folder": str(self.out.parent if is_file_target(self.out) else self.out), **self.report}


def run(request: LyricsRequest, progress: Progress = silent) -> Sung:
    """Write the words of a tune and its files; nothing is written unless every line stands.

    A check and alternatives write no files. Raises InvalidInput, NotFound, UnreadableFile, ConstraintsUnmet.
    """
    read = owned(named(read_score(request.source), request.source), request.source)
    writes = request.check is None and request.alternatives is None
    if writes:
        refuse_lyrics_place(request)
    written = make_lyrics(request, read.score, progress=progress)
    report = write_lyrics(request, written, warnings=read.warnings, progress=progress)
    return Sung(request.out if writes else None, written, report)
