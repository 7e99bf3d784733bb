# ruff: noqa: E501 - word tables keep one row a line
"""Players as people name them: finer names beside the instruments that are played, and singers.

Conventions: a row is `said | instrument | words`; `said` is a snake_case name, `instrument` a name of
`zhiyin.theory.instruments` that sounds nearest. This module does not read sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from zhiyin.theory.families import FAMILY_WORDS
from zhiyin.theory.instruments import INSTRUMENTS

# said | instrument | words
_FINER = """
guitar | guitar | guitar, guitare, gutair, 吉他, 六弦琴, 🎸
acoustic_guitar | guitar | acoustic guitar, steel guitar, folk guitar, steel string guitar, 木吉他, 民谣吉他, 钢弦吉他, 原声吉他, 箱琴
twelve_string_guitar | guitar | twelve string guitar, 12 string guitar, 十二弦吉他
slide_guitar | guitar | slide guitar, pedal steel, lap steel, dobro, steel pedal guitar, 滑棒吉他
resonator_guitar | guitar | resonator guitar
classical_guitar | nylon-guitar | classical guitar, 古典吉他
nylon_guitar | nylon-guitar | nylon guitar, nylon string guitar, nylon strings guitar, 尼龙吉他, 尼龙弦吉他
spanish_guitar | nylon-guitar | spanish guitar, 西班牙吉他
flamenco_guitar | nylon-guitar | flamenco guitar, 弗拉门戈吉他
jazz_guitar | electric-guitar | jazz guitar, hollow body guitar, archtop guitar, 爵士吉他
electric_guitar | electric-guitar | clean electric guitar, electric guitar, e guitar, clean guitar, 电吉他
rhythm_guitar | electric-guitar | rhythm guitar, 节奏吉他
lead_guitar | electric-guitar | lead guitar, 主音吉他
distortion_guitar | distortion-guitar | distortion guitar, distorted guitar, overdriven guitar, fuzz guitar, heavy guitar, 失真吉他, 失真电吉他
bass | bass-guitar | bass, 贝斯, 贝司, 倍司
bass_guitar | bass-guitar | bass guitar, 低音吉他
electric_bass | bass-guitar | electric bass, 电贝斯, 电贝司
fretless_bass | bass-guitar | fretless bass, 无品贝斯
slap_bass | bass-guitar | slap bass, 拍贝斯
upright_bass | upright-bass | upright bass, acoustic bass, walking bass, jazz bass, standup bass, stand up bass, 原声贝斯, 立式贝斯, 行走低音
double_bass | double-bass | double bass, contrabass, string bass, 低音提琴, 倍大提琴, 大贝斯, 低音大提琴, 倍低音提琴
synth_bass | synth-bass | synth bass, bass synth, sub bass, 808 bass, reese bass, acid bass, acid bassline, acid line, tb 303, tb303, 303, 303 bass, 303s, 合成贝斯, 合成低音, 合成器贝斯, 次低音
piano | piano | piano, pianos, piono, pianno, 钢琴, 🎹
grand_piano | piano | grand piano, concert grand, 三角钢琴
upright_piano | piano | upright piano, honky tonk piano, honky tonk, felt piano, 立式钢琴
toy_piano | music-box | toy piano, 玩具钢琴
prepared_piano | piano | prepared piano
electric_piano | electric-piano | electric piano, e piano, 电钢琴, 电钢
rhodes | electric-piano | rhodes, fender rhodes, 罗兹
wurlitzer | electric-piano | wurlitzer, wurli
keyboard | electric-piano | keyboard, keyboards, 键盘, 电子琴
clavinet | electric-piano | clavinet, clav
harpsichord | harpsichord | harpsichord, cembalo, 羽管键琴, 大键琴, 拨弦古钢琴, 古钢琴
clavichord | harpsichord | clavichord, 楔槌键琴
organ | organ | organ, 风琴
pipe_organ | organ | pipe organ, church organ, 管风琴
hammond_organ | hammond-organ | hammond organ, hammond, drawbar organ, hammond b3, 哈蒙德风琴, 哈蒙德
electric_organ | hammond-organ | electric organ, 电风琴
harmonium | organ | harmonium, reed organ, 脚踏风琴, 簧风琴
accordion | accordion | 🪗, accordion, squeezebox, 手风琴
concertina | accordion | concertina, 六角手风琴
bandoneon | accordion | bandoneon, 班多钮琴, 班多内翁
melodica | harmonica | melodica, 口风琴
harmonica | harmonica | harmonica, blues harp, mouth harp, 口琴
jaw_harp | harmonica | jaw harp, jew's harp, 口弦, 口簧
music_box | music-box | music box, musical box, 八音盒, 音乐盒
celesta | celesta | celesta, celeste, 钢片琴
glockenspiel | glockenspiel | glockenspiel, glock, 钟琴, 钢板琴
bells | glockenspiel | 🔔, bells, 铃声般, 铃铛, 铃儿
sleigh_bells | glockenspiel | sleigh bells, jingle bells, 雪橇铃
wind_chimes | tubular-bells | wind chimes, 风铃
chimes | tubular-bells | chimes, 管钟声
tubular_bells | tubular-bells | tubular bells, church bells, 管钟, 钟声, 教堂钟声
hand_bells | tubular-bells | hand bells, handbells, 手摇铃
bianzhong | tubular-bells | bianzhong, chinese chime bells, 编钟
crystal_glasses | celesta | glass harmonica, crystal glasses, glass harp, 玻璃琴
singing_bowl | tubular-bells | singing bowl, singing bowls, tibetan bowl, tibetan bowls, 颂钵, 钵
gong | taiko | gong, gongs, tam tam, 锣, 大锣, 云锣
vibraphone | vibraphone | vibraphone, 颤音琴
marimba | marimba | marimba, 马林巴, 马林巴琴
xylophone | xylophone | xylophone, 木琴
balafon | marimba | balafon, 巴拉风
gamelan | vibraphone | gamelan, 甘美兰
kalimba | kalimba | kalimba, mbira, thumb piano, 卡林巴, 卡林巴琴, 拇指琴, 姆比拉
handpan | steel-drums | handpan, hang drum, tongue drum, 手碟, 空灵鼓
steel_drums | steel-drums | steel drums, steel drum, steelpan, steel pan, 钢鼓
ukulele | ukulele | ukulele, uke, ukelele, 尤克里里, 乌克丽丽, 夏威夷四弦琴
mandolin | mandolin | mandolin, 曼陀林
bouzouki | mandolin | bouzouki, 布祖基琴
balalaika | mandolin | balalaika, 巴拉莱卡, 三角琴
charango | ukulele | charango, 恰朗戈
cavaquinho | ukulele | cavaquinho
banjo | banjo | 🪕, banjo, 班卓琴, 班卓
lute | nylon-guitar | lute, theorbo, 鲁特琴
oud | nylon-guitar | oud, 乌德琴, 乌得琴
sitar | sitar | sitar, 西塔琴, 锡塔尔琴
sarod | sitar | sarod
tanpura | sitar | tanpura, tambura, 坦布拉琴
veena | sitar | veena, 维纳琴
santoor | yangqin | santoor, santur, 桑图尔
cimbalom | yangqin | cimbalom, 大扬琴
zither | guzheng | zither, 齐特琴
dulcimer | yangqin | dulcimer, hammered dulcimer
kora | harp | kora, 科拉琴
harp | harp | harp, 竖琴
konghou | harp | konghou, 箜篌
lyre | harp | lyre, 里拉琴, 小竖琴
violin | violin | violin, violen, 小提琴, 提琴, 🎻
fiddle | violin | fiddle, hardanger fiddle
electric_violin | violin | electric violin, 电小提琴
viola | viola | viola, 中提琴
cello | cello | cello, celo, chello, violoncello, celli, 大提琴
viola_da_gamba | cello | viola da gamba, gamba, 维奥尔琴
strings | strings | strings, string section, string ensemble, string orchestra, 弦乐, 弦乐组, 弦乐合奏, 弦乐团, 弦乐器
pizzicato_strings | pizzicato-strings | pizzicato strings, pizzicato, plucked strings, 拨弦, 拨奏, 拨弦弦乐, 拨奏弦乐
tremolo_strings | strings | tremolo strings, 颤音弦乐
synth_strings | strings | synth strings, string machine, 合成弦乐
solo_violin | violin | first violin
choir | choir | choir, vocal ensemble, chorus of voices, choral voices, 合唱, 合唱团, 唱诗班, 人声合唱
children_choir | choir | children's choir, 童声合唱, 童声合唱团, 儿童合唱, 儿童合唱团
male_choir | choir | male choir, men's choir, 男声合唱, 男声合唱团
female_choir | choir | female choir, women's choir, 女声合唱, 女声合唱团
soprano | soprano | soprano, soprano voice, 女高音
alto | alto | alto, alto voice, contralto, 女低音, 女中音
tenor | tenor | tenor, tenor voice, 男高音
baritone | bass-voice | baritone, baritone voice, 男中音
bass_voice | bass-voice | bass voice, basso, bass singer, 男低音
trumpet | trumpet | trumpet, 小号, 🎺
muted_trumpet | muted-trumpet | muted trumpet, harmon mute, 弱音小号
cornet | trumpet | cornet, 短号
flugelhorn | trumpet | flugelhorn, fluegelhorn, 富鲁格号, 柔音号
bugle | trumpet | bugle, 军号
trombone | trombone | trombone, 长号, 拉管, 伸缩号
euphonium | trombone | euphonium, 次中音号
tuba | tuba | tuba, sousaphone, 大号, 苏萨号, 低音号
french_horn | french-horn | french horn, horn, 圆号, 法国号
alphorn | french-horn | alphorn, 阿尔卑斯长号
didgeridoo | tuba | didgeridoo, 迪吉里杜管
brass | brass | brass, brass section, brass ensemble, horns, horn section, brass instruments, 铜管, 铜管组, 铜管乐, 铜管乐器
saxophone | alto-sax | 🎷, saxophone, sax, saxes, 萨克斯, 萨克斯风, 色士风, 萨克斯管
soprano_sax | soprano-sax | soprano sax, soprano saxophone, 高音萨克斯
alto_sax | alto-sax | alto sax, alto saxophone, 中音萨克斯
tenor_sax | tenor-sax | tenor sax, tenor saxophone, 次中音萨克斯
baritone_sax | baritone-sax | baritone sax, baritone saxophone, bari sax, 上低音萨克斯
oboe | oboe | oboe, 双簧管
english_horn | english-horn | english horn, cor anglais, 英国管
bassoon | bassoon | bassoon, 大管, 巴松, 巴松管
contrabassoon | bassoon | contrabassoon, 低音大管
clarinet | clarinet | clarinet, 单簧管, 黑管
bass_clarinet | clarinet | bass clarinet, 低音单簧管
duduk | clarinet | duduk, 杜杜克
piccolo | piccolo | piccolo, 短笛
flute | flute | 🪈, flute, 长笛, 西洋长笛
alto_flute | flute | alto flute, bass flute, 中音长笛
recorder | recorder | recorder, block flute, 竖笛, 直笛
tin_whistle | tin-whistle | tin whistle, penny whistle, irish whistle, low whistle, 锡哨笛, 爱尔兰哨笛, 哨笛, 锡笛
whistling | ocarina | whistling, whistle, 口哨
irish_flute | flute | irish flute, 爱尔兰长笛
pan_flute | pan-flute | pan flute, pan pipes, panpipe, panpipes, 排箫, 排笛
quena | pan-flute | quena, 盖那笛
bansuri | dizi | bansuri, indian flute, 班苏里
ney | dizi | ney, nay flute, 奈伊笛
shakuhachi | shakuhachi | shakuhachi, 尺八
ocarina | ocarina | ocarina, 陶笛
xun | ocarina | xun, 埙, 陶埙
woodwinds | woodwinds | woodwinds, woodwind, wood winds, woodwind section, 木管, 木管乐, 木管乐器, 木管组, 管乐
bagpipe | bagpipe | bagpipe, bagpipes, uilleann pipes, 风笛, 苏格兰风笛, 爱尔兰风笛
hurdy_gurdy | violin | hurdy gurdy, 手摇琴
nyckelharpa | violin | nyckelharpa
synth | synth | synth, synthesizer, synthesiser, polysynth, analog synth, analogue synth, modular synth, moog, 合成器, 电子合成器, 模拟合成器
synth_lead | synth-lead | synth lead, lead synth, saw lead, square lead, supersaw, 合成主音, 合成器主音
synth_pad | synth-pad | synth pad, pad, pads, warm pad, 合成铺底, 铺底, 音垫, 合成垫
arpeggiator | synth | arpeggiator, arp, arpeggiated synth, 琶音器
pluck | synth | pluck synth, plucks
theremin | synth-lead | theremin, 特雷门, 特雷门琴
mellotron | strings | mellotron
vocoder | synth-lead | vocoder, talkbox
erhu | erhu | erhu, er hu, 二胡, 胡琴
gaohu | erhu | gaohu, 高胡
zhonghu | erhu | zhonghu, 中胡
jinghu | erhu | jinghu, 京胡
banhu | erhu | banhu, 板胡
matouqin | matouqin | matouqin, morin khuur, horsehead fiddle, 马头琴
pipa | pipa | pipa, chinese lute, 琵琶, 枇杷, 枇琶, 琵杷, 琵琶琴
liuqin | pipa | liuqin, 柳琴
guzheng | guzheng | guzheng, gu zheng, zheng, chinese zither, 古筝, 筝
guqin | guqin | guqin, gu qin, qin zither, 古琴, 七弦琴
ruan | ruan | ruan, 阮, 阮咸
zhongruan | ruan | zhongruan, 中阮
daruan | ruan | daruan, 大阮
dombra | ruan | dombra, dombira, dombyra, 冬不拉, 东不拉
rawap | ruan | rawap, 热瓦普, 热瓦甫
yueqin | ruan | yueqin, moon guitar, 月琴
sanxian | shamisen | sanxian, 三弦
yangqin | yangqin | yangqin, 扬琴, 洋琴
dizi | dizi | dizi, bamboo flute, chinese flute, 笛子, 竹笛, 横笛, 笛
qudi | dizi | qudi, 曲笛
bangdi | dizi | bangdi, 梆笛
xiao | xiao | xiao, vertical bamboo flute, 箫, 洞箫
sheng | sheng | sheng, mouth organ sheng, 笙
suona | suona | suona, shawm, 唢呐, 喇叭
hulusi | hulusi | hulusi, gourd flute, 葫芦丝
bawu | hulusi | bawu, 巴乌
guan | oboe | guanzi, 管子
koto | koto | koto, japanese zither, 日本筝, 十三弦筝
shamisen | shamisen | shamisen, 三味线
gayageum | koto | gayageum, 伽倻琴
drums | drums | 🥁, drumless, drums, drumz, drum, drum kit, drum set, drumbeat, drum beat track, drumming, acoustic drums, 鼓, 架子鼓, 鼓组, 爵士鼓, 鼓点, 鼓声
brushes | drums | brushed drums, brushes, drum brushes, 鼓刷
percussion | drums | percussion, percussions, percussion instruments, 打击乐, 打击乐器
double_kick | drums | double kick, double kick drum, double kick drums, double bass drum, double bass drums, 双踩, 双底鼓, 双踩鼓
kick | drum-machine | kick, kick drum, bass drum, kicks, 底鼓, 低音鼓, 大军鼓
snare | drums | snare, snare drum, 军鼓, 小军鼓, 小鼓
hi_hat | drums | hi hat, hihat, hi hats, hihats, 踩镲
cymbals | drums | cymbals, cymbal, crash cymbal, 镲, 钹, 吊镲
toms | drums | toms, tom toms, 嗵鼓
drum_machine | drum-machine | drum machine, 808, tr 808, 808s, 909, tr 909, electronic drums, electronic drum, programmed drums, 鼓机, 电子鼓, 电鼓
taiko | taiko | taiko, taiko drums, taikos, war drums, war drum, 太鼓, 战鼓, 大鼓
dagu | taiko | tanggu, 堂鼓, 大堂鼓, 中国大鼓
luogu | taiko | luogu, gongs and drums, 锣鼓
bangu | hand-drums | bangu, 板鼓
wood_block | hand-drums | wood block, woodblock, woodblocks, temple blocks, 木鱼, 梆子
clappers | shaker | paiban, wooden clappers, clappers, 拍板, 快板儿, 竹板
claves | shaker | claves, 响棒
castanets | shaker | castanets, 响板
cowbell | shaker | cowbell, 牛铃
triangle | tambourine | triangle, 三角铁
guiro | shaker | guiro, 刮瓜
clap | drum-machine | claps, handclaps, hand claps, clapping, 拍手, 拍掌, 击掌
hand_drums | hand-drums | hand drums, hand drum, 手鼓
bongos | hand-drums | bongos, bongo, 邦戈鼓, 邦哥鼓
congas | hand-drums | congas, conga, 康加鼓
djembe | hand-drums | djembe, african drums, african drum, 非洲鼓, 金贝鼓
tabla | hand-drums | tabla, tablas, 塔布拉鼓
cajon | hand-drums | cajon, 箱鼓, 卡洪鼓
frame_drum | hand-drums | frame drum, bodhran, daf, 框鼓
timbales | hand-drums | timbales, 天巴鼓
shaker | shaker | shaker, egg shaker, 沙锤, 沙球
maracas | shaker | maracas, cabasa, 沙槌
tambourine | tambourine | tambourine, 铃鼓
timpani | timpani | timpani, kettledrum, kettledrums, tympani, 定音鼓
"""
# Words for singing; the value tells who sings where it is said.
_SINGING = """
female | voice | female singer, female vocalist, female voice, female vocal, female vocals, woman's voice, women's voice, girl's voice, female lead vocal, female lead vocals, girl singing, woman singing, 女声, 女生, 女歌手, 女主唱, 女人声, 女嗓
male | voice | male singer, male vocalist, male voice, male vocal, male vocals, man's voice, men's voice, male lead vocal, male lead vocals, boy's voice, man singing, 男声, 男生, 男歌手, 男主唱, 男人声, 男嗓
child | voice | child's voice, child singer, children's voices, kids singing, children singing, 童声, 童音, 儿童歌声
 | voice | 🎤, vox, sing, sings, voice, voices, vocal, vocals, singer, singers, singing voice, singing, vocalist, lead vocal, lead vocals, lead singer, sung, backing vocals, human voice, vocal line, 人声, 歌声, 演唱, 歌手, 主唱, 歌唱, 清唱, 独唱, 领唱, 唱歌, 唱词, 有人唱, 有人唱歌, 人唱歌, 和声人声
humming | voice | humming, hummed, 哼唱, 哼鸣
rap | voice | rapping, rap vocals, rapped, 说唱人声
"""


# Words that mostly mean something else: good vibes, a chorus of a song.
_OTHERWISE = ("vibes",)


def _rows(table: str) -> Iterator[tuple[str, str, list[str]]]:
    for line in table.strip("\n").splitlines():
        said, name, words = (cell.strip() for cell in line.split("|"))
        yield said, name, [word.strip() for word in words.split(",")]


@cache
def finer_players() -> dict[str, tuple[str, str]]:
    """Return every word for a player with the name it says and the instrument that plays it.

    >>> finer_players()["萨克斯"], finer_players()["fiddle"]
    (('saxophone', 'alto-sax'), ('fiddle', 'violin'))
    """
    table = {
        word.replace("-", " "): (item.name.replace("-", "_"), item.name)
        for item in INSTRUMENTS.values()
        for word in (item.name, item.zh, *item.aliases)
    }
    table |= {word: (name, name) for name, words in FAMILY_WORDS.items() for word in words}
    table |= {word: (said, name) for said, name, words in _rows(_FINER) for word in words}
    return {word: pair for word, pair in table.items() if word not in _OTHERWISE}


@cache
def singing_words() -> dict[str, str]:
    """Return every word for singing with who sings: `female`, `male`, `child`, `humming`, `rap` or "" for anyone.

    >>> singing_words()["女声"], singing_words()["vocals"]
    ('female', '')
    """
    return {word: said for said, _, words in _rows(_SINGING) for word in words}
