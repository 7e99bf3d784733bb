"""Every word that the command line says, in English and Chinese.

Conventions: one row a key, (English, Chinese); `{name}` is filled in; help texts are chosen at start-up.
This module knows no command; words of reports live in `zhiyin.apps.report_words`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from zhiyin.cli.words_brief import BRIEF_WORDS
from zhiyin.cli.words_latents import LATENT_WORDS
from zhiyin.cli.words_listen import LISTEN_WORDS
from zhiyin.cli.words_lyrics import LYRICS_WORDS
from zhiyin.cli.words_provenance import PROVENANCE_WORDS

LANGUAGES = ("en", "zh")
LANGUAGE_NAME = "ZHIYIN_LANG"
_LOCALE_NAMES = (LANGUAGE_NAME, "LC_ALL", "LC_MESSAGES", "LANG")

WORDS: dict[str, tuple[str, str]] = {
    "error": ("error", "出错"),
    "stopped": ("stopped; no half-written file is left", "已停止；没有留下写了一半的文件"),
    "unforeseen": (
        "something unforeseen ({kind}: {message}); run again with --debug and please report what it prints",
        "出了意料之外的事（{kind}：{message}）；请加 --debug 再运行一次，并把结果告诉我们",
    ),
    "about": (
        "Zhiyin writes music with you: a sentence, a melody or a score in; a score, its sound, its picture and a "
        "report out. Offline, on a laptop.",
        "知音陪你写音乐：给一句话、一段旋律或一份乐谱，得到乐谱、声音、图和一份报告。离线，一台笔记本就够。",
    ),
    "examples": ("Examples:", "例如："),
    "corpus.help": ("data sets: list, fetch, build, count", "数据集：列出、取来、构建、统计"),
    # options
    "opt.text": ("what you want to hear, in Chinese or English", "想听什么，中文英文都可以"),
    "opt.folder": (
        "folder to write into; left open: out, or out-2 ... when that holds something",
        "写到哪个文件夹；不写就是 out，里面已有东西就用 out-2……",
    ),
    "opt.out": ("where to write", "写到哪里"),
    "accepted": ("accepted", "已采纳"),
    "accepted.value": ("{parts}: {bars}", "{parts}：{bars}"),
    "opt.take_file": ("a take of that score", "这份乐谱的一个版本"),
    "opt.accept_aspect": (
        "what of it: all, rhythm (pitches stay), pitch (rhythm stays), harmony (chord symbols)",
        "采纳什么：all 全部、rhythm 节奏（音高不动）、pitch 音高（节奏不动）、harmony 和弦标记",
    ),
    "done": ("what was done", "做了什么"),
    "ranked": ("place {place}", "第 {place} 名"),
    "ranked.value": (
        "take {take}, {distance:.2f} from people's music",
        "版本 {take}，与人写的相距 {distance:.2f}",
    ),
    "opt.act_bars": (
        "which bars, e.g. 5-8 or 5-8,12; left open: all",
        "哪些小节，如 5-8 或 5-8,12；不写为全部",
    ),
    "opt.act_parts": (
        "which parts, by number, name, role or instrument, e.g. 'melody, 2'",
        "哪些声部：序号、名称、角色或乐器，如 “旋律，2”",
    ),
    "opt.act_out": (
        "a folder for everything, or one score file such as new.mid; left open: out, out-2 ...",
        "写进一个文件夹，或只写一个乐谱文件，如 new.mid；不写就是 out、out-2……",
    ),
    "opt.gap_from": ("where a gap begins, BAR:BEAT, e.g. 5:3", "空缺从哪里开始，小节:拍，如 5:3"),
    "opt.gap_to": ("where a gap ends, BAR:BEAT, e.g. 6:2.5", "空缺到哪里结束，小节:拍，如 6:2.5"),
    "opt.to_style": (
        'the style to go to, e.g. waltz or "chinese pentatonic"',
        "要换成的风格，如 圆舞曲 或 中国五声",
    ),
    "opt.strength": (
        "how much changes, 0 (nothing) to 1 (all)",
        "改变多少，0 为不变，1 为全部",
    ),
    "opt.keep": (
        "what stays: parts by number, name or role; melody keeps the tune's line (the default), none frees it",
        "保留什么：声部的编号、名称或角色；melody 保留旋律（默认），none 连旋律也可改",
    ),
    "opt.transfer_players": (
        "style: the style's players (whole songs); same: those of the song",
        "style：换成该风格的乐器（整首）；same：沿用原来的乐器",
    ),
    "opt.transfer_family": (
        "who writes: cyclegan, vae-transfer, rules, transformer, or auto (who serves the style best)",
        "由谁来写：cyclegan、vae-transfer、rules、transformer，或 auto（最合适的）",
    ),
    "opt.distance": (
        "how far from what is there, above 0 to 1 (all new)",
        "与原来相距多远，大于 0，1 为全新",
    ),
    "opt.aspect": (
        "what changes: all, rhythm (pitches stay), pitch (rhythm stays), ornament, harmony",
        "改什么：all 全部、rhythm 节奏（音高不动）、pitch 音高（节奏不动）、ornament 装饰、harmony 和声",
    ),
    "opt.wish": (
        "a wish on bars and parts, e.g. 'scale D dorian @ 5-8 melody'; may be given again",
        "对某些小节和声部的要求，如 “音阶 D多利亚 @ 5-8 旋律”；可重复",
    ),
    "opt.lock": (
        "what must not change, e.g. melody, 5-8, 'piano 5-8 rhythm'; may be given again",
        "什么不许动，如 旋律、5-8、“钢琴 5-8 节奏”；可重复",
    ),
    "opt.stream": (
        "print each bar as a line of JSON as soon as it stands, ticks of 10,080 a quarter",
        "每小节一写好就输出一行 JSON，每四分音符 10080 刻",
    ),
    "opt.to_bars": ("length to reach, in bars", "要达到的长度（小节）"),
    "opt.to_seconds": ("length to reach, in seconds, to the note", "要达到的长度（秒），分毫不差"),
    "opt.instrument": ("who plays the tune; a voice unless told", "谁来奏旋律；不写为人声"),
    "opt.instrument_violin": ("who plays the line; a violin unless told", "谁来奏这条线；不写为小提琴"),
    "opt.act_players": (
        "who accompanies, e.g. 'guitar, bass, drums'; a piano unless told",
        "谁来伴奏，如 “吉他，贝斯，鼓”；不写为钢琴",
    ),
    "opt.donor": ("a score whose texture to play in", "按这份乐谱的织体来伴奏"),
    "opt.against": ("the part it is set against", "与哪个声部相对"),
    "opt.above": ("the line lies above, not below", "放在上方，而不是下方"),
    "opt.kit": (
        "which kit: drums, drum-machine, hand-drums ...",
        "哪种鼓：drums、drum-machine、hand-drums……",
    ),
    "opt.tap": ("a score whose attacks are a tapped rhythm", "一份乐谱，它的起音就是敲出的节奏"),
    "opt.drums_family": (
        "who plays: rules (grooves people played), transformer (the model), auto (the first where it can)",
        "由谁来打：rules（人打过的节奏型）、transformer（模型）、auto（能用前者就用前者）",
    ),
    "opt.harmony_kind": (
        "what the tune gets: chords (symbols) or satb (alto, tenor and bass under a soprano)",
        "给旋律配什么：chords 和弦标记，satb 女高音之下的女低、男高、男低音",
    ),
    "opt.harmony_free": ("satb without rules of part-writing, as learned", "四部和声不加写作规则，全凭所学"),
    "opt.motif": ("bars of the motif, e.g. 1-2", "动机所在的小节，如 1-2"),
    "opt.by": (
        "what is done with it, in order: repeat, sequence, inversion, retrograde, augmentation, diminution, fragment, "
        "answer",
        "依次怎样发展：repeat 重复、sequence 模进、inversion 倒影、retrograde 逆行、augmentation 增值、"
        "diminution 减值、fragment 截段、answer 答题",
    ),
    "opt.reply_part": ("which part plays", "哪个声部"),
    "opt.reply_bars": (
        "how long the answer is; as long as the call unless told",
        "答句几小节；不写与问句等长",
    ),
    "opt.style": ("style, e.g. waltz, pop, 古风", "风格，如 圆舞曲、流行、waltz"),
    "opt.key": ("key, e.g. Dm, 'Eb major', G宫", "调，如 Dm、降E大调、G宫"),
    "opt.mode": (
        "mode without a tonic: major, minor, dorian, gong ...",
        "只定调式：major、minor、dorian、宫……",
    ),
    "opt.metre": ("metre, e.g. 3/4", "拍号，如 3/4"),
    "opt.tempo": ("quarter notes a minute, 20..300", "每分钟四分音符数，20..300"),
    "opt.bars": ("number of bars, 1..512", "小节数，1..512"),
    "opt.seconds": ("length in seconds, 1..1800", "长度（秒），1..1800"),
    "opt.players": ("who plays, e.g. 'piano, cello'", "谁来演奏，如 “钢琴，大提琴”"),
    "opt.without": ("who must not play, e.g. drums", "不要谁，如 鼓"),
    "opt.chords": ("chords, one a bar, repeated: 'Am F C G'", "和弦，一小节一个，循环：“Am F C G”"),
    "opt.mood": ("mood, e.g. sad, 欢快; several with commas", "情绪，如 忧伤、欢快；多个用逗号分开"),
    "opt.intensity": ("how strongly moods act, 1 to 5", "情绪的强度，1 至 5"),
    "opt.valence": ("bitter -1 to sweet 1, moved by hand", "效价：苦 -1 至 甜 1，手动调整"),
    "opt.arousal": ("still -1 to stirred 1, moved by hand", "唤醒度：静 -1 至 动 1，手动调整"),
    "opt.register": ("low, middle or high", "音区：low 低、middle 中、high 高"),
    "opt.ending": (
        "fade_out, abrupt, ritardando, resolved or open",
        "结尾：渐弱、骤停、渐慢、完满、悬念（写英文名）",
    ),
    "opt.dynamics": ("soft, loud, crescendo or diminuendo", "力度：soft、loud、crescendo 或 diminuendo"),
    "opt.loop": ("the end leads back to the beginning", "结尾能接回开头，循环播放"),
    "opt.title": ("title", "标题"),
    "opt.plan": (
        "a plan file made by `zhiyin plan -o`, edited or not",
        "`zhiyin plan -o` 写出的规划文件，可以改过",
    ),
    "opt.seed": ("the same seed gives the same music", "种子相同，音乐相同"),
    "opt.takes": ("how many versions of the same plan to write, 1..8", "同一规划写几个版本，1..8"),
    "opt.family": (
        "who writes, as `zhiyin families` lists them: transformer, lstm, rules ..., or a mix such as transformer+lstm",
        "由谁来写，见 `zhiyin families`：transformer、lstm、rules……；也可混合，如 transformer+lstm",
    ),
    "opt.temperature": (
        "how boldly to choose: 1 as it is, or by role and field: melody=1.1,bass=0.9,onset=0.95",
        "选择的大胆程度：1 为常态；也可按声部与要素：melody=1.1,bass=0.9,onset=0.95",
    ),
    "opt.top_p": (
        "choose among the likeliest that make up this share, 0..1",
        "只在合计占此比例的最可能选项中选，0..1",
    ),
    "opt.min_p": (
        "drop what is less likely than this share of the likeliest, 0..0.5",
        "舍去概率低于最可能者此比例的选项，0..0.5",
    ),
    "opt.guidance": (
        "how strongly style and mood steer, 0..5; 1 as learned; more takes longer",
        "风格与情绪的引导强度，0..5；1 为所学；更大则更慢",
    ),
    "opt.novelty": (
        "pressure against verbatim repeats that no plan asks for, 0..10",
        "抑制规划之外的原样重复，0..10",
    ),
    "opt.likeness": (
        "how closely bars that return keep to their model, 0..10; 0 as learned",
        "再现的小节与原型的接近程度，0..10；0 为所学",
    ),
    "opt.best_of": (
        "write so many versions inside and keep the judges' choice, 1..8",
        "内部写几版，由评审选最好的，1..8",
    ),
    "opt.soundfont": ("a SoundFont (.sf2, .sf3) to play with", "用来演奏的音色库（.sf2、.sf3）"),
    "opt.for": (
        "for whom: an ensemble (string quartet, SATB choir, big band ...) or a list of instruments",
        "给谁演奏：乐队名（弦乐四重奏、四部合唱、民乐小合奏……）或一串乐器",
    ),
    "opt.written": (
        "MusicXML in the pitch that transposing players read (B flat clarinet, horn in F ...)",
        "MusicXML 按移调乐器的记谱音高写（降 B 单簧管、F 调圆号……）",
    ),
    "opt.span": ("semitones one hand reaches at a keyboard, 8..16", "一只手在键盘上能张开的半音数，8..16"),
    "arranging.faults": ("playability", "可演奏性"),
    "opt.no_audio": ("write no sound files", "不写声音文件"),
    "opt.lang": ("language of what is said: zh or en", "说中文还是英文：zh 或 en"),
    "opt.json": ("print one JSON object for machines", "为程序输出一个 JSON 对象"),
    "opt.debug": ("show tracebacks", "出错时显示调用栈"),
    "opt.version": ("print the version", "显示版本"),
    "opt.file": ("a score: .mid .musicxml .mxl .abc .krn .zyn", "乐谱：.mid .musicxml .mxl .abc .krn .zyn"),
    "opt.diff_before": ("the score before", "改动之前的乐谱"),
    "opt.diff_after": ("the score after", "改动之后的乐谱"),
    "opt.diff_bars": (
        "bars to compare, from 1: 5-8 or 1,5-8; all when left open",
        "比较哪些小节，从 1 数：5-8 或 1,5-8；不写就是全部",
    ),
    "opt.continue_bars": ("how many bars to add, 1..256", "续写几小节，1..256"),
    "opt.device": (
        "where torch computes: cpu, cuda, cuda:N or mps",
        "torch 在哪里计算：cpu、cuda、cuda:N 或 mps",
    ),
    "opt.checkpoint": ("another model's .safetensors file", "另一个模型的 .safetensors 文件"),
    "opt.edit": ("what to change, e.g. 'bars 9-12 darker'", "要改什么，如“鼓再简单一点”"),
    "opt.edited": (
        "the file to write; left open: FILE-edited beside it",
        "写到哪个文件；不写就是旁边的 FILE-edited",
    ),
    "opt.dry_run": ("only show the steps", "只看步骤，不改"),
    "opt.yes": ("do not ask before writing", "不再询问，直接写"),
    "edit.agree": ("write this?", "就这样写吗？"),
    "edit.needs_yes": ("nothing was changed: add --yes to write", "什么也没改：要写请加 --yes"),
    "edit.question": ("which one", "是哪个"),
    "opt.target": ("the file to write; its ending chooses the format", "写到哪个文件；扩展名决定格式"),
    "opt.render_out": (
        "a file ending in .wav .flac .pdf .svg .png, or a folder for everything",
        "以 .wav .flac .pdf .svg .png 结尾的文件，或一个放全部结果的文件夹",
    ),
    "opt.format": (
        "without -o: the ending of the file, e.g. wav, flac, pdf",
        "没有 -o 时文件的扩展名，如 wav、flac、pdf",
    ),
    "opt.expression": ("0 plays as written, 1 is natural, 3 is much", "0 照谱直奏，1 自然，3 夸张"),
    "opt.lufs": ("loudness in LUFS", "响度（LUFS）"),
    "opt.tail": (
        "seconds to ring out after the music, 0..10; 0: the sound is exactly as long as the music",
        "音乐之后余音的秒数，0..10；0 表示声音与音乐一样长",
    ),
    "opt.explain": ("say which word gave which wish", "逐词说明"),
    "opt.names": ("names of data sets; none means all that may train", "数据集名；不写就是全部可训练的"),
    "opt.name": ("name of a data set", "数据集名"),
    "opt.from": ("a folder that already holds the data", "已有数据的文件夹"),
    "opt.corpus_out": ("folder of the built corpus", "语料文件夹"),
    "opt.workers": ("how many processes", "几个进程"),
    "opt.recipe": ("a recipe, e.g. recipes/small.toml", "配方，如 recipes/small.toml"),
    "opt.corpus": ("folder of the built corpus", "建好的语料文件夹"),
    "opt.resume": ("go on where the last run stopped", "从上次停下的地方继续"),
    "opt.space": ("what is tried, e.g. recipes/tune/space.toml", "尝试哪些设置，如 recipes/tune/space.toml"),
    "opt.trials": ("how many trials in all, those done before included", "总共试几次，含以前做完的"),
    "opt.tune_out": ("folder of the search", "本次搜索的文件夹"),
    "opt.tune_report": ("show the table of a search's folder instead", "只显示某次搜索的结果表"),
    "opt.run_out": ("folder of the run", "本次训练的文件夹"),
    # originality
    "originality.help": (
        "what a score shares with the pieces learned from",
        "看一看乐谱与学过的曲子有多少相同",
    ),
    "opt.top": ("how many passages a part to name", "每个声部列出几处"),
    "opt.index": (
        "another index made by `zhiyin originality build`",
        "另一个由 `zhiyin originality build` 构建的索引",
    ),
    "stage.index": ("index", "索引"),
    "stage.compare": ("compare", "比对"),
    "gram_share": (
        "12-grams of the melody found in the index: {share:.1f} % (people with people: {human:.1f} %)",
        "旋律 12 元组在索引中的占比：{share:.1f} %（人与人之间：{human:.1f} %）",
    ),
    "run_exact": ("longest run", "最长相同"),
    "run_pitch": ("in pitch alone", "仅音高"),
    "grams": ("12-grams found", "12 元组占比"),
    "their_bars": ("their bars", "对方小节"),
    "our_bars": ("our bars", "我方小节"),
    "work": ("piece", "曲目"),
    "composer": ("composer", "作曲者"),
    "agrees": ("agrees in", "相同之处"),
    "agrees.pitch and rhythm": ("pitch and rhythm", "音高与节奏"),
    "agrees.pitch": ("pitch", "音高"),
    "agrees.hashed": ("pitch (hashed)", "音高（散列）"),
    "agrees.alike": ("alike, with changes", "相似，有改动"),
    "agrees.texture": ("harmony and bass", "和声与低音"),
    **PROVENANCE_WORDS,
    **BRIEF_WORDS,
    **LATENT_WORDS,
    **LISTEN_WORDS,
    **LYRICS_WORDS,
    # stages of progress
    "judge.held": (
        "{bars} bars, held against people's pieces of: {style}",
        "共{bars}小节，对照人写的：{style}",
    ),
    "judge.held.one": (
        "1 bar, held against people's pieces of: {style}",
        "共1小节，对照人写的：{style}",
    ),
    "judge.ranking": (
        "from best to worst: fewest faults, then distance (0: the middle of people's pieces), held against: {style}",
        "由好到差：先看硬伤多少，再看距离（0：人写作品的中间），对照：{style}",
    ),
    "judge.place": ("{place}. {name}: distance {distance}", "{place}. {name}：距离 {distance}"),
    "judge.all": ("all styles", "所有风格"),
    "judge.concern": ("concern", "方面"),
    "judge.measure": ("measure", "指标"),
    "judge.value": ("value", "值"),
    "judge.people": ("people: p10 - p50 - p90", "人写的：p10 - p50 - p90"),
    "judge.where": ("bars", "小节"),
    "judge.mark": (
        "! marks values outside what 5 to 95 of a hundred people's pieces have; - does not apply",
        "! 表示落在人写的作品第5到第95百分位之外；- 表示不适用",
    ),
    "judge.group.tones": ("tones", "音高"),
    "judge.group.rhythm": ("rhythm", "节奏"),
    "judge.group.form": ("form", "曲式"),
    "judge.group.harmony": ("harmony", "和声"),
    "judge.group.melody": ("melody and chords", "旋律与和弦"),
    "judge.group.voices": ("part-writing", "声部进行"),
    "judge.group.playing": ("playing", "演奏"),
    "judge.group.repeats": ("repeats and gaps", "重复与空白"),
    "judge.group.sound": ("sound", "音响"),
    "judge.group.texture": ("texture", "织体"),
    "stage.judge": ("judging", "评判"),
    "stage.write": ("writing", "写作"),
    "stage.files": ("pages and sound", "谱面与声音"),
    "stage.sound": ("sound", "发声"),
    "stage.shards": ("shards", "分片"),
    # info
    "title": ("title", "标题"),
    "untitled": ("untitled", "无题"),
    "format": ("format", "格式"),
    "key": ("key", "调"),
    "keys": ("key by bar", "各处的调"),
    "metre": ("metre", "拍号"),
    "tempo": ("tempo", "速度"),
    "length": ("length", "长度"),
    "length.value": ("{bars} bars, {seconds:.1f} s", "{bars}小节，{seconds:.1f}秒"),
    "notes": ("notes", "音符"),
    "form": ("form", "曲式"),
    "chords": ("chords", "和弦"),
    "parts": ("parts", "声部"),
    "part": ("part", "声部"),
    "instrument": ("instrument", "乐器"),
    "role": ("role", "角色"),
    "range": ("range", "音域"),
    "texture": ("texture", "织体"),
    "found": ("found by analysis", "分析得出"),
    "beats": ("beats", "节拍"),
    "warnings": ("while reading", "读入时"),
    "more": (" ... and {count} more", " ……还有{count}个"),
    "more_bars": (
        "      ... and {count} more bars (--json holds all)",
        "      ……还有{count}小节（--json 里是全部）",
    ),
    "bar": ("bar {bar}", "第{bar}小节"),
    # brief and plan
    "understood": ("understood", "听懂了"),
    "not_understood": ("not understood", "没听懂"),
    "conflict": ("contradiction", "矛盾"),
    "default": ("decided", "自定"),
    "nothing": ("nothing", "没有"),
    "not": ("not {what}", "不要{what}"),
    "word": ("words", "词"),
    "as": ("as", "作为"),
    "value": ("value", "值"),
    "style": ("style", "风格"),
    "mood": ("mood", "情绪"),
    "players": ("players", "演奏"),
    "sections": ("sections", "段落"),
    "roles": ("roles", "角色"),
    "section.like": ("{name} {bars} (like {other})", "{name} {bars}（同{other}）"),
    "plan.next": (
        "edit it, then: zhiyin compose --plan {path}",
        "可以修改，然后：zhiyin compose --plan {path}",
    ),
    # convert and render
    "written": ("written", "已写出"),
    "written.take": ("{file} (take {take})", "{file}（版本 {take}）"),
    "lost": ("not in this format", "此格式存不下"),
    "lost.nothing": ("nothing: all was kept", "没有，全部保留"),
    "left_out": ("left out", "未写出"),
    "notices": ("note", "注意"),
    "sound": ("sound", "声音"),
    "sound.value": (
        "{seconds:.1f} s, {lufs:.1f} LUFS, peak {peak:.1f} dBFS, played by {bank}",
        "{seconds:.1f}秒，{lufs:.1f} LUFS，峰值 {peak:.1f} dBFS，音色：{bank}",
    ),
    "sound.below": (
        "; {below:.1f} LU under the target: louder, its peaks would clip",
        "；比目标低 {below:.1f} LU：再响峰值就要削波",
    ),
    "small_bank": (
        "No SoundFont was found, so the small built-in bank played. For real instruments: scripts/install-system, or "
        "--soundfont FILE.",
        "没有找到音色库，用的是内置的小音色。想要真实乐器：运行 scripts/install-system，或加 --soundfont 文件。",
    ),
    # compose
    "take": ("take {number}", "版本{number}"),
    "result.value": (
        "{notes} notes, {bars} bars, {seconds:.1f} s, {kept} of {all} wishes kept",
        "{notes}个音，{bars}小节，{seconds:.1f}秒，{all}条愿望做到{kept}条",
    ),
    "plan": ("plan", "规划"),
    "result": ("result", "结果"),
    "missed": ("not kept", "没做到"),
    "model": ("model", "模型"),
    "model.value": ("{name} {digest}, seed {seed}", "{name} {digest}，种子 {seed}"),
    "listen": ("listen", "听"),
    "look": ("look", "看"),
    "read": ("read", "读"),
    "next": ("next", "接着"),
    "again": ("another one: add --seed {seed}", "换一首：加 --seed {seed}"),
    "took": ("took", "用时"),
    "took.value": ("{seconds:.1f} s", "{seconds:.1f}秒"),
    # corpus, train, doctor
    "set": ("set", "数据集"),
    "kind": ("kind", "类别"),
    "licence": ("licence", "许可"),
    "ruling": ("use", "用途"),
    "pieces": ("pieces", "曲数"),
    "bars": ("bars", "小节"),
    "dropped": ("left out", "剔除"),
    "seconds": ("seconds", "秒"),
    "cached": ("unchanged", "未变"),
    "splits": ("splits", "划分"),
    "hours": ("hours", "小时"),
    "total": ("total", "合计"),
    "fetched": (
        "{name}: {files} files in {folder}, all as they should be",
        "{name}：{folder} 里 {files} 个文件，核对无误",
    ),
    "trained": ("checkpoint", "权重"),
    "bits": ("bits a note, test", "每音比特，测试集"),
    "fine": ("ok", "好"),
    "missing": ("missing", "缺"),
}


def language(given: str | None = None, environment: Mapping[str, str] = os.environ) -> str:
    """Return `zh` or `en`: as given, else as ZHIYIN_LANG, LC_ALL, LC_MESSAGES or LANG say.

    >>> language(None, {"LANG": "zh_CN.UTF-8"}), language("en", {"LANG": "zh_CN.UTF-8"})
    ('zh', 'en')
    """
    named = [given] if given else [environment.get(name) for name in _LOCALE_NAMES]
    first = next((name for name in named if name), "en")
    return "zh" if first.lower().startswith("zh") else "en"


def typed_language(words: Sequence[str]) -> str:
    """Return what follows --lang among the words typed, or an empty string.

    >>> typed_language(["compose", "--lang", "zh"]), typed_language(["info", "--lang=en"])
    ('zh', 'en')
    """
    for index, word in enumerate(words):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and index + 1 < len(words):
            return words[index + 1]
    return ""


def written_language(text: str) -> str | None:
    """Return `zh` for a text with Chinese characters, else None.

    >>> written_language("雨夜 piano"), written_language("piano")
    ('zh', None)
    """
    return "zh" if any("\u4e00" <= sign <= "\u9fff" for sign in text) else None


def say(key: str, *, lang: str | None = None, default: str | None = None) -> str:
    """Return the words of a key, places to fill in left open; `default` for a key that has none."""
    if key not in WORDS and default is not None:
        return default.replace("{", "{{").replace("}", "}}")
    return WORDS[key][LANGUAGES.index(language(lang))]
