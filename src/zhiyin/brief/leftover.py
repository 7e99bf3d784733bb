# ruff: noqa: E501, SIM905 - word tables keep one row a line
"""Leftovers: the meaningful words of a brief that nothing matched.

Conventions: filler words in both languages are dropped; the rest is returned in text order.
This module does not guess what a leftover means.
"""

from __future__ import annotations

import re

_FILLERS_ZH = sorted(
    """一首 一段 一曲 一支 一个 一些 一点 一下 一种 一样 一把 首 段 曲子 乐曲 音乐 曲 歌 歌曲 旋律 作品 片段 请 帮 帮我 给我 给 我 我们 你 写 来 要 想 想要
    希望能 做 作 创作 生成 谱 弹 演奏 播放 听 的 地 得 了 着 和 与 及 以及 跟 或 或者 用 使用 在 是 有 带 带有 带点 带着 里 里面 上 中 为 以 把 让 能 可以 就 就好 就行 好 吧 呢 啊 呀
    吗 很 非常 比较 有点 有些 稍微 稍 略 更 最 太 那种 那样 这种 这样 风格 风 感觉 感 氛围感 情绪 心情 味道 正好 恰好 刚好 精确 左右 大约 大概 约 差不多 时长 长度 长 时间 速度 节奏 拍 拍子 节拍 调
    调性 乐器 伴奏 主奏 主旋律 配 配上 加 加上 还有 还 也 都 不 谢谢 而 又 再 然后 并 且 并且 同时 因为 所以 如果 一定 适合 适用 用来 用于 关于 主题 背景 场景 整体 总共 一共 共 每 小节 分钟 秒 个
    之 其他 其它 别的 以外 之外 外 什么 任何 最后 开始 到 从 些 点 于 充满 式 类 类型 似的 般 一般 样子 曲风 编曲 配器 部分 为主 主要 四部 需要 它 他 她 由 小曲 组成 构成 编制 包括 包含 先 越来越 归于 转 逐渐 渐渐 慢慢 突然 接着 随后 最终 起初 开头 结尾 中间 听起来 那种 版 版本 版的 独奏 送给 献给 麻烦 能否 可否 是否 需 请问 当作 作为 循环 结束 处 秒钟 时 后 前 起 别太 吵 打算 大家 一起 希望 就是 那么 全程 全曲 整首 整体上 一直 保持 偏 走 做成 弄 搞 整 出 点儿 儿 嘛 呗 哈 哦""".split(),
    key=len,
    reverse=True,
)
_FILLERS_EN = frozenset(
    """a an the and or of in on at to for by from as with into me my i i'd i'll im i'm we you it its it's is are be am was
    please thanks thank write make create compose generate give want would like need something some any that which this
    these those piece song songs tune tunes music track musical melody composition number about around approximately roughly
    exactly exact precisely approx circa long length duration lasting lasts last tempo speed bpm beat beats time metre meter key mode scale style
    styled genre kind sort type feel feeling feels mood moods vibe vibes atmosphere instrument instruments accompaniment
    accompanied played playing play featuring feature using use used very quite rather really bit little slightly more
    most so too also let let's can could should will have has having had do does there here one all per other others
    nothing else bars bar measures minute minutes second seconds full short up but if then than just form chord chords
    progression set along good nice great groove tune cue beautiful part parts section sections via my our your background both each
    every get got help hear sounding sound sounds overall start end ending
    suddenly gradually before after then finally first later again until when while where starts starting begin begins beginning ends finish build builds explode explodes turn turns become becomes through throughout always ever us them they he she his her their who what how somewhere between only no not pls plz thx ok okay hi hello hey maybe perhaps kinda sorta lots many much few several whole entire simple basic proper please etc eg ie quieter down up out off over under
    consisting consists made formed comprising including includes""".split()
)
_WORD = re.compile(r"[a-z][a-z'’]*(?:-[a-z]+)*|\d+(?:\.\d+)?[a-z]*|[\u3400-\u9fff]+")
_ZH_FILLER = re.compile("|".join(_FILLERS_ZH))


def leftovers(text: str) -> tuple[str, ...]:
    """Return the words that carry meaning in a text whose understood stretches were blanked with U+0000.

    >>> leftovers("please the purple zither 的车站")
    ('purple', 'zither', '车站')
    """
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group(0)
        if word[0] >= "\u3400":
            found += [piece for piece in _ZH_FILLER.sub(" ", word).split() if piece]
        elif word not in _FILLERS_EN and not (len(word) == 1 and word.isalpha()):
            found.append(word)
    return tuple(dict.fromkeys(found))
