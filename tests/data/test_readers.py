"""Each set's own rules: maps, cuts, tables and texts, against answers worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiyin.data import DATASETS, STATISTICS, TEXT_DATASETS
from zhiyin.data.billboard_chords import read_salami
from zhiyin.data.groove import drums_on_grid, to_beat_grid
from zhiyin.data.harte import parse_harte
from zhiyin.data.openscore_quartets import cut_near, movement_starts, with_pickup
from zhiyin.data.pop909 import marks_of_triads
from zhiyin.errors import InvalidInput, UnreadableFile
from zhiyin.io import save
from zhiyin.score import MetreMark, Notes, Part, Score
from zhiyin.theory.chord import Chord
from zhiyin.theory.metre import Metre
from zhiyin.units import TICKS_PER_QUARTER as Q

SALAMI = """# title: A Song
# artist: Nobody
# metre: 4/4
# tonic: A

0.0\tsilence
1.0\tA, intro, | A:min | A:min . D:7/3 . |, (guitar)
5.0\tB, verse, | (2/4) E:7 | A:min -> | N | x2, (voice
10.0\tend
"""


def test_a_billboard_text_gives_chords_sections_metres_and_tempo() -> None:
    score = read_salami(SALAMI, path="x")
    bar = 4 * Q
    assert [(s.tick, s.name) for s in score.sections] == [(0, "intro"), (2 * bar, "verse")]
    assert [(m.tick, str(m.metre)) for m in score.metres] == [
        (0, "4/4"), (2 * bar, "2/4"), (2 * bar + 2 * Q, "4/4"), (4 * bar + 2 * Q, "2/4"), (4 * bar + 4 * Q, "4/4"),
    ]  # fmt: skip
    assert [(m.tick, m.chord.name() if m.chord else "N") for m in score.chords] == [
        (0, "Am"), (bar + 2 * Q, "D7/F#"), (2 * bar, "E7"), (2 * bar + 2 * Q, "Am"), (3 * bar + 2 * Q, "N"),
        (4 * bar + 2 * Q, "E7"), (4 * bar + 4 * Q, "Am"), (5 * bar + 4 * Q, "N"),
    ]  # fmt: skip
    # Two bars in 4 s are 120 quarters a minute; five bars less four quarters in 5 s are 240: the median is 180.
    assert score.tempos[0].bpm == pytest.approx(180.0)
    assert score.keys[0].key.name == "A minor"
    assert score.end == 6 * bar + 4 * Q


def test_a_billboard_text_without_bars_is_unreadable() -> None:
    with pytest.raises(UnreadableFile, match="no bar of chords found"):
        read_salami("# title: x\n0.0\tsilence\n", path="x")


@pytest.mark.parametrize(
    ("symbol", "chord"),
    [
        ("C", Chord(0)), ("F#:min7/b3", Chord(6, "m7", 9)), ("Bb:sus4(b7,9)", Chord(10, "7sus4")),
        ("G:maj/9", Chord(7, "", 9)), ("E:min(b13)", Chord(4, "m")), ("D:hdim7", Chord(2, "m7b5")),
    ],
)  # fmt: skip
def test_harte_symbols_are_read_like_the_table(symbol: str, chord: Chord) -> None:
    assert parse_harte(symbol) == chord


def test_a_symbol_that_is_not_harte_is_refused() -> None:
    with pytest.raises(InvalidInput, match="root:quality/bass, got 'H:maj'"):
        parse_harte("H:maj")


def test_drum_hits_go_to_sixteenths_and_triplets() -> None:
    ticks = np.array([0, 1300, 2600, 3300, 5000, 6700, 7500, 10_079])
    assert to_beat_grid(ticks).tolist() == [0, 2520, 2520, 3360, 5040, 6720, 7560, 10_080]


def test_td11_keys_become_gm_keys_and_the_louder_stroke_stays() -> None:
    hits = Notes.of([(0, 10, 22, 50), (30, 10, 42, 90), (40, 10, 40, 70), (Q, 10, 36, 100)])
    mapped = drums_on_grid(hits)
    assert [(n.onset, n.pitch, n.velocity) for n in mapped] == [(0, 38, 70), (0, 42, 90), (Q, 36, 100)]


def quartet_xml(numbers: list[int]) -> str:
    bar = '<measure number="{}">{}<note><rest/><duration>6</duration></note></measure>'
    head = "<attributes><divisions>2</divisions></attributes>"
    bars = [bar.format(numbers[0], head), *(bar.format(n, "") for n in numbers[1:])]
    return f'<score><part id="P1">{"".join(bars)}</part><part id="P2"></part></score>'


def test_a_movement_begins_where_the_bar_numbers_begin_again() -> None:
    text = quartet_xml([*range(1, 11), *range(0, 7), 1])
    assert movement_starts(text) == [0.0, 30.0]  # ten bars of 3 quarters; the last 1 comes after too few bars


def test_a_quartet_is_cut_at_bar_lines_and_a_short_first_bar_becomes_a_pickup() -> None:
    metres = (MetreMark(0, Metre(3, 4)), MetreMark(30 * Q, Metre(1, 4)), MetreMark(31 * Q, Metre(3, 4)))
    notes = Notes.of([(i * Q, Q, 60 + i % 12) for i in range(40)])
    pieces = cut_near(Score(parts=(Part("Violin", notes),), metres=metres), [0.0, 30.01])
    assert [p.note_count for p in pieces] == [30, 10]
    assert pieces[1].pickup_ticks == Q
    assert [str(m.metre) for m in pieces[1].metres] == ["3/4"]
    assert with_pickup(pieces[0]) == pieces[0]


def pop_song(path: Path) -> None:
    tune = Notes.of([(i * Q, Q, 72 + i % 5) for i in range(16)])
    piano = Notes.concat([tune, Notes.of([(i * Q, Q, 48 + i % 3) for i in range(16)])])
    triads = {0: (60, 64, 67), 8 * Q: (57, 60, 64)}
    chords = Notes.of([(onset, 4 * Q, pitch) for onset, pitches in triads.items() for pitch in pitches])
    names = {"MELODY": tune, "BRIDGE": tune, "PIANO": piano, "CHORDS": chords}
    save(Score(parts=tuple(Part(name, notes) for name, notes in names.items())), path)


def test_no_note_of_a_pop909_tune_comes_through(tmp_path: Path) -> None:
    pop_song(tmp_path / "004.mid")
    (source,) = DATASETS["pop909"].sources(tmp_path)
    (piece,) = DATASETS["pop909"].read(tmp_path, source)
    assert source.split == "test"
    assert [part.name for part in piece.score.parts] == ["Piano"]
    assert max(piece.score.parts[0].notes.pitch) == 50
    assert [m.chord.name() if m.chord else "N" for m in piece.score.chords] == ["C", "N", "Am", "N"]
    assert "16 piano notes that double them dropped" in piece.remarks


def test_a_pop909_file_without_tunes_is_unreadable(tmp_path: Path) -> None:
    save(Score(parts=(Part("PIANO", Notes.of([(0, Q, 60)])),)), tmp_path / "001.mid")
    (source,) = DATASETS["pop909"].sources(tmp_path)
    with pytest.raises(UnreadableFile, match="PIANO and MELODY must be there"):
        list(DATASETS["pop909"].read(tmp_path, source))


def test_block_chords_become_marks_with_the_lowest_note_as_bass() -> None:
    notes = Notes.of([(Q, Q, 64), (Q, Q, 67), (Q, Q, 72), (2 * Q, Q, 64), (2 * Q, Q, 67), (2 * Q, Q, 72)])
    marks = marks_of_triads(notes)
    assert [(m.tick, m.chord.name() if m.chord else "N") for m in marks] == [
        (0, "N"),
        (Q, "C/E"),
        (3 * Q, "N"),
    ]


def test_poems_keep_their_lines_and_lose_modern_prologues(tmp_path: Path) -> None:
    folder = tmp_path / "水墨唐诗"
    folder.mkdir()
    entry = '{"author":"王维","title":"鹿柴","paragraphs":["空山不见人。"],"prologue":"现代"}'
    text = f'[{entry},{{"name":"王维","desc":"x"}}]'
    (folder / "a.json").write_text(text, encoding="utf-8")
    (poem,) = TEXT_DATASETS["chinese_poetry"].texts(tmp_path)
    assert (poem.title, poem.author, poem.lines, poem.marks) == ("鹿柴", "王维", ("空山不见人。",), ())


def test_pronunciations_and_stanzas_are_read(tmp_path: Path) -> None:
    (tmp_path / "cmudict.dict").write_text("read R EH1 D # past\nread(2) R IY1 D\n")
    words = list(TEXT_DATASETS["cmudict"].texts(tmp_path))
    assert [(w.title, w.lines, w.marks) for w in words] == [
        ("read", ("read",), ("R", "EH1", "D")),
        ("read(2)", ("read",), ("R", "IY1", "D")),
    ]
    (tmp_path / "english_raw").mkdir()
    one = "TITLE One\n\nRHYME a a\n\nsun,\nfun.\n\nRHYME a *\n\nend\n\n"
    poem = f"AUTHOR A. Poet\n\n{one}TITLE Two\n\nRHYME a\n\nlast\n"
    (tmp_path / "english_raw" / "poet.txt").write_text(poem)
    stanzas = list(TEXT_DATASETS["rhymedata"].texts(tmp_path))
    assert [(s.title, s.lines, s.marks) for s in stanzas] == [
        ("One", ("sun,", "fun."), ("a", "a")),
        ("One", ("end",), ("a", "*")),
        ("Two", ("last",), ("a",)),
    ]


def test_folk_song_counts_give_shares(tmp_path: Path) -> None:
    (tmp_path / "cn_folk_stats.json").write_text('{"yunnan": {"songs": 3, "degree": {"1": 3, "5": 1}}}')
    counts = STATISTICS["cn_folk_stats"].statistics(tmp_path)["yunnan"]
    assert counts.songs == 3
    assert counts.share("degree", "1") == 0.75
    assert counts.share("degree", "7") == counts.share("final", "1") == 0.0
