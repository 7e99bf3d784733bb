# ruff: noqa: E501 - word tables keep one row a line
"""Fixed words: what each surface form, Chinese or English, stands for.

Conventions: surfaces are folded (lower case, hyphens as spaces); operators are fields in capitals.
This module does not know grammar: negation and scope live in `zhiyin.brief.scope`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from zhiyin.brief.match import Folded, Match
from zhiyin.theory.families import FAMILY_WORDS
from zhiyin.theory.instruments import instrument_words
from zhiyin.theory.metre import Metre
from zhiyin.theory.moods import mood_words
from zhiyin.theory.style_words import style_words

NOT, ONLY, EXCEPT, BUT, FREE = "NOT", "ONLY", "EXCEPT", "BUT", "FREE"

_OPERATORS = {
    NOT: (
        "不要", "不用", "不想要", "不需要", "不想", "不带", "不含", "别", "别用", "没有", "无", "去掉", "去除", "不加", "不是",
        "不能有", "避免", "拒绝", "禁止", "不可以", "不能", "勿", "no", "not", "without", "don't", "dont", "do not",
        "never", "with no", "avoid", "avoiding", "exclude", "excluding", "minus", "anything but", "anything except",
        "everything except", "everything but", "isn't", "won't", "neither", "nor", "nothing too", "not any", "free of", "omit",
        "leave out", "drop the", "skip the", "lacking",
    ),
    ONLY: (
        "只要", "只用", "仅用", "只有", "仅", "只", "独奏", "纯", "only", "just", "solo", "nothing but", "exclusively",
        "purely", "unaccompanied", "alone",
    ),
    EXCEPT: ("除了", "除", "except", "except for", "apart from", "other than", "besides"),
    BUT: ("但是", "但", "而是", "不过", "but", "instead", "with", "plus", "我要", "想要", "改用", "换成", "加上", "use", "rather"),
    FREE: (
        "不只", "不仅", "不只是", "不仅仅", "not only", "not just", "不超过", "不要超过", "不低于", "no more than",
        "no less than", "not more than", "at most", "at least", "up to", "最多", "至少", "under", "不少于", "不多于", "无论",
        "特别", "分别", "别致", "性别", "无限", "no longer than", "don't mind", "只是", "只不过",
    ),
}  # fmt: skip
# word: (tempo taken when no number is given, slowest and fastest number that it agrees with)
_TEMPI = """
50 20 72 | 很慢, 非常慢, 极慢, 超慢, 缓缓, very slow, extremely slow, really slow, super slow
72 20 100 | 慢速, 慢, 缓慢, 慢一点, 慢慢, 速度慢, 慢节奏, 慢拍, slow, slowly, slow tempo, slow paced
100 76 132 | 中速, 中等速度, 不快不慢, 速度适中, mid tempo, medium tempo, midtempo, moderate tempo, medium speed, moderate
140 100 300 | 快速, 快, 快一点, 节奏快, 快节奏, 速度快, fast, quick, rapid, fast paced, fast tempo, quickly, speedy
176 140 300 | 很快, 非常快, 极快, 飞快, 超快, very fast, extremely fast, super fast, really fast, breakneck
50 30 66 | 广板, 庄板, largo, grave
54 30 72 | 缓板, lento, larghetto
66 46 84 | 慢板, 柔板, adagio
84 66 108 | 行板, andante
92 72 112 | 小行板, andantino
108 84 126 | 中板, moderato
114 96 132 | 小快板, allegretto
132 108 180 | 快板, allegro
160 132 200 | 活板, 甚快板, vivace
184 150 240 | 急板, presto
200 168 300 | 最急板, prestissimo
"""
# scene or use: the mood it hints at when no mood is named
_HINTS = """
melancholic | 雨夜, 下雨, 雨天, 雨中, 雨, 细雨, 秋雨, rainy night, rainy, rain, rainy day, raining
thoughtful | 深夜, 夜晚, 午夜, 夜色, 夜里, 晚上, late night, midnight, night, at night
calm | 月光, 月夜, 月亮, 湖面, 湖, 星空, 星夜, 云, 睡前, 助眠, 睡眠, 入睡, 瑜伽, 禅, 茶, moonlight, lake, starry sky, sleep, sleeping, bedtime, yoga, spa, zen, tea
thoughtful | 学习, 读书, 专注, 阅读, study, studying, focus, reading
nostalgic | 黄昏, 夕阳, 日落, 落叶, 秋天, 秋日, 秋, 故乡, 老照片, 童年, 毕业, sunset, dusk, autumn, fall leaves, hometown, childhood, old photos, graduation
hopeful | 黎明, 清晨, 早晨, 日出, 春天, 春日, 春风, 新年, 出发, dawn, morning, sunrise, spring, departure, new beginning
cold | 冬天, 冬日, 雪, 雪夜, 下雪, 寒冬, winter, snow, snowy, snowfall
bright | 夏天, 夏日, 海滩, 假期, summer, beach, vacation, sunshine
dreamy | 大海, 海边, 海, 太空, 宇宙, 森林, 山谷, ocean, sea, space, forest, valley, clouds, underwater
sad | 离别, 告别, 分别时, 失恋, 葬礼, 眼泪, farewell, goodbye, breakup, funeral, tears
lonely | 一个人, 独自, 独自一人, 空城, by myself, all alone, empty street
romantic | 婚礼, 约会, 恋爱, 恋人, 情侣, 初恋, wedding, date night, love, lovers, first love
tense | 战斗, 打斗, 追逐, 追车, 倒计时, 战争, 战场, battle, fight, chase, combat, countdown, war, boss fight
energetic | 运动, 健身, 跑步, 派对, 跳舞, workout, gym, running, party, dancing, sports
happy | 生日, 宝宝, 小狗, 野餐, birthday, baby, puppy, picnic
scary | 鬼屋, 墓地, 万圣节, haunted house, graveyard, halloween, nightmare
heroic | 预告片, 大片, 冒险, 出征, trailer, adventure, quest
mysterious | 沙漠, 古庙, 洞穴, 迷宫, 丛林, desert, cave, dungeon, ruins, maze, jungle
thoughtful | 咖啡馆, 咖啡, 咖啡厅, cafe, coffee, coffee shop, coffeehouse
"""
_MODES = {
    "major": ("大调", "大调式", "major key", "major mode", "in major", "major", "明亮的大调"),
    "minor": ("小调", "小调式", "minor key", "minor mode", "in minor", "minor", "in a minor key", "a minor key"),
    "major pentatonic": ("五声调式", "五声音阶", "pentatonic", "pentatonic scale", "五音"),
    "gong": ("宫调", "宫调式", "gong mode"), "shang": ("商调", "商调式", "shang mode"),
    "jue": ("角调", "角调式", "jue mode"), "zhi": ("徵调", "徵调式", "zhi mode"), "yu": ("羽调", "羽调式", "yu mode"),
    "dorian": ("dorian", "多利亚", "dorian mode", "多利亚调式"),
    "phrygian": ("phrygian", "phrygian mode", "弗里吉亚调式"), "lydian": ("lydian", "lydian mode", "利底亚调式"),
    "mixolydian": ("mixolydian", "mixolydian mode", "混合利底亚调式"), "blues": ("blues scale", "布鲁斯音阶"),
}  # fmt: skip
_METRES = {
    Metre(3, 4): ("waltz time", "triple time", "triple metre", "triple meter", "圆舞曲节拍", "华尔兹节拍"),
    Metre(4, 4): ("common time", "普通拍子"),
    Metre(2, 2): ("cut time", "alla breve"),
    Metre(2, 4): ("duple time", "duple metre", "duple meter"),
}
_PLAYERS = {
    ("soprano", "alto", "tenor", "bass-voice"): (
        "satb",
        "四部合唱",
        "混声四部",
        "混声四部合唱",
        "四部混声合唱",
        "四部混声",
        "混声合唱",
        "four part choir",
    ),
    ("violin", "violin", "viola", "cello"): ("two violins, viola and cello", "两把小提琴、中提琴和大提琴"),
    ("electric-guitar", "bass-guitar", "drums"): ("power trio",),
    ("piano", "upright-bass", "drums"): ("jazz trio", "爵士三重奏"),
    ("violin", "cello", "piano"): ("piano trio", "钢琴三重奏"),
    ("guitar", "bass-guitar", "drums"): ("band", "乐队", "小乐队"),
    ("trumpet", "french-horn", "trombone", "tuba", "drums"): (
        "brass band",
        "marching band",
        "铜管乐队",
        "军乐队",
    ),
}
# Who a band is in a style where it is not the plain one.
BANDS = {
    "rock": ("electric-guitar", "bass-guitar", "drums"),
    "jazz": ("piano", "upright-bass", "drums"),
    "swing": ("piano", "upright-bass", "drums"),
}
PLAIN_BAND = ("guitar", "bass-guitar", "drums")
# A singer: by whom, and told to sing alone or with others.
_SINGERS = {
    "voice": (
        "女声", "男声", "童声", "女生", "男生", "女歌手", "男歌手", "女主唱", "男主唱", "主唱", "歌唱", "清唱", "独唱", "领唱",
        "female singer", "male singer", "female vocalist", "male vocalist", "female voice", "male voice", "female vocal",
        "male vocal", "vocalist", "lead vocal", "lead singer", "child's voice", "boy's voice", "woman's voice",
        "man's voice", "women's voice", "men's voice",
    ),
    "soprano": ("女高音", "花腔女高音", "抒情女高音", "female soprano"), "alto": ("女中音", "女低音"),
    "tenor": ("男高音", "抒情男高音", "male tenor"), "bass-voice": ("男中音", "男低音", "baritone", "baritone voice", "bass singer"),
    "choir": (
        "女声合唱", "男声合唱", "童声合唱", "女声合唱团", "男声合唱团", "童声合唱团", "male choir", "female choir", "children's choir",
        "boys' choir", "boys choir", "women's choir", "men's choir",
    ),
}  # fmt: skip
_DUETS = ("男女声二重唱", "男女声对唱", "男女对唱", "男女二重唱", "男女声", "soprano and tenor duet")
_SOLO_ZH = ("独唱", "演唱", "领唱", "主唱", "清唱", "歌唱", "歌手", "唱")
# Sets that name no fixed players: named players beside them take their place.
OPEN_SETS = frozenset(
    (
        ("piano", "upright-bass", "drums"),
        ("electric-guitar", "bass-guitar", "drums"),
        ("guitar", "bass-guitar", "drums"),
        ("trumpet", "french-horn", "trombone", "tuba", "drums"),
    )
)
# The style that a set of players brings with it when no other is named.
PLAYERS_STYLES = {
    ("piano", "upright-bass", "drums"): "jazz",
    ("electric-guitar", "bass-guitar", "drums"): "rock",
    ("trumpet", "french-horn", "trombone", "tuba", "drums"): "march",
}
# A form of notation: it brings jazz to mind where no style is named.
_STYLE_HINTS = ("lead sheet", "lead sheets")
_LYRICAL = {"tender": ("抒情", "lyrical", "lyric")}
_UNPLANNED = {
    "no melody": ("no melody", "without melody", "without a melody", "without any melody", "不要旋律", "没有旋律", "无旋律"),
}  # fmt: skip
_SECTIONS = {
    "intro": ("前奏", "引子", "intro", "introduction"), "verse": ("主歌", "verse"), "chorus": ("副歌", "chorus", "refrain"),
    "bridge": ("桥段", "过渡段", "bridge", "middle eight"), "outro": ("尾奏", "结尾", "尾声", "outro", "coda"),
    "interlude": ("间奏", "interlude"), "pre-chorus": ("预副歌", "导歌", "pre chorus", "prechorus"),
}  # fmt: skip
_TEXTURES = {
    ("density", 0.5): ("稀疏", "音符少", "sparse", "few notes", "留白", "minimal", "minimalist", "极简"),
    ("density", 2.5): ("密集", "音符密集", "dense", "busy", "many notes", "繁复"),
    ("polyphony", 1): ("单旋律", "单音", "单声部", "monophonic", "single line", "one note at a time"),
}
_DYNAMICS = {
    "soft": ("轻声", "弱奏", "音量小", "小声", "轻轻", "softly", "soft", "quietly", "pianissimo", "pp"),
    "loud": ("响亮", "强奏", "大声", "音量大", "loud", "loudly", "fortissimo", "ff"),
    "crescendo": (
        "渐强", "先轻后强", "由弱到强", "渐渐变强", "逐渐增强", "越来越强", "层层推进", "慢慢推向高潮", "crescendo", "building up",
        "build up", "builds up", "gets louder", "getting louder", "growing louder", "builds to a climax",
    ),
    "diminuendo": (
        "渐弱", "先强后轻", "由强到弱", "渐渐变弱", "逐渐减弱", "越来越弱", "diminuendo", "decrescendo", "gets softer", "getting softer",
        "fading out", "fades out", "fade out", "淡出",
    ),
}  # fmt: skip
_TEMPO_CHANGES = {
    "faster": (
        "由慢渐快", "由慢到快", "渐快", "越来越快", "加速", "accelerando", "speeding up", "gets faster", "getting faster",
    ),
    "slower": (
        "由快到慢", "渐慢", "越来越慢", "减速", "ritardando", "rallentando", "slowing down", "gets slower", "getting slower",
    ),
}  # fmt: skip
_LOOPS = {
    True: (
        "可循环", "循环播放", "无缝循环", "可以循环", "能循环", "loopable", "seamless loop", "looping", "can loop",
        "loops seamlessly", "that loops", "as a loop",
    )
}  # fmt: skip
_FORMS = {
    ("A", "B", "A"): ("三段体", "三段式", "三部曲式", "ternary form", "ternary"),
    ("A", "B"): ("二段体", "二段式", "二部曲式", "binary form", "binary"),
    ("A", "B", "A", "C", "A"): ("回旋曲式", "回旋曲", "rondo form", "rondo"),
}


def _lines(table: str) -> Iterator[tuple[str, list[str]]]:
    for line in table.strip().splitlines():
        head, words = line.split("|")
        yield head.strip(), [word.strip() for word in words.split(",")]


@cache
def tempo_words() -> dict[str, tuple[float, float, float]]:
    """Return each tempo word with the tempo it stands for, and the slowest and fastest number it agrees with."""
    table: dict[str, tuple[float, float, float]] = {}
    for head, words in _lines(_TEMPI):
        bpm, low, high = map(float, head.split())
        table |= dict.fromkeys(words, (bpm, low, high))
    return table


def tempo_word_range(word: str) -> tuple[float, float]:
    """Return the tempi that a word asks for: a fifth slower to a quarter faster than its usual one.

    >>> tempo_word_range("adagio")
    (53.0, 82.0)
    """
    usual, low, high = tempo_words()[word]
    return float(round(max(low, 0.8 * usual))), float(round(min(high, 1.25 * usual)))


def tempo_range_without(word: str) -> tuple[float, float]:
    """Return the tempi that a refused word leaves: moderate ones on its other side.

    >>> tempo_range_without("fast")
    (70.0, 100.0)
    """
    usual, low, high = tempo_words()[word]
    return (
        (max(90.0, high), max(90.0, high) * 1.4) if usual < 100 else (min(low, 110.0) * 0.7, min(low, 110.0))
    )


def _singers() -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, words in _SINGERS.items():
        for word in words:
            yield word, (name,)
            if not word.isascii() and name != "choir" and not word.endswith(_SOLO_ZH):
                yield from ((word + alone, (name,)) for alone in _SOLO_ZH)
    yield from ((word, ("soprano", "tenor")) for word in _DUETS)


@cache
def lexicon() -> dict[str, tuple[str, object]]:
    """Return every surface form with its field and value; instruments win over styles, styles over moods.

    >>> lexicon()["古筝"], lexicon()["bossa nova"]
    (('instrument', ('guzheng',)), ('style', 'bossa-nova'))
    """
    table: dict[str, tuple[str, object]] = {}
    for mood, words in _lines(_HINTS):
        table |= dict.fromkeys(words, ("hint", mood))
    table |= {word: ("mood", name) for word, name in mood_words().items()}
    table |= {
        word: ("style", name) for word, name in style_words().items() if word != "song" and word != "歌曲"
    }
    table |= dict.fromkeys(_STYLE_HINTS, ("style_hint", "jazz"))
    table |= {word.replace("-", " "): ("instrument", (name,)) for word, name in instrument_words().items()}
    table |= {word: ("instrument", (name,)) for name, words in FAMILY_WORDS.items() for word in words}
    table |= {word: ("instrument", players) for word, players in _singers()}
    table |= {word: ("tempo_word", word) for word in tempo_words()}
    for field, group in (("mood", _LYRICAL), ("mode", _MODES), ("metre", _METRES), ("instrument", _PLAYERS), ("section", _SECTIONS),
                         ("texture", _TEXTURES), ("form", _FORMS), ("dynamics", _DYNAMICS), ("is_loop", _LOOPS),
                         ("tempo_change", _TEMPO_CHANGES), ("unplanned", _UNPLANNED)):  # fmt: skip
        for value, surfaces in group.items():
            table |= dict.fromkeys(surfaces, (field, value))
    for operator, surfaces in _OPERATORS.items():
        table |= dict.fromkeys(surfaces, (operator, None))
    return {word.replace("-", " "): entry for word, entry in table.items()}


# A scene of one character counts only where it stands alone: 海 is the sea, but not in 上海.
_BEFORE_LONE = r"(?:(?<![\u3400-\u9fff])|(?<=[的在和与看听到有像如是秋春夏冬夜小大]))"
_AFTER_LONE = r"(?:(?![\u3400-\u9fff])|(?=[的边里上中面天夜与和后前时]))"
# What may not stand beside a word, or what must: 鼓组成 is not a drum kit, 18位 is not an 8-bit machine.
_BIT = (r"(?<![\d.十百千])", r"(?=机|的|风|音|游戏|电子|芯片|像素|[^\u3400-\u9fffa-z\d]|$)")
_BESIDE = {
    "鼓组": ("", "(?!成)"), "摇滚乐": ("", "(?!队)"), "爵士乐": ("", "(?![队团])"), "抒情": ("", "(?!诗)"),
    "8位": _BIT, "八位": _BIT, "8位机": (_BIT[0], ""), "八位机": (_BIT[0], ""), "女生": ("", "(?=[独演领主清歌]?唱)"),
    "男生": ("", "(?=[独演领主清歌]?唱)"),
}  # fmt: skip
_SUFFIX = {"instrument": r"(?:e?s)?", "style": "s?", "section": "s?", "hint": "s?"}


@cache
def _pattern(surface: str) -> re.Pattern[str]:
    body = re.escape(surface)
    if len(surface) == 1 and lexicon()[surface][0] == "hint":
        return re.compile(f"{_BEFORE_LONE}{body}{_AFTER_LONE}")
    if not surface.isascii():
        before, after = _BESIDE.get(surface, ("", ""))
        return re.compile(before + body + after)
    return re.compile(rf"(?<![a-z0-9]){body}{_SUFFIX.get(lexicon()[surface][0], '')}(?![a-z0-9])")


def word_matches(text: Folded) -> Iterator[Match]:
    """Yield every place where a word of the lexicon stands, overlaps included."""
    plain = re.sub("[-_’]", lambda mark: "'" if mark.group(0) == "’" else " ", text.lower)
    for surface, (field, value) in lexicon().items():
        if surface in plain:
            for found in _pattern(surface).finditer(plain):
                yield Match(found.start(), found.end(), field, value, rank=1)
