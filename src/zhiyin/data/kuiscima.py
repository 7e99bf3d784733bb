"""KuiSCIMA: Jiang Kui's songs of about 1202, a pitch and a word a sign, without rhythm; never trained on.

Conventions: every sign becomes a quarter note; lülü names give the height, with gong as C4 at huangzhong.
This module reads suzipu and lülüpu pieces alike by their gongche pitch names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from zhiyin.data.base import Card, Piece, Source, files_of, slug
from zhiyin.data.reading import read_text
from zhiyin.score import Notes, Part, Score
from zhiyin.units import TICKS_PER_QUARTER

# Gongche and lülü names to semitones above huangzhong (Yang Yinliu's reading).
PITCHES: dict[str, int] = {
    "HE": 0, "XIA_SI": 1, "SI": 2, "XIA_YI": 3, "YI": 4, "SHANG": 5, "GOU": 6, "CHE": 7, "XIA_GONG": 8,
    "GONG": 9, "XIA_FAN": 10, "FAN": 11, "LIU": 12, "XIA_WU": 13, "WU": 14, "GAO_WU": 15,
    "HUANGZHONG": 0, "DALÜ": 1, "DALV": 1, "TAICU": 2, "JIAZHONG": 3, "GUXIAN": 4, "ZHONGLÜ": 5, "ZHONGLV": 5,
    "RUIBIN": 6, "LINZHONG": 7, "YIZE": 8, "NANLÜ": 9, "NANLV": 9, "WUYI": 10, "YINGZHONG": 11,
    "HUANGZHONG_QING": 12, "DALV_QING": 13, "TAICU_QING": 14, "JIAZHONG_QING": 15,
}  # fmt: skip


class KuiScima:
    """Reader of the KuiSCIMA normalised edition (.json)."""

    card = Card(
        name="kuiscima",
        title="KuiSCIMA: Baishidaoren Gequ",
        citation="Repolusk & Veas, The KuiSCIMA Dataset for Optical Music Recognition of Ancient Chinese Suzipu "
        "Notation, ICDAR 2024",
        licence="GPL-3.0-only",
        ruling="measure",
        repository="https://github.com/SuziAI/KuiSCIMA",
        commit="b5727bdeea97e1bb45fd664e1267afe0f5117cb6",
        checksum="4d37648776125eda5681ccadbf3eeff9652870fca6a8d24a1fc513a3d894c435",
        notes="The music is in the public domain, its encoding is GPL: measuring only.",
    )
    files = ("KuiSCIMA/symbolic_dataset/02_normalized_edition/**/*.json",)

    def sources(self, root: Path) -> Iterator[Source]:
        """Yield one source a song."""
        for path in files_of(root, self.files):
            stem = Path(path).stem
            yield Source(
                id=slug(stem), work=slug(f"kuiscima {stem}"), path=path, style="chinese", title=stem,
                composer="姜夔", licence=self.card.licence,
            )  # fmt: skip

    def read(self, root: Path, source: Source) -> Iterator[Piece]:
        """Yield the song as one line of quarter notes with its words."""
        content = json.loads(read_text(root / source.path))["content"]
        signs = [box for box in content if box.get("box_type") == "Music"]
        rows = [(pitch, str(box.get("text_content", ""))) for box in signs for pitch in pitches_of_sign(box)]
        onsets = np.arange(len(rows)) * TICKS_PER_QUARTER
        notes = Notes(
            onsets,
            np.full(len(rows), TICKS_PER_QUARTER),
            np.array([60 + pitch for pitch, _ in rows], np.int64),
            np.full(len(rows), 80),
            syllable=np.array([word for _, word in rows], np.str_),
        )
        yield Piece(source, Score(title=source.title, parts=(Part("Voice", notes, role="melody"),)))


def pitches_of_sign(box: dict[str, Any]) -> list[int]:
    """Return the semitones above huangzhong of one sign: none, one, or two where it has an ornament."""
    notation = box.get("notation_content") or {}
    names = [notation.get("pitch"), *(notation.get("pitches") or [])] if isinstance(notation, dict) else []
    return [PITCHES[name] for name in names if name in PITCHES]
