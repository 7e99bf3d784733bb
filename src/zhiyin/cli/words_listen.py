"""Words of `zhiyin listen`, in English and Chinese.

Conventions: one row a key, (English, Chinese); `{name}` is filled in; the table of all words takes these in.
This module knows no command: see `zhiyin.cli.words`.
"""

from __future__ import annotations

LISTEN_WORDS: dict[str, tuple[str, str]] = {
    "opt.listen.file": (
        "notes (.mid .musicxml .mxl .abc .krn .zyn) or sound (.wav .flac .mp3 .ogg .aiff; needs the part listen)",
        "乐谱（.mid .musicxml .mxl .abc .krn .zyn）或声音（.wav .flac .mp3 .ogg .aiff，需要可选部分 listen）",
    ),
    "listen.no_key": ("no clear key", "调性不明"),
    "listen.no_tempo": ("no clear pulse", "没有明显的拍子"),
    "listen.or": (" (or {others})", "（或 {others}）"),
    "listen.seconds": ("{seconds:.1f} s", "{seconds:.1f} 秒"),
    "listen.loudness": ("loudness", "响度"),
    "listen.brightness": ("brightness", "明亮度"),
    "listen.onsets": ("notes begun a second", "每秒起音数"),
    "listen.valence": ("valence", "愉悦度"),
    "listen.arousal": ("arousal", "激动度"),
    "listen.near": ("near:", "相近："),
    "stage.listen": ("listening", "聆听"),
    "stage.draw": ("drawing", "绘图"),
}
