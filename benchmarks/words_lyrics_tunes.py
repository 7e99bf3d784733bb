"""Unseen tunes to write words for: test pieces of people's songs, folk tunes and voice parts, the same for one seed.

Conventions: a tune is cut after so many notes at a bar line; it stands alone in its score. Only the test split.
Does not know: what words are.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from zhiyin.data.corpus import load_human_corpus, piece_to_score
from zhiyin.errors import ZhiyinError
from zhiyin.lyrics.melody import find_tune
from zhiyin.score import Score, Timeline

SETS = (
    "music21_folk",
    "pop909",
    "openscore_lieder",
    "open_hymnal",
    "pd_songs",
    "openewld",
    "chinese_tunes",
    "mutopia",
)
STYLES = ("folk", "pop", "art-song", "hymn", "song", "")
MOST_NOTES, LEAST_NOTES = 90, 20


def draw_tunes(corpus: Path, *, count: int, seed: int) -> list[Score]:
    """Return so many tunes, the sets in turn."""
    view = load_human_corpus(corpus, split="test")
    rng = np.random.default_rng([seed, 606])
    named = list(zip(view.column("set").tolist(), view.column("style").tolist(), strict=True))
    rows = {one: [i for i, (n, s) in enumerate(named) if n == one and s in STYLES] for one in SETS}
    order = {one: list(rng.permutation(found)) for one, found in rows.items() if found}
    tunes: list[Score] = []
    while len(tunes) < count and any(order.values()):
        for found in order.values():
            if found and len(tunes) < count:
                tune = _alone(piece_to_score(view, int(found.pop())))
                if tune is not None:
                    tunes.append(tune)
    return tunes


def _alone(score: Score) -> Score | None:
    """Return the tune of a piece alone and without words, cut at a bar line; None where there is none."""
    try:
        tune = find_tune(score)
    except ZhiyinError:
        return None
    part = score.parts[tune.part]
    notes = part.notes.take(tune.rows).with_columns(syllable=None)
    if len(notes) < LEAST_NOTES or float(np.median(notes.duration)) < 2600:
        return None
    if len(notes) > MOST_NOTES:
        line = Timeline.of(score)
        end = line.bar_start(int(line.bar_of(int(notes.onset[MOST_NOTES]))))
        notes = notes.between(0, end)
    if len(notes) < LEAST_NOTES:
        return None
    return replace(
        score, parts=(replace(part, notes=notes, role="melody"),), chords=(), sections=(), length_ticks=0
    )


def shuffled(score: Score, *, seed: int) -> Score:
    """Return the tune with the same rhythm and its pitches in another order."""
    part = score.parts[0]
    pitches = np.random.default_rng(seed).permutation(part.notes.pitch)
    return score.with_parts([part.with_notes(part.notes.with_columns(pitch=pitches, spelling=None))])
