"""The wishes that people write on spans of a score, by name; their text form is `zhiyin.fill.wish_text`.

Conventions: a name is unique among all wishes. This module is a table and nothing else.
"""

from zhiyin.fill.constraints.avoid import Avoid
from zhiyin.fill.constraints.cadence_wish import CadenceWish
from zhiyin.fill.constraints.chord_tones import ChordTones
from zhiyin.fill.constraints.contour import Contour
from zhiyin.fill.constraints.in_scale import InScale
from zhiyin.fill.constraints.playable import Playable
from zhiyin.fill.constraints.quote_motif import QuoteMotif
from zhiyin.fill.constraints.register_wish import RegisterWish
from zhiyin.fill.constraints.rhythm_template import RhythmTemplate
from zhiyin.fill.constraints.similar_to import SimilarTo
from zhiyin.fill.constraints.syncopation import Syncopation
from zhiyin.fill.constraints.tension import TensionCurve
from zhiyin.fill.constraints.texture_wishes import DensityWish, LongestNote, PolyphonyWish

WISHES: dict[str, type] = {
    "scale": InScale, "chord tones": ChordTones, "contour": Contour, "motif": QuoteMotif, "rhythm": RhythmTemplate,
    "attacks": DensityWish, "voices": PolyphonyWish, "pitch range": RegisterWish, "syncopation": Syncopation,
    "cadence": CadenceWish, "tension": TensionCurve, "longest note": LongestNote, "avoid": Avoid,
    "playable": Playable, "similar": SimilarTo,
}  # fmt: skip
