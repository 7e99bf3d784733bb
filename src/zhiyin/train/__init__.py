"""Training: recipes, sampling of fill tasks, one loop for every family, evaluation.

Conventions: randomness comes from the recipe's seed; results go to a run folder as JSON lines.
Everything here that touches tensors needs the `train` extra.
"""
