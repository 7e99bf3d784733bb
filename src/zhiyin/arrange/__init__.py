"""Arranging: any piece for other players, by rule, from the layers heard in it.

Conventions: score in, score out, sounding pitch; every note knows whether it was moved from the source or added.
This package draws no random numbers, asks no model and opens no file but its own table.
"""

from zhiyin.arrange.act import Arrangement, arrange, orchestrate, reduce
from zhiyin.arrange.ensembles import ENSEMBLES, Ensemble, Player, find_ensemble
from zhiyin.arrange.faults import Fault, find_faults

__all__ = [
    "ENSEMBLES", "Arrangement", "Ensemble", "Fault", "Player", "arrange", "find_ensemble", "find_faults",
    "orchestrate", "reduce",
]  # fmt: skip
