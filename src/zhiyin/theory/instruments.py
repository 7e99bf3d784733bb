# ruff: noqa: E501 - word tables keep one row a line
"""Instruments: General MIDI programs, comfortable sounding ranges, and names in Chinese and English.

Conventions: names are lower-case English with hyphens; ranges are sounding MIDI numbers; programs count from 0.
This module does not know which instruments a style uses: see `zhiyin.fill.norms`.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache

from zhiyin.errors import NotFound

FAMILIES = (
    "keyboard",
    "mallet",
    "plucked",
    "bass",
    "bowed",
    "voice",
    "brass",
    "reed",
    "flute",
    "synth",
    "percussion",
)


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument as a player may be asked for.

    program: GM 0..127 (for drums: the kit); low, high: comfortable sounding range, or the drum keys used;
    polyphony: most notes at once; aliases: other names, English and Chinese.
    """

    name: str
    zh: str
    program: int
    low: int
    high: int
    family: str
    polyphony: int = 1
    aliases: tuple[str, ...] = ()
    is_drums: bool = False


def _row(line: str, *, is_drums: bool = False) -> Instrument:
    name, zh, program, low, high, family, polyphony, aliases = (cell.strip() for cell in line.split("|"))
    words = tuple(word.strip() for word in aliases.split(",") if word.strip())
    return Instrument(name, zh, int(program), int(low), int(high), family, int(polyphony), words, is_drums)


# name | zh | GM program | low | high | family | polyphony | aliases
_PITCHED = """
piano | 钢琴 | 0 | 24 | 103 | keyboard | 10 | grand piano, pianoforte, acoustic piano, 三角钢琴, 立式钢琴
harpsichord | 羽管键琴 | 6 | 29 | 89 | keyboard | 8 | cembalo, 大键琴, 拨弦古钢琴
electric-piano | 电钢琴 | 4 | 28 | 96 | keyboard | 8 | rhodes, wurlitzer, e-piano, keyboard, keyboards, 键盘
celesta | 钢片琴 | 8 | 60 | 103 | keyboard | 6 | celeste
organ | 管风琴 | 19 | 36 | 96 | keyboard | 8 | church organ, pipe organ, 风琴
hammond-organ | 哈蒙德风琴 | 16 | 36 | 96 | keyboard | 8 | hammond, drawbar organ, electric organ, 电风琴
accordion | 手风琴 | 21 | 53 | 93 | keyboard | 6 | bandoneon, 班多钮琴
harmonica | 口琴 | 22 | 60 | 96 | reed | 2 | blues harp
music-box | 八音盒 | 10 | 60 | 96 | mallet | 4 | musical box, 音乐盒
glockenspiel | 钟琴 | 9 | 79 | 105 | mallet | 2 | glock, bells, 钢板琴
vibraphone | 颤音琴 | 11 | 53 | 89 | mallet | 4 | vibes
marimba | 马林巴 | 12 | 45 | 96 | mallet | 4 | 马林巴琴
xylophone | 木琴 | 13 | 65 | 103 | mallet | 2 |
tubular-bells | 管钟 | 14 | 60 | 77 | mallet | 2 | chimes, church bells, 钟声
kalimba | 卡林巴 | 108 | 60 | 88 | mallet | 3 | thumb piano, 拇指琴, 卡林巴琴
steel-drums | 钢鼓 | 114 | 52 | 88 | mallet | 3 | steelpan, steel pan
guitar | 木吉他 | 25 | 40 | 81 | plucked | 6 | acoustic guitar, steel guitar, folk guitar, 吉他, 民谣吉他, 钢弦吉他
nylon-guitar | 古典吉他 | 24 | 40 | 81 | plucked | 6 | classical guitar, spanish guitar, 尼龙吉他
electric-guitar | 电吉他 | 27 | 40 | 86 | plucked | 6 | e-guitar, clean guitar
distortion-guitar | 失真吉他 | 30 | 40 | 84 | plucked | 4 | distorted guitar, overdriven guitar, 失真电吉他
ukulele | 尤克里里 | 24 | 60 | 84 | plucked | 4 | uke, 乌克丽丽
mandolin | 曼陀林 | 25 | 55 | 88 | plucked | 4 |
banjo | 班卓琴 | 105 | 48 | 84 | plucked | 4 |
sitar | 西塔琴 | 104 | 48 | 79 | plucked | 2 |
harp | 竖琴 | 46 | 29 | 98 | plucked | 8 |
bass-guitar | 电贝斯 | 33 | 28 | 60 | bass | 1 | bass, electric bass, fretless bass, 贝斯, 贝司, 低音吉他
upright-bass | 拨弦低音提琴 | 32 | 28 | 60 | bass | 1 | acoustic bass, walking bass, jazz bass, 原声贝斯, 立式贝斯
synth-bass | 合成贝斯 | 38 | 28 | 60 | bass | 1 | 合成低音
double-bass | 低音提琴 | 43 | 28 | 60 | bass | 1 | contrabass, string bass, 倍大提琴, 大贝斯
violin | 小提琴 | 40 | 55 | 93 | bowed | 2 | fiddle
viola | 中提琴 | 41 | 48 | 81 | bowed | 2 |
cello | 大提琴 | 42 | 36 | 74 | bowed | 2 | violoncello
strings | 弦乐 | 48 | 36 | 91 | bowed | 6 | string ensemble, string section, string orchestra, 弦乐组, 弦乐合奏, 弦乐团
pizzicato-strings | 拨弦弦乐 | 45 | 36 | 88 | bowed | 4 | pizzicato, plucked strings, 拨奏弦乐
choir | 合唱 | 52 | 41 | 79 | voice | 6 | vocal ensemble, 合唱团, 唱诗班, 人声合唱
voice | 人声 | 53 | 55 | 77 | voice | 1 | vocal, vocals, singer, singing voice, 歌声, 演唱, 歌手, female voice, male voice, 女声, 男声, 童声
soprano | 女高音 | 52 | 60 | 81 | voice | 1 | soprano voice
alto | 女低音 | 52 | 55 | 74 | voice | 1 | alto voice, contralto, 女中音
tenor | 男高音 | 52 | 48 | 69 | voice | 1 | tenor voice
bass-voice | 男低音 | 52 | 40 | 62 | voice | 1 | basso, 男中音
trumpet | 小号 | 56 | 55 | 82 | brass | 1 |
muted-trumpet | 弱音小号 | 59 | 55 | 82 | brass | 1 | harmon mute
trombone | 长号 | 57 | 40 | 70 | brass | 1 | 拉管
tuba | 大号 | 58 | 29 | 58 | brass | 1 |
french-horn | 圆号 | 60 | 41 | 77 | brass | 1 | horn, 法国号
brass | 铜管 | 61 | 40 | 80 | brass | 5 | brass section, brass ensemble, horns, 铜管组, 铜管乐
soprano-sax | 高音萨克斯 | 64 | 56 | 87 | reed | 1 | soprano saxophone
alto-sax | 中音萨克斯 | 65 | 49 | 80 | reed | 1 | alto saxophone, sax, saxophone, 萨克斯, 萨克斯风, 色士风
tenor-sax | 次中音萨克斯 | 66 | 44 | 75 | reed | 1 | tenor saxophone
baritone-sax | 上低音萨克斯 | 67 | 37 | 68 | reed | 1 | baritone saxophone, bari sax
oboe | 双簧管 | 68 | 58 | 87 | reed | 1 |
english-horn | 英国管 | 69 | 52 | 80 | reed | 1 | cor anglais
bassoon | 大管 | 70 | 34 | 71 | reed | 1 | 巴松, 巴松管
clarinet | 单簧管 | 71 | 50 | 88 | reed | 1 | 黑管
piccolo | 短笛 | 72 | 74 | 103 | flute | 1 |
flute | 长笛 | 73 | 60 | 93 | flute | 1 | 西洋长笛
recorder | 竖笛 | 74 | 65 | 93 | flute | 1 | block flute
tin-whistle | 锡哨笛 | 74 | 74 | 98 | flute | 1 | penny whistle, irish whistle, 爱尔兰哨笛, 哨笛
pan-flute | 排箫 | 75 | 60 | 91 | flute | 1 | pan pipes, panpipe
shakuhachi | 尺八 | 77 | 55 | 84 | flute | 1 |
ocarina | 陶笛 | 79 | 69 | 89 | flute | 1 | 埙
synth | 合成器 | 90 | 36 | 96 | synth | 6 | synthesizer, synthesiser, polysynth
synth-lead | 合成主音 | 81 | 48 | 93 | synth | 1 | lead synth, saw lead, square lead
synth-pad | 合成铺底 | 89 | 36 | 84 | synth | 6 | pad, pads, warm pad, 铺底, 氛围铺底, 音垫
erhu | 二胡 | 110 | 62 | 91 | bowed | 1 | 胡琴, 高胡, 中胡, 板胡, 京胡, er hu
matouqin | 马头琴 | 42 | 43 | 77 | bowed | 1 | morin khuur, horsehead fiddle
pipa | 琵琶 | 106 | 45 | 88 | plucked | 4 | 柳琴, liuqin
guzheng | 古筝 | 107 | 38 | 86 | plucked | 6 | zheng, gu zheng, 筝
guqin | 古琴 | 107 | 36 | 74 | plucked | 3 | 七弦琴, qin zither
ruan | 阮 | 24 | 43 | 79 | plucked | 4 | 中阮, 大阮, 月琴, zhongruan
yangqin | 扬琴 | 15 | 43 | 89 | mallet | 4 | hammered dulcimer, dulcimer, 洋琴
dizi | 笛子 | 73 | 62 | 93 | flute | 1 | bamboo flute, chinese flute, 竹笛, 曲笛, 梆笛
xiao | 箫 | 77 | 55 | 81 | flute | 1 | 洞箫, vertical bamboo flute
sheng | 笙 | 20 | 55 | 86 | reed | 4 | mouth organ sheng
suona | 唢呐 | 111 | 62 | 86 | reed | 1 | shawm, 喇叭
hulusi | 葫芦丝 | 71 | 57 | 77 | reed | 1 | gourd flute, 巴乌
koto | 日本筝 | 107 | 43 | 86 | plucked | 5 | japanese zither
shamisen | 三味线 | 106 | 48 | 81 | plucked | 2 | 三弦, sanxian
bagpipe | 风笛 | 109 | 58 | 81 | reed | 1 | bagpipes, 苏格兰风笛
timpani | 定音鼓 | 47 | 40 | 57 | percussion | 1 | kettledrum, kettledrums
"""
# For drums: the kit's program, and the lowest and highest GM drum key used.
_DRUMS = """
drums | 鼓 | 0 | 35 | 59 | percussion | 5 | drum, drum kit, drum set, percussion, drumbeat, 架子鼓, 鼓组, 打击乐, 爵士鼓, 鼓点
drum-machine | 鼓机 | 25 | 35 | 59 | percussion | 5 | 808, tr-808, electronic drums, 电子鼓
taiko | 太鼓 | 48 | 35 | 50 | percussion | 2 | taiko drums, war drums, 大鼓, 战鼓
hand-drums | 手鼓 | 0 | 60 | 68 | percussion | 2 | bongos, congas, bongo, conga, 邦戈鼓, 康加鼓, 非洲鼓
shaker | 沙锤 | 0 | 69 | 70 | percussion | 1 | maracas, cabasa, 沙球
tambourine | 铃鼓 | 0 | 54 | 54 | percussion | 1 |
"""
INSTRUMENTS: dict[str, Instrument] = {
    item.name: item
    for item in (
        *(_row(line) for line in _PITCHED.strip().splitlines()),
        *(_row(line, is_drums=True) for line in _DRUMS.strip().splitlines()),
    )
}

# Semitones from the written to the sounding note of the usual instrument: the clarinet in B flat sounds 2 lower.
# Source: Adler, The Study of Orchestration, 4th ed., appendix A; Piston, Orchestration.
TRANSPOSITIONS: dict[str, int] = {
    "clarinet": -2, "trumpet": -2, "muted-trumpet": -2, "soprano-sax": -2, "tenor-sax": -14, "alto-sax": -9,
    "baritone-sax": -21, "french-horn": -7, "english-horn": -7, "double-bass": -12, "upright-bass": -12,
    "bass-guitar": -12, "synth-bass": -12, "guitar": -12, "nylon-guitar": -12, "electric-guitar": -12,
    "distortion-guitar": -12, "banjo": -12, "piccolo": 12, "celesta": 12, "glockenspiel": 24, "xylophone": 12,
    "tin-whistle": 12,
}  # fmt: skip

DRUM_KEYS: dict[int, str] = dict(
    enumerate(
        (
            "acoustic bass drum", "bass drum", "side stick", "acoustic snare", "hand clap", "electric snare",
            "low floor tom", "closed hi-hat", "high floor tom", "pedal hi-hat", "low tom", "open hi-hat",
            "low-mid tom", "high-mid tom", "crash cymbal 1", "high tom", "ride cymbal 1", "chinese cymbal",
            "ride bell", "tambourine", "splash cymbal", "cowbell", "crash cymbal 2", "vibraslap",
            "ride cymbal 2", "high bongo", "low bongo", "mute high conga", "open high conga", "low conga",
            "high timbale", "low timbale", "high agogo", "low agogo", "cabasa", "maracas", "short whistle",
            "long whistle", "short guiro", "long guiro", "claves", "high wood block", "low wood block",
            "mute cuica", "open cuica", "mute triangle", "open triangle",
        ),
        start=35,
    )
)  # fmt: skip


def _fold(text: str) -> str:
    return re.sub(r"[\s_-]+", "-", text.strip().casefold())


@cache
def instrument_words() -> dict[str, str]:
    """Return every name and alias (lower-case, spaces as hyphens) with the name it stands for.

    >>> instrument_words()["acoustic-guitar"], instrument_words()["二胡"]
    ('guitar', 'erhu')
    """
    words = {_fold(word): item.name for item in INSTRUMENTS.values() for word in item.aliases}
    words |= {_fold(item.zh): item.name for item in INSTRUMENTS.values()}
    return words | {name: name for name in INSTRUMENTS}


def find_instrument(name: str) -> Instrument:
    """Return the instrument of a name or alias in Chinese or English, singular or plural.

    Raises NotFound, naming the nearest instruments.
    >>> find_instrument("Violins").name, find_instrument("古筝").program
    ('violin', 107)
    """
    words, folded = instrument_words(), _fold(name)
    for form in (folded, folded.removesuffix("s"), folded.removesuffix("es")):
        if form in words:
            return INSTRUMENTS[words[form]]
    near = dict.fromkeys(words[word] for word in difflib.get_close_matches(folded, words, n=5, cutoff=0.5))
    hint = (
        f"did you mean {', '.join(near)}"
        if near
        else f"known ones are e.g. {', '.join(list(INSTRUMENTS)[:8])}"
    )
    raise NotFound(f"instrument must be a known name, got {name!r}: {hint}?")


def written_to_sounding(name: str) -> int:
    """Return the semitones from what an instrument reads to what sounds, 0 for one that reads what sounds.

    >>> written_to_sounding("clarinet"), written_to_sounding("french-horn"), written_to_sounding("violin")
    (-2, -7, 0)
    """
    return TRANSPOSITIONS.get(name, 0)


def instrument_for_program(program: int, *, is_drums: bool = False) -> Instrument:
    """Return the instrument that plays a GM program, or the nearest one of its group of eight.

    >>> instrument_for_program(2).name, instrument_for_program(0, is_drums=True).name
    ('piano', 'drums')
    """
    pool = [item for item in INSTRUMENTS.values() if item.is_drums == is_drums]
    return min(pool, key=lambda item: (item.program // 8 != program // 8, abs(item.program - program)))
