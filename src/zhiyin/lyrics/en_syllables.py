"""English syllables: sounds cut into syllables, and spelling cut where the sounds are.

Conventions: a cut spelling has as many pieces as the sounds have vowels, always; joined, the pieces are the word.
Letters are aligned with sounds by the cheapest path over known spellings; between two vowels the consonants are
shared as dictionaries print them (riv-er, moun-tain, sing-ing). This module does not look words up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from zhiyin.lyrics.en_dict import is_vowel

# Clusters that may begin an English syllable; between vowels the longest of them goes with the second.
ONSETS = frozenset(
    tuple(one.split())
    for one in (
        "P L,P R,P Y,B L,B R,B Y,T R,T W,T Y,D R,D W,D Y,K L,K R,K W,K Y,G L,G R,G W,F L,F R,F Y,TH R,TH W,SH R,"
        "S P,S T,S K,S F,S M,S N,S L,S W,S P L,S P R,S P Y,S T R,S T Y,S K R,S K W,S K Y,S K L,V Y,M Y,N Y,HH Y,"
        "HH W,L Y"
    ).split(",")
)

# How vowels and consonants are spelled; cheaper spellings first. Letters not named may fall silent at a cost.
_VOWEL_SPELLINGS = {
    "AA": "a o au ah ea e ow aa i oh", "AE": "a ai au i", "AH": "u o a e i ou oo y eo io ia ea oe ai ei iou ieu ah eou",
    "AO": "o a au aw ou oa oo ah augh ough", "AW": "ou ow ough au aou", "AY": "i y igh ie uy ai ei eye ye ig eigh ay",
    "EH": "e ea a ai ie ei eo ue ay u ae", "ER": "er ir ur or ar ear our re yr eur oar err irr urr ure olo yrrh ier aur e o",
    "EY": "a ai ay ei ey ea eigh aigh e et ae ee au", "IH": "i y e a ee u ui ie o ei ea ia ai ey",
    "IY": "e ee ea y ie i ey ei ay oe ae eo is", "OW": "o ow oa oe ou ough eau oh ew aw au ot owe",
    "OY": "oy oi uoy eu aw", "UH": "oo u ou o oul e eu", "UW": "oo u ew ue ou o ui oe ough eu wo ooh w ieu",
}  # fmt: skip
_CONSONANT_SPELLINGS = {
    "B": "b bb pb", "CH": "ch tch t c cz ti", "D": "d dd ed ld t", "DH": "th the", "F": "f ff ph gh lf v pph",
    "G": "g gg gh gu gue x", "HH": "h wh j", "JH": "j g dg ge dge d gg di dj", "K": "c k ck ch q cc qu que x kh lk cq kk",
    "L": "l ll le sl ln el", "M": "m mm mb mn lm gm me", "N": "n nn kn gn pn nd mn ne en on", "NG": "n ng ngue",
    "P": "p pp ph", "R": "r rr wr rh rrh re", "S": "s ss c sc ce st ps sw se sch ts z x", "SH": "sh ti ci s ss ch si sci c t ssi x",
    "T": "t tt ed th bt ght te pt d", "TH": "th h tth", "V": "v ve f ph vv", "W": "w wh u o", "Y": "y i u e j ll",
    "Z": "z s zz ss x ze se cz es", "ZH": "s si z g ge ti zi j",
}  # fmt: skip
# Two sounds that one spelling stands for.
_PAIR_SPELLINGS = {
    ("K", "S"): "x xc cc cs xs", ("G", "Z"): "x", ("K", "W"): "qu cqu", ("W", "AH"): "o", ("Y", "UW"): "u ew ue eu eau iew",
    ("Y", "UH"): "u eu", ("Y", "ER"): "ure ur", ("Y", "AH"): "u", ("K", "SH"): "x", ("T", "S"): "z zz ts", ("W", "AA"): "oi",
    ("AH", "L"): "le l el al", ("AH", "M"): "m", ("AH", "N"): "n en on", ("ER", "AH"): "r", ("W", "AY"): "oi uy",
    ("AY", "ER"): "ire ir yre ier yr", ("AW", "ER"): "our ower ow'r hour", ("HH", "W"): "wh", ("G", "ZH"): "x",
}  # fmt: skip
_SILENT_VOWEL, _SILENT_CONSONANT, _UNSPELLED, _RANK = 2.0, 2.5, 5.0, 0.15


def split_sounds(sounds: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the sounds cut into syllables, consonants going with the vowel they can begin.

    >>> split_sounds(("M", "AW1", "N", "T", "AH0", "N"))
    (('M', 'AW1', 'N'), ('T', 'AH0', 'N'))
    """
    vowels = [i for i, sound in enumerate(sounds) if is_vowel(sound)]
    cuts = [0]
    for left, right in zip(vowels, vowels[1:], strict=False):
        between = tuple(sounds[left + 1 : right])
        keep = next(k for k in range(len(between) + 1) if _may_begin(between[k:]))
        cuts.append(left + 1 + keep)
    cuts.append(len(sounds))
    return tuple(tuple(sounds[a:b]) for a, b in zip(cuts, cuts[1:], strict=False))


def _may_begin(cluster: tuple[str, ...]) -> bool:
    """Return whether consonants may stand before a syllable's vowel."""
    return not cluster or (len(cluster) == 1 and cluster[0] not in ("NG", "ZH")) or cluster in ONSETS


@lru_cache(maxsize=65536)
def split_spelling(word: str, sounds: tuple[str, ...]) -> tuple[str, ...]:
    """Return a word's spelling cut into as many pieces as its sounds have syllables.

    >>> split_spelling("mountain", ("M", "AW1", "N", "T", "AH0", "N"))
    ('moun', 'tain')
    """
    count = sum(is_vowel(sound) for sound in sounds)
    if count <= 1:
        return (word,)
    spans = _vowel_spans(word.lower(), sounds)
    cuts = [_cut(word.lower(), left, right) for left, right in zip(spans, spans[1:], strict=False)]
    cuts = _in_order(cuts, len(word))
    return tuple(word[a:b] for a, b in zip([0, *cuts], [*cuts, len(word)], strict=True))


def _in_order(cuts: list[int], length: int) -> list[int]:
    """Return cut places that leave each piece a letter where there are letters enough."""
    for i in range(len(cuts)):
        low = cuts[i - 1] + 1 if i else 1
        high = max(low, length - (len(cuts) - i))
        cuts[i] = min(max(cuts[i], low), high)
    return cuts


def _vowel_spans(word: str, sounds: Sequence[str]) -> list[tuple[int, int]]:
    """Return for every vowel the letters (from, to) that spell it."""
    return [span for span, sound in zip(align(word, sounds), sounds, strict=True) if is_vowel(sound)]


def align(word: str, sounds: Sequence[str]) -> list[tuple[int, int]]:
    """Return for every sound the letters (from, to) that spell it, by the cheapest path; to = from where none do."""
    plain = [sound.rstrip("012") for sound in sounds]
    best = [[math.inf] * (len(plain) + 1) for _ in range(len(word) + 1)]
    back: list[list[tuple[int, int]]] = [[(0, 0)] * (len(plain) + 1) for _ in range(len(word) + 1)]
    best[0][0] = 0.0
    for i in range(len(word) + 1):
        for j in range(len(plain) + 1):
            if best[i][j] == math.inf:
                continue
            for di, dj, cost in _moves(word, i, plain[j : j + 2]):
                if best[i][j] + cost < best[i + di][j + dj]:
                    best[i + di][j + dj] = best[i][j] + cost
                    back[i + di][j + dj] = (di, dj)
    return _trace(back, len(word), len(plain))


def _moves(word: str, i: int, ahead: Sequence[str]) -> list[tuple[int, int, float]]:
    """Return (letters, sounds, cost) of every step from a letter and the sounds ahead."""
    moves: list[tuple[int, int, float]] = []
    if i < len(word):
        silent = _SILENT_VOWEL if word[i] in "aeiouy'" else _SILENT_CONSONANT
        if word[i] == "e" and i == len(word) - 1:
            silent = 0.5
        if i and word[i] == word[i - 1] and word[i] not in "aeiou":
            silent = 0.6
        moves.append((1, 0, 0.1 if word[i] in "'-." else silent))
    if ahead:
        for rank, letters in enumerate(_spellings(ahead[0])):
            if word.startswith(letters, i):
                moves.append((len(letters), 1, _RANK * rank))
        moves.append((0, 1, _UNSPELLED))
    if len(ahead) == 2:
        for rank, letters in enumerate(_PAIR_SPELLINGS.get((ahead[0], ahead[1]), "").split()):
            if word.startswith(letters, i):
                moves.append((len(letters), 2, 0.4 + _RANK * rank))
    return moves


@lru_cache(maxsize=128)
def _spellings(sound: str) -> tuple[str, ...]:
    """Return the spellings of a sound without stress."""
    return tuple((_VOWEL_SPELLINGS.get(sound) or _CONSONANT_SPELLINGS[sound]).split())


def _trace(back: list[list[tuple[int, int]]], i: int, j: int) -> list[tuple[int, int]]:
    """Return the letters of each sound along the cheapest path."""
    spans: list[tuple[int, int]] = []
    while i or j:
        di, dj = back[i][j]
        if dj == 1:
            spans.append((i - di, i))
        elif dj == 2:
            spans += [(i, i), (i - di, i)]
        i, j = i - di, j - dj
    return spans[::-1]


# Letter groups that stay together before a vowel.
_TOGETHER = frozenset(
    "bl br ch ck cl cr dr fl fr gl gr ph pl pr qu sc sh sk sl sm sn sp st sw th tr tw wh wr kn gn chr phr shr thr spr str "
    "scr spl squ sch".split()
)


def _cut(word: str, left: tuple[int, int], right: tuple[int, int]) -> int:
    """Return where a word is cut between two vowels."""
    start, end = left[1], max(left[1], right[0])
    between = word[start:end]
    if "'" in between or "-" in between:
        return start + max(between.rfind("'"), between.rfind("-")) + (0 if between.endswith("'") else 1)
    if len(between) <= 1:
        return start
    for keep in range(1, len(between)):
        if between[keep:] in _TOGETHER or keep == len(between) - 1:
            if keep == 1 and between in _TOGETHER and between not in ("ck", "sc", "sk", "sp", "st"):
                return start
            return start + keep
    return start + 1
