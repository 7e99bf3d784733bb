"""Search: shared runs are found whole, against brute force; copies with changes are found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.rights.known import LENGTHS, PITCHES, known_library, known_tune, line_notes, score_of
from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.rights.align import SILENT, align
from zhiyin.rights.hashed import keep_runs
from zhiyin.rights.index import (
    END,
    FOUND_NOTES,
    GRAM,
    Piece,
    build_index,
    gram_hash,
    gram_hashes,
    plain_grams,
)
from zhiyin.rights.lines import Line, top_line_of
from zhiyin.rights.report import report_on, texture_passages, tune_runs
from zhiyin.rights.search import nearest, shared_runs
from zhiyin.rights.storage import Library, load_library, save_library, shipped_library
from zhiyin.rights.texture import TUNE_SIZE, TUNE_WINDOW, texture_of, texture_source, tune_source
from zhiyin.score import Notes, Part, Score


def walk(seed: int, size: int = 80) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return (pitches, lengths) of a line that steps about at random."""
    rng = np.random.default_rng(seed)
    pitch = 40 + np.abs(np.cumsum(rng.integers(-4, 5, size))) % 40
    return tuple(pitch.tolist()), tuple(rng.choice([6, 12, 24, 36], size).tolist())


def library_of(*scores: Score) -> Library:
    """Return a library of scores, each a work of its own."""
    index = build_index([(Piece("own", str(i), f"w{i}", f"Piece {i}", ""), s) for i, s in enumerate(scores)])
    textures = keep_runs([texture_source(i, s) for i, s in enumerate(scores)], size=8, window=24)
    return Library(index, textures, keep_runs([], size=TUNE_SIZE, window=TUNE_WINDOW), (), {})


def brute_runs(own: Line, other: Line, *, with_rhythm: bool) -> int:
    """Return the most notes of a run that two lines share, by trying every pair of places."""
    best = 0
    for i in range(own.intervals.size):
        for j in range(other.intervals.size):
            n = 0
            while i + n < own.intervals.size and j + n < other.intervals.size:
                if own.intervals[i + n] != other.intervals[j + n]:
                    break
                if with_rhythm and n and own.ratios[i + n] != other.ratios[j + n]:
                    break
                n += 1
            best = max(best, n + 1 if n else 0)
    return best


@pytest.mark.parametrize("seed", range(6))
def test_the_longest_shared_run_is_that_of_brute_force(seed: int) -> None:
    (theirs, lengths), (ours, own_lengths) = walk(seed), walk(seed + 100)
    rng = np.random.default_rng(seed)
    size, at, to = int(rng.integers(FOUND_NOTES, 40)), int(rng.integers(30)), int(rng.integers(30))
    pitches, long = list(ours), list(own_lengths)
    pitches[to : to + size] = [p + 3 for p in theirs[at : at + size]]
    long[to : to + size] = lengths[at : at + size]
    known = line_notes(theirs, lengths)
    index = build_index([(Piece("own", "1", "w", "P", ""), score_of(known))])
    line = top_line_of(0, Part("A", line_notes(tuple(pitches), tuple(long), pace=2)))
    other = top_line_of(0, Part("B", known))
    for with_rhythm in (False, True):
        wanted = brute_runs(line, other, with_rhythm=with_rhythm)
        assert wanted >= size
        assert shared_runs(index, line, with_rhythm=with_rhythm).longest == wanted


def test_every_window_of_seven_grams_keeps_one_unless_all_are_plain() -> None:
    index = known_library().melodies
    plain = plain_grams(index.intervals)
    kept = np.zeros(index.intervals.size, bool)
    kept[index.positions] = True
    grams = index.intervals.size - 1 - GRAM + 1  # the last symbol is END
    assert index.intervals[-1] == END
    for first in range(grams - 6):
        assert kept[first : first + 7].any() or plain[first : first + 7].all()


def test_a_run_stops_at_the_end_of_a_line() -> None:
    pitches, lengths = walk(1, 30)
    more, long = walk(2, 30)
    score = score_of(line_notes(pitches, lengths), line_notes(more, long))
    index = build_index([(Piece("own", "1", "w", "P", ""), score)])
    both = line_notes((*pitches, *more), (*lengths, *long))
    assert shared_runs(index, top_line_of(0, Part("A", both)), with_rhythm=False).longest == 30


def test_rhythm_alone_may_break_a_run() -> None:
    changed = line_notes(PITCHES, (*LENGTHS[:16], 48, *LENGTHS[17:]))
    line = top_line_of(0, Part("A", changed))
    index = known_library().melodies
    assert shared_runs(index, line, with_rhythm=False).longest == 32
    assert shared_runs(index, line, with_rhythm=True).longest == 17


def test_one_hash_of_a_gram_is_the_hash_of_many() -> None:
    intervals = np.array([5, -60, 0, 60, -1, 2, 7], np.int8)
    assert [gram_hash(intervals[i : i + 6].tolist()) for i in range(2)] == gram_hashes(intervals).tolist()


def test_an_ornamented_copy_is_found_among_others() -> None:
    others = [score_of(line_notes(*walk(seed))) for seed in range(20)]
    library = library_of(score_of(known_tune()), *others)
    pitches, lengths = list(PITCHES), list(LENGTHS)
    pitches[10:11], lengths[10:11] = [64, 65, 64], [12, 12, 24]  # a mordent
    del pitches[20], lengths[20]
    changed = line_notes(tuple(pitches), tuple(lengths), shift=4)
    votes = nearest(library.melodies, top_line_of(0, Part("A", changed)))
    assert votes.piece[0] == 0
    # 31 notes agree, two were added (half a note each), one dropped (half a note).
    assert votes.score[0] == 31 - 1.5


def test_alignment_counts_notes_that_agree_less_half_a_note_for_each_added_or_dropped() -> None:
    passages = np.array([[55, 60, 62, 63, 64, 65], [60, 62, 64, 65, SILENT, SILENT], [1, 2, 3, 4, 5, 6]])
    assert align(np.array([60, 62, 64, 65]), passages).tolist() == [3.5, 4.0, 0.0]


def test_texture_is_the_same_in_any_key_and_rhythm() -> None:
    def chords(shift: int, pace: int) -> Score:
        rows = [(0, (48, 64, 67)), (24, (53, 65, 69)), (36, (55, 62, 71)), (60, (48, 60, 64))]
        notes = [(t * pace * 420, 420 * 12 * pace, p + shift) for t, chord in rows for p in chord]
        return score_of(Notes(*(np.array(c) for c in zip(*notes, strict=True)), np.full(len(notes), 80)))

    assert texture_of(chords(0, 1))[0].tolist() == texture_of(chords(5, 3))[0].tolist()
    # C E G over C to F A C over F: above the bass C, F A C are 5 9 0; the bass moves by 5.
    assert texture_of(chords(0, 1))[0][0] == (1 << 5 | 1 << 9) * 12 + 5


def test_a_shared_texture_is_told_with_its_place() -> None:
    rng = np.random.default_rng(3)
    chords = [sorted(rng.choice(np.arange(48, 80), 4, replace=False).tolist()) for _ in range(60)]
    notes = [(i * 10_080, 10_080, p) for i, chord in enumerate(chords) for p in chord]
    score = score_of(Notes(*(np.array(c) for c in zip(*notes, strict=True)), np.full(len(notes), 80)))
    passage = texture_passages(score, library_of(score))[0]
    assert passage.notes >= 16 and passage.our_bars[0] == passage.their_bars[0]


def test_a_tune_kept_as_hashes_is_found_and_holds_no_notes() -> None:
    pitches, lengths = walk(5, 60)
    score = score_of(line_notes(pitches, lengths))
    line = top_line_of(0, score.parts[0])
    tunes = keep_runs([tune_source(0, score, line)], size=TUNE_SIZE, window=TUNE_WINDOW)
    library = Library(
        known_library().melodies, known_library().textures, tunes, (Piece("c", "1", "c", "", ""),), {}
    )
    own = top_line_of(0, Part("A", line_notes(pitches[20:46], lengths[20:46], shift=-7)))
    assert max(notes for _, notes in tune_runs(library, own)) >= 17
    assert tune_runs(library, top_line_of(0, Part("A", line_notes(*walk(6))))) == []
    # One run in 4.5 of those there are, as 32 bits: fewer bits than the runs themselves have.
    assert tunes.hashes.size < 45 / 2 and tunes.hashes.dtype == np.uint32


def test_the_report_names_the_work_and_both_places() -> None:
    rest = line_notes((72, 71), (72, 72))
    late = known_tune(shift=2)
    moved = Notes.concat([rest, late.with_columns(onset=late.onset + 2 * 72 * 420)])
    report = report_on(score_of(moved), known_library())
    passage = report.parts[0].passages[0]
    assert (passage.piece.title, passage.agrees, passage.notes) == ("Known tune", "pitch and rhythm", 32)
    assert passage.our_bars == (3, 11) and passage.their_bars == (1, 9)
    assert passage.quarters == sum(LENGTHS[:-1]) / 24
    assert report.level == "long run" and "not a legal judgement" in report.verdict[0]
    assert report.parts[0].gram_share > 0.9


def test_music_of_its_own_is_called_ordinary() -> None:
    report = report_on(score_of(line_notes(*walk(9))), known_library())
    assert (report.level, report.gram_share) == ("ordinary", 0.0)


def test_a_saved_library_comes_back_equal_and_is_written_the_same_twice(tmp_path: Path) -> None:
    library = library_of(score_of(known_tune()), score_of(line_notes(*walk(3)), line_notes(*walk(4))))
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    save_library(library, one)
    save_library(load_library(one), two)
    assert one.read_bytes() == two.read_bytes()
    again = load_library(one).melodies
    for name in ("intervals", "ratios", "positions", "bucket_size", "line_start", "bars"):
        assert np.array_equal(getattr(again, name), getattr(library.melodies, name))
    assert again.pieces == library.melodies.pieces


def test_a_missing_or_broken_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no originality index at .*none.zip.*zhiyin originality build"):
        load_library(tmp_path / "none.zip")
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    with pytest.raises(UnreadableFile, match="rebuild it with  zhiyin originality build"):
        load_library(tmp_path / "bad.zip")


def test_an_index_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="an index needs pieces with a line of 13 notes or more, got none"):
        build_index([])


def test_the_shipped_index_is_small_and_holds_no_tune_that_is_only_compared_with() -> None:
    library = shipped_library()
    assert library.about["pieces"] == len(library.melodies.pieces) > 10_000
    assert {piece.split for piece in library.melodies.pieces} == {"train"}
    assert len(library.tune_pieces) == 864 and library.tunes.size == 16
