"""The contract of families: each serves what it lists, the same order gives the same notes, and says who wrote them."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from tests.fill.test_team import two_parts
from zhiyin.apps import APPS
from zhiyin.apps.families import FAMILIES, capabilities, check_family, open_family, planned, take_of
from zhiyin.apps.families import model_of as writer_of
from zhiyin.errors import InvalidInput
from zhiyin.fill.plan_make import make_plan
from zhiyin.fill.request import Take
from zhiyin.fill.sampling import Sampling
from zhiyin.io import load, save
from zhiyin.models.checkpoint import WEIGHTS_FOLDER
from zhiyin.score import Notes, Score, Wishes
from zhiyin.theory.key import Key
from zhiyin.units import TICKS_PER_QUARTER

Q = TICKS_PER_QUARTER
COMPOSERS = [name for name, one in FAMILIES.items() if "compose" in one.acts]
WISHES = Wishes(
    style="pop",
    key=Key(2, "minor"),
    tempo_bpm=96.0,
    bars=4,
    players=("flute", "piano", "bass-guitar", "drums"),
)


def composed(name: str, seed: int = 3) -> Take:
    plan = planned(name, make_plan(WISHES, seed=seed), WISHES, seed=seed)
    return take_of(
        name, plan, WISHES, model=writer_of(name, None), seed=seed, take=0, sampling=Sampling(),
        progress=lambda *_: None,
    )  # fmt: skip


def heard(score: Score) -> list[list[tuple[int, int, int, int]]]:
    return [[(n.onset, n.duration, n.pitch, n.velocity) for n in part.notes] for part in score.parts]


@pytest.mark.parametrize("name", COMPOSERS)
def test_the_same_order_gives_the_same_notes_and_keeps_every_hard_wish(name: str) -> None:
    first, again = composed(name), composed(name)
    assert heard(first.score) == heard(again.score)
    assert first.report.is_kept
    assert [p.program for p in first.score.parts if not p.is_drums] and len(first.score.parts) >= 4
    assert sum(map(len, heard(first.score))) >= 20


@pytest.mark.parametrize("name", COMPOSERS)
def test_every_note_names_a_model(name: str) -> None:
    score = composed(name).score
    for part in score.parts:
        assert part.notes.origin is not None
        assert {score.provenance[i].kind for i in np.asarray(part.notes.origin).tolist()} <= {"model"}


# Whom a family is asked for that writes no chords.
PLAYERS = {"vae": ("bass-guitar",)}


@pytest.mark.parametrize("name", [n for n, one in FAMILIES.items() if {"infill", "continue"} & set(one.acts)])
@pytest.mark.parametrize("verb", ["continue", "infill", "accompany"])
def test_acts_give_the_rest_back_untouched(name: str, verb: str, tmp_path: Path) -> None:
    if verb not in FAMILIES[name].acts:
        pytest.skip(f"{name} does not serve {verb}")
    source, out = tmp_path / "tune.mid", tmp_path / "out.mid"
    save(tune(), source)
    players = PLAYERS.get(name, ("piano",))
    own = {"continue": {"bars": 2}, "infill": {"bars": "3-4"}, "accompany": {"players": players}}[verb]
    request = APPS[verb].request(source=source, out=out, family=name, seed=5, is_silent=True, **own)
    APPS[verb].run(request)
    before, after = load(source), load(out)
    bar = 4 * Q
    kept = {"continue": 8 * bar, "infill": 2 * bar, "accompany": 8 * bar}[verb]
    for one, other in zip(before.parts, after.parts, strict=False):
        theirs = [(n.onset, n.duration, n.pitch, n.velocity) for n in one.notes.between(0, kept)]
        assert [(n.onset, n.duration, n.pitch, n.velocity) for n in other.notes.between(0, kept)] == theirs
    added = after.note_count - sum(len(part.notes.between(0, kept)) for part in before.parts)
    assert added > 0


def tune() -> Score:
    """Return eight bars of a scale tune over a bass of roots."""
    pitches = list(itertools.islice(itertools.cycle([60, 62, 64, 65, 67, 65, 64, 62]), 32))
    upper = Notes(np.arange(32) * Q, np.full(32, Q), np.array(pitches), np.full(32, 80))
    lower = Notes(np.arange(8) * 4 * Q, np.full(8, 4 * Q), np.array([48, 43, 45, 43] * 2), np.full(8, 80))
    empty = two_parts(8)
    return empty.with_parts([empty.parts[0].with_notes(upper), empty.parts[1].with_notes(lower)])


@pytest.mark.parametrize(
    ("name", "verb"), list(itertools.product(FAMILIES, ("compose", "continue", "infill", "accompany")))
)
def test_what_a_family_does_not_serve_is_refused_with_one_that_does(name: str, verb: str) -> None:
    if verb in FAMILIES[name].acts:
        check_family(name, verb)
        return
    with pytest.raises(InvalidInput, match=rf"got '{verb}': use --family .*transformer"):
        check_family(name, verb)


@pytest.mark.parametrize("name", [n for n, one in FAMILIES.items() if one.checkpoint or one.proposer])
def test_weights_ship_with_a_card_and_name_what_they_learned_from(name: str) -> None:
    row = next(one for one in capabilities() if one["family"] == name)
    assert row["weights"]
    for file in row["weights"]:
        assert (WEIGHTS_FOLDER / f"{file}.safetensors").is_file()
        card = (WEIGHTS_FOLDER / f"{file}.md").read_text(encoding="utf-8")
        assert "licence" in card.lower() and "seed" in card.lower()
    assert getattr(open_family(name), "card", {}).get("train_pieces")


def test_all_families_together_stay_under_thirty_megabytes() -> None:
    sizes = {
        file: (WEIGHTS_FOLDER / f"{file}.safetensors").stat().st_size
        for row in capabilities()
        for file in row["weights"]
    }
    assert sum(sizes.values()) < 30e6
