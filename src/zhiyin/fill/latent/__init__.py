"""Latents of bars: read a part's bars into numbers, move between them, and write bars back.

Conventions: one latent a bar, of a line (melody, bass) or a kit, moved to a signature without sharps and flats.
This package knows no acts: see `zhiyin.fill.acts.between`.
"""
