"""Words of `zhiyin provenance`, in English and Chinese.

Conventions: one row a key, (English, Chinese); `{name}` is filled in; the table of all words takes these in.
This module knows no command: see `zhiyin.cli.words`.
"""

from __future__ import annotations

PROVENANCE_WORDS: dict[str, tuple[str, str]] = {
    "opt.provenance.file": (
        "a score (.mid .musicxml .mxl .abc .krn .zyn) or a sound with a manifest (.wav .flac)",
        "乐谱（.mid .musicxml .mxl .abc .krn .zyn），或带有来源清单的声音（.wav .flac）",
    ),
    "opt.provenance.verify": (
        "exit with 1 unless a valid signature stands over unchanged content",
        "签名无效或内容已变时，以 1 退出",
    ),
    "opt.provenance.sign": ("sign what is written (Ed25519)", "为写出的清单签名（Ed25519）"),
    "opt.provenance.embed": ("write a copy with the manifest inside", "写一份带清单的副本"),
    "opt.provenance.out": ("write the manifest as JSON", "把清单写成 JSON"),
    "opt.provenance.manifest": ("a manifest beside the file, instead of the one in it", "用文件之外的清单"),
    "opt.provenance.key": (
        "the signing key's file; made when there is none (usually in your settings folder)",
        "签名密钥文件；没有就新建（通常在你的设置文件夹）",
    ),
    "opt.provenance.c2pa": (
        "put Content Credentials (C2PA) into a signed copy of a .wav or .flac",
        "给签名的 .wav 或 .flac 副本加上内容凭证（C2PA）",
    ),
    "opt.provenance.certificates": (
        "a PEM certificate chain for the key; without one the signer is known to no authority",
        "密钥的 PEM 证书链；没有则签名者不为任何机构所知",
    ),
    "opt.provenance.person": ("who wrote the notes of unknown origin", "来源不明的音由谁所写"),
    "provenance.overall": ("{notes} notes: {shares}", "{notes}个音：{shares}"),
    "provenance.joint": (", ", "，"),
    "provenance.kind.person": ("person", "人"),
    "provenance.kind.file": ("file", "文件"),
    "provenance.kind.model": ("model", "模型"),
    "provenance.kind.unknown": ("unknown", "不明"),
    "provenance.origin": ("origin", "来源"),
    "provenance.name": ("name", "名称"),
    "provenance.detail": ("detail", "细节"),
    "provenance.part": ("part", "声部"),
    "provenance.section": ("section", "段落"),
    "provenance.by_notes": ("of the notes", "按音数"),
    "provenance.by_time": ("of the sounding time", "按发声时长"),
    "provenance.learned": ("{model} learned from:", "{model} 学自："),
    "provenance.no_card": (
        "{model}: no card of this version is here, so what it learned from is unknown",
        "{model}：这里没有该版本的模型卡，不知道它学自什么",
    ),
    "provenance.manifest": ("manifest", "清单"),
    "provenance.content.no manifest": ("none came with this file", "文件没有附带清单"),
    "provenance.content.same": ("the content is as it says", "内容与清单一致"),
    "provenance.content.same music": (
        "the notes are as it says; loudness or fine timing differ",
        "音符与清单一致；力度或细微时值不同",
    ),
    "provenance.content.changed": ("the content has changed since", "内容在清单之后有改动"),
    "provenance.content.unbound": ("it was not made for a sound", "清单不是为声音文件写的"),
    "provenance.signature": ("signature", "签名"),
    "provenance.signature.valid": ("valid, key {fingerprint}", "有效，密钥 {fingerprint}"),
    "provenance.signature.invalid": ("INVALID: the manifest was altered", "无效：清单被改动过"),
    "provenance.signature.unsigned": ("unsigned", "未签名"),
    "provenance.signature.unchecked": (
        "there is one, key {fingerprint}, not checked: pip install 'zhiyin[sign]'",
        "有签名，密钥 {fingerprint}，未核对：pip install 'zhiyin[sign]'",
    ),
    "provenance.c2pa": ("Content Credentials", "内容凭证"),
    "provenance.c2pa.valid": (
        "whole; signed by {signer}, known to no authority",
        "完整；由 {signer} 签名，不为任何机构所知",
    ),
    "provenance.c2pa.trusted": ("whole; signed by {signer}, trusted", "完整；由 {signer} 签名，可信"),
    "provenance.c2pa.invalid": ("INVALID: the file was altered", "无效：文件被改动过"),
    "provenance.c2pa.unchecked": (
        "there are some, not checked: pip install 'zhiyin[c2pa]'",
        "有，未核对：pip install 'zhiyin[c2pa]'",
    ),
    "provenance.changes": ("notes", "音符"),
    "provenance.changes.value": (
        "{matched} as the manifest has them, {foreign} not in it (origin unknown), {missing} of it gone",
        "{matched}个与清单相同，{foreign}个不在清单中（来源不明），清单中{missing}个已不在",
    ),
    "provenance.marks": ("marks", "标记"),
    "provenance.marks.value": (
        "tempo, metre, key, chords or sections differ from the manifest",
        "速度、拍号、调、和弦或段落与清单不同",
    ),
    "provenance.signed_by": ("signed, key", "已签名，密钥"),
    "provenance.not_verified": ("not verified", "未通过核对"),
    "provenance.no_verdict": (
        "These are facts about the notes, not a legal judgement.",
        "以上是关于音符的事实，不是法律意见。",
    ),
}
