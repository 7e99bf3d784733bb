"""What a judge's value means to a musician: a plain sentence for less and for more than people have.

Conventions: each row is (less, more), each (English, Chinese); numbers are put in brackets after it.
This module measures nothing and knows no norm: see `zhiyin.judge.rank`.
"""

from __future__ import annotations

Words = tuple[str, str]

PLAIN: dict[str, tuple[Words, Words]] = {
    "entropy-1": (
        ("fewer different notes in a bar than usual", "一小节里用的音比常见的少"),
        ("more different notes in a bar than usual", "一小节里用的音比常见的多"),
    ),
    "entropy-4": (
        ("fewer different notes in four bars than usual", "四小节里用的音比常见的少"),
        ("more different notes in four bars than usual", "四小节里用的音比常见的多"),
    ),
    "entropy": (
        ("fewer different notes in the whole piece than usual", "全曲用的音比常见的少"),
        ("more different notes in the whole piece than usual", "全曲用的音比常见的多"),
    ),
    "scale": (
        ("leaves its scale more than people do", "离开音阶比人写的多"),
        ("keeps to its scale more strictly than people do", "比人写的更严守音阶"),
    ),
    "groove-neighbours": (
        ("the rhythm changes from bar to bar more than usual", "相邻小节的节奏变化比常见的大"),
        ("the rhythm changes from bar to bar less than usual", "相邻小节的节奏变化比常见的小"),
    ),
    "groove": (
        ("the rhythms of the bars are less alike than usual", "各小节的节奏不如常见的统一"),
        ("the rhythms of the bars are more alike than usual", "各小节的节奏比常见的单一"),
    ),
    "structure-short": (
        ("repeats short ideas (3-8 s) less than people do", "短句（3–8 秒）的重复比人写的少"),
        ("repeats short ideas (3-8 s) more than people do", "短句（3–8 秒）的重复比人写的多"),
    ),
    "structure-middle": (
        ("repeats phrases (8-15 s) less than people do", "乐句（8–15 秒）的重复比人写的少"),
        ("repeats phrases (8-15 s) more than people do", "乐句（8–15 秒）的重复比人写的多"),
    ),
    "structure-long": (
        ("repeats whole sections (15 s or more) less than people do", "整段（15 秒以上）的重复比人写的少"),
        ("repeats whole sections (15 s or more) more than people do", "整段（15 秒以上）的重复比人写的多"),
    ),
    "plan-likeness": (
        ("sections of one name are hardly more alike than others", "同名的段落并不比别的段落更像"),
        ("sections of one name are very much alike", "同名的段落非常相像"),
    ),
    "chord-entropy": (
        ("the chords change less freely than usual", "和弦的变化比常见的少"),
        ("the chords are more mixed than usual", "和弦比常见的繁杂"),
    ),
    "chord-coverage": (
        ("fewer different chords than usual", "用的和弦种类比常见的少"),
        ("more different chords than usual", "用的和弦种类比常见的多"),
    ),
    "chord-distance": (
        ("each chord lies nearer to the next than usual", "前后和弦的关系比常见的近"),
        ("the chords jump farther from each other than usual", "前后和弦的关系比常见的远"),
    ),
    "strong-tones": (
        ("fewer chord tones on strong beats than usual", "强拍上的和弦音比常见的少"),
        ("more chord tones on strong beats than usual", "强拍上的和弦音比常见的多"),
    ),
    "chord-tone-ratio": (
        ("the melody leaves its chords unresolved more than usual", "旋律中没有解决的和弦外音比常见的多"),
        ("the melody stays on its chords more than usual", "旋律比常见的更贴着和弦音"),
    ),
    "consonance": (
        ("the melody clashes with its chords more than usual", "旋律与和弦的碰撞比常见的多"),
        ("the melody clashes with its chords less than usual", "旋律与和弦的碰撞比常见的少"),
    ),
    "melody-distance": (
        ("the melody lies closer to its chords than usual", "旋律比常见的更靠近和弦"),
        ("the melody lies farther from its chords than usual", "旋律离和弦比常见的远"),
    ),
    "parallels": (
        ("fewer parallel fifths and octaves than usual", "平行五八度比常见的少"),
        ("more parallel fifths and octaves than usual", "平行五八度比常见的多"),
    ),
    "crossings": (
        ("the voices cross less than usual", "声部交叉比常见的少"),
        ("the voices cross more than usual", "声部交叉比常见的多"),
    ),
    "spacing": (
        ("the voices lie closer together than usual", "声部排列比常见的密"),
        ("wide gaps between the voices more often than usual", "声部间的空当比常见的多"),
    ),
    "bar-repeats": (
        ("fewer bars come back unchanged than usual", "原样重复的小节比常见的少"),
        ("more bars come back unchanged than usual", "原样重复的小节比常见的多"),
    ),
    "identical-run": (
        ("one bar is never repeated as long as usual", "同一小节连续重复比常见的少"),
        ("one bar is repeated more times in a row than usual", "同一小节连续重复比常见的多"),
    ),
    "empty-bars": (
        ("fewer empty bars than usual", "空小节比常见的少"),
        ("more empty bars than usual", "空小节比常见的多"),
    ),
    "empty-beats": (
        ("fewer rests than usual", "休止比常见的少"),
        ("more rests than usual", "休止比常见的多"),
    ),
    "dissonance": (
        ("fewer sharp dissonances than usual", "尖锐的不协和比常见的少"),
        ("more sharp dissonances than usual", "尖锐的不协和比常见的多"),
    ),
    "huron": (
        ("rougher intervals than usual", "音程比常见的粗糙"),
        ("smoother intervals than usual", "音程比常见的圆润"),
    ),
    "polyphony": (
        ("thinner than usual: fewer notes at once", "织体比常见的薄：同响的音少"),
        ("thicker than usual: more notes at once", "织体比常见的厚：同响的音多"),
    ),
    "density": (("fewer notes than usual", "音比常见的疏"), ("more notes than usual", "音比常见的密")),
    "note-length": (
        ("shorter notes than usual", "音比常见的短"),
        ("longer notes than usual", "音比常见的长"),
    ),
    "height": (("lies lower than usual", "音区比常见的低"), ("lies higher than usual", "音区比常见的高")),
    "out-of-range": (
        ("stays within the instruments' ranges", "都在乐器音域之内"),
        ("notes beyond the instruments' ranges", "有超出乐器音域的音"),
    ),
    "breath": (
        ("shorter breaths than usual", "一口气比常见的短"),
        ("longer without a breath than usual", "换气间隔比常见的长"),
    ),
    "hand-span": (
        ("hands stretch less than usual", "手的跨度比常见的小"),
        ("hands stretch further than usual", "手的跨度比常见的大"),
    ),
    "hand-keys": (
        ("hands hold fewer keys at once than usual", "一只手同按的键比常见的少"),
        ("hands hold more keys at once than usual", "一只手同按的键比常见的多"),
    ),
    "hands-unplayable": (
        ("lies well under the hands", "都弹得了"),
        ("chords that no hand can hold", "有弹不下的和音"),
    ),
    "string-skips": (
        ("skips strings less than usual", "跨弦比常见的少"),
        ("skips strings more than usual", "跨弦比常见的多"),
    ),
    "stops-unplayable": (
        ("all stops can be taken", "和音都拉得了"),
        ("stops that no hand can take", "有拉不了的和音"),
    ),
}
