"""The words of `zhiyin lyrics`, in English and Chinese.

Conventions: as in `zhiyin.cli.words`, which takes these in.
This module prints nothing.
"""

from __future__ import annotations

LYRICS_WORDS: dict[str, tuple[str, str]] = {
    "opt.lyrics_lang": (
        "language of the words, zh or en, and of what is shown; left open: that of the theme",
        "歌词的语言，zh 或 en，界面也随之；不写则看主题用什么语言",
    ),
    "opt.theme": (
        "keywords that must come, e.g. '雨夜 车站 离别'",
        "必须写进去的关键词，如 “雨夜 车站 离别”",
    ),
    "opt.lyrics_style": (
        "kind of verse: 国风, 宋词, 元曲, 唐诗, 诗经, 民谣, 流行; pop, folk, ballad, hymn, poem",
        "风格：国风、宋词、元曲、唐诗、诗经、民谣、流行；英文 pop、folk、ballad、hymn、poem",
    ),
    "opt.rhyme": (
        "the rhyme: 江阳, a final (ang) or an English word; several with commas",
        "韵：江阳，或韵母 ang，英文写一个词；多个用逗号分开",
    ),
    "opt.rhyme_table": (
        "rhyme table: 十三辙, 中华新韵, 中华通韵; perfect, near",
        "韵表：十三辙、中华新韵、中华通韵；英文 perfect、near",
    ),
    "opt.scheme": ("rhyme scheme of a stanza, e.g. AABA; X is free", "每段韵式，如 AABA；X 不押"),
    "opt.profile": (
        "how far tones follow the tune: 国风 (strictly) or pop (loosely)",
        "声调随旋律多紧：国风（紧）或 pop（松）",
    ),
    "opt.melisma": (
        "strict: a syllable a note; allow: short passing notes share one; sung: as the words that are there",
        "strict 一音一字；allow 短经过音并入前字；sung 照原有歌词的位置",
    ),
    "opt.lyrics_part": ("the part that sings, by number or name", "哪个声部唱：序号或名称"),
    "opt.phrases": (
        "how the tune is cut: syllables a line, '7 7 5 7', or bars, '1-2, 3-4'",
        "怎样分句：每句字数 “7 7 5 7”，或小节 “1-2, 3-4”",
    ),
    "opt.chorus": ("bars of the chorus, e.g. '9-16, 25-32'", "副歌在哪些小节，如 “9-16, 25-32”"),
    "opt.fix": (
        "words that stand fixed, LINE:SYLLABLE:WORDS, e.g. 3:1:春风; may be given again",
        "固定的词，句:字位:词，如 3:1:春风；可重复",
    ),
    "opt.line": ("a whole line of yours, LINE:TEXT; may be given again", "你写好的一句，句:文字；可重复"),
    "opt.ban": (
        "words that may not come, commas between; may be given again",
        "不许出现的词，逗号分开；可重复",
    ),
    "opt.readings": (
        "how words are read, e.g. 长=zhang3; may be given again",
        "指定读音，如 长=zhang3；可重复",
    ),
    "opt.check_words": (
        "hold the words of a file against the tune and say what clashes; nothing is written",
        "把文件里的词对着旋律检查，说明哪里不合；不写文件",
    ),
    "opt.words_file": ("words to go on with: a file, one line a phrase", "已有的歌词文件，一句一行"),
    "opt.rewrite": (
        "a line to write anew, the rest stays; may be given again",
        "重写某一句，其余不动；可重复",
    ),
    "opt.alternatives": ("five other lines for one line; nothing is written", "给某一句五个备选；不写文件"),
    "opt.line_model": ("who writes lines: auto, or a name", "谁来写：auto 或名称"),
    "opt.model_url": (
        "ask a language model for lines too: address of an OpenAI-compatible server (text leaves this machine)",
        "另请语言模型出句：OpenAI 兼容服务器的地址（文字会离开本机）",
    ),
    "opt.model_name": ("its model's name", "它的模型名"),
    "opt.melodise_lyrics": (
        "a file of words, one line a phrase, that the tune is for; chords are made where no FILE is given",
        "歌词文件，一句一行，为它写旋律；不给 FILE 时和弦也由知音写",
    ),
    "lyrics.lines": ("words", "歌词"),
    "lyrics.scheme": ("rhymes", "韵式"),
    "lyrics.scheme.value": ("{scheme} in {table}", "{scheme}（{table}）"),
    "lyrics.tone": ("tones", "声调"),
    "lyrics.tone.value": (
        "{agree} of {decided} steps go with the tune; {alarms} clashes where they are heard",
        "{decided} 处升降合 {agree} 处；倒字 {alarms} 处",
    ),
    "lyrics.stress": ("stress", "重音"),
    "lyrics.stress.value": (
        "{agree} of {decided} in words go with the beats",
        "词内 {decided} 处合拍 {agree} 处",
    ),
    "lyrics.line": ("line {number}", "第 {number} 句"),
    "lyrics.fine": ("nothing clashes", "没有不合之处"),
    "lyrics.again": ("{text}  (as line {line})", "{text}（同第 {line} 句）"),
}
