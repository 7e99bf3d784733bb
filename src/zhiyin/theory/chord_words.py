"""Rows of chords in any notation: symbols, Roman and Nashville numbers, Chinese names; bars and chords in a bar.

Conventions: `|` ends a bar; without any `|` each chord is a bar; `%` repeats the bar before. Nashville numbers count
the major scale of the tonic and are major unless marked. This module does not know time: a bar is a list of chords.
"""

from __future__ import annotations

import re

from zhiyin.errors import InvalidInput
from zhiyin.theory.chord import Chord
from zhiyin.theory.chord_symbol import NO_CHORD, ChordWish, read_symbol
from zhiyin.theory.key import Key
from zhiyin.theory.pitch import fifths_name
from zhiyin.theory.roman import roman_to_chord

MAJOR_FIFTHS = (0, 2, 4, -1, 1, 3, 5)  # degrees 1..7 of the major scale on the line of fifths
_NASHVILLE = re.compile(r"^([b#]?)([1-7])(.*?)(?:/([b#]?)([1-7]))?$")
_ROMAN = re.compile(r"^[b#]*(?:[IViv]+|Ger|Fr|It|N6?$|Cad)")
_TRIADS = {
    "major": ("I", "ii", "iii", "IV", "V", "vi", "viio"),
    "minor": ("i", "iio", "III", "iv", "V", "VI", "viio"),
}
_SEVENTHS = {
    "major": ("Imaj7", "ii7", "iii7", "IVmaj7", "V7", "vi7", "viiø7"),
    "minor": ("i7", "iiø7", "IIImaj7", "iv7", "V7", "VImaj7", "viio7"),
}
_FUNCTIONS = {"主": 0, "上主": 1, "中": 2, "下属": 3, "属": 4, "下中": 5, "导": 6}
_NUMBERS = {name: index for index, name in enumerate("一二三四五六七")}
_QUALITY_WORDS = {
    "大三": "", "小三": "m", "减三": "dim", "增三": "aug", "大七": "maj7", "大大七": "maj7", "小七": "m7",
    "小小七": "m7", "属七": "7", "大小七": "7", "小大七": "mmaj7", "半减七": "m7b5", "减小七": "m7b5", "减七": "dim7",
    "减减七": "dim7", "增七": "aug7", "大六": "6", "小六": "m6", "挂四": "sus4", "挂留四": "sus4", "挂二": "sus2",
    "挂留二": "sus2", "属七挂四": "7sus4", "属九": "9", "大九": "maj9", "小九": "m9", "加九": "add9", "小加九": "madd9",
    "强力": "5", "五度": "5", "属七降九": "7b9", "属七升九": "7#9", "属七降五": "7b5", "属十三": "13",
    "大": "", "小": "m", "减": "dim", "增": "aug",
}  # fmt: skip
_ON_ROOT = re.compile(r"^([升降]?)([A-G])([#b]?)([\u4e00-\u9fff]+?)(?:和弦)?(?:/([升降]?)([A-G])([#b]?))?$")
_OF_KEY = re.compile(
    r"^(?:([一二三四五六七])级|(上主|下属|下中|主|中|属|导))(七|三|六|四六)?(?:和弦)?(第[一二三]转位)?$"
)
_TURNS = {None: 0, "第一转位": 1, "第二转位": 2, "第三转位": 3}
KINDS = "a symbol (Cmaj7/G), a Roman number (V7/V), a Nashville number (6-, 1/3), a Chinese name (A小七, 属七), or N.C."


def read_chords(text: str, key: Key | None = None) -> tuple[tuple[ChordWish, ...], ...]:
    """Return the chords of each bar.

    key: what Roman, Nashville and functional names count from. Raises InvalidInput naming the word that is no chord.
    >>> [[c.chord.name() for c in bar] for bar in read_chords("ii7 V7 | 1 6-", Key.parse("C"))]
    [['Dm7', 'G7'], ['C', 'Am']]
    """
    line = text.strip().strip("|").replace("｜", "|")
    if not line.strip():
        raise InvalidInput(
            f"a row of chords must name at least one chord, got {text!r}: write e.g. 'Am F | C G'"
        )
    cells = [_words(cell) for cell in line.split("|")] if "|" in line else [[word] for word in _words(line)]
    bars: list[tuple[ChordWish, ...]] = []
    for number, words in enumerate(cells, start=1):
        if words in (["%"], []):
            if not bars:
                raise InvalidInput(
                    f"bar {number} must name a chord, got {text!r}: nothing stands before it to repeat"
                )
            bars.append(bars[-1])
        else:
            bars.append(tuple(read_chord(word, key) for word in words))
    return tuple(bars)


def read_chord(word: str, key: Key | None = None) -> ChordWish:
    """Return the chord of one word in any notation.

    >>> [read_chord(w, Key.parse("C")).chord.name() for w in ("b7", "bVII", "降B大三", "属七", "五级七和弦", "1/3")]
    ['Bb', 'Bb', 'Bb', 'G7', 'G7', 'C/E']
    """
    text = word.strip()
    if text in NO_CHORD:
        return read_symbol(text)
    if re.search(r"[\u4e00-\u9fff]", text):
        return _chinese(text, key)
    plain = text.translate(str.maketrans("♭♯°", "b#o"))
    if _NASHVILLE.match(plain):
        return _nashville(plain, _asked_key(key, word), word)
    if _ROMAN.match(plain):
        return _renamed(ChordWish.of(roman_to_chord(plain, _asked_key(key, word))), word)
    try:
        return read_symbol(text)
    except InvalidInput as error:
        raise InvalidInput(f"a chord must be {KINDS}, got {word!r}: correct that word") from error


def _words(cell: str) -> list[str]:
    """Return the words of a bar; commas inside brackets belong to the chord."""
    return re.findall(r"(?:\([^)]*\)|[^\s,，、])+", cell)


def _asked_key(key: Key | None, word: str) -> Key:
    if key is None:
        raise InvalidInput(
            f"{word!r} counts from a key, and none is known: give the piece a key or write a symbol such as 'G7'"
        )
    return key


def _renamed(wish: ChordWish, text: str) -> ChordWish:
    return ChordWish(text, wish.chord, wish.pitch_classes)


def _degree_name(sign: str, degree: int, key: Key) -> str:
    shift = {"": 0, "b": -7, "#": 7}[sign]
    return fifths_name(key.tonic_fifths + MAJOR_FIFTHS[degree - 1] + shift)


def _nashville(text: str, key: Key, word: str) -> ChordWish:
    match = _NASHVILLE.match(text)
    assert match is not None, "the caller matched it"
    sign, degree, suffix, bass_sign, bass = match.groups()
    symbol = _degree_name(sign, int(degree), key) + suffix
    if bass:
        symbol += "/" + _degree_name(bass_sign, int(bass), key)
    try:
        return _renamed(read_symbol(symbol), word)
    except InvalidInput as error:
        raise InvalidInput(
            f"a Nashville number must be 1..7 with a quality, got {word!r}: write e.g. '6-', '2m7', 'b7' or '1/3'"
        ) from error


def _chinese(text: str, key: Key | None) -> ChordWish:
    plain = text.translate(str.maketrans("♭♯", "b#"))
    of_key = _OF_KEY.match(plain)
    if of_key is not None:
        return _functional(of_key, _asked_key(key, text), text)
    match = _ON_ROOT.match(plain)
    quality = _QUALITY_WORDS.get(match.group(4)) if match else None
    if match is None or quality is None:
        raise InvalidInput(
            f"a Chinese chord name must be a root and one of {'、'.join(_QUALITY_WORDS)}, or a degree or function such "
            f"as 五级七和弦, 属七, got {text!r}: write e.g. 'C大三' or 'A小七'"
        )
    symbol = match.group(2) + (_accidental(match.group(1)) or match.group(3)) + quality
    if match.group(6):
        symbol += "/" + match.group(6) + (_accidental(match.group(5)) or match.group(7))
    return _renamed(read_symbol(symbol), text)


def _accidental(word: str | None) -> str:
    return {"升": "#", "降": "b"}.get(word or "", "")


def _functional(match: re.Match[str], key: Key, text: str) -> ChordWish:
    """Return the chord that stands on a degree or function of the key."""
    degree = _NUMBERS[match.group(1)] if match.group(1) else _FUNCTIONS[match.group(2)]
    table = _SEVENTHS if match.group(3) == "七" else _TRIADS
    chord = roman_to_chord(table["minor" if key.is_minor else "major"][degree], key)
    turn = {"六": 1, "四六": 2}.get(match.group(3) or "", _TURNS[match.group(4)])
    tones = chord.pitch_classes
    if turn >= len(tones):
        raise InvalidInput(
            f"a triad has two inversions, got {text!r}: write a seventh chord, e.g. 属七和弦第三转位"
        )
    return _renamed(ChordWish.of(Chord(chord.root, chord.quality, tones[turn])), text)
