"""New chorales from a chorale model, many at once, frame by frame.

Conventions: ids as in `chorale_recall`; a seed gives the same chorales; a rule penalty is in nats, 0 for none.
This module knows which motions are parallel fifths and octaves, and no other rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from zhiyin.models.chorale import (
    ChoraleNet,
    Frames,
    History,
    Recollection,
    fixed_order,
    input_ids,
    key_of,
    trust_bucket,
)
from zhiyin.models.chorale_recall import PITCHES, REST, VOICES, Listener, Recalled, Store
from zhiyin.units import IntArray


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to draw: order of the voices in a frame, temperature above 0, penalty of a parallel in nats."""

    order: str = "BSAT"
    temperature: float = 1.0
    penalty: float = 0.0
    seed: int = 0


def parallel_ids(before: Tensor, *, voice: int, other: int, other_now: Tensor) -> Tensor:
    """Return (..., PITCHES) True for ids of a voice that move in parallel fifths or octaves with another voice.

    before: (..., 4) the last frame; other_now: (...) where the other voice has gone. Unisons count as octaves.
    """
    ids = torch.arange(PITCHES)
    own, theirs, now = before[..., voice, None], before[..., other, None], other_now[..., None]
    sounding = (
        (own > REST) & (own < PITCHES) & (theirs > REST) & (theirs < PITCHES) & (now > REST) & (ids > REST)
    )
    gap = (own - theirs) % 12 if voice < other else (theirs - own) % 12
    gap_now = (ids - now) % 12 if voice < other else (now - ids) % 12
    same_way = torch.sign(ids - own) * torch.sign(now - theirs) > 0
    return sounding & same_way & (gap == gap_now) & ((gap == 0) | (gap == 7))


def penalise(
    log_probs: Tensor, before: Tensor, *, voice: int, known: dict[int, Tensor], penalty: float
) -> Tensor:
    """Return the log-probabilities with each parallel made unlikelier by a penalty in nats, summing to 1 again."""
    if penalty == 0 or not known:
        return log_probs
    faults = sum(
        parallel_ids(before, voice=voice, other=u, other_now=now).to(log_probs.dtype)
        for u, now in known.items()
    )
    return (log_probs - penalty * faults).log_softmax(-1)


@dataclass(slots=True)
class _Choir:
    """The chorales being written: what each has heard, and the reader's state."""

    net: ChoraleNet
    listeners: list[Listener]
    lengths: Sequence[int]
    history: History
    step: int = 0

    _state: list[tuple[Tensor, Tensor]] | None = None
    _reader: Tensor | None = None
    _recalled: list[Recalled] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._recalled = [listener.recall() for listener in self.listeners]

    def look(self) -> tuple[Tensor, Frames]:
        """Return the decoder's view of the next frame and its features, each with a first axis of chorales."""
        recalled = self._recollect()
        clock = torch.full((len(self.listeners),), self.step)
        inputs = input_ids(self.history, clock, recalled, recall=self.net.config.recall)
        x = self.net.enter_frames(inputs[:, None])
        if self.step % 2 == 0:
            self._reader, self._state = self.net.advance(x, self._state)
        assert self._reader is not None
        read = self.net.join(self._reader, x)[:, 0]
        before = self.history.last
        real = torch.ones(len(before), dtype=torch.bool)
        tonic, _ = key_of(self.history.heard)
        return read, Frames(inputs, before, before, recalled.candidates, recalled.trust, real, tonic)

    def hear(self, ids: Tensor) -> None:
        """Take in a frame (chorales, 4); a chorale at its end listens no more."""
        for listener, row, length in zip(self.listeners, ids.numpy(), self.lengths, strict=True):
            if self.step < length:
                listener.hear(row)
        self.history.hear(ids)
        self.step += 1

    def _recollect(self) -> Recollection:
        for i, listener in enumerate(self.listeners):
            if self.step < self.lengths[i]:
                self._recalled[i] = listener.recall()
        rows = self._recalled
        candidates, notes, steps, ahead = (
            torch.from_numpy(np.stack([getattr(row, name) for row in rows]))
            for name in ("next_ids", "notes", "steps", "ahead")
        )
        return Recollection(candidates, trust_bucket(notes, steps), ahead)


@torch.no_grad()
def sample_chorales(
    net: ChoraleNet, store: Store | None, lengths: Sequence[int], *, how: Sampling | None = None
) -> list[IntArray]:
    """Return one new chorale a length: (steps, 4) ids each, from nothing."""
    how = how or Sampling()
    net.eval()
    random = torch.Generator().manual_seed(how.seed)
    choir = _Choir(net, [Listener(store) for _ in lengths], lengths, History.empty(len(lengths)))
    frames = []
    for _ in range(max(lengths)):
        ids = _draw_frame(choir, how, random)
        frames.append(ids)
        choir.hear(ids)
    written = torch.stack(frames, 1).numpy()  # (chorales, steps, 4)
    return [row[:length] for row, length in zip(written, lengths, strict=True)]


def _draw_frame(choir: _Choir, how: Sampling, random: torch.Generator) -> Tensor:
    read, frames = choir.look()
    ids = torch.zeros_like(frames.before)
    known = torch.zeros(len(ids), 1, VOICES, dtype=torch.bool)
    drawn: dict[int, Tensor] = {}
    for v in fixed_order(how.order).tolist():
        voice = torch.full((len(ids), 1), v)
        said = choir.net.decode(read, frames, voice=voice, known=known, ids=ids)[:, 0]  # (chorales, PITCHES)
        said = (said / how.temperature).log_softmax(-1)
        said = penalise(said, frames.before, voice=v, known=drawn, penalty=how.penalty)
        drawn[v] = torch.multinomial(said.exp(), 1, generator=random)[:, 0]
        ids[:, v] = drawn[v]
        known[..., v] = True
    return ids
