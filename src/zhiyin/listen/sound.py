"""Listening to sound: what a file of sound is, as far as its sound tells.

Conventions: the sound must last 5 s and not be silent; style is that of the learned classes or "don't know".
This module neither reads files nor draws: see `zhiyin.apps.listen_`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhiyin.audio import Audio
from zhiyin.audio.features_rhythm import TempoFound
from zhiyin.errors import InvalidInput
from zhiyin.listen.base import Finding, Listener, Reason, Words, ranked, unsure
from zhiyin.listen.sound_features import (
    NAMES,
    SHORTEST_S,
    SILENCE,
    Tracks,
    sound_features,
    tracks_of,
    windows_of,
)
from zhiyin.listen.sound_key import KeyHeard
from zhiyin.listen.sound_mood import mood_of_sound
from zhiyin.listen.sound_net import SoundNet, load_sound_net
from zhiyin.theory.style_words import STYLE_NAMES_ZH
from zhiyin.units import Decibels, Float32Array, Hz, Seconds

# The numbers of a window by what a person hears in them: (first word of the feature's name, English, Chinese).
GROUPS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("tone colour", ("mfcc", "contrast"), "the tone colour", "音色"),
    ("brightness", ("centroid", "rolloff", "flatness"), "how bright it is", "明亮程度"),
    ("dynamics", ("level", "soft", "crest", "silent"), "how the loudness moves", "响度的起伏"),
    ("harmony", ("degree", "key", "major", "pitch", "classes", "harmony"), "the harmony and scale", "和声与音阶"),
    ("rhythm", ("tempo", "pulse", "onset"), "the pulse and the rate of notes", "律动与音符疏密"),
    ("attack", ("percussive",), "how percussive it is", "敲击感"),
)  # fmt: skip
STRANGE = ("unlike any sound the listener has learned", "和学过的声音都不像")
LEAST_WEIGHT = 0.05
FAINTEST = 1e-3  # a peak under -60 dBFS is silence


@dataclass(frozen=True, slots=True, eq=False)
class SoundHeard:
    """What is heard in a sound.

    loudness: LUFS; brightness: the middle of the spectrum in Hz, the median over what sounds; onset_rate: notes or
    chords that begin in a second; tracks: everything over time, for pictures.
    """

    duration_s: Seconds
    loudness: Decibels
    tempo: TempoFound
    key: KeyHeard
    brightness: Hz
    onset_rate: float
    style: Finding
    mood: Finding
    tracks: Tracks

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what each listener found."""
        return self.style, self.mood


def hear_sound(audio: Audio, *, net: SoundNet | None = None) -> SoundHeard:
    """Return what is heard in a sound.

    Raises InvalidInput below 5 s and for silence, MissingExtra without librosa.
    """
    tracks = checked_tracks(audio)
    sounding = tracks.level > SILENCE
    seconds = max(float(sounding.mean()) * audio.duration_s, 1e-9)
    rate = tracks.onsets_s.size / seconds
    brightness = float(np.median(tracks.centroid[sounding]))
    return SoundHeard(
        audio.duration_s, tracks.loudness, tracks.tempo(), tracks.key(), brightness, rate,
        style_of_tracks(tracks, net or load_sound_net()), mood_of_sound(tracks), tracks,
    )  # fmt: skip


def checked_tracks(audio: Audio) -> Tracks:
    """Return what is measured of a sound. Raises InvalidInput below 5 s and for silence."""
    if audio.duration_s < SHORTEST_S:
        raise InvalidInput(
            f"sound must last {SHORTEST_S:g} s or more to be listened to, got {audio.duration_s:.2f} s: "
            "give a longer file",
            zh=f"声音至少要有 {SHORTEST_S:g} 秒才听得出，现在是 {audio.duration_s:.2f} 秒：请给更长的文件",
        )
    if audio.peak < FAINTEST:
        raise InvalidInput(
            f"sound must be louder than -60 dBFS somewhere, got a peak of {audio.peak_db:.1f} dBFS: "
            "is it the right file?",
            zh=f"声音总得有一处响过 -60 dBFS，现在峰值为 {audio.peak_db:.1f} dBFS：文件没弄错吧？",
        )
    return tracks_of(audio)


def style_of_tracks(tracks: Tracks, net: SoundNet) -> Finding:
    """Return the style of a sound, with reasons and the pieces that sound nearest."""
    rows = np.stack([sound_features(tracks, first, last) for first, last in _sounding_windows(tracks)])
    shares = net.probabilities(rows)
    labels = ranked(dict(zip(net.classes, shares.tolist(), strict=True)))
    if net.strangeness(rows) > 1.0:
        return Finding("sound-style", labels, None, STRANGE)
    is_sure = labels[0][1] >= net.threshold
    why = ("", "") if is_sure else unsure(labels, net.threshold)
    return Finding(
        "sound-style", labels, labels[0][0] if is_sure else None, why,
        reasons=_reasons(net, rows), near=net.near(rows),
    )  # fmt: skip


def _sounding_windows(tracks: Tracks) -> list[tuple[int, int]]:
    """Return the windows that sound for at least half of their time, all of them where none does."""
    windows = windows_of(tracks)
    kept = [(a, b) for a, b in windows if (tracks.level[a:b] > SILENCE).mean() >= 0.5]
    return kept or windows


def _reasons(net: SoundNet, rows: Float32Array) -> tuple[Reason, ...]:
    """Return what moved the answer: the likeliest class' lead over the next when a group is set to the average."""
    standard = net.standard(rows)
    logits = net.logits(standard)
    best, second = np.argsort(-logits)[:2].tolist()
    lead = float(logits[best] - logits[second])
    found = {}
    for name, words, _, _ in GROUPS:
        without = standard.copy()
        without[:, [i for i, one in enumerate(NAMES) if one.split(" ")[0] in words]] = 0.0
        changed = net.logits(without)
        found[name] = lead - float(changed[best] - changed[second])
    total = max(sum(map(abs, found.values())), 1e-9)
    other = class_words(net.classes[second])
    told = [
        Reason(name, *_sentence((en, zh), other, speaks_for=found[name] > 0), found[name] / total)
        for name, _, en, zh in GROUPS
        if abs(found[name]) / total >= LEAST_WEIGHT
    ]
    return tuple(sorted(told, key=lambda reason: -abs(reason.weight)))


def _sentence(group: Words, other: Words, *, speaks_for: bool) -> Words:
    if speaks_for:
        return f"{group[0]} speaks for it rather than for {other[0]}", f"{group[1]}支持它，而不是{other[1]}"
    return f"{group[0]} would sooner be {other[0]}", f"{group[1]}更像{other[1]}"


def class_words(name: str) -> Words:
    """Return a class in English and Chinese.

    >>> class_words("string-quartet")
    ('string quartet', '弦乐四重奏')
    """
    return name.replace("-", " "), STYLE_NAMES_ZH.get(name, name)


@dataclass(frozen=True, slots=True)
class SoundStyle:
    """The style of a sound, by a small classifier."""

    name: str = "sound-style"
    en: str = "style"
    zh: str = "风格"
    about: str = (
        "small perceptrons over statistics of MFCC, contrast, chroma, onsets and tempo (Tzanetakis & Cook, IEEE TSAP "
        "10(5), 2002), trained on our own renders"
    )
    promises: frozenset[str] = frozenset()

    @property
    def classes(self) -> tuple[str, ...]:
        """Return every style it can name."""
        return load_sound_net().classes

    def hear(self, music: Audio, /) -> Finding:
        """Return the style; "don't know" for what is too short or silent."""
        if music.duration_s < SHORTEST_S:
            return Finding.unheard(self.name, "short")
        if music.peak < FAINTEST:
            return Finding.unheard(self.name, "nothing")
        return style_of_tracks(tracks_of(music), load_sound_net())


@dataclass(frozen=True, slots=True)
class SoundMood:
    """Where a sound lies between dark and bright, still and stirred, by cues that are told."""

    name: str = "sound-mood"
    en: str = "mood"
    zh: str = "情绪"
    about: str = "a weighted sum of cues after Gabrielsson & Lindström (2010) and Eerola et al. (ISMIR 2009)"
    promises: frozenset[str] = frozenset()

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the four quarters of the plane."""
        from zhiyin.listen.sound_mood import QUADRANTS

        return tuple(QUADRANTS)

    def hear(self, music: Audio, /) -> Finding:
        """Return the mood; "don't know" for what is too short or silent."""
        if music.duration_s < SHORTEST_S:
            return Finding.unheard(self.name, "short")
        if music.peak < FAINTEST:
            return Finding.unheard(self.name, "nothing")
        return mood_of_sound(tracks_of(music))


SOUND_LISTENERS: Mapping[str, Listener[Audio]] = {one.name: one for one in (SoundStyle(), SoundMood())}
