"""Laws of the vae as a proposer: same seed same rolls, what is given is not needed, wishes and metres are heard."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from zhiyin.encode import Window, context_of, encode_grid
from zhiyin.encode.fields import PROGRAM_CHORDS, PROGRAM_DRUMS
from zhiyin.encode.scene import Scene, scene_of
from zhiyin.models.vae_config import VaeConfig
from zhiyin.models.vae_proposer import VaeProposer, open_vae, role_of, sharps_of
from zhiyin.models.vae_runtime import VaeRuntime
from zhiyin.score import ROLES, ChordMark, KeyMark, MetreMark, Notes, Part, Score
from zhiyin.theory.chord import Chord
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER

torch = pytest.importorskip("torch", reason="the nets' weights are drawn by torch")

from zhiyin.models.vae import BarVae, LatentPrior  # noqa: E402

Q = TICKS_PER_QUARTER


@cache
def random_proposer() -> VaeProposer:
    """Return the family with random weights."""
    nets = []
    for parts in (("line",), ("kit",)):
        torch.manual_seed(5)
        config = VaeConfig(
            parts=parts, latent=6, width=24, hidden=32, blocks=1, step=16, memory=16, mixtures=2
        )
        weights = {f"vae.{n}": t.numpy() for n, t in BarVae(config).state_dict().items()}
        weights |= {f"prior.{n}": t.numpy() for n, t in LatentPrior(config).state_dict().items()}
        nets.append(VaeRuntime(config, weights, name="test", version="0" * 12))
    return VaeProposer(*nets)


def band(*, key: str = "D", metre: tuple[int, int] = (4, 4)) -> Score:
    """Return two bars of a tune, keys, a bass and a kit."""
    bar = Metre(*metre).bar_ticks
    rows = {
        "melody": [(0, Q, 74), (Q, Q, 76)],
        "accompaniment": [(0, bar, 62), (0, bar, 66)],
        "bass": [(0, bar, 38)],
    }
    parts = [
        Part(role, Notes.of([*notes, (bar, bar, notes[0][2])]), role=role) for role, notes in rows.items()
    ]
    parts.append(Part("kit", Notes.of([(0, Q, 36), (Q, Q, 38), (bar, Q, 36)]), role="drums", is_drums=True))
    return Score(
        "band", tuple(parts), metres=(MetreMark(0, Metre(*metre)),), keys=(KeyMark(0, Key.parse(key)),),
        chords=(ChordMark(0, Chord.parse("D")),), length_ticks=2 * bar,
    )  # fmt: skip


def scene(write: list[tuple[int, int]], score: Score | None = None, *, register: float = np.nan) -> Scene:
    """Return the band's two bars with some (column, row) to write; register: mean pitch asked of the tune."""
    tokens = encode_grid(score or band())
    context = context_of(tokens)
    context.register_pitch[:] = np.nan
    context.register_pitch[:, 1] = register
    context.density[:] = -1
    cells = np.zeros((2, 5), bool)
    for column, row in write:
        cells[column, row] = True
    return scene_of(tokens, context, Window(np.arange(2), np.arange(5), cells))


ALL = [(c, r) for c in range(2) for r in (1, 3, 4)]


def test_melody_bass_and_drums_are_served_and_nothing_else() -> None:
    served = [name for i, name in enumerate(ROLES) if random_proposer().serves(i, 0)]
    assert served == ["melody", "bass"]
    assert role_of(ROLES.index("unknown"), PROGRAM_DRUMS) == "drums"
    assert role_of(len(ROLES), PROGRAM_CHORDS) is None


def test_the_same_seed_proposes_the_same_rolls_and_another_others() -> None:
    one, again, other = (random_proposer().propose(scene(ALL), np.random.default_rng(s)) for s in (1, 1, 2))
    assert np.array_equal(one.strike, again.strike) and np.array_equal(one.hold, again.hold)
    assert not np.array_equal(one.strike, other.strike)


def test_rolls_are_chances_on_rows_to_write_and_drums_on_nine_keys() -> None:
    found = random_proposer().propose(scene(ALL), np.random.default_rng(1))
    assert found.strike.shape == (5, 32, 128) and found.strike.min() >= 0 and found.strike.max() <= 1
    assert not found.strike[[0, 2]].any()  # chords and keys are the helper's
    assert found.is_mono.tolist() == [False, True, False, True, False]
    assert set(np.flatnonzero(found.strike[4].any(axis=0))) == {36, 38, 42, 43, 46, 47, 49, 50, 51}


def test_what_a_cell_to_write_held_before_is_not_heard() -> None:
    other = band()
    tune = other.parts[0].with_notes(Notes.of([(0, 2 * Q, 60)]))
    changed = other.with_parts((tune, *other.parts[1:]))
    one, two = (random_proposer().propose(scene(ALL, s), np.random.default_rng(3)) for s in (other, changed))
    assert np.array_equal(one.strike, two.strike)


def test_a_register_that_is_asked_for_is_met_within_half_an_octave() -> None:
    def height(register: float) -> float:
        strike = open_vae().propose(scene(ALL, register=register), np.random.default_rng(1)).strike[1]
        return float((strike.sum(axis=0) * np.arange(128)).sum() / strike.sum())

    low, high = height(45.0), height(81.0)
    assert high - low == pytest.approx(36, abs=13)


def test_the_signature_is_that_of_the_key_major_or_minor() -> None:
    assert [sharps_of(scene(ALL, band(key=k))) for k in ("C", "D", "Am", "Em", "F", "G")] == [
        0,
        2,
        0,
        -5,
        5,
        -5,
    ]


@pytest.mark.parametrize("metre", [(3, 4), (6, 8), (9, 8), (12, 8), (2, 4)])
def test_every_metre_gets_as_many_sixteenths_as_it_has(metre: tuple[int, int]) -> None:
    found = random_proposer().propose(scene(ALL, band(metre=metre)), np.random.default_rng(1))
    sixteenths = 2 * metre[0] * 16 // metre[1]
    assert found.strike.shape[1] == sixteenths
    assert found.strike[1].any(axis=1).all()  # long bars are read as several, none is left without odds


def test_the_shipped_family_names_what_it_learned_from() -> None:
    family = open_vae()
    assert family.name == "vae" and len(family.version) == 12
    assert "music21_folk" in family.card["train_pieces"] and "nottingham" not in family.card["train_pieces"]
