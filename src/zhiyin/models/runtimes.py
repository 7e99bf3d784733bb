"""Which runtime runs a checkpoint: by its family and layout.

Conventions: every runtime is a `StepModel`. This module knows no file names.
"""

from __future__ import annotations

from zhiyin.models.checkpoint import Checkpoint
from zhiyin.models.layout_runtime import FlatRuntime, ParallelRuntime
from zhiyin.models.lstm_runtime import LstmRuntime
from zhiyin.models.runtime import FillRuntime

# (family, layout) -> runtime.
RUNTIMES: dict[tuple[str, str], type[FillRuntime]] = {
    ("transformer", "compound"): FillRuntime,
    ("transformer", "parallel"): ParallelRuntime,
    ("transformer", "flat"): FlatRuntime,
    ("lstm", "compound"): LstmRuntime,
}


def make_runtime(checkpoint: Checkpoint) -> FillRuntime:
    """Return a checkpoint ready to run, without torch."""
    return RUNTIMES[checkpoint.config.family, checkpoint.config.layout](checkpoint)
