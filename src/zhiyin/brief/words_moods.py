# ruff: noqa: E501 - word tables keep one row a line
"""Moods as people say them: more words, scenes that lend a mood, and emoji.

Conventions: a row is `mood | words`, moods by the names of `zhiyin.theory.moods`; scenes count only where no mood is
named. This module does not read sentences.
"""

from __future__ import annotations

from collections.abc import Iterator

_SAID = """
happy | happiness, joy, cheery, delighted, joyfully, cheerfully, happily, feel good, feelgood, good mood, jaunty, bouncy, giddy, elated, blissful, bliss, euphoric, euphoria, carefree, lighthearted, light hearted, positive, pleasant, fun, gleeful, 开朗, 乐呵, 乐观向上, 高兴点, 欢乐颂般, 欢腾, 雀跃, 愉悦, 快活, 甜美, 欢畅, 畅快, 惬意, 轻松愉快, 幸福, 喜洋洋, 喜气, 正能量, 明快活泼, 欢悦, 😀, 😃, 😄, 😁, 😊, 🙂, 😆, 😸, 🌞, ☀
sad | sadly, sorrow, grief, grieving, weepy, tragic sad, downcast, dejected, depressed, depressing, depression, blue mood, somber, sombre, heartbreak, heartbreaking, tear jerking, crying, 悲, 哀, 悲哀, 悲戚, 悲怆, 悲恸, 哀怨, 哀婉, 哀痛, 伤痛, 伤怀, 忧郁悲伤, 忧伤感, 悲情, 悲苦, 苦情, 催泪, 泪目, 丧, 沮丧, 消沉, 低落, 失落, 不开心, 不快乐, 不高兴, 心酸, 哭泣, 悲悲切切, 如泣如诉, 😢, 😭, 😞, 😔, 😿, 💔, 🥺, ☹
melancholic | melancholia, blue, bluesy mood, moody, brooding, forlorn, plaintive, pining, 忧愁, 忧思, 幽怨, 愁, 愁苦, 惘然, 落寞惆怅, 抑郁, 郁闷, 🌧
happy | happier, merrier, cheerier
sad | sadder
dark | darker
bright | brighter
warm | warmer
angry | angrier
scary | scarier
tender | gentler, sweeter
energetic | livelier
calm | calmer, more relaxed, low energy, low-energy, calming, calmness, calmly, peace, peacefully, tranquility, serenity, restful, mellow, laid back, easygoing, easy going, placid, gentle calm, zen like, low key, unhurried, sleepy, hushed, unwind, chilled, chilling, laidback, 静, 平缓, 平静下来, 安宁, 安逸, 淡然, 恬淡, 淡泊, 清静, 沉静, 静静, 宁谧, 幽静, 静心, 和缓, 松弛, 松弛感, 慵懒, 佛系, 祥和, 柔缓, 缓和, 淡雅宁静, 空山, 幽远, 悠远, 悠扬, 😌, 🧘, 😴, 🌙, 🍃
tender | tenderly, gently, tenderness, intimate, sweet, sentimental, soft hearted, affectionate, caring, motherly, 温柔似水, 轻柔温婉, 柔软, 柔情似水, 温存, 亲密, 体贴, 婉约, 细腻温柔, 🤗
warm | warmth, warmly, comforting, comfort, friendly, homely, 温暖人心, 温情脉脉, 暖意, 暖洋洋, 和煦, 亲切, 疗愈, 抚慰, 慰藉, 🌻
romantic | romantically, sensual, seductive, passionate love, dreamy love, in love, sexy, flirty, sultry, 浪漫主义情怀, 暧昧, 爱恋, 热恋, 性感, 柔情蜜意, 甜甜的, 恋爱感, 😍, ❤, 💕, 💖, 😘, 🌹, 💘
hopeful | hopefully optimistic, hope filled, encouraging, motivational, motivating, aspirational, inspirational, uplift, rising hope, promising, reassuring, 有希望, 希望感, 鼓舞人心, 振奋, 激励, 鼓舞, 奋进, 昂扬, 积极, 积极向上, 阳光向上, 充满朝气, 朝气, 朝气蓬勃, 蓬勃, 🌅, 🌈
heroic | heroism, valiant, courageous, adventurous, rousing, stirring, epicness, larger than life, 英雄式, 英勇无畏, 大义凛然, 气势恢宏, 气势, 气势磅礴, 慷慨激昂, 铿锵, 铿锵有力, 激昂澎湃, 豪情, 豪放, 壮阔, 雄浑, 宏大, 燃, 燃爆, 很燃, 🦸, ⚔
majestic | majesty, regal, royal, imposing, ceremonial, sublime, reverent, sacred, holy, spiritual, grandiose, imperial, 帝王, 皇家, 威严, 隆重, 圣洁, 崇高, 虔诚, 肃静, 庄严肃穆, 恢宏大气, 👑
triumphant | triumph, victory, winning, jubilant, exultant, conquering, 胜利, 胜利感, 得胜, 欢呼, 🏆
energetic | energy, energetically, high energy, energised, energized, hyper, hyped, hype, pumping, punchy, upbeat energy, groovy, danceable, adrenaline, explosive, powerful energy, spirited, zippy, peppy, electrifying, full of energy, banging, 有活力的, 动感十足, 嗨, 很嗨, 炸, 炸裂, 带劲, 有劲, 热血沸腾, 火爆, 劲爆, 激烈, 欢脱, 律动感, 有律动, 躁, 朝气活力, 元气, 元气满满, 精力充沛, 高能, 奔放, 热情奔放, 🔥, ⚡, 💥, 💪, 🤘, 🎉
playful | playfully, silly, goofy, whimsical, witty, cheeky, bubbly, wacky, zany, kooky, impish, teasing, childish fun, lighthearted fun, 调皮捣蛋, 搞笑, 逗趣, 搞怪, 有趣, 好玩, 风趣, 童心, 萌, 萌萌的, 呆萌, 俏皮可爱, 欢快俏皮, 古灵精怪, 😜, 😝, 🤪, 😋
dreamy | dream, surreal, otherworldly, airy, celestial, heavenly, weightless, trippy, hypnotic, misty, foggy, spacey, spacy, cosmic, floaty, 梦幻般, 梦幻感, 如梦似幻, 虚幻, 迷蒙, 仙气, 仙, 飘逸, 漂浮, 轻盈, 空旷, 超现实, 迷幻感, 恍惚, 💭, ✨
nostalgic | nostalgically, retro feeling, wistfully nostalgic, homesick, reminiscing, old times, vintage feel, sentimental memories, 怀旧感, 回忆感, 怀念过去, 往事, 旧时光, 老时光, 念旧, 复古怀旧, 年代感, 🍂
lonely | alone and sad, loneliness, desolate, desolation, deserted, abandoned, solitude, 孤独感, 孤寂感, 孤身, 寂寥, 苍凉, 荒凉, 萧瑟, 冷寂, 凄清, 空虚, 形单影只
mysterious | mystery, mysteriously, secretive, arcane, occult, exotic mystery, intriguing, curious, cryptic, esoteric, uncanny, wonder, wondrous, enchanted, enchanting, fairy tale, fairytale, 神秘感, 谜一般, 悬念, 诡谲, 幽深, 深邃, 奥秘, 玄幻, 迷雾, 扑朔迷离, 魔法, 童话, 🔮, 🕵
tense | unsettling, tensely, suspensefully, edgy, uneasy, nervously, anxiety, nerve wracking, nail biting, gripping, thrilling, thriller, pressing, high stakes, on edge, dread tension, 紧张感, 紧张刺激, 剑拔弩张, 压迫, 压迫感, 紧绷, 急促, 危机, 危机感, 危险, 刺激, 惊心动魄, 扣人心弦, 😰, 😬, ⏰
scary | scare, fear, fearful, terror, horrific, haunting, haunted, ghostly, nightmarish, macabre, sinister horror, hair raising, ghoulish, demonic, evil, 恐怖感, 毛骨悚然, 鬼魅, 阴冷, 吓人, 惊恐, 邪恶, 瘆人, 👻, 😱, 💀, 🎃
dark | darkness, darkly, gothic, grim, moody dark, doom, doomed, menacing, brooding dark, murky, heavy hearted, shadowy, noir, 黑暗系, 暗黑系, 阴沉, 昏暗, 阴郁黑暗, 灰暗, 沉闷, 凝重, 厚重, 哥特, 压抑感, 🖤, 🌑
bright | brightly, brightness, sunlit, crisp, shiny, glittering, sparkly, luminous, vivid, colourful, colorful, fresh, 明亮感, 亮堂, 鲜亮, 清爽, 清澈, 清透, 澄澈, 明媚, 小清新, 璀璨, 闪亮, 亮晶晶, 阳光明媚, 阳光感
angry | anger, angrily, aggression, aggressively, raging, hateful, hostile, brutal, savage, ferocious, rebellious, wrath, wrathful, 愤怒感, 生气, 怒, 怒火, 暴怒, 攻击性, 凶狠, 狠, 野性, 叛逆, 😠, 😡, 🤬, 👿
desperate | desperation, helpless, helplessness, anguish, agony, tormented, suffering, bleak despair, pain, painful, 绝望感, 无助, 无奈, 煎熬, 挣扎, 撕心裂肺, 崩溃
cold | coldness, coldly, frozen, chilly, clinical, wintry, emotionless, 冷, 冰冷感, 冷漠, 寒冷, 冷淡, 高冷, 清寒, ❄, 🥶
passionate | passion, passionately, intensity, burning, heartfelt, emotional, soulful feeling, impassioned, 激情四射, 动情, 情感浓烈, 浓烈, 深情激烈, 情感充沛, 走心
agitated | agitation, chaotic, chaos, hectic, feverish, wild, manic, unstable, uneasy storm, restless energy, 混乱, 狂乱, 躁动不安, 疯狂, 癫狂, 失控, 暴风雨, 🌪
dramatic | drama, dramatically, melodramatic, operatic drama, high drama, 戏剧感, 戏剧化, 张力, 有张力, 跌宕起伏, 波澜壮阔, 震撼, 震撼人心
thoughtful | thoughtfully, reflection, contemplation, meditation mood, philosophical, soul searching, deep thought, profound, introspection, 思索, 沉思感, 哲思, 沉淀, 深思, 遐想, 若有所思, 静思, 🤔
graceful | gracefully, grace, elegance, elegantly, classy, sophisticated, lyrical grace, poised, stylish, fluid, flowing lines, 优雅感, 高贵, 华丽, 华美, 秀美, 清雅, 淡雅, 古雅, 雅, 悠雅, 流畅, 流淌, 柔美婉转, 诗意, 如诗如画, 意境优美, 灵动, 💃, 🦢
festive | festivity, festively, celebrating, celebratory mood, carnival, party mood, merriment, 节日气氛, 节庆, 喜庆感, 喜庆热闹, 欢天喜地, 张灯结彩, 红火, 红红火火, 过节, 过年气氛, 🎊, 🧨, 🎆, 🏮
innocent | innocence, childlike wonder, naively, purity, simple and pure, 纯真感, 单纯, 童真童趣, 干净, 纯粹, 👶, 🐣
longing | longingly, yearningly, nostalgic longing, desire, missing someone, missing you, miss you, 思念感, 牵挂, 盼望, 期待感, 想念, 想你, 望穿秋水
confident | confidently, confidence, swagger, badass, assertive, sassy, fierce confidence, powerful and proud, proud, pride, cocky, strength, 自信满满, 霸气, 骄傲, 自豪, 坚毅, 不屈, 坚韧, 帅, 炫酷, 拽, 飒, 力量, 力量感, 有力量, 😎
"""
# Scenes that lend a mood where none is named.
SCENES = """
melancholic | 雨夜, 下雨, 雨天, 雨中, 雨, 细雨, 秋雨, 烟雨, rainy night, rainy, rain, rainy day, raining
thoughtful | 深夜, 夜晚, 午夜, 夜色, 夜里, 晚上, late night, midnight, night, at night, evening
calm | 月光, 月夜, 月亮, 湖面, 湖, 星空, 星夜, 云, 睡前, 禅, 茶, 小溪, 溪水, 流水, 竹林, 田野, 稻田, moonlight, lake, starry sky, stars, zen, tea, bamboo forest, stream, river, meadow
thoughtful | 读书, 专注, 阅读, focus, reading, library
nostalgic | 黄昏, 夕阳, 日落, 落叶, 秋天, 秋日, 秋, 故乡, 老照片, 童年, 老街, 老家, 小巷, sunset, dusk, autumn, fall leaves, hometown, childhood, old photos, old town
hopeful | 黎明, 清晨, 早晨, 日出, 春天, 春日, 春风, 出发, 朝阳, dawn, morning, sunrise, spring, departure, new beginning
cold | 冬天, 冬日, 雪, 雪夜, 下雪, 寒冬, 雪山, winter, snow, snowy, snowfall
bright | 夏天, 夏日, 海滩, 假期, 花海, summer, beach, vacation, sunshine, flowers
dreamy | 大海, 海边, 海, 太空, 宇宙, 森林, 山谷, 银河, ocean, sea, space, forest, valley, clouds, underwater, galaxy
sad | 离别, 告别, 分别时, 失恋, 眼泪, 分手, farewell, goodbye, breakup, tears
lonely | 一个人, 独自, 独自一人, 空城, by myself, all alone, empty street
romantic | 约会, 恋爱, 恋人, 情侣, 初恋, date night, lovers, first love
tense | 倒计时, 爆炸, 暴风, countdown, storm
energetic | 跳舞, dancing
happy | 宝宝, 小狗, 小猫, 野餐, baby, puppy, kitten, picnic
scary | 鬼屋, 墓地, haunted house, graveyard, nightmare
heroic | 大片, 冒险, 出征, adventure, quest
mysterious | 沙漠, 古庙, 洞穴, 迷宫, 丛林, desert, cave, ruins, maze, jungle
thoughtful | 咖啡, coffee
"""


def _rows(table: str) -> Iterator[tuple[str, list[str]]]:
    for line in table.strip().splitlines():
        mood, words = line.split("|")
        yield mood.strip(), [word.strip() for word in words.split(",")]


def more_mood_words() -> dict[str, str]:
    """Return more words for moods with the mood each stands for.

    >>> more_mood_words()["😢"], more_mood_words()["悠扬"]
    ('sad', 'calm')
    """
    return {word: mood for mood, words in _rows(_SAID) for word in words}


def scene_words() -> dict[str, str]:
    """Return every word for a scene with the mood it lends.

    >>> scene_words()["雨夜"]
    'melancholic'
    """
    return {word: mood for mood, words in _rows(SCENES) for word in words}
