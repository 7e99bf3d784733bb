"""Sound as samples: the `Audio` value.

Conventions: float32 (channels, frames), full scale is 1.0, rates in hertz.
Files live in `zhiyin.audio.files`, loudness in `zhiyin.audio.loudness`; this package knows no score.
"""

from zhiyin.audio.audio import Audio

__all__ = ["Audio"]
