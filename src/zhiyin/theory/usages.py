# ruff: noqa: E501 - word tables keep one row a line
"""Usages: what music is for, such as a battle, a shop opening or a fifteen-second spot.

Conventions: names are snake_case English; a usage may lend a mood and a style where none is named.
This module does not know what music fits a usage: see `zhiyin.fill.norms`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Usage:
    """A use of music: its names, and the mood and style it lends ("" for none)."""

    name: str
    zh: str
    mood: str = ""
    style: str = ""
    aliases: tuple[str, ...] = ()


def _row(line: str) -> Usage:
    name, zh, mood, style, aliases = (cell.strip() for cell in line.split("|"))
    words = tuple(word.strip() for word in aliases.split(",") if word.strip())
    return Usage(name, zh, mood, style, words)


# name | zh | mood | style | aliases
_TABLE = """
battle | 战斗 | tense | | battle, battles, war, battle music, battle theme, battle scene, combat, combat music, fight, fight scene, fight music, fighting, 战斗音乐, 战斗曲, 打斗, 打斗场面, 对战, 战斗场景, 战争, 战场, war scene, battlefield, 厮杀, 决斗, duel
boss_battle | 头目战 | tense | | boss, boss fight, boss battle, boss theme, boss music, final boss, boss战, boss 战, 关底, 首领战, 最终boss, 魔王战, 大魔王, boss曲, boss关
chase | 追逐 | tense | | chase, chase scene, car chase, pursuit, 追逐戏, 追车, 追击, 追逃, 逃跑, 逃亡
stealth | 潜行 | tense | | stealth, sneaking, stealth mission, 潜入
exploration | 探索 | | | exploration, exploring, exploration music, exploration theme, overworld, 探险, 探索音乐, 大地图, 野外探索, 世界地图
menu | 菜单 | | | main menu, menu screen, menu music, menu theme, game menu, 主菜单, 菜单界面, 菜单音乐, 选单
title_screen | 标题画面 | | | title screen, title theme, title music, login screen, 标题界面, 开始界面, 登录界面, 启动画面, 片名
loading | 加载 | | | loading screen, 加载界面, 加载画面, 读条
victory | 胜利 | triumphant | | victory fanfare, victory theme, victory screen, win screen, level complete, 胜利音乐, 通关, 过关, 获胜, 胜利画面
game_over | 游戏结束 | sad | | game over, defeat, defeat screen, 失败画面, 战败, 失败音效
credits | 片尾 | nostalgic | | end credits, credits roll, credit roll, closing credits, ending credits, 片尾曲, 片尾字幕, 片尾音乐, 演职员表, 字幕滚动
ending | 结局 | nostalgic | | ending theme, ending scene, ending music, 结局音乐, 结局曲, 大结局
opening | 片头 | | | opening theme, opening titles, opening credits, main title, opening music, 片头曲, 片头音乐, 开场曲, 开场音乐, 片头, 开幕式, opening ceremony
cutscene | 过场动画 | | | cutscene, cut scene, cinematic cutscene, 过场, 过场音乐, 剧情动画
village | 村庄 | calm | | village, village theme, town theme, town music, village music, peaceful village, 村庄音乐, 城镇音乐, 小镇, 村子, 新手村
dungeon | 地牢 | mysterious | | dungeon, dungeon theme, dungeon music, cave level, 地下城, 地牢音乐, 迷宫关卡, 副本
puzzle | 解谜 | thoughtful | | puzzle, puzzle game, puzzle level, puzzle music, 解谜游戏, 益智游戏, 谜题
racing | 赛车 | energetic | | racing, racing game, race track, car race, 赛车游戏, 竞速, 飙车
shop | 商店 | happy | | shop music, store music, shop theme, item shop, 商店音乐, 店铺, 超市, 商场, 购物, shopping, shopping mall, mall, supermarket
shop_opening | 开业 | festive | | shop opening, store opening, grand opening, opening of a shop, opening of our shop, opening of my shop, opening of a store, ribbon cutting, 开业庆典, 新店开业, 店铺开业, 开张, 开业典礼, 店庆, 剪彩, 小店开业, 商场开业, 餐厅开业
lullaby | 摇篮曲 | calm | lullaby | bedtime song, bedtime music, 哄睡, 哄宝宝睡觉, 哄孩子睡觉, 宝宝睡觉
wedding | 婚礼 | romantic | | wedding, wedding ceremony, wedding march, bridal, bride, 婚礼进行曲, 婚宴, 结婚, 新娘入场, 婚庆, 婚礼现场, 求婚, proposal scene, wedding video, 婚纱
funeral | 葬礼 | sad | | funeral, memorial service, burial, 追悼会, 告别式, 追思会, 悼念
birthday | 生日 | happy | | birthday party, birthday song, birthday, 生日会, 生日派对, 生日歌, 生日聚会
graduation | 毕业 | nostalgic | | graduation ceremony, graduation, 毕业典礼, 毕业季, 毕业晚会
ad | 广告 | bright | | ad, ads, advert, advertisement, commercial, commercials, tv spot, tv commercial, ad spot, spot, radio spot, promo, promo video, product video, promotional video, brand film, ad music, 广告片, 广告曲, 广告音乐, 广告配乐, 宣传片, 推广视频, 产品视频, 促销, 商业广告, 品牌片, 电视广告
jingle | 广告歌 | happy | | jingle, jingles, audio logo, sonic logo, logo sting, sting, stinger, 音频标识, 声音标志, 音效标识
trailer | 预告片 | heroic | | trailer, movie trailer, game trailer, teaser, 预告, 电影预告片, 游戏预告片, 预告片配乐
podcast | 播客 | | | podcast intro, podcast theme, podcast outro, podcast music, podcast, 播客片头, 播客开场, 播客配乐, 电台, radio show
vlog | 视频博客 | happy | | vlog music, vlog, travel vlog, 旅行vlog, 短视频, 短视频配乐, youtube video, youtube intro, tiktok, 抖音, b站视频, 旅行视频, travel video, 视频背景音乐
news | 新闻 | | | news, news intro, news theme, news broadcast, 新闻片头, 新闻联播, 新闻节目
documentary | 纪录片 | | | documentary, nature documentary, 纪录片配乐, 自然纪录片
presentation | 演示 | bright | | corporate video, corporate, slideshow, business presentation, 企业宣传, 企业宣传片, 幻灯片, 公司年会, 年会, 产品发布会, 发布会, product launch
study | 学习 | thoughtful | | study, studying, study music, study session, focus music, concentration, homework, for studying, 学习音乐, 自习, 写作业, 看书, 读书时, 学习时, 背书, 备考
work | 工作 | thoughtful | | working, coding, office, for work, work music, 办公, 办公室, 写代码, 编程, 上班, 加班
sleep | 睡眠 | calm | | sleep, sleeping, sleep music, bedtime, fall asleep, falling asleep, insomnia, 助眠, 助眠音乐, 入睡, 睡前, 睡觉, 失眠, 催眠
meditation | 冥想 | calm | | meditation, meditation music, meditating, mindfulness, for meditation, 冥想音乐, 冥想, 打坐, 禅修, 静坐, 正念
yoga | 瑜伽 | calm | | yoga class, yoga music, yoga, pilates, 瑜伽课, 瑜伽音乐, 普拉提
spa | 水疗 | calm | | spa, massage, spa music, 按摩, 美容院, 足疗
workout | 健身 | energetic | | gym, workout, workout music, exercise, fitness, training montage, aerobics, 健身房, 锻炼, 运动, 健身操, 训练, 健身音乐, zumba
square_dance | 广场舞 | energetic | | plaza dance, public square dancing, 广场舞曲, 广场舞音乐
running | 跑步 | energetic | | running, jogging, running music, marathon, for running, 慢跑, 晨跑, 夜跑, 马拉松, 跑步音乐
sports | 体育 | energetic | | sports event, stadium, sports day, football match, basketball game, 体育赛事, 运动会, 球赛, 篮球赛, 足球赛, 比赛入场
party | 派对 | energetic | | party, party music, dance party, club night, house party, 聚会, 派对音乐, 蹦迪, 夜店, nightclub, 轰趴, 舞会
cafe | 咖啡馆 | thoughtful | | cafe, coffee shop, coffeehouse, coffee house, café, cafe music, 咖啡厅, 咖啡店, 咖啡馆音乐, 奶茶店, 茶馆, tea house, 书店, bookshop, bookstore
restaurant | 餐厅 | warm | | restaurant, dinner, dinner party, dinner music, fine dining, restaurant, 晚餐, 饭店, 西餐厅, 用餐, 火锅店
bar | 酒吧 | confident | | cocktail bar, lounge bar, cocktail party, pub, 清吧, 酒吧音乐, 酒馆, tavern
hotel | 酒店 | calm | | hotel, hotel lobby, lobby, 酒店大堂, 大堂
elevator | 电梯 | calm | | elevator, elevator music, lift music, 电梯, 电梯音乐, 电梯里
driving | 开车 | energetic | | road trip, driving music, night drive, car ride, 自驾, 兜风, 公路旅行, 夜间驾驶, 开车听
background | 背景音乐 | | | background music, bgm, underscore, background track, background score, background, 配景, 背景, 背景乐, 垫乐, 垫底音乐
ringtone | 铃声 | | | ringtone, alarm tone, notification, notification sound, phone ringtone, alarm, 手机铃声, 闹钟, 闹铃, 提示音, 来电铃声
hold_music | 等待音乐 | calm | | hold music, on hold, telephone hold, 电话等待, 彩铃, 候机
ceremony | 典礼 | majestic | | award ceremony, awards, prize giving, coronation, 颁奖, 颁奖典礼, 升旗, 升旗仪式, 入场式, 仪式, 阅兵
church | 教堂 | majestic | | church service, church, worship service, sunday service, 礼拜, 教会
school | 学校 | bright | | school, school play, classroom, music class, first grade music class, first grade, music lesson, 音乐课, 数学课, 语文课, 英语课, 上课, kindergarten, preschool, 幼儿园, 课间, 课堂, 校园, 早教, 放学, 上课铃, 眼保健操
christmas | 圣诞 | festive | | christmas, xmas, christmas party, 圣诞节, 平安夜
new_year | 新年 | festive | | chinese new year, new year, lunar new year, spring festival, new year's eve, 春节, 过年, 除夕, 新春, 元旦, 拜年, 跨年
halloween | 万圣节 | scary | | halloween, halloween party, 万圣夜
mid_autumn | 中秋 | nostalgic | | mid-autumn festival, moon festival, 中秋节, 赏月
valentine | 情人节 | romantic | | valentine's day, valentines day, valentine, 七夕, 七夕节, 情人节礼物
travel | 旅行 | hopeful | | travel, travelling, traveling, journey, 旅行音乐, 旅途, 旅游
love_scene | 爱情戏 | romantic | | love scene, love theme, kiss scene, 爱情主题, 吻戏, 告白, 表白, confession scene
sad_scene | 悲情戏 | sad | | death scene, farewell scene, breakup scene, 离别戏, 生离死别, 哭戏, 诀别
horror | 恐怖片 | scary | | horror movie, horror film, horror game, horror scene, jump scare, 恐怖游戏, 鬼片, 惊悚片, 恐怖电影
cartoon | 动画片 | playful | | cartoon, animation, anime opening, cartoon chase, 卡通, 动画, 动漫, 卡通片
game | 游戏 | | game | for a game, rpg, mobile game, platformer, indie game, jrpg, 手游, 网游, 像素游戏, 横版过关, 角色扮演游戏, 独立游戏, 小游戏
film | 电影 | | film | movie scene, film scene, short film, movie, tv series, tv show, 微电影, 短片, 影片, 电视剧, 剧集, 影视, 网剧
theatre | 戏剧 | | | stage play, theatre play, theater, 话剧, 舞台剧, 皮影戏
warm_up | 暖场 | warm | | warm up music, pre show, pre show music, before the show, opening act, 暖场音乐, 开场前, 候场, 候场音乐
dance_class | 舞蹈课 | | | dance class, ballet class, ballet, dance performance, 舞蹈课, 芭蕾, 芭蕾舞, 芭蕾课, 舞蹈表演, 编舞
livestream | 直播 | | | livestream, live stream, twitch stream, stream starting, streaming, 直播间, 开播
museum | 博物馆 | thoughtful | | museum, exhibition, gallery, 美术馆, 展览, 画展
waiting_room | 候诊室 | calm | | waiting room, hospital, dentist, 医院, 候车室, 等候区
"""
USAGES: dict[str, Usage] = {usage.name: usage for usage in map(_row, _TABLE.strip().splitlines())}


@cache
def usage_words() -> dict[str, str]:
    """Return every word for a usage in lower case with the usage it stands for; bare names that mean more are none.

    >>> usage_words()["新店开业"], usage_words()["boss fight"]
    ('shop_opening', 'boss_battle')
    """
    return {alias: usage.name for usage in USAGES.values() for alias in (usage.zh, *usage.aliases)}
