"""Layouts of an event in torch: how its fields are told to the layers and asked back from them.

Conventions: every layout reads the same batches and gives exact log-probabilities of the same fields, so their losses
can be compared; "compound" (`FillTransformer`) is the one that ships. Needs the `train` extra.
This module does not train.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from zhiyin.encode.fields import FIELD_INDEX, FIELD_NAMES, KIND_CELL, UNKNOWN
from zhiyin.models.config import FillConfig
from zhiyin.models.layout_runtime import FLAT_SHARED, FLAT_TOKENS
from zhiyin.models.lstm import FillLstm
from zhiyin.models.transformer import UNDER, FillTransformer, spread


class ParallelTransformer(FillTransformer):
    """One step an event, its fields asked apart: none knows another. Source: Hsiao et al., "Compound Word", 2021."""

    def value_logits(
        self, h: Tensor, onset: Tensor, *, tonic: Tensor, root: Tensor, quality: Tensor, last: Tensor
    ) -> Tensor:
        """Return (n, values) logits from the hidden state and the key alone."""
        inner = F.gelu(self.value_in(h))
        degree = spread(self.degree_head(inner).float(), self.pitch_class, tonic)
        return torch.as_tensor(self.value_head(inner).float() + degree)

    def duration_logits(self, h: Tensor, onset: Tensor, value: Tensor) -> Tensor:
        """Return (n, durations) logits from the hidden state alone."""
        return torch.as_tensor(self.duration_head(F.gelu(self.duration_in(h))).float())

    def extra_logits(self, h: Tensor, value: Tensor, duration: Tensor) -> Tensor:
        """Return (n, extras) logits from the hidden state alone."""
        return torch.as_tensor(self.extra_head(F.gelu(self.extra_in(h))).float())


class FlatTransformer(FillTransformer):
    """Four steps a note, one a field, and one a cell: the sequence of REMI-like vocabularies (Huang & Yang, 2020)."""

    def field_losses(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return (losses, event index) as the compound layout does, each field asked where its token would follow."""
        fields, time, place = flatten_events(batch["fields"], batch["time"], batch["length"])
        hidden = self.hidden(fields, time)
        batch_size, events = batch["time"].shape
        row = torch.arange(batch_size)[:, None].expand(-1, events)
        target = batch["target"].flatten(0, 1)
        asked = torch.nonzero(target[:, 0] >= 0)[:, 0]
        target = target[asked]
        where, sequence = place.flatten(0, 1)[asked], row.flatten()[asked]  # where: the event's last token
        losses = torch.zeros(len(asked), 4, device=hidden.device)
        losses[:, 0] = F.cross_entropy(
            self.onset_head(hidden[sequence, where]).float(), target[:, 0], reduction="none"
        )
        rows = torch.nonzero(target[:, 1] >= 0)[:, 0]
        onset, value, duration, extra = target[rows].unbind(1)
        tonic, root, quality, last = (batch[n].flatten()[asked][rows] for n in UNDER)
        at = [hidden[sequence[rows], where[rows] + k] for k in (1, 2, 3)]
        values = self.value_logits(at[0], onset, tonic=tonic, root=root, quality=quality, last=last)
        losses[rows, 1] = F.cross_entropy(values, value, reduction="none")
        losses[rows, 2] = F.cross_entropy(
            self.duration_logits(at[1], onset, value), duration, reduction="none"
        )
        losses[rows, 3] = F.cross_entropy(self.extra_logits(at[2], value, duration), extra, reduction="none")
        return losses, asked


def flatten_events(fields: Tensor, time: Tensor, length: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return (fields, time, place): events as flat tokens, and the index of each event's last token.

    fields (batch, events, F), time (batch, events), length (batch,) events that are not padding.
    """
    is_real = torch.arange(time.shape[1])[None, :] < length[:, None]
    is_cell = fields[..., FIELD_INDEX["kind"]] == KIND_CELL
    width = torch.where(is_cell, 1, 4) * is_real
    place = width.cumsum(1) - 1
    longest = int(place[:, -1].max()) + 1
    told = _told_masks()
    unknown = torch.tensor([UNKNOWN.get(n, 0) for n in FIELD_NAMES], dtype=fields.dtype)
    out = torch.zeros(len(fields), longest, fields.shape[2], dtype=fields.dtype)
    out_time = torch.zeros(len(fields), longest, dtype=time.dtype)
    which, index = torch.nonzero(is_real, as_tuple=True)
    for token in range(4):
        picked = (~is_cell[which, index]) | (token == 3)
        w, i = which[picked], index[picked]
        rows = fields[w, i]
        mask = torch.where(is_cell[w, i][:, None], True, told[token][None, :])
        spot = place[w, i] - 3 + token
        out[w, spot] = torch.where(mask, rows, unknown[None, :])
        out_time[w, spot] = time[w, i]
    return out, out_time, place


def _told_masks() -> list[Tensor]:
    return [torch.tensor([n in (*names, *FLAT_SHARED) for n in FIELD_NAMES]) for names in FLAT_TOKENS]


TORCH_MODELS: dict[str, type[FillTransformer]] = {
    "compound": FillTransformer, "parallel": ParallelTransformer, "flat": FlatTransformer,
}  # fmt: skip


def build_model(config: FillConfig) -> FillTransformer:
    """Return a fresh torch model of a shape, by its family and layout."""
    return FillLstm(config) if config.family == "lstm" else TORCH_MODELS[config.layout](config)
