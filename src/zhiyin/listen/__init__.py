"""Listening: what a piece is, asked of its notes or of its sound.

Conventions: every listener answers with a `Finding` and says "don't know" where it does not.
This package does not write or judge music: see fill and judge.
"""

from zhiyin.listen.base import NOT_HEARD, PROMISES, Finding, Listener, Near, Reason, ranked

__all__ = ["NOT_HEARD", "PROMISES", "Finding", "Listener", "Near", "Reason", "ranked"]
