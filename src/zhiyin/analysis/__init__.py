"""What a score shows: keys, chords, roles, texture, form, numbers and fingerprints.

Conventions: functions take a score and return frozen values; arrays over (parts, bars) or bars.
This package does not change scores and does not read files.
"""

from zhiyin.analysis.beats import FoundBeats, Performed, find_beats, is_performed
from zhiyin.analysis.beats_grid import OnGrid, to_grid
from zhiyin.analysis.fingerprint import SAME_WORK, fingerprints, run_hashes, similarity, soprano_run_match
from zhiyin.analysis.harmony import chord_tone_share, find_chords
from zhiyin.analysis.key import find_key, find_keys
from zhiyin.analysis.roles import find_roles
from zhiyin.analysis.statistics import PartSummary, Summary, summarise
from zhiyin.analysis.structure import bar_similarity, find_sections, repeat_of
from zhiyin.analysis.texture import Texture, TextureLevels, cell_texture, texture_levels

__all__ = [
    "SAME_WORK", "FoundBeats", "OnGrid", "PartSummary", "Performed", "Summary", "Texture", "TextureLevels",
    "bar_similarity", "cell_texture", "chord_tone_share", "find_beats", "find_chords", "find_key", "find_keys",
    "find_roles", "find_sections", "fingerprints", "is_performed", "repeat_of", "run_hashes", "similarity",
    "soprano_run_match", "summarise", "texture_levels", "to_grid",
]  # fmt: skip
