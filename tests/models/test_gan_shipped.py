"""Laws of the shipped gan: chords told are heard, noise alone makes other phrases, and the file is small."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.models.test_gan import asked, nothing_given
from zhiyin.models import gan_measures as measures
from zhiyin.models.checkpoint import WEIGHTS_FOLDER
from zhiyin.models.gan_inputs import draw_noise, tell
from zhiyin.models.gan_rolls import HARMONY, MELODY, SLICES, Phrases
from zhiyin.models.gan_runtime import GanWriter, hard, load_gan
from zhiyin.theory.styles import STYLES

PHRASES = 24


@pytest.fixture(scope="module")
def writer() -> GanWriter:
    return load_gan()


def hymns(root: int) -> Phrases:
    """Return empty phrases of a hymn in 3/4 that stays on one major triad."""
    phrases = asked(PHRASES)
    chord = np.zeros_like(phrases.chord)
    chord[:, :, [(root + i) % 12 for i in (0, 4, 7)]] = True
    style = np.full(PHRASES, STYLES.index("hymn"))
    plays = np.tile([True, True, True, False], (PHRASES, 1))
    return replace(phrases, chord=chord, root=np.full_like(phrases.root, root), style=style, plays=plays)


def write(writer: GanWriter, phrases: Phrases, seed: int) -> Phrases:
    told = tell(phrases, nothing_given(PHRASES))
    noise = draw_noise(writer.config, PHRASES, np.random.default_rng(seed))
    return replace(phrases, codes=(hard(writer(told, noise)) * told.write).astype(np.uint8))


@pytest.mark.parametrize("track", [MELODY, HARMONY])
def test_notes_follow_the_chord_that_is_told(writer: GanWriter, track: int) -> None:
    """C and F sharp major share no tone: what is written under one is measured against both."""
    told, other = hymns(0), hymns(6)
    ours = write(writer, told, 1)
    right = float(np.nanmean(measures.chord_tones(ours, track)))
    wrong = float(np.nanmean(measures.chord_tones(replace(ours, chord=other.chord), track)))
    assert right > wrong + 0.3


def test_every_draw_of_noise_is_another_tune(writer: GanWriter) -> None:
    codes = write(writer, hymns(0), 2).codes[:, :, SLICES[MELODY]].reshape(PHRASES, -1)
    assert len(np.unique(codes, axis=0)) >= PHRASES - 1


def test_nothing_sounds_where_no_track_plays_or_no_sixteenth_is(writer: GanWriter) -> None:
    ours = write(writer, hymns(0), 3)
    assert not ours.codes[:, :, SLICES[3]].any()
    assert not ours.codes[~ours.valid].any()
    assert ours.codes[:, :, SLICES[MELODY]].any()


def test_the_file_is_small_and_tells_where_it_comes_from() -> None:
    path = WEIGHTS_FOLDER / "gan.safetensors"
    assert path.stat().st_size < 2_500_000
    assert (WEIGHTS_FOLDER / "gan.md").read_text(encoding="utf-8").startswith("# Model card: gan\n")
