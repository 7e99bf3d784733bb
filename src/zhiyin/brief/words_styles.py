# ruff: noqa: E501 - word tables keep one row a line
"""Styles as people name them: finer names beside the styles that are written.

Conventions: a row is `said | style | words`; `said` is a snake_case name, or `usage:x` / `player:x` where the words
say a use or players rather than a style; `style` is a name of `zhiyin.theory.style_words`.
This module does not read sentences.
"""

from __future__ import annotations

from functools import cache

from zhiyin.theory.style_words import style_words

# said | style | words
_FINER = """
guochao | chinese | 国潮, 国潮风, 新国风, guochao
chinese_traditional | chinese | 中国风, 国风, 古风, 民乐, 国乐, 中国风格, 中国民乐, 中国传统, 中式, 中华风, 东方韵味, 东方风, 仿古, 武侠, 武侠风, 仙侠, 仙侠风, chinese traditional, traditional chinese, chinese style, chinese music, chinese folk, chinese, chinese traditional music, guofeng, oriental
pentatonic | chinese | chinese pentatonic, pentatonic chinese, 中国五声, 五声
jiangnan | jiangnan | jiangnan, jiangnan sizhu, silk and bamboo, 江南, 江南丝竹, 江南小调, 丝竹, 江南水乡, 苏州评弹, 评弹
cantonese_music | jiangnan | cantonese music, 广东音乐
peking_opera | chinese | peking opera, beijing opera, 京剧, 京剧风, 京韵, 皮黄, 戏曲, 戏曲风, 戏腔
kunqu | chinese | kunqu, 昆曲
court_music | chinese | 雅乐, 清乐, 清商乐, 燕乐, 宫廷音乐, 宫廷乐, 宫廷风
huangmei_opera | chinese | 黄梅戏
yue_opera | chinese | 越剧, 粤剧
qinqiang | chinese | 秦腔
shaanbei_folk | chinese | 信天游, 陕北民歌, 陕北风, 西北风, 黄土高原风, 花儿民歌
mongolian | chinese | mongolian, mongolian folk, 蒙古, 蒙古族, 蒙古风, 草原风, 草原歌, 呼麦, throat singing
tibetan | chinese | tibetan, 藏族, 藏歌, 藏风, 西藏风
uyghur | chinese | uyghur, xinjiang, 新疆风, 新疆舞曲, 维吾尔, 西域风, 西域
lion_dance | chinese | lion dance, 舞狮, 秧歌, 喜庆锣鼓
folk | folk | folk, folk song, folk tune, folk music, folksong, 民谣, 民歌, 乡谣, 山歌, 民间小调
pastoral | folk | pastoral, pastoral song, pastorale, 牧歌, 田园, 田园风, 田园曲
urban_folk | folk | urban folk, 城市民谣, 都市民谣, 校园民谣
indie_folk | folk | indie folk, acoustic folk
acoustic | folk | acoustic, unplugged, 不插电, 原声风格
sea_shanty | folk | sea shanty, sea shanties, shanty, 水手歌, 船夫号子, 号子
celtic | celtic | celtic, celtic music, irish, scottish, 凯尔特, 凯尔特音乐, 爱尔兰, 苏格兰, 爱尔兰风
jig | celtic | jig, jigs, folk jig, irish jig, 吉格舞曲
reel | celtic | reel, reels, folk reel, strathspey, 里尔舞曲
nordic | folk | nordic, scandinavian, 北欧, 北欧风
viking | folk | viking, vikings, 维京
russian | folk | russian, russian folk, 俄罗斯, 俄式, 俄罗斯民歌
balkan | folk | balkan, 巴尔干
klezmer | folk | klezmer, 克莱兹默
gypsy | folk | gypsy, romani, 吉普赛, 吉卜赛
greek | folk | greek, 希腊
italian | folk | neapolitan, 那不勒斯
hawaiian | folk | hawaiian, 夏威夷, 夏威夷风
african | folk | african, afro, 非洲, 非洲风, 非洲音乐, 部落, tribal
arabic | folk | arabic, arabian, middle eastern, 阿拉伯, 中东, 阿拉伯风, 中东风
turkish | folk | turkish, ottoman, 土耳其
persian | folk | persian, 波斯
indian | folk | indian, raga, indian classical, hindustani, carnatic, 印度, 拉格, 印度风, 印度音乐
bollywood | pop | bollywood, 宝莱坞
japanese | folk | japanese, japanese style, japanese traditional, 和风, 日本风, 日式
korean | folk | korean traditional, 韩国传统
andean | folk | andean, peruvian, 安第斯
thai | folk | thai traditional, 泰国风
world | folk | world music, ethnic, 世界音乐, 民族风, 异域, 异域风情, 异国, 异国风情
country | country | country, country music, 乡村, 乡村音乐, 乡村风
bluegrass | country | bluegrass, hillbilly, 蓝草, 蓝草音乐
americana | country | americana
western | film | wild west, spaghetti western, western film, 西部片, 西部风, 西部牛仔, 牛仔
pop | pop | pop, pop song, pop music, 流行, 流行歌, 流行曲, 流行音乐, 流行歌曲, 流行风
mandopop | pop | mandopop, c pop, cpop, chinese pop, 华语流行, 华语
cantopop | pop | cantopop, 粤语流行, 粤语歌, 港乐, 港风
kpop | pop | k pop, kpop, korean pop, 韩流, 韩国流行
jpop | pop | j pop, jpop, japanese pop, 日系流行, 日系, 日本流行
city_pop | synthpop | city pop, citypop, 城市流行
indie_pop | pop | indie pop, bedroom pop, dream pop, 独立流行, 梦幻流行
indie | rock | indie, indie music, 独立音乐
indie_rock | rock | indie rock, 独立摇滚
bubblegum_pop | pop | bubblegum pop
electropop | synthpop | electropop, electro pop, 电子流行
synthpop | synthpop | synthpop, synth pop, 合成器流行, 合成流行
ballad | ballad | ballad, ballads, slow song, 抒情歌, 抒情歌曲, 抒情慢歌, 慢歌, 抒情曲, 抒情慢板, 情歌, love song, love songs, 苦情歌
rock | rock | rock, rock song, rock music, rock and roll, rock'n'roll, rock n roll, 摇滚, 摇滚乐, 摇滚风
hard_rock | metal | hard rock, 硬摇滚
alternative_rock | rock | alternative rock, alt rock, 另类摇滚, 另类
grunge | rock | grunge, 油渍摇滚
post_rock | rock | post rock, 后摇, 后摇滚
math_rock | rock | math rock, 数学摇滚, 数摇
progressive_rock | rock | progressive rock, prog rock, prog, 前卫摇滚
psychedelic | rock | psychedelic, psychedelic rock, psychedelia, 迷幻摇滚, 迷幻
shoegaze | rock | shoegaze, 自赏, 盯鞋
folk_rock | rock | folk rock, 民谣摇滚
surf_rock | rock | surf rock, surf, 冲浪摇滚
rockabilly | rock | rockabilly, 山地摇滚
soft_rock | rock | soft rock, 软摇滚
emo | punk | emo, 情绪摇滚
punk | punk | punk, punk rock, 朋克
pop_punk | punk | pop punk, 流行朋克
metal | metal | metal, heavy metal, 金属, 重金属, 金属乐
death_metal | metal | death metal, 死亡金属
black_metal | metal | black metal, 黑金属, 黑金
symphonic_metal | metal | symphonic metal, power metal, 交响金属
metalcore | metal | metalcore, djent, 金属核
jazz | jazz | jazz, jazz music, jazzy, 爵士, 爵士乐, 爵士风, 爵士风格
bebop | jazz | bebop, hard bop, bop, 比波普, 比博普
cool_jazz | jazz | cool jazz, 冷爵士
smooth_jazz | jazz | smooth jazz, 柔爵士, 柔和爵士
free_jazz | jazz | free jazz, 自由爵士
latin_jazz | latin | latin jazz, 拉丁爵士
acid_jazz | jazz-fusion | acid jazz, nu jazz, 酸爵士
gypsy_jazz | jazz | gypsy jazz, manouche, 吉普赛爵士
dixieland | swing | dixieland, new orleans jazz, 迪克西兰, 新奥尔良爵士
jazz_fusion | jazz-fusion | jazz fusion, fusion, 融合爵士, 爵士融合, 融合乐
swing | swing | swing, swing jazz, electro swing, 摇摆乐, 摇摆爵士, 摇摆
big_band | swing | big band, 大乐队, 大乐团爵士
bossa_nova | bossa-nova | bossa nova, bossa, 波萨诺瓦, 巴萨诺瓦, 波萨诺伐, 波沙诺瓦
ragtime | ragtime | ragtime, rag, rags, 拉格泰姆, 散拍
stride | ragtime | stride piano, stride
boogie_woogie | blues | boogie woogie, boogie, 布吉伍吉
blues | blues | blues, blues music, twelve bar blues, 12 bar blues, 布鲁斯, 蓝调, 十二小节布鲁斯
delta_blues | blues | delta blues
soul | soul | soul, soul music, motown, 灵魂乐
neo_soul | soul | neo soul, neosoul, 新灵魂乐
rnb | soul | r&b, rnb, r and b, rhythm and blues, 节奏布鲁斯
gospel | soul | gospel, gospel music, 福音, 福音音乐
funk | funk | funk, funky, funk music, 放克, 放克音乐
disco | funk | disco, nu disco, 迪斯科, 的士高
afrobeat | funk | afrobeat, afrobeats, amapiano, 非洲节拍
hiphop | hiphop | hip hop, hiphop, rap, rap music, 嘻哈, 说唱, 嘻哈音乐, 说唱音乐
boom_bap | hiphop | boom bap, old school hip hop, 老派嘻哈
trap | trap | trap, trap music, trap beat, 陷阱, 陷阱音乐, 陷阱说唱
drill | trap | drill, uk drill
phonk | trap | phonk, drift phonk
trip_hop | lofi | trip hop, triphop
lofi | lofi | lofi, lo fi, 低保真, 洛菲
latin | latin | latin, latin music, 拉丁, 拉丁音乐, 拉丁风
salsa | latin | salsa, 萨尔萨, 莎莎
samba | latin | samba, 桑巴
rumba | latin | rumba, 伦巴
mambo | latin | mambo, 曼波
cha_cha | latin | cha cha, cha cha cha, 恰恰, 恰恰恰
merengue | latin | merengue, 梅伦格
bachata | latin | bachata, 巴恰塔
cumbia | latin | cumbia, 昆比亚
reggaeton | latin | reggaeton, 雷鬼顿
mariachi | latin | mariachi, mexican, 墨西哥
flamenco | guitar | flamenco, 弗拉门戈, 弗拉明戈
spanish | guitar | spanish, 西班牙风, 西班牙
fado | song | fado, 法多
tango | tango | tango, tangos, argentine tango, 探戈
milonga | tango | milonga, 米隆加
habanera | tango | habanera, 哈巴涅拉
reggae | reggae | reggae, 雷鬼, 雷鬼音乐
ska | reggae | ska, 斯卡
dub | reggae | dub
dancehall | reggae | dancehall
calypso | reggae | calypso, caribbean, 卡里普索, 加勒比
electronic | electronic | electronic, electronic music, electronica, electro, 电子, 电子乐, 电子音乐, 电音
edm | edm | edm, electronic dance, electronic dance music, dance music, 电子舞曲, 电舞
dance | edm | dance track, dance tune, dance pop, club music, 舞曲, 舞曲音乐
trance | edm | trance, psytrance, uplifting trance, 迷幻舞曲, 出神音乐
dubstep | edm | dubstep, brostep, 回响贝斯
drum_and_bass | electronic | drum and bass, drum & bass, drum'n'bass, drum n bass, dnb, d&b, jungle music, liquid dnb, 鼓打贝斯
future_bass | edm | future bass, 未来贝斯
hardstyle | techno | hardstyle, gabber, hardcore techno
breakbeat | electronic | breakbeat, big beat, breaks
garage | house | uk garage, 2 step, garage house
acid_house | house | acid house, acid techno, 酸性浩室, 酸浩室
house | house | house, house music, deep house, 浩室, 浩室舞曲, 浩室音乐
tropical_house | house | tropical house, 热带浩室
techno | techno | techno, techno music, 铁克诺, 泰克诺, 科技舞曲
industrial | techno | industrial, ebm, 工业, 工业风, 工业音乐
idm | electronic | idm, glitch, 故障电子
eurodance | edm | eurodance, eurobeat, italo disco, 欧陆节拍
chillout | ambient | chillout, chill out, chill music, downtempo, 弛放, 弛放音乐, 慢摇
chillhop | lofi | chillhop
synthwave | synthwave | synthwave, retrowave, outrun, darksynth, 合成器浪潮, 复古浪潮
vaporwave | synthwave | vaporwave, 蒸汽波
cyberpunk | synthwave | cyberpunk, 赛博朋克, 赛博
ambient | ambient | ambient, ambient music, 氛围, 氛围音乐, 环境音乐, 氛围乐
dungeon_synth | ambient | dungeon synth, 地牢合成器
soundscape | ambient | soundscape, soundscapes, 声景, 音景
drone | ambient | drone music, 持续音音乐
new_age | new-age | new age, 新世纪, 新世纪音乐, 新纪元
easy_listening | new-age | easy listening, light music, 轻音乐
lounge | jazz | lounge, lounge music, 沙发音乐, 酒廊
chiptune | chiptune | chiptune, chiptunes, chip music, chip tune, chip tunes, 8 bit, 8bit, 8 bit music, 16 bit, 16bit, nes style, gameboy, 芯片音乐, 8位音乐, 8位, 8位机, 八位, 八位机, 八位音乐, 8位机音乐, 八位机音乐, 红白机, 红白机音乐, 8bit音乐, 像素风
classical | classical | classical, classical music, viennese classical, classic style, 古典, 古典音乐, 古典风格, 古典主义
neoclassical | classical | neoclassical, neo classical, modern classical, 新古典, 新古典主义, 现代古典
contemporary_classical | classical | contemporary classical, 当代古典, 现代音乐
minimalism | classical | minimalism, minimal music, 简约主义, 极简主义
avant_garde | classical | avant garde, experimental, atonal, twelve tone, 先锋, 实验音乐, 实验, 无调性
impressionist | romantic-piano | impressionist, impressionism, impressionistic, 印象派, 印象主义
romantic_era | romantic-piano | romantic piano music, romantic era piano, romantic era, romantic piano, 浪漫主义钢琴, 浪漫派, 浪漫主义, 浪漫派钢琴
baroque | baroque | baroque, baroque music, 巴洛克, 巴洛克风格
renaissance | baroque | renaissance, 文艺复兴
medieval | folk | medieval, minstrel tune, 中世纪
gregorian_chant | choir | gregorian chant, plainchant, chant, 格里高利圣咏, 素歌
fugue | baroque | fugue, fugues, 赋格, 赋格曲
canon | baroque | canon form, 卡农
toccata | baroque | toccata, 托卡塔
invention | baroque | two part invention, 创意曲
suite | baroque | baroque suite, 组曲
gigue | gigue | gigue, gigues, 吉格
sarabande | sarabande | sarabande, sarabandes, 萨拉班德
gavotte | minuet | gavotte, 加沃特
bourree | minuet | bourree, bourrée, 布列舞曲
minuet | minuet | minuet, minuets, menuet, 小步舞曲
chaconne | baroque | chaconne, passacaglia, 恰空, 帕萨卡利亚
sonata | sonatina | sonata, sonatas, 奏鸣曲
sonatina | sonatina | sonatina, sonatinas, 小奏鸣曲
concerto | orchestral | concerto, concertos, 协奏曲
symphony | orchestral | symphony, symphonies, 交响曲
overture | orchestral | overture, 序曲
orchestral | orchestral | orchestral, symphonic, orchestral music, 管弦乐, 交响乐, 交响, 管弦, 管弦乐曲
player:orchestra | orchestral | orchestra, symphony orchestra, full orchestra, 管弦乐队, 管弦乐团, 交响乐团, 交响乐队
player:string_quartet | string-quartet | string quartet, string quartets, 弦乐四重奏
player:string_trio | chamber | string trio, 弦乐三重奏
player:brass_quintet | chamber | brass quintet, 铜管五重奏
player:wind_quintet | chamber | wind quintet, woodwind quintet, 木管五重奏
chamber | chamber | chamber, chamber music, trio, quintet, 室内乐, 三重奏, 五重奏, 重奏
nocturne | nocturne | nocturne, nocturnes, 夜曲, 夜想曲
prelude | prelude | prelude, preludes, 前奏曲
etude | etude | etude, etudes, étude, study piece, 练习曲
waltz | waltz | waltz, waltzes, valse, 圆舞曲, 华尔兹, 华尔滋
mazurka | mazurka | mazurka, mazurkas, 玛祖卡, 马祖卡, 玛祖卡舞曲
polonaise | polonaise | polonaise, polonaises, 波兰舞曲, 波洛奈兹
polka | polka | polka, polkas, 波尔卡, 波尔卡舞曲
bagatelle | bagatelle | bagatelle, bagatelles, 小品
serenade | classical | serenade, serenades, 小夜曲
divertimento | classical | divertimento, 嬉游曲
barcarolle | nocturne | barcarolle, barcarole, 船歌
rhapsody | romantic-piano | rhapsody, 狂想曲
impromptu | romantic-piano | impromptu, 即兴曲
fantasia | romantic-piano | fantasia, fantasy piece, 幻想曲
scherzo | romantic-piano | scherzo, 谐谑曲
intermezzo | romantic-piano | intermezzo, 间奏曲
variations | classical | theme and variations, 变奏曲
rondo | classical | rondo piece
tarantella | celtic | tarantella, 塔兰泰拉
csardas | folk | csardas, czardas, 查尔达什, 匈牙利舞曲
hymn | hymn | hymn, hymns, hymnal, church hymn, 赞美诗, 颂歌, 圣歌, 赞美歌
carol | hymn | carol, carols, christmas carol, christmas song, 圣诞颂歌, 圣诞歌
chorale | chorale | chorale, bach chorale, chorales, 众赞歌, 圣咏, 巴赫众赞歌, 四部和声
barbershop | choir | barbershop, barbershop quartet, 理发店和声, 理发店四重唱
a_cappella | choir | a cappella, acapella, 无伴奏合唱, 阿卡贝拉
choral | choir | choral, choral music, 合唱曲, 合唱音乐
motet | choir | motet, 经文歌
madrigal | choir | madrigal, madrigals, 无伴奏牧歌
requiem | choir | requiem, 安魂曲
mass | choir | mass setting, cantata, oratorio, 弥撒曲, 清唱剧, 康塔塔
worship | hymn | praise and worship, 敬拜
art_song | art-song | art song, lied, lieder, art songs, 艺术歌曲, 艺术歌
opera | art-song | opera, operatic, aria, 歌剧, 咏叹调
musical | song | musical theatre, musical theater, broadway, show tune, 音乐剧, 百老汇
cabaret | jazz | cabaret, vaudeville, burlesque, 卡巴莱
chanson | song | chanson, french chanson, 香颂, 法式香颂
march | march | march, marches, military march, 进行曲, 军乐, 军歌
fanfare | fanfare | fanfare, fanfares, 号角, 号角曲
anthem | march | anthem, national anthem, 国歌, 校歌, 赞歌
marching_band | march | marching band music, 行进乐
romantic_era | romantic-piano | 浪漫派钢琴
player:guitar | guitar | guitar piece, guitar music, 吉他曲
fingerstyle | guitar | fingerstyle, fingerpicking, finger picked, 指弹
drum_groove | drum-groove | drum groove, drum loop, 鼓律动, 鼓循环
player:drums | drum-groove | drum beat, drum solo, 鼓独奏
cinematic | cinematic | cinematic, 史诗影视, 影视氛围
cinematic | film | 电影感, 电影氛围, 电影质感
usage:trailer | cinematic | epic trailer, trailer music, 预告片音乐
epic_orchestral | cinematic | epic music, 史诗音乐
usage:film | film | film, film score, film music, soundtrack, movie music, movie score, score music, film scoring, ost, 影视配乐, 电影配乐, 电影音乐, 影视音乐, 影视原声, 电影原声
usage:lullaby | lullaby | lullaby, lullabies, cradle song, berceuse, 摇篮曲, 催眠曲, 安眠曲
usage:game | game | game, game music, video game, video games, video game music, game soundtrack, 游戏音乐, 游戏配乐, 游戏原声
children | children | children, nursery rhyme, nursery rhymes, children's song, children's songs, kids song, kids music, 儿歌, 童谣, 儿童歌曲, 少儿歌曲
circus | polka | circus, circus music, carnival music, 马戏团, 马戏
"""
# Two styles said in one breath: each is read by itself.
_APART = ("lofi hip hop", "低保真嘻哈", "pop ballad", "drone", "slow song")
# Words that say a player beside the style.
BESIDE: dict[str, str] = {"合成器流行": "synth", "合成器音乐": "synth"}


@cache
def finer_styles() -> dict[str, tuple[str, str]]:
    """Return every word for a style with the name it says and the style that is written.

    >>> finer_styles()["salsa"], finer_styles()["古风"]
    (('salsa', 'latin'), ('chinese_traditional', 'chinese'))
    """
    table = {
        word.replace("-", " "): (style.replace("-", "_"), style) for word, style in style_words().items()
    }
    for line in _FINER.strip().splitlines():
        said, style, words = (cell.strip() for cell in line.split("|"))
        table |= {word.strip(): (said, style) for word in words.split(",")}
    return {word.replace("-", " "): pair for word, pair in table.items() if word not in _APART}
