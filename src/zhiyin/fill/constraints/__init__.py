"""Wishes as contracts: each masks while writing, checks after, and explains itself.

Conventions: one kind of wish a class, listed in CONSTRAINTS; `check` shares no code with masks.
This package does not decide which wishes a request carries.
"""

from zhiyin.fill.constraints.as_around import AsAround
from zhiyin.fill.constraints.backbeat import Backbeat
from zhiyin.fill.constraints.base import CellState, Constraint, Sounding, Unmasked, Verdict
from zhiyin.fill.constraints.cadence import Cadences
from zhiyin.fill.constraints.chord_pace import ChordPace
from zhiyin.fill.constraints.close import Closes
from zhiyin.fill.constraints.degree_profile import DegreeProfile
from zhiyin.fill.constraints.ends_on import EndsOn
from zhiyin.fill.constraints.fits_tune import FitsTune
from zhiyin.fill.constraints.foundation import Foundation
from zhiyin.fill.constraints.frame import KeepBars, KeepMetre, KeepPlayers, KeepSeconds, KeepTempo
from zhiyin.fill.constraints.in_manner import InManner
from zhiyin.fill.constraints.kit_hands import KitHands
from zhiyin.fill.constraints.leaning import LeaningTones
from zhiyin.fill.constraints.mood_lines import MoodLines
from zhiyin.fill.constraints.no_gaps import NoGaps
from zhiyin.fill.constraints.note_values import NoteValues
from zhiyin.fill.constraints.original import Original
from zhiyin.fill.constraints.ornaments import Ornaments
from zhiyin.fill.constraints.other_chords import OtherChords
from zhiyin.fill.constraints.other_rhythm import OtherRhythm
from zhiyin.fill.constraints.pitch import ChordsOnStrongBeats, DrumMap, InKey, InRange
from zhiyin.fill.constraints.reach import WithinReach
from zhiyin.fill.constraints.register import NearRegister
from zhiyin.fill.constraints.sung_motion import SungMotion
from zhiyin.fill.constraints.texture import Density, Locked, MaxPolyphony, Sounds, WithinBars
from zhiyin.fill.constraints.voice_leading import VoiceLeading
from zhiyin.fill.constraints.wishes import WISHES

CONSTRAINTS: dict[str, type] = {
    "tempo": KeepTempo, "metre": KeepMetre, "bars": KeepBars, "seconds": KeepSeconds, "players": KeepPlayers,
    "key": InKey, "range": InRange, "chords": ChordsOnStrongBeats, "drum map": DrumMap,
    "no empty bars": Sounds, "polyphony": MaxPolyphony, "density": Density, "bar lines": WithinBars,
    "locks": Locked, "no gaps": NoGaps, "close": Closes, "reach": WithinReach, "note values": NoteValues,
    "register": NearRegister, "backbeat": Backbeat, "degrees": DegreeProfile,
    "original": Original, "cadences": Cadences, "leaning tones": LeaningTones,
    "voice leading": VoiceLeading, "foundation": Foundation, "last chord": EndsOn,
    "other chords": OtherChords, "other rhythm": OtherRhythm, "chords fit the tune": FitsTune,
    "pace of chords": ChordPace, "ornaments": Ornaments, "two hands": KitHands,
    "as around": AsAround, "sung tones": SungMotion, "manner": InManner, "mood": MoodLines,
} | WISHES  # fmt: skip

__all__ = [
    "AsAround", "Backbeat", "CONSTRAINTS", "Cadences", "CellState", "ChordsOnStrongBeats", "ChordPace", "Closes",
    "Constraint", "DegreeProfile", "Density", "DrumMap", "EndsOn", "FitsTune", "Foundation", "InKey", "InManner",
    "InRange", "KeepBars", "KeepMetre", "KeepPlayers", "KeepSeconds", "KeepTempo", "KitHands", "LeaningTones", "Locked",
    "MaxPolyphony", "MoodLines", "NearRegister", "NoGaps", "NoteValues", "Original", "Ornaments", "OtherChords",
    "OtherRhythm", "Sounding", "Sounds", "SungMotion", "Unmasked", "Verdict", "VoiceLeading", "WISHES", "WithinBars",
    "WithinReach",
]  # fmt: skip
