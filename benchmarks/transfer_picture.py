"""The picture of docs/transfer.md: a held-out hymn before and after, as piano rolls one under another.

Run ``python -m benchmarks.transfer_picture FILE.png``. Conventions: the first held-out hymn of seed 0; needs
a corpus (ZHIYIN_CORPUS). Does not know: how rolls are drawn (zhiyin.render.plot).
"""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.transfer import families, some
from zhiyin.fill.acts.transfer import Asked, transfer
from zhiyin.render.plot import piano_roll_png

SHOWN = (("cyclegan", "romantic-piano"), ("vae-transfer", "waltz"), ("rules", "chinese"))


def draw(path: Path) -> None:
    """Draw the song and its transfers to a PNG file."""
    makers = families()
    song = some("hymn", "waltz", 0)[0]
    scores = [replace(song.desk.frame, title=f"before: {song.desk.frame.title}, a hymn")]
    for family, style in SHOWN:
        writer = makers[family]("hymn", song)
        asked = Asked(style=style, is_tune_kept=style != "chinese")
        take = transfer(song.desk, asked, writer, rng=np.random.default_rng(0))
        scores.append(replace(take.score, title=f"after: {style}, by {family}"))
    rolls = [Image.open(io.BytesIO(piano_roll_png(score))) for score in scores]
    sheet = Image.new("RGB", (max(r.width for r in rolls), sum(r.height for r in rolls)), "white")
    top = 0
    for roll in rolls:
        sheet.paste(roll, (0, top))
        top += roll.height
    sheet.resize((sheet.width * 2 // 3, sheet.height * 2 // 3), Image.Resampling.LANCZOS).save(
        path, optimize=True
    )


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
