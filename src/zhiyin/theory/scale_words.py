"""Scales in words: modes, pentatonic modes by tonic or by gong, blues, own scales as notes or as intervals.

Conventions: English and Chinese; a mode stands on the tonic that is named, `C宫系统羽调` on the yu of that gong;
intervals are semitones round the octave, from C where no tonic is named. This module does not know time.
"""

from __future__ import annotations

import re

from zhiyin.errors import InvalidInput
from zhiyin.theory.pitch import fifths_name, parse_fifths, spell
from zhiyin.theory.scale import SCALES, Scale

SCALE_WORDS: dict[str, str] = {
    "": "major", "maj": "major", "ionian": "major", "大调": "major", "自然大调": "major", "伊奥尼亚": "major",
    "m": "minor", "min": "minor", "aeolian": "minor", "natural minor": "minor", "小调": "minor", "自然小调": "minor",
    "爱奥利亚": "minor", "和声小调": "harmonic minor", "旋律小调": "melodic minor", "多利亚": "dorian",
    "弗里吉亚": "phrygian", "利底亚": "lydian", "混合利底亚": "mixolydian", "洛克里亚": "locrian", "宫": "gong",
    "商": "shang", "角": "jue", "徵": "zhi", "羽": "yu", "五声": "major pentatonic", "五声音阶": "major pentatonic",
    "pentatonic": "major pentatonic", "大调五声": "major pentatonic", "小调五声": "minor pentatonic",
    "布鲁斯": "blues", "蓝调": "blues", "minor blues": "blues", "大调布鲁斯": "major blues", "whole tone": "whole-tone",
    "wholetone": "whole-tone", "全音": "whole-tone", "全音阶": "whole-tone", "半音": "chromatic", "半音阶": "chromatic",
    "octatonic": "octatonic", "diminished": "octatonic", "八声": "octatonic", "half-whole": "half-whole octatonic",
    "alt": "altered", "变化音阶": "altered", "lydian b7": "lydian dominant", "acoustic": "lydian dominant",
    "spanish": "phrygian dominant", "弗里吉亚属": "phrygian dominant", "hungarian": "hungarian minor",
    "匈牙利小调": "hungarian minor", "雅乐": "yayue", "雅乐音阶": "yayue", "清乐": "qingyue", "清乐音阶": "qingyue",
    "燕乐": "yanyue", "燕乐音阶": "yanyue", "平调子": "hirajoshi",
}  # fmt: skip
_NOTE = r"(?:[升降]?[A-Ga-g](?:#+|b+|x)?)"
_NAMED = re.compile(rf"^({_NOTE})\s*[-_ ]?\s*(.*)$")
_OF_GONG = re.compile(rf"^({_NOTE})\s*宫(?:系统|系|音)?\s*([商角徵羽])(?:调式|调)?$")
_INTERVALS = re.compile(rf"^(?:({_NOTE})\s*[:：]?\s*)?(\d{{1,2}}(?:\s*-\s*\d{{1,2}})+)$")
_NOTES = re.compile(rf"^{_NOTE}(?:[\s,，、-]+{_NOTE})+$")
_DEGREES = {"商": 2, "角": 4, "徵": 7, "羽": 9}


def read_scale(text: str) -> Scale:
    """Return the scale of words, notes or intervals.

    Raises InvalidInput on anything else.
    >>> read_scale("A羽").name, sorted(read_scale("C宫系统羽调").pitch_classes), read_scale("D 2-2-3-2-3").tonic
    ('A yu', [0, 2, 4, 7, 9], 2)
    """
    plain = text.strip().translate(str.maketrans("♯♭–", "#b-"))
    for reader in (_from_intervals, _from_gong, _from_notes, _from_name):
        found = reader(plain)
        if found is not None:
            return found
    raise InvalidInput(
        f"a scale must be a note and a mode, notes, or intervals that make 12 semitones, got {text!r}: write e.g. "
        f"'D dorian', 'A羽', 'C D E G A' or 'C 2-2-3-2-3'; modes are {', '.join(SCALES)}"
    )


def _fifths(note: str) -> int:
    sign = {"升": "#", "降": "b"}.get(note[0], "")
    letter = note[1:] if sign else note
    return parse_fifths(letter[0].upper() + sign + letter[1:])


def _from_name(text: str) -> Scale | None:
    match = _NAMED.match(text)
    if match is None:
        return None
    note, word = match.groups()
    word = word.strip()
    if not word:
        mode: str | None = "minor" if note[0].islower() else "major"
    else:
        folded = re.sub(r"(\s+scale|\s+mode|调式|音阶)$", "", word.casefold() if word != "M" else "maj")
        plain = folded.removesuffix("调") if len(folded) == 2 and folded[0] in "宫商角徵羽" else folded
        mode = next(
            (m for m in (plain, plain.replace("-", " "), plain.replace(" ", "-")) if m in SCALES), None
        )
        mode = mode or SCALE_WORDS.get(plain) or SCALE_WORDS.get(word)
    if mode is None:
        return None
    fifths = _fifths(note)
    return Scale(fifths * 7 % 12, SCALES[mode], f"{fifths_name(fifths)} {mode}")


def _from_gong(text: str) -> Scale | None:
    match = _OF_GONG.match(text)
    if match is None:
        return None
    tonic = (_fifths(match.group(1)) * 7 + _DEGREES[match.group(2)]) % 12
    mode = SCALE_WORDS[match.group(2)]
    return Scale(tonic, SCALES[mode], f"{fifths_name(spell(tonic))} {mode}")


def _from_notes(text: str) -> Scale | None:
    if not _NOTES.match(text):
        return None
    notes = [_fifths(note) * 7 % 12 for note in re.findall(_NOTE, text)]
    if len(notes) < 2:
        return None
    steps = sorted({(note - notes[0]) % 12 for note in notes})
    return Scale(notes[0], tuple(steps), text)


def _from_intervals(text: str) -> Scale | None:
    match = _INTERVALS.match(text)
    if match is None:
        return None
    sizes = [int(size) for size in re.split(r"\s*-\s*", match.group(2))]
    if sum(sizes) != 12 or min(sizes) < 1:
        raise InvalidInput(
            f"intervals of a scale must be 1 or more semitones and make 12 together, got {text!r} = {sum(sizes)}: "
            "write e.g. 'C 2-2-3-2-3'"
        )
    tonic = _fifths(match.group(1)) * 7 % 12 if match.group(1) else 0
    steps = tuple(sum(sizes[:index]) for index in range(len(sizes)))
    return Scale(tonic, steps, text)
