"""Marks of a score as MusicXML text: keys, metres, clefs, tempos, chord symbols, rehearsal marks, dynamics.

Conventions: each function returns one element; `%OFFSET%` stands where an offset may go.
This module does not know where marks fall: see `zhiyin.io.musicxml_write`.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from zhiyin.io.musicxml_values import DYNAMIC_VELOCITY, KIND_OF_QUALITY
from zhiyin.io.musicxml_voices import Clef
from zhiyin.io.spelling import spell_chord
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.pitch import fifths_name

# Modes MusicXML cannot name, by the church mode with the same signature.
_MODE_NAMES = {
    "gong": "major", "shang": "dorian", "jue": "phrygian", "zhi": "mixolydian", "yu": "minor", "blues": "minor",
    "harmonic minor": "minor", "melodic minor": "minor", "major pentatonic": "major", "minor pentatonic": "minor",
}  # fmt: skip
_DYNAMICS = {velocity: name for name, velocity in DYNAMIC_VELOCITY.items() if name not in ("pppp", "ffff")}


def clean_text(text: str) -> str:
    """Return text as XML may hold it: control characters dropped, markup escaped.

    >>> clean_text("a<b\\x00")
    'a&lt;b'
    """
    return escape(
        "".join(
            c
            for c in text
            if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
        )
    )


def is_mode_kept(key: Key) -> bool:
    """Return whether MusicXML has a name for a key's mode."""
    return key.mode not in _MODE_NAMES


def written_fifths(key: Key) -> int:
    """Return the signature that is printed: beyond seven accidentals its enharmonic twin.

    >>> written_fifths(Key(8)), written_fifths(Key(-5))
    (-4, -5)
    """
    fifths = key.fifths
    return fifths if -7 <= fifths <= 7 else fifths - 12 if fifths > 0 else fifths + 12


def key_xml(key: Key, *, is_shown: bool = True) -> str:
    """Return a <key>."""
    shown = "" if is_shown else ' print-object="no"'
    mode = _MODE_NAMES.get(key.mode, key.mode)
    return f"<key{shown}><fifths>{written_fifths(key)}</fifths><mode>{mode}</mode></key>"


def metre_xml(metre: Metre) -> str:
    """Return a <time>."""
    return f"<time><beats>{metre.numerator}</beats><beat-type>{metre.denominator}</beat-type></time>"


def clef_xml(clef: Clef, number: int) -> str:
    """Return a <clef>; number 0 is the only staff."""
    which = f' number="{number}"' if number else ""
    octaves = f"<clef-octave-change>{clef.octaves}</clef-octave-change>" if clef.octaves else ""
    line = "" if clef.sign == "percussion" else f"<line>{clef.line}</line>"
    return f"<clef{which}><sign>{clef.sign}</sign>{line}{octaves}</clef>"


def tempo_xml(bpm: float, metre: Metre) -> str:
    """Return a metronome mark in felt beats, a whole number to read, with its exact sound in quarters a minute."""
    unit = {2: "half", 4: "quarter", 8: "eighth", 16: "16th"}.get(metre.denominator, "quarter")
    per_quarter = {"half": 0.5, "quarter": 1.0, "eighth": 2.0, "16th": 4.0}[unit]
    dot = ""
    if metre.is_compound and metre.denominator == 8:
        unit, dot, per_quarter = "quarter", "<beat-unit-dot/>", 2 / 3
    mark = f"<beat-unit>{unit}</beat-unit>{dot}<per-minute>{round(bpm * per_quarter)}</per-minute>"
    return (
        f'<direction placement="above"><direction-type><metronome parentheses="no">{mark}</metronome>'
        f'</direction-type>%OFFSET%<sound tempo="{bpm!r}"/></direction>'
    )


def section_xml(name: str) -> str:
    """Return a rehearsal mark."""
    return (
        '<direction placement="above"><direction-type><rehearsal>'
        f"{clean_text(name)}</rehearsal></direction-type>%OFFSET%</direction>"
    )


def dynamics_xml(velocity: int, *, staff: int) -> str:
    """Return the dynamic mark of one of the eight velocity levels."""
    which = f"<staff>{staff}</staff>" if staff else ""
    return (
        f'<direction placement="below"><direction-type><dynamics><{_DYNAMICS[velocity]}/></dynamics>'
        f"</direction-type>%OFFSET%{which}</direction>"
    )


def _degree_xml(value: int, alter: int) -> str:
    return (
        f'<degree print-object="no"><degree-value>{value}</degree-value><degree-alter>{alter}</degree-alter>'
        "<degree-type>add</degree-type></degree>"
    )


def _note_xml(name: str, spelling: int) -> str:
    spelled = fifths_name(spelling)
    alter = spelled.count("#") - spelled.count("b")
    alter_xml = f"<{name}-alter>{alter}</{name}-alter>" if alter else ""
    return f"<{name}><{name}-step>{spelled[0]}</{name}-step>{alter_xml}</{name}>"


def harmony_xml(chord: Chord | None, key_fifths: int) -> str:
    """Return a <harmony>, spelled for a key; None is N.C."""
    if chord is None:
        root = "<root><root-step>C</root-step></root>"  # The schema asks for a root even where there is no chord.
        return f'<harmony>{root}<kind text="N.C.">none</kind>%OFFSET%</harmony>'
    kind, degrees = KIND_OF_QUALITY[chord.quality]
    root_at, bass_at, _ = spell_chord(chord, key_fifths)
    bass = _note_xml("bass", bass_at) if chord.bass != chord.root else ""
    extra = "".join(_degree_xml(value, alter) for value, alter in degrees)
    root = _note_xml("root", root_at)
    return f'<harmony>{root}<kind text="{chord.quality}">{kind}</kind>{bass}{extra}%OFFSET%</harmony>'
