"""What each unit is worth at each place of a line: fit to the notes, in arrays, and what is forbidden there.

Conventions: place p of a line of n slots means that p slots are still open, so that a unit's last syllable falls on
slot p - 1; worth in nats, minus infinity is forbidden. This module searches nothing: see `zhiyin.lyrics.write`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiyin.lyrics.fit import Weights, tone_worth, word_worth
from zhiyin.lyrics.language import Syllable
from zhiyin.lyrics.slots import Slot
from zhiyin.lyrics.write_lexicon import BU, YI, Lexicon, sung_tone
from zhiyin.units import BoolArray, FloatArray, IntArray

FORBIDDEN = -np.inf
TONES = BU + 1
UNSURE_COST = 1.0  # a character of several readings; on notes that are heard most it is forbidden


@dataclass(frozen=True, eq=False)
class Worth:
    """The tables of one line.

    place: (slots + 1, units) worth of a unit that ends there, apart from its neighbours; tones: (slots + 1, tone of
    the unit, tone sung behind it) worth of the pair; sung: (tone, tone behind) as sung.
    """

    place: FloatArray
    tones: FloatArray
    sung: IntArray


def worth_of(
    lexicon: Lexicon,
    slots: Sequence[Slot],
    weights: Weights,
    *,
    breaks: Collection[int] = (),
    allowed: BoolArray,
) -> Worth:
    """Return the tables of a line; allowed: (units,) what may be written at all."""
    count = len(slots)
    place = np.full((count + 1, len(lexicon.units)), FORBIDDEN)
    for p in range(1, count + 1):
        place[p] = _ending_at(lexicon, slots, p, weights)
        place[p][~allowed | (lexicon.size > p) | (lexicon.size == 0)] = FORBIDDEN
        for cut in breaks:
            if cut < p:
                place[p][lexicon.size > p - cut] = FORBIDDEN
    return Worth(place, *_tone_tables(slots, weights, lexicon.language.name))


def _ending_at(lexicon: Lexicon, slots: Sequence[Slot], p: int, weights: Weights) -> FloatArray:
    lang = lexicon.language.name
    by_kind = np.zeros(len(lexicon.signatures))
    for kind, example in enumerate(lexicon.signatures):
        if 0 < len(example) <= p:
            flat = [_flat(s) for s in example]
            by_kind[kind] = word_worth(slots[p - len(example) : p], flat, weights=weights, lang=lang)
    total = by_kind[lexicon.signature]
    for size in np.unique(lexicon.size[(lexicon.size > 0) & (lexicon.size <= p)]).tolist():
        rows = np.flatnonzero(lexicon.size == size)
        here = slots[p - size : p]
        pull = np.array([weights.open * (s.is_long + 0.5 * s.is_top + 0.3 * s.is_final) for s in here])
        total[rows] += (lexicon.openness[rows, :size] - 0.5) @ pull
    last = slots[p - 1]
    if lang == "zh":
        heard = last.is_final or last.is_long
        total = total - np.where(lexicon.is_sure, 0.0, np.inf if heard else UNSURE_COST)
    else:
        total = total + weights.word
        if last.is_final:
            total = total - np.where(lexicon.is_content, 0.0, 2.0)  # lines rarely end on "the"
    result: FloatArray = total
    return result


def _flat(syllable: Syllable) -> Syllable:
    """Return a syllable whose vowel is neither open nor closed: vowels are counted unit by unit."""
    return replace(syllable, openness=0.5)


def _tone_tables(slots: Sequence[Slot], weights: Weights, lang: str) -> tuple[FloatArray, IntArray]:
    pairs = np.zeros((len(slots) + 1, TONES, TONES))
    sung = np.zeros((TONES, TONES), np.int64)
    if lang != "zh":
        return pairs, sung
    for tone in (1, 2, 3, 4, 5, YI, BU):
        for behind in range(6):
            sung[tone, behind] = sung_tone(tone, behind)
            for p in range(1, len(slots)):
                pairs[p, tone, behind] = tone_worth(
                    int(sung[tone, behind]), behind, slot=slots[p], weights=weights
                )
    return pairs, sung
