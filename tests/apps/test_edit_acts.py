"""Acts that sentences order: what they are asked comes about, and bars they were not asked for stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.encode.pieces import QUARTER, little_waltz
from tests.fill.band import untrained
from zhiyin.apps import edit_acts
from zhiyin.apps.edit_ import planned
from zhiyin.brief.edit_apply import apply_plan
from zhiyin.errors import InvalidInput
from zhiyin.score import Notes, Part, Score, Timeline

BAR = 3 * QUARTER


@pytest.fixture(autouse=True)
def _untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit_acts, "_model", untrained)


def duet() -> Score:
    """Return sixteen bars of running eighths over held basses, with a kit in quarters."""
    tune = [(i * QUARTER // 2, QUARTER // 2, 67 + (0, 2, 4, 5, 4, 2)[i % 6]) for i in range(96)]
    bass = [(i * BAR, BAR, 43 + 5 * (i % 2)) for i in range(16)]
    kit = [(i * QUARTER // 2, 420, (36, 42, 38)[i % 3]) for i in range(96)]
    parts = (
        Part("Flute", Notes.of(tune), role="melody", program=73), Part("Bass", Notes.of(bass), role="bass", program=32),
        Part("Kit", Notes.of(kit), role="drums", is_drums=True),
    )  # fmt: skip
    return replace(little_waltz(), parts=parts, chords=(), length_ticks=0)


def edited(text: str) -> Score:
    score, plan, outline = planned(duet(), text)
    return apply_plan(score, plan, key=outline.key, runners=edit_acts.ACT_RUNNERS, seed=3)


def attacks(score: Score, part: int, first: int, last: int) -> int:
    return len(np.unique(score.parts[part].notes.between(first * BAR, last * BAR).onset))


def outside(score: Score, part: int, first: int, last: int) -> list[tuple[int, ...]]:
    return [tuple(n) for n in score.parts[part].notes if not first * BAR <= n.onset < last * BAR]


@pytest.mark.parametrize("text", ["make bars 5-8 of the drums simpler", "第5到8小节的鼓再简单一点"])
def test_simpler_drums_strike_less_and_other_bars_stay(text: str) -> None:
    before, after = duet(), edited(text)
    assert attacks(after, 2, 4, 8) < attacks(before, 2, 4, 8)
    assert outside(after, 2, 4, 8) == outside(before, 2, 4, 8)
    assert after.parts[0].notes.pitch.tolist() == before.parts[0].notes.pitch.tolist()


def test_a_busier_bass_strikes_more() -> None:
    assert attacks(edited("make the bass busier in bars 5-8"), 1, 4, 8) > attacks(duet(), 1, 4, 8)


def test_darker_bars_keep_their_rhythm_and_lie_lower_or_softer() -> None:
    before, after = duet(), edited("make bars 5-8 of the flute darker")
    own, new = (s.parts[0].notes.between(4 * BAR, 8 * BAR) for s in (before, after))
    assert own.onset.tolist() == new.onset.tolist()
    assert new.pitch.mean() < own.pitch.mean() and new.velocity.mean() < own.velocity.mean()
    assert outside(after, 0, 4, 8) == outside(before, 0, 4, 8)


def test_a_piece_is_extended_and_continued_by_words() -> None:
    for text, bars in (("extend it to 20 bars", 20), ("续写四小节", 20)):
        after = edited(text)
        assert Timeline.of(after).bar_count(after.end) == bars


def test_a_player_joins_by_words() -> None:
    after = edited("add a cello")
    assert len(after.parts) == 4 and after.parts[3].program == 42 and len(after.parts[3].notes) > 4


def test_an_act_that_cannot_be_had_is_refused_before_anything_changes() -> None:
    with pytest.raises(
        InvalidInput, match=r"must be one that can be run here .*, got 'remetre': leave this step out"
    ):
        edited("change to 4/4")
