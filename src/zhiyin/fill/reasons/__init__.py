"""Reasons: detectors that find what written notes do, and the words for it.

Conventions: bars count from 0 in values and from 1 in words; a detector takes a View and yields Reasons.
This package reads notes alone: it knows no model, no plan and no wish.
"""
