"""The LSTM family in torch: the same events and heads as the transformer, a recurrent stack between them.

Conventions: residual layers with a norm before each; it knows musical time only from the fields of events.
Needs the `train` extra. Source: Hochreiter & Schmidhuber, 1997; music by LSTM: Eck & Schmidhuber, 2002.
This module does not run shipped weights: see `zhiyin.models.lstm_runtime`.
"""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor, nn
from torch.nn import functional as F

from zhiyin.models.config import FillConfig
from zhiyin.models.transformer import FillTransformer, RMSNorm


class RecurrentLayer(nn.Module):
    """One LSTM layer with a norm before and a residual around it."""

    def __init__(self, config: FillConfig) -> None:
        super().__init__()
        self.norm = RMSNorm(config.width)
        self.lstm = nn.LSTM(config.width, config.width, batch_first=True)
        self.dropout = config.dropout

    def forward(self, x: Tensor) -> Tensor:
        """Return the layer's output, (batch, events, width)."""
        out = self.lstm(self.norm(x))[0]
        return x + F.dropout(out, self.dropout, self.training)


class FillLstm(FillTransformer):
    """An LSTM over events with the inner decoder of the fill transformer."""

    def __init__(self, config: FillConfig) -> None:
        super().__init__(replace(config, layers=0))
        self.config = config
        self.recurrent = nn.ModuleList(RecurrentLayer(config) for _ in range(config.layers))

    def hidden(self, fields: Tensor, time: Tensor) -> Tensor:
        """Return (batch, events, width) after the last norm."""
        fields = fields[..., : len(self.config.fields)]
        batch, events, count = fields.shape
        x = self.embed((fields + self.offsets).reshape(-1, count)).view(batch, events, -1)
        for layer in self.recurrent:
            x = layer(x)
        out: Tensor = self.norm(x)
        return out
