"""A tiny untrained model and a small song, for laws that need no good music.

Conventions: the model has random weights of a fixed seed; the constraints must hold all the same.
Does not know: any law.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.test_runtime import SMALL, random_weights
from zhiyin.io import save
from zhiyin.models import save_checkpoint
from zhiyin.score import KeyMark, Notes, Part, Score
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_QUARTER as Q

TUNE = (62, 65, 69, 67, 65, 64, 62, 61, 62, 64, 65, 67, 69, 65, 62, 62)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny checkpoint whose card names one data set."""
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    save_checkpoint(path, SMALL, random_weights(SMALL), card={"train_pieces": {"nottingham": 3}, "steps": 1})
    return path


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Return a MIDI file: four bars of a tune in D minor over held basses."""
    tune = Notes.of([(i * Q, Q, pitch, 80) for i, pitch in enumerate(TUNE)])
    bass = Notes.of([(i * 4 * Q, 4 * Q, pitch, 70) for i, pitch in enumerate((38, 45, 43, 38))])
    parts = (Part("Flute", tune, "melody", 73), Part("Cello", bass, "bass", 42))
    path = tmp_path / "song.mid"
    save(Score("Small song", parts, keys=(KeyMark(0, Key.parse("Dm")),)), path)
    return path
