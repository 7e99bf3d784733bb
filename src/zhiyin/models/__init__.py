"""Model families: torch forms that train and a torch-free runtime that ships.

Conventions: one family a file; checkpoints are safetensors in `weights/`, each with its card.
This package knows ids and arrays, not music.
"""

from zhiyin.models.base import StepModel, StepState, Under
from zhiyin.models.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from zhiyin.models.config import FillConfig
from zhiyin.models.runtime import FillRuntime, FillState

# Family -> (module, class) of the torch form; imported only by training, so that running needs no torch.
MODELS: dict[str, tuple[str, str]] = {
    "transformer": ("zhiyin.models.transformer", "FillTransformer"),
    "lstm": ("zhiyin.models.lstm", "FillLstm"),
}

__all__ = [
    "MODELS", "Checkpoint", "FillConfig", "FillRuntime", "FillState", "StepModel", "StepState", "Under",
    "load_checkpoint", "save_checkpoint",
]  # fmt: skip
