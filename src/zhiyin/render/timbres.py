"""The instruments of the small bank as numbers: spectra, envelopes, vibrato, noise.

Conventions: frequencies in hertz or as ratios to the note, times in seconds, levels in dB; General MIDI programs.
Everything here is of our own making, after textbook acoustics (Fletcher & Rossing, The Physics of Musical
Instruments, 1998); no samples are borrowed. This module makes no sound: see `zhiyin.render.smallbank`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from zhiyin.units import Decibels, Hz, Seconds


@dataclass(frozen=True, slots=True)
class Timbre:
    """One instrument.

    Spectrum: `ratios` with `levels` where the modes are known, else `partials` harmonics falling with
    `rolloff` (amplitude k**-rolloff), even ones times `even`, plucked at `pluck` (0: nowhere), shaped by
    `formants` (Hz, width in octaves, gain) over a floor of 0.3. `stiffness`: partial k sounds at
    k * sqrt(1 + stiffness * k**2).
    Time: `t60_s` 0 means held by bow or breath, else the fall by 60 dB at middle C; `damping`: how much faster
    each higher partial falls. `voices` players `spread_cents` apart.
    `brightness`: how much a soft note loses of its upper partials (0 none).
    """

    t60_s: Seconds = 0.0
    ratios: tuple[float, ...] = ()
    levels: tuple[float, ...] = ()
    partials: int = 16
    rolloff: float = 1.0
    even: float = 1.0
    pluck: float = 0.0
    formants: tuple[tuple[Hz, float, float], ...] = ()
    stiffness: float = 0.0
    damping: float = 0.3
    attack_s: Seconds = 0.003
    release_s: Seconds = 0.12
    vibrato_cents: float = 0.0
    vibrato_hz: Hz = 5.3
    tremolo: float = 0.0
    voices: int = 1
    spread_cents: float = 0.0
    noise: float = 0.0
    noise_hz: Hz = 2500.0
    noise_s: Seconds = 0.03
    breath: float = 0.0
    drive: float = 0.0
    brightness: float = 0.8
    gain_db: Decibels = 0.0


PIANO = Timbre(
    t60_s=7.0, partials=18, rolloff=1.2, pluck=0.12, stiffness=0.00035, damping=0.38, release_s=0.16, voices=2,
    spread_cents=0.7, noise=0.10, noise_hz=900.0, noise_s=0.025, brightness=1.1,
)  # fmt: skip
ELECTRIC_PIANO = Timbre(
    t60_s=4.0, ratios=(1, 2, 3, 4, 7, 14.1), levels=(1, 0.32, 0.14, 0.08, 0.06, 0.10), damping=0.5, tremolo=0.12,
    vibrato_hz=4.6, noise=0.03, brightness=1.6,
)  # fmt: skip
HARPSICHORD = Timbre(
    t60_s=3.0, partials=24, rolloff=0.45, pluck=0.11, damping=0.10, release_s=0.07, noise=0.20, noise_hz=4000.0,
    brightness=0.1, gain_db=-4.0,
)  # fmt: skip
CELESTA = Timbre(t60_s=2.6, ratios=(1, 2, 4.0, 6.6), levels=(1, 0.15, 0.22, 0.08), damping=0.6, noise=0.05)
GLOCKENSPIEL = Timbre(
    t60_s=3.0, ratios=(1, 2.756, 5.404), levels=(1, 0.35, 0.14), damping=0.6, noise=0.06, noise_hz=6000.0
)
VIBRAPHONE = Timbre(
    t60_s=5.5,
    ratios=(1, 3.98, 9.9),
    levels=(1, 0.22, 0.06),
    damping=0.9,
    tremolo=0.22,
    vibrato_hz=5.0,
    release_s=0.3,
)
MARIMBA = Timbre(
    t60_s=1.0, ratios=(1, 3.93, 9.24), levels=(1, 0.28, 0.10), damping=1.5, noise=0.08, noise_hz=1200.0
)
XYLOPHONE = Timbre(t60_s=0.7, ratios=(1, 3.0, 6.2), levels=(1, 0.5, 0.2), damping=1.0, noise=0.12)
BELLS = Timbre(
    t60_s=6.0,
    ratios=(0.5, 1, 1.5, 2.0, 2.66, 3.3, 4.1),
    levels=(0.25, 1, 0.35, 0.4, 0.3, 0.2, 0.12),
    damping=0.4,
    release_s=0.6,
)
ORGAN = Timbre(ratios=(0.5, 1, 1.5, 2, 3, 4, 6, 8), levels=(0.35, 1, 0.18, 0.6, 0.28, 0.3, 0.12, 0.12),
               attack_s=0.012, release_s=0.09, brightness=0.0, breath=0.004, gain_db=-3.0)  # fmt: skip
ACCORDION = Timbre(partials=20, rolloff=0.8, even=0.7, attack_s=0.035, release_s=0.08, voices=2, spread_cents=9.0,
                   formants=((900.0, 1.2, 1.0),), brightness=0.3)  # fmt: skip
NYLON_GUITAR = Timbre(
    t60_s=3.0, partials=18, rolloff=0.95, pluck=0.22, damping=0.35, noise=0.12, noise_hz=1800.0, noise_s=0.015
)
STEEL_GUITAR = replace(NYLON_GUITAR, t60_s=4.5, rolloff=0.7, pluck=0.15, damping=0.22, noise_hz=3500.0)
ELECTRIC_GUITAR = replace(
    NYLON_GUITAR, t60_s=5.0, rolloff=0.9, pluck=0.27, damping=0.3, noise=0.05, drive=0.6
)
MUTED_GUITAR = replace(ELECTRIC_GUITAR, t60_s=0.7, drive=0.2)
DRIVEN_GUITAR = replace(ELECTRIC_GUITAR, t60_s=9.0, rolloff=0.8, drive=5.0, gain_db=-6.0)
HARP = Timbre(t60_s=3.8, partials=16, rolloff=1.2, pluck=0.35, damping=0.4, release_s=0.5, noise=0.05)
PIZZICATO = Timbre(
    t60_s=0.8,
    partials=12,
    rolloff=1.2,
    pluck=0.25,
    damping=0.6,
    noise=0.14,
    noise_hz=1400.0,
    voices=2,
    spread_cents=4.0,
)
KOTO = Timbre(
    t60_s=3.4,
    partials=20,
    rolloff=0.75,
    pluck=0.13,
    damping=0.28,
    noise=0.14,
    noise_hz=3800.0,
    noise_s=0.012,
    release_s=0.3,
)
BANJO = replace(KOTO, t60_s=1.4, rolloff=0.6, damping=0.2)
SITAR = replace(KOTO, t60_s=4.5, rolloff=0.5, damping=0.12, drive=1.2)
KALIMBA = Timbre(
    t60_s=1.6, ratios=(1, 5.4, 8.9), levels=(1, 0.18, 0.08), damping=1.2, noise=0.08, noise_hz=1500.0
)
STEEL_DRUM = Timbre(t60_s=1.8, ratios=(1, 2, 3.01, 4.1), levels=(1, 0.6, 0.25, 0.15), damping=0.5, noise=0.05)
UPRIGHT_BASS = Timbre(
    t60_s=2.6, partials=12, rolloff=1.3, pluck=0.28, damping=0.5, noise=0.08, noise_hz=700.0, release_s=0.1
)
FINGER_BASS = Timbre(
    t60_s=4.0, partials=14, rolloff=1.15, pluck=0.24, damping=0.35, noise=0.05, noise_hz=900.0, drive=0.4
)
SLAP_BASS = replace(FINGER_BASS, rolloff=0.7, pluck=0.1, noise=0.25, noise_hz=3000.0)
SYNTH_BASS = Timbre(t60_s=3.0, partials=20, rolloff=1.0, damping=0.5, brightness=0.5, drive=1.0, gain_db=-3.0)
_BODY = (
    (290.0, 0.7, 1.0),
    (480.0, 0.6, 0.8),
    (1100.0, 0.9, 0.6),
    (2700.0, 0.8, 0.7),
)  # a violin's resonances
SOLO_STRINGS = Timbre(partials=22, rolloff=0.85, formants=_BODY, attack_s=0.055, release_s=0.14, vibrato_cents=14.0,
                      breath=0.012, brightness=0.5, gain_db=-2.0)  # fmt: skip
ENSEMBLE = Timbre(partials=18, rolloff=1.0, formants=_BODY, attack_s=0.11, release_s=0.35, vibrato_cents=7.0, voices=4,
                  spread_cents=9.0, breath=0.006, brightness=0.5, gain_db=-4.0)  # fmt: skip
TREMOLO_STRINGS = replace(ENSEMBLE, tremolo=0.6, vibrato_hz=9.0, attack_s=0.06)
CHOIR = Timbre(partials=20, rolloff=0.9, formants=((700.0, 0.45, 2.2), (1150.0, 0.35, 1.6), (2700.0, 0.4, 0.7)),
               attack_s=0.12, release_s=0.35, vibrato_cents=11.0, voices=4, spread_cents=11.0, breath=0.015,
               gain_db=-4.0)  # fmt: skip
TRUMPET = Timbre(partials=20, rolloff=0.55, formants=((1200.0, 1.0, 1.6), (2400.0, 0.8, 0.8)), attack_s=0.03,
                 release_s=0.09, vibrato_cents=5.0, brightness=1.4, breath=0.006, gain_db=-4.0)  # fmt: skip
TROMBONE = replace(TRUMPET, formants=((520.0, 1.1, 1.6), (1500.0, 0.8, 0.6)), rolloff=0.75, attack_s=0.04)
HORN = replace(TRUMPET, formants=((340.0, 1.0, 1.6), (750.0, 0.7, 0.5)), rolloff=1.15, attack_s=0.05)
TUBA = replace(HORN, formants=((230.0, 1.0, 1.5),), rolloff=1.25)
BRASS_SECTION = replace(TRUMPET, voices=3, spread_cents=8.0, rolloff=0.7)
SAXOPHONE = Timbre(partials=18, rolloff=0.7, formants=((650.0, 0.9, 1.3), (1700.0, 0.7, 0.6)), attack_s=0.035,
                   release_s=0.09, vibrato_cents=10.0, breath=0.02, brightness=0.9, gain_db=-3.0)  # fmt: skip
OBOE = Timbre(partials=20, rolloff=0.6, formants=((1100.0, 0.7, 1.8), (2900.0, 0.6, 0.9)), attack_s=0.03,
              release_s=0.08, vibrato_cents=8.0, breath=0.01, gain_db=-4.0)  # fmt: skip
BASSOON = replace(OBOE, formants=((470.0, 0.7, 1.8), (1200.0, 0.6, 0.6)), rolloff=0.75)
CLARINET = Timbre(
    partials=18,
    rolloff=0.85,
    even=0.12,
    attack_s=0.03,
    release_s=0.08,
    vibrato_cents=2.0,
    breath=0.012,
    brightness=0.7,
)
FLUTE = Timbre(
    partials=7,
    rolloff=1.9,
    attack_s=0.05,
    release_s=0.10,
    vibrato_cents=12.0,
    breath=0.035,
    tremolo=0.06,
    gain_db=1.0,
)
PAN_FLUTE = replace(FLUTE, even=0.4, breath=0.09, attack_s=0.04)
WHISTLE = replace(FLUTE, partials=3, rolloff=3.0, breath=0.02)
SQUARE_LEAD = Timbre(
    partials=24, even=0.0, rolloff=1.0, attack_s=0.008, release_s=0.08, vibrato_cents=5.0, gain_db=-5.0
)
SAW_LEAD = Timbre(
    partials=24, rolloff=1.0, attack_s=0.008, release_s=0.10, voices=2, spread_cents=7.0, gain_db=-5.0
)
PAD = Timbre(
    partials=12,
    rolloff=1.4,
    attack_s=0.35,
    release_s=0.7,
    voices=4,
    spread_cents=12.0,
    brightness=0.3,
    gain_db=-3.0,
)
TIMPANI = Timbre(
    t60_s=2.2,
    ratios=(1, 1.5, 1.98, 2.44),
    levels=(1, 0.55, 0.35, 0.2),
    damping=0.8,
    noise=0.2,
    noise_hz=500.0,
    noise_s=0.05,
)

# Program -> timbre, in General MIDI's order: eight to a line, one line a family.
_PROGRAMS: tuple[tuple[Timbre, ...], ...] = (
    (PIANO, PIANO, PIANO, PIANO, ELECTRIC_PIANO, ELECTRIC_PIANO, HARPSICHORD, HARPSICHORD),
    (CELESTA, GLOCKENSPIEL, GLOCKENSPIEL, VIBRAPHONE, MARIMBA, XYLOPHONE, BELLS, KOTO),
    (ORGAN, ORGAN, ORGAN, ORGAN, ACCORDION, ACCORDION, ACCORDION, ACCORDION),
    (
        NYLON_GUITAR,
        STEEL_GUITAR,
        ELECTRIC_GUITAR,
        ELECTRIC_GUITAR,
        MUTED_GUITAR,
        DRIVEN_GUITAR,
        DRIVEN_GUITAR,
        NYLON_GUITAR,
    ),
    (UPRIGHT_BASS, FINGER_BASS, FINGER_BASS, FINGER_BASS, SLAP_BASS, SLAP_BASS, SYNTH_BASS, SYNTH_BASS),
    (SOLO_STRINGS, SOLO_STRINGS, SOLO_STRINGS, SOLO_STRINGS, TREMOLO_STRINGS, PIZZICATO, HARP, TIMPANI),
    (ENSEMBLE, ENSEMBLE, ENSEMBLE, ENSEMBLE, CHOIR, CHOIR, CHOIR, BRASS_SECTION),
    (TRUMPET, TROMBONE, TUBA, TRUMPET, HORN, BRASS_SECTION, BRASS_SECTION, BRASS_SECTION),
    (SAXOPHONE, SAXOPHONE, SAXOPHONE, SAXOPHONE, OBOE, OBOE, BASSOON, CLARINET),
    (WHISTLE, FLUTE, FLUTE, PAN_FLUTE, PAN_FLUTE, PAN_FLUTE, WHISTLE, WHISTLE),
    (SQUARE_LEAD, SAW_LEAD, SQUARE_LEAD, SAW_LEAD, SAW_LEAD, CHOIR, SAW_LEAD, SYNTH_BASS),
    (PAD, PAD, PAD, CHOIR, PAD, PAD, PAD, PAD),
    (PAD, PAD, BELLS, PAD, BELLS, PAD, PAD, SITAR),
    (SITAR, BANJO, BANJO, KOTO, KALIMBA, OBOE, SOLO_STRINGS, OBOE),
    (GLOCKENSPIEL, STEEL_DRUM, STEEL_DRUM, XYLOPHONE, TIMPANI, TIMPANI, TIMPANI, PAD),
    (PAD, PAD, PAD, PAD, PAD, PAD, PAD, PAD),  # sound effects have no pitch to promise: a pad stands in
)
TIMBRES: tuple[Timbre, ...] = tuple(timbre for family in _PROGRAMS for timbre in family)
