"""The fill transformer in torch: the form that trains. Shapes only; no music, no sampling.

Conventions: inputs are `zhiyin.encode.Sequence` batches; one step an event, four inner heads a step
(onset, then value, duration, extra, each given the ones before). Needs the `train` extra.
This module does not run shipped weights: see `zhiyin.models.runtime`.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from zhiyin.encode.fields import NO_LAST, REACH
from zhiyin.models.attention import causal_attention
from zhiyin.models.config import FillConfig, rotation_frequencies

# Arrays of a batch that say what lies under the next value.
UNDER = ("tonic", "chord_root", "chord_quality", "last")


class RMSNorm(nn.Module):
    """Root-mean-square normalisation with a learned gain. Source: Zhang & Sennrich, 2019."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """Return x with unit root-mean-square over the last axis, times the gain."""
        length = torch.linalg.vector_norm(x.float(), dim=-1, keepdim=True)
        return x * torch.rsqrt(length.square() / x.shape[-1] + 1e-6).to(x.dtype) * self.weight


class Block(nn.Module):
    """One pre-norm layer: rotary causal attention and a gated feed-forward."""

    def __init__(self, config: FillConfig) -> None:
        super().__init__()
        self.config = config
        self.attention_norm = RMSNorm(config.width)
        self.qkv = nn.Linear(config.width, 3 * config.width, bias=False)
        self.out = nn.Linear(config.width, config.width, bias=False)
        self.hidden_norm = RMSNorm(config.width)
        self.gate_up = nn.Linear(config.width, 2 * config.hidden, bias=False)
        self.down = nn.Linear(config.hidden, config.width, bias=False)
        if config.norm_qk:
            self.q_norm, self.k_norm = RMSNorm(config.head_width), RMSNorm(config.head_width)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Return the layer's output; x (batch, events, width), cos and sin (batch, 1, events, head / 2)."""
        batch, events, width = x.shape
        qkv = self.qkv(self.attention_norm(x)).view(
            batch, events, 3, self.config.heads, self.config.head_width
        )
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # (batch, heads, events, head) each
        if self.config.norm_qk:
            q, k = self.q_norm(q), self.k_norm(k)
        mixed = causal_attention(rotate(q, cos, sin), rotate(k, cos, sin), v)
        dropout = self.config.dropout
        joined = self.out(mixed.transpose(1, 2).reshape(batch, events, width))
        x = x + F.dropout(joined, dropout, self.training)
        gate, up = self.gate_up(self.hidden_norm(x)).chunk(2, -1)
        return x + F.dropout(self.down(F.silu(gate) * up), dropout, self.training)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Return x with its halves turned as pairs; x (batch, heads, events, head)."""
    a, b = x.chunk(2, -1)
    return torch.cat((a * cos - b * sin, a * sin + b * cos), -1)


class FillTransformer(nn.Module):
    """A causal transformer over events with an inner decoder for the fields of the next event.

    `loss` gives the summed natural-log loss of each field and the counts they are over.
    """

    offsets: Tensor
    index_freq: Tensor
    time_freq: Tensor
    pitch_class: Tensor
    chord_class: Tensor

    def __init__(self, config: FillConfig) -> None:
        super().__init__()
        self.config = config
        width, inner = config.width, config.inner
        sizes = list(config.fields.values())
        self.register_buffer(
            "offsets", torch.tensor([sum(sizes[:i]) for i in range(len(sizes))]), persistent=False
        )
        self.embed = nn.EmbeddingBag(sum(sizes), width, mode="sum")
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = RMSNorm(width)
        self.onset_head = nn.Linear(width, config.onsets)
        self.value_in = nn.Linear(width, inner)
        self.onset_embed = nn.Embedding(config.onsets, inner)
        self.quality_embed = nn.Embedding(config.qualities + 1, inner)
        self.value_head = nn.Linear(inner, config.values)
        self.degree_head = nn.Linear(inner, 12)
        self.chord_head = nn.Linear(inner, 12)
        self.chord_bias = nn.Embedding(config.qualities + 1, 12)
        if config.steps:
            self.step_head = nn.Linear(inner, 2 * REACH + 1)
        self.duration_in = nn.Linear(width, inner)
        self.value_embed = nn.Embedding(config.values, inner)
        self.duration_head = nn.Linear(inner, config.durations)
        self.extra_in = nn.Linear(width, inner)
        self.duration_embed = nn.Embedding(config.durations, inner)
        self.extra_head = nn.Linear(inner, config.extras)
        index_freq, time_freq = rotation_frequencies(config.head_width, config.clocks)
        self.register_buffer("index_freq", torch.tensor(index_freq, dtype=torch.float32), persistent=False)
        self.register_buffer("time_freq", torch.tensor(time_freq, dtype=torch.float32), persistent=False)
        pitch_class, root = value_classes(config)
        self.register_buffer("pitch_class", pitch_class, persistent=False)
        self.register_buffer("chord_class", root, persistent=False)
        self.apply(self._initialise)

    def _initialise(self, module: nn.Module) -> None:
        if isinstance(module, (nn.Linear, nn.Embedding, nn.EmbeddingBag)):
            nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)
        if isinstance(module, Block):
            for linear in (module.out, module.down):
                nn.init.normal_(linear.weight, std=0.02 / (2 * self.config.layers) ** 0.5)

    def hidden(self, fields: Tensor, time: Tensor) -> Tensor:
        """Return (batch, events, width) after the last norm; fields (batch, events, F), time (batch, events)."""
        fields = fields[..., : len(self.config.fields)]
        batch, events, count = fields.shape
        x = self.embed((fields + self.offsets).reshape(-1, count)).view(batch, events, -1)
        index = torch.arange(events, device=time.device).float()[None, :, None] * self.index_freq
        angle = torch.cat((index.expand(batch, -1, -1), time.float()[..., None] * self.time_freq), -1)
        cos, sin = angle.cos()[:, None], angle.sin()[:, None]
        if torch.is_autocast_enabled(x.device.type):
            cos, sin = cos.to(torch.bfloat16), sin.to(torch.bfloat16)
        for block in self.blocks:
            x = block(x, cos, sin)
        out: Tensor = self.norm(x)
        return out

    def value_logits(
        self, h: Tensor, onset: Tensor, *, tonic: Tensor, root: Tensor, quality: Tensor, last: Tensor
    ) -> Tensor:
        """Return (n, values) logits; h (n, width), the rest (n,)."""
        inner = F.gelu(self.value_in(h) + self.onset_embed(onset) + self.quality_embed(quality))
        logits = self.value_head(inner).float()
        degree = spread(self.degree_head(inner).float(), self.pitch_class, tonic)
        under = self.chord_head(inner).float() + self.chord_bias(quality).float()
        logits = logits + degree + spread(under, self.chord_class, root)
        if self.config.steps:
            logits = logits + step_logits(self.step_head(inner).float(), last, self.config.values)
        return torch.as_tensor(logits)

    def duration_logits(self, h: Tensor, onset: Tensor, value: Tensor) -> Tensor:
        """Return (n, durations) logits."""
        inner = F.gelu(self.duration_in(h) + self.onset_embed(onset) + self.value_embed(value))
        return torch.as_tensor(self.duration_head(inner).float())

    def extra_logits(self, h: Tensor, value: Tensor, duration: Tensor) -> Tensor:
        """Return (n, extras) logits."""
        inner = F.gelu(self.extra_in(h) + self.value_embed(value) + self.duration_embed(duration))
        return torch.as_tensor(self.extra_head(inner).float())

    def field_losses(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return (losses, event index): losses (n, 4) nats of onset, value, duration, extra (0 where undefined).

        The event index (n,) says which flattened event each row predicts after.
        """
        h = self.hidden(batch["fields"], batch["time"]).flatten(0, 1)
        target = batch["target"].flatten(0, 1)
        asked = torch.nonzero(target[:, 0] >= 0)[:, 0]
        target, h = target[asked], h[asked]
        onset_loss = F.cross_entropy(self.onset_head(h).float(), target[:, 0], reduction="none")
        has_note = target[:, 1] >= 0
        rows = torch.nonzero(has_note)[:, 0]
        onset, value, duration, extra = target[rows].unbind(1)
        tonic, root, quality, last = (batch[n].flatten()[asked][rows] for n in UNDER)
        losses = torch.zeros(len(asked), 4, device=h.device)
        losses[:, 0] = onset_loss
        values = self.value_logits(h[rows], onset, tonic=tonic, root=root, quality=quality, last=last)
        losses[rows, 1] = F.cross_entropy(values, value, reduction="none")
        losses[rows, 2] = F.cross_entropy(
            self.duration_logits(h[rows], onset, value), duration, reduction="none"
        )
        losses[rows, 3] = F.cross_entropy(
            self.extra_logits(h[rows], value, duration), extra, reduction="none"
        )
        return losses, asked

    def loss(self, batch: dict[str, Tensor], *, given_weight: float) -> tuple[Tensor, dict[str, Tensor]]:
        """Return (mean loss an event to write, sums for the log); given cells count with `given_weight`."""
        losses, asked = self.field_losses(batch)
        is_target = batch["is_target"].flatten()[asked].bool()
        weight = torch.where(is_target, 1.0, given_weight)
        total = (losses.sum(1) * weight).sum() / weight.sum().clamp(min=1.0)
        notes = (batch["target"].flatten(0, 1)[asked][:, 1] >= 0) & is_target
        sums: dict[str, Any] = {"nats": (losses.sum(1) * is_target).sum().detach(), "notes": notes.sum()}
        for index, name in enumerate(("onset", "value", "duration", "extra")):
            sums[name] = (losses[:, index] * is_target).sum().detach()
        return total, sums


def value_classes(config: FillConfig) -> tuple[Tensor, Tensor]:
    """Return per value its pitch class (chords: of the root) and its class for the chord head (12: none)."""
    pitches = torch.arange(config.pitches) % 12
    roots = torch.arange(12).repeat_interleave(config.qualities)
    none = torch.full((1,), 12)
    return torch.cat((pitches, roots, none)), torch.cat((pitches, torch.full_like(roots, 12), none))


def step_logits(logits: Tensor, last: Tensor, values: int) -> Tensor:
    """Return (n, values): the logit of each pitch's interval from the last one, 0 for chords and after no note.

    logits (n, 2 * REACH + 1) by interval -REACH..REACH, farther ones at the ends; last (n,).
    """
    pitch = torch.arange(NO_LAST, device=last.device)[None, :]
    by_pitch = logits.gather(1, (pitch - last[:, None]).clamp(-REACH, REACH) + REACH)
    return F.pad(by_pitch * (last < NO_LAST)[:, None], (0, values - NO_LAST))


def spread(logits: Tensor, classes: Tensor, base: Tensor) -> Tensor:
    """Return (n, values): the logit of (class - base) mod 12 for each value, 0 where class or base is none (12).

    logits (n, 12), classes (values,), base (n,). One product with a table of ones: a gather of (n, values) and its
    way back cost a tenth of a training step (docs/lab.md).
    """
    turn = (torch.arange(12, device=base.device)[None, :] - base[:, None]) % 12
    rolled = logits.gather(1, turn) * (base < 12)[:, None]  # (n, 12): by class, not above the base
    ones = F.one_hot(classes, 13)[:, :12].T.to(rolled.dtype)
    with torch.autocast(rolled.device.type, enabled=False):
        return rolled @ ones
