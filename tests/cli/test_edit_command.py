"""Laws of `zhiyin edit`: steps are shown first, nothing is written unasked, the file holds what was said.

Conventions: written files are read back by mido, which knows nothing of ours.
Does not know: how sentences are read (tests/brief/test_edit_words.py).
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import mido
import pytest
from typer.testing import CliRunner

from zhiyin.apps.edit_ import EditRequest, edited_path, hands_apart, planned, run
from zhiyin.apps.edit_acts import ACT_RUNNERS
from zhiyin.apps.files import read_score
from zhiyin.cli.words import LANGUAGE_NAME
from zhiyin.errors import InvalidInput
from zhiyin.io import load, save
from zhiyin.score import Lock, Notes, Origin, Part, Score

Q = 10_080


@pytest.fixture
def song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file of four bars: a flute, a piano, drums; the working folder is its folder, the language English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(LANGUAGE_NAME, "en")
    parts = (
        Part("Flute", Notes.of([(i * Q, Q, 72 + i % 5) for i in range(16)]), role="melody", program=73),
        Part("Piano", Notes.of([(i * Q, Q, 48) for i in range(16)]), role="accompaniment"),
        Part("Drums", Notes.of([(i * Q, Q, 36) for i in range(16)]), role="drums", is_drums=True),
    )
    save(Score("song", parts), tmp_path / "song.mid")
    return tmp_path / "song.mid"


def typed(*words: str) -> tuple[int, str, str]:
    """Return (exit code, stdout, stderr) of `zhiyin edit` and words."""
    from zhiyin.cli.commands import app

    done = CliRunner().invoke(app, ["edit", *words])
    return done.exit_code, done.stdout, done.stderr


def sounding(path: Path) -> dict[int, list[int]]:
    """Return the pitches struck on each MIDI channel, as mido reads the file."""
    found: dict[int, list[int]] = {}
    for message in mido.MidiFile(path):
        if message.type == "note_on" and message.velocity:
            found.setdefault(message.channel, []).append(message.note)
    return found


def test_a_dry_run_shows_the_steps_and_writes_nothing(song: Path) -> None:
    before = song.read_bytes()
    code, out, _ = typed("song.mid", "20 % faster and drop the piano", "--dry-run")
    assert code == 0
    assert out.splitlines()[:2] == [
        "1. tempo times 1.2 (at the start: 144 BPM): all bars, all parts",
        "2. drop: all bars, Piano",
    ]
    assert list(song.parent.iterdir()) == [song] and song.read_bytes() == before


def test_without_a_terminal_and_without_yes_nothing_is_written(song: Path) -> None:
    code, out, err = typed("song.mid", "drop the piano")
    assert (code, out.startswith("1. drop")) == (0, True)
    assert "nothing was changed: add --yes to write" in err
    assert list(song.parent.iterdir()) == [song]


def test_what_was_said_is_in_the_file_as_another_reader_finds_it(song: Path) -> None:
    before = sounding(song)
    code, out, _ = typed(
        "song.mid", "drop the piano, the flute an octave lower in bars 3-4", "-o", "new.mid", "--yes"
    )
    after = sounding(song.parent / "new.mid")
    assert code == 0 and "new.mid" in out
    assert sorted(map(len, after.values())) == [16, 16]
    flute = next(line for line in before.values() if line[0] == 72)
    assert [*flute[:8], *(pitch - 12 for pitch in flute[8:])] in after.values()


def test_the_steps_are_told_in_the_language_of_the_sentence(song: Path) -> None:
    _, out, _ = typed("song.mid", "鼓轻一点呱啦", "--dry-run")
    assert out.startswith("1. 更轻，力度变化12：全曲，Drums")
    assert "呱啦" in out


def test_a_machine_gets_the_plan_and_the_place_as_one_object(song: Path) -> None:
    code, out, _ = typed("song.mid", "bars 1-2 softer zorbly", "--yes", "--json")
    tree: dict[str, Any] = json.loads(out)
    assert (code, tree["target"], tree["not_understood"]) == (0, "song-edited.mid", ["zorbly"])
    assert (tree["steps"][0]["bars"], tree["notes"]) == ([[0, 1]], 48)
    assert edited_path(Path("song.mid")) == Path("song-edited-2.mid")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("song.mid", "hello there"), "nothing in 'hello there' was understood as an edit"),
        (("song.mid", "drop the oboe"), "got 'oboe': name one of these"),
        (("song.mid", "bars 3-9 softer"), "bars must lie in 1..4"),
        (
            ("song.mid", "drop the piano", "-o", "song.mid", "--yes"),
            "the target must be another file than the source",
        ),
        (("song.mid", "drop the piano", "-o", "song.doc", "--yes"), "must end in one of"),
        (("none.mid", "drop the piano"), "there must be a file at 'none.mid'"),
    ],
)
def test_wrong_input_is_exit_2_and_leaves_everything_as_it_was(
    song: Path, words: tuple[str, ...], message: str
) -> None:
    before = song.read_bytes()
    code, _, err = typed(*words)
    assert code == 2 and message in err
    assert list(song.parent.iterdir()) == [song] and song.read_bytes() == before


def test_an_act_that_is_not_in_the_table_is_refused_by_name(
    song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(ACT_RUNNERS, "infill", raising=False)
    with pytest.raises(InvalidInput, match="got 'infill': leave this step out"):
        run(EditRequest(song, "make the drums simpler"))
    assert list(song.parent.iterdir()) == [song]


def test_an_act_in_the_table_writes_what_it_is_told(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def infill(score: Score, order: object, seed: int) -> Score:
        return score.with_parts([*score.parts[:2], score.parts[2].with_notes(Notes.of([(0, Q, 38)]))])

    monkeypatch.setitem(ACT_RUNNERS, "infill", infill)
    done = run(EditRequest(song, "make the drums simpler", song.with_name("new.mid")))
    assert (done.notes, [38] in sounding(song.with_name("new.mid")).values()) == (33, True)


def test_the_file_tells_that_the_notes_came_from_the_source_and_the_new_ones_from_the_act(
    song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def infill(score: Score, order: object, seed: int) -> Score:
        mark = len(score.provenance)
        struck = Notes.of([(0, Q, 38)]).with_columns(origin=[mark])
        told = replace(score, provenance=(*score.provenance, Origin("model", "small", "seed=0")))
        return told.with_parts([*score.parts[:2], score.parts[2].with_notes(struck)])

    monkeypatch.setitem(ACT_RUNNERS, "infill", infill)
    run(EditRequest(song, "make the drums simpler and drop the piano", song.with_name("new.mid")))
    again = read_score(song.with_name("new.mid")).score
    kinds = [[again.provenance[i].kind for i in part.notes.origin.tolist()] for part in again.parts]  # type: ignore[union-attr]
    assert sorted(kinds) == [["file"] * 16, ["model"]]


def test_a_lock_typed_refuses_the_edit_and_lets_others_pass(song: Path) -> None:
    code, _, err = typed("song.mid", "the melody an octave lower", "--lock", "melody 2-3", "--yes")
    assert code == 2 and "cannot move the pitches of bars 2-3 of 'Flute'" in err
    assert list(song.parent.iterdir()) == [song]
    assert typed("song.mid", "bar 1 of the melody an octave lower", "--lock", "melody 2-3", "--yes")[0] == 0


def two_hands() -> Score:
    """Return a piano part with both hands, told apart by voices 0 and 4."""
    notes = Notes.of([(0, 4 * Q, 48), (0, 4 * Q, 72)]).with_columns(voice=[4, 0])
    return Score("hands", (Part("Piano", notes), Part("Drums", Notes.of([(0, Q, 36)]), is_drums=True)))


def test_a_hand_of_a_piano_part_is_found_by_its_voices() -> None:
    _, plan, outline = planned(two_hands(), "the left hand an octave lower")
    assert [part.name for part in outline.parts] == ["Piano, upper", "Piano, lower", "Drums"]
    assert plan.steps[0].parts == (1,)


def test_the_locks_of_a_part_hold_for_both_its_hands() -> None:
    locked = Score("l", two_hands().parts, locks=(Lock(0, 0, Q), Lock(1, 0, Q)))
    assert hands_apart(locked).locks == (Lock(0, 0, Q), Lock(1, 0, Q), Lock(2, 0, Q))


def test_an_edited_hand_comes_back_in_its_part(tmp_path: Path) -> None:
    source, target = tmp_path / "h.musicxml", tmp_path / "new.musicxml"
    save(two_hands(), source)
    run(EditRequest(source, "the left hand an octave lower", target))
    again = load(target)
    assert [part.name for part in again.parts] == ["Piano", "Drums"]
    assert again.parts[0].notes.pitch.tolist() == [36, 72]
