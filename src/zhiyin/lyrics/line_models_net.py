"""Nets of verse as line models, alone and mixed with counts.

Conventions: as `zhiyin.lyrics.line_model`; two lines above are read, theme words as their known units. A mix adds
probabilities, each member with its share. This module does not search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhiyin.encode.verse import VerseUnits
from zhiyin.errors import InvalidInput
from zhiyin.lyrics.line_model import LinePrompt, LogProbabilities
from zhiyin.lyrics.ngram import CountedLines
from zhiyin.models.net_file import NetFile, load_net
from zhiyin.models.verse_runtime import VerseRuntime, VerseState

LINES_ABOVE = 3


class NetLines:
    """A `LineModel` over a net of verse."""

    def __init__(self, file: NetFile) -> None:
        self.runtime = VerseRuntime.of(file)
        self.name, self.version, self.card = file.name, file.digest[:16], file.card
        self.language = self.runtime.config.settings.language
        self.units = self.runtime.units
        self.reader = VerseUnits(self.language, self.units)

    @classmethod
    def load(cls, name_or_path: str) -> NetLines:
        """Return the model of a shipped net or of a file. Raises NotFound or UnreadableFile."""
        return cls(load_net(name_or_path, kind="verse"))

    def start(self, prompt: LinePrompt) -> VerseState:
        """Return one beam before a line's last unit."""
        above = [self.reader.numbers(self.reader.split(line)) for line in prompt.before[-LINES_ABOVE:]]
        return self.runtime.start(
            [line for line in above if line],
            kind=prompt.kind, length=prompt.length, theme=self.reader.theme(prompt.theme),
        )  # fmt: skip

    def log_probabilities(self, state: object) -> LogProbabilities:
        """Return (beams, units) of what comes next to the left."""
        return self.runtime.log_probabilities(_of(state))

    def step(self, state: object, beams: NDArray[np.int64], units: NDArray[np.int64]) -> VerseState:
        """Return the state of beams with a unit added on their left."""
        return self.runtime.step(_of(state), beams, units)


@dataclass(frozen=True, slots=True)
class MixedState:
    """The states of both members."""

    net: object
    counts: object


class MixedLines:
    """A net and counts over the same units: share * net + (1 - share) * counts."""

    def __init__(self, net: NetLines, counts: CountedLines, *, share: float) -> None:
        if [u.lower() for u in net.units] != [u.lower() for u in counts.units]:
            raise InvalidInput(
                f"a mix needs members with the same units, got {len(net.units)} and {len(counts.units)} that "
                "differ: count again with the units of the net"
            )
        self.net, self.counts, self.share = net, counts, share
        self.name, self.version = f"{net.name}+counts", f"{net.version}+{counts.version}"
        self.language, self.units = net.language, net.units

    def start(self, prompt: LinePrompt) -> MixedState:
        """Return one beam before a line's last unit."""
        return MixedState(self.net.start(prompt), self.counts.start(prompt))

    def log_probabilities(self, state: object) -> LogProbabilities:
        """Return (beams, units) of what comes next to the left."""
        both = _both(state)
        mixed = np.exp(self.net.log_probabilities(both.net))
        mixed *= np.float32(self.share)
        counted = self.counts.probabilities(both.counts)
        counted *= np.float32(1.0 - self.share)
        mixed += counted
        return np.log(np.maximum(mixed, np.float32(1e-30), out=mixed), out=mixed)

    def step(self, state: object, beams: NDArray[np.int64], units: NDArray[np.int64]) -> MixedState:
        """Return the state of beams with a unit added on their left."""
        both = _both(state)
        return MixedState(self.net.step(both.net, beams, units), self.counts.step(both.counts, beams, units))


def _of(state: object) -> VerseState:
    assert isinstance(state, VerseState)  # a state goes back to the model that gave it
    return state


def _both(state: object) -> MixedState:
    assert isinstance(state, MixedState)
    return state
