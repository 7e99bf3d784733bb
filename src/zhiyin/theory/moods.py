# ruff: noqa: E501 - word tables keep one row a line
"""Moods: names in Chinese and English, their place on valence and arousal, and their opposites.

Conventions: valence and arousal run from -1 to 1; perceived, not felt, emotion.
This module does not know what music makes a mood: see `zhiyin.fill.norms`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache

from zhiyin.errors import NotFound


@dataclass(frozen=True, slots=True)
class Mood:
    """A mood: valence (bitter -1 to sweet 1), arousal (still -1 to stirred 1) and its opposite's name."""

    name: str
    zh: str
    valence: float
    arousal: float
    opposite: str
    aliases: tuple[str, ...] = ()


def _row(line: str) -> Mood:
    name, zh, valence, arousal, opposite, aliases = (cell.strip() for cell in line.split("|"))
    words = tuple(word.strip() for word in aliases.split(",") if word.strip())
    return Mood(name, zh, float(valence), float(arousal), opposite, words)


# Places after the affect table in Russell 1980 and the cue reviews of Gabrielsson 2014 and Eerola et al. 2013.
# name | zh | valence | arousal | opposite | aliases
_TABLE = """
happy | 快乐 | .7 | .5 | sad | joyful, joyous, cheerful, merry, glad, jolly, upbeat, sunny, 欢快, 开心, 高兴, 欢乐, 喜悦, 愉快, 轻快, 明快, 欢喜, 喜庆
sad | 悲伤 | -.6 | -.5 | happy | sorrowful, mournful, unhappy, sadness, tearful, heartbroken, gloomy, 忧伤, 伤感, 哀伤, 难过, 伤心, 悲痛, 哀愁, 悲凉, 凄凉, 凄美, 心碎
melancholic | 忧郁 | -.4 | -.4 | happy | melancholy, wistful, 惆怅, 忧愁, 愁绪, 感伤, 阴郁, 怅惘
calm | 平静 | .3 | -.7 | tense | peaceful, serene, quiet, tranquil, relaxing, relaxed, soothing, chill, 宁静, 安静, 静谧, 舒缓, 放松, 安详, 平和, 恬静, 悠然, 悠闲, 闲适, 禅意
tender | 温柔 | .5 | -.4 | angry | gentle, loving, delicate, 柔和, 轻柔, 温婉, 柔情, 细腻, 温情
warm | 温暖 | .6 | -.2 | cold | heartwarming, cosy, cozy, 温馨, 暖心, 治愈, 暖
romantic | 浪漫 | .6 | -.1 | cold | romance, amorous, lovely, 甜蜜, 爱意, 深情, 缠绵
hopeful | 希望 | .5 | .2 | desperate | optimistic, uplifting, inspiring, hope, 充满希望, 带着希望, 励志, 向上, 乐观, 期待, 憧憬
heroic | 英雄 | .5 | .8 | desperate | epic, brave, 史诗, 英勇, 豪迈, 壮烈, 激昂, 雄壮, 英雄气概, 热血
majestic | 庄严 | .4 | .4 | agitated | solemn, grand, noble, stately, dignified, 宏伟, 壮丽, 恢弘, 恢宏, 大气, 神圣, 庄重, 肃穆, 磅礴
triumphant | 凯旋 | .7 | .8 | desperate | victorious, glorious, 胜利, 辉煌, 凯歌
energetic | 活力 | .5 | .9 | calm | lively, vigorous, powerful, driving, dynamic, exciting, excited, 有活力, 活泼, 激情, 动感, 充满活力, 兴奋, 激动, 热烈, 热情, 澎湃, 爆发, 有力
playful | 俏皮 | .6 | .4 | thoughtful | funny, humorous, comical, quirky, mischievous, cute, 顽皮, 诙谐, 幽默, 滑稽, 可爱, 调皮, 童趣, 活泼可爱
dreamy | 梦幻 | .3 | -.4 | energetic | dreamlike, ethereal, floating, hazy, 空灵, 朦胧, 飘渺, 缥缈, 迷离, 如梦, 梦境
nostalgic | 怀旧 | .0 | -.3 | hopeful | nostalgia, reminiscent, bittersweet, 怀念, 思念, 乡愁, 回忆, 追忆, 思乡, 眷恋
lonely | 孤独 | -.5 | -.5 | warm | lonesome, solitary, loneliness, isolated, 孤单, 寂寞, 孤寂, 落寞
mysterious | 神秘 | -.2 | -.1 | happy | enigmatic, mystical, magical, mystic, 诡秘, 玄妙, 魔幻, 奇幻
tense | 紧张 | -.5 | .6 | calm | suspenseful, suspense, nervous, anxious, tension, urgent, restless, 悬疑, 紧迫, 焦虑, 不安, 急迫, 惊险
scary | 恐怖 | -.8 | .5 | warm | horror, creepy, frightening, eerie, spooky, terrifying, 可怕, 惊悚, 阴森, 诡异, 恐惧
dark | 黑暗 | -.6 | .1 | bright | sinister, ominous, bleak, 阴暗, 暗黑, 压抑, 沉重, 低沉
bright | 明亮 | .6 | .4 | dark | radiant, sparkling, shining, 阳光, 清新, 明朗, 灿烂, 晴朗
angry | 愤怒 | -.7 | .8 | tender | furious, aggressive, rage, fierce, violent, 狂怒, 激愤, 暴躁, 狂暴, 凶猛
desperate | 绝望 | -.8 | .2 | hopeful | despair, hopeless, anguished, tragic, 悲壮, 悲剧, 痛苦, 悲愤
cold | 冷酷 | -.4 | -.3 | warm | icy, detached, frosty, 冰冷, 清冷, 冷峻, 冷清
passionate | 热切 | .2 | .7 | cold | fervent, fiery, intense, ardent, 炽热, 强烈, 狂热
agitated | 激荡 | -.3 | .7 | calm | turbulent, stormy, frantic, 动荡, 汹涌, 躁动
dramatic | 戏剧性 | -.1 | .6 | calm | theatrical, 戏剧化, 跌宕, 起伏
thoughtful | 沉思 | .0 | -.5 | playful | pensive, contemplative, reflective, meditative, introspective, 深沉, 思考, 内省
graceful | 优雅 | .5 | .0 | angry | elegant, refined, flowing, 优美, 典雅, 高雅, 雅致, 婉转, 柔美, 唯美
festive | 节日 | .8 | .7 | lonely | celebratory, celebration, holiday, 热闹, 庆典, 欢庆, 喜气洋洋
innocent | 纯真 | .6 | -.1 | dark | childlike, naive, pure, 天真, 童真, 纯净, 纯洁
longing | 渴望 | -.2 | -.1 | calm | yearning, aching, 向往, 期盼, 相思, 惦念
confident | 自信 | .5 | .5 | tense | determined, bold, cool, 坚定, 坚强, 酷, 帅气, 潇洒
"""
MOODS: dict[str, Mood] = {mood.name: mood for mood in map(_row, _TABLE.strip().splitlines())}


@cache
def mood_words() -> dict[str, str]:
    """Return every name and alias in lower case with the mood it stands for.

    >>> mood_words()["忧伤"], mood_words()["joyful"]
    ('sad', 'happy')
    """
    words = {alias: mood.name for mood in MOODS.values() for alias in (*mood.aliases, mood.zh)}
    return words | {name: name for name in MOODS}


def find_mood(name: str) -> Mood:
    """Return the mood of a name or alias in Chinese or English; raises NotFound naming the nearest ones.

    >>> find_mood("宁静").name
    'calm'
    """
    words, folded = mood_words(), name.strip().casefold()
    if folded in words:
        return MOODS[words[folded]]
    near = dict.fromkeys(words[word] for word in difflib.get_close_matches(folded, words, n=5, cutoff=0.5))
    raise NotFound(
        f"mood must be a known name, got {name!r}: did you mean {', '.join(near or list(MOODS)[:8])}?"
    )


def blend_moods(names: tuple[str, ...], *, avoid: tuple[str, ...] = ()) -> tuple[float, float]:
    """Return the mean (valence, arousal) of moods, pushed halfway off any that are to be avoided.

    >>> blend_moods(("sad",)), blend_moods(())
    ((-0.6, -0.5), (0.0, 0.0))
    """
    wanted = [find_mood(name) for name in names]
    if not wanted:
        shunned = [find_mood(name) for name in avoid]
        return _mean([(-0.5 * mood.valence, -0.5 * mood.arousal) for mood in shunned])
    return _mean([(mood.valence, mood.arousal) for mood in wanted])


def _mean(places: list[tuple[float, float]]) -> tuple[float, float]:
    if not places:
        return 0.0, 0.0
    return sum(place[0] for place in places) / len(places), sum(place[1] for place in places) / len(places)
