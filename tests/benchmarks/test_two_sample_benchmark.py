"""The two-sample benchmark's own parts: who is asked for, where windows are cut, and the 4-gram's sampler."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.floors import NGram, Streams
from benchmarks.generators import asking_of, players_of
from benchmarks.ngram_sampler import NGramSampler
from benchmarks.two_sample import halved
from zhiyin.data.corpus import CorpusView
from zhiyin.data.tables import SCHEMA
from zhiyin.encode.fields import END
from zhiyin.judge.excerpts import corpus_excerpt, piece_places
from zhiyin.judge.two_sample import Samples
from zhiyin.score import Notes, Part, Score
from zhiyin.units import TICKS_PER_STEP


def part(program: int, *rows: tuple[int, int, int], is_drums: bool = False) -> Part:
    notes = Notes.of(
        (o * TICKS_PER_STEP, d * TICKS_PER_STEP, p) for o, d, p in rows or [(0, 24, 60), (0, 24, 64)]
    )
    return Part("p", notes, program=program, is_drums=is_drums)


CASES: dict[str, tuple[list[Part], tuple[str, ...]]] = {
    "two hands are one pianist": ([part(0), part(0)], ("piano",)),
    "four singers are four voices": ([part(52)] * 4, ("soprano", "alto", "tenor", "bass-voice")),
    "a song is a singer with a pianist": ([part(52), part(0), part(0)], ("voice", "piano")),
    "a quartet has two violins": (
        [part(40), part(40), part(41), part(42)],
        ("violin", "violin", "viola", "cello"),
    ),
    "a tune on a keyboard is a fiddler's": ([part(0, (0, 24, 60), (24, 24, 62))], ("violin",)),
    "a band has one drummer": ([part(0, is_drums=True), part(33)], ("drums", "bass-guitar")),
}


@pytest.mark.parametrize("case", CASES)
def test_players_are_asked_for_as_a_musician_would(case: str) -> None:
    parts, wanted = CASES[case]
    assert players_of(Score(parts=tuple(parts))) == (wanted, ())


def test_the_withheld_tune_of_a_pop_song_is_asked_for_and_left_out() -> None:
    assert players_of(Score(parts=(part(0),)), set_name="pop909") == (("voice", "piano"), ("voice",))


def one_piece(bars: int) -> CorpusView:
    """Return a corpus of one 4/4 piece for two violins, a quarter and its fifth on every beat."""
    beats = np.arange(bars * 4)
    fill = {"text": "", "bool": False}
    tables = {n: {c: [] for c in columns} for n, columns in SCHEMA.items()}
    piece = {c: [fill.get(kind, 0)] for c, kind in SCHEMA["pieces"].items()}
    tables["pieces"] = piece | {
        "style": ["waltz"],
        "set": ["s"],
        "id": ["a"],
        "bars": [bars],
        "length_steps": [bars * 96],
    }
    tables["parts"] = {"piece": [0, 0], "part": [0, 1], "name": ["1", "2"], "role": [0, 5], "program": [40, 40],
                       "is_drums": [False, False]}  # fmt: skip
    zeros = np.zeros(beats.size, np.int64)
    both = {
        "piece": zeros,
        "onset": beats * 24,
        "duration": zeros + 24,
        "level": zeros + 4,
        "voice": zeros - 1,
    }
    tables["notes"] = {c: np.concatenate([v, v]) for c, v in both.items()}
    tables["notes"] |= {"part": np.repeat([0, 1], beats.size), "pitch": np.repeat([67, 60], beats.size)}
    count = np.arange(bars)
    tables["bars"] = {"piece": count * 0, "bar": count, "start": count * 96, "length": count * 0 + 96,
                      "numerator": count * 0 + 4, "denominator": count * 0 + 4, "tonic_fifths": count * 0,
                      "mode": count * 0, "tempo": count * 0 + 90.0, "section": count * 0 - 1,
                      "repeat_of": count * 0 - 1}  # fmt: skip
    tables = {n: {c: v if isinstance(v, list) and v and isinstance(v[0], str) else np.asarray(v)
                  for c, v in t.items()} for n, t in tables.items()}  # fmt: skip
    return CorpusView.of(tables)  # type: ignore[arg-type]


def test_a_late_window_is_answered_by_the_late_half_of_the_composed_piece() -> None:
    view = one_piece(40)
    places = piece_places(view, 0)
    assert [p.first_bar for p in places] == list(range(0, 33, 4))
    askings = [asking_of(view, place, corpus_excerpt(view, place)) for place in places]
    assert [a.window for a in askings] == [0, 0, 0, 4, 4, 4, 8, 8, 8]  # 16 bars are composed
    assert {(a.wishes.style, a.wishes.bars, a.wishes.tempo_bpm, a.wishes.players) for a in askings} == {
        ("waltz", 16, 90.0, ("violin", "violin"))
    }
    assert [a.first for a in askings] == [0, *[4] * 8]  # four bars lead into a framed window


def test_each_asking_has_a_seed_of_its_own() -> None:
    view = one_piece(40)
    askings = [asking_of(view, place, corpus_excerpt(view, place)) for place in piece_places(view, 0)]
    assert len({a.seed_for(draw) for a in askings for draw in (0, 1, 2)}) == 3 * len(askings)


def test_a_window_holds_the_notes_of_its_bars() -> None:
    view = one_piece(12)
    found = corpus_excerpt(view, piece_places(view, 0)[1])
    assert len(found) == 2 * 32
    assert sorted(set(found.onset.tolist())) == [24 * i for i in range(32)]
    assert found.metre == (4, 4)


def test_in_the_human_control_pieces_go_in_pairs_one_of_each_name() -> None:
    piece = np.array([f"p{i // 2}" for i in range(14)])  # seven pieces of two windows: one finds no partner
    style, seed = np.array(["waltz"] * 14), np.zeros(14, np.int64)
    x = np.arange(14, dtype=np.float32)[:, None]
    found = halved(Samples(x, np.zeros(14, bool), style, piece, seed))
    assert len(found.group) == 12
    for group in set(found.group.tolist()):
        assert sorted(found.is_generated[found.group == group].tolist()) == [False, False, True, True]


def test_the_sampler_of_a_row_that_never_changes_repeats_it() -> None:
    # One bar, a hundred times: C at 0, E at 48, end.
    bar = [(0, 60, 48, 16), (48, 64, 48, 16), (END, -1, -1, -1)]
    symbols = np.array(bar * 100, np.int64)
    zeros = np.zeros(len(symbols), np.int64)
    counts = NGram(Streams(symbols, zeros, zeros, zeros, np.ones(len(symbols), bool)), n=4)
    melody = Part("p", role="melody")
    notes = NGramSampler(counts).write(melody, [0, 96, 192, 288], np.random.default_rng(0))
    rows = [(n.onset // TICKS_PER_STEP, n.pitch) for n in notes]
    usual = [(b * 96 + o, p) for b in range(3) for o, p in ((0, 60), (48, 64))]
    assert len(set(rows) & set(usual)) >= 5
