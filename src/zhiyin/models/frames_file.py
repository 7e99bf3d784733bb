"""Checkpoint of the frame model: one safetensors file with its sizes and its card.

Conventions: the file's metadata holds `config` and `card` as JSON. Does not know: how it was trained.
These files do not ship: the sets are for measuring only.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.torch import save_file

from zhiyin.errors import NotFound
from zhiyin.models.frames import FramesConfig, FramesNet


def save_frames_net(path: Path, net: FramesNet, *, card: dict[str, Any]) -> None:
    """Write a net and its card."""
    weights = {name: value.detach().cpu().contiguous() for name, value in net.state_dict().items()}
    text = {"config": json.dumps(asdict(net.config)), "card": json.dumps(card)}
    save_file(weights, path, metadata=text)


def load_frames_net(path: Path) -> tuple[FramesNet, dict[str, Any]]:
    """Return the net (for use, not for training) and its card. Raises NotFound."""
    if not path.exists():
        raise NotFound(
            f"no frame model at {str(path)!r}: train one with  "
            "python -m zhiyin.train.frames recipes/frames.toml --out FILE"
        )
    with safe_open(path, "pt") as file:
        text = file.metadata()
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    net = FramesNet(FramesConfig(**json.loads(text["config"])))
    net.load_state_dict(weights)
    return net.eval(), json.loads(text["card"])
