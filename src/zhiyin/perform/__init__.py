"""A written score played with expression: dynamics, timing, articulation, pedal.

Conventions: a performed score has the same notes in the same order and the same length in seconds.
This package does not make sound (`zhiyin.render`) and does not compose.
"""

from zhiyin.perform.humanise import humanise
from zhiyin.perform.touch import Touch

__all__ = ["Touch", "humanise"]
