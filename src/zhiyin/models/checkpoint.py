"""Checkpoints: weights as safetensors with the config and card in the header.

Conventions: float16 or int8 on disk (`zhiyin.models.quantise`), float32 in use; names are those of the torch module.
This module does not train and does not need torch.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from zhiyin.errors import NotFound, UnreadableFile
from zhiyin.models.config import FillConfig
from zhiyin.models.quantise import from_storage, storage_for, to_storage

WEIGHTS_FOLDER = Path(__file__).parent / "weights"
DEFAULT_CHECKPOINT = "small"


@dataclass(frozen=True)
class Checkpoint:
    """Weights with their shape and card.

    digest: sha256 of the file, the model's version; card: what it learned from and how it did.
    """

    name: str
    config: FillConfig
    weights: dict[str, NDArray[np.float32]]
    card: dict[str, Any]
    digest: str


def save_checkpoint(
    path: Path,
    config: FillConfig,
    weights: dict[str, NDArray[np.float32]],
    *,
    card: dict[str, Any],
    storage: str = "",
) -> None:
    """Write a checkpoint; the file appears whole or not at all.

    storage: one of STORAGES; by default what keeps the file small (`storage_for`).
    """
    stored = to_storage(weights, storage or storage_for(weights))
    part = path.with_suffix(".part")
    save_file(
        stored, part, metadata={"config": config.to_json(), "card": json.dumps(card, ensure_ascii=False)}
    )
    part.chmod(0o644)  # safetensors writes for the owner only
    part.replace(path)


def load_checkpoint(name_or_path: str | Path = DEFAULT_CHECKPOINT) -> Checkpoint:
    """Return a shipped checkpoint by name, or one from a path.

    Raises NotFound when there is none, UnreadableFile when it is not a checkpoint of this version.
    """
    path = Path(name_or_path)
    if path.suffix != ".safetensors":
        path = WEIGHTS_FOLDER / f"{name_or_path}.safetensors"
    if not path.exists():
        shipped = ", ".join(sorted(p.stem for p in WEIGHTS_FOLDER.glob("*.safetensors"))) or "none"
        raise NotFound(
            f"no checkpoint {str(name_or_path)!r}: shipped are {shipped}; or give a .safetensors path"
        )
    try:
        with safe_open(path, framework="numpy") as file:
            header = file.metadata() or {}
            weights = from_storage({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise UnreadableFile(path, "header", f"not a safetensors file ({error})") from error
    if "config" not in header:
        raise UnreadableFile(path, "header", "has no 'config' entry; it was not written by zhiyin")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = json.loads(header.get("card", "{}"))
    return Checkpoint(path.stem, FillConfig.from_json(header["config"]), weights, card, digest)
