"""Laws of the copy check: known lines and long runs are found, short ones are everybody's, the file keeps all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiyin.errors import InvalidInput, NotFound
from zhiyin.lyrics.copies import Copies, hash_of, index_of, load_copies, open_copies, save_copies

SENTENCES = [[tuple("大江东去"), tuple("浪淘尽千古风流人物")], [tuple("明月几时有"), tuple("把酒问青天")]]
INDEX = index_of("zh", SENTENCES)


def test_a_line_word_for_word_is_found_and_a_changed_one_is_not() -> None:
    assert INDEX.is_line("明月几时有") and INDEX.is_line("明月几时有把酒问青天")
    assert not INDEX.is_line("明月几时圆") and not INDEX.is_line("月几时有")


def test_the_longest_run_is_counted_across_the_comma_and_not_across_the_stop() -> None:
    assert INDEX.longest_run("江东去浪淘尽千古空") == 8
    assert INDEX.longest_run("我说明月几时有把酒问青海") == 9
    assert INDEX.longest_run("风流人物明月几时有") == 7  # seven or fewer: below what the index tells apart
    assert INDEX.longest_run("明月") == 2


def test_a_unit_that_would_begin_a_known_run_is_told_in_advance() -> None:
    assert INDEX.completes(tuple("东去浪淘尽千古"), "江")
    assert not INDEX.completes(tuple("东去浪淘尽千古"), "河")
    assert not INDEX.completes(tuple("东去浪淘尽千"), "江")  # seven in all
    assert INDEX.stops(tuple("东去浪淘尽千古风"), ["河", "江", "大"]).tolist() == [False, True, False]
    assert INDEX.stops(tuple("东去"), ["江"]).tolist() == [False]


def test_english_counts_words_and_reads_no_case() -> None:
    index = index_of("en", [[("the", "curfew", "tolls", "the", "knell", "of", "parting", "day")]])
    assert index.longest_run(index.units("The curfew tolls the knell of parting, friend")) == 7
    assert index.is_line(index.units("The curfew tolls the knell of parting day."))
    assert not index.is_line(("of", "the"))


def test_a_file_keeps_every_hash(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    table = np.unique(
        np.append(rng.integers(0, 2**32, 3000, dtype=np.uint32), np.uint32([0, 65_535, 2**32 - 1]))
    )
    save_copies(tmp_path / "c.npz", Copies("en", table, table[::7], {"lines": 1}))
    again = load_copies(tmp_path / "c.npz")
    assert np.array_equal(again.lines, table) and np.array_equal(again.runs, table[::7])
    assert again.language == "en" and again.note == {"lines": 1}


def test_hashes_do_not_run_units_together() -> None:
    assert hash_of(("a", "bc")) != hash_of(("ab", "c"))


def test_what_ships_knows_famous_lines_of_its_side() -> None:
    known = [
        open_copies("zh").is_line(line)
        for line in ("大江东去", "寻寻觅觅", "杨柳岸晓风残月", "关关雎鸠", "在河之洲")
    ]
    assert sum(known) >= 3  # four fifths of the works were learned from
    assert not open_copies("zh").is_line("电话铃声又响起")


def test_another_language_or_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="language must be one of zh, en, got 'fr'"):
        open_copies("fr")
    with pytest.raises(NotFound, match="no index of copies"):
        load_copies(tmp_path / "none.npz")
