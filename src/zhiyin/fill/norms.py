# ruff: noqa: E501 - the table keeps one style a row
"""Norms of styles: tempo, metre, mode, form, harmonic rhythm, players and how busy they are.

Conventions: tempo in quarter notes a minute; a norm is used only where the person left something open.
This module does not choose: see `zhiyin.fill.plan_make`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, log

from zhiyin.theory.metre import Metre
from zhiyin.theory.mood_cues import MoodAim, aim_of
from zhiyin.theory.style_words import VARIANT_BASES, find_style


@dataclass(frozen=True, slots=True)
class Norms:
    """What a style usually does.

    family: the progression table (pop, jazz, hymn, dance, art); slow, usual, fast: tempo; metres: the first is the default;
    major: share of major pieces 0..1; changes: chords a bar; chromatic: 0 (diatonic chords only) to 1 (as learned);
    form: a name of `zhiyin.fill.form.FORMS`; bars: default length; half_cadence: inner phrases end on V;
    players: (instrument, role); melody_density: attacks a quarter.
    """

    name: str
    family: str
    slow: float
    usual: float
    fast: float
    metres: tuple[Metre, ...]
    major: float
    changes: float
    chromatic: float
    form: str
    bars: int
    half_cadence: bool
    players: tuple[tuple[str, str], ...]
    melody_density: float


# Tempo ranges: musical practice and the corpora's tempo marks; changes: chord tables of the corpora.
# name | family | slow usual fast | metres | major | chords a bar | chromatic | form | bars | half cadence | density | players
_TABLE = """
chorale | hymn | 60 76 96 | 4/4 3/4 | .6 | 3 | .3 | bar | 16 | 1 | 1.0 | soprano:melody alto:inner tenor:inner bass-voice:bass
hymn | hymn | 72 92 116 | 4/4 3/4 6/8 | .85 | 2 | .2 | strophic | 16 | 1 | 1.0 | soprano:melody alto:inner tenor:inner bass-voice:bass
art-song | art | 56 84 132 | 4/4 3/4 6/8 2/4 | .6 | 1.5 | .6 | ternary | 32 | 1 | 1.2 | voice:melody piano:accompaniment
romantic-piano | art | 54 84 144 | 4/4 3/4 6/8 | .5 | 1.5 | .7 | ternary | 32 | 1 | 1.6 | piano:melody piano:accompaniment
waltz | dance | 120 156 190 | 3/4 | .7 | 1 | .4 | rondo | 32 | 1 | 1.4 | piano:melody piano:accompaniment
mazurka | dance | 104 132 168 | 3/4 | .5 | 1 | .5 | ternary | 32 | 1 | 1.6 | piano:melody piano:accompaniment
polonaise | dance | 80 100 116 | 3/4 | .6 | 1 | .5 | ternary | 32 | 1 | 1.8 | piano:melody piano:accompaniment
string-quartet | art | 60 104 152 | 4/4 3/4 2/4 6/8 | .65 | 1.5 | .5 | binary | 32 | 1 | 1.6 | violin:melody violin:inner viola:inner cello:bass
orchestral | art | 60 104 144 | 4/4 3/4 | .6 | 1 | .5 | ternary | 32 | 1 | 1.4 | flute:melody strings:chords french-horn:inner cello:accompaniment double-bass:bass timpani:accompaniment
choir | hymn | 54 76 104 | 4/4 3/4 | .6 | 2 | .3 | strophic | 24 | 1 | 1.0 | soprano:melody alto:inner tenor:inner bass-voice:bass
folk | pop | 84 112 140 | 4/4 3/4 6/8 2/4 | .75 | 1 | .05 | strophic | 32 | 1 | 1.5 | violin:melody guitar:chords bass-guitar:bass
song | art | 76 104 132 | 4/4 3/4 2/4 6/8 | .8 | 1 | .2 | aaba | 32 | 1 | 1.3 | voice:melody piano:accompaniment
pop | pop | 72 104 132 | 4/4 | .7 | 1 | .15 | verse-chorus | 48 | 0 | 1.5 | voice:melody piano:chords guitar:accompaniment bass-guitar:bass drums:drums
rock | pop | 96 126 168 | 4/4 | .55 | 1 | .2 | verse-chorus | 48 | 0 | 1.5 | voice:melody electric-guitar:chords distortion-guitar:accompaniment bass-guitar:bass drums:drums
jazz | jazz | 92 132 220 | 4/4 3/4 | .75 | 1.5 | 1 | aaba | 32 | 0 | 1.7 | tenor-sax:melody piano:chords upright-bass:bass drums:drums
chinese | pop | 58 76 116 | 4/4 2/4 | .6 | 1 | 0 | strophic | 32 | 0 | 1.9 | erhu:melody guzheng:accompaniment dizi:inner pipa:chords
ambient | pop | 54 66 84 | 4/4 | .5 | .5 | .1 | through | 32 | 0 | .5 | synth-lead:melody synth-pad:chords piano:accompaniment strings:bass
march | dance | 100 116 132 | 2/4 4/4 6/8 | .85 | 1 | .3 | binary | 32 | 1 | 1.6 | trumpet:melody brass:chords tuba:bass drums:drums
ragtime | jazz | 76 96 112 | 2/4 4/4 | .9 | 1 | .8 | binary | 32 | 1 | 3.0 | piano:melody piano:accompaniment
baroque | art | 66 92 132 | 4/4 3/4 6/8 | .55 | 2 | .4 | binary | 24 | 1 | 2.2 | harpsichord:melody harpsichord:accompaniment
classical | dance | 72 112 152 | 4/4 2/4 3/4 6/8 | .75 | 1.25 | .3 | binary | 32 | 1 | 1.9 | piano:melody piano:accompaniment
guitar | art | 66 92 126 | 4/4 3/4 6/8 | .55 | 1 | .3 | ternary | 24 | 1 | 1.6 | nylon-guitar:melody nylon-guitar:accompaniment
game | pop | 100 136 168 | 4/4 3/4 | .6 | 1 | .2 | aaba | 32 | 0 | 1.9 | synth-lead:melody synth:accompaniment synth-bass:bass drums:drums
drum-groove | pop | 80 100 130 | 4/4 | .5 | .5 | .1 | through | 16 | 0 | 2.0 | drums:drums
minuet | dance | 100 120 138 | 3/4 | .75 | 1 | .2 | binary | 32 | 1 | 1.5 | piano:melody piano:accompaniment
etude | art | 84 120 160 | 4/4 2/4 3/4 | .5 | 1.5 | .6 | ternary | 32 | 1 | 3.2 | piano:melody piano:accompaniment
nocturne | art | 50 66 88 | 4/4 6/8 3/4 | .6 | 1.25 | .6 | ternary | 32 | 1 | 1.2 | piano:melody piano:accompaniment
chamber | art | 60 100 144 | 4/4 3/4 2/4 6/8 | .6 | 1.5 | .5 | ternary | 32 | 1 | 1.6 | violin:melody cello:bass piano:accompaniment
ballad | pop | 60 72 88 | 4/4 6/8 | .65 | 1 | .2 | verse-chorus | 40 | 0 | 1.3 | voice:melody piano:accompaniment strings:chords bass-guitar:bass drums:drums
blues | jazz | 72 100 132 | 4/4 | .8 | 1 | .6 | blues | 24 | 0 | 1.6 | electric-guitar:melody piano:chords upright-bass:bass drums:drums
swing | jazz | 120 152 220 | 4/4 | .8 | 1.5 | 1 | aaba | 32 | 0 | 1.7 | clarinet:melody brass:chords piano:accompaniment upright-bass:bass drums:drums
bossa-nova | jazz | 100 124 144 | 4/4 | .7 | 1 | .9 | aaba | 32 | 0 | 1.5 | flute:melody nylon-guitar:chords upright-bass:bass drums:drums
latin | jazz | 96 116 144 | 4/4 | .5 | 1 | .5 | aaba | 32 | 0 | 1.7 | trumpet:melody piano:accompaniment bass-guitar:bass drums:drums
tango | dance | 100 120 132 | 4/4 2/4 | .2 | 1 | .5 | ternary | 32 | 1 | 1.7 | accordion:melody piano:accompaniment violin:inner double-bass:bass
jazz-fusion | jazz | 92 112 140 | 4/4 5/4 7/8 | .5 | 1 | .8 | aaba | 32 | 0 | 1.9 | electric-guitar:melody electric-piano:chords bass-guitar:bass drums:drums
lofi | pop | 68 78 90 | 4/4 | .55 | 1 | .3 | through | 32 | 0 | 1.0 | electric-piano:melody electric-piano:chords bass-guitar:bass drums:drums
hiphop | pop | 80 92 104 | 4/4 | .35 | .5 | .1 | verse-chorus | 32 | 0 | 1.4 | synth-lead:melody electric-piano:chords synth-bass:bass drum-machine:drums
electronic | pop | 100 122 136 | 4/4 | .5 | .75 | .1 | verse-chorus | 48 | 0 | 1.8 | synth-lead:melody synth-pad:chords synth-bass:bass drum-machine:drums
edm | pop | 122 128 140 | 4/4 | .5 | 1 | .05 | verse-chorus | 48 | 0 | 1.9 | synth-lead:melody synth:chords synth-bass:bass drum-machine:drums
synthwave | pop | 84 104 120 | 4/4 | .35 | 1 | .1 | verse-chorus | 48 | 0 | 1.6 | synth-lead:melody synth-pad:chords synth-bass:bass drum-machine:drums
synthpop | pop | 104 118 132 | 4/4 | .55 | 1 | .1 | verse-chorus | 48 | 0 | 1.6 | voice:melody synth:chords synth-bass:bass drum-machine:drums
funk | pop | 96 110 124 | 4/4 | .5 | .75 | .3 | verse-chorus | 48 | 0 | 1.7 | brass:melody electric-guitar:chords bass-guitar:bass drums:drums
soul | pop | 66 92 116 | 4/4 6/8 | .65 | 1 | .4 | verse-chorus | 40 | 0 | 1.5 | voice:melody hammond-organ:chords bass-guitar:bass drums:drums
country | pop | 84 112 144 | 4/4 2/4 3/4 | .9 | 1 | .05 | verse-chorus | 40 | 0 | 1.5 | violin:melody guitar:chords banjo:accompaniment bass-guitar:bass drums:drums
celtic | pop | 90 112 132 | 6/8 4/4 3/4 | .55 | 1 | 0 | binary | 32 | 0 | 2.0 | tin-whistle:melody harp:accompaniment violin:inner
jiangnan | pop | 60 80 112 | 2/4 4/4 | .9 | 1 | 0 | strophic | 32 | 0 | 1.8 | dizi:melody pipa:accompaniment erhu:inner yangqin:chords
metal | pop | 120 148 200 | 4/4 | .1 | 1 | .2 | verse-chorus | 48 | 0 | 1.8 | distortion-guitar:melody distortion-guitar:chords bass-guitar:bass drums:drums
punk | pop | 150 172 210 | 4/4 | .7 | 1 | .1 | verse-chorus | 48 | 0 | 1.6 | voice:melody distortion-guitar:chords bass-guitar:bass drums:drums
film | art | 60 88 132 | 4/4 3/4 | .4 | .75 | .5 | ternary | 32 | 0 | 1.0 | french-horn:melody strings:chords piano:accompaniment cello:bass timpani:accompaniment
lullaby | hymn | 60 76 92 | 3/4 6/8 4/4 | .85 | 1 | .1 | strophic | 16 | 1 | 1.0 | music-box:melody harp:accompaniment
children | hymn | 96 116 138 | 2/4 4/4 | .97 | 1 | 0 | aaba | 16 | 1 | 1.5 | recorder:melody piano:accompaniment
new-age | pop | 60 76 96 | 4/4 3/4 6/8 | .65 | 1 | .1 | ternary | 32 | 0 | 1.5 | piano:melody piano:accompaniment
fanfare | dance | 96 112 132 | 4/4 | .95 | 1 | .1 | ternary | 12 | 0 | 1.6 | trumpet:melody french-horn:inner trombone:inner tuba:bass timpani:accompaniment
polka | dance | 104 116 132 | 2/4 | .95 | 1 | .2 | ternary | 32 | 1 | 2.0 | accordion:melody clarinet:inner accordion:chords tuba:bass
reggae | pop | 64 76 92 | 4/4 | .65 | 1 | .05 | verse-chorus | 40 | 0 | 1.4 | voice:melody electric-guitar:chords hammond-organ:accompaniment bass-guitar:bass drums:drums
house | pop | 118 124 130 | 4/4 | .35 | .75 | .1 | verse-chorus | 64 | 0 | 1.4 | synth-lead:melody electric-piano:chords synth-pad:chords synth-bass:bass drum-machine:drums
techno | pop | 126 132 142 | 4/4 | .1 | .25 | .1 | verse-chorus | 64 | 0 | 1.6 | synth-lead:melody synth:chords synth-pad:chords synth-bass:bass drum-machine:drums
trap | pop | 64 72 80 | 4/4 | .1 | .5 | .1 | verse-chorus | 40 | 0 | 1.3 | synth-lead:melody electric-piano:chords synth-pad:chords synth-bass:bass drum-machine:drums
cinematic | art | 66 84 120 | 4/4 3/4 | .3 | .75 | .4 | through | 40 | 0 | .8 | french-horn:melody strings:chords cello:accompaniment piano:accompaniment double-bass:bass taiko:drums
chiptune | pop | 120 144 176 | 4/4 | .6 | 1 | .2 | aaba | 32 | 0 | 1.9 | synth-lead:melody synth:accompaniment synth-bass:bass drum-machine:drums
gigue | dance | 96 120 144 | 6/8 12/8 | .55 | 2 | .3 | binary | 24 | 1 | 2.8 | harpsichord:melody harpsichord:accompaniment
sarabande | dance | 56 66 80 | 3/4 | .5 | 1.5 | .4 | binary | 24 | 1 | 1.2 | harpsichord:melody harpsichord:accompaniment
bagatelle | art | 72 104 144 | 2/4 3/4 4/4 | .65 | 1 | .4 | ternary | 24 | 1 | 1.7 | piano:melody piano:accompaniment
sonatina | dance | 96 120 144 | 4/4 2/4 | .9 | 1 | .2 | ternary | 32 | 1 | 2.0 | piano:melody piano:accompaniment
prelude | art | 54 80 132 | 4/4 3/4 | .5 | 1.5 | .6 | through | 24 | 1 | 2.0 | piano:melody piano:accompaniment
"""


def _row(line: str) -> Norms:
    cells = [cell.strip() for cell in line.split("|")]
    slow, usual, fast = map(float, cells[2].split())
    players = tuple((name, role) for name, role in (word.split(":") for word in cells[11].split()))
    return Norms(
        cells[0], cells[1], slow, usual, fast, tuple(map(Metre.parse, cells[3].split())), float(cells[4]),
        float(cells[5]), float(cells[6]), cells[7], int(cells[8]), cells[9] == "1", players, float(cells[10]),
    )  # fmt: skip


@cache
def all_norms() -> dict[str, Norms]:
    """Return the norms of every style and variant by name."""
    return {norms.name: norms for norms in map(_row, _TABLE.strip().splitlines())}


def norms_of(style: str) -> Norms:
    """Return the norms of a style or variant; a variant without its own uses its base style's.

    >>> norms_of("waltz").metres[0], norms_of("华尔兹").family
    (Metre(numerator=3, denominator=4), 'dance')
    """
    name = find_style(style)
    return all_norms().get(name) or all_norms()[VARIANT_BASES[name]]


@dataclass(frozen=True, slots=True)
class Leaning:
    """How moods lean a plan.

    tempo, density, articulation: factors; major: added to the log odds of a major key; register: semitones; energy:
    added to 0..1; mode: of its own, where a mood calls for one; velocity: steps; tension, contour, leaps, rubato:
    -1..1 as in `zhiyin.theory.mood_cues`; valence, arousal: the place aimed at.
    """

    tempo: float = 1.0
    density: float = 1.0
    major: float = 0.0
    register: float = 0.0
    energy: float = 0.0
    mode: str | None = None
    velocity: float = 0.0
    articulation: float = 1.0
    tension: float = 0.0
    contour: float = 0.0
    leaps: float = 0.0
    rubato: float = 0.0
    valence: float = 0.0
    arousal: float = 0.0

    @property
    def colour(self) -> float:
        """Return how bright harmony is to be, -1..1."""
        return max(-1.0, min(1.0, self.major / MAJOR_ODDS))


# Moods that call for a mode of their own when neither key nor mode is asked.
_MODES = {"mysterious": "dorian", "scary": "phrygian"}
# How much of each cue a plan takes over beside the style's norms; chosen on requests of their own (docs/lab/moods.md).
TEMPO_SHARE, DENSITY_SHARE, REGISTER_SHARE, VELOCITY_SHARE, ARTICULATION_SHARE = 0.8, 0.9, 0.7, 0.85, 0.9
MAJOR_ODDS = 6.0
ENERGY_SHARE = 0.25
# How far past a style's slowest and fastest tempo a mood may lead, as a factor.
TEMPO_ROOM = 1.12


def leaning_of(moods: tuple[str, ...], *, avoid: tuple[str, ...] = ()) -> Leaning:
    """Return how moods lean the norms at the usual intensity; () leans nothing.

    >>> leaning_of(("sad",)).tempo < 1 < leaning_of(("happy",)).tempo
    True
    """
    return leaning_to(aim_of(moods, avoid=avoid), moods)


def leaning_to(aim: MoodAim, moods: tuple[str, ...] = ()) -> Leaning:
    """Return how an aim leans the norms: every cue in its share. moods: those that may call for a mode of their own."""
    cues = aim.cues
    return Leaning(
        tempo=exp(TEMPO_SHARE * cues.tempo), density=exp(DENSITY_SHARE * cues.density),
        major=MAJOR_ODDS * cues.major, register=REGISTER_SHARE * cues.register, energy=ENERGY_SHARE * aim.arousal,
        mode=next((_MODES[mood] for mood in moods if mood in _MODES), None),
        velocity=VELOCITY_SHARE * cues.velocity, articulation=exp(ARTICULATION_SHARE * cues.articulation),
        tension=_bound(cues.tension), contour=_bound(cues.contour), leaps=_bound(cues.leaps),
        rubato=_bound(cues.rubato), valence=aim.valence, arousal=aim.arousal,
    )  # fmt: skip


def major_share(norms: Norms, leaning: Leaning) -> float:
    """Return how likely a key is major, 0..1: the style's share with its odds leant by the mood.

    >>> major_share(norms_of("pop"), leaning_of(("sad",))) < 0.1
    True
    """
    share = min(0.95, max(0.05, norms.major))
    return 1.0 / (1.0 + exp(-(log(share / (1 - share)) + leaning.major)))


def leant_tempo(norms: Norms, leaning: Leaning) -> float:
    """Return the style's usual tempo as the mood would have it, a little past the style's own range at most."""
    if leaning.tempo == 1.0:
        return norms.usual
    return min(norms.fast * TEMPO_ROOM, max(norms.slow / TEMPO_ROOM, norms.usual * leaning.tempo))


def _bound(value: float) -> float:
    return max(-1.0, min(1.0, value))
