"""Laws of the key that given chords bring: cadences and the fit of their notes count, not the first chord."""

from __future__ import annotations

import pytest

from zhiyin.fill.plan_make import make_plan
from zhiyin.score import Wishes


@pytest.mark.parametrize("style", ["pop", "jazz", "chinese"])
@pytest.mark.parametrize(
    ("chords", "key"),
    [
        ("Dm7 G7 Cmaj7 A7", "C major"),
        ("C G Am F", "C major"),
        ("Am F C G", "A minor"),
        ("Em Am B7 Em", "E minor"),
        ("G7 C", "C major"),
        ("Dm Gm A7 Dm", "D minor"),
        ("C A7 Dm G7", "C major"),
        ("C7 F7 C7 G7", "C major"),
        ("E7 A7 D7 G7 C", "C major"),
        ("C C7 F Fm C", "C major"),
        ("Gm7 C7 Fmaj7", "F major"),
        ("Bm7b5 E7 Am", "A minor"),
        ("Am7 D7 Gmaj7 Cmaj7 F#m7b5 B7 Em", "E minor"),
    ],
)
def test_given_chords_are_in_the_key_they_cadence_in(chords: str, key: str, style: str) -> None:
    for seed in (0, 1):
        assert make_plan(Wishes(style=style, chords=tuple(chords.split())), seed=seed).key.name == key


@pytest.mark.parametrize(("mode", "key"), [("major", "C major"), ("minor", "A minor")])
def test_a_mode_that_is_asked_for_is_kept(mode: str, key: str) -> None:
    assert make_plan(Wishes(chords=("Am", "F", "C", "G"), mode=mode), seed=0).key.name == key
