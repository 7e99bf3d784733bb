"""ABC 2.1 taken apart: tokens of a music line, lengths, keys, metres and tempos as values.

Conventions: lengths are whole numbers of units, 55,440 a tick, so that tuplets of 2..12 add up exactly.
This module does not know tunes or voices (abc_read.py, abc_voice.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from zhiyin.io.base import MAX_QUARTERS
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.pitch import letter_semitones
from zhiyin.units import TICKS_PER_QUARTER, Bpm, Ticks

UNITS_PER_TICK = 55_440  # 2^4 * 3^2 * 5 * 7 * 11
WHOLE = 4 * TICKS_PER_QUARTER * UNITS_PER_TICK
MAX_UNITS = MAX_QUARTERS * TICKS_PER_QUARTER * UNITS_PER_TICK
MODES = {
    "": "major", "maj": "major", "ion": "major", "m": "minor", "min": "minor", "aeo": "minor", "dor": "dorian",
    "phr": "phrygian", "lyd": "lydian", "mix": "mixolydian", "loc": "locrian",
}  # fmt: skip
# Notes in the time of how many, where a tuplet does not say; 5, 7 and 9 depend on the metre.
TUPLET_TIMES = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}
_SHARPS = "FCGDAEB"
_ACCIDENTALS = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}

_LENGTH = r"(\d{0,9})(/{0,9})(\d{0,9})"
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<field>\[[A-Za-z]:[^\]]*\])"
    r'|(?P<text>"[^"]*")'
    r"|(?P<mark>![^!|\s]{1,40}!|\+[^+|\s]{1,40}\+)"
    # ["1" is an ending with a text unless a chord closes behind it.
    r'|(?P<ending>(?<=[|\]:])\["[^"]*"(?![^\[\]|]*\])|\[\d[\d,.\-]*|(?<=[|\]:])\d[\d,.\-]*|^\d[\d,.\-]*)'
    r"|(?P<bar>\.?(?::*\|+[|\]:]*|\[\|[|\]:]*|:{2,}|:\]))"
    r"|(?P<tuplet>\(\d(?::\d?){0,2})"
    r"|(?P<slur>\.?\(|\))"
    r"|(?P<grace>\{[^}]*\})"
    rf"|(?P<note>(?:\^\^?|__?|=)?[A-Ga-g][,']*{_LENGTH})"
    rf"|(?P<rest>[zx]{_LENGTH})"
    r"|(?P<bars>[ZX]\d{0,6})"
    r"|(?P<open>\[)"
    rf"|(?P<close>\]{_LENGTH})"
    r"|(?P<broken>>+|<+)"
    r"|(?P<tie>\.?-)"
    r"|(?P<overlay>&+)"
    r"|(?P<spacer>y\d*)"
    r"|(?P<sign>[.~H-Wh-w])"
    r"|(?P<reserved>[#*;?@$`\\!+:])"
    # What can mean nothing where it stands: the `=20` and `=` that old mail left at line ends, an accidental
    # before no note, an octave mark behind no note, a grace bracket that a bar line opens.
    r"|(?P<stray>=(?:20)?\s*$|(?:\^\^?|__?|=)(?!\s*[A-Ga-g\d^_=])|(?<![A-Ga-g\d/)\]])[',]|(?<=\|)\})"
)
_NOTE = re.compile(rf"(\^\^?|__?|=)?([A-Ga-g])([,']*){_LENGTH}")
_LENGTH_END = re.compile(rf"{_LENGTH}$")
_KEY = re.compile(r"^\s*([A-G])([#b]?)\s*([A-Za-z]*)")


class BadAbc(Exception):
    """What is wrong in a line and at which column from 0; the reader adds the line and the path."""

    def __init__(self, reason: str, column: int = 0) -> None:
        super().__init__(reason)
        self.column = column


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a music line: its kind, its text and its column from 0."""

    kind: str
    text: str
    column: int


def tokens(line: str) -> Iterator[Token]:
    """Yield the tokens of a music line, blanks left out. Raises BadAbc on a character that is none.

    >>> [token.kind for token in tokens("|: [CE]2 z |")]
    ['bar', 'open', 'note', 'note', 'close', 'rest', 'bar']
    """
    at = 0
    while at < len(line):
        match = _TOKEN.match(line, at)
        if match is None:
            raise BadAbc(f"music must be notes, rests, bars and marks, got {line[at : at + 12]!r}", at)
        kind = str(match.lastgroup)
        if kind != "space":
            yield Token(kind, match.group(), at)
        at = match.end()


def parse_length(text: str, unit: int, *, column: int = 0) -> int:
    """Return the units of a length written behind a note, such as `3/2`, `/`, `//`, `` (one unit).

    >>> parse_length("3/2", 100), parse_length("//", 100)
    (150, 25)
    """
    match = _LENGTH_END.search(text)
    number, slashes, below = match.groups() if match else ("", "", "")
    divisor = int(below) if below else 2 ** len(slashes)
    if len(slashes) > 1 and below:
        divisor = int(below) * 2 ** (len(slashes) - 1)
    if divisor == 0 or number.strip("0") == "" != number:
        raise BadAbc(f"a length must be above zero, got {text!r}", column)
    length = (unit * int(number or 1) + divisor // 2) // divisor
    if not 0 < length <= MAX_UNITS:
        raise BadAbc(f"a length must be above zero and below {MAX_QUARTERS} quarters, got {text!r}", column)
    return length


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note as written: letter A..G, octave (4 holds middle C), accidental or None, length in units."""

    letter: str
    octave: int
    accidental: int | None
    units: int


def parse_note(token: Token, unit: int) -> WrittenNote:
    """Return the note of a token such as `^f'3/2`.

    >>> parse_note(Token("note", "_b,/", 0), 8)
    WrittenNote(letter='B', octave=4, accidental=-1, units=4)
    """
    match = _NOTE.fullmatch(token.text)
    assert match is not None, token
    mark, letter, shifts = match.group(1, 2, 3)
    octave = (5 if letter.islower() else 4) + shifts.count("'") - shifts.count(",")
    units = parse_length(token.text[match.end(3) :], unit, column=token.column)
    return WrittenNote(letter.upper(), octave, _ACCIDENTALS[mark] if mark else None, units)


def pitch_of(letter: str, octave: int, accidental: int) -> int:
    """Return the MIDI number of a letter, octave and accidental.

    >>> pitch_of("C", 4, 1)
    61
    """
    return 12 * (octave + 1) + letter_semitones(letter) + accidental


def spelling_of(letter: str, accidental: int) -> int:
    """Return the line-of-fifths place of a letter and accidental.

    >>> spelling_of("B", -1)
    -2
    """
    return _SHARPS.index(letter) - 1 + 7 * accidental


def parse_key(text: str) -> tuple[Key | None, dict[str, int], bool]:
    """Return (key or None, accidental of each letter, whether every word was understood) of a K: field.

    >>> parse_key("Ador")[0].name, parse_key("G =f ^c")[1]
    ('A dorian', {'F': 0, 'C': 1})
    """
    text = re.sub(r"\b\w+=(\"[^\"]*\"|\S+)", "", text).strip()
    if text[:2].upper() == "HP":
        return None, {"F": 1, "C": 1} if text[:2] == "Hp" else {}, True
    match = _KEY.match(text)
    if match is None:
        return None, _written_accidentals(text), text.split(" ")[0].lower() in ("", "none")
    letter, sign, word = match.groups()
    word = word.lower()
    mode = MODES.get(word[:3] if word != "m" else "m")
    understood = mode is not None or word in ("treble", "bass", "alto", "tenor", "perc", "exp")
    key = Key(spelling_of(letter, {"#": 1, "b": -1, "": 0}[sign]), mode or "major")
    accidentals = {} if word == "exp" or " exp" in text else signature(key.fifths)
    return key, {**accidentals, **_written_accidentals(text[match.end(2) :])}, understood


def _written_accidentals(text: str) -> dict[str, int]:
    found = re.findall(r"(\^\^?|__?|=)([A-Ga-g])", text)
    return {letter.upper(): _ACCIDENTALS[mark] for mark, letter in found}


def signature(fifths: int) -> dict[str, int]:
    """Return the accidental of each altered letter of a key signature.

    >>> signature(-2)
    {'B': -1, 'E': -1}
    """
    letters = _SHARPS if fifths > 0 else _SHARPS[::-1]
    result: dict[str, int] = {}
    for i in range(abs(fifths)):
        letter = letters[i % 7]
        result[letter] = result.get(letter, 0) + (1 if fifths > 0 else -1)
    return result


def parse_metre(text: str) -> Metre | None:
    """Return the metre of an M: field, None for free metre; `2+3/8` adds up.

    >>> str(parse_metre("C|")), parse_metre("none"), str(parse_metre("(2+3)/8"))
    ('2/2', None, '5/8')
    """
    text = text.strip().replace("(", "").replace(")", "")
    if text.lower() in ("none", ""):
        return None
    above, slash, below = text.partition("/")
    if slash and re.fullmatch(r"[\d+ ]{1,40}", above) and re.search(r"\d", above):
        text = f"{sum(int(n) for n in re.findall(r'[0-9]{1,3}', above))}/{below}"
    return Metre.parse(text)


def parse_fraction(text: str) -> Fraction | None:
    """Return a fraction such as `1/8`, or None when the text is none.

    >>> parse_fraction(" 3/8 ")
    Fraction(3, 8)
    """
    match = re.fullmatch(r"\s*(\d{1,4})(?:\s*/\s*(\d{1,4}))?\s*", text)
    if match is None or int(match.group(1)) == 0 or match.group(2) in ("0", "00", "000", "0000"):
        return None
    return Fraction(int(match.group(1)), int(match.group(2) or 1))


def parse_tempo(text: str, unit: Fraction) -> Bpm | None:
    """Return quarters a minute of a Q: field; a bare number counts unit notes; None for words alone.

    >>> parse_tempo("3/8=60", Fraction(1, 8)), parse_tempo('"Allegro" 1/4=120', Fraction(1, 8))
    (90.0, 120.0)
    """
    text = re.sub(r'"[^"]*"', "", text).strip()
    if not text:
        return None
    beat_text, equals, number = text.partition("=")
    beat: Fraction | None = unit
    if equals:
        beats = [parse_fraction(word) for word in beat_text.split()]
        beat = sum((b for b in beats if b is not None), Fraction(0)) if None not in beats else unit
    rate = re.fullmatch(r"\s*(\d{1,4}(?:\.\d{1,6})?)\s*", number if equals else text)
    if rate is None or not beat:
        raise BadAbc(f"a tempo must look like 1/4=120, got {text!r}")
    return float(beat * 4) * float(rate.group(1))


def tuplet_ratio(text: str, *, is_compound: bool) -> tuple[int, int, int]:
    """Return (notes, in the time of, for how many) of a token such as `(3` or `(3:2:4`.

    >>> tuplet_ratio("(3", is_compound=False), tuplet_ratio("(5:4:6", is_compound=False)
    ((3, 2, 3), (5, 4, 6))
    """
    numbers = [int(word) if word else 0 for word in text[1:].split(":")] + [0, 0]
    notes = numbers[0]
    time = numbers[1] or TUPLET_TIMES.get(notes, 3 if is_compound else 2)
    if notes < 2:
        raise BadAbc(f"a tuplet must hold 2 to 9 notes, got {text!r}")
    return notes, time, numbers[2] or notes


def chord_symbol(text: str) -> str:
    """Return a chord symbol with the spellings of old ABC collections made usual.

    >>> chord_symbol("D7/f+"), chord_symbol("C#d"), chord_symbol("Gm/bb")
    ('D7/F#', 'C#dim', 'Gm/Bb')
    """
    head, slash, bass = text.partition("/")
    if re.fullmatch(r"[A-G][#b]?d", head):
        head += "im"
    if re.fullmatch(r"[a-g][+#b-]?", bass):
        bass = bass[0].upper() + {"+": "#", "#": "#", "b": "b", "-": "b", "": ""}[bass[1:]]
    return head + slash + bass


def units_to_ticks(units: int) -> Ticks:
    """Return the nearest tick.

    >>> units_to_ticks(3 * 55_440 + 30_000)
    4
    """
    return (units + UNITS_PER_TICK // 2) // UNITS_PER_TICK
