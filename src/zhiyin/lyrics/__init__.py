"""Lyrics: words that can be sung to a melody, and what clashes where they cannot.

Conventions: languages are `zh` (Mandarin) and `en`; a line is sung from left to right and written from right to left.
This package does not write melodies: see `zhiyin.fill`.
"""
