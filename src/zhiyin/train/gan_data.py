"""Phrases of people's pieces for the `gan` family: four bars each, at most so many a piece and a style.

Conventions: pieces of the corpus's own splits, by work; sets that only measure, leaks and what no person wrote are left
out; of the pop set only the piano is there. This module does not train.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhiyin.data.corpus import SYNTHETIC, CorpusView, corpus_sets, load_corpus, piece_to_score
from zhiyin.encode.context import Context, context_of
from zhiyin.encode.grid_tokens import GridTokens, encode_grid
from zhiyin.encode.scene import SIXTEENTH_STEPS, scene_of
from zhiyin.encode.sequence import Window
from zhiyin.errors import InvalidInput, NotFound
from zhiyin.models.gan_config import GanData
from zhiyin.models.gan_rolls import BARS, SLOTS, Phrases, join_phrases
from zhiyin.models.gan_scene import phrase_of, stretches
from zhiyin.train.pieces import NEVER_SHIP
from zhiyin.units import FloatArray, IntArray

MOST_ROWS = 24


@dataclass(frozen=True, eq=False)
class PhraseSet:
    """Phrases with the piece of each: piece (n,) index into names; names: set and id; credits: whom to credit."""

    phrases: Phrases
    piece: IntArray
    names: tuple[str, ...]
    credits: tuple[str, ...]

    def weights(self, evenness: float) -> FloatArray:
        """Return (n,) chances of being drawn: a style's share grows with its size to this power, sums to 1."""
        _, of, sizes = np.unique(self.phrases.style, return_inverse=True, return_counts=True)
        weight = sizes.astype(np.float64)[of] ** (evenness - 1.0)
        result: FloatArray = weight / weight.sum()
        return result


def draw_phrases(
    corpus: Path, *, split: str, data: GanData, seed: int, say: Callable[[str], None] = lambda line: None
) -> PhraseSet:
    """Return phrases of the pieces of a split. Raises NotFound where there are none."""
    sets = [n for n in (data.sets or corpus_sets(corpus)) if n not in SYNTHETIC and n not in NEVER_SHIP]
    view = load_corpus(corpus, sets=sets, split=split)
    rng = np.random.default_rng([seed, {"train": 0, "valid": 1, "test": 2}[split]])
    groups: list[Phrases] = []
    owners: list[int] = []
    names: list[str] = []
    credits: set[str] = set()
    for index in _pieces(view, data.pieces_a_style, rng):
        try:
            found = _phrases(view, index, data.phrases_a_piece, rng)
        except InvalidInput as error:
            say(f"left out {view.column('id')[index]}: {error}")
            continue
        if found:
            groups += found
            owners += [len(names)] * len(found)
            names.append(f"{view.column('set')[index]}/{view.column('id')[index]}")
            credits.add(str(view.column("attribution")[index] or ""))
    if not groups:
        raise NotFound(
            f"corpus {str(corpus)!r} holds no phrase of split {split!r}: build it with  zhiyin corpus build"
        )
    say(f"{split}: {len(groups):,} phrases of {len(names):,} pieces")
    return PhraseSet(join_phrases(groups), np.array(owners), tuple(names), tuple(sorted(credits - {""})))


def _pieces(view: CorpusView, most: int, rng: np.random.Generator) -> list[int]:
    """Return the pieces to read: those with notes and no leaks, at most so many a style."""
    styles, leaks = view.column("style"), view.column("is_jsb_leak")
    usable = np.flatnonzero((view.note_counts > 8) & ~leaks.astype(bool))
    chosen: list[int] = []
    for style in sorted({str(s) for s in styles[usable]}):
        rows = usable[styles[usable] == style]
        chosen += rng.permutation(rows)[:most].tolist()
    return sorted(chosen)


def _phrases(view: CorpusView, index: int, most: int, rng: np.random.Generator) -> list[Phrases]:
    tokens = encode_grid(piece_to_score(view, index))
    context = context_of(tokens, style=str(view.column("style")[index]) or None)
    lengths = np.diff(tokens.starts)
    fits = (lengths > SLOTS * SIXTEENTH_STEPS // 4) & (lengths <= SLOTS * SIXTEENTH_STEPS)
    runs = (
        np.convolve(fits, np.ones(BARS, int), mode="valid") == BARS
        if fits.size >= BARS
        else np.zeros(0, bool)
    )
    found: list[Phrases] = []
    taken = np.zeros(tokens.columns, bool)
    for start in rng.permutation(np.flatnonzero(runs)).tolist():
        if len(found) >= most:
            break
        if taken[start] or taken[start + BARS - 1]:
            continue
        phrase = phrase_at(tokens, context, start)
        if phrase is not None:
            taken[start : start + BARS] = True
            found.append(phrase)
    return found


def phrase_at(tokens: GridTokens, context: Context, start: int) -> Phrases | None:
    """Return the four bars from a column, None where more than half of them are silent."""
    rows = np.arange(min(tokens.rows, MOST_ROWS))
    columns = np.arange(start, start + BARS)
    window = Window(columns, rows, np.zeros((BARS, rows.size), bool))
    scene = scene_of(tokens, context, window)
    struck = np.logical_or.reduce(scene.strike, axis=(0, 2))
    bars = [bool(struck[a:b].any()) for a, b in zip(scene.edges[:-1], scene.edges[1:], strict=True)]
    if sum(bars) <= BARS // 2:
        return None
    return phrase_of(scene, stretches(scene)[0])
