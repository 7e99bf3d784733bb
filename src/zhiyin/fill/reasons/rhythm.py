"""When two rhythms are one to the ear: how far attacks and lengths may differ.

Conventions: ticks. Attacks make a rhythm; a note let go a little sooner does not change it.
This module does not know what is compared.
"""

from __future__ import annotations

from zhiyin.units import TICKS_PER_QUARTER

SIXTEENTH = TICKS_PER_QUARTER // 4  # lengths that differ by no more are one length, let go otherwise
NEAR = TICKS_PER_QUARTER // 16  # places that differ by no more are one place
