"""The frame model: how likely is the next frame of a piano roll, all 88 keys together.

Conventions: keys are said one after another, upwards or downwards, each told those said before it in the frame, so that
the product is an exact joint; one net serves every key, tied under transposition but for a small part that knows where
the key stands. Does not know: files, training. The facts about the past are those of `zhiyin.models.frame_past`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from zhiyin.models.frame_past import (
    CLASS_DECAYS,
    KEY_CHANNELS,
    KEYS,
    LATEST,
    LOWEST_MIDI,
    MOVING,
    NEAR_DECAYS,
    STANDING,
    VOTES,
    Past,
)

Device: TypeAlias = torch.device | str
# {how many frames ago: how many keys to each side are seen}
LAGS = {
    1: 24,
    2: 16,
    3: 12,
    4: 12,
    5: 5,
    6: 7,
    7: 5,
    8: 12,
    12: 7,
    16: 7,
    24: 3,
    32: 3,
    48: 2,
    64: 2,
    96: 1,
    128: 1,
}
PAD = 24
HISTORY = max(LAGS)
NEAR_REACH = 8
SAID_REACH = 24
STEPS_COUNTED = 5
PAST_WIDTH = (
    sum(2 * reach + 1 for reach in LAGS.values())
    + len(NEAR_DECAYS) * (2 * NEAR_REACH + 1)
    + 12 * len(CLASS_DECAYS)
    + KEY_CHANNELS
    + 2 * VOTES
)
COUNTERS = 6 + 2 * len(LATEST)
SAID_WIDTH = SAID_REACH + COUNTERS * STEPS_COUNTED
CORPORA = 4
DIRECTIONS = 2  # upwards, downwards


@dataclass(frozen=True, slots=True)
class FramesConfig:
    """Sizes: width of a key, hidden width and number of its blocks, width of the reader that goes along in time."""

    width: int = 192
    hidden: int = 384
    blocks: int = 2
    reader: int = 192
    reader_layers: int = 1
    dropout: float = 0.15
    reader_dropout: float = 0.3
    vote_dropout: float = 0.1


class Library:
    """Pieces and what their pasts say, laid end to end as tensors on one device.

    rolls: (rows, 88 + 2 PAD) with HISTORY silent rows before each piece; the rest: (frames, ...).
    """

    def __init__(
        self, rolls: list[NDArray[np.uint8]], pasts: list[Past], corpus: list[int], *, device: Device = "cpu"
    ) -> None:
        lengths = [len(roll) for roll in rolls]
        self.lengths, self.corpus = lengths, torch.tensor(corpus, device=device)
        self.starts = [int(one) for one in np.concatenate([[0], np.cumsum(lengths)[:-1]])]
        padded = [np.pad(roll, ((HISTORY, 0), (PAD, PAD))) for roll in rolls]
        self.rolls = torch.from_numpy(np.concatenate(padded)).to(device)
        self.rolls_as_bytes = self.rolls * 255
        self.key = _joined([past.key for past in pasts], device)
        self.votes = _joined([past.votes for past in pasts], device)
        near = [np.pad(past.near, ((0, 0), (NEAR_REACH, NEAR_REACH), (0, 0))) for past in pasts]
        self.near = _joined(near, device).permute(2, 0, 1).contiguous()  # (decays, frames, keys)
        classes = [np.tile(past.classes, (1, 2, 1)) for past in pasts]
        self.classes = _joined(classes, device).permute(2, 0, 1).contiguous()  # (decays, frames, 24)
        self.moving = _joined([past.moving for past in pasts], device)
        self.standing = _joined([past.standing for past in pasts], device)

    def rows(self, pieces: Tensor, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Return the rows of frames in the tables and in the padded rolls; frames past the end give the last one."""
        starts = torch.tensor(self.starts, device=pieces.device)[pieces]
        ends = torch.tensor(self.lengths, device=pieces.device)[pieces] - 1
        row = starts + torch.minimum(frames, ends)
        return row, row + HISTORY * (pieces + 1)


def _joined(arrays: list[NDArray[np.uint8]], device: Device) -> Tensor:
    return torch.from_numpy(np.concatenate(arrays)).to(device)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which keys of which frames are asked for.

    row, padded_row: (frames,) places of the frames in a library; frame: (n,) which of them; key: (n,);
    direction: 0 upwards, 1 downwards.
    """

    row: Tensor
    padded_row: Tensor
    frame: Tensor
    key: Tensor
    direction: int


def windows(table: Tensor, row: Tensor, first: Tensor, *, size: int) -> Tensor:
    """Return (n, size) pieces of the rows of a table (rows, columns), from the column `first` on."""
    flat = table.reshape(-1)
    return flat.unfold(0, size, 1)[row * table.shape[1] + first]


def past_features(library: Library, asked: Asked, *, kept: Tensor | None = None) -> Tensor:
    """Return (n, PAST_WIDTH) what is known before the frame about each key, in half precision.

    kept: (frames, VOTES) 0 where a voter is left out of a frame.
    """
    row, padded = asked.row[asked.frame], asked.padded_row[asked.frame]
    rolls = library.rolls_as_bytes
    parts = [
        windows(rolls, padded - lag, asked.key + PAD - reach, size=2 * reach + 1)
        for lag, reach in LAGS.items()
    ]
    parts += [windows(one, row, asked.key, size=2 * NEAR_REACH + 1) for one in library.near]
    pitch_class = (asked.key + LOWEST_MIDI) % 12
    parts += [windows(one, row, pitch_class, size=12) for one in library.classes]
    parts += [library.key[row, asked.key]]
    votes = library.votes[row, asked.key].float()
    voted = torch.cat([_logits(votes), votes / 255], 1)
    if kept is not None:
        voted = voted * kept.repeat(1, 2)[asked.frame]
    return torch.cat([torch.cat(parts, 1).bfloat16().mul_(1 / 255), voted.bfloat16()], 1)


def _logits(votes: Tensor) -> Tensor:
    share = (votes + 4) / 263
    return torch.log(share / (1 - share)) / 4


def said_features(library: Library, asked: Asked, frames: Tensor) -> Tensor:
    """Return (n, SAID_WIDTH) what the keys said before in the frame tell each key.

    frames: (frames, 88) the frames themselves; only keys already said are looked at.
    """
    turned = frames.flip(1) if asked.direction else frames
    place = KEYS - 1 - asked.key if asked.direction else asked.key
    behind = torch.nn.functional.pad(turned, (SAID_REACH, 0))
    near = windows(behind, asked.frame, place, size=SAID_REACH)
    counts = _counters(library, asked, turned)[asked.frame, place]
    steps = torch.arange(1, STEPS_COUNTED + 1, device=counts.device)
    return torch.cat([near.bool(), (counts[..., None] >= steps).flatten(1)], 1).bfloat16()


def _counters(library: Library, asked: Asked, turned: Tensor) -> Tensor:
    """Return (frames, 88, COUNTERS): how many keys so far are on, new, off, held, unlike each recalled frame;
    how many of the frame before and of each recalled one are left; and whether the key itself sounded before."""
    last = library.rolls[asked.padded_row - 1][:, PAD : PAD + KEYS]
    recalled = [library.votes[asked.row][:, :, i] // 255 for i in range(len(LATEST))]
    last, *recalled = (one.flip(1) if asked.direction else one for one in (last, *recalled))
    now = turned
    so_far = [now, now & (1 - last), (1 - now) & last, now & last, *(now ^ one for one in recalled)]
    sums = [one.cumsum(1, dtype=torch.int8) - one.char() for one in so_far]
    left = [one.flip(1).cumsum(1, dtype=torch.int8).flip(1) for one in (last, *recalled)]
    return torch.stack([*sums, *left, last.char()], 2)


class Block(nn.Module):
    """Two layers around which the input is carried on."""

    def __init__(self, width: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.rise = nn.Linear(width, hidden)
        self.fall = nn.Linear(hidden, width)
        self.dropout = nn.Dropout(dropout)
        nn.init.zeros_(self.fall.weight)

    def forward(self, x: Tensor, frame: Tensor) -> Tensor:
        """Return x and what the block adds, (n, width); what is dropped is dropped for a whole frame: frame (n,)."""
        risen = torch.nn.functional.gelu(self.rise(self.norm(x)))
        if self.training and self.dropout.p > 0:
            count = int(frame[-1]) + 1 if len(frame) else 0
            risen = risen * self.dropout(risen.new_ones(count, risen.shape[1]))[frame]
        found: Tensor = x + self.fall(risen)
        return found


class FramesNet(nn.Module):
    """One net for every key of every frame."""

    def __init__(self, config: FramesConfig) -> None:
        super().__init__()
        self.config = config
        width, reader = config.width, config.reader
        self.moving = nn.Linear(MOVING, reader)
        self.standing = nn.Linear(STANDING, reader, bias=False)
        self.corpus = nn.Embedding(CORPORA, reader)
        self.reader = nn.LSTM(reader, reader, config.reader_layers, batch_first=True)
        self.told = nn.Linear(2 * reader, width)
        self.past = nn.Linear(PAST_WIDTH, width, bias=False)
        self.said = nn.ModuleList(nn.Linear(SAID_WIDTH, width, bias=False) for _ in range(DIRECTIONS))
        self.place = nn.Embedding(CORPORA * KEYS, width)
        self.blocks = nn.ModuleList(Block(width, config.hidden, config.dropout) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, 1)
        self.usual = nn.Parameter(torch.zeros(CORPORA, KEYS))
        self.reader_dropout = nn.Dropout(config.reader_dropout)
        nn.init.normal_(self.place.weight, std=0.02)
        nn.init.zeros_(self.out.weight)
        nn.init.constant_(self.out.bias, -2.0)

    def read(self, library: Library, row: Tensor, corpus: Tensor) -> Tensor:
        """Return (pieces, frames, width) what the whole past tells every key; row: (pieces, frames) successive."""
        moving, standing = library.moving[row].float() / 255, library.standing[row].float() / 255
        seen = self.moving(moving) + self.standing(standing) + self.corpus(corpus)[:, None]
        seen = self.reader_dropout(torch.nn.functional.gelu(seen))
        found, _ = self.reader(seen)
        told: Tensor = self.told(self.reader_dropout(torch.cat([found, seen], 2)))
        return told

    def hear(self, library: Library, asked: Asked) -> Tensor:
        """Return (n, width) what the past around each key tells it: the part that no direction changes."""
        kept = None
        if self.training and self.config.vote_dropout > 0:
            # None is to be trusted blindly.
            chances = torch.rand(len(asked.row), VOTES, device=asked.row.device)
            kept = (chances >= self.config.vote_dropout).float()
        heard: Tensor = self.past(past_features(library, asked, kept=kept).to(self.precision))
        return heard

    @property
    def precision(self) -> torch.dtype:
        """Return what half-precision facts are turned to: nothing under autocast, float32 else."""
        return torch.bfloat16 if torch.is_autocast_enabled(self.usual.device.type) else self.usual.dtype

    def logits(
        self,
        library: Library,
        asked: Asked,
        told: Tensor,
        *,
        frames: Tensor,
        corpus: Tensor,
        heard: Tensor | None = None,
    ) -> Tensor:
        """Return (n,) log-odds that each key asked for sounds.

        told: (frames, width) of `read`; frames: (frames, 88); corpus: (frames,); heard: (n, width) where it is known.
        """
        heard = self.hear(library, asked) if heard is None else heard
        said = said_features(library, asked, frames).to(self.precision)
        place = corpus[asked.frame] * KEYS + asked.key
        around = torch.cat([told, self.place.weight]).to(heard.dtype)
        x = heard + self.said[asked.direction](said) + around[asked.frame] + around[len(told) + place]
        for block in self.blocks:
            x = block(x, asked.frame)
        found: Tensor = self.out(self.norm(x))[:, 0].float() + self.usual.flatten()[place]
        return found


def parameter_count(net: nn.Module) -> int:
    """Return how many numbers a net holds."""
    return sum(one.numel() for one in net.parameters())


def whole_frames(row: Tensor, padded_row: Tensor, direction: int) -> Asked:
    """Return every key of the frames asked for."""
    count, device = len(row), row.device
    frame = torch.arange(count, device=device).repeat_interleave(KEYS)
    key = torch.arange(KEYS, device=device).repeat(count)
    return Asked(row, padded_row, frame, key, direction)


@torch.no_grad()
def frame_log_probs(net: FramesNet, library: Library, piece: int, *, chunk: int = 128) -> Tensor:
    """Return (directions, frames) log-probability of each frame of a piece given those before it."""
    frames_of = torch.arange(library.lengths[piece], device=library.rolls.device)
    row, padded = library.rows(torch.full_like(frames_of, piece), frames_of)
    corpus = library.corpus[piece : piece + 1]
    told = net.read(library, row[None], corpus)[0]
    found = []
    for part in torch.split(frames_of, chunk):
        now = library.rolls[padded[part]][:, PAD : PAD + KEYS]
        heard = net.hear(library, whole_frames(row[part], padded[part], 0))
        said = []
        for direction in range(DIRECTIONS):
            asked = whole_frames(row[part], padded[part], direction)
            each = corpus.expand(len(part))
            logits = net.logits(library, asked, told[part], frames=now, corpus=each, heard=heard)
            signed = torch.where(now.flatten().bool(), logits, -logits)
            said.append(torch.nn.functional.logsigmoid(signed).view(-1, KEYS).double().sum(1))
        found.append(torch.stack(said))
    return torch.cat(found, 1)
