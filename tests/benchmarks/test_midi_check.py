"""Laws of the independent checker: a file made by hand keeps every wish, and each planted breach is found."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import mido
import pytest

from benchmarks import midi_check, midi_file, midi_tables
from benchmarks.midi_check import Wanted, check
from benchmarks.midi_file import MidiFile, read_midi_file

Q = 480  # ticks a quarter
NOTE = tuple[int, int, int]

# Two bars of 4/4 in C major over C and G7: a flute, a piano and a kit.
FLUTE: list[NOTE] = [(0, 2 * Q, 76), (2 * Q, 4 * Q, 79), (4 * Q, 6 * Q, 77), (6 * Q, 8 * Q, 74)]
PIANO: list[NOTE] = [(0, 4 * Q, 48), (0, 4 * Q, 55), (4 * Q, 8 * Q, 43), (4 * Q, 8 * Q, 59)]
KIT: list[NOTE] = [(0, Q, 36), (2 * Q, 3 * Q, 38), (4 * Q, 5 * Q, 36), (6 * Q, 7 * Q, 38)]
META: list[tuple[int, Any]] = [
    (0, mido.MetaMessage("track_name", name="月光")),
    (0, mido.MetaMessage("set_tempo", tempo=500_000)),
    (0, mido.MetaMessage("time_signature", numerator=4, denominator=4)),
    (0, mido.MetaMessage("key_signature", key="C")),
    (0, mido.MetaMessage("text", text="chord: C")),
    (4 * Q, mido.MetaMessage("text", text="chord: G7")),
    (0, mido.MetaMessage("marker", text="section: A")),
    (4 * Q, mido.MetaMessage("marker", text="section: B")),
]
HARD = {
    "tempo": 120, "metre": "4/4", "bars": 2, "seconds": 4.0, "key": "C major", "players": ["flute", "piano", "drums"],
    "without": ["violin"], "chords": ["C", "G7"], "form": ["A", "B"], "title": "月光", "density": 0.5,
}  # fmt: skip
RESTS: tuple[tuple[int, ...], ...] = ((), (), ())


def written(track: list[tuple[int, Any]], *, end: int = 8 * Q) -> Any:
    """Return a track of messages at absolute ticks; at one tick, ends come before beginnings."""
    out, now = mido.MidiTrack(), 0
    for tick, message in sorted(track, key=lambda one: (one[0], one[1].type == "note_on")):
        out.append(message.copy(time=tick - now))
        now = tick
    out.append(mido.MetaMessage("end_of_track", time=max(end - now, 0)))
    return out


def played(name: str, channel: int, program: int, notes: list[NOTE], role: str = "") -> Any:
    """Return a track of (onset, end, pitch) notes."""
    events: list[tuple[int, Any]] = [
        (0, mido.MetaMessage("track_name", name=name)),
        (0, mido.Message("program_change", channel=channel, program=program)),
    ]
    if role:
        events.append((0, mido.MetaMessage("text", text=f"role: {role}")))
    for onset, end, pitch in notes:
        events.append((onset, mido.Message("note_on", channel=channel, note=pitch, velocity=80)))
        events.append((end, mido.Message("note_off", channel=channel, note=pitch)))
    return written(events, end=0)


def saved(path: Path, tracks: list[Any], meta: list[tuple[int, Any]] = META, *, end: int = 8 * Q) -> MidiFile:
    file = mido.MidiFile(type=1, ticks_per_beat=Q, charset="utf-8")
    file.tracks += [written(meta, end=end), *tracks]
    file.save(path)
    return read_midi_file(path)


def trio(flute: list[NOTE] = FLUTE, piano: list[NOTE] = PIANO, kit: list[NOTE] = KIT) -> list[Any]:
    return [played("Flute", 0, 73, flute, "melody"), played("Piano", 1, 0, piano), played("Kit", 9, 0, kit)]


def broken(file: MidiFile, **changes: Any) -> list[str]:
    """Return the names of the wishes that a file breaks."""
    rests = changes.pop("rests", RESTS)
    found = check(file, Wanted.of(HARD | changes, rests))
    return [name for name, finding in found.items() if not finding.is_kept]


def replaced(kind: str, message: Any) -> list[tuple[int, Any]]:
    return [(tick, message if one.type == kind else one) for tick, one in META]


@pytest.fixture
def good(tmp_path: Path) -> MidiFile:
    return saved(tmp_path / "good.mid", trio())


def test_a_file_that_keeps_everything_has_a_kept_finding_for_every_check(good: MidiFile) -> None:
    found = check(good, Wanted.of(HARD, RESTS))
    assert list(found) == list(midi_check.CHECKS)
    assert [name for name, finding in found.items() if not finding.is_kept] == []


@pytest.mark.parametrize(
    ("changes", "wish"),
    [
        ({"tempo": 120.02}, "tempo"),
        ({"metre": "3/4"}, "metre"),
        ({"bars": 3}, "bars"),
        ({"seconds": 4.2, "tempo": None}, "seconds"),
        ({"key": "A minor"}, "key"),
        ({"key": "C lydian"}, "key"),
        ({"title": "月色"}, "title"),
        ({"form": ["A", "A"]}, "form"),
        ({"chords": ["C", "G"]}, "chords_given"),
        ({"chords": ["C"]}, "chords_given"),
        ({"players": ["flute", "piano"]}, "players"),
        ({"players": ["flute", "piano", "drums", "oboe"]}, "players"),
        ({"without": ["harp", "drums"], "players": []}, "without"),
        ({"density": 0.8}, "density"),
        ({"rests": ((), (1,), ())}, "planned_rests"),
        ({"rests": ((), ())}, "planned_rests"),
    ],
)
def test_a_wish_that_the_file_does_not_keep_is_the_one_named(
    good: MidiFile, changes: dict[str, Any], wish: str
) -> None:
    assert broken(good, **changes) == [wish]


def test_with_a_tempo_asked_too_the_length_may_be_the_nearest_whole_bar(good: MidiFile) -> None:
    assert broken(good, seconds=4.9) == []
    assert broken(good, seconds=5.1) == ["seconds"]


def test_an_open_wish_has_no_finding(good: MidiFile) -> None:
    found = check(good, Wanted())
    assert not {"tempo", "metre", "bars", "seconds", "key", "players", "chords_given", "density"} & set(found)


@pytest.mark.parametrize(
    ("part", "notes", "wishes"),
    [
        ("flute", [*FLUTE, (3 * Q, 4 * Q, 73)], ["notes_in_key", "polyphony"]),
        ("flute", [(0, 2 * Q, 77), *FLUTE[1:]], ["chord_tones"]),
        ("flute", [(0, 2 * Q, 100), *FLUTE[1:]], ["range"]),
        ("flute", [*FLUTE, (Q, 2 * Q, 72)], ["polyphony"]),
        (
            "flute",
            [*FLUTE[:3], (6 * Q, 9 * Q, 74)],  # opens a third bar, in which nobody else plays
            ["bars", "whole_bars", "ends_in_time", "chords_given", "planned_rests"],
        ),
        ("flute", [], ["players", "density", "planned_rests"]),
        ("piano", PIANO[:2], ["planned_rests"]),
        ("kit", [*KIT, (Q, 2 * Q, 34)], ["drum_map"]),
        ("piano", [*PIANO, (Q, 2 * Q, 48)], ["no_stuck_notes"]),
    ],
)
def test_a_breach_in_the_notes_is_found(
    tmp_path: Path, part: str, notes: list[NOTE], wishes: list[str]
) -> None:
    file = saved(tmp_path / "bad.mid", trio(**{part: notes}))
    assert sorted(broken(file)) == sorted(wishes)


def test_a_chord_tone_outside_the_key_is_allowed(tmp_path: Path) -> None:
    meta = replaced("key_signature", mido.MetaMessage("key_signature", key="F"))
    file = saved(tmp_path / "f.mid", trio(), meta)  # b natural belongs to G7, not to F major
    assert broken(file, key="F major") == []


def test_a_silent_bar_is_found_and_a_ringing_note_fills_one(tmp_path: Path) -> None:
    first_bar = [note for note in FLUTE if note[0] < 4 * Q]
    file = saved(tmp_path / "silent.mid", [played("Flute", 0, 73, first_bar)])
    assert check(file, Wanted())["no_empty_bars"].measured == "bar 2"
    ringing = saved(tmp_path / "ringing.mid", [played("Flute", 0, 73, [(0, 8 * Q, 76)])])
    assert check(ringing, Wanted())["no_empty_bars"].is_kept


def test_a_note_without_an_end_and_an_end_without_a_note_are_found(tmp_path: Path) -> None:
    on, off = (mido.Message(kind, channel=0, note=60, velocity=64) for kind in ("note_on", "note_off"))
    held = saved(tmp_path / "held.mid", [written([(0, on), (Q, off), (2 * Q, on)])])
    loose = saved(tmp_path / "loose.mid", [written([(0, on), (Q, off), (2 * Q, off)])])
    assert check(held, Wanted())["no_stuck_notes"].measured == ": note 60 from tick 960 never ends"
    assert (
        check(loose, Wanted())["no_stuck_notes"].measured == ": note 60 ends at tick 960 without a beginning"
    )


def test_two_tracks_on_one_channel_must_not_hold_one_key_together(tmp_path: Path) -> None:
    tracks = [played("One", 9, 0, [(0, 8 * Q, 36)]), played("Two", 9, 0, [(Q, 2 * Q, 36)])]
    assert check(saved(tmp_path / "kits.mid", tracks), Wanted())["no_stuck_notes"] == (
        False, "Two: note 36 at tick 480 while it is held",
    )  # fmt: skip


def test_two_hands_may_stand_on_two_tracks_but_two_flutes_may_not(tmp_path: Path) -> None:
    hands = [played("Upper", 0, 0, FLUTE), played("Lower", 1, 0, PIANO)]
    flutes = [played("One", 0, 73, FLUTE), played("Two", 1, 73, FLUTE)]
    assert check(saved(tmp_path / "a.mid", hands), Wanted(players=("piano",)))["players"].is_kept
    assert not check(saved(tmp_path / "b.mid", flutes), Wanted(players=("flute",)))["players"].is_kept


def test_a_second_tempo_moves_the_clock_and_breaks_a_steady_tempo(tmp_path: Path) -> None:
    meta = [*META, (4 * Q, mido.MetaMessage("set_tempo", tempo=1_000_000))]
    file = saved(tmp_path / "two.mid", trio(), meta)
    assert file.seconds_at(8 * Q) == pytest.approx(2.0 + 4.0)
    assert "tempo" in broken(file)


def test_bar_lines_follow_a_change_of_metre(tmp_path: Path) -> None:
    meta = [*META, (4 * Q, mido.MetaMessage("time_signature", numerator=6, denominator=8))]
    file = saved(tmp_path / "change.mid", trio(), meta, end=10 * Q)
    assert file.bar_edges() == [0, 4 * Q, 7 * Q, 10 * Q]
    assert midi_check.strong_ticks(file) == {0, 2 * Q, 4 * Q, 7 * Q}


def test_a_named_mode_wins_over_its_signature(tmp_path: Path) -> None:
    meta = [*META, (0, mido.MetaMessage("text", text="key: C gong"))]
    piano = [
        (0, 4 * Q, 48),
        (0, Q, 55),
        (Q, 4 * Q, 53),
        *PIANO[2:],
    ]  # f over C: in C major, not in the gong mode
    assert broken(saved(tmp_path / "major.mid", trio(piano=piano))) == []
    assert broken(saved(tmp_path / "gong.mid", trio(piano=piano), meta), key="C gong") == ["notes_in_key"]


def test_a_tune_in_a_mode_of_five_notes_may_pass_through_the_two_others_off_the_strong_beats(
    tmp_path: Path,
) -> None:
    meta = [*META, (0, mido.MetaMessage("text", text="key: C gong"))]
    for pitch, wishes in ((77, []), (83, []), (75, ["notes_in_key"])):
        flute = [(0, Q, 76), (Q, 2 * Q, pitch), *FLUTE[1:]]
        assert broken(saved(tmp_path / f"{pitch}.mid", trio(flute), meta), key="C gong") == wishes


def test_the_key_of_a_scale_and_its_neighbours_are_told_apart(tmp_path: Path) -> None:
    tune = [(i * Q, (i + 1) * Q, pitch) for i, pitch in enumerate((60, 64, 67, 72, 65, 62, 67, 60))]
    file = saved(tmp_path / "tune.mid", [played("Flute", 0, 73, tune)])
    assert midi_check.key_agreement(file) == (True, True)
    in_g = saved(
        tmp_path / "g.mid", [played("Flute", 0, 73, tune)],
        replaced("key_signature", mido.MetaMessage("key_signature", key="G")),
    )  # fmt: skip
    assert midi_check.key_agreement(in_g) == (False, True)


def test_attacks_on_beats_are_counted_against_their_chord(tmp_path: Path) -> None:
    file = saved(
        tmp_path / "beats.mid", [played("Flute", 0, 73, [(0, Q, 64), (Q, 2 * Q, 65), (5 * Q, 6 * Q, 65)])]
    )
    assert midi_check.chord_tone_share(file) == pytest.approx(2 / 3)


def test_the_checker_never_imports_what_it_checks() -> None:
    for module in (midi_check, midi_file, midi_tables):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names += [one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names]
        assert not [name for name in names if name.split(".")[0] == "zhiyin"]


@pytest.mark.parametrize(
    ("symbol", "tones", "bass"),
    [
        ("C", [0, 4, 7], 0),
        ("F#m7b5/C", [0, 4, 6, 9], 0),
        ("Bbmaj9", [0, 2, 5, 9, 10], 10),
        ("E7b9", [2, 4, 5, 8, 11], 4),
    ],
)
def test_chord_symbols_read_as_the_notes_a_player_would_take(
    symbol: str, tones: list[int], bass: int
) -> None:
    chord = midi_tables.parse_chord(symbol)
    assert chord is not None
    assert (sorted(chord.tones), chord.bass) == (tones, bass)


def test_a_symbol_or_key_that_says_nothing_is_refused() -> None:
    assert midi_tables.parse_chord("N") is None
    with pytest.raises(ValueError, match=r"a chord must be a root, .* got 'Cfoo'"):
        midi_tables.parse_chord("Cfoo")
    with pytest.raises(ValueError, match=r"a key must be a letter .* got 'H major'"):
        midi_tables.parse_key("H major")
