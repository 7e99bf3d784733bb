"""Laws of keys heard in pitch classes, on weights laid down by hand."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.listen.sound_key import key_of_profile

# Seconds that each degree of the scale sounds in a plain tune: tonic and fifth most.
MAJOR = np.array([5, 0, 2, 0, 3, 2, 0, 4, 0, 2, 0, 1.0])
MINOR = np.array([5, 0, 2, 3, 0, 2, 0, 4, 1, 0, 1, 0.5])


@pytest.mark.parametrize(
    ("tonic", "name"), [(0, "C major"), (7, "G major"), (10, "Bb major"), (4, "E major")]
)
def test_a_major_scale_on_any_tonic_is_that_key(tonic: int, name: str) -> None:
    found = key_of_profile(np.roll(MAJOR, tonic)).key
    assert found is not None and found.name.replace("♭", "b") == name


def test_a_minor_scale_is_minor_and_says_so_in_its_majorness() -> None:
    found = key_of_profile(np.roll(MINOR, 9))
    assert found.key is not None and found.key.name == "A minor"
    assert found.majorness < 0 < key_of_profile(MAJOR).majorness


def test_transposing_moves_the_tonic_and_nothing_else() -> None:
    here, there = key_of_profile(MAJOR), key_of_profile(np.roll(MAJOR, 5))
    assert (there.tonic - here.tonic) % 12 == 5
    assert there.strength == pytest.approx(here.strength)
    np.testing.assert_allclose(there.shares[:12], np.roll(here.shares[:12], 5))


def test_louder_sound_has_the_same_key() -> None:
    np.testing.assert_allclose(key_of_profile(100 * MAJOR).shares, key_of_profile(MAJOR).shares)


def test_shares_of_the_keys_sum_to_one() -> None:
    assert key_of_profile(MAJOR).shares.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("weights", [np.zeros(12), np.ones(12), 10.0 + MAJOR / 5.0])
def test_silence_and_all_twelve_about_alike_have_no_key(weights: np.ndarray) -> None:
    assert key_of_profile(weights).key is None
