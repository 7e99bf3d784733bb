"""Tiny sets for the data tests, written by hand; the real sets are never needed.

Conventions: a set's folder is built under tmp_path with the layout of its origin.
Does not know: the network.
"""

from __future__ import annotations

from pathlib import Path

import pytest

TUNES = """X:1
T:The First Tune
R:reel
M:4/4
L:1/8
K:G
GABc dBAB|cdef g2d2|GABc dBAB|cAFA G4|
dedB GABd|edef g2e2|dedB GABd|cAFA G4|]

X:2
T:Second Tune, The
R:waltz
M:3/4
L:1/8
K:D
F2A2d2|f4e2|d2c2B2|A4F2|G2B2d2|c2e2g2|f2e2c2|d6|]

X:3
T:Broken
M:4/4
L:1/8
GABc|
"""


@pytest.fixture
def folk_home(tmp_path: Path) -> Path:
    """Return a folder of sets that holds two good tunes and one without a key."""
    folder = tmp_path / "home" / "music21_folk" / "oneills1850"
    folder.mkdir(parents=True)
    (folder / "book.abc").write_text(TUNES, encoding="utf-8")
    return tmp_path / "home"
