"""Chorale checkpoints: one safetensors file with the sizes in its header.

Conventions: float32; the header's `config` is JSON with the fields of ChoraleConfig.
This module does not hold what the model recalls from: the store is made of the training chorales at hand.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

from zhiyin.errors import NotFound, UnreadableFile
from zhiyin.models.chorale import ChoraleConfig, ChoraleNet


def save_chorale_net(path: Path, net: ChoraleNet, *, card: dict[str, object]) -> None:
    """Write the weights, the sizes and a card; the file appears whole or not at all."""
    weights = {name: value.detach().contiguous() for name, value in net.state_dict().items()}
    header = {"config": json.dumps(asdict(net.config)), "card": json.dumps(card, ensure_ascii=False)}
    part = path.with_suffix(".part")
    save_file(weights, part, metadata=header)
    part.chmod(0o644)  # safetensors writes for the owner only
    part.replace(path)


def load_chorale_net(path: Path) -> tuple[ChoraleNet, dict[str, object]]:
    """Return a trained net, ready to be asked, and its card.

    Raises NotFound when there is no file, UnreadableFile when it is no chorale checkpoint.
    """
    if not path.exists():
        raise NotFound(
            f"no chorale checkpoint at {str(path)!r}: "
            "train one with  python -m zhiyin.train.chorale recipes/chorale.toml"
        )
    try:
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
        config = json.loads(header["config"])
        unknown = sorted(set(config) - {field.name for field in fields(ChoraleConfig)})
        if unknown:
            raise KeyError(unknown[0])
        net = ChoraleNet(ChoraleConfig(**config))
        net.load_state_dict(load_file(path))
    except (SafetensorError, KeyError, RuntimeError, ValueError) as error:
        reason = f"a chorale checkpoint must hold its config and weights, got {error!r}: train it again"
        raise UnreadableFile(path, "its header and weights", reason) from error
    net.eval()
    return net, json.loads(header.get("card", "{}"))
