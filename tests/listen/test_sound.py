"""Laws of listening to sound: facts of a song that is known, "don't know" for what is no music."""

from __future__ import annotations

import math

import numpy as np
import pytest

from zhiyin.audio import Audio
from zhiyin.errors import InvalidInput

pytest.importorskip("librosa")

from zhiyin.listen.sound import SOUND_LISTENERS, SoundHeard, hear_sound

RATE = 22_050


@pytest.fixture(scope="module")
def heard(tune_audio: Audio) -> SoundHeard:
    return hear_sound(tune_audio)


def noise(kind: str) -> Audio:
    """White noise; a hum; a voice-like buzz of changing pitch and vowels in syllables."""
    rng, time_s = np.random.default_rng(0), np.arange(RATE * 12) / RATE
    if kind == "white noise":
        samples = 0.1 * rng.standard_normal(time_s.size)
    elif kind == "mains hum":
        samples = 0.2 * np.sin(2 * np.pi * 50.0 * time_s)
    else:
        pitch = 120.0 * np.exp(0.2 * np.sin(2 * np.pi * 0.7 * time_s))
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        buzz = sum(np.sin(n * phase) / n for n in range(1, 30))
        syllables = np.clip(np.sin(2 * np.pi * 3.7 * time_s), 0.0, None) ** 0.5
        samples = 0.1 * buzz * syllables + 0.01 * rng.standard_normal(time_s.size)
    return Audio(samples.astype(np.float32)[None, :], RATE)


def test_the_facts_of_a_known_song_are_heard(heard: SoundHeard) -> None:
    assert heard.key.key is not None and heard.key.key.name == "C major"
    assert heard.tempo.bpm == pytest.approx(120.0, rel=0.02)
    assert heard.duration_s == pytest.approx(18.0, abs=0.1)
    assert 150.0 < heard.brightness < 4000.0


def test_twice_as_loud_is_six_decibels_and_the_same_style(tune_audio: Audio, heard: SoundHeard) -> None:
    louder = hear_sound(Audio(tune_audio.samples * np.float32(2.0), RATE))
    assert louder.loudness - heard.loudness == pytest.approx(20 * math.log10(2), abs=0.05)
    assert louder.style.labels[0][0] == heard.style.labels[0][0]


@pytest.mark.parametrize("kind", ["white noise", "mains hum", "a voice-like buzz"])
def test_of_what_is_no_music_the_style_is_not_known(kind: str) -> None:
    found = SOUND_LISTENERS["sound-style"].hear(noise(kind))
    assert found.label is None and found.why[0].startswith(
        ("unlike any sound the listener has learned", "several answers are about as likely", "not sure enough")
    )  # fmt: skip


def test_findings_hold_every_class_and_reasons_in_both_languages(heard: SoundHeard) -> None:
    assert {name for name, _ in heard.style.labels} == set(SOUND_LISTENERS["sound-style"].classes)
    assert {name for name, _ in heard.mood.labels} == set(SOUND_LISTENERS["sound-mood"].classes)
    for reason in (*heard.style.reasons, *heard.mood.reasons):
        assert reason.en.isascii() and any("\u4e00" <= sign <= "\u9fff" for sign in reason.zh)


def test_the_same_sound_is_heard_the_same(tune_audio: Audio, heard: SoundHeard) -> None:
    for name, finding in zip(SOUND_LISTENERS, heard.findings, strict=True):
        assert SOUND_LISTENERS[name].hear(tune_audio) == finding


def test_listeners_say_so_where_there_is_nothing_or_too_little_to_hear() -> None:
    silence, moment = (Audio(np.zeros((1, int(RATE * s)), np.float32), RATE) for s in (8.0, 2.0))
    for listener in SOUND_LISTENERS.values():
        assert listener.hear(silence).why[0] == "nothing sounds"
        assert listener.hear(moment).label is None and not listener.hear(moment).labels


def test_a_moment_and_silence_are_refused_with_what_came() -> None:
    with pytest.raises(InvalidInput, match=r"sound must last 5 s or more to be listened to, got 2\.00 s"):
        hear_sound(Audio(np.zeros((1, RATE * 2), np.float32), RATE))
    with pytest.raises(InvalidInput, match=r"louder than -60 dBFS somewhere, got a peak of -inf dBFS"):
        hear_sound(Audio(np.zeros((1, RATE * 8), np.float32), RATE))
