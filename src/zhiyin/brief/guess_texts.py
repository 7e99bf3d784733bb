# ruff: noqa: E501 - word tables keep one row a line
"""Phrases that speak of a mood or a style without naming it, to train the guess with.

Conventions: a row is `name | phrases`, English and Chinese, written for this project; frames wrap a phrase.
This module trains nothing: see `scripts/train_brief_guess.py`.
"""

from __future__ import annotations

MOOD_PHRASES = """
happy | puts a smile on my face, everything is going right today, like winning the lottery, skipping down the street, makes you want to whistle along, the best day ever, grinning from ear to ear, over the moon, on cloud nine, walking on air, 让人忍不住笑出来, 心里像吃了蜜, 一蹦一跳, 合不拢嘴, 美滋滋, 笑容满面, 像中了大奖, 乐开了花, 心花怒放, 手舞足蹈
sad | makes me want to cry, my heart is breaking, after losing someone dear, weeping in an empty room, the end of everything we had, a heavy heart, grieve for her, nothing left to live for, when she left me, eyes full of water, 让人想哭, 眼眶湿润, 心里堵得慌, 失去了最爱的人, 心如刀割, 痛彻心扉, 鼻子一酸, 泪流满面, 再也见不到他了, 心都碎了
calm | nothing moves and nobody hurries, like breathing slowly, let all worries go, floating on still water, a lazy sunday, letting the mind rest, put me to rest, no stress at all, easy and slow like a hammock, quieten my nerves, 什么都不用想, 慢慢呼吸, 让心沉下来, 像躺在云上, 没有烦恼, 懒洋洋地晒太阳, 让人静下来, 心如止水, 微风拂面, 放空自己
energetic | makes me want to jump, full throttle, adrenaline rush, get everyone on their feet, let's go go go, impossible to sit still, wake everyone up, turn it up to eleven, non-stop action, pump me up, 停不下来, 让人想跳起来, 全场沸腾, 浑身是劲, 冲啊, 点燃全场, 气氛要起来, 跟着一起摇, 满满的能量, 嗨翻天
tense | something bad is about to happen, the bomb is ticking, holding my breath, on the edge of the seat, someone is following me, seconds before the crash, time is running out, hands are shaking, sweating before the verdict, walls closing in, 大气不敢出, 手心冒汗, 一触即发, 千钧一发, 有人跟踪我, 时间不多了, 快要来不及了, 心提到嗓子眼, 步步紧逼, 山雨欲来
scary | hair stands on end, a monster under the bed, alone in the old asylum, footsteps behind the door, chills down my spine, blood on the wall, a doll that moves by itself, screams in the dark hallway, something is in the basement, do not turn around, 背后发凉, 头皮发麻, 床底下有东西, 半夜敲门声, 让人不敢回头, 冷汗直冒, 老宅里的脚步, 鸡皮疙瘩, 阴魂不散, 吓得发抖
romantic | candlelight for two, slow dance with you, holding hands under the stars, the first kiss, my darling, a proposal on the balcony, whispering in your ear, just the two of us, falling for someone, butterflies in my stomach, 烛光晚餐, 心动的感觉, 牵着你的手, 第一次吻, 亲爱的你, 两个人的世界, 小鹿乱撞, 靠在你肩上, 含情脉脉, 非你不嫁
hopeful | light at the end of the tunnel, tomorrow will be better, never give up, the clouds are parting, a fresh start, we will make it, keep going and you get there, rise again after falling, things are looking up, wings to fly, 明天会更好, 黑暗尽头的光, 永不放弃, 重新开始, 乌云散去, 总会好起来, 跌倒了再爬起来, 向着未来出发, 看见曙光, 一定能行
nostalgic | the good old days, flipping through an old album, when we were kids, grandma's kitchen, letters in a drawer, the street where I grew up, years gone by, back in those days, the smell of my old school, yellowed pictures, 小时候的味道, 翻看旧相册, 那年夏天, 外婆的厨房, 回不去的从前, 老屋门前, 抽屉里的信, 泛黄的照片, 当年的我们, 逝去的日子
heroic | charging into the enemy lines, the army marches at daybreak, save the world, a knight raises his sword, standing tall against all odds, the legend returns, fight for glory, the gates of the kingdom open, carry the flag up the hill, defend the city to the last man, 千军万马, 拯救世界, 骑士拔剑, 冲锋陷阵, 誓死守城, 王者归来, 保家卫国, 一骑当千, 旌旗猎猎, 铁血男儿
mysterious | what lies behind the curtain, nobody knows where she came from, an unsolved case, a code in an old book, fog over the harbour, a secret door in the library, ancient symbols on the stone, footprints that lead nowhere, a riddle without an answer, strange lights over the hill, 没人知道真相, 暗门之后, 古老的符号, 解不开的密码, 迷雾中的身影, 不为人知的过去, 奇怪的光, 尘封的档案, 谜底未解, 雾里看花
lonely | nobody to talk to, the last person on earth, an empty chair at the table, everyone has gone home, no messages on my phone, eating dinner for one, a lighthouse keeper far from anyone, no one remembers my name, talking to my shadow, strangers pass and no one looks, 没有人说话, 空荡荡的房间, 无人问津, 手机没有消息, 人都走光了, 对着影子说话, 没人记得我, 一双筷子一只碗, 街上没有一个熟人, 谁也不在身边
angry | smash everything, I've had enough, fists clenched, slam the door, burn it all down, betrayed and out for revenge, screaming at the world, boiling blood, teeth grinding, you lied to me, 砸烂一切, 受够了, 拳头紧握, 摔门而去, 咬牙切齿, 复仇, 烧成灰, 你骗了我, 血往上涌, 忍无可忍
playful | a kitten chasing yarn, tiptoeing around to play a prank, bubbles and jellybeans, a clumsy penguin, hide and seek in the garden, wink wink, monkey business, ducks in a row waddling, a toy robot that trips, pulling faces in the mirror, 小猫追毛线球, 恶作剧, 躲猫猫, 企鹅摔跤, 挤眉弄眼, 泡泡糖, 捣蛋鬼, 扮鬼脸, 玩具总动员那样, 小丑鱼
"""
STYLE_PHRASES = """
jazz | a smoky club at 2 am, a trumpet player in a fedora, harlem in the twenties, whisky and a double bass, improvised over a walking line, blue notes and ride cymbal, 烟雾缭绕的地下酒馆, 三十年代的上海歌厅, 即兴的萨克斯手, 威士忌和礼帽, 纽约哈林区, 蓝音
rock | power chords and a screaming solo, long hair and amplifiers, garage with my mates and loud amps, stadium full of headbangers, leather jackets and a motorbike, three chords and the truth, 长发和音箱, 皮衣机车, 嘶吼的电箱琴, 地下车库里排练, 音箱开到最大, 摔琴
chinese | a swordsman in the bamboo grove, ink painting of misty mountains, tea house by west lake, silk road caravans from chang'an, lanterns over the palace wall, a poem by li bai, 江湖侠客, 水墨山水, 长安城的灯火, 西湖断桥, 青石板和油纸伞, 李白醉酒, 大漠孤烟, 红墙宫灯, 折扇与茶, 诗酒年华
classical | powdered wigs and a viennese salon, a concert hall in black tie, the conductor raises the baton, a sonata form with development, eighteenth century court, chandelier ballroom, 维也纳音乐厅, 指挥家举起指挥棒, 十八世纪的宫廷, 水晶吊灯下的舞会, 燕尾服, 金色大厅
electronic | lasers and strobe lights, a four to the floor kick, drop the needle in berlin at 5 am, robots on the dance floor, sequenced machines pulsing, side-chained saw waves, 激光和频闪灯, 机器人跳舞, 凌晨五点的柏林夜场, 脉冲机器声, 打碟, 锯齿波
hiphop | spitting bars on the corner, a boombox in the bronx, mc battles in the park, sneakers and gold chains, turntables and breakdancers, freestyle cypher, 街头斗舞, 地下八英里, 金链子和球鞋, 即兴押韵, 麦克风对战, 涂鸦墙边
folk | sitting round a campfire with six strings, a troubadour on a village green, wheat fields and a wooden porch, a storyteller with one acoustic, harvest time in the countryside, walking the old dirt road, 围着篝火弹唱, 麦田边的木屋, 一把木琴走四方, 乡间小路, 校园草坪上弹唱, 山坡上放羊
ambient | endless textures without a beat, glaciers drifting, music for airports, clouds of sound that never resolve, a slow wash of tone, breathing tones in a dark room, 没有节拍的声音云, 冰川漂移, 漫无边际的长音, 机场候机厅的声音, 缓慢的声浪, 持续的音色
metal | double kick and growled screams, headbanging in a mosh pit, down-tuned riffs like a chainsaw, demons and fire on stage, corpse paint and pyro, blast beats, 双踩轰鸣, 黑嗓咆哮, 电锯般的失真, 死墙冲撞, 地狱火焰, 骷髅
lofi | dusty tape loop and rain on the window, homework at 2 am with headphones, a cat asleep on the desk, sleepy drums and a worn cassette, a bedroom producer's mellow beat, anime girl writing notes, 窗外雨声和旧磁带, 深夜写字台, 猫睡在桌上, 耳机里的慵懒鼓点, 卡带沙沙声, 台灯下
latin | a hot night in havana, dancers in red dresses, carnival in rio, spicy congas and a horn line, a street party in cartagena, mojitos and hips swinging, 哈瓦那的夜, 红裙舞者, 里约狂欢节, 热辣的扭腰, 莫吉托, 街头舞者
cinematic | a spaceship rises over the planet, the camera sweeps over mountains, slow motion before the final charge, widescreen landscapes, the hero walks away from the explosion, opening shot of a blockbuster, 镜头掠过群山, 飞船升空, 慢动作冲锋, 宽银幕, 主角走出火海, 大场面开场
children | abc and counting to ten, for toddlers at nursery, little hands clapping, teddy bears picnic, a puppet show for four-year-olds, twinkle little star style, 幼儿园小朋友拍手, 数一到十, 小熊过家家, 给三岁孩子, 小手拍拍, 木偶戏
country | a pickup truck and a dusty road, boots and a cowboy hat, beer on the tailgate in tennessee, my horse and my hound dog, honky tonk saturday night, nashville porch, 皮卡和尘土飞扬的路, 牛仔帽和靴子, 田纳西的酒吧, 农场黄昏, 骑马回家, 纳什维尔
"""
FRAMES = ("{}", "something like {}", "music that feels like {}", "i want {}", "{}, please", "a piece: {}", "make it feel like {}",
          "{}的感觉", "像{}那样", "我想要{}的音乐", "写一首{}", "来一段{}", "{}，就是这种", "听起来{}")  # fmt: skip
# Texts that say nothing of mood or style.
NEUTRAL = (
    "80 bpm", "32 bars in c major", "piano and violin", "a song", "一首曲子", "钢琴和小提琴", "两分钟", "每分钟八十拍", "make it two minutes long",
    "for my friend", "送给朋友", "something", "随便来一首", "in 3/4", "三拍子", "no drums", "不要鼓", "with a long intro", "前奏长一点", "about my cat",
    "关于我的家乡", "use strings", "用弦乐", "for our school", "key of g", "g大调", "loopable", "可以循环", "make me a tune", "写一段旋律",
    "the file should be midi", "导出成文件", "four players", "四件乐器", "nothing too long", "别太长", "the usual", "照旧", "whatever you like", "你决定",
    "thanks", "谢谢", "hello", "你好", "as before", "和上次一样", "an interesting harmony", "和声有意思一点", "for a video about cooking", "给做菜视频配",
)  # fmt: skip


def rows(table: str) -> dict[str, list[str]]:
    """Return the phrases of each name in a table.

    >>> len(rows(MOOD_PHRASES)["sad"])
    20
    """
    found: dict[str, list[str]] = {}
    for line in table.strip().splitlines():
        name, phrases = line.split("|")
        found[name.strip()] = [phrase.strip() for phrase in phrases.split(",")]
    return found
