"""Laws of line models: all that ship speak one protocol, mixes add probabilities, names are checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zhiyin.encode.verse import VerseUnits
from zhiyin.errors import InvalidInput
from zhiyin.lyrics.line_model import LinePrompt
from zhiyin.lyrics.line_models import LINE_MODELS, open_line_model
from zhiyin.lyrics.line_models_net import MixedLines, NetLines
from zhiyin.lyrics.ngram import CountedLines
from zhiyin.models.net_file import NetFile
from zhiyin.models.verse_config import VerseConfig, VerseSettings
from zhiyin.models.verse_ngram import count

UNITS = ("", "雨", "夜", "灯", "人")
CONFIG = VerseConfig(VerseSettings(width=16, layers=1, heads=2, hidden=24, embed=12, dropout=0.0), len(UNITS))


def small_net() -> NetLines:
    """Return a net of random weights with the names and shapes of a file."""
    s, rng = CONFIG.settings, np.random.default_rng(0)
    shapes = {
        "embed.weight": (len(UNITS) + 1, s.embed), "enter.weight": (s.width, s.embed),
        "kind.weight": (CONFIG.kinds, s.width), "length.weight": (CONFIG.lengths + 2, s.width),
        "theme.weight": (s.width, s.embed), "norm.weight": (s.width,), "leave.weight": (s.embed, s.width),
        "bias": (len(UNITS),), "blocks.0.attention_norm.weight": (s.width,),
        "blocks.0.qkv.weight": (3 * s.width, s.width), "blocks.0.out.weight": (s.width, s.width),
        "blocks.0.hidden_norm.weight": (s.width,), "blocks.0.gate_up.weight": (2 * s.hidden, s.width),
        "blocks.0.down.weight": (s.width, s.hidden),
    }  # fmt: skip
    weights = {name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}
    told = {"units": list(UNITS), "syllables": [0, 1, 1, 1, 1, 1]}
    return NetLines(NetFile("tiny", "verse", CONFIG.to_dict() | {"told": told}, weights, {}, "0" * 64))


def small_counts(units: tuple[str, ...] = UNITS) -> CountedLines:
    counts = count([[1, 2, 3], [1, 4]], units=len(units), order=3, least=(1, 1), note={"language": "zh"})
    return CountedLines(counts, units, name="c", version="1")


@pytest.mark.parametrize("name", list(LINE_MODELS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_model_that_ships_gives_a_distribution_over_its_units(name: str, language: str) -> None:
    model = open_line_model(language, name)
    assert model.language == language and model.units[0] == "" and len(set(model.units)) == len(model.units)
    prompt = LinePrompt("song" if language == "en" else "ci", 5, ("a line above",), ("rain",))
    state = model.step(model.start(prompt), np.array([0, 0, 0]), np.array([5, 9, 700]))
    logs = model.log_probabilities(state)
    assert logs.shape == (3, len(model.units)) and logs.dtype == np.float32
    assert np.exp(logs.astype(np.float64)).sum(axis=1) == pytest.approx(np.ones(3), abs=1e-3)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_models_of_a_language_share_their_units(language: str) -> None:
    units = {tuple(u.lower() for u in open_line_model(language, name).units) for name in LINE_MODELS}
    assert len(units) == 1


def test_a_mix_adds_the_probabilities_of_its_members() -> None:
    net, counts = small_net(), small_counts()
    mixed = MixedLines(net, counts, share=0.25)
    prompt = LinePrompt(length=3)
    beams, units = np.array([0, 0]), np.array([1, 2])
    found, one, other = (
        np.exp(m.log_probabilities(m.step(m.start(prompt), beams, units))) for m in (mixed, net, counts)
    )
    assert found == pytest.approx(0.25 * one + 0.75 * other, abs=1e-5)


def test_members_of_a_mix_must_share_their_units() -> None:
    with pytest.raises(InvalidInput, match="a mix needs members with the same units, got 5 and 3"):
        MixedLines(small_net(), small_counts(("", "雨", "灯")), share=0.5)


def test_counts_know_what_stands_to_the_right() -> None:
    model = small_counts()
    start = model.start(LinePrompt())
    after = [model.step(start, np.array([0]), np.array([unit])) for unit in (1, 3)]
    likely = [float(np.exp(model.log_probabilities(state))[0, 2]) for state in after]
    assert likely[0] > likely[1]  # 2 stands to the left of 1, never of 3


def test_prompts_are_read_as_units() -> None:
    """A theme and lines above change what comes; words that are no units change nothing."""
    net = small_net()

    def first(prompt: LinePrompt) -> Any:
        return net.log_probabilities(net.start(prompt))

    plain = first(LinePrompt())
    assert np.abs(first(LinePrompt(theme=("雨夜",))) - plain).max() > 1e-4
    assert np.abs(first(LinePrompt(before=("灯，人。",))) - plain).max() > 1e-4
    assert np.array_equal(first(LinePrompt(theme=("xyz",))), plain)
    assert np.array_equal(first(LinePrompt(kind="unheard-of")), plain)


def test_another_name_or_language_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"line model must be auto or one of .*, got 'gpt'"):
        open_line_model("zh", "gpt")
    with pytest.raises(InvalidInput, match="language must be one of zh, en, got 'fr'"):
        open_line_model("fr")


def test_running_text_is_split_without_its_marks() -> None:
    assert VerseUnits("en", ("",)).split("O’er hill-side, “gone”!") == ("o'er", "hill", "side", "gone")
    assert VerseUnits("zh", ("",)).split("雨，夜 灯") == ("雨", "夜", "灯")
