"""The words of blends, ways between pieces and the map, in English and Chinese.

Conventions: as in `zhiyin.cli.words`, which takes these in.
This module prints nothing.
"""

from __future__ import annotations

LATENT_WORDS: dict[str, tuple[str, str]] = {
    "opt.others": ("the other pieces, then their weights if any", "其他曲子，后面可写权重"),
    "opt.weights": (
        "one a piece, the first one's first, e.g. --weights .3 .7; equal unless told",
        "每首一个权重，第一首在前，如 --weights .3 .7；不写则相等",
    ),
    "opt.blend_strength": (
        "how far towards the blend, above 0 (the first piece) to 1 (all the way)",
        "向融合走多远，大于 0（第一首），1 为走到底",
    ),
    "opt.blend_keep": (
        "parts of the first piece that stay, e.g. melody or 'piano, drums'",
        "第一首里保留不动的声部，如 旋律 或 “钢琴，鼓”",
    ),
    "opt.blend_bars": ("how many bars meet; up to 16 unless told", "融合多少小节；不写最多 16"),
    "opt.step_bars": ("bars of a step", "每一步的小节数"),
    "opt.way_steps": ("steps of the way, both pieces among them", "一共几步，两首都算在内"),
    "opt.map_out": (
        "the folder to write into; left open: out, out-2 ...",
        "写进哪个文件夹；不写就是 out、out-2……",
    ),
    "opt.map_part": (
        "which part of each file, e.g. melody, bass, drums",
        "每份乐谱看哪个声部，如 旋律、贝斯、鼓",
    ),
    "chosen": ("chosen", "选定"),
    "map.file": ("file", "文件"),
    "map.bars": ("bars", "小节"),
    "map.place": ("place", "位置"),
    "map.near": ("nearest pieces", "最近的曲子"),
    "opt.own_keys": ("leave every piece in its own key", "各曲保留自己的调"),
    "opt.stretch": (
        "bars of another length are drawn out or in, every step at its share of the bar",
        "小节长度不同时按比例伸缩，每一步保持在小节中的位置",
    ),
}
