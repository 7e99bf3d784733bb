"""Fingerprints see through key, tempo and edition, and tell works apart.

Conventions: tunes are random walks from a seed, so that no two share long runs by accident.
Does not know: real editions.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.analysis.pieces import QUARTER, line
from zhiyin.analysis.fingerprint import fingerprints, run_hashes, similarity, soprano_run_match
from zhiyin.errors import InvalidInput
from zhiyin.score import Notes, Part, Score, transpose


def walk(seed: int, size: int = 80) -> Notes:
    """Return a melody of `size` notes that moves by steps and leaps, in eighths and quarters."""
    rng = np.random.default_rng(seed)
    pitch = 66 + np.clip(np.cumsum(rng.choice([-5, -4, -2, -1, 1, 2, 3, 7], size)), -30, 30)
    length = rng.choice([QUARTER // 2, QUARTER], size)
    return Notes(np.cumsum(length) - length, length, pitch, np.full(size, 80))


def score(*lines: Notes) -> Score:
    """Return a score of these lines as parts."""
    return Score(parts=tuple(Part(f"part {index}", notes) for index, notes in enumerate(lines)))


def stretched(notes: Notes, factor: int) -> Notes:
    """Return the notes with every time multiplied."""
    return notes.with_columns(onset=notes.onset * factor, duration=notes.duration * factor)


def test_transposing_and_stretching_change_nothing() -> None:
    tune = score(walk(1))
    assert np.array_equal(fingerprints(transpose(tune, 5)), fingerprints(tune))
    assert np.array_equal(fingerprints(score(stretched(walk(1), 2))), fingerprints(tune))


def test_moving_the_start_changes_nothing() -> None:
    late = walk(1).with_columns(onset=walk(1).onset + 7 * QUARTER)
    assert np.array_equal(fingerprints(score(late)), fingerprints(score(walk(1))))


def test_a_melody_found_inside_an_arrangement_is_contained() -> None:
    tune = fingerprints(score(walk(1)))
    bass = walk(2).with_columns(pitch=walk(2).pitch - 36)
    _, containment = similarity(tune, fingerprints(score(bass, walk(1))))
    assert containment == 1.0


def test_one_wrong_note_leaves_most_of_the_fingerprint() -> None:
    pitch = walk(1).pitch.copy()
    pitch[40] += 1
    jaccard, containment = similarity(
        fingerprints(score(walk(1))), fingerprints(score(walk(1).with_columns(pitch=pitch)))
    )
    # 80 notes give 68 runs of 12 intervals; one note spoils at most the 13 runs it stands in.
    assert containment >= (68 - 13) / 68
    assert jaccard >= (68 - 13) / (68 + 13)


@pytest.mark.parametrize("seed", range(2, 12))
def test_different_works_share_nothing(seed: int) -> None:
    assert similarity(fingerprints(score(walk(1))), fingerprints(score(walk(seed)))) == (0.0, 0.0)


def test_scales_and_repeated_notes_are_no_evidence() -> None:
    scale = Notes.of([(i * QUARTER, QUARTER, 30 + i) for i in range(60)])
    drone = Notes.of([(i * QUARTER, QUARTER, 60) for i in range(60)])
    assert fingerprints(score(scale)).size == fingerprints(score(drone)).size == 0


def test_drums_have_no_fingerprint() -> None:
    kit = Score(parts=(Part("kit", walk(1), is_drums=True),))
    assert fingerprints(kit).size == fingerprints(Score()).size == 0


def test_similarity_of_nothing_is_nothing() -> None:
    nothing = np.empty(0, np.uint64)
    assert similarity(nothing, nothing) == (0.0, 0.0)


def test_a_shared_run_is_found_in_any_key_rhythm_and_voice() -> None:
    tune = walk(1)
    inner = transpose(score(walk(3), tune.take(np.arange(20, 50))), 3)
    assert soprano_run_match(score(stretched(tune, 3)), inner)
    assert not soprano_run_match(score(tune), score(walk(4)))


def test_a_run_one_note_too_short_does_not_match() -> None:
    tune = walk(1)
    assert soprano_run_match(score(tune), score(tune.take(np.arange(24))))
    assert not soprano_run_match(score(tune), score(tune.take(np.arange(23))))


def test_repeated_notes_count_once_in_a_run() -> None:
    assert np.array_equal(
        run_hashes(score(line("C4 D4 D4 E4 G4")), 4), run_hashes(score(line("C4 D4:2 E4 G4")), 4)
    )


def test_silly_lengths_are_refused() -> None:
    with pytest.raises(InvalidInput, match="ngram must be 2"):
        fingerprints(score(walk(1)), ngram=1)
    with pytest.raises(InvalidInput, match="length must be 3"):
        soprano_run_match(score(walk(1)), score(walk(1)), 1000)


def test_hashes_stay_the_same_between_releases() -> None:
    tune = score(line("C4 D4 E4 G4 E4 C4 A3 G3 C4 D4 E4 D4 C4 G4"))  # stored corpora compare with new files
    assert fingerprints(tune).tolist() == [11720003949015997904, 15009904813679051982]
    assert run_hashes(tune, 14).tolist() == [6827097731302250964]
