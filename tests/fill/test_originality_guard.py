"""The guard: a copied run is refused at its 24th note, in any key and pace, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.fill.band import PLAYERS, frame, untrained
from tests.rights.known import known_library, known_tune, line_notes, score_of
from zhiyin.fill.constraints import Density, MaxPolyphony, Original
from zhiyin.fill.decode import fill
from zhiyin.fill.originality_guard import Follower
from zhiyin.fill.request import Request
from zhiyin.rights.hashed import keep_runs
from zhiyin.rights.index import Piece, build_index
from zhiyin.rights.lines import top_line_of
from zhiyin.rights.storage import Library
from zhiyin.rights.texture import TUNE_SIZE, TUNE_WINDOW, tune_source
from zhiyin.score import Cell, Notes

Line = list[tuple[int, int]]


def line_of(notes: Notes) -> Line:
    """Return (step, pitch) of each note."""
    return list(zip((notes.onset // 420).tolist(), notes.pitch.tolist(), strict=True))


def refused(line: Line, *, longest: int = 24, library: Library | None = None) -> list[int]:
    """Return which notes (from 1) the guard refuses, each line before it followed as it stands."""
    follower = Follower(library or known_library(), longest=longest)
    found = []
    for count, (step, pitch) in enumerate(line):
        if follower.forbidden(step)[pitch]:
            found.append(count + 1)
        follower.follow(line[: count + 1])
    return found


def test_a_copy_is_refused_from_its_24th_note_on_in_any_key_and_pace() -> None:
    for tune in (known_tune(), known_tune(shift=-5), known_tune(pace=2)):
        assert refused(line_of(tune)) == list(range(24, 33))


def test_a_shorter_limit_refuses_earlier() -> None:
    assert refused(line_of(known_tune()), longest=20) == list(range(20, 33))


def test_a_changed_note_or_length_begins_the_count_anew() -> None:
    changed = line_of(known_tune())
    changed[12] = (changed[12][0], changed[12][1] + 1)
    assert refused(changed) == []
    later = [(step + (7 if i > 6 else 0), pitch) for i, (step, pitch) in enumerate(line_of(known_tune()))]
    # The length of the seventh note differs: the run begins at the eighth, whose 24th note is the 31st.
    assert refused(later) == [31, 32]


def test_only_the_pitch_that_goes_on_is_forbidden() -> None:
    line = line_of(known_tune())
    follower = Follower(known_library(), longest=24)
    follower.follow(line[:23])
    assert np.flatnonzero(follower.forbidden(line[23][0])).tolist() == [line[23][1]]
    assert not follower.forbidden(line[23][0] + 1).any()  # another length is another rhythm


def test_going_back_and_on_gives_what_going_straight_gives() -> None:
    line = line_of(known_tune())
    follower = Follower(known_library(), longest=24)
    follower.follow([*line[:20], (line[20][0], 1), (line[20][0] + 3, 2)])
    follower.follow(line[:23])
    assert follower.forbidden(line[23][0])[line[23][1]]
    follower.follow([(step + 960, pitch) for step, pitch in line[:23]])  # another line altogether
    assert follower.forbidden(line[23][0] + 960)[line[23][1]]


def test_notes_that_stand_behind_are_joined_to_what_is_written() -> None:
    line = line_of(known_tune())
    follower = Follower(known_library(), longest=24)
    follower.follow(line[:14])
    assert follower.would_join(line[14:])
    assert not follower.would_join(line[14:22])
    follower.follow([(s - 6000, p + 1) for s, p in line[:5]])
    assert not follower.would_join(line)  # the copy begins behind: it is not of our writing


def test_a_tune_known_by_hashes_alone_is_refused_before_24_notes() -> None:
    rng = np.random.default_rng(4)
    pitches = tuple((50 + np.abs(np.cumsum(rng.integers(-4, 5, 60))) % 30).tolist())
    score = score_of(line_notes(pitches, (24,) * 60))
    tunes = keep_runs(
        [tune_source(0, score, top_line_of(0, score.parts[0]))], size=TUNE_SIZE, window=TUNE_WINDOW
    )
    base = known_library()
    library = Library(base.melodies, base.textures, tunes, (Piece("c", "1", "c", "", "", "compare"),), {})
    at = refused(line_of(score.parts[0].notes), library=library)
    assert 17 <= at[0] <= 24
    assert max(np.diff(at)) <= TUNE_WINDOW  # whatever 24 notes are copied, one of them is refused


def test_the_check_tells_given_notes_and_refuses_written_ones() -> None:
    score = score_of(known_tune(shift=3))
    library = known_library()
    written = Original(library=library).check(score)
    assert not written.kept and written.measured == "longest shared run 32 notes"
    given = Original(frozenset({Cell(0, 99)}), library=library).check(score)
    assert given.kept and "32 in the notes given" in given.measured
    joined = Original(frozenset({Cell(0, 8)}), library=library).check(score)  # its last bar alone was written
    assert not joined.kept and joined.where.startswith("bars 1, 2")


def test_a_figure_going_round_is_nobodys_own() -> None:
    figure = line_notes((48, 55, 52, 55) * 16, (12,) * 64)
    base = known_library()
    index = build_index([(Piece("o", "1", "w", "Alberti", ""), score_of(figure))])
    library = Library(index, base.textures, base.tunes, (), {})
    assert refused(line_of(figure), library=library) == []
    assert Original(library=library).check(score_of(figure)).kept


def test_a_model_that_would_write_a_known_tune_again_writes_another() -> None:
    cells = frozenset(Cell(0, bar) for bar in range(8))
    wishes = (Density(0, 1.5), MaxPolyphony((1, 1, 1, 1)))
    request = Request(frame(8), cells, wishes, seed=3, instruments=PLAYERS, bars=8)
    own = fill(request, untrained())[0].score
    assert len(own.parts[0].notes) >= 20
    index = build_index([(Piece("o", "1", "w", "Own", ""), own.with_parts([own.parts[0]]))])
    base = known_library()
    wish = Original(library=Library(index, base.textures, base.tunes, (), {}), longest=16)
    assert not wish.check(own).kept
    again = fill(replace(request, constraints=(*wishes, wish)), untrained())[0]
    assert again.report.is_kept
    first = again.score.parts[0].notes.pitch.tolist()[:15]
    assert first == own.parts[0].notes.pitch.tolist()[:15]  # up to there nothing is refused
