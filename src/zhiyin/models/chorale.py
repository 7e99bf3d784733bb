"""A chorale model: a recurrent reader of whole frames and a small decoder of the four voices inside a frame.

Conventions: ids as in `chorale_recall` (0 a rest); probabilities are exact and of natural logarithm; any voice order.
This module knows ids, not music; nothing of a frame or of a later one reaches what is said before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from zhiyin.models.chorale_recall import AHEAD, NOTHING, PITCHES, REST, SOURCES, VOICES

State = list[tuple[Tensor, Tensor]]
START = PITCHES  # the id that stands before the first step
UNKNOWN = PITCHES + 1
_PITCH_IDS = PITCHES + 2
_MOVE = 13  # moves are cut at an octave; _MOVE itself says that there is none
_MOVES = 2 * _MOVE + 1
_HELD = 24
NO_KEY = -1
_MOTION_SCALE = 5.0  # this table learns so much faster than the rest
_FADE = 0.995  # of what was heard, a sixteenth: half is left after nine bars
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_LSTM_WEIGHTS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
_SPAN = 46  # no two pitches are further apart
ORIGINS = 2  # collections that training mixes: the chorales measured on, and others
_GAPS = 2 * _SPAN + 2
_STEP = 17  # wider steps of a voice share a number
NOTE_BUCKETS = 10
STEP_BUCKETS = 8
SOURCE_COUNT = len(SOURCES)


@dataclass(frozen=True, slots=True)
class ChoraleConfig:
    """Sizes, and shares of what is missing while training.

    dropout: features of a whole piece; input_dropout, frame_dropout: inputs of a whole piece, and of one frame;
    weight_dropout: recurrent weights. recall: whether matches are used at all.
    """

    width: int = 320
    layers: int = 2
    embedding: int = 16
    decoder: int = 256
    dropout: float = 0.3
    input_dropout: float = 0.1
    frame_dropout: float = 0.0
    weight_dropout: float = 0.0
    recall: bool = True


@dataclass(frozen=True, slots=True)
class Frames:
    """A batch of chorales as the model reads them; see `frame_features`.

    inputs: (batch, steps, features) ids into one table; targets, before: (batch, steps, 4) ids of this step and the
    last; tonic: (batch, steps) class of the tonic heard so far or NO_KEY; candidates: (batch, steps, sources, 4) ids
    or NOTHING; trust: (batch, steps, sources) match buckets; is_real: (batch, steps) False where padded.
    """

    inputs: Tensor
    targets: Tensor
    before: Tensor
    candidates: Tensor
    trust: Tensor
    is_real: Tensor
    tonic: Tensor

    def pick(self, chosen: Tensor) -> Frames:
        """Return the chosen frames (batch, steps) in one row."""
        return Frames(*(getattr(self, one.name)[chosen] for one in fields(self)))


def _sounds(ids: Tensor) -> Tensor:
    """Return whether ids are pitches: neither rests nor marks."""
    return (ids > REST) & (ids < PITCHES)


def _move(to: Tensor, come_from: Tensor) -> Tensor:
    """Return to less come_from cut at an octave, as 0.._MOVES - 1; the last where either does not sound."""
    return torch.where(
        _sounds(to) & _sounds(come_from), (to - come_from).clamp(1 - _MOVE, _MOVE - 1) + _MOVE - 1, _MOVES - 1
    )


@dataclass(slots=True)
class History:
    """How long each voice has stood and where it stood before, (batch, 4) each, and the pitch classes heard."""

    last: Tensor
    older: Tensor
    age: Tensor
    heard: Tensor  # (batch, 12) how much of each pitch class, fading

    @staticmethod
    def empty(batch: int) -> History:
        """Return what is known before the first step."""
        start = torch.full((batch, VOICES), START)
        return History(start, start, torch.zeros(batch, VOICES, dtype=torch.long), torch.zeros(batch, 12))

    def hear(self, ids: Tensor) -> None:
        """Take in a frame (batch, 4)."""
        changed = ids != self.last
        self.older = torch.where(changed, self.last, self.older)
        self.age = torch.where(changed, 1, (self.age + 1).clamp(max=_HELD - 1))
        self.last = ids
        self.heard = (_FADE * self.heard).scatter_add(1, ids % 12, _sounds(ids).float())


def _histories(targets: Tensor) -> History:
    """Return what was heard before each step: (batch, steps, ...)."""
    history = History.empty(len(targets))
    rows = []
    for t in range(targets.shape[1]):
        rows.append((history.last, history.older, history.age, history.heard))
        history.hear(targets[:, t])
    return History(*(torch.stack(column, 1) for column in zip(*rows, strict=True)))


def key_of(heard: Tensor) -> tuple[Tensor, Tensor]:
    """Return the tonic's class, of the relative major where it is minor, NO_KEY for silence; and whether it is minor.

    heard: (..., 12). The best of 24 profiles (Krumhansl & Kessler, 1982).
    """
    profiles = torch.tensor([_MAJOR, _MINOR])
    profiles = profiles - profiles.mean(1, keepdim=True)
    profiles = profiles / profiles.norm(dim=1, keepdim=True)
    turned = torch.stack([profiles.roll(k, 1) for k in range(12)], 1)  # (2, 12, 12)
    best = (heard @ turned.flatten(0, 1).T).argmax(-1)
    is_minor = best >= 12
    tonic = torch.where(is_minor, best % 12 + 3, best) % 12
    return torch.where(heard.sum(-1) > 0, tonic, NO_KEY), is_minor


def degrees(ids: Tensor, tonic: Tensor) -> Tensor:
    """Return semitones above the tonic, 0..11, of ids; 12 where none sounds or no key is known."""
    return torch.where(_sounds(ids) & (tonic != NO_KEY), (ids - tonic) % 12, 12)


def trust_bucket(notes: Tensor, steps: Tensor) -> Tensor:
    """Return 0 for no match, else a bucket of its length in notes and steps: below NOTE_BUCKETS * STEP_BUCKETS."""
    edges = torch.tensor([2, 3, 4, 5, 6, 8, 11, 16, 24])
    note = torch.bucketize(notes, edges, right=True)
    step = torch.bucketize(steps, torch.tensor([2, 4, 8, 12, 16, 24, 32]), right=True)
    return torch.where(steps > 0, note * STEP_BUCKETS + step, 0)


# Sizes of the tables of `frame_features`, in order.
_CLOCKS = (4, 16, 12, 48)
_PAIRS = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
_BASE_SIZES = (
    *(_PITCH_IDS,) * 4, *(_HELD,) * 4, *(_MOVES,) * 4, *(12 * 2 + 2,) * 6, *_CLOCKS,
)  # fmt: skip
_KEY_SIZES = (*(13,) * 8, 2)
_RECALL_SIZES = (*(_MOVES,) * 4, NOTE_BUCKETS * STEP_BUCKETS, *(_MOVES,) * len(AHEAD))


def table_sizes(config: ChoraleConfig) -> tuple[int, ...]:
    """Return the number of rows of each input table."""
    return _BASE_SIZES + (_RECALL_SIZES * SOURCE_COUNT if config.recall else ()) + _KEY_SIZES


@dataclass(frozen=True, slots=True)
class Recollection:
    """What was recalled before each step.

    candidates: (..., sources, 4) ids; trust: (..., sources) buckets; ahead: (..., sources, len(AHEAD)) semitones.
    """

    candidates: Tensor
    trust: Tensor
    ahead: Tensor


def frame_features(
    targets: Tensor, recalled: Recollection, is_real: Tensor, *, recall: bool = True
) -> Frames:
    """Return a batch as the model reads it; row t of the inputs is made of steps before t only.

    targets: (batch, steps, 4) ids; is_real: (batch, steps); recall: whether the model reads what is recalled.
    """
    batch, steps, _ = targets.shape
    history = _histories(targets)
    clock = torch.arange(steps).expand(batch, steps)
    inputs = input_ids(history, clock, recalled, recall=recall)
    tonic, _ = key_of(history.heard)
    return Frames(inputs, targets, history.last, recalled.candidates, recalled.trust, is_real, tonic)


def input_ids(history: History, clock: Tensor, recalled: Recollection, *, recall: bool = True) -> Tensor:
    """Return (..., features) rows of the input tables.

    history: (..., 4) each; clock: (...) the step's number.
    """
    before = history.last
    columns = [before, history.age, _move(before, history.older)]
    columns += [_interval(before[..., one], before[..., two])[..., None] for one, two in _PAIRS]
    ticks = (clock % 4, clock % 16, clock % 12, (clock // 16).clamp(max=_CLOCKS[3] - 1))
    columns += [tick[..., None] for tick in ticks]
    for k in range(SOURCE_COUNT if recall else 0):
        ahead = recalled.ahead[..., k, :]
        cut = ahead.clamp(1 - _MOVE, _MOVE - 1) + _MOVE - 1
        columns += [_move(recalled.candidates[..., k, :], before), recalled.trust[..., k, None]]
        columns.append(torch.where(ahead.abs() > 60, _MOVES - 1, cut))
    tonic, is_minor = key_of(history.heard)
    columns += [
        degrees(before, tonic[..., None]),
        degrees(history.older, tonic[..., None]),
        is_minor[..., None].long(),
    ]
    return torch.cat(columns, -1)


def _interval(upper: Tensor, lower: Tensor) -> Tensor:
    """Return 0 for a crossing, 1..13 up to an octave, then folded into one more octave; 25 where one is silent."""
    gap = upper - lower
    folded = torch.where(gap < 0, 0, torch.where(gap > 12, 13 + gap % 12, gap + 1))
    return torch.where(_sounds(upper) & _sounds(lower), folded, 25)


class SharedDropout(nn.Module):
    """Drops the same features at every step of a chorale (Gal & Ghahramani, 2016)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """Return x (batch, steps, width) with whole features dropped while training."""
        if not self.training or self.rate == 0:
            return x
        keep = (
            torch.rand(x.shape[0], 1, x.shape[-1]) >= self.rate
            if x.ndim == 3
            else torch.rand(x.shape) >= self.rate
        )
        return x * keep / (1 - self.rate)


class ChoraleNet(nn.Module):
    """Says how likely each voice's next id is, given all earlier frames and any other voices of the same frame.

    The reader moves once in two frames; what happened in between reaches the decoder by the frame's own features.
    """

    def __init__(self, config: ChoraleConfig) -> None:
        super().__init__()
        self.config = config
        sizes = table_sizes(config)
        self.offsets: Tensor
        self.register_buffer("offsets", torch.tensor([0, *sizes]).cumsum(0)[:-1], persistent=False)
        self.table = nn.Embedding(sum(sizes), config.embedding)
        nn.init.normal_(self.table.weight, std=0.3)
        self.enter = nn.Linear(len(sizes) * config.embedding, config.width)
        self.layers = nn.ModuleList(
            nn.LSTM(config.width, config.width, batch_first=True) for _ in range(config.layers)
        )
        self.origin = nn.Embedding(ORIGINS, config.width)
        nn.init.zeros_(self.origin.weight)
        self.shared = SharedDropout(config.dropout)
        self.norm = nn.LayerNorm(config.width)
        self._build_decoder(config)

    def _build_decoder(self, config: ChoraleConfig) -> None:
        wide, inner = config.decoder, config.embedding
        self.from_reader = nn.Linear(2 * config.width, wide)
        self.voice = nn.Embedding(VOICES, wide)
        self.known_pitch = nn.Embedding(VOICES * _PITCH_IDS, inner)
        self.known_move = nn.Embedding(VOICES * (_MOVES + 1), inner)
        self.known_gap = nn.Embedding(VOICES * VOICES * _GAPS, inner)
        self.known_agree = nn.Embedding(2**SOURCE_COUNT + 1, inner)
        self.known_degree = nn.Embedding(VOICES * 14, inner)
        self.from_known = nn.Linear(VOICES * 5 * inner, wide, bias=False)
        self.hidden = nn.Linear(wide, wide)
        self.norm_z = nn.LayerNorm(wide)
        self.drop = SharedDropout(config.dropout)
        self.absolute = nn.Linear(wide, PITCHES)
        self.stepwise = nn.Linear(wide, 2 * _STEP + 1)
        self.classes = nn.Linear(wide, VOICES * 12)
        self.degree = nn.Linear(wide, 12)
        self.voice_absolute = nn.Parameter(torch.zeros(VOICES, PITCHES))
        self.voice_gap = nn.Parameter(torch.zeros(VOICES * VOICES, 2 * _SPAN + 1))
        self.motion = nn.Parameter(motion_prior())
        self.point = nn.Linear(wide, SOURCE_COUNT)
        self.point_trust = nn.Parameter(torch.zeros(VOICES, SOURCE_COUNT, NOTE_BUCKETS * STEP_BUCKETS))

    def enter_frames(self, inputs: Tensor, origin: Tensor | int = 0) -> Tensor:
        """Return (batch, steps, width): each frame's own features; origin: (batch,) which collection a piece is of."""
        embedded = self.table(inputs + self.offsets)  # (batch, steps, features, embedding)
        rate = self.config.input_dropout
        if self.training:
            kept = torch.rand(embedded.shape[0], 1, embedded.shape[2], 1) >= rate
            kept = kept & (torch.rand(*embedded.shape[:3], 1) >= self.config.frame_dropout)
            embedded = embedded * kept / ((1 - rate) * (1 - self.config.frame_dropout))
        where = torch.as_tensor(origin).reshape(-1, 1)
        entered: Tensor = self.enter(embedded.flatten(2)) + self.origin(where)
        return entered

    def advance(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Return (batch, pairs, width), the reader after each even frame's features, and its state after the last."""
        after = []
        for i, layer in enumerate(self.layers):
            y, kept = self._recur(layer, self.shared(x), None if state is None else state[i])
            after.append(kept)
            x = x + y
        return self.norm(x), after

    def _recur(
        self, layer: nn.Module, x: Tensor, state: tuple[Tensor, Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Run one layer; while training, some of its recurrent weights are missing (Merity et al., 2018)."""
        rate = self.config.weight_dropout
        if not (self.training and rate):
            out: tuple[Tensor, tuple[Tensor, Tensor]] = layer(x, state)
            return out
        assert isinstance(layer, nn.LSTM)
        into, recurrent, *biases = (getattr(layer, name) for name in _LSTM_WEIGHTS)
        weights = [into, F.dropout(recurrent, rate), *biases]
        empty = x.new_zeros(1, len(x), self.config.width)
        start = (empty, empty) if state is None else state
        y, h, c = torch.lstm(x, start, weights, True, 1, 0.0, True, False, True)
        return y, (h, c)

    def read(self, inputs: Tensor, origin: Tensor | int = 0) -> Tensor:
        """Return (batch, steps, decoder), all that is known before each step."""
        x = self.enter_frames(inputs, origin)
        pairs, _ = self.advance(x[:, ::2])
        spread = pairs.repeat_interleave(2, 1)[:, : x.shape[1]]
        return self.join(spread, x)

    def join(self, reader: Tensor, x: Tensor) -> Tensor:
        """Return the decoder's view of the reader and of a frame's own features."""
        joined: Tensor = self.from_reader(torch.cat([self.shared(reader), self.shared(x)], -1))
        return joined

    def decode(self, read: Tensor, frames: Frames, *, voice: Tensor, known: Tensor, ids: Tensor) -> Tensor:
        """Return (..., voices, PITCHES) log-probabilities of some voices of each frame.

        read: (..., decoder); voice: (..., voices) which; known: (..., voices, 4) which of `ids` (..., 4) each may see.
        """
        before = frames.before[..., None, :]
        seen = torch.where(known, ids[..., None, :], UNKNOWN)  # (..., voices, 4)
        own = frames.before.gather(-1, voice)[..., None]  # (..., voices, 1)
        z = read[..., None, :] + self._told(
            frames, voice=voice, known=known, seen=seen, before=before, own=own
        )
        z = F.gelu(z + self.voice(voice))
        z = self.norm_z(z + F.gelu(self.hidden(self.drop(z))))
        z_out = self.drop(z)
        logits = self._by_degree(z_out, frames.tonic) + self._logits(
            z_out, voice=voice, known=known, seen=seen, own=own, before=frames.before
        )
        if self.config.recall:
            logits = logits + self._pointed(z, frames, voice)
        return logits.float().log_softmax(-1)

    def _told(
        self, frames: Frames, *, voice: Tensor, known: Tensor, seen: Tensor, before: Tensor, own: Tensor
    ) -> Tensor:
        numbers = torch.arange(VOICES)
        moves = torch.where(known, _move(seen, before), _MOVES)
        gap = torch.where(_sounds(seen) & _sounds(own), (own - seen).clamp(-_SPAN, _SPAN) + _SPAN, _GAPS - 1)
        agree = (frames.candidates[..., None, :, :] == seen[..., None, :]).long()  # (..., voices, sources, 4)
        bits = (agree << torch.arange(SOURCE_COUNT)[:, None]).sum(-2)
        degree = degrees(seen, frames.tonic[..., None, None])
        parts = [
            self.known_pitch(seen + numbers * _PITCH_IDS),
            self.known_move(moves + numbers * (_MOVES + 1)),
            self.known_gap(gap + (numbers + VOICES * voice[..., None]) * _GAPS),
            self.known_agree(torch.where(known, bits, 2**SOURCE_COUNT)),
            self.known_degree(torch.where(known, degree, 13) + numbers * 14),
        ]
        told: Tensor = self.from_known(torch.cat(parts, -1).flatten(-2))
        return told

    def _logits(
        self, z: Tensor, *, voice: Tensor, known: Tensor, seen: Tensor, own: Tensor, before: Tensor
    ) -> Tensor:
        pitches = torch.arange(PITCHES)
        is_pitch = pitches != REST
        logits: Tensor = self.absolute(z) + self.voice_absolute[voice]
        stepwise = self.stepwise(z)
        step = (pitches - own).clamp(-_STEP, _STEP) + _STEP  # (..., voices, PITCHES)
        stays_silent = (own == REST) & ~is_pitch
        uses_step = (_sounds(own) & is_pitch) | stays_silent
        logits = logits + torch.where(uses_step, stepwise.gather(-1, step), 0.0)
        classes = self.classes(z).unflatten(-1, (VOICES, 12))
        for u in range(VOICES):
            other = seen[..., u, None]
            use = known[..., u, None] & _sounds(other) & is_pitch
            gap = (pitches - other).clamp(-_SPAN, _SPAN)
            fixed = self.voice_gap[voice * VOICES + u].gather(-1, gap + _SPAN)
            logits = logits + torch.where(use, fixed + classes[..., u, :].gather(-1, gap % 12), 0.0)
            logits = logits + self._moving(
                voice, u, use=use & _sounds(own), own=own, seen=other, before=before[..., u]
            )
        return logits

    def _moving(
        self, voice: Tensor, other: int, *, use: Tensor, own: Tensor, seen: Tensor, before: Tensor
    ) -> Tensor:
        """Return (..., voices, PITCHES) what speaks for each id as a motion against a voice that has moved already."""
        pitches = torch.arange(PITCHES)
        was = before[..., None, None]
        turn = torch.sign(pitches - own) * torch.sign(seen - was) + 1  # 0 contrary, 1 oblique, 2 the same way
        interval = (pitches - seen) % 12
        keeps = interval == (own - was) % 12
        crosses = torch.where(voice[..., None] > other, pitches > seen, pitches < seen)
        index = ((turn * 12 + interval) * 2 + keeps) * 2 + crosses
        spoken = _MOTION_SCALE * self.motion[voice * VOICES + other].gather(-1, index)
        return torch.where(use & _sounds(was), spoken, 0.0)

    def _by_degree(self, z: Tensor, tonic: Tensor) -> Tensor:
        pitches = torch.arange(PITCHES)
        above = (pitches - tonic[..., None, None]) % 12
        spoken = self.degree(z).gather(-1, above.expand(*z.shape[:-1], PITCHES))
        use = (tonic != NO_KEY)[..., None, None] & (pitches != REST)
        return torch.where(use, spoken, 0.0)

    def _pointed(self, z: Tensor, frames: Frames, voice: Tensor) -> Tensor:
        where = voice[..., None, :].expand(*voice.shape[:-1], SOURCE_COUNT, voice.shape[-1])
        candidate = frames.candidates.gather(-1, where).transpose(-1, -2)  # (..., voices, sources)
        trust = self.point_trust[voice[..., None], torch.arange(SOURCE_COUNT), frames.trust[..., None, :]]
        weight = self.point(z) + trust  # (..., voices, sources)
        pointed: Tensor = (weight[..., None] * (candidate[..., None] == torch.arange(PITCHES))).sum(-2)
        return pointed

    def log_probs(self, read: Tensor, frames: Frames, order: Tensor) -> Tensor:
        """Return (..., 4) log-probability of each voice, each given those before it in its frame's order.

        read: (..., decoder); order: (..., 4) or (4,), a permutation of the voices.
        """
        rank = order.expand(*frames.targets.shape).argsort(-1)
        voice = torch.arange(VOICES).expand(*frames.targets.shape)
        known = rank[..., None, :] < rank[..., :, None]  # (..., voices, 4)
        said = self.decode(read, frames, voice=voice, known=known, ids=frames.targets)
        found: Tensor = said.gather(-1, frames.targets[..., None])[..., 0]
        return found


def motion_prior() -> Tensor:
    """Return (16, 144) where learning starts: parallel fifths and octaves and crossings are rare, all else even."""
    table = torch.zeros(VOICES, VOICES, 3, 12, 2, 2)  # voice, other, turn, interval, keeps it, crosses
    table[..., 1] -= 1.0
    flat = table.reshape(VOICES * VOICES, -1) / _MOTION_SCALE
    discourage_parallels(flat, 2.5)
    return flat


def discourage_parallels(motion: Tensor, nats: float) -> None:
    """Make parallel fifths and octaves less likely by some nats, in place, in a table of motions (16, 144)."""
    table = motion.view(VOICES, VOICES, 3, 12, 2, 2)
    for voice in range(VOICES):
        for other in range(VOICES):
            for interval in (0, 7 if voice < other else 5):
                table[voice, other, 2, interval, 1] -= nats / _MOTION_SCALE


def parameter_count(net: nn.Module) -> int:
    """Return the number of trained numbers."""
    return sum(p.numel() for p in net.parameters())


def fixed_order(letters: str | Sequence[int]) -> Tensor:
    """Return an order such as "SATB" as voice numbers.

    >>> fixed_order("BSTA").tolist()
    [3, 0, 2, 1]
    """
    return torch.tensor(["SATB".index(x) if isinstance(x, str) else x for x in letters])


__all__ = [
    "NOTHING", "ChoraleConfig", "ChoraleNet", "Frames", "History", "Recollection", "fixed_order", "frame_features",
    "input_ids", "parameter_count",
    "table_sizes", "trust_bucket",
]  # fmt: skip
