"""Laws of the classes of style: who plays and who wrote it set a collection's label right."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.listen.style_labels import style_of_record


@pytest.mark.parametrize(
    ("style", "composer", "programs", "expected"),
    [
        ("folk", "", [0], "folk"),
        ("jazz", "", [52], "song"),
        ("etude", "Chopin, Fryderyk", [0, 0], None),
        ("waltz", "Ryan's Mammoth Collection, 1883", [0], "folk"),
        ("classical", "BachJS", [0, 0], "baroque"),
        ("classical", "MozartWA", [0, 0], "classical"),
        ("classical", "SchumannR", [0, 0], "romantic-piano"),
        ("classical", "", [0, 0], None),
        ("minuet", "Haydn, Joseph", [6, 6], "classical"),
        ("polonaise", "Anonim", [0, 0], "romantic-piano"),
        ("minuet", "Anonim", [0, 0], None),
        ("classical", "CarulliF", [24], "guitar"),
        ("classical", "BeethovenLv", [40, 40, 41, 42], "string-quartet"),
        ("classical", "BeethovenLv", [40, 41, 42, 60, 68, 70, 71, 73, 43], "orchestral"),
        ("classical", "BeethovenLv", [0, 0, 42], "chamber"),
        ("classical", "Mendelssohn-BartholdyF", [68], None),
        ("romantic-piano", "Chopin, Fryderyk", [52, 0, 0], "art-song"),
        ("classical", "SardainL", [52, 52, 52], "choir"),
        ("chamber", "Buchner, Philipp Friedrich", [0, 0, 40, 40], "baroque"),
        ("classical", "BachCPE", [6, 6], "classical"),
    ],
)
def test_a_record_names_its_style(
    style: str, composer: str, programs: list[int], expected: str | None
) -> None:
    drums = np.zeros(len(programs), bool)
    assert style_of_record(style, composer, np.array(programs), is_drums=drums) == expected


def test_a_band_with_drums_keeps_its_label() -> None:
    assert style_of_record("march", "SousaJP", np.array([56, 0]), is_drums=np.array([False, True])) == "march"
