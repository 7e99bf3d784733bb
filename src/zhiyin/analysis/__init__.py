"""What a score shows: keys, chords, roles, texture, form, numbers and fingerprints.

Conventions: functions take a score and return frozen values; arrays over (parts, bars) or bars.
This package does not change scores and does not read files.
"""
