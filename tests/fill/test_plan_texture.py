"""Laws of planned textures: measured norms, registers, rests."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.fill.norms import all_norms
from zhiyin.fill.norms_texture import all_texture_norms, texture_norm
from zhiyin.fill.plan import Plan
from zhiyin.fill.plan_make import make_plan
from zhiyin.score.wishes import Wishes
from zhiyin.theory.instruments import INSTRUMENTS

styles = st.sampled_from(sorted(all_norms()))


def _mean(plan: Plan, role: str, field: str) -> float:
    rows = [row for player, row in zip(plan.players, plan.textures, strict=True) if player.role == role]
    values = [getattr(cell, field) for row in rows for cell in row if getattr(cell, field) is not None]
    return sum(values) / len(values)


def test_the_table_counts_its_pieces_and_its_quartiles_rise() -> None:
    text = files("zhiyin.fill").joinpath("texture_norms.csv").read_text(encoding="utf-8")
    assert len(list(csv.DictReader(text.splitlines()))) == len(all_texture_norms()) >= 60
    for row in all_texture_norms().values():
        assert row.pieces >= 12 and row.cells >= row.pieces
        assert 0 < row.density_low <= row.density <= row.density_high <= 8
        assert (
            row.register_low <= row.register <= row.register_high and 1 <= row.polyphony <= row.polyphony_high
        )


def test_a_style_without_parts_of_its_own_borrows_from_its_kin() -> None:
    assert texture_norm("waltz", "melody", family="dance").style == "waltz"
    assert texture_norm("swing", "accompaniment", family="jazz").style == "ragtime"
    assert texture_norm("lullaby", "chords", family="hymn").style == "all"


@settings(max_examples=60, deadline=None)
@given(styles, st.integers(16, 64), st.integers(0, 99))
def test_tunes_lie_above_what_accompanies_them(style: str, bars: int, seed: int) -> None:
    plan = make_plan(Wishes(style=style, bars=bars), seed=seed)
    melody = next((i for i, player in enumerate(plan.players) if player.role == "melody"), None)
    if melody is None:
        return
    for player, row in zip(plan.players, plan.textures, strict=True):
        lowest = INSTRUMENTS[player.instrument].low + 4
        for cell, tune in zip(row, plan.textures[melody], strict=True):
            if player.role in ("accompaniment", "chords", "bass") and cell.register and tune.register:
                assert cell.register < tune.register or cell.register == lowest, (player.part, cell, tune)


@pytest.mark.parametrize("style", ["romantic-piano", "waltz", "classical", "nocturne", "new-age", "ragtime"])
def test_hands_basses_and_pads_keep_their_registers(style: str) -> None:
    for seed in range(4):
        piano = make_plan(Wishes(style=style, players=("piano",)), seed=seed)
        assert 67 <= _mean(piano, "melody", "register") <= 76
        assert 48 <= _mean(piano, "accompaniment", "register") <= 55
        band = make_plan(Wishes(style=style, players=("flute", "strings", "piano", "bass-guitar")), seed=seed)
        assert 36 <= _mean(band, "bass", "register") <= 45
        assert 55 <= _mean(band, "chords", "register") <= 67


@settings(max_examples=40, deadline=None)
@given(styles, st.integers(0, 99))
def test_polyphony_fits_the_role(style: str, seed: int) -> None:
    plan = make_plan(Wishes(style=style, bars=32), seed=seed)
    for player, row in zip(plan.players, plan.textures, strict=True):
        most = INSTRUMENTS[player.instrument].polyphony
        for cell in row:
            if cell.polyphony is None:
                continue
            if player.role == "melody" and most >= 8:  # right hands thicken as people's do
                assert 1 <= cell.polyphony <= 3
            elif player.role in ("melody", "bass", "inner"):
                assert cell.polyphony == 1
            elif cell.manner:  # as the manner has it: broken chords one by one, struck ones whole
                assert 1 <= cell.polyphony <= 4
            elif player.role == "accompaniment":
                assert min(most, 1.5) <= cell.polyphony <= 3
            else:
                assert min(most, 3) <= cell.polyphony <= 4


def test_choruses_are_busier_than_verses() -> None:
    plan = make_plan(Wishes(style="pop", bars=48), seed=1)
    verse, chorus = (next(s for s in plan.sections if s.name == name) for name in ("verse", "chorus"))
    for row in plan.textures:
        quiet = [cell.density or 0 for cell in row[verse.first_bar : verse.end_bar]]
        loud = [cell.density or 0 for cell in row[chorus.first_bar : chorus.end_bar]]
        assert sum(loud) > sum(quiet)


@settings(max_examples=80, deadline=None)
@given(styles, st.integers(1, 96), st.integers(0, 99))
def test_rests_leave_nobody_out_and_never_a_bar_to_one_player(style: str, bars: int, seed: int) -> None:
    plan = make_plan(Wishes(style=style, bars=bars), seed=seed)
    rests = [[cell.is_empty for cell in row] for row in plan.textures]
    assert all(not all(row) for row in rests)
    sounding = [sum(not row[bar] for row in rests) for bar in range(bars)]
    assert min(sounding) >= min(2, len(plan.players)) and sounding[-1] == len(plan.players)
    if len(plan.players) < 4:
        assert not any(map(any, rests))
    for player, row in zip(plan.players, rests, strict=True):
        if player.role == "melody":
            silent = [bar for bar in range(bars) if row[bar]]
            assert len(silent) <= 2 and all(plan.section_at(bar).name == "intro" for bar in silent)


def test_strings_enter_later_and_the_tune_waits_in_the_intro() -> None:
    plan = make_plan(Wishes(style="ballad", bars=40), seed=0)
    strings = next(i for i, player in enumerate(plan.players) if player.instrument == "strings")
    voice = next(i for i, player in enumerate(plan.players) if player.role == "melody")
    first = next(bar for bar, cell in enumerate(plan.textures[strings]) if not cell.is_empty)
    assert first >= 4 and [cell.is_empty for cell in plan.textures[voice][:3]] == [True, True, False]
