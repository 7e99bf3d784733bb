"""Rights: whether music repeats what a corpus holds, and where.

Conventions: a run is counted in notes; intervals are semitones; nothing here is a legal judgement.
This package reads no corpus and no model: pieces are handed in, the shipped index lies in `index/`.
"""
