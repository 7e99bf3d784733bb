# ruff: noqa: E501 - word tables keep one row a line
"""Words of edits, Chinese and English: what to change, which way, how much, and the words that bind clauses.

Conventions: surfaces are folded (lower case); an act is "kind direction unit value", a bar | and its words.
This module does not know numbers (edit_numbers.py) or which parts and bars a score has (edit_targets.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from zhiyin.brief.match import Match
from zhiyin.theory.moods import mood_words


@dataclass(frozen=True, slots=True)
class Asked:
    """What a word asks for: a kind of edit, the way it points, its unit and value where the word itself says them."""

    kind: str
    direction: int = 0
    unit: str = ""
    value: int | float | str | None = None
    is_weak: bool = False


# Words that a "less", "too" or 太 before them turn round.
_ADJECTIVES = """
loudness 1 | loud, louder, stronger, 响, 响亮, 大声, 强, 有力, 有力量, 力量, 更强, 大声点
loudness -1 | soft, softer, quiet, quieter, softly, quietly, weaker, 轻, 小声, 弱, 安静, 轻柔, 吵 -
density 1 | busy, busier, dense, denser, fuller, thicker, richer, rich, complex, complicated, crowded, cluttered, elaborate, intricate, notes, 密, 密集, 忙, 忙碌, 复杂, 繁, 繁复, 丰满, 丰富, 饱满, 花哨, 碎, 音符多, 音多, 热闹, 满
density -1 | simple, simpler, sparse, sparser, thin, thinner, emptier, plainer, easier, easy, fewer notes, 简单, 简洁, 稀疏, 稀, 疏, 空, 简化, 精简, 音符少, 音少, 音少一点, 音少点, 音少一些, 音符少一点, 朴素
colour 1 | bright, brighter, 亮, 明亮, 明朗, 亮堂
colour -1 | dark, darker, 暗, 阴暗, 黑暗, 暗淡, 昏暗, 灰暗, 暗沉
register 1 | high, higher, 高
register -1 | low, lower, deep, deeper, 低
tempo 1 | fast, faster, quick, quicker, 快
tempo -1 | slow, slower, 慢
syncopation 1 | syncopated, syncopation, off beat, offbeat, 切分, 切分音, 切分节奏
articulation 1 articulation legato | legato, smooth, smoother, connected, 连贯, 连奏, 圆滑, 圆滑奏, 连音, 连
articulation 1 articulation staccato | staccato, shorter notes, detached, choppy, choppier, crisp, crisper, spiky, 断奏, 跳音, 短促, 顿挫, 断
humanise 1 | human, 人性化, 自然, humanised, humanized, mechanical -, robotic -, stiff -, 机械 -, 死板 -
swing 1 | swung, swinging, 摇摆
"""
_ACTS = """
density -1 | too many notes, 音太多, 音符太多, 音太密, 太多音, 太多音符, simplify, thin out, thin, pare down, strip down, strip back, declutter
density 1 | thicken, fill out, busy up, add notes, more notes, 加花
only_in 0 | only in, only during, just in, only play in, play only in, 只在, 仅在, 只出现在, 只用在
move 0 | move, shift, 移到, 挪到, 移动到, 挪, 移动
harmonise 0 | harmonise, harmonize, 配和声
loudness 1 | turn up, bring up, bring out, boost, 加强, 增强, 突出, 调大
loudness -1 | turn down, tone down, soften, bring down, hold back, 减弱, 压低音量, 调小
swell 1 | crescendo, build up, builds up, build, swell, get louder, gets louder, getting louder, grow louder, gradually louder, 渐强, 越来越强, 越来越响, 逐渐增强, 渐渐变强, 慢慢变响, 推向高潮
swell -1 | diminuendo, decrescendo, get softer, gets softer, getting softer, get quieter, gradually softer, gradually quieter, fade, die away, 渐弱, 越来越弱, 越来越轻, 逐渐减弱, 渐渐变弱
swell -1 velocity -64 | fade out, fades out, fade away, 淡出
loudness 0 level pp | pianissimo, 很弱奏
loudness 0 level ff | fortissimo
loudness 0 level f | forte, 强奏
loudness 0 level mf | mezzo forte, 中强
loudness 0 level mp | mezzo piano, 中弱
loudness 0 level p | 弱奏
tempo 1 | pick up the pace, pick up, speed up, hurry up, speed, accelerate, 加快, 加速, 提速
tempo -1 | slow down, slow, decelerate, 减慢, 放慢, 减速, 降速
tempo 1 factor 2 | twice as fast, double the tempo, double time, double speed, double the speed, at double speed, 两倍速, 快一倍, 加快一倍, 速度加倍
tempo -1 factor 0.5 | half speed, at half speed, half time, half as fast, half the tempo, twice as slow, halve the tempo, 半速, 慢一倍, 速度减半
tempo_curve -1 | ritardando, rallentando, rit, gradually slower, gradually slow down, slow down gradually, get slower, gets slower, getting slower, 渐慢, 越来越慢, 逐渐放慢, 慢慢慢下来, 慢下来, 逐渐变慢
tempo_curve 1 | accelerando, gradually faster, gradually speed up, speed up gradually, get faster, gets faster, getting faster, 渐快, 越来越快, 逐渐加快, 逐渐变快
colour -1 | darken, 变暗, 调暗
colour 1 | brighten, brighten up, lighten up, 变亮, 提亮, 调亮
syncopation 1 | syncopate
drop 0 | take them out, take it out, take that out, get rid of it, get rid of them, drop, remove, take out, take away, get rid of, lose, kill, leave out, delete, erase, cut, cut out, eliminate, without, no, 去掉, 删掉, 删除, 删去, 拿掉, 去除, 取消, 移除, 不要, 砍掉, 撤掉, 不用
mute 0 | mute, silence, silent, tacet, rest, clear, empty, 静音, 休止, 停下, 停掉, 不响, 清空, 休息
only 0 | keep only, only keep, just keep, leave only, only, solo, just, nothing but, 只留, 只留下, 只保留, 只要, 只有, 独奏
keep 0 | keep, don't touch, do not touch, dont touch, don't change, do not change, dont change, leave alone, leave, hands off, without changing, without touching, as it is, as they are, unchanged, alone, 不要动, 别动, 不动, 不变, 保持不变, 保留, 保持, 不要改, 别改, 不改, 维持
repeat 0 | repeat, play again, loop, once more, one more time, 重复, 反复, 再来, 再来一遍, 再奏, 重复一遍, 循环
delete 0 | trim
insert 0 | insert, put in, 插入, 插进
swap 0 | swap, exchange, switch places, trade places, switch around, swap places, 互换, 对调, 交换, 调换
copy 0 | copy, paste, duplicate, 复制, 拷贝, 复制到, 粘贴
shorten 0 | shorten, trim, cut down, 缩短, 剪短, 截短, 缩减, 剪到
extend 0 | extend, lengthen, stretch, make longer, 延长, 扩展, 拉长, 加长, 扩充
continue 0 | continue, go on, carry on, keep going, write on, 续写, 接着写, 继续写, 往下写, 继续, 再写
ending 0 | new ending, another ending, a different ending, different ending, better ending, stronger ending, change the ending, rewrite the ending, write an ending, end with, end on, finish with, finish on, 换个结尾, 换一个结尾, 新的结尾, 新结尾, 重写结尾, 改结尾, 改写结尾, 结尾改用, 结尾用, 结束在, 重新写结尾, 另写结尾, 以
vary 0 | vary, variation, variations, a variation of, variation of, change up, change it up, make a variation, mix up, mix it up, freshen up, 变奏, 变化, 变一变, 改编, 改动, 变一下, 换个花样
vary 1 ornament | ornaments, ornament, ornamentation, trills, grace notes, embellish, embellishments, decorate, 装饰音, 加装饰, 装饰, 加装饰音, 颤音, 加颤音
reharmonise 0 | reharmonise, reharmonize, new chords, other chords, different chords, change the chords, new harmony, different harmony, 重配和声, 换和弦, 换个和声, 换和声, 新和声, 重新配和声, 重配和弦, 换一套和弦, 重新和声, 改和弦
counterpoint 0 | counter melody, countermelody, counterpoint, countersubject, descant, 副旋律, 对位, 对位旋律, 复调旋律
thirds -1 steps -2 | in thirds, thirds, a third below, 三度和声, 三度重复, 三度平行, 平行三度, 加三度, 三度叠加
thirds -1 steps -5 | in sixths, sixths, 六度和声, 平行六度, 加六度
double 0 | double, doubled, doubling, 加倍, 重叠, 叠
quantise 0 | quantise, quantize, tighten, tighten up, snap, snap to grid, on the grid, 量化, 对齐, 对齐网格, 规整
humanise 0 | humanise, humanize, loosen up, more human, more natural, 人性化
swing 0 | swing, make it swing, swing feel, 摇摆一点, 摇摆感, 摇摆起来
add 0 | add, bring in, put in, 加, 加上, 加入, 添, 添加, 增加, 加个
instrument 0 | instead of, in place of, 而不是, give, hand, assign, replace, substitute, change, switch, turn, play, sung, 交给, 换成, 改成, 改用, 变成, 改为, 换为, 换作, 代替, 演奏, 改由, 由, 吹, 拉, 弹, 唱, 吹奏, 弹奏
put 0 | put, transpose, transposed, modulate, pitch, bring, take, 移调, 转调, 移, 转, 转到, 改到, 移至
up 1 | raise, lift, 上方, up, upward, upwards, above, sharper, 升高, 升, 提高, 上移, 往上移, 往上, 向上, 调高, 抬高, 高
up -1 | lower, 下方, down, downward, downwards, below, beneath, drop down, 降低, 降, 下移, 往下移, 往下, 向下, 调低, 压低, 低
"""
_DEGREES = """
0.5 | a bit, a little, little, slightly, a touch, somewhat, a tad, a little bit, bit, subtly, gently, 稍微, 略微, 稍稍, 稍, 略, 一点点, 一点儿, 微微, 有点, 有点儿, 有些
1 | more, even more, even, still, 更, 再, 更加, 一点, 一些, 些, 点, 多一点, 多点, 多一些, 得更, 变, 变得
2 | much, a lot, lots, far, way, considerably, significantly, drastically, very, a great deal, really, substantially, completely, totally, 很多, 多了, 得多, 许多, 大幅, 非常, 特别, 大大, 很, 大量, 彻底, 完全, 十分, 大胆
"""
_FLIPS = (
    "less", "too", "too much", "not so", "not as", "not that", "not too", "way too", "far too", "a bit too", "a little too", "fewer", "isn't so",
    "don't make it so", "太", "过于", "太过", "少一点", "少一些", "少点", "少些", "少", "减少", "不要那么", "别那么", "没那么", "别太", "不要太", "不那么", "不太",
    "不要这么", "别这么", "过分", "有点太",
)  # fmt: skip
_ASPECTS = {
    "rhythm": ("rhythm", "rhythms", "rhythmically", "rhythmic", "节奏", "律动", "节拍型"),
    "harmony": ("harmony", "harmonies", "harmonically", "harmonic", "和声", "和弦进行"),
    "volume": ("volume", "loudness", "音量", "力度"),
    "pitch": ("pitch", "pitches", "the notes", "melodically", "音高", "音"),
}
_CADENCES = {
    "plagal": ("plagal", "plagal cadence", "amen cadence", "变格", "变格终止", "变格终止式"),
    "authentic": ("authentic", "authentic cadence", "perfect cadence", "full cadence", "完全终止", "正格终止", "正格", "完满终止"),
    "half": ("half cadence", "half close", "imperfect cadence", "open ending", "半终止"),
    "deceptive": ("deceptive cadence", "interrupted cadence", "deceptive", "阻碍终止", "伪终止"),
}  # fmt: skip
_ROLES = {
    "melody": ("melody", "tune", "lead", "lead line", "melody line", "top line", "theme", "melodies", "旋律", "主旋律", "曲调", "高音声部", "主奏"),
    "bass": ("bass", "bass line", "bassline", "bass part", "贝斯", "贝司", "低音", "低音声部", "低音部", "低音线"),
    "drums": ("drums", "drum", "percussion", "beat", "drum part", "drum kit", "drumbeat", "groove", "鼓", "鼓点", "打击乐", "鼓组", "架子鼓", "节奏组鼓"),
    "chords": ("chords", "chord part", "comping", "backing", "accompaniment", "harmony parts", "伴奏", "和弦", "和弦声部", "伴奏声部"),
    "inner": ("inner voices", "inner parts", "middle voices", "inner voice", "内声部", "中声部", "中间声部"),
}  # fmt: skip
_HANDS = {
    "left": ("left hand", "the left hand", "left hand part", "lh", "左手", "左手部分", "左手声部"),
    "right": ("right hand", "right hand part", "rh", "右手", "右手部分", "右手声部"),
    "both": ("both hands", "two hands", "双手", "两手", "两只手"),
}
_WHOLE = (
    "everything", "everyone", "all parts", "all of it", "the whole piece", "the whole thing", "whole piece", "the piece", "the whole song", "the song", "all the parts",
    "all instruments", "the entire piece", "entire piece", "throughout", "the music", "whole song", "entire song", "everybody", "整首", "整首曲子", "整曲", "全曲", "全部", "所有声部", "所有乐器", "整体", "整个曲子", "整首歌", "全体", "大家", "全都", "曲子", "整段音乐", "整首乐曲",
)  # fmt: skip
_EXCEPT = (
    "except",
    "except for",
    "apart from",
    "all but",
    "everything but",
    "everything except",
    "but not",
    "other than",
    "not",
    "besides",
    "除了",
    "除",
    "除去",
)
_THERE = (
    "there",
    "in those bars",
    "in that section",
    "in these bars",
    "in this section",
    "那里",
    "那儿",
    "这里",
    "这几小节",
    "那几小节",
    "这一段",
    "那一段",
    "这段",
    "那段",
    "此处",
    "同时",
)
_IT = ("it", "them", "they", "that", "this", "它", "它们", "这个")
_JOINS = (
    ",", ";", "。", "、", "!", "?", "\n", "and then", "and", "then", "but", "while", "also", "&", "plus", "as well as", "after that", "然后", "接着", "并且", "并", "同时",
    "但是", "但", "而", "以及", "和", "跟", "与", "再把", "再让", "再给", "另外", "还有", "之后再", "随后", "不过", "最后再", "同", "且", "而且", "又", "也", "及",
)  # fmt: skip
# Words that carry no meaning of their own here.
FILLERS = (
    "make", "please", "the", "a", "an", "of", "in", "on", "at", "to", "for", "by", "with", "so", "sound", "sounds", "part", "parts", "line", "let", "have", "want", "would", "like",
    "i", "i'd", "should", "be", "is", "are", "as", "from", "over", "into", "its", "during", "through", "style", "section", "sections", "bars", "tempo", "set", "key", "feel", "voice",
    "play", "played", "playing", "using", "use", "version", "long", "some", "just", "s", "level", "empty", "new", "note", "notes", "grid", "instead", "can", "could", "you", "we", "my",
    "try", "go", "get", "bit", "more", "do", "up", "hand", "hands", "only", "time", "times", "off", "place", "places", "each", "other", "another", "blank", "change", "bpm", "where", "within", "one",
    "cadence", "value", "before", "after", "signature", "timing", "like", "don't like", "silence", "towards", "toward", "all", "percent", "around", "next", "give", "put", "here", "too", "sounding", "it's", "little", "that's", "me", "these", "those", "there's",
    "把", "将", "让", "给", "请", "帮我", "用", "在", "里", "里面", "中", "的", "地", "得", "了", "吧", "呢", "变", "弄", "改", "结束", "不喜欢", "喜欢", "出现", "响起", "部分", "一些", "做", "上", "下", "到", "成", "为", "都", "全", "就", "要", "想", "一下", "部分", "声部", "段", "处", "调",
    "拍", "速度", "风格", "音乐", "来", "个", "一个", "再", "从", "开始", "起", "听起来", "一遍", "一次", "遍", "次", "一", "有", "多", "是", "更", "时", "时候", "对", "着", "那", "这", "我", "希望", "能", "可以", "音符", "网格", "也", "还", "些", "点", "一点", "写", "式", "终止", "把它", "往", "一把", "一支", "声",
    "音区", "由", "以", "位置", "感觉", "版本", "空", "空的", "使", "给我", "麻烦", "之间", "内", "下来", "一段", "前面", "后面", "前", "后", "之前", "之后", "那么", "新", "长", "左右", "地方",
)  # fmt: skip


def _rows(table: str) -> Iterator[tuple[list[str], list[str]]]:
    for line in table.strip().splitlines():
        head, words = line.split("|")
        yield head.split(), [word.strip() for word in words.split(",") if word.strip(" -")]


def _asked(head: list[str], *, is_weak: bool = False) -> Asked:
    unit = head[2] if len(head) > 2 else ""
    text = head[3] if len(head) > 3 else None
    number = re.fullmatch(r"-?\d+(?:\.\d+)?", text or "")
    value: int | float | str | None = text
    if text and number:
        value = float(text) if "." in text else int(text)
    return Asked(head[0], int(head[1]), unit, value, is_weak)


def _moods() -> Iterator[tuple[str, str]]:
    """Yield every word for a mood, English ones in their comparative too, with the mood."""
    for word, mood in mood_words().items():
        yield word, mood
        if word.isascii() and " " not in word and len(word) < 9:
            stem = word[:-1] + "i" if word.endswith("y") else word.removesuffix("e")
            doubled = stem + stem[-1] if re.fullmatch(r"[a-z]*[^aeiou][aeiou][dgtnbm]", stem) else stem
            yield doubled + "er", mood


@cache
def edit_words() -> dict[str, tuple[str, object]]:
    """Return every fixed word of edits with its field and value; adjectives come before acts, acts before moods."""
    table: dict[str, tuple[str, object]] = {
        word: ("adjective", Asked("mood", 1, "mood", mood)) for word, mood in _moods()
    }
    table |= dict.fromkeys(FILLERS, ("filler", None))
    for field, group in (("aspect", _ASPECTS), ("cadence", _CADENCES), ("role", _ROLES), ("hand", _HANDS)):
        for value, surfaces in group.items():
            table |= dict.fromkeys(surfaces, (field, value))
    for head, words in _rows(_DEGREES):
        table |= dict.fromkeys(words, ("degree", float(head[0])))
    for field, surfaces in (
        ("flip", _FLIPS), ("whole", _WHOLE), ("except", _EXCEPT), ("there", _THERE), ("it", _IT), ("join", _JOINS),
    ):  # fmt: skip
        table |= dict.fromkeys(surfaces, (field, None))
    for head, words in _rows(_ACTS):
        table |= dict.fromkeys(words, ("act", _asked(head)))
    for head, words in _rows(_ADJECTIVES):
        asked = _asked(head)
        for word in words:
            turned = Asked(asked.kind, -asked.direction, asked.unit, asked.value)
            table[word.removesuffix(" -")] = ("adjective", turned if word.endswith(" -") else asked)
    return table


# What must not stand beside a word: 空 is no adjective in 空小节.
_BESIDE = {
    "空": ("", "(?![小的一二两三四五六八出\\d])"), "高": ("(?<![升提])", "(?!音声)"), "强": ("(?<!中)", ""), "低": ("(?<![降压])", "(?!音)"), "变": ("", "(?![奏格一化成])"),
    "音": ("(?<![低高])", "(?![量区符])"), "加": ("", "(?![快倍强速])"), "升": ("", "(?!高|[a-g])"), "降": ("", "(?!低|[a-g])"),
    "鼓": ("", "(?!励)"), "移": ("", "(?!除)"), "以": ("", "(?=.{0,8}(?:终止|结束|收尾))"), "由": ("", ""), "连": ("", "(?![贯奏])"), "旋律": ("", "(?!小调)"),
    "no": ("", ""), "not": ("(?<!if )", ""), "rest": ("(?<!the )", ""), "notes": ("(?<=more )|(?<=too many )|(?<=fewer )", ""),
    "again": ("", ""), "little": ("", ""), "点": ("", ""), "同": ("", "(?!时)"), "最后": ("", ""), "和": ("(?<!柔)(?<!温)(?<!平)", "(?![声弦])"),
    "快": ("(?<![欢轻明])", "(?![乐活])"), "慢": ("", ""), "而": ("", "(?!且)"), "并": ("", "(?!且)"), "空灵": ("", ""),
    "switch": ("", ""), "build": ("", ""), "很": ("", "(?!多)"),
}  # fmt: skip


@cache
def _pattern(surface: str) -> re.Pattern[str]:
    body = re.escape(surface).replace(r"\ ", r"[ -]")
    before, after = _BESIDE.get(surface, ("", ""))
    if surface.isascii() and surface[0].isalpha():
        return re.compile(rf"(?:{before or '(?<![a-z0-9])'})(?<![a-z0-9]){body}{after}(?![a-z0-9])")
    return re.compile(f"(?:{before}){body}{after}")


def edit_word_matches(lower: str) -> Iterator[Match]:
    """Yield every place where a fixed word of edits stands in folded lower-case text, overlaps included."""
    plain = lower.replace("’", "'").replace("-", " ") if lower.isascii() else lower.replace("’", "'")
    for surface, (field, value) in edit_words().items():
        if surface in plain:
            rank = 0 if field == "filler" else 4 if field in ("act", "adjective") else 3
            for found in _pattern(surface).finditer(plain):
                yield Match(found.start(), found.end(), field, value, rank)
