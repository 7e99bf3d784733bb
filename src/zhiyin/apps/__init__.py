"""Applications: one file for each verb a musician would use, and the table of them.

Conventions: each module has a frozen request dataclass and a function `run(request, progress)`.
This package neither prints nor parses a command line: see `zhiyin.cli`.
"""

from __future__ import annotations

from zhiyin.apps.base import App

_ROWS = (
    ("compose", "compose", "ComposeRequest", "write a piece from a sentence", "由一句话写出一首曲子"),
    ("continue", "continue_", "ContinueRequest", "write on where a piece ends", "接着一首曲子往下写"),
    (
        "extend-to",
        "extend_to",
        "ExtendToRequest",
        "bring a score to an exact length, with an ending",
        "把乐谱延长到指定的长度并收尾",
    ),
    ("infill", "infill_", "InfillRequest", "write any bars of any parts anew", "重写任意声部的任意小节"),
    ("blend", "blend_", "BlendRequest", "blend pieces by weights", "按权重融合几首曲子"),
    (
        "interpolate",
        "interpolate_",
        "InterpolateRequest",
        "go from one piece to another in steps",
        "从一首曲子一步步走到另一首",
    ),
    (
        "map",
        "map_",
        "MapRequest",
        "show where phrases lie among those of people's pieces",
        "看一看乐句在众多曲子里的位置",
    ),
    ("transfer", "transfer_", "TransferRequest", "play a song in another style", "把一首曲子换成另一种风格"),
    ("vary", "vary_", "VaryRequest", "play bars again otherwise", "让一些小节换个样子"),
    (
        "harmonise",
        "harmonise_",
        "HarmoniseRequest",
        "find chords or three voices for a tune",
        "为旋律配和弦或四部和声",
    ),
    (
        "melodise",
        "melodise_",
        "MelodiseRequest",
        "write a tune over chords or an accompaniment",
        "为和弦或伴奏写旋律",
    ),
    ("accompany", "accompany_", "AccompanyRequest", "write an accompaniment under a tune", "为旋律写伴奏"),
    (
        "counterpoint",
        "counterpoint_",
        "CounterpointRequest",
        "write a second line beside a given one",
        "为一条旋律写对位声部",
    ),
    ("drums", "drums_", "DrumsRequest", "write a groove for a piece", "为曲子写鼓点"),
    ("develop", "develop_", "DevelopRequest", "make a section of a motif", "把一个动机发展成一段"),
    ("reply", "reply_", "ReplyRequest", "answer the last phrase of a part", "应答一个声部的最后一句"),
    (
        "accept",
        "accept_",
        "AcceptRequest",
        "put a take into its score, whole or in part",
        "把一个版本采纳进原谱",
    ),
    (
        "lyrics",
        "lyrics_",
        "LyricsRequest",
        "write words for a tune, or check yours against it",
        "为旋律填词，或检查你写的词",
    ),
    ("arrange", "arrange_", "ArrangeRequest", "give a piece to another ensemble", "把曲子改编给别的乐队"),
    (
        "orchestrate",
        "orchestrate_",
        "OrchestrateRequest",
        "give a piece the colours of an orchestra",
        "为曲子配器",
    ),
    (
        "reduce",
        "reduce_",
        "ReduceRequest",
        "bring an ensemble under two hands at a piano",
        "把合奏缩编成钢琴谱",
    ),
    ("render", "render_", "RenderRequest", "turn a score into sound and pages", "把乐谱变成声音、谱面和图"),
    ("convert", "convert", "ConvertRequest", "turn one score format into another", "转换乐谱格式"),
    ("info", "info", "InfoRequest", "tell what a score holds", "说出乐谱里有什么"),
    ("diff", "diff_", "DiffRequest", "tell what changed between two scores", "说出两份乐谱有什么不同"),
    (
        "judge",
        "judge_",
        "JudgeRequest",
        "measure scores beside what people write",
        "量一量乐谱，与人写的相比",
    ),
    (
        "listen",
        "listen_",
        "ListenRequest",
        "tell what a piece is: style, mood, key, tempo, form",
        "听一听是什么曲子：风格、情绪、调、速度、曲式",
    ),
    (
        "originality",
        "originality_",
        "OriginalityRequest",
        "tell what a score shares with the pieces learned from",
        "看一看乐谱与学过的曲子有多少相同",
    ),
    (
        "originality build",
        "originality_build",
        "OriginalityBuildRequest",
        "build the index that originality compares with",
        "构建用来比对的索引",
    ),
    (
        "provenance",
        "provenance_",
        "ProvenanceRequest",
        "tell where the notes of a piece come from",
        "说明一首曲子的音从哪里来",
    ),
    ("edit", "edit_", "EditRequest", "change a score by a sentence", "用一句话修改乐谱"),
    ("plan", "plan_", "PlanRequest", "make the plan of a piece, without notes", "只作曲子的规划，不写音符"),
    ("brief", "brief_", "BriefRequest", "show how a sentence is understood", "看一句话怎样被理解"),
    (
        "corpus list",
        "corpus_list",
        "CorpusListRequest",
        "list the data sets and what they allow",
        "列出数据集及其许可",
    ),
    (
        "corpus fetch",
        "corpus_fetch",
        "CorpusFetchRequest",
        "bring a data set here and check it",
        "取来并核对一个数据集",
    ),
    (
        "corpus build",
        "corpus_build",
        "CorpusBuildRequest",
        "build the corpus that training reads",
        "构建训练语料",
    ),
    (
        "corpus stats",
        "corpus_stats",
        "CorpusStatsRequest",
        "count what a built corpus holds",
        "统计建好的语料",
    ),
    ("train", "train_", "TrainRequest", "train a model from a recipe", "按配方训练模型"),
    ("tune", "tune_", "TuneRequest", "search for the settings of a recipe", "为配方搜索更好的设置"),
    (
        "families",
        "families_",
        "FamiliesRequest",
        "list who can write, and what each can do",
        "列出谁能写、各能做什么",
    ),
    ("doctor", "doctor", "DoctorRequest", "check what this machine has", "检查本机的条件"),
)

APPS: dict[str, App] = {
    name: App(name, f"zhiyin.apps.{module}", request, english, chinese)
    for name, module, request, english, chinese in _ROWS
}

__all__ = ["APPS", "App"]
