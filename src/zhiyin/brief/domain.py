# ruff: noqa: E501 - patterns keep one row a line
"""Domain: whether a text asks for music at all, what it may not ask for, whom it refers to, and its language.

Conventions: instructions in a text are only text; a copy of a work or of a voice is flagged, never done.
This module does not read wishes: see `zhiyin.brief.read`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from zhiyin.brief.match import Match

_MUSIC = re.compile(
    r"(?<![a-z])(?:music|songs?|tunes?|melod(?:y|ies)|melodic|compos(?:e|ition|er)|beats?|soundtracks?|score|track|instrumental|theme (?:song|tune)|theme|jingles?|bpm|tempo|rhythm|groove|harmony|chords?|lyrics?|riff|loop|cue|arrangement|bgm|anthem|symphony|concerto|sonata|ballad|musical|orchestrat\w+|solo|piece|chorus|verse|acoustic|key of|improvis\w+|hum|sing)(?![a-z])"
    r"|音乐|乐曲|曲子|歌曲|首歌|首曲|支曲|的歌|的曲|段曲|旋律|配乐|伴奏|编曲|作曲|谱曲|节奏|节拍|拍子|和弦|歌词|哼|唱|好听|bgm|纯音乐|主题曲|插曲|曲风|鼓点|一段音|一首|小曲|乐段|曲|歌|🎵|🎶|🎼"
)
_REQUEST = re.compile(
    r"(?<![a-z])(?:(?:write|compose|make|create|generate|produce|give|need|want|looking for|like|get|craft|do|build|prepare|come up with)(?: me| us| up)?(?: \S+){0,12}? (?:song|music|tune|melody|beat|track|soundtrack|score|theme|jingle|loop|piece|waltz|march|ballad|lullaby|cue|bgm|instrumental|anthem|fanfare|nocturne|sonata|fugue|hymn|groove|riff|composition|arrangement|drums|bassline|backing)s?(?![a-z]))"
    r"|(?:写|作|来|创作|生成|谱|编|做|要|想听|想要|需要|配|弄|整|给我|搞|求|制作|谱写|演奏)[^。!?！？\n]{0,24}?(?:音乐|曲|歌(?!词的意思)|旋律|配乐|bgm|节奏|主题曲|伴奏|圆舞曲|爵士|摇滚|钢琴|铃声|片头|片尾|开场|背景音|好听)"
)
_NAMED_PIECE = re.compile(
    r"(?<![a-z])(?:an?|some|the|my|our)(?: [a-z'-]+){0,4}? (?:song|tune|melody|theme|beat|track|piece|jingle|soundtrack|music|loop)s?(?= (?:about|for|in|with|like|of|to|that|which|on)(?![a-z])|[,.!]|$)|(?<![a-z])compose (?!an? (?:email|letter|essay|poem|tweet|message|mail)|email)|^\s*(?:[a-z]+ )?(?:song|music|tune|jingle|soundtrack|theme)s? (?:for|about)(?![a-z])"
)
_TASKS = re.compile(
    r"(?<![a-z])(?:python|javascript|java|c\+\+|sql|html|css|regex|code|coding task|script|function|program|algorithm|debug|compile|api|database|spreadsheet|excel|powerpoint|weather|forecast|temperature|stock(?:s| price)?|bitcoin|exchange rate|recipe|cook|bake|translate|translation|summari[sz]e|summary|essay|article|e-?mail|cover letter|resume|cv|letter|report|homework|math|equation|solve|calculate|integral|derivative|capital of|president|population|hotel room|flight|train ticket|book a|reserve|directions|restaurant near|taxi|appointment|remind me|reminder|set an alarm|alarm for|doctor|diagnos\w+|medicine|symptom|diet|weight loss|lawyer|contract|tax|invoice|novel|short story|poem|haiku|joke|riddle|news|headline|capital|define|definition|meaning of|spell|grammar|proofread|draw|paint(?:ing)?|logo|photo|picture|image|video edit\w*|website|web page|password|hack|wifi|router|printer|install|windows|linux|docker|git|tweet|blog post|business plan|marketing plan|football score|who won|lottery|horoscope|zodiac|dinner ideas|workout plan|itinerary|travel plan|visa|buy|price of|cheapest|order (?:a|me)|shipping|refund)(?![a-z])"
    r"|天气|气温|下雨吗|股票|股价|基金|汇率|菜谱|食谱|怎么做菜|红烧|炒菜|翻译|总结|摘要|作文|论文|文章|邮件|简历|求职信|报告|周报|方程|计算|数学|几何|物理题|作业题|首都|总统|人口|机票|火车票|高铁票|车票|酒店预订|订房|订餐|外卖|打车|导航|路线|预约|挂号|提醒我|定个闹钟|设个闹钟|医生|症状|感冒|发烧|吃什么药|减肥|合同|律师|税|发票|小说|故事|诗歌|写诗|写一首诗|首诗|古诗|笑话|谜语|新闻|头条|画一|画个|画张|图片|照片|海报|网站|网页|密码|代码|程序|编程题|函数|算法|数据库|表格|幻灯片ppt|ppt|安装|系统崩溃|打印机|路由器|微博文案|文案|营销方案|商业计划|彩票|星座|运势|旅游攻略|行程|签证|买|购买|多少钱|价格|快递|退款|解释一下|什么意思|是什么|是谁|为什么|怎么办|如何|几点|今天几号|历史事件|排序|爬虫"
)
_QUESTION = re.compile(
    r"^\s*(?:hi|hello|hey|please|can you|could you|would you|,|\s)*(?:who|what(?:'s| is| are| was)?(?! about| if)|when|where|why(?! not)|how (?:do|does|to|many|much|is|are|can|old|far)|which|is it|are you|tell me (?:about|a joke|the)|explain|recommend|suggest (?:a|some)|list|teach me|show me how|do you)(?![a-z])"
    r"|是什么|是谁|为什么|怎么(?!样的)|怎样(?!的)|如何|多少|几点|几月|几号|哪里|哪个|哪家|哪年|哪些|什么时候|设[个一]?[^,，]{0,8}闹钟|好吃|吗[?？]?\s*$|推荐|介绍一下|讲讲|讲解|解释|告诉我|教我|帮我查|查一下|查查|搜索|搜一下"
)
_BARE_QUESTION = re.compile(
    r"推荐|介绍一下|讲讲|讲解|解释|是谁|哪年|history of|biography|tune my|learn to play|play (?:the )?(?:guitar|piano|violin)\b.*\?|how to play|lessons?\b|近况|演唱会门票|tickets?|多少钱"
)
_INJECTION = re.compile(
    r"(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|every|the|your|my|these|those|of)\s+)*(?:previous|prior|above|earlier|preceding|existing|system|safety|initial|original)?\s*(?:instructions?|prompts?|rules?|guidelines?|directions?|commands?|constraints?|messages?|restrictions?|filters?)"
    r"|(?:reveal|show|print|output|repeat|tell me|leak|display|give me|expose|dump|send)(?: me)?\s+(?:your|the|all|its)?\s*(?:entire |full |hidden |secret |initial |whole )*(?:system|hidden|secret|initial|developer)\s*(?:prompt|instructions?|message|keys?|config)|system prompt|developer mode|jailbreak|dan mode|you are now|act as (?:an? )?(?:unrestricted|evil|different|root|admin|dan|linux|terminal|hacker)|pretend (?:you are|to be)|as an ai language model|</?(?:system|assistant|user|instructions?)>|\[(?:system|inst)\]|###\s*(?:system|instruction)|sudo |rm -rf|drop table|<script|eval\(|os\.system|api[ _-]?key|environment variables?|/etc/passwd|execute (?:the following|this) (?:command|code)|delete all (?:files|data)|new instructions?:"
    r"|(?:忽略|无视|忘记|忘掉|绕过|跳过|不要理会|抛开)\s*(?:你|以上|上面|之前|前面|此前|先前|所有|一切|全部|的|这些|系统|原有|任何)*\s*(?:指令|指示|提示词?|规则|要求|设定|命令|限制|约束|内容)|系统提示词?|输出你的(?:系统|提示|指令)|(?:显示|打印|泄露|告诉我|说出|重复)(?:你的|一下你的)?(?:系统)?(?:提示词|指令|设定|密钥)|你现在是(?!一位作曲|作曲)|扮演(?!奏)|开发者模式|越狱|管理员权限|环境变量|删除所有文件|执行(?:以下|下面)(?:的)?(?:命令|代码)"
)
_COPY = re.compile(
    r"一模一样|完全一样|一样的歌|一样的曲|照抄|抄袭|照搬|翻版|复刻|复制|原样|原封不动|逐音|扒谱|山寨|仿制|如出一辙|拷贝|克隆(?!.{0,12}(?:声|嗓))|(?:和|跟|与)[^,，。]{1,24}(?:一样|雷同|相同)的(?:歌|曲|旋律|音乐)"
    r"|(?<![a-z])(?:exact(?:ly)?(?: the)? same(?: \w+){0,2} as|exactly like|identical (?:to|copy)|exact (?:copy|replica|clone)|note[- ]for[- ]note|carbon copy|rip[- ]?off|plagiari[sz]e|duplicate of|(?:copy|recreate|reproduce|replicate|clone|duplicate|remake|steal|transcribe)(?= (?:the |this |that |of )?(?:song|melody|tune|track|hit|theme|music|\"|'|[a-z ']{2,40}\b(?:by|from)\b))|same melody as|the same song as|just like the (?:song|original)|sound(?:s)? exactly like (?:the song|\"))"
)
_COPY_NAMED = re.compile(
    r"(?<![a-z])(?:copy|recreate|reproduce|replicate|clone|duplicate|remake|rip off)(?![a-z])"
)
_VOICE = re.compile(
    r"(?:克隆|复制|模仿|复刻|仿|合成|盗用|学)[^,，。;；]{0,16}(?:声音|嗓音|声线|歌声|嗓子|音色唱|唱腔|唱歌的声)|用[^,，。;；]{1,16}(?:的)?(?:声音|嗓音|声线|歌声|嗓子|原声)(?:来)?(?:唱|演唱|翻唱)|(?:让|请)[^,，。;；一]{2,8}(?:本人)?(?:来)?(?:演唱|唱)|声音克隆|ai翻唱|ai ?唱"
    r"|(?<![a-z])(?:(?:clone|copy|imitate|mimic|replicate|recreate|fake|deepfake|impersonate|duplicate|use|steal)(?: \S+){0,6}? (?:voice|vocals|singing)|in the voice of|in [a-z. ]{2,24}'s voice|(?:with|using) [a-z. ]{2,24}'s (?:voice|vocals)|voice clon\w+|clon\w+ (?:the )?voice|voice of (?!the )[a-z]{3,}|sung by (?!a |an |the |female|male|children|choir|kids|women|men|two|four)[a-z]{3,}|(?:sing|sound)(?:s|ing)? (?:exactly )?like (?!a |an |the |angels?|birds?)[a-z]{3,}(?: [a-z]+)? sing\w*|make [a-z]{3,}(?: [a-z]+)? sing|ai (?:cover|vocals) (?:of|by))(?![a-z])"
)
# Well-known names, and the styles that they bring to mind.
ARTISTS: dict[str, tuple[str, ...]] = {
    "周杰伦": ("pop", "chinese_traditional"), "jay chou": ("pop", "chinese_traditional"), "方文山": ("pop", "chinese_traditional"), "林俊杰": ("pop",), "陈奕迅": ("pop",), "邓丽君": ("pop",), "王菲": ("pop",),
    "五月天": ("rock", "pop"), "beyond": ("rock",), "崔健": ("rock",), "李宗盛": ("pop",), "罗大佑": ("pop",), "张学友": ("pop",), "刘德华": ("pop",), "孙燕姿": ("pop",), "蔡依林": ("pop",), "薛之谦": ("pop",), "毛不易": ("folk", "pop"), "许嵩": ("pop", "chinese_traditional"),
    "李健": ("folk", "pop"), "朴树": ("folk", "rock"), "赵雷": ("folk",), "汪峰": ("rock",), "凤凰传奇": ("pop", "folk"), "林忆莲": ("pop",), "李荣浩": ("pop",), "邓紫棋": ("pop",), "张杰": ("pop",), "华晨宇": ("pop",), "周深": ("pop",), "刘若英": ("pop",), "张惠妹": ("pop",), "梁静茹": ("pop",), "任贤齐": ("pop",),
    "久石让": ("film", "orchestral"), "joe hisaishi": ("film", "orchestral"), "hisaishi": ("film", "orchestral"), "坂本龙一": ("ambient", "film"), "ryuichi sakamoto": ("ambient", "film"), "宫崎骏": ("film",), "ghibli": ("film",), "吉卜力": ("film",), "谭盾": ("film", "chinese_traditional"),
    "hans zimmer": ("cinematic", "film"), "汉斯季默": ("cinematic", "film"), "john williams": ("film", "orchestral"), "约翰威廉姆斯": ("film", "orchestral"), "ennio morricone": ("film", "western"), "morricone": ("film", "western"), "koji kondo": ("game",), "nobuo uematsu": ("game", "orchestral"), "植松伸夫": ("game", "orchestral"),
    "taylor swift": ("pop",), "泰勒斯威夫特": ("pop",), "霉霉": ("pop",), "ed sheeran": ("pop",), "adele": ("pop",), "阿黛尔": ("pop",), "beyonce": ("rnb", "pop"), "billie eilish": ("pop",), "lady gaga": ("pop",), "bruno mars": ("pop", "funk"), "justin bieber": ("pop",), "ariana grande": ("pop",), "michael jackson": ("pop", "funk"), "madonna": ("pop",), "rihanna": ("pop",), "drake": ("hiphop",), "kanye west": ("hiphop",), "eminem": ("hiphop",), "kendrick lamar": ("hiphop",), "the weeknd": ("synthpop", "pop"), "dua lipa": ("pop",), "whitney houston": ("pop",), "mariah carey": ("pop",), "elton john": ("pop",), "bob dylan": ("folk",), "frank sinatra": ("swing", "jazz"), "elvis": ("rock",), "elvis presley": ("rock",), "freddie mercury": ("rock",),
    "coldplay": ("pop", "rock"), "the beatles": ("pop", "rock"), "beatles": ("pop", "rock"), "披头士": ("pop", "rock"), "queen": ("rock",), "pink floyd": ("rock",), "led zeppelin": ("rock",), "nirvana": ("rock",), "metallica": ("metal",), "radiohead": ("rock",), "linkin park": ("rock",), "daft punk": ("electronic",), "deadmau5": ("edm",), "avicii": ("edm",), "skrillex": ("dubstep",), "kraftwerk": ("electronic",), "brian eno": ("ambient",), "aphex twin": ("electronic",), "vangelis": ("synthwave", "film"), "bob marley": ("reggae",), "miles davis": ("jazz",), "john coltrane": ("jazz",), "bill evans": ("jazz",), "duke ellington": ("swing", "jazz"), "bts": ("kpop",), "blackpink": ("kpop",), "nujabes": ("lofi", "hiphop"), "scott joplin": ("ragtime",), "joplin": ("ragtime",),
    "bach": ("baroque",), "巴赫": ("baroque",), "vivaldi": ("baroque",), "维瓦尔第": ("baroque",), "handel": ("baroque",), "亨德尔": ("baroque",), "mozart": ("classical",), "莫扎特": ("classical",), "haydn": ("classical",), "海顿": ("classical",), "beethoven": ("classical",), "贝多芬": ("classical",), "schubert": ("romantic_era",), "舒伯特": ("romantic_era",), "chopin": ("romantic_era",), "肖邦": ("romantic_era",), "liszt": ("romantic_era",), "李斯特": ("romantic_era",), "brahms": ("romantic_era",), "勃拉姆斯": ("romantic_era",), "tchaikovsky": ("romantic_era",), "柴可夫斯基": ("romantic_era",), "rachmaninoff": ("romantic_era",), "拉赫玛尼诺夫": ("romantic_era",), "debussy": ("impressionist",), "德彪西": ("impressionist",), "ravel": ("impressionist",), "拉威尔": ("impressionist",), "satie": ("impressionist",), "萨蒂": ("impressionist",), "philip glass": ("minimalism",), "steve reich": ("minimalism",), "einaudi": ("neoclassical",), "ludovico einaudi": ("neoclassical",), "yiruma": ("new_age",), "李闰珉": ("new_age",), "yanni": ("new_age",), "kitaro": ("new_age",), "喜多郎": ("new_age",), "johann strauss": ("waltz",), "施特劳斯": ("waltz",), "piazzolla": ("tango",), "皮亚佐拉": ("tango",), "enya": ("new_age", "celtic"), "恩雅": ("new_age", "celtic"), "阿炳": ("chinese_traditional",),
}  # fmt: skip
_WORKS = re.compile(r"《([^《》]{1,40})》|[\"]([^\"]{2,40})[\"]")
_LIKE = re.compile(
    r"(?:in the style of|(?<![a-z])à la|reminiscent of|inspired by|similar to|sounds? like|something like|like|influenced by|tribute to|homage to)\s+(?:the song |the music of )?((?:[A-Z][\w.'-]*)(?:\s+(?:[A-Z][\w.'-]*|of|the|and|de|van|von))*)|(?:像|类似(?:于)?|仿照?|模仿|致敬|学)\s*([\u3400-\u9fff]{2,6}?)(?:的(?:风格|曲风|音乐|歌|作品|感觉)|风格|那样|那种|一样)"
)
_FOREIGN = (
    ("ja", re.compile(r"[\u3040-\u30ff]")), ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")), ("ar", re.compile(r"[\u0600-\u06ff]")), ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")), ("hi", re.compile(r"[\u0900-\u097f]")), ("el", re.compile(r"[\u0370-\u03ff]{2}")),
)  # fmt: skip
_LATIN: tuple[tuple[str, frozenset[str]], ...] = (
    ("es", frozenset(["una", "para", "con", "música", "canción", "triste", "alegre", "quiero", "tambor", "lento", "rápido", "guitarra", "sin", "por", "favor", "minutos", "del", "los", "las", "que"])),
    ("fr", frozenset(["une", "pour", "avec", "musique", "chanson", "triste", "joyeuse", "je", "veux", "lent", "rapide", "guitare", "sans", "des", "les", "minutes", "du", "et", "sur", "très", "écris"])),
    ("de", frozenset(["ein", "eine", "für", "mit", "musik", "lied", "traurig", "fröhlich", "ich", "möchte", "langsam", "schnell", "gitarre", "ohne", "und", "bitte", "minuten", "das", "der", "die"])),
    ("it", frozenset(["una", "per", "con", "canzone", "triste", "allegra", "voglio", "lento", "veloce", "chitarra", "senza", "minuti", "della", "il", "che", "musica"])),
    ("pt", frozenset(["uma", "para", "com", "música", "canção", "triste", "alegre", "quero", "lento", "rápido", "violão", "sem", "minutos", "que", "dos"])),
    ("vi", frozenset(["một", "bài", "nhạc", "buồn", "vui", "cho", "với", "không"])),
)  # fmt: skip
_ENGLISH = frozenset(
    [
        "the",
        "and",
        "with",
        "for",
        "a",
        "an",
        "of",
        "in",
        "no",
        "not",
        "without",
        "please",
        "song",
        "music",
        "piano",
        "sad",
        "happy",
        "slow",
        "fast",
        "minute",
        "bpm",
        "drums",
        "strings",
        "only",
        "to",
        "but",
        "my",
        "me",
        "about",
        "is",
    ]
)
_STRONG = ("style", "instrument", "key", "tonic", "metre", "chords", "tempo_bpm", "tempo_range", "section", "section_told",
           "mode", "no_voice", "form", "tempo_change", "is_loop", "fx", "style_hint", "ensemble", "bad")  # fmt: skip
_WEAK = ("mood", "usage", "hint", "seconds", "seconds_range", "bars", "dynamics", "register", "texture", "ending", "tempo_word",
         "decade", "bars_of_next", "section_bars", "bare", "moment", "timecode", "place")  # fmt: skip


def is_named(text: str) -> bool:
    """Return whether a folded lower-case text names a well-known musician."""
    return any(
        re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", text) if name.isascii() else name in text
        for name in ARTISTS
    )


# Fields that other texts than briefs have as well.
_UNSPECIFIC = ("seconds", "seconds_range", "decade", "bare", "moment", "place", "usage", "timecode", "bars")


def flags_of(text: str, *, references: Iterable[str]) -> tuple[str, ...]:
    """Return what a text may not have, of copyright_copy, voice_clone and injection; text: folded lower case."""
    found: list[str] = []
    is_voice = bool(_VOICE.search(text))
    is_named = any(True for _ in references)
    if is_voice:
        found.append("voice_clone")
    elif _COPY.search(text) or (is_named and _COPY_NAMED.search(text)):
        found.append("copyright_copy")
    if _INJECTION.search(text):
        found.append("injection")
    return tuple(found)


def references_of(cased: str) -> tuple[tuple[str, int, int], ...]:
    """Return the people and works that a text names, each with its place in the folded text."""
    lower = cased.lower()
    found: list[tuple[str, int, int]] = []
    for name in sorted(ARTISTS, key=len, reverse=True):
        edge = r"(?<![a-z])", r"(?![a-z])"
        pattern = f"{edge[0]}{re.escape(name)}{edge[1]}" if name.isascii() else re.escape(name)
        for hit in re.finditer(pattern, lower):
            if not any(start < hit.end() and hit.start() < end for _, start, end in found):
                found.append((cased[hit.start() : hit.end()], *hit.span()))
    for pattern_found in _WORKS.finditer(cased):
        name = next(group for group in pattern_found.groups() if group)
        found.append((name, *pattern_found.span()))
    for hit in _LIKE.finditer(cased):
        group = 1 if hit.group(1) else 2
        if not any(start < hit.end(group) and hit.start(group) < end for _, start, end in found):
            found.append((hit.group(group), *hit.span(group)))
    return tuple(sorted(found, key=lambda item: item[1]))


def styles_of_reference(names: Iterable[str]) -> tuple[str, ...]:
    """Return the styles that well-known names bring to mind.

    >>> styles_of_reference(["Bach"])
    ('baroque',)
    """
    return tuple(dict.fromkeys(style for name in names for style in ARTISTS.get(name.lower(), ())))


def language_of(text: str) -> str:
    """Return the language of a text: zh, en, mixed, "" for none, or another language's two letters."""
    for name, pattern in _FOREIGN:
        if pattern.search(text):
            return name
    zh, en = bool(re.search(r"[\u3400-\u9fff]", text)), len(re.findall(r"[a-z]{2,}", text.lower()))
    if zh:
        return "mixed" if en > 3 else "zh"
    words = re.findall(r"[a-zà-ÿạ-ỹ]+", text.lower())
    scores = {name: sum(word in table for word in words) for name, table in _LATIN}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] >= 3 and scores[best] > sum(word in _ENGLISH for word in words):
        return best
    return "en" if en or words else ""


_HEAD = re.compile(
    r"(?:音乐|配乐|乐曲|曲子|小曲|歌曲|歌|曲|bgm|旋律|伴奏|(?<![a-z])(?:music|songs?|tunes?|jingles?|soundtracks?|theme|loops?|beats?|lofi|lo-fi))\s*$"
)
_TASK_VERB = re.compile(
    r"翻译|总结|摘要|解释|讲解|推荐|介绍一下|下载|购买|买|搜|查|画|识别|是什么|(?<![a-z])(?:translat\w*|summar\w*|explain|recommend|download|buy|draw|script|program|function|essay|article|email|e-mail|poem|code (?:that|which|to|for)|who|what|when|why|how)(?![a-z])"
)
_HEAD_SAID = re.compile(r"[^的]*的[^的]*$|(?:lofi|jingle|bgm|钢琴|爵士|摇滚|民谣|电子)$")
# A text, a program or a picture is asked for, whatever it is about; one clause only.
_OTHER_THING = re.compile(
    r"^[^,，。;；\n]*(?:写|做|画|编|生成|制作|开发|设计)[^,，。;；\n]*(?:文章|论文|作文|程序|网站|网页|代码|脚本|小说|故事|简历|邮件|海报|图片|报告|ppt)[。.!！]?\s*$"
    r"|(?:写|编)一?[段个份些][^,，。;；\n]{0,8}(?:代码|程序|脚本)(?!时|的|用|听|直播|课|员)"
    r"|^\s*(?:please |can you |could you )?(?:write|draft|compose|create|make)(?: me| us)? (?:an? |the )?(?:\w+ )?(?:report|essay|article|poem|e-?mail|program|blog post|letter|short story|novel|website|app|tweet) (?:about|on|that|to|for|which|of)(?![a-z])"
)
_NOUN_BREAK = re.compile(r"(?<![a-z])(?:that|which|about|for|of|to|from|with)(?![a-z])")


def _without_strong(plain: str, matches: Iterable[Match]) -> str:
    """Return the text without the words that name music ("math rock" is no mathematics)."""
    marks = list(plain)
    for match in matches:
        if match.field in ("style", "instrument") and match.end <= len(marks):
            marks[match.start : match.end] = " " * (match.end - match.start)
    return "".join(marks)


def _is_headed(plain: str, matches: Iterable[Match]) -> bool:
    """Return whether a clause ends in a word for music that a word of another field only tells of (数学课用的音乐)."""
    if _TASK_VERB.search(plain) or _QUESTION.search(plain) or _BARE_QUESTION.search(plain):
        return False
    ends = {match.end for match in matches if match.field in ("style", "instrument", "usage") and match.said}
    for clause in re.finditer(r"[^,，。;；!！?？\n.]+", plain):
        words = clause.group(0).rstrip()
        at = clause.start() + len(words)
        if not (_HEAD.search(words) or (at in ends and _HEAD_SAID.search(words))):
            continue
        tasks = list(_TASKS.finditer(words))
        rest = words[tasks[-1].end() :] if tasks else ""
        if tasks and ("的" in rest if not rest.isascii() else not _NOUN_BREAK.search(rest)):
            return True
    return False


def is_music(text: str, matches: Iterable[Match], *, unknown: int) -> bool:
    """Return whether a folded lower-case text asks for music; unknown: how many of its words were not understood."""
    matches = list(matches)
    plain = _INJECTION.sub(" ", text)
    if _OTHER_THING.search(plain):
        return False
    if _is_headed(plain, matches):
        return True
    fields = [match.field for match in matches]
    strong, weak = sum(field in _STRONG for field in fields), sum(field in _WEAK for field in fields)
    asks = bool(_REQUEST.search(plain)) or bool(_NAMED_PIECE.search(plain))
    if not strong and not weak:
        is_question = _QUESTION.search(plain) or _BARE_QUESTION.search(plain)
        if unknown <= 2 and is_named(text):
            return not is_question and not _TASKS.search(plain)
        return (asks and not is_question) or (
            bool(_MUSIC.search(plain)) and not _TASKS.search(plain) and not is_question
        )
    if _BARE_QUESTION.search(plain) and not (asks and strong):
        return False
    if _TASKS.search(_without_strong(plain, matches)) or _QUESTION.search(plain):
        return asks or strong >= 3 or (strong >= 2 and not _QUESTION.search(plain))
    if strong:
        return True
    only_numbers = all(field in _UNSPECIFIC for field in fields if field in _WEAK)
    return bool(_MUSIC.search(plain)) or not only_numbers or "bars" in fields or unknown <= 1
