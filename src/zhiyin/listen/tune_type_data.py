"""What the listener of dances learns from: tunes whose book names the rhythm, salon dances, and music that is neither.

Conventions: works stand on one side by a hash of their names, a fifth each to choose and to measure; of salon dances
the tune alone is learned, too. This module does not train: see `zhiyin.listen.tune_type_build`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from zhiyin.data.abc_books import field_of_tune, tunes_of_file
from zhiyin.data.corpus import CorpusView
from zhiyin.data.music21_folk import Music21Folk
from zhiyin.data.nottingham import Nottingham
from zhiyin.errors import UnreadableFile
from zhiyin.judge.excerpts import Excerpt
from zhiyin.judge.features import features_of
from zhiyin.judge.style_net_data import NEVER_LEARN, work_fold
from zhiyin.listen.piece_net_fit import Labelled
from zhiyin.listen.style_data import SIDES, piece_windows, pieces_by_style
from zhiyin.listen.style_hearing import PLAYER_NAMES, Hearing, hearing_of_piece, hearing_of_score

# Rhythm as the books write it (any case, spaces apart) -> dance.
DANCE_OF_RHYTHM = {
    "reel": "reel", "hornpipe": "hornpipe", "clog": "hornpipe", "jig": "jig", "doublejig": "jig", "slide": "jig",
    "slipjig": "slip-jig", "strathspey": "strathspey", "fling": "strathspey", "highlandfling": "strathspey",
    "air": "air", "waltz": "waltz", "march": "march",
}  # fmt: skip
SALON = frozenset({"march", "mazurka", "minuet", "polonaise", "waltz"})
NO_DANCE = "no-dance"
OTHER_STYLES = (
    "art-song", "baroque", "choir", "classical", "game", "guitar", "hymn", "orchestral", "pop", "song",
    "string-quartet",
)  # fmt: skip
OTHERS_A_STYLE = 40
MOST_A_DANCE = 400
# File of the Nottingham set -> dance, for measuring only. Its files "reels" hold every tune in four, airs and country
# dances too: of these the ones whose title names a dance.
NOTTINGHAM = {"hpps": "hornpipe", "jigs": "jig", "slip": "slip-jig", "waltzes": "waltz"}
NAMED = ("reel", "hornpipe", "march", "strathspey")


def rhythms_of_books(folder: Path) -> dict[str, str]:
    """Return {id of a tune in the corpus: dance} of every tune of the two books whose rhythm is named."""
    found = {}
    for source in Music21Folk().sources(folder):
        tune = tunes_of_file(folder, source.path)[int(source.id.rsplit("-", 1)[1]) - 1]
        rhythm = "".join(field_of_tune(tune, "R").lower().split())
        if rhythm in DANCE_OF_RHYTHM:
            found[source.id] = DANCE_OF_RHYTHM[rhythm]
    return found


def dances_of_corpus(view: CorpusView, books: Path, *, seed: int = 0) -> dict[str, list[int]]:
    """Return {dance: pieces of the view}, at most MOST_A_DANCE of each, and NO_DANCE."""
    rhythms, ids, sets = rhythms_of_books(books), view.column("id"), view.column("set")
    styles = view.column("style")
    found: dict[str, list[int]] = {}
    for index in range(len(view)):
        dance = rhythms.get(str(ids[index])) if sets[index] == "music21_folk" else None
        dance = dance or (str(styles[index]) if str(styles[index]) in SALON else None)
        if dance and view.note_counts[index] and sets[index] not in NEVER_LEARN:
            found.setdefault(dance, []).append(index)
    rng = np.random.default_rng(seed)
    dances = {i for rows in found.values() for i in rows}
    by_style = pieces_by_style(view)
    for style in OTHER_STYLES:
        rows = [i for side in by_style.get(style, {}).values() for i in side if i not in dances]
        found.setdefault(NO_DANCE, []).extend(rng.permutation(rows)[:OTHERS_A_STYLE].tolist())
    return {
        name: sorted(rng.permutation(rows)[:MOST_A_DANCE].tolist()) for name, rows in sorted(found.items())
    }


def hear_dances(view: CorpusView, dances: dict[str, list[int]]) -> dict[str, Labelled]:
    """Return {side: hearings with labels}, who plays kept from the listener."""
    works = view.column("work")
    rows: dict[str, list[tuple[Hearing, int]]] = {side: [] for side in SIDES}
    for label, name in enumerate(dances):
        for index in dances[name]:
            side = {0: "test", 1: "valid"}.get(work_fold(str(works[index])), "train")
            found = [hearing_of_piece(view, index).without_players()]
            if side == "train" and name in SALON:
                found.append(tune_hearing(piece_windows(view, index)))
            rows[side] += [(hearing, label) for hearing in found if len(hearing.windows)]
    return {
        side: Labelled(
            tuple(h for h, _ in rows[side]), np.array([label for _, label in rows[side]], np.int64)
        )
        for side in SIDES
    }


def tune_hearing(windows: list[Excerpt]) -> Hearing:
    """Return what is heard of the highest notes alone."""
    tunes = [tune_alone(window) for window in windows if not window.is_drums.any()]
    rows = [features_of(tune) for tune in tunes if tune.is_worth_judging]
    width = rows[0].size if rows else 0
    return Hearing(
        np.stack(rows) if rows else np.zeros((0, width), np.float32), np.zeros(len(PLAYER_NAMES), np.float32)
    )


def tune_alone(excerpt: Excerpt) -> Excerpt:
    """Return the highest note of each attack, cut where the next begins."""
    order = np.lexsort((excerpt.pitch, excerpt.onset))
    rows = order[np.append(np.diff(excerpt.onset[order]) != 0, True)]
    onset = excerpt.onset[rows]
    room = np.append(np.diff(onset), excerpt.length)
    return replace(
        excerpt, onset=onset, duration=np.minimum(excerpt.duration[rows], room), pitch=excerpt.pitch[rows],
        part=np.zeros_like(onset), is_drums=excerpt.is_drums[rows],
    )  # fmt: skip


def nottingham_dance(stem: str, title: str) -> str | None:
    """Return the dance of a Nottingham tune by its file, or by its title where the file names none.

    >>> nottingham_dance("jigs", "Any"), nottingham_dance("reelsa-c", "The Bear Reel"), nottingham_dance("xmas", "Any")
    ('jig', 'reel', None)
    """
    if not stem.startswith("reels"):
        return NOTTINGHAM.get(stem)
    return next((dance for dance in NAMED if dance in title.lower().split()), None)


def hear_nottingham(folder: Path, classes: tuple[str, ...]) -> Labelled:
    """Return the tunes of the Nottingham set, which nothing learns from, by the dance their file names."""
    rows = []
    reader = Nottingham()
    for source in reader.sources(folder):
        dance = nottingham_dance(Path(source.path).stem, source.title)
        if dance is None:
            continue
        try:
            score = next(iter(reader.read(folder, source))).score
        except UnreadableFile:
            continue  # a faulty tune measures nothing
        hearing = hearing_of_score(replace(score, parts=score.parts[:1])).without_players()
        if len(hearing.windows):
            rows.append((hearing, classes.index(dance)))
    return Labelled(tuple(h for h, _ in rows), np.array([label for _, label in rows], np.int64))
