"""Laws of sound as a value, in files, and at a stated loudness.

Conventions: tones are made here, with levels worked out by hand.
Does not know: scores.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from zhiyin.audio import Audio
from zhiyin.audio.files import audio_to_bytes, read_audio, write_audio
from zhiyin.audio.loudness import limit, loudness_lufs, to_loudness
from zhiyin.errors import InvalidInput, NotFound, UnreadableFile

RATE = 44_100


def tone(amplitude: float, seconds: float = 3.0, hz: float = 997.0) -> Audio:
    time_s = np.arange(int(seconds * RATE)) / RATE
    wave = (amplitude * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)
    return Audio(np.stack([wave, wave]), RATE)


def plucks(amplitude: float = 0.3, seconds: float = 12.0, fall_per_s: float = 9.0) -> Audio:
    time_s = np.arange(int(seconds * RATE)) / RATE
    wave = amplitude * np.sin(2 * np.pi * 440 * time_s) * np.exp(-(time_s % 2.0) * fall_per_s)
    return Audio(np.stack([wave, 0.7 * wave]).astype(np.float32), RATE)


def test_length_and_peak_are_those_of_the_samples() -> None:
    audio = Audio(np.array([[0.0, 0.5], [0.0, -0.25]], np.float32), 8000)
    assert (audio.channels, audio.frames, audio.duration_s) == (2, 2, 2 / 8000)
    assert audio.peak_db == pytest.approx(-6.0206, abs=1e-3)
    assert Audio(np.zeros((1, 4)), 8000).peak_db == -np.inf


def test_samples_cannot_be_changed_and_the_callers_array_still_can() -> None:
    mine = np.zeros((2, 4), np.float32)
    audio = Audio(mine, RATE)
    with pytest.raises(ValueError, match="read-only"):
        audio.samples[0, 0] = 1.0
    mine[0, 0] = 0.5


@pytest.mark.parametrize(
    ("samples", "rate", "message"),
    [
        (np.zeros(5), RATE, r"samples must be \(channels, frames\).*got shape \(5,\)"),
        (np.zeros((9, 5)), RATE, r"got shape \(9, 5\)"),
        (np.zeros((2, 5)), 100, "sample rate must be 8000..192000 Hz, got 100"),
        (np.array([[0.0, np.nan]]), RATE, r"samples must be finite, got \[nan\] at frame 1"),
    ],
)
def test_a_malformed_sound_is_refused(samples: np.ndarray, rate: int, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Audio(samples, rate)


@pytest.mark.parametrize("ending", [".wav", ".flac"])
def test_a_file_gives_back_what_was_written_to_24_bits(tmp_path: Path, ending: str) -> None:
    audio = plucks(seconds=1.0)
    write_audio(audio, tmp_path / f"a{ending}", tags=[("title", "雨夜的车站")])
    back = read_audio(tmp_path / f"a{ending}")
    assert back.sample_rate == RATE
    assert np.abs(back.samples - audio.samples).max() <= 2**-23
    with soundfile.SoundFile(tmp_path / f"a{ending}") as file:
        assert (file.subtype, file.title) == ("PCM_24", "雨夜的车站")
    assert [p.name for p in tmp_path.iterdir()] == [f"a{ending}"]


@pytest.mark.parametrize("ending", [".wav", ".flac"])
def test_the_same_sound_gives_the_same_bytes(ending: str) -> None:
    tags = [("title", "A"), ("artist", "B")]
    assert audio_to_bytes(plucks(), ending=ending, tags=tags) == audio_to_bytes(
        plucks(), ending=ending, tags=tags
    )


def test_files_refuse_what_they_cannot_carry(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"must end in .wav or .flac, got '.mp3'"):
        write_audio(tone(0.5), tmp_path / "a.mp3")
    with pytest.raises(InvalidInput, match=r"within full scale, got a peak of \+6.02 dBFS"):
        write_audio(tone(2.0), tmp_path / "a.wav")
    with pytest.raises(InvalidInput, match=r"tag must be one of title.*got 'mood'"):
        write_audio(tone(0.5), tmp_path / "a.wav", tags=[("mood", "sad")])
    assert not list(tmp_path.iterdir())


def test_reading_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="audio file must exist, got"):
        read_audio(tmp_path / "none.wav")
    (tmp_path / "bad.wav").write_bytes(b"RIFF\x00\x00\x00\x00WAVEjunk")
    with pytest.raises(UnreadableFile, match=r"cannot read .*bad.wav.* at header: not a readable sound file"):
        read_audio(tmp_path / "bad.wav")


def test_a_full_scale_997_hz_sine_in_one_channel_measures_minus_3_01_lufs() -> None:
    # ITU-R BS.1770-4, annex 1: the calibration of the meter.
    left_only = Audio(tone(1.0).samples * np.array([[1.0], [0.0]], np.float32), RATE)
    assert loudness_lufs(left_only) == pytest.approx(-3.01, abs=0.05)
    assert loudness_lufs(Audio(np.zeros((2, RATE), np.float32), RATE)) == -np.inf


@pytest.mark.parametrize("target", [-23.0, -14.0, -9.0])
@pytest.mark.parametrize("amplitude", [0.001, 0.1, 0.9])
def test_sound_reaches_the_loudness_asked_under_the_ceiling(target: float, amplitude: float) -> None:
    result = to_loudness(plucks(amplitude, fall_per_s=2.0), target, -1.0)
    assert loudness_lufs(result) == pytest.approx(target, abs=0.5)
    assert result.peak_db <= -1.0


def test_very_sparse_clicks_stay_softer_rather_than_be_squashed() -> None:
    samples = np.zeros((2, 8 * RATE), np.float32)
    samples[:, RATE::RATE] = 0.5  # one sample a second
    result = to_loudness(Audio(samples, RATE), -14.0, -1.0)
    assert result.peak_db <= -1.0
    assert loudness_lufs(result) < -23.0


def test_the_limiter_leaves_sound_under_the_ceiling_untouched_and_bounds_the_rest() -> None:
    quiet = tone(0.5)
    assert limit(quiet, ceiling_db=-1.0) is quiet
    loud = limit(
        Audio(np.concatenate([tone(0.2).samples, tone(3.0, 0.05).samples], axis=1), RATE), ceiling_db=-1.0
    )
    assert -1.1 < loud.peak_db <= -1.0
    # Far from the burst nothing changes: the look-ahead is 4 ms.
    assert np.array_equal(loud.samples[:, :RATE], tone(0.2).samples[:, :RATE])


def test_both_channels_are_limited_alike() -> None:
    left_loud = Audio(tone(2.0).samples * np.array([[1.0], [0.25]], np.float32), RATE)
    limited = limit(left_loud, ceiling_db=-1.0).samples
    heard = np.abs(left_loud.samples[0]) > 0.1
    assert limited[1, heard] / limited[0, heard] == pytest.approx(0.25, abs=1e-4)


def test_silence_and_crumbs_of_sound_are_errors() -> None:
    with pytest.raises(InvalidInput, match=r"must not be silent, got 1.00 s of silence"):
        to_loudness(Audio(np.zeros((2, RATE), np.float32), RATE))
    with pytest.raises(InvalidInput, match=r"needs 0.4 s of sound or more, got 0.100 s"):
        loudness_lufs(tone(0.5, 0.1))
