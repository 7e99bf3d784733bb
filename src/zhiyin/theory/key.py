"""Keys: a tonic and a mode, with signature, scale and bilingual names.

Conventions: the tonic is a place on the line of fifths, so F# and Gb differ; `fifths` is the signature.
This module does not know chords or time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhiyin.errors import InvalidInput
from zhiyin.theory.pitch import fifths_name, parse_fifths
from zhiyin.theory.scale import SCALES, scale_pitch_classes

# Signature of the mode on C, in fifths: C dorian has two flats.
MODE_FIFTHS: dict[str, int] = {
    "major": 0, "minor": -3, "dorian": -2, "phrygian": -4, "lydian": 1, "mixolydian": -1, "locrian": -5,
    "harmonic minor": -3, "melodic minor": -3, "gong": 0, "shang": -2, "jue": -4, "zhi": -1, "yu": -3,
    "major pentatonic": 0, "minor pentatonic": -3, "blues": -3,
}  # fmt: skip
MODE_WORDS: dict[str, str] = {
    "": "major", "maj": "major", "major": "major", "大调": "major", "ionian": "major",
    "m": "minor", "min": "minor", "minor": "minor", "小调": "minor", "aeolian": "minor",
    "dorian": "dorian", "多利亚": "dorian", "phrygian": "phrygian", "弗里吉亚": "phrygian",
    "lydian": "lydian", "利底亚": "lydian", "mixolydian": "mixolydian", "混合利底亚": "mixolydian",
    "locrian": "locrian", "宫": "gong", "宫调": "gong", "gong": "gong", "商": "shang", "商调": "shang",
    "shang": "shang", "角": "jue", "角调": "jue", "jue": "jue", "徵": "zhi", "徵调": "zhi", "zhi": "zhi",
    "羽": "yu", "羽调": "yu", "yu": "yu", "blues": "blues", "harmonic minor": "harmonic minor",
    "melodic minor": "melodic minor", "major pentatonic": "major pentatonic",
    "minor pentatonic": "minor pentatonic",
}  # fmt: skip
_TEXT = re.compile(r"^\s*([升降])?\s*([A-Ga-g])([#♯b♭]{0,2})\s*[-_ ]?\s*(.*?)\s*$")


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic (line of fifths: C 0, G 1, F -1) and a mode.

    >>> Key.parse("Dm").name, Key.parse("D 小调").fifths
    ('D minor', -1)
    """

    tonic_fifths: int
    mode: str = "major"

    def __post_init__(self) -> None:
        if self.mode not in MODE_FIFTHS:
            raise InvalidInput(f"mode must be one of {', '.join(MODE_FIFTHS)}, got {self.mode!r}")
        if not -15 <= self.tonic_fifths <= 15:
            raise InvalidInput(f"tonic must lie within 15 fifths of C, got {self.tonic_fifths}")

    @classmethod
    def parse(cls, text: str) -> Key:
        """Return the key of a text such as `Dm`, `F# major`, `降E大调`, `G宫`; lower-case `d` alone is minor."""
        match = _TEXT.match(text)
        word = match.group(4) if match else None
        mode = MODE_WORDS.get(word.lower() if word != "m" else "m") if word is not None else None
        if match is None or mode is None or word == "M":
            raise InvalidInput(
                f"key must be a note and a mode, got {text!r}: write e.g. 'Dm', 'Eb major' or 'G宫'"
            )
        letter = match.group(2)
        if letter.islower() and word == "":
            mode = "minor"
        prefix = {"升": "#", "降": "b", None: ""}[match.group(1)]
        return cls(parse_fifths(letter.upper() + prefix + match.group(3)), mode)

    @classmethod
    def from_pitch_class(cls, tonic: int, mode: str = "major") -> Key:
        """Return the key on a pitch class with the fewest accidentals in its signature."""
        offset = MODE_FIFTHS[mode]
        signature = (tonic * 7 + offset + 5) % 12 - 5
        return cls(signature - offset, mode)

    @property
    def tonic(self) -> int:
        """Return the tonic's pitch class 0..11."""
        return self.tonic_fifths * 7 % 12

    @property
    def fifths(self) -> int:
        """Return the signature: sharps positive, flats negative."""
        return self.tonic_fifths + MODE_FIFTHS[self.mode]

    @property
    def is_minor(self) -> bool:
        """Return whether the third above the tonic is minor."""
        return 3 in SCALES[self.mode] and 4 not in SCALES[self.mode]

    @property
    def pitch_classes(self) -> frozenset[int]:
        """Return the pitch classes of the scale; minor keys include the raised sixth and seventh."""
        classes = scale_pitch_classes(self.mode, self.tonic)
        if self.mode == "minor":
            classes |= {(self.tonic + 9) % 12, (self.tonic + 11) % 12}
        return classes

    @property
    def name(self) -> str:
        """Return the English name, e.g. `D minor`."""
        return f"{fifths_name(self.tonic_fifths)} {self.mode}"

    @property
    def name_zh(self) -> str:
        """Return the Chinese name, e.g. `D小调`, `降E大调`, `G宫调`."""
        letter = fifths_name(self.tonic_fifths)
        mark = {"#": "升", "b": "降"}.get(letter[1:2], "") * (len(letter) - 1)
        words = {"major": "大调", "minor": "小调", "dorian": "多利亚调式", "phrygian": "弗里吉亚调式",
                 "lydian": "利底亚调式", "mixolydian": "混合利底亚调式", "locrian": "洛克里亚调式",
                 "gong": "宫调", "shang": "商调", "jue": "角调", "zhi": "徵调", "yu": "羽调",
                 "blues": "布鲁斯调式", "harmonic minor": "和声小调", "melodic minor": "旋律小调",
                 "major pentatonic": "大调五声", "minor pentatonic": "小调五声"}  # fmt: skip
        return mark + letter[0] + words[self.mode]

    def transpose(self, semitones: int) -> Key:
        """Return the key moved by semitones, spelled with the fewest accidentals."""
        return Key.from_pitch_class((self.tonic + semitones) % 12, self.mode) if semitones % 12 else self
