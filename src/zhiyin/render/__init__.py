"""A score made audible and visible: sound, mix, engraved pages, piano roll, bundles.

Conventions: everything is deterministic; synths stand in `SYNTHS` and are built by name.
This package does not compose and does not humanise (`zhiyin.perform`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zhiyin.errors import InvalidInput
from zhiyin.render.base import Synth
from zhiyin.render.fluid import FluidSynth, is_available
from zhiyin.render.smallbank import SmallBank
from zhiyin.render.soundfont import check_soundfont, find_soundfont

# Name -> maker; a maker takes the SoundFont to play, or None where it needs none.
SYNTHS: dict[str, Callable[[Path | None], Synth]] = {
    "fluidsynth": lambda soundfont: FluidSynth(_given(soundfont)),
    "smallbank": lambda soundfont: SmallBank(),
}
# The name others know it by; a SoundFont played by FluidSynth.
FluidSynthSynth = FluidSynth

__all__ = [
    "SYNTHS", "FluidSynth", "FluidSynthSynth", "SmallBank", "Synth", "check_soundfont", "choose_synth",
    "find_soundfont",
]  # fmt: skip


def choose_synth(soundfont: Path | None = None) -> Synth:
    """Return the best synth here: the given SoundFont, else one found on this machine, else the small bank.

    Its `name` says which. Raises InvalidInput when the given file is no SoundFont.
    """
    if soundfont is not None:
        return FluidSynth(check_soundfont(Path(soundfont)))
    found = find_soundfont() if is_available() else None
    return FluidSynth(found) if found is not None else SmallBank()


def _given(soundfont: Path | None) -> Path:
    found = soundfont or find_soundfont()
    if found is None:
        raise InvalidInput("fluidsynth needs a soundfont, got none and found none: give --soundfont FILE.sf3")
    return found
