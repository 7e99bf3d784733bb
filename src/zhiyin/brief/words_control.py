# ruff: noqa: E501 - word tables keep one row a line
"""Words that steer: negators, tempo words, modes, metres, sections, dynamics, endings, effects, registers.

Conventions: surfaces are folded (lower case, hyphens as spaces); operators are fields in capitals.
This module does not know grammar: negation and scope live in `zhiyin.brief.scope`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from zhiyin.theory.metre import Metre

NOT, ONLY, EXCEPT, BUT, FREE, MUST, MAYBE, NOT_LATER = (
    "NOT", "ONLY", "EXCEPT", "BUT", "FREE", "MUST", "MAYBE", "NOT_LATER",
)  # fmt: skip
OPERATORS: dict[str, tuple[str, ...]] = {
    NOT: (
        "不要", "不用", "不想要", "不需要", "不想", "不带", "不含", "别", "别用", "没有", "无", "去掉", "去除", "不加", "不是",
        "不能有", "避免", "拒绝", "禁止", "不可以", "不能", "勿", "不要有", "不要用", "不要加", "别加", "别有", "不要出现", "别出现", "不许",
        "不许有", "不准", "不得", "不得有", "切忌", "免去", "省去", "省略", "排除", "剔除", "删掉", "删除", "移除", "拿掉", "不希望",
        "不希望有", "不喜欢", "讨厌", "不使用", "不采用", "不含有", "不包含", "不包括", "没", "绝不", "绝不要", "千万别", "千万不要", "请勿",
        "不够", "不", "毫无", "杜绝", "取消", "不必", "不必有", "无需", "用不着", "不太想要", "不太要", "摒弃", "弃用",
        "no", "not", "without", "don't", "dont", "do not", "doesn't", "does not", "can't", "cannot", "can not", "shouldn't", "should not",
        "mustn't", "must not", "never", "with no", "avoid", "avoiding", "exclude", "excluding", "minus", "anything but", "anything except",
        "everything except", "everything but", "isn't", "aren't", "won't", "neither", "nor", "nothing too", "not any", "free of", "omit",
        "leave out", "drop the", "skip the", "lacking", "nothing", "sans", "w/o", "take out", "get rid of", "cut out", "mute the", "leave the", "without the", "remove", "removing", "lose the", "ditch", "cut the",
        "hold the", "steer clear of", "stay away from", "absolutely no", "zero", "hate", "dislike", "i don't want", "don't want",
        "do not want", "don't use", "do not use", "don't need", "devoid of", "keep out", "rather than", "instead of", "not so", "non",
        "🚫", "❌", "✖", "⛔", "without any", "anti", "omitting", "skip", "refuse", "forget the", "forget about", "no more",
        "而非", "而不是", "并非", "不算", "别让它", "别搞", "别整", "别来", "别弄", "不爱", "不听", "不放", "不配", "不带有",
    ),
    ONLY: (
        "只要", "只用", "仅用", "只有", "仅", "只", "独奏", "纯", "只需", "只需要", "仅仅", "单用", "单独", "光用", "就用", "仅由", "只由",
        "全部用", "只使用", "仅使用", "只能用", "只能有", "只想要", "仅有", "仅限", "只限", "单靠", "唯一", "唯有", "就要", "就一把", "就一台", "就一个",
        "only", "just", "solo", "nothing but", "exclusively", "purely", "unaccompanied", "alone", "nothing except", "solely",
        "entirely", "by itself", "on its own", "all by itself", "pure", "just a", "simply", "no other instruments than", "strictly",
        "nothing else but", "nothing other than", "merely",
    ),
    EXCEPT: ("除了", "除", "except", "except for", "apart from", "other than", "besides", "aside from", "除去", "除开", "with the exception of", "bar the", "save for", "excepting", "unless it's"),
    BUT: ("但是", "但", "而是", "不过", "but", "instead", "with", "plus", "我要", "想要", "改用", "换成", "加上", "use", "rather", "however", "yet", "though", "而要", "却", "可是", "然而", "只求", "要的是", "要有", "带有", "可以有", "还要", "we want", "i want", "i'd like", "only want", "用", "就要", "instead use", "using", "featuring", "want", "make it", "keep it"),
    MUST: (
        "不能没有", "不可没有", "不可缺少", "不能少", "不能缺", "少不了", "必须有", "一定要有", "缺不了", "不可或缺", "must have", "can't do without",
        "cannot do without", "can't be without", "never without", "definitely with", "don't forget", "don't forget the", "do not forget",
        "别忘了", "不要忘了", "别漏了", "不要忘记", "别忘记", "don't leave out", "do not leave out", "don't omit", "don't skip",
        "don't drop", "别去掉", "不要去掉", "别删", "don't remove", "do not remove", "别少了",
    ),
    MAYBE: (
        "不是不要", "不是没有", "不是不能用", "不是不可以用", "不是不可以有", "不是不可以", "不是不能", "不是不许有", "不是不许用", "不是不让用", "也不是不能用", "也不是不能有", "也不是不要", "并不是不能用", "并不是不要", "不是说不能有", "不是说不能用", "不是说不要", "not that i can't have", "not that there can't be", "不是不能有", "并非不要", "并非没有", "不反对", "不介意", "不讨厌", "不反感", "不嫌弃", "不排斥", "也不是不行", "可有可无", "don't mind", "do not mind",
        "wouldn't mind", "would not mind", "not mind", "don't hate", "don't dislike", "do not hate", "not without", "not opposed to", "no objection to", "not against", "optionally", "optional", "可选", "maybe some",
        "有没有都行", "有没有都无所谓", "有也行", "有没有都成", "有没有都可以", "可要可不要", "not that i don't want", "not necessarily without", "is optional", "are optional",
    ),
    NOT_LATER: (
        "不要", "都不要", "就不要", "就免了", "免了", "不用", "也不要", "不需要", "去掉", "不行", "不可以", "就算了", "算了", "删了", "删掉", "删去", "去了吧", "撤掉", "撤了", "拿掉", "is not wanted",
        "are not wanted", "not wanted", "not needed", "not allowed", "forbidden", "is out", "are out", "out of the question",
        "is a no", "are a no", "no thanks", "no thank you", "left out", "removed", "off limits", "is forbidden", "are forbidden",
        "is not allowed", "are not allowed", "is banned", "are banned", "一概不要", "一律不要", "全不要", "通通不要", "别放", "不能出现",
        "不要出现", "unwanted", "free", "none",
    ),
    FREE: (
        "不只", "不仅", "不只是", "不仅仅", "not only", "not just", "不超过", "不要超过", "不低于", "no more than", "不大于", "不高于", "不得超过",
        "no less than", "not more than", "at most", "at least", "up to", "最多", "至少", "under", "不少于", "不多于", "无论", "不快于", "不慢于",
        "特别", "分别", "别致", "性别", "无限", "no longer than", "只是", "只不过", "别超过", "不能超过", "not exceed", "not exceeding",
        "不错", "不同", "不断", "不停", "不止", "不变", "不一样", "差不多", "了不起", "不管", "不限", "对不起", "告别", "别墅", "离别",
        "区别", "个别", "无所谓", "非常", "除非", "非要", "非洲", "去年", "过去", "下去", "出去", "进去", "上去", "回去", "no matter",
        "no problem", "no idea", "not sure", "no worries", "nothing special", "if not", "don't worry", "don't care", "do not care", "can't wait", "can't decide", "don't know", "not picky", "no preference", "not good at", "no rush", "no hurry", "not long", "why not", "whether or not", "not to mention",
        "no need to rush", "不知道", "不确定", "不清楚", "不一定", "不太懂", "不懂", "不急", "不客气", "non stop", "nonstop", "no limit",
        "不见", "不舍", "不归", "不夜城", "不眠", "不二", "去远方", "远去", "逝去", "离去", "less than", "more or less", "endless",
        "纯正", "纯人声", "无缝", "没事", "没问题", "没关系", "免费", "避免不了", "无法", "只能", "only if", "just like", "just kidding",
        "just about", "just under", "just over", "once only", "免得", "以免", "不知", "不朽", "不屈", "不安", "不开心", "不快乐", "不高兴",
    ),
}  # fmt: skip


class Pace(NamedTuple):
    """A tempo word: its usual tempo, the numbers it agrees with, and the tempi it asks for."""

    usual: float
    low: float
    high: float
    asked: tuple[float, float]


# usual, slowest and fastest number it agrees with, slowest and fastest tempo it asks for | words
_TEMPI = """
50 20 72 40 66 | 很慢, 非常慢, 极慢, 超慢, 缓缓, 特别慢, 慢悠悠, very slow, extremely slow, really slow, super slow, very slowly, ultra slow
72 20 100 58 84 | 慢速, 慢, 缓慢, 慢一点, 慢慢, 速度慢, 慢节奏, 慢拍, 慢点, 节奏慢, 慢些, 偏慢, 较慢, slow, slowly, slow tempo, slow paced, slowish, on the slow side, leisurely, unhurried pace
100 76 132 84 126 | 中速, 中等速度, 不快不慢, 速度适中, 中等, 速度中等, 节奏适中, mid tempo, medium tempo, midtempo, moderate tempo, medium speed, moderate, moderately fast, medium, moderate pace, medium paced, moderate speed, mid paced, neither fast nor slow
140 100 300 120 175 | 快速, 快, 快一点, 节奏快, 快节奏, 速度快, 快点, 快些, 偏快, 较快, fast, quick, rapid, fast paced, fast tempo, quickly, speedy, up tempo, uptempo, brisk, high tempo, fastish
176 140 300 160 220 | 很快, 非常快, 极快, 飞快, 超快, 特别快, very fast, extremely fast, super fast, really fast, breakneck, very quick, lightning fast, insanely fast, blazing fast
50 30 66 40 60 | 广板, 庄板, largo, grave
54 30 72 45 66 | 缓板, lento, larghetto
66 46 84 55 76 | 慢板, 柔板, adagio
84 66 108 72 108 | 行板, andante
92 72 112 80 108 | 小行板, andantino
108 84 126 98 120 | 中板, moderato
114 96 132 104 128 | 小快板, allegretto
132 108 180 116 168 | 快板, allegro
160 132 200 140 176 | 活板, 甚快板, vivace
184 150 240 168 200 | 急板, presto
200 168 300 184 220 | 最急板, prestissimo
"""
MODES = {
    "major": ("大调", "大调式", "major key", "major mode", "in major", "major", "明亮的大调", "a major key", "in a major key", "大调性", "major scale", "major tonality"),
    "minor": ("小调", "小调式", "minor key", "minor mode", "in minor", "minor", "in a minor key", "a minor key", "小调性", "minor scale", "minor tonality", "自然小调", "aeolian"),
    "harmonic minor": ("和声小调", "harmonic minor"), "melodic minor": ("旋律小调", "melodic minor"),
    "major pentatonic": ("五声调式", "五声音阶", "pentatonic", "pentatonic scale", "五音", "major pentatonic"),
    "minor pentatonic": ("minor pentatonic", "小调五声"),
    "gong": ("宫调", "宫调式", "gong mode"), "shang": ("商调", "商调式", "shang mode"),
    "jue": ("角调", "角调式", "jue mode"), "zhi": ("徵调", "徵调式", "zhi mode"), "yu": ("羽调", "羽调式", "yu mode"),
    "dorian": ("dorian", "多利亚", "dorian mode", "多利亚调式", "多里安", "多里安调式"),
    "phrygian": ("phrygian", "phrygian mode", "弗里吉亚调式", "弗里几亚", "弗里吉亚"), "lydian": ("lydian", "lydian mode", "利底亚调式", "利底亚"),
    "mixolydian": ("mixolydian", "mixolydian mode", "混合利底亚调式", "混合利底亚"), "blues": ("blues scale", "布鲁斯音阶"),
    "locrian": ("locrian", "locrian mode", "洛克里亚", "洛克里亚调式"),
}  # fmt: skip
METRES = {
    Metre(3, 4): ("waltz time", "triple time", "triple metre", "triple meter", "圆舞曲节拍", "华尔兹节拍", "三拍", "三拍的", "三拍子"),
    Metre(4, 4): ("common time", "普通拍子", "four on the floor"), Metre(2, 2): ("cut time", "alla breve", "二二拍"),
    Metre(2, 4): ("duple time", "duple metre", "duple meter"),
}  # fmt: skip
SECTIONS = {
    "intro": ("前奏", "引子", "intro", "introduction", "引奏"), "verse": ("主歌", "verse", "a段主歌"), "chorus": ("副歌", "chorus", "refrain", "hook"),
    "bridge": ("桥段", "过渡段", "bridge", "middle eight", "middle 8", "c段", "桥"), "outro": ("尾奏", "尾声", "outro", "coda", "结尾段", "尾段"),
    "interlude": ("间奏", "interlude", "instrumental break"), "pre-chorus": ("预副歌", "导歌", "pre chorus", "prechorus"),
}  # fmt: skip
TEXTURES: dict[object, tuple[str, ...]] = {
    ("density", 0.5): ("稀疏", "音符少", "sparse", "few notes", "留白", "minimal", "minimalist", "极简", "sparsely", "空灵稀疏", "疏朗", "少音符", "thin texture", "sparse texture", "简约", "simple texture"),
    ("density", 2.5): ("密集", "音符密集", "dense", "busy", "many notes", "繁复", "thick texture", "dense texture", "lush texture", "音符多", "丰满", "厚实", "lots of notes", "层次丰富"),
    ("polyphony", 1): ("单旋律", "单音", "单声部", "monophonic", "single line", "one note at a time"),
}  # fmt: skip
DYNAMICS = {
    "soft": ("轻声", "弱奏", "音量小", "小声", "轻轻", "softly", "soft", "quietly", "pianissimo", "pp", "音量小一点", "轻一点", "弱一点", "轻轻的", "low volume", "hushed volume"),
    "loud": ("响亮", "强奏", "大声", "音量大", "loud", "loudly", "fortissimo", "ff", "forte", "音量大一点", "响一点", "洪亮", "吵", "吵闹", "嘈杂", "noisy"),
    "crescendo": (
        "渐强", "先轻后强", "由弱到强", "渐渐变强", "逐渐增强", "越来越强", "层层推进", "慢慢推向高潮", "crescendo", "building up", "层层递进", "逐渐加强",
        "build up", "builds up", "gets louder", "getting louder", "growing louder", "builds to a climax", "越来越响", "由轻到响", "渐渐增强",
        "slowly building", "slow build", "slow build up", "slow burn", "gradually building", "gradually louder", "grows louder", "get louder",
    ),
    "diminuendo": (
        "渐弱", "先强后轻", "由强到弱", "渐渐变弱", "逐渐减弱", "越来越弱", "diminuendo", "decrescendo", "gets softer", "getting softer",
        "gets quieter", "getting quieter", "越来越轻", "gradually softer", "gradually quieter",
    ),
}  # fmt: skip
ENDINGS = {
    "fade_out": ("fading out", "fades out", "fade out", "fadeout", "fade away", "fades away", "淡出", "渐隐", "渐弱结束", "渐弱收掉", "渐弱收尾", "渐弱收束", "渐弱收", "弱下去收尾", "减弱收尾", "慢慢消失", "渐渐消失", "逐渐淡出", "结尾淡出", "最后淡出", "结尾渐弱", "fade to silence", "fades to silence", "fading away", "ends with a fade", "fade at the end"),
    "abrupt": ("戛然而止", "突然结束", "突然停止", "骤停", "abrupt ending", "sudden ending", "sudden stop", "ends abruptly", "ends suddenly", "end abruptly", "end suddenly", "stops dead", "cold ending", "cold end", "hard stop", "hard ending", "hard out", "干脆结束", "急停"),
    "ritardando": ("结尾渐慢", "最后渐慢", "渐慢结束", "ritardando at the end", "slowing down at the end", "slow down at the end", "slows down at the end", "rit. at the end", "结尾放慢", "结尾慢下来"),
    "resolved": ("解决到主和弦", "落在主音", "圆满结束", "以强收尾", "强收尾", "强力收尾", "强音收尾", "强音结束", "以强音结束", "resolved ending", "ends on the tonic", "end on the tonic", "resolve at the end", "strong ending", "final chord", "big ending", "big finish", "grand finale", "完整终止", "ends resolved", "结束在主和弦", "definite ending", "clean ending"),
    "open": ("开放式结尾", "开放结尾", "悬而未决", "open ending", "unresolved ending", "ends unresolved", "ends on the dominant", "no resolution", "cliffhanger"),
}  # fmt: skip
TEMPO_CHANGES = {
    "faster": (
        "由慢渐快", "由慢到快", "渐快", "越来越快", "加速", "accelerando", "speeding up", "gets faster", "getting faster", "先慢后快", "逐渐加快", "渐渐加快", "慢慢变快", "渐渐变快", "逐渐变快", "慢慢加快", "变快",
        "speeds up", "speed up", "accelerates", "gradually faster", "get faster", "逐渐加速",
    ),
    "slower": (
        "由快到慢", "渐慢", "越来越慢", "减速", "ritardando", "rallentando", "slowing down", "gets slower", "getting slower", "先快后慢", "逐渐减慢", "逐渐变慢", "慢慢变慢", "渐渐变慢", "变慢",
        "slows down", "slow down", "decelerates", "gradually slower", "get slower",
    ),
}  # fmt: skip
LOOPS = {
    True: (
        "可循环", "循环播放", "无缝循环", "可以循环", "能循环", "loopable", "seamless loop", "looping", "can loop", "loops seamlessly", "that loops",
        "as a loop", "loop", "loops", "循环", "首尾相接", "首尾相连", "无限循环", "单曲循环", "循环的", "循环音乐", "seamlessly looping", "seamless looping",
        "loop seamlessly", "loop cleanly", "loop perfectly", "loops perfectly", "loops cleanly", "endless loop", "perfect loop", "loop forever", "无缝衔接", "🔁", "🔄",
    ),
    False: ("one shot", "oneshot", "one off cue", "plays once", "play once", "非循环", "单次播放", "播放一次", "只放一遍", "只播一遍"),
}  # fmt: skip
FORMS = {
    ("A", "B", "A"): ("三段体", "三段式", "三部曲式", "ternary form", "ternary", "aba form"),
    ("A", "B"): ("二段体", "二段式", "二部曲式", "binary form", "binary"),
    ("A", "B", "A", "C", "A"): ("回旋曲式", "回旋曲", "rondo form", "rondo"),
}  # fmt: skip
REGISTERS = {
    "low": ("低音区", "低音域", "低声区", "低沉音区", "low register", "low pitched", "low range", "deep register", "in the low end", "bass register", "音区低", "低八度音区", "low notes", "低音为主", "lower register"),
    "middle": ("中音区", "中音域", "中声区", "middle register", "mid register", "middle range"),
    "high": ("高音区", "高音域", "高声区", "high register", "high pitched", "high range", "upper register", "treble register", "音区高", "high notes", "高音为主", "higher register"),
}  # fmt: skip
EFFECTS = {
    "vinyl_crackle": ("vinyl crackle", "vinyl noise", "record crackle", "vinyl hiss", "vinyl", "crackle", "黑胶", "黑胶噪声", "黑胶噪音", "黑胶底噪", "唱片噪声", "唱片噪音", "唱片底噪", "炒豆声"),
    "tape_hiss": ("tape hiss", "tape noise", "cassette hiss", "tape saturation", "cassette", "磁带噪声", "磁带噪音", "磁带底噪", "磁带"),
    "reverb": ("reverb", "reverberation", "reverby", "混响", "大厅混响"), "delay": ("delay", "echo", "echoes", "回声", "延迟", "延时"),
    "distortion": ("distortion", "overdrive", "fuzz", "失真"), "chorus_effect": ("chorus effect", "合唱效果"), "phaser": ("phaser", "移相"), "flanger": ("flanger", "镶边"),
    "autotune": ("autotune", "auto tune", "电音修音", "自动修音"), "sidechain": ("sidechain", "side chain", "侧链"), "bitcrush": ("bitcrusher", "bitcrush", "bit crush"),
    "rain_sound": ("rain sounds", "rain sound", "sound of rain", "rain ambience", "雨声"), "thunder": ("thunder", "雷声", "打雷声"), "wind_sound": ("wind sound", "sound of wind", "wind sounds", "风声"),
    "waves": ("ocean waves", "sound of waves", "wave sounds", "waves", "海浪声", "海浪", "浪声"), "birdsong": ("birdsong", "bird song", "birds chirping", "bird sounds", "鸟鸣", "鸟叫", "鸟叫声", "鸟鸣声"),
    "fire_crackle": ("fireplace", "campfire sound", "crackling fire", "篝火声", "柴火声"), "crowd": ("crowd noise", "applause", "cheering", "人群声", "掌声", "欢呼声"), "heartbeat": ("heartbeat", "heartbeats", "心跳声", "心跳"),
    "glitch": ("glitches", "glitch effects", "故障音效"), "riser": ("riser", "risers", "上升音效"), "whoosh": ("whoosh", "swoosh"), "scratch": ("scratching", "turntable scratch", "dj scratch", "搓碟"),
    "wah": ("wah", "wah wah", "哇音"), "low_pass": ("low pass filter", "lowpass", "low pass", "低通", "muffled"), "stereo_wide": ("wide stereo", "stereo width", "宽立体声"), "noise": ("white noise", "白噪音", "白噪声"),
}  # fmt: skip
UNPLANNED = {
    "no melody": ("no melody", "without melody", "without a melody", "without any melody", "不要旋律", "没有旋律", "无旋律"),
}  # fmt: skip
# A voice that must not be: said as one thing.
NO_VOICE = (
    "instrumental",
    "instrumental only",
    "纯音乐",
    "器乐",
    "纯器乐",
    "伴奏版",
    "instrumentals",
    "instrumental version",
    "instrumental music",
    "an instrumental",
    "instrumental piece",
    "instrumental track",
    "无歌词",
    "无词",
    "没有歌词",
    "不要歌词",
    "不唱",
    "no lyrics",
    "without lyrics",
    "不要唱",
    "别唱",
    "🔇",
    "wordless",
    "karaoke",
    "不要有人唱",
    "不要有人唱歌",
    "没有人唱",
    "没人唱",
)


@cache
def tempo_words() -> dict[str, tuple[float, float, float]]:
    """Return each tempo word with the tempo it stands for, and the slowest and fastest number it agrees with."""
    return {word: pace[:3] for word, pace in _paces().items()}


@cache
def _paces() -> dict[str, Pace]:
    table: dict[str, Pace] = {}
    for line in _TEMPI.strip().splitlines():
        head, words = line.split("|")
        usual, low, high, first, last = map(float, head.split())
        table |= dict.fromkeys(
            (word.strip() for word in words.split(",")), Pace(usual, low, high, (first, last))
        )
    return table


def tempo_word_range(word: str) -> tuple[float, float]:
    """Return the tempi that a word asks for.

    >>> tempo_word_range("adagio"), tempo_word_range("中速")
    ((55.0, 76.0), (84.0, 126.0))
    """
    return _paces()[word].asked


def tempo_range_without(word: str) -> tuple[float, float]:
    """Return the tempi that a refused word leaves: moderate ones on its other side.

    >>> tempo_range_without("fast")
    (70.0, 100.0)
    """
    usual, low, high = tempo_words()[word]
    return (
        (max(90.0, high), max(90.0, high) * 1.4) if usual < 100 else (min(low, 110.0) * 0.7, min(low, 110.0))
    )


def control_rows() -> Iterator[tuple[str, object, tuple[str, ...]]]:
    """Yield (field, value, words) of every table of this module but the operators."""
    tables: tuple[tuple[str, Mapping[Any, tuple[str, ...]]], ...] = (
        ("mode", MODES), ("metre", METRES), ("section", SECTIONS), ("texture", TEXTURES), ("form", FORMS),
        ("dynamics", DYNAMICS), ("is_loop", LOOPS), ("tempo_change", TEMPO_CHANGES), ("unplanned", UNPLANNED),
        ("ending", ENDINGS), ("register", REGISTERS), ("fx", EFFECTS), ("no_voice", {("voice",): NO_VOICE}),
    )  # fmt: skip
    for field, table in tables:
        for value, words in table.items():
            yield field, value, words
