# ruff: noqa: E501 - the table keeps one phrase a row
"""Stock phrases: four bars of harmony that players of a style know by heart, written down by hand.

Conventions: Roman numerals of `zhiyin.theory.roman`, bars parted by semicolons, chords within a bar by spaces; a place
says how a phrase ends: `open`, `half` (on the dominant), `close` (home), and `bridge` / `bridge-half` start elsewhere.
This module does not choose phrases: see `zhiyin.fill.progressions`.
"""

from __future__ import annotations

from functools import cache

from zhiyin.fill.progressions_tables import TableChord
from zhiyin.theory.key import Key
from zhiyin.theory.roman import roman_to_chord

Phrase = tuple[tuple[TableChord, ...], ...]  # chords of each of four bars

# group | mode | place | phrases, parted by commas
_TABLE = """
jazz | major | open | Imaj7 vi7; ii7 V7; iii7 VI7; ii7 V7, Imaj7; vi7; ii7; V7, Imaj7; VI7; ii7; V7, Imaj7 IVmaj7; iii7 VI7; ii7; V7, Imaj7 #io7; ii7 #iio7; iii7 VI7; ii7 V7, Imaj7; biiio7; ii7; V7, ii7; V7; Imaj7; VI7
jazz | major | half | II7; II7; ii7; V7, vi7; II7; ii7; V7, iv7; bVII7; ii7; V7, iii7; VI7; ii7; V7
jazz | major | close | iii7 VI7; ii7; V7; Iadd6, IVmaj7; iii7 VI7; ii7 V7; Iadd6, IVmaj7; iv7 bVII7; ii7 V7; Imaj7, #ivø7 iv7; iii7 biiio7; ii7 V7; Iadd6, II7; ii7; V7; Iadd6, vi7; ii7; V7; Imaj7
jazz | major | bridge | v7; I7; IVmaj7; IVmaj7, III7; III7; VI7; VI7, iv7; bVII7; bIIImaj7; bIIImaj7, IVmaj7; #ivo7; Imaj7; VI7, ii7; V7; iii7; VI7
jazz | minor | open | i7 VI7; iiø7 V7; i7 VI7; iiø7 V7, i7; iv7; iiø7; V7, i7 iv7; VII7 IIImaj7; VImaj7; iiø7 V7, i7; VI7; iiø7; V7, i7; iiø7 V7; iv7; V7
jazz | minor | half | iv7; i7; iiø7; V7, VImaj7; iv7; iiø7; V7, iv7 VII7; IIImaj7 VImaj7; iiø7; V7
jazz | minor | close | iv7; i7; iiø7 V7; iadd6, VImaj7; iiø7; V7; iadd6, iv7; iiø7; V7; i7, iv7 VII7; IIImaj7 VImaj7; iiø7 V7; i7
jazz | minor | bridge | iv7; VII7; IIImaj7; VImaj7, VImaj7; VImaj7; iv7; V7, iv7; iv7; VII7; VII7, IIImaj7; VImaj7; iiø7; V7
bossa | major | open | Imaj7; Imaj7; II7; II7, Imaj7; VI7; ii7; V7, Imaj7; bII7; ii7; V7
bossa | major | close | ii7; bII7; ii7 V7; Imaj7, iv7; iii7 VI7; ii7 V7; Imaj7
bossa | minor | open | i9; i9; iiø7; V7, i7; IV9; iiø7; V7
blues | major | open | I7; IV7; I7; I7, I7; I7; IV7; IV7
blues | major | half | IV7; IV7; I7; V7
blues | major | close | V7; IV7; I7; I7
ragtime | major | open | I; VI7; II7; V7, I; I; V7; V7, I; V7; I; VI7
ragtime | major | half | I; VI7; II7; V7, vi; II7; II7; V7
ragtime | major | close | IV #ivo7; I VI7; II7 V7; I, VI7; II7; V7; I, IV iv; I VI7; II7 V7; I
ragtime | major | bridge | III7; III7; VI7; VI7, VI7; VI7; II7; V7, IV; I; IV; #ivo7
chinese | major | open | I; vi; IV; Vsus4, I; ii; vi; Vsus4, I; vi; ii7; Vsus4, I; IV; vi; ii, I; Vsus4; vi; IV, Isus2; vi; ii; IV
chinese | major | half | I; vi; ii; Vsus4, vi; IV; ii; Vsus4, I; IV; ii7; Vsus4
chinese | major | close | vi; ii; Vsus4; I, IV; vi; Vsus4; I, ii; IV; Vno3; I, vi; IV; Vsus4; I
chinese | major | bridge | vi; ii; IV; Vsus4, IV; I; ii; vi, ii; vi; IV; I
chinese | minor | open | i; VI; III; VIIsus4, i; iv; VI; III, i; III; iv; VIIsus2, i; VI; iv; VIIsus4, i; VIIsus4; VI; III
chinese | minor | half | i; VI; iv; VIIsus4, VI; III; iv; VIIsus4
chinese | minor | close | VI; iv; VIIsus4; i, iv; III; VIIsus2; i, VI; III; VIIno3; i
chinese | minor | bridge | III; VIIsus4; iv; VI, VI; III; iv; VIIsus4, iv; i; VI; III
chinese | zhi | open | Ino3; IV; ii; Vsus4, Isus4; ii; IV; Isus2, Ino3; ii; Vsus4; IV
chinese | zhi | close | ii; Vsus4; IV; Ino3, Vsus4; ii; IV; Ino3
chinese | zhi | half | Isus4; ii; Vsus4; IV, ii; Isus4; Vsus4; IV
chinese | shang | open | Ino3; VII; v; IVsus2, Isus4; v; VII; Isus2
chinese | shang | close | v; IVsus2; VII; Ino3, IVsus2; v; VII; Ino3
chinese | shang | half | Isus4; v; IVsus2; VII, v; Isus4; IVsus2; VII
lofi | major | loop | IVmaj7; iii7; ii7; Imaj7, Imaj7; vi7; ii9; V7sus4, ii9; V9; Imaj9; vi7, IVmaj7; iii7; vi7; Imaj7, Imaj7; iii7; IVmaj7; iv7, ii7 V7; Imaj7 vi7; ii7 V7; Imaj7
lofi | minor | loop | iv7; VII7; IIImaj7; VImaj7, i7; VImaj7; IIImaj7; v7, i9; iv7; VImaj7; v7, VImaj7; v7; i7; IIImaj7, iiø7; v7; i7; VImaj7
ambient | major | loop | Imaj7; Imaj7; IVmaj7; IVmaj7, Iadd9; Iadd9; vi7; vi7, IVmaj7; IVmaj7; vi7; vi7, Imaj7; Imaj7; iii7; iii7, IVmaj9; IVmaj9; Imaj9; Imaj9, ii9; ii9; Imaj7; Imaj7
ambient | minor | loop | i9; i9; VImaj7; VImaj7, iadd9; iadd9; v7; v7, VImaj7; VImaj7; IIImaj7; IIImaj7, iv9; iv9; i7; i7, VImaj9; VImaj9; v7; v7
pop | major | loop | I; V; vi; IV, vi; IV; I; V, I; vi; IV; V, IV; I; V; vi, I; iii; IV; V, IV; V; iii; vi, I; V6; vi; V, I; IV; vi; V
pop | major | close | IV; V; I; I, vi; ii; V; I, IV; I; V; I, ii; IV; V; I
pop | major | bridge-half | vi; iii; IV; V, IV; iii; ii; V, ii; vi; IV; V, bVI; bVII; IV; V
pop | major | bridge | IV; V; iii; vi, vi; iii; IV; I, ii; V; vi; I
pop | minor | loop | i; VI; III; VII, i; VII; VI; VII, VI; VII; i; III, i; iv; VI; V, iv; VI; i; V, i; III; VII; iv
pop | minor | close | VI; iv; V; i, iv; i; V; i, VI; VII; V; i
pop | minor | bridge-half | VI; III; iv; V, iv; VII; III; V, III; VII; iv; V
pop | minor | bridge | VI; VII; III; i, III; VII; iv; VI
rock | major | loop | I; bVII; IV; I, I; IV; V; IV, I; bVII; IV; IV, vi; IV; I; V, I; V; bVII; IV, I; bIII; IV; I
rock | minor | loop | i; VII; VI; VII, i; VI; VII; i, i; III; VII; IV, i; VII; IV; i, VI; VII; i; VII
rock | major | bridge-half | vi; V; IV; V, IV; IV; bVII; V, ii; IV; bVII; V
rock | minor | bridge-half | VI; VI; VII; V, III; VII; VI; V
metal | minor | loop | Ino3; VIno3; VIIno3; Ino3, Ino3; bIIno3; Ino3; VIIno3, i; VI; iv; VII, Ino3; IIIno3; VIIno3; VIno3, VI; VII; i; v
metal | major | loop | Ino3; bVIIno3; IVno3; Ino3, Ino3; bVIno3; bVIIno3; Ino3
edm | major | loop | vi; IV; I; V, IV; V; vi; I, I; V; vi; IV, IV; I; vi; V, vi; V; IV; V
edm | minor | loop | i; VI; III; VII, VI; VII; i; v, i; III; VII; VI, iv; VI; i; VII, i; VI; VII; v
hiphop | major | loop | Imaj7; vi7; IVmaj7; V, vi7; vi7; IVmaj7; V, ii7; ii7; Imaj7; vi7
hiphop | minor | loop | i; VI; i; VII, i; i; VI; V, i7; iv7; VImaj7; V, VI; VII; i; iv, i; VII; VI; v
funk | major | loop | I9; I9; IV9; IV9, I7; IV7; I7; V9, ii7; V9; I7; IV9, Imaj7; iii7; IVmaj7; V7sus4
funk | minor | loop | i7; IV9; i7; IV9, i9; i9; IV9; IV9, iv7; VII9; i7; i7, VImaj7; v7; iv7; i7
soul | major | loop | I; IV; ii7; V7sus4, I III7; vi7 I7; IVmaj7 iv; I V7sus4, Imaj7; vi7; ii7; V7sus4, IVmaj7; iii7; ii7; V7sus4
soul | major | close | IVmaj7; iii7 vi7; ii7 V7sus4; I, IV iv; I vi7; ii7 V7; I
soul | minor | loop | i7; iv7; VImaj7; V7, VImaj7; VII; i7; iv7, i7; IIImaj7; iv7; V7
country | major | open | I; I; IV; V, I; IV; I; V, I; V; IV; I, I; vi; IV; V
country | major | close | IV; I; V; I, I; V; V7; I, IV; V; I V; I
country | major | bridge-half | IV; I; II7; V, vi; IV; II7; V
celtic | major | open | I; IV; I; V, I; I; V; V, I; vi; IV; V, I; V; vi; IV
celtic | major | half | I; vi; ii; V, I; IV; ii; V
celtic | major | close | vi; IV; V; I, I; IV; V; I, IV; I; V; I
celtic | major | bridge | vi; V; IV; V, vi; IV; I; V, IV; I; IV; V
celtic | minor | open | i; VII; i; VII, i; VII; VI; VII, i; i; VII; VII, i; III; VII; v
celtic | minor | close | i; VII; v; i, VI; VII; v; i, III; VII; v; i
celtic | minor | bridge | III; VII; i; v, III; III; VII; VII, VI; III; VII; v
march | major | open | I; I; V7; V7, I; IV; I; V7, I; V7; I; I
march | major | half | I; vi; II7; V, I; I; II7; V
march | major | close | IV; I; V7; I, II7; V7; V7; I, vi; ii; V7; I
march | major | bridge | IV; IV; I; I, V7; V7; I; VI7, vi; III7; vi; II7
march | major | bridge-half | IV; I; II7; V7, vi; vi; II7; V7
march | minor | open | i; i; V7; V7, i; iv; i; V7
march | minor | close | iv; i; V7; i, VI; iiø7; V7; i
march | minor | bridge-half | III; VII7; III; V7, VI; III; iiø7; V7
waltz | major | open | I; I; V7; V7, I; V7; V7; I, I; vi; ii7; V7, I; IV; V7; I
waltz | major | half | I; vi; ii; V7, I; IV; II7; V7, vi; IV; II7; V7
waltz | major | close | IV; I; V7; I, vi; ii; V7; I, VI7; ii; V7; I, ii7; V7; V7; I
waltz | major | bridge | IV; IV; I; I, vi; III7; vi; VI7, V7; V7; I; VI7
waltz | major | bridge-half | IV; I; II7; V7, vi; III7; II7; V7, iii; vi; II7; V7
waltz | minor | open | i; i; V7; V7, i; iv; V7; i, i; VI; iiø7; V7
waltz | minor | half | i; iv; iiø7; V7, VI; iv; II7; V7
waltz | minor | close | iv; i; V7; i, VI; iiø7; V7; i, I7; iv; V7; i
waltz | minor | bridge | III; VII7; III; I7, VI; III; iv; i, VII7; III; VII7; III
waltz | minor | bridge-half | III; VII7; iiø7; V7, VI; III; iiø7; V7, iv; i; II7; V7
tango | minor | open | i; i; V7; V7, i; iv; V7; i, i; VII; VI; V7, i; I7; iv; V7
tango | minor | close | iv; i; V7; i, VI; V7; V7; i, iiø7; V7; V7; i
tango | minor | bridge-half | iv; i; II7; V7, III; VII7; VI; V7, VI; III; iiø7; V7
tango | major | open | I; I; V7; V7, I; VI7; ii; V7
tango | major | close | IV; I; V7; I, ii; V7; V7; I
tango | major | bridge-half | vi; III7; II7; V7, iv; I; II7; V7
latin | minor | open | i; iv; V7; V7, i7; iv7; VII7; IIImaj7, i; VII; VI; V7
latin | minor | close | iv7; i7; V7; i7, VI; iv; V7; i
latin | major | open | I; IV; V7; IV, Imaj7; ii7; V7; Imaj7, I; IV; ii7; V7
latin | major | close | IV; I; V7; I, ii7; V7; ii7 V7; I
classical | major | open | I; V7; V7; I, I; ii; V7; I, I; IV; I; V7
classical | major | half | I; vi; ii; V, I; IV; II7; V, I; V7; I; V
classical | major | close | vi; ii; V7; I, IV; ii; V7; I, VI7; ii; V7; I, I IV; I; ii V7; I
classical | major | bridge | VI7; ii; V7; I, vi; III7; vi; VI7, IV; I; VI7; ii
classical | major | bridge-half | VI7; ii; II7; V, I7; IV; II7; V, III7; vi; II7; V
classical | minor | open | i; V7; V7; i, i; iv; V7; i, i; iiø7; V7; i
classical | minor | half | i; iv; iiø7; V, i; VII; VI; V, i; VI; II7; V
classical | minor | close | VI; iiø7; V7; i, iv; bII; V7; i, iv; i; V7; i, I7; iv; V7; i
classical | minor | bridge | I7; iv; VII7; III, III; VII7; III; VI, VI; iv; VII7; III
classical | minor | bridge-half | III; VII7; III; V, VI; III; iiø7; V, I7; iv; II7; V
baroque | major | open | I IV; viio iii; vi ii; V7 I, I V; vi iii; IV I; IV V, I; ii V7; I; V
baroque | minor | open | i iv7; VII7 IIImaj7; VImaj7 iiø7; V7 i, i; iv VII; III VI; iiø7 V7
hymn | major | half | I IV; I V; vi II7; V, I; IV I; ii; V
hymn | major | close | IV I; vi ii; I V7; I, I vi; IV I; ii V7; I
hymn | major | bridge-half | vi iii; IV I; ii II7; V, V I; IV I; II7; V
hymn | minor | half | i iv; i V; VI iv; V, i; VII III; iv; V
hymn | minor | close | VI III; iv i; iiø7 V7; i, i VI; iv i; iiø7 V7; i
hymn | minor | bridge-half | III VII; VI III; iv; V, VII III; VI iv; i; V
"""


@cache
def _phrases() -> dict[tuple[str, str, str], tuple[Phrase, ...]]:
    table: dict[tuple[str, str, str], tuple[Phrase, ...]] = {}
    for line in _TABLE.strip().splitlines():
        group, mode, place, phrases = (cell.strip() for cell in line.split("|"))
        key = Key(0, "minor" if mode == "minor" else "major")
        if mode in ("shang", "zhi"):
            key = Key(0, {"shang": "dorian", "zhi": "mixolydian"}[mode])
        table[group, mode, place] = tuple(_read(phrase, key) for phrase in phrases.split(","))
    return table


def _read(phrase: str, key: Key) -> Phrase:
    bars = []
    for bar in phrase.split(";"):
        chords = [roman_to_chord(numeral, key) for numeral in bar.split()]
        bars.append(tuple(((chord.root - key.tonic) % 12, chord.quality) for chord in chords))
    return tuple(bars)


def stock_phrases(group: str, mode: str, place: str) -> tuple[Phrase, ...]:
    """Return the stock phrases of a group of styles, () if it has none there.

    mode: major, minor, zhi or shang; place: open, half, close, loop, bridge or bridge-half.
    >>> stock_phrases("pop", "major", "loop")[0]
    (((0, ''),), ((7, ''),), ((9, 'm'),), ((5, ''),))
    """
    return _phrases().get((group, mode, place), ())


# Styles by the stock they draw on, nearest first; others take their family's.
_GROUPS: dict[str, tuple[str, ...]] = {
    "jazz": ("jazz",), "swing": ("jazz",), "jazz-fusion": ("jazz",), "bossa-nova": ("bossa", "jazz"),
    "latin": ("latin", "jazz"), "blues": ("blues",), "ragtime": ("ragtime", "march"), "chinese": ("chinese",),
    "jiangnan": ("chinese",), "lofi": ("lofi",), "ambient": ("ambient",), "new-age": ("pop",), "hiphop": ("hiphop",),
    "electronic": ("edm",), "edm": ("edm",), "synthwave": ("edm",), "synthpop": ("pop",), "funk": ("funk",),
    "soul": ("soul", "pop"), "rock": ("rock", "pop"), "punk": ("rock", "pop"), "metal": ("metal", "rock"),
    "country": ("country", "pop"), "celtic": ("celtic",), "folk": ("celtic",), "march": ("march",),
    "fanfare": ("march",), "polka": ("march",), "polonaise": ("march", "waltz"), "waltz": ("waltz",), "mazurka": ("waltz",),
    "tango": ("tango", "waltz"), "baroque": ("baroque", "classical"), "gigue": ("baroque", "classical"),
    "sarabande": ("baroque", "classical"), "prelude": ("baroque", "classical"), "minuet": ("classical",),
    "sonatina": ("classical",), "classical": ("classical",), "lullaby": ("waltz",), "children": ("march",),
}  # fmt: skip
_FAMILY_GROUPS = {
    "pop": ("pop",),
    "jazz": ("jazz",),
    "hymn": ("hymn",),
    "dance": ("waltz",),
    "art": ("classical",),
}
# How often a phrase is taken from stock rather than drawn from the learned tables.
_SHARES = {"jazz": 0.9, "bossa": 0.9, "latin": 0.7, "blues": 1.0, "ragtime": 0.75, "chinese": 1.0, "lofi": 1.0,
           "ambient": 1.0, "pop": 0.65, "rock": 0.7, "metal": 0.8, "edm": 1.0, "hiphop": 1.0, "funk": 0.9,
           "soul": 0.8, "country": 0.7, "celtic": 0.8, "march": 0.6, "waltz": 0.55, "tango": 0.7, "baroque": 0.4,
           "classical": 0.45, "hymn": 0.35}  # fmt: skip
LOOPING = frozenset(("lofi", "ambient", "edm", "hiphop", "funk", "metal"))


def groups_of(style: str, family: str) -> tuple[str, ...]:
    """Return the groups of stock phrases that a style draws on, nearest first."""
    return _GROUPS.get(style, _FAMILY_GROUPS[family])


def stock_share(group: str) -> float:
    """Return how often a phrase of a group is taken from stock, 0..1."""
    return _SHARES[group]
