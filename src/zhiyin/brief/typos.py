# ruff: noqa: E501 - word tables keep one row a line
"""Spelling: words one slip away from a word that is known, in English letters and in Chinese characters.

Conventions: English words of five letters and more, one insertion, deletion, change or swap; Chinese words of two
characters and more, one character taken for one that sounds or looks alike. This module does not know what words mean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from zhiyin.brief.real_words import REAL_WORDS

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Characters that are typed for each other: alike in sound or in shape.
_ALIKE = """
争筝峥睁挣正 钢刚岗纲缸 琴勤秦情晴 琵枇批 琶杷爬巴 琴亲钦 笛迪敌 箫萧肖消 笙生声 埙勋熏 唢琐锁 呐纳那拿 阮软 扬杨洋 胡壶湖糊 鼓古股 锣罗
提题 贝倍备 斯司思 吉及极 他它她 弦玄旋 管馆官 号好 圆园元 长常 短段 竖树 铃玲 钟中忠 竹珠 巴吧 单丹 双霜
悲背杯 伤商尚桑 忧优幽 郁玉 快块筷 乐了 欢换 喜洗 轻清青 松送宋 平评凭 静净境 宁凝 温文 柔揉 浪琅朗 漫慢曼 神申 秘密蜜
紧锦仅 张章涨 恐控 怖布 黑嘿 暗按案 明名 亮量靓 愤奋份 怒努 孤姑 独读 希西稀 望忘旺 梦孟 幻换唤 怀坏 旧就 活货 泼波 动东
激鸡击 昂肮 庄装 严言 史使 诗师 爵觉决 士世式 摇谣瑶 滚棍 民明 谣摇 流留 行型形 电店 子字 古故 典点 蓝兰 调掉
循寻询 环还 节结 奏凑揍 拍怕 速素 度渡 战站 斗抖 婚昏 礼里 睡谁 眠绵 摆百 篮蓝 曲去 舞午武 华花 尔而 兹滋
国过 风丰疯 江姜 南男 戏系 京经 剧据 合和 唱场 童同 男南 女绿
"""


def near_words(word: str, known: Collection[str]) -> frozenset[str]:
    """Return the known words that are a single slip away; none for a real word.

    >>> sorted(near_words("paino", {"piano", "violin"})), sorted(near_words("mouse", {"house"}))
    (['piano'], [])
    """
    if (
        word in known
        or word in REAL_WORDS
        or word.removesuffix("s") in known
        or word.removesuffix("es") in known
    ):
        return frozenset()
    near = {slip for slip in _one_slip(word) if slip in known and (len(word) > 4 or len(slip) > 4)}
    if not near and word.endswith("s") and len(word) > 5:
        near = {slip for slip in _one_slip(word[:-1]) if slip in known and len(slip) > 5}
    if len(near) > 1:
        same = {slip for slip in near if slip[0] == word[0]}
        swapped = {slip for slip in same if sorted(slip) == sorted(word)}
        dropped = {slip for slip in same if len(slip) > len(word)}
        near = swapped or dropped or same or near
    return frozenset(near)


def _one_slip(word: str) -> set[str]:
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in halves if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in halves if tail for letter in _LETTERS}
    return found | {head + letter + tail for head, tail in halves for letter in _LETTERS}


@cache
def _alike() -> dict[str, str]:
    table: dict[str, str] = {}
    for group in _ALIKE.split():
        for mark in group:
            table[mark] = table.get(mark, "") + group.replace(mark, "")
    return table


def zh_slips(words: Iterable[str]) -> dict[str, str]:
    """Return every slip of a character in Chinese words with the word that was meant; known words are no slips.

    >>> zh_slips(["古筝", "钢琴"])["古争"]
    '古筝'
    """
    known = frozenset(words)
    slips: dict[str, str] = {}
    for word in sorted(known):
        if len(word) < 2:
            continue
        for place, mark in enumerate(word):
            for other in _alike().get(mark, ""):
                slip = word[:place] + other + word[place + 1 :]
                rest = word[:-1] if place == len(word) - 1 else "" if place else word[1:]
                is_cut = len(rest) > 1 and rest in known  # 吉他去掉 is no 吉他曲
                if slip not in known and not is_cut and not any(part in slip for part in _REAL_ZH):
                    slips.setdefault(slip, word)
    return slips


# Words that are no slip of another.
_REAL_ZH = (
    "情书", "热情", "心情", "感情", "爱情", "声音", "名字", "背景", "百分", "文件", "送行", "结束", "故事", "而言", "青年", "清楚",
    "消息", "生活", "中国", "点击", "东西", "明天", "西方", "北京", "世界", "姑娘", "花园", "昏暗", "还有", "店", "评论", "名单",
    "清单", "装修", "武术", "百度", "平凡", "快递", "块钱", "古代", "股票", "信号", "系统", "经济", "经典", "努力", "有点", "一点",
    "男人", "绿色", "树林", "留言", "形成", "过年", "丰富", "式", "去年", "里面", "掉", "波浪", "货", "文艺", "案", "布", "动作",
    "生日", "正在", "还是", "晴", "家乡", "章节", "站台", "车站", "送别", "谁", "站", "清新", "清爽", "清澈", "玉", "波", "生动", "平缓", "和声",
    "平静", "清", "净", "百", "读", "名",
)  # fmt: skip
