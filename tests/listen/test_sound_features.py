"""Laws of what the sound listeners are given: named, finite, blind to level and key."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.audio import Audio
from zhiyin.score import Score
from zhiyin.score.edit import transpose

pytest.importorskip("librosa")

from zhiyin.listen.sound_features import NAMES, STRIDE_S, Tracks, sound_features, tracks_of, windows_of
from zhiyin.render import SmallBank


@pytest.fixture(scope="module")
def tracks(tune_audio: Audio) -> Tracks:
    return tracks_of(tune_audio)


def whole(tracks: Tracks) -> dict[str, float]:
    return dict(zip(NAMES, sound_features(tracks, 0, tracks.frames).tolist(), strict=True))


def test_every_number_has_one_name() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_the_numbers_of_music_and_of_silence_are_finite(tracks: Tracks) -> None:
    silent = tracks_of(Audio(np.zeros((1, 22_050 * 6), np.float32), 22_050))
    for one in (tracks, silent):
        assert np.isfinite(sound_features(one, 0, one.frames)).all()


def test_half_as_loud_reads_the_same(tune_audio: Audio, tracks: Tracks) -> None:
    soft = tracks_of(Audio(tune_audio.samples * np.float32(0.5), tune_audio.sample_rate))
    loud_row, soft_row = whole(tracks), whole(soft)
    assert soft.loudness == pytest.approx(tracks.loudness - 20 * np.log10(2), abs=0.01)
    for name in NAMES:
        assert soft_row[name] == pytest.approx(loud_row[name], rel=1e-3, abs=1e-3)


def test_a_fourth_higher_has_the_same_degrees(tune_score: Score, tracks: Tracks) -> None:
    higher = tracks_of(SmallBank().render(transpose(tune_score, 5), sample_rate=22_050))
    assert (higher.key().tonic - tracks.key().tonic) % 12 == 5
    here, there = whole(tracks), whole(higher)
    for degree in range(12):
        assert there[f"degree {degree}"] == pytest.approx(here[f"degree {degree}"], abs=0.04)


def test_a_tune_in_c_at_120_is_heard_so(tracks: Tracks) -> None:
    assert tracks.key().key is not None and tracks.key().key.name == "C major"
    assert tracks.tempo().bpm == pytest.approx(120.0, rel=0.02)
    assert whole(tracks)["tempo"] == pytest.approx(np.log2(120.0), abs=0.03)
    assert whole(tracks)["onset rate"] == pytest.approx(
        2.0 * 16 / 18, abs=0.25
    )  # two a second, 2 s of ringing out


def test_drums_are_more_percussive_than_a_held_chord() -> None:
    time_s = np.arange(22_050 * 6) / 22_050
    chord = sum(np.sin(2 * np.pi * hz * time_s) for hz in (220.0, 277.2, 329.6)) * 0.1
    beats = np.zeros(time_s.size)
    click = np.random.default_rng(0).standard_normal(600) * np.exp(-np.arange(600) / 100)
    for at in range(5000, beats.size - 600, 11_025):
        beats[at : at + 600] += 0.3 * click
    held, struck = (whole(tracks_of(Audio(x.astype(np.float32)[None], 22_050))) for x in (chord, beats))
    assert struck["percussive share"] > held["percussive share"] + 0.2


def test_windows_of_ten_seconds_begin_every_five(tracks: Tracks) -> None:
    windows = windows_of(tracks)
    assert [round((b - a) * 512 / 22_050) for a, b in windows] == [10] * len(windows)
    starts = [a * 512 / 22_050 for a, _ in windows]
    assert starts == pytest.approx(np.arange(len(starts)) * STRIDE_S, abs=0.1) and len(windows) == 2


def test_a_short_sound_is_one_window(tune_audio: Audio) -> None:
    short = tracks_of(Audio(tune_audio.samples[:, : 22_050 * 6], 22_050))
    assert windows_of(short) == [(0, short.frames)]
