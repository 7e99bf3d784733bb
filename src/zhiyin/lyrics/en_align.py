"""Which letters spell which sounds of an English word: the cheapest path over known spellings.

Conventions: every sound gets a span of letters (from, to), empty where no letter spells it; letters may be silent.
This module does not cut words: see `zhiyin.lyrics.en_syllables`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from zhiyin.lyrics.en_dict import is_vowel

# How vowels and consonants are spelled; cheaper spellings first. Letters not named may fall silent at a cost.
_VOWEL_SPELLINGS = {
    "AA": "a o au ah ea e ow aa i oh", "AE": "a ai au i", "AH": "u a o e i ou oo y eo ea oe ai ei ah",
    "AO": "o a au aw ou oa oo ah augh ough", "AW": "ou ow ough au aou", "AY": "i y igh ie uy ai ei eye ye ig eigh ay",
    "EH": "e ea a ai ie ei eo ue ay u ae",
    "ER": "er ir ur or ar ear our re yr eur oar err irr urr ure olo yrrh ier aur e o",
    "EY": "a ai ay ei ey ea eigh aigh e et ae ee au", "IH": "i y e a ee u ui ie o ei ea ia ai ey",
    "IY": "e ee ea y ie i ey ei ay oe ae eo is", "OW": "o ow oa oe ou ough eau oh ew aw au ot owe",
    "OY": "oy oi uoy eu aw", "UH": "oo u ou o oul e eu", "UW": "oo u ew ue ou o ui oe ough eu wo ooh w ieu",
}  # fmt: skip
_CONSONANT_SPELLINGS = {
    "B": "b bb pb", "CH": "ch tch t c cz ti", "D": "d dd ed ld t", "DH": "th the", "F": "f ff ph gh lf v pph",
    "G": "g gg gh gu gue x", "HH": "h wh j",
    "JH": "j g dg ge dge d gg di dj", "K": "c k ck ch q cc qu que x kh lk cq kk",
    "L": "l ll le sl ln el", "M": "m mm mb mn lm gm me", "N": "n nn kn gn pn nd mn ne en on", "NG": "n ng ngue",
    "P": "p pp ph", "R": "r rr wr rh rrh re", "S": "s ss c sc ce st ps sw se sch ts z x",
    "SH": "sh ti ci s ss ch si sci c t ssi x",
    "T": "t tt ed th bt ght te pt d", "TH": "th h tth", "V": "v ve f ph vv", "W": "w wh u o", "Y": "y i u e j ll",
    "Z": "z s zz ss x ze se cz es", "ZH": "s si z g ge ti zi j",
}  # fmt: skip
# Two sounds that one spelling stands for.
_PAIR_SPELLINGS = {
    ("K", "S"): "x xc cc cs xs", ("G", "Z"): "x", ("K", "W"): "qu cqu", ("W", "AH"): "o",
    ("Y", "UW"): "u ew ue eu eau iew",
    ("Y", "UH"): "u eu", ("Y", "ER"): "ure ur", ("Y", "AH"): "u", ("K", "SH"): "x", ("T", "S"): "z zz ts",
    ("W", "AA"): "oi",
    ("AH", "L"): "le l el al", ("AH", "M"): "m", ("AH", "N"): "n en on", ("ER", "AH"): "r", ("W", "AY"): "oi uy",
    ("AY", "ER"): "ire ir yre ier yr", ("AW", "ER"): "our ower ow'r hour", ("HH", "W"): "wh", ("G", "ZH"): "x",
}  # fmt: skip
_SILENT_VOWEL, _SILENT_CONSONANT, _UNSPELLED, _RANK = 2.0, 2.5, 5.0, 0.15


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
    return _trace(back, word, plain)


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


def _trace(back: list[list[tuple[int, int]]], word: str, sounds: Sequence[str]) -> list[tuple[int, int]]:
    """Return the letters of each sound along the cheapest path."""
    spans: list[tuple[int, int]] = []
    i, j = len(word), len(sounds)
    while i or j:
        di, dj = back[i][j]
        if dj == 1:
            spans.append((i - di, i))
        elif dj == 2 and is_vowel(sounds[j - 1]) and not is_vowel(sounds[j - 2]):
            spans += [(i - di, i), (i - di, i - di)]  # the vowel takes the letters of Y UW
        elif dj == 2:
            spans += [(i, i), (i - di, i)]
        i, j = i - di, j - dj
    return spans[::-1]
