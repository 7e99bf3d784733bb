"""Net files: the weights of any family's nets as safetensors, with their settings and card in the header.

Conventions: float16 or int8 on disk (`zhiyin.models.quantise`), float32 in use; `kind` names the family.
This module needs no torch and knows no family; fill models keep their own form, `zhiyin.models.checkpoint`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from zhiyin.errors import NotFound, UnreadableFile
from zhiyin.models.checkpoint import WEIGHTS_FOLDER
from zhiyin.models.quantise import from_storage, storage_for, to_storage


@dataclass(frozen=True)
class NetFile:
    """Weights with what they are: kind is the family, settings its sizes, digest the file's sha256 (its version)."""

    name: str
    kind: str
    settings: Mapping[str, Any]
    weights: dict[str, NDArray[np.float32]]
    card: dict[str, Any]
    digest: str


def save_net(
    path: Path,
    kind: str,
    settings: Mapping[str, Any],
    *,
    weights: dict[str, NDArray[np.float32]],
    card: Mapping[str, Any],
    storage: str = "",
) -> None:
    """Write a net; the file appears whole or not at all.

    storage: one of `zhiyin.models.quantise.STORAGES`; by default what keeps the file small.
    """
    notes = {"kind": kind, "settings": json.dumps(settings), "card": json.dumps(card, ensure_ascii=False)}
    part = path.with_suffix(".part")
    save_file(to_storage(weights, storage or storage_for(weights)), part, metadata=notes)
    part.chmod(0o644)  # safetensors writes for the owner only
    part.replace(path)


def load_net(name_or_path: str | Path, *, kind: str) -> NetFile:
    """Return a shipped net by name, or one from a path.

    Raises NotFound when there is none, UnreadableFile when it is not a net of this kind.
    """
    path = Path(name_or_path)
    if path.suffix != ".safetensors":
        path = WEIGHTS_FOLDER / f"{name_or_path}.safetensors"
    if not path.is_file():
        raise NotFound(
            f"no {kind} net {str(name_or_path)!r}: give the name of a shipped one or a .safetensors path"
        )
    try:
        with safe_open(path, framework="numpy") as file:
            header = file.metadata() or {}
            weights = from_storage({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise UnreadableFile(path, "header", f"not a safetensors file ({error})") from error
    if header.get("kind") != kind:
        raise UnreadableFile(
            path, "header", f"must be a net of kind {kind!r}, got {header.get('kind')!r}: give another file"
        )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    settings, card = json.loads(header["settings"]), json.loads(header.get("card", "{}"))
    return NetFile(path.stem, kind, settings, weights, card, digest)


def card_of(path: Path) -> dict[str, Any]:
    """Return the card in the header of any family's weights, fill models too.

    Raises UnreadableFile when it is not a safetensors file with a card.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            header = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise UnreadableFile(path, "header", f"not a safetensors file ({error})") from error
    if "card" not in header:
        raise UnreadableFile(path, "header", "has no 'card' entry: it was not written by zhiyin")
    card: dict[str, Any] = json.loads(header["card"])
    return card
