"""Which style a corpus piece counts as for the style listener: its collection's label, set right by its own record.

Conventions: the rules read who plays and who wrote it, for all sides alike, never notes and never an answer of ours:
collections label by different habits (one calls everything untagged "classical"). This module does not split.
"""

from __future__ import annotations

import numpy as np

from zhiyin.judge.excerpts import KEYBOARDS
from zhiyin.units import BoolArray, IntArray

# Style -> the class it counts as, beside those the window classifier merges (chorale: hymn, nocturne:
# romantic-piano). The 18 "jazz" pieces are lead sheets of Tin Pan Alley from the book that holds "song", by the same
# writers.
MERGED = {"jazz": "song"}
# What a piece is for names no style: an étude may be a cornet exercise or Chopin's.
LEFT_OUT = frozenset({"etude"})
# Kinds of dance, and labels that collections give by era here and by players there: who plays and who wrote it say
# the style (a minuet may be Bach's or Haydn's). Which dance it is, `zhiyin.listen.tune_type` hears.
DANCES = frozenset({"march", "mazurka", "minuet", "polonaise", "waltz"})
MIXED = frozenset({"classical", "romantic-piano", "chamber"}) | DANCES
FOLK_BOOKS = ("O'Neill's", "Ryan's")
GUITARS, VOICES = frozenset({24, 25}), frozenset({52, 53, 54})
QUARTET = (40, 40, 41, 42)
ORCHESTRA = 9  # players
# Surnames as the collections write them. Born before 1700; born 1700..1779. All others count as later.
BAROQUE = frozenset({
    "bachjs", "buchner", "buxtehude", "eccles", "förster", "froberger", "handel", "japart", "jarzębski", "kuhnau",
    "lotti", "lully", "monteverdi", "pachelbel", "purcell", "rameau", "scarlatti", "scheidemann", "telemann",
    "titelouze", "vivaldi",
})  # fmt: skip
CLASSICAL = frozenset({
    "andré", "andrej", "bach, johann christian", "bachcpe", "beethoven", "benda", "boieldieu", "clementi", "cramer",
    "devienne", "elsner", "fils", "gołąbek", "haydn", "hoffmeister", "holland", "janiewicz", "keyper", "mozart",
    "muellerae", "mysliveček", "méhul", "ogiński", "pichl", "pleyel", "pugnani", "schall", "stefani, jan", "toeschi",
    "vanhal", "wanhal", "went", "żebrowski",
})  # fmt: skip
# Keyboard music of these labels is of the nineteenth century where nobody is named.
OF_THE_SALON = frozenset({"romantic-piano", "march", "mazurka", "polonaise", "waltz"})
UNKNOWN = frozenset({"", "anonim", "anonymous", "traditional"})


def style_of_record(style: str, composer: str, programs: IntArray, *, is_drums: BoolArray) -> str | None:
    """Return the class a piece counts as, None where its record names no style.

    style: the collection's label after its own merges; programs, is_drums: (parts,).
    >>> style_of_record("romantic-piano", "Chopin, Fryderyk", np.array([52, 0, 0]), is_drums=np.zeros(3, bool))
    'art-song'
    >>> style_of_record("classical", "BachJS", np.array([0, 0]), is_drums=np.zeros(2, bool))
    'baroque'
    """
    if style in LEFT_OUT:
        return None
    if style not in MIXED or is_drums.any():
        return MERGED.get(style, style)
    if composer.startswith(FOLK_BOOKS):
        return "folk"
    played = set(programs.tolist())
    if played <= GUITARS:
        return "guitar"
    if played & VOICES:
        return "choir" if played <= VOICES else "art-song"
    if is_by(composer, BAROQUE):
        return "baroque"
    if played <= KEYBOARDS:
        return _keyboard_era(style, composer)
    return _ensemble(programs)


def is_by(composer: str, names: frozenset[str]) -> bool:
    """Return whether a composer as a collection writes the name ("HaydnFJ", "Haydn, Joseph") is one of some."""
    written = composer.lower()
    return any(_stands_at_start(written, name) or f" {name} " in f" {written} " for name in names)


def _stands_at_start(written: str, name: str) -> bool:
    rest = written[len(name) :]
    return written.startswith(name) and (not rest or not rest[0].isalpha() or len(rest) <= 3)


def _keyboard_era(style: str, composer: str) -> str | None:
    """Return the era of music for keyboard; who is not known is of the salon or of no era."""
    if composer.lower() in UNKNOWN:
        return "romantic-piano" if style in OF_THE_SALON else None
    return "classical" if is_by(composer, CLASSICAL) else "romantic-piano"


def _ensemble(programs: IntArray) -> str | None:
    """Return the class of an ensemble by its size; one player's line out of a work names no style."""
    keyboards = np.isin(programs, list(KEYBOARDS))
    players = int(np.sum(~keyboards)) + int(keyboards.any())
    if players == 1:
        return None
    if tuple(sorted(programs.tolist())) == QUARTET:
        return "string-quartet"
    return "orchestral" if players >= ORCHESTRA else "chamber"
