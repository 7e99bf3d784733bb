"""Laws of sound: in tune, on time, at its loudness, the same bytes again; for both engines.

Conventions: pitch is read from a long FFT; levels in dB.
Does not know: how an engine works.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.render.conftest import make_song
from zhiyin import render
from zhiyin.audio import Audio
from zhiyin.audio.files import audio_to_bytes
from zhiyin.audio.loudness import loudness_lufs
from zhiyin.errors import InvalidInput
from zhiyin.perform import humanise
from zhiyin.render import SYNTHS, FluidSynth, SmallBank, Synth, choose_synth, fluid
from zhiyin.render.drumkit import DRUMS, drum_sound
from zhiyin.render.mix import expected_duration_s, part_places, render_audio
from zhiyin.render.room import impulse_response
from zhiyin.render.smallbank import make_tone
from zhiyin.render.sounding import pedalled, sounding
from zhiyin.render.timbres import TIMBRES
from zhiyin.score import Control, Notes, Part, Score, Tempo, Timeline
from zhiyin.units import TICKS_PER_QUARTER as Q

RATE = 44_100
FAMILIES = range(0, 128, 8)


def level_db(audio: Audio, start_s: float, end_s: float) -> float:
    part = audio.samples[:, int(start_s * audio.sample_rate) : int(end_s * audio.sample_rate)]
    return float(10 * np.log10(np.mean(part.astype(float) ** 2) + 1e-12))


def one_note(
    program: int = 0, *, velocity: int = 90, controls: tuple[Control, ...] = (), beats: int = 2
) -> Score:
    part = Part("X", Notes.of([(0, beats * Q, 69, velocity)]), "melody", program, controls=controls)
    return Score(parts=(part,), length_ticks=4 * Q)


def semitones_off(audio: Audio, *, hz: float) -> tuple[float, float]:
    """Return (distance in semitones, level in dB under the strongest) of the partial nearest to `hz`."""
    wave = audio.samples.sum(axis=0)[: audio.sample_rate]
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(wave.size), 1 << 18))
    at = np.fft.rfftfreq(1 << 18, 1 / audio.sample_rate)
    near = np.where(np.abs(12 * np.log2(np.maximum(at, 1) / hz)) < 2, spectrum, 0)
    peak = int(np.argmax(near))
    return 12 * np.log2(at[peak] / hz), 20 * np.log10(spectrum[peak] / spectrum.max())


@pytest.mark.parametrize("program", range(0, 112))
def test_every_instrument_of_the_small_bank_is_in_tune(program: int) -> None:
    off, under = semitones_off(SmallBank().render(one_note(program), sample_rate=RATE), hz=440.0)
    assert abs(off) < 0.2
    assert under > -12


@pytest.mark.parametrize("program", [p for p in FAMILIES if p < 112])
def test_every_family_of_the_soundfont_is_in_tune(fluidsynth: FluidSynth, program: int) -> None:
    off, _ = semitones_off(fluidsynth.render(one_note(program), sample_rate=RATE), hz=440.0)
    assert abs(off) < 0.2


def test_the_audio_is_as_long_as_the_music_and_its_tail(synth: Synth, song: Score) -> None:
    audio = render_audio(song, synth=synth, tail_s=2.0)
    assert audio.duration_s == pytest.approx(8.0 + 2.0, abs=0.001)  # 4 bars at 120 BPM, and 2 s to ring out
    assert (expected_duration_s(song), expected_duration_s(song, tail_s=2.0)) == pytest.approx((8.0, 10.0))
    assert render_audio(humanise(song, seed=1), synth=synth).duration_s == pytest.approx(8.0, abs=0.001)


@pytest.mark.parametrize("bpm", [40.0, 97.5, 240.0])
def test_length_follows_the_tempo(bpm: float) -> None:
    score = replace(make_song(bars=2), tempos=(Tempo(0, bpm), Tempo(4 * Q, bpm * 0.8)))
    written = 4 * 60 / bpm + 4 * 60 / (bpm * 0.8)
    assert render_audio(score, synth=SmallBank(), sample_rate=22_050).duration_s == pytest.approx(
        written, abs=0.001
    )


def test_a_mix_has_its_loudness_no_clipping_and_no_silence(synth: Synth, song: Score) -> None:
    audio = render_audio(humanise(song, seed=1), synth=synth)
    assert loudness_lufs(audio) == pytest.approx(-14.0, abs=0.5)
    assert audio.peak_db <= -1.0
    quarters = [level_db(audio, t, t + 0.5) for t in np.arange(0, 8, 0.5)]
    assert min(quarters) > -35
    assert np.abs(audio.samples[:, -1]).max() < 1e-3


@pytest.mark.parametrize("program", FAMILIES)
def test_one_instrument_alone_stays_in_the_loudness_window(program: int) -> None:
    notes = Notes.of(
        [(i * 2 * Q, Q // 4, 60 + 2 * i, 70) for i in range(4)]
    )  # sparse: one short note a second
    audio = render_audio(Score(parts=(Part("X", notes, "melody", program),)), synth=SmallBank())
    assert -23 <= loudness_lufs(audio) <= -9
    assert audio.peak_db <= -1.0


def test_the_same_score_gives_the_same_bytes(synth: Synth, song: Score) -> None:
    played = humanise(song, seed=7)
    first, second = (audio_to_bytes(render_audio(played, synth=synth), ending=".wav") for _ in range(2))
    assert first == second


def test_a_fresh_engine_gives_the_same_samples(fluidsynth: FluidSynth, song: Score) -> None:
    again = FluidSynth(fluidsynth.path)
    assert np.array_equal(
        fluidsynth.render(song, sample_rate=RATE).samples, again.render(song, sample_rate=RATE).samples
    )
    again.close()


def test_soft_notes_are_softer(synth: Synth) -> None:
    loud, soft = (synth.render(one_note(velocity=v), sample_rate=RATE) for v in (90, 30))
    assert level_db(loud, 0, 1) - level_db(soft, 0, 1) == pytest.approx(19.1, abs=4.0)


def test_the_pedal_holds_a_note_past_its_end(synth: Synth) -> None:
    pedal = (Control(0, 64, 127), Control(4 * Q, 64, 0))
    plain, held = (synth.render(one_note(controls=c, beats=1), sample_rate=RATE) for c in ((), pedal))
    assert level_db(held, 1.2, 1.8) - level_db(plain, 1.2, 1.8) > 20


@pytest.mark.parametrize("number", [7, 11])
def test_volume_and_expression_turn_a_part_down(synth: Synth, number: int) -> None:
    score = one_note(48, controls=(Control(0, number, 100), Control(Q, number, 30)), beats=4)
    audio = synth.render(score, sample_rate=RATE)
    assert level_db(audio, 0.3, 0.5) - level_db(audio, 0.8, 1.2) > 10


def test_pan_moves_a_part_to_its_side(synth: Synth) -> None:
    audio = synth.render(one_note(controls=(Control(0, 10, 0),)), sample_rate=RATE)
    power = (audio.samples.astype(float) ** 2).sum(axis=1)
    assert power[0] > 4 * power[1]


def test_a_key_struck_twice_sounds_twice_and_does_not_stick(synth: Synth) -> None:
    notes = Notes.of([(0, 3 * Q, 69), (Q, Q, 69)])  # the first is written across the second
    score = Score(parts=(Part("Organ", notes, "melody", 19),), tempos=(Tempo(0, 60.0),), length_ticks=6 * Q)
    audio = synth.render(score, sample_rate=RATE)
    assert level_db(audio, 0.2, 0.9) > -50 and level_db(audio, 1.2, 1.9) > -50
    assert level_db(audio, 1.2, 1.9) - level_db(audio, 4.0, 5.0) > 40


def test_notes_start_on_time(synth: Synth) -> None:
    score = Score(parts=(Part("Block", Notes.of([(2 * Q, Q, 37, 110)]), "drums", 0, True),))  # at 1.0 s
    loud = np.abs(synth.render(score, sample_rate=RATE).samples).max(axis=0)
    assert np.flatnonzero(loud > 0.1 * loud.max())[0] / RATE == pytest.approx(1.0, abs=0.01)


def test_every_drum_sounds_and_none_overflows() -> None:
    for key in [*DRUMS, 20, 100]:
        sound = drum_sound(key, RATE)
        assert 0.05 < np.abs(sound).max() < 2.0, key
        assert np.abs(sound[:, -1]).max() < 1e-6, key


def test_every_program_has_a_timbre() -> None:
    assert len(TIMBRES) == 128


def test_without_the_library_the_command_plays_the_same_music(
    fluidsynth: FluidSynth, song: Score, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fluid.shutil.which("fluidsynth") is None or fluid.library() is None:
        pytest.skip("needs FluidSynth both as a library and as a command")
    in_process = fluidsynth.render(song, sample_rate=RATE)
    monkeypatch.setattr(fluid, "library", lambda: None)
    by_command = fluidsynth.render(song, sample_rate=RATE)
    assert by_command.frames == in_process.frames
    for start in range(8):
        assert level_db(by_command, start, start + 1) == pytest.approx(
            level_db(in_process, start, start + 1), abs=1.5
        )


def test_roles_are_balanced_and_placed(song: Score) -> None:
    assert part_places(list(song.parts)) == [0.0, -0.3, 0.3, 0.0, 0.0]
    panned = replace(song.parts[1], controls=(Control(0, 10, 20),))
    assert part_places([song.parts[0], panned]) == [0.0, 0.0]


def test_a_loud_accompaniment_does_not_bury_the_melody() -> None:
    tune = Part("Tune", Notes.of([(i * Q, Q, 76, 40) for i in range(8)]), "melody", 73)
    wall = Part("Wall", Notes.of([(0, 8 * Q, p, 127) for p in (48, 52, 55, 60)]), "chords", 19)
    score = Score(parts=(tune, wall), length_ticks=8 * Q)
    both = SmallBank().render(score, sample_rate=RATE)
    mixed = render_audio(score, synth=SmallBank())
    band = [
        _band_db(a, 640, 680) - _band_db(a, 120, 140) for a in (both, mixed)
    ]  # E5 of the tune over C3 of the wall
    assert band[1] > band[0] + 6


def _band_db(audio: Audio, low_hz: float, high_hz: float) -> float:
    power = np.abs(np.fft.rfft(audio.samples.sum(axis=0))) ** 2
    at = np.fft.rfftfreq(audio.frames, 1 / audio.sample_rate)
    return float(10 * np.log10(power[(at > low_hz) & (at < high_hz)].sum()))


def test_the_room_adds_no_energy_of_its_own() -> None:
    assert (impulse_response(RATE) ** 2).sum(axis=1) == pytest.approx([1.0, 1.0], rel=1e-4)


def test_the_pedal_ends_a_note_when_its_key_returns() -> None:
    part = Part(
        "P", Notes.of([(0, Q, 60), (4 * Q, Q, 60)]), controls=(Control(0, 64, 127), Control(16 * Q, 64, 0))
    )
    line = Timeline.of(Score())
    held = pedalled(sounding(part, line), part.controls, line)
    assert held.end_s.tolist() == [2.0, 8.0]


def test_a_score_without_notes_makes_no_audio() -> None:
    with pytest.raises(InvalidInput, match="must have notes to sound, got 'Empty' with none"):
        render_audio(Score(title="Empty", length_ticks=4 * Q), synth=SmallBank())


def test_a_file_that_is_no_soundfont_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "song.sf2").write_bytes(b"MThd\x00\x00\x00\x06\x00\x01\x00\x01")
    with pytest.raises(InvalidInput, match=r"must begin with RIFF....sfbk, got .*song.sf2.*\.sf2 or \.sf3"):
        choose_synth(tmp_path / "song.sf2")
    with pytest.raises(InvalidInput, match=r"must be a file, got .*none.sf2.* which is not there"):
        choose_synth(tmp_path / "none.sf2")


@pytest.mark.parametrize("pitch", range(24, 100, 5))
def test_long_tones_of_every_key_stay_in_their_wave_table(pitch: int) -> None:
    # A phase just under a whole turn rounds up in 32 bits; long tones meet it.
    for timbre in (TIMBRES[19], TIMBRES[48], TIMBRES[73]):
        tone = make_tone(timbre, pitch, loudness=1.0, frames=8 * 22_050, sample_rate=22_050)
        assert np.isfinite(tone).all() and np.abs(tone).max() < 6


def test_a_closed_hat_shuts_the_open_one() -> None:
    def ring(rows: list[tuple[int, ...]]) -> float:
        score = Score(parts=(Part("Drums", Notes.of(rows), "drums", 0, True),), length_ticks=4 * Q)
        return level_db(SmallBank().render(score, sample_rate=RATE), 0.4, 0.6)  # a beat is 0.5 s

    assert ring([(0, Q, 46, 100)]) - ring([(0, Q, 46, 100), (Q // 2, Q // 4, 42, 1)]) > 20


def test_the_table_of_synths_builds_each_by_name(fluidsynth: FluidSynth) -> None:
    assert {name: make(fluidsynth.path).name for name, make in SYNTHS.items()} == {
        "fluidsynth": f"FluidSynth: {fluidsynth.path.resolve().stem}",
        "smallbank": "Zhiyin small bank (synthesised, no samples)",
    }


def test_without_bank_or_library_the_small_bank_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "find_soundfont", lambda: None)
    assert choose_synth().name == SmallBank.name
    with pytest.raises(InvalidInput, match="fluidsynth needs a soundfont, got none and found none"):
        SYNTHS["fluidsynth"](None)


def test_without_a_tail_the_audio_is_exactly_as_long_as_the_music_and_ends_in_silence(song: Score) -> None:
    audio = render_audio(song, synth=SmallBank())
    assert audio.duration_s == pytest.approx(8.0, abs=0.001)
    assert np.abs(audio.samples[:, -20:]).max() < 1e-3
