# ruff: noqa: E501 - word tables keep one row a line
"""Style words: Chinese and English names of styles, and finer variants of them.

Conventions: a variant ("blues") leans on a base style that models were trained on ("jazz").
This module does not know tempo, metre or player norms: see `zhiyin.fill.norms`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cache

from zhiyin.errors import NotFound
from zhiyin.theory.styles import STYLES

# base style | zh | aliases
_BASES = """
chorale | 众赞歌 | bach chorale, chorales, 圣咏, 巴赫众赞歌, 四部和声
hymn | 赞美诗 | hymns, hymnal, church hymn, carol, carols, christmas carol, 圣诞颂歌, 颂歌, 圣歌, 赞美歌
art-song | 艺术歌曲 | lied, lieder, art songs, 艺术歌
romantic-piano | 浪漫派钢琴 | romantic piano music, romantic era piano, 浪漫主义钢琴, 浪漫派, 浪漫主义
waltz | 圆舞曲 | waltzes, valse, 华尔兹, 华尔滋
mazurka | 玛祖卡 | mazurkas, 马祖卡, 玛祖卡舞曲
polonaise | 波兰舞曲 | polonaises, 波洛奈兹
string-quartet | 弦乐四重奏 | string quartets
orchestral | 管弦乐 | orchestra, symphonic, symphony, symphony orchestra, 交响乐, 交响, 管弦乐队, 交响乐团, 管弦
choir | 合唱曲 | choral, choral music, motet, madrigal, madrigals, a cappella, 无伴奏合唱, 合唱音乐
folk | 民谣 | folk song, folk tune, folk music, folksong, 民歌, 乡谣, 牧歌, pastoral song, pastorale
song | 歌曲 | ballad song, parlour song, 歌谣
pop | 流行 | pop song, pop music, 流行歌, 流行曲, 流行音乐, 流行歌曲
rock | 摇滚 | rock song, rock music, rock and roll, rock'n'roll, 摇滚乐
jazz | 爵士 | jazz music, jazzy, 爵士乐, lead sheet, lead sheets
chinese | 中国风 | chinese style, chinese pentatonic, pentatonic chinese, chinese folk, 中国五声, 中国民歌, chinese traditional, traditional chinese, chinese music, 国风, 古风, 民乐, 中国风格, 国乐, 五声
ambient | 氛围 | ambient music, soundscape, drone, 氛围音乐, 环境音乐
march | 进行曲 | marches, military march, 军乐
ragtime | 拉格泰姆 | rag, rags, 散拍
baroque | 巴洛克 | baroque music, 巴洛克风格
classical | 古典 | classical music, viennese classical, classic style, 古典音乐, 古典风格, 古典主义
guitar | 吉他曲 | guitar piece, fingerstyle, 指弹
game | 游戏音乐 | game music, video game, video game music, 游戏配乐
drum-groove | 鼓律动 | drum groove, drum loop, drum beat, drum solo, 鼓循环, 鼓独奏
minuet | 小步舞曲 | minuets, menuet
etude | 练习曲 | etudes, étude, study piece
nocturne | 夜曲 | nocturnes, 夜想曲
chamber | 室内乐 | chamber music, trio, piano trio, quintet, 三重奏, 五重奏
funk | 放克 | funky, disco, funk music, 迪斯科, 放克音乐
soul | 灵魂乐 | r&b, rnb, gospel, soul music, 节奏布鲁斯, 福音
swing | 摇摆乐 | big band, swing jazz, 摇摆爵士, 大乐队
bossa-nova | 波萨诺瓦 | bossa, bossa nova, 巴萨诺瓦
reggae | 雷鬼 | ska, 雷鬼音乐
house | 浩室 | house music, deep house, 浩室舞曲, 浩室音乐
techno | 科技舞曲 | techno music, 铁克诺, 泰克诺
trap | 陷阱 | trap music, trap beat, 陷阱音乐, 陷阱说唱
lofi | 低保真 | lo-fi, lo fi, lofi hip hop, 低保真嘻哈
synthwave | 合成器浪潮 | retrowave, outrun
cinematic | 史诗影视 | epic trailer, trailer music, 史诗音乐, 预告片音乐, 影视氛围
chiptune | 芯片音乐 | 8-bit, 8bit, chip music, chip tune, chip tunes, 8-bit music, 8位音乐, 8位, 8位机, 八位, 八位机, 八位音乐, 8位机音乐, 八位机音乐, 红白机, 红白机音乐
"""
# variant | base | zh | aliases
_VARIANTS = """
ballad | pop | 抒情歌 | pop ballad, ballads, slow song, 抒情歌曲, 抒情慢歌, 慢歌, 抒情曲, 抒情慢板
blues | jazz | 布鲁斯 | blues music, twelve-bar blues, 12-bar blues, 蓝调
latin | jazz | 拉丁 | salsa, samba, rumba, 桑巴, 萨尔萨, 拉丁音乐
tango | song | 探戈 | tangos
jazz-fusion | jazz | 融合爵士 | fusion, 爵士融合
hiphop | pop | 嘻哈 | hip hop, hip-hop, rap, 说唱
electronic | pop | 电子 | electronic music, electronica, 电子乐, 电子音乐, 电音
edm | pop | 电子舞曲 | dance music, trance, 舞曲音乐
synthpop | pop | 合成器流行 | synth pop, synth-pop
country | folk | 乡村 | country music, bluegrass, 乡村音乐
celtic | folk | 凯尔特 | irish, scottish, jig, jigs, reel, reels, strathspey, folk reel, folk jig, 里尔舞曲, 吉格舞曲, 爱尔兰, 凯尔特音乐
jiangnan | chinese | 江南 | jiangnan sizhu, 江南丝竹, 江南小调
metal | rock | 金属 | heavy metal, hard rock, 重金属, 硬摇滚
punk | rock | 朋克 | punk rock
film | orchestral | 电影配乐 | film score, film music, soundtrack, movie music, score music, 影视配乐, 配乐, 电影音乐, 电影感
lullaby | song | 摇篮曲 | lullabies, cradle song, berceuse, 催眠曲
children | song | 儿歌 | nursery rhyme, children's song, kids song, 童谣
new-age | romantic-piano | 新世纪音乐 | new age, 新纪元, 轻音乐, easy listening
fanfare | march | 号角 | fanfares
polka | march | 波尔卡 | polkas, 波尔卡舞曲
gigue | baroque | 吉格 | gigues
sarabande | baroque | 萨拉班德 | sarabandes
bagatelle | classical | 小品 | bagatelles
sonatina | classical | 小奏鸣曲 | sonatinas, sonata, 奏鸣曲
prelude | romantic-piano | 前奏曲 | preludes
"""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def _split(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())


# narrower style | the wider ones that it is a kind of, beside a variant's own base
_KINDS = """
chiptune | game, electronic
lofi | hiphop, electronic, jazz, ambient
trap | hiphop, electronic
hiphop | electronic
edm | electronic
synthpop | electronic, edm
synthwave | electronic, synthpop, edm
house | electronic, edm
techno | electronic, edm, house
ambient | electronic
cinematic | film, orchestral, classical
film | classical
orchestral | classical
string-quartet | chamber, classical
chamber | classical
swing | jazz
bossa-nova | jazz, latin
tango | latin
blues | jazz, soul
jazz-fusion | funk
funk | soul
chinese | folk
celtic | song
country | song
folk | song
art-song | song
lullaby | song, folk, children
nocturne | romantic-piano, classical
etude | romantic-piano, classical
prelude | classical
romantic-piano | classical
hymn | choir
chorale | hymn, choir, baroque
ragtime | jazz
fanfare | orchestral
"""
VARIANT_BASES: dict[str, str] = {name: base for name, base, _, _ in _rows(_VARIANTS)}
STYLE_NAMES_ZH: dict[str, str] = {name: zh for name, zh, _ in _rows(_BASES)} | {
    name: zh for name, _, zh, _ in _rows(_VARIANTS)
}


_WIDER: dict[str, frozenset[str]] = {name: frozenset(_split(wider)) for name, wider in _rows(_KINDS)}


def most_specific(names: Iterable[str]) -> tuple[str, ...]:
    """Return the styles that no other one of them is a kind of, in their order, each once.

    >>> most_specific(("folk", "celtic")), most_specific(("jazz", "chinese"))
    (('celtic',), ('jazz', 'chinese'))
    """
    named = tuple(dict.fromkeys(names))
    wider: set[str] = set()
    for name in named:
        if name not in wider:
            wider |= {other for other in named if is_kind_of(name, other)}
    return tuple(name for name in named if name not in wider)


def is_kind_of(name: str, other: str) -> bool:
    """Return whether a style or variant is a narrower kind of another one.

    >>> is_kind_of("blues", "jazz"), is_kind_of("jazz", "blues")
    (True, False)
    """
    return name != other and (VARIANT_BASES.get(name) == other or other in _WIDER.get(name, ()))


@cache
def style_words() -> dict[str, str]:
    """Return every style name and alias in lower case with the style or variant it stands for.

    >>> style_words()["圆舞曲"], style_words()["hip hop"]
    ('waltz', 'hiphop')
    """
    words: dict[str, str] = {}
    for name, zh, aliases in _rows(_BASES):
        words |= dict.fromkeys((zh, *_split(aliases)), name)
    for name, _, zh, aliases in _rows(_VARIANTS):
        words |= dict.fromkeys((zh, *_split(aliases)), name)
    names = (*STYLES, *VARIANT_BASES)
    return words | {name.replace("-", " "): name for name in names} | {name: name for name in names}


def find_style(name: str) -> str:
    """Return the style or variant of a name or alias in Chinese or English; raises NotFound naming near ones.

    >>> find_style("Blues"), find_style("古风")
    ('blues', 'chinese')
    """
    words, folded = style_words(), name.strip().casefold().replace("_", "-")
    for form in (folded, folded.replace("-", " "), folded.removesuffix("s")):
        if form in words:
            return words[form]
    joined = most_specific(_styles_in(folded))
    if len({VARIANT_BASES.get(one, one) for one in joined}) == 1:
        return joined[0]
    near = dict.fromkeys(words[word] for word in difflib.get_close_matches(folded, words, n=5, cutoff=0.5))
    raise NotFound(f"style must be a known name, got {name!r}: did you mean {', '.join(near or STYLES)}?")


def _styles_in(folded: str) -> tuple[str, ...]:
    """Return the styles that the words of a name stand for, longest first; () when a word stands for none."""
    words, parts, found = style_words(), re.split(r"[\s-]+", folded), list[str]()
    while parts:
        sizes = range(len(parts), 0, -1)
        size = next(
            (n for n in sizes if " ".join(parts[:n]) in words or parts[:n] in (["music"], ["beat"])), 0
        )
        if not size:
            return ()
        found += [words[said] for said in (" ".join(parts[:size]),) if said in words]
        parts = parts[size:]
    return tuple(found)


def base_style(name: str) -> str:
    """Return the style of STYLES that a model is asked for: a variant's base, or the style itself.

    >>> base_style("blues"), base_style("waltz")
    ('jazz', 'waltz')
    """
    found = find_style(name)
    return VARIANT_BASES.get(found, found)
