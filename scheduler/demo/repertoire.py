"""What groups are called, sing and play: traditional tunes and invented names."""

import random
from dataclasses import dataclass

from scheduler.demo.festival import SchoolRecord

ENSEMBLES = {
    "CHOIR_TREBLE_P": ("童声合唱团", "童聲合唱團", "Treble Choir"),
    "CHOIR_TREBLE_J": ("童声合唱团", "童聲合唱團", "Junior Treble Choir"),
    "CHOIR_MIXED_JH": ("混声合唱团", "混聲合唱團", "Mixed Choir"),
    "CHOIR_SMALL": ("小合唱队", "小合唱隊", "Chamber Choir"),
    "WIND_BAND": ("管乐团", "管樂團", "Wind Band"),
    "SYMPHONY": ("交响乐团", "交響樂團", "Symphony Orchestra"),
    "STRING_ORCH": ("弦乐团", "弦樂團", "String Orchestra"),
    "CHAMBER": ("重奏团", "重奏團", "Chamber Ensemble"),
}
EQUIPMENT = {
    "CHOIR_TREBLE_P": "钢琴；合唱台阶三层 Piano, three rows of risers",
    "CHOIR_TREBLE_J": "钢琴；合唱台阶三层 Piano, three rows of risers",
    "CHOIR_MIXED_JH": "钢琴；合唱台阶四层 Piano, four rows of risers",
    "CHOIR_SMALL": "无 None",
    "WIND_BAND": "定音鼓四只、谱架 30、椅 55 Four timpani, 30 stands, 55 chairs",
    "SYMPHONY": "定音鼓四只、谱架 35、椅 65 Four timpani, 35 stands, 65 chairs",
    "STRING_ORCH": "谱架 18、椅 36、低音提琴凳 18 stands, 36 chairs, bass stools",
    "CHAMBER": "谱架 5、椅 10 Five stands, ten chairs",
}
VOICE_PARTS = {
    "SA": ("S", "A"),
    "SSA": ("S1", "S2", "A"),
    "SATB": ("S", "A", "T", "B"),
}
INSTRUMENT_PARTS = {
    "WIND_BAND": (
        "flute", "clarinet Bb", "clarinet Bb", "clarinet Bb", "oboe", "sax A", "sax T", "horn",
        "trumpet", "trumpet", "trombone", "euphonium", "tuba", "snare", "mallets",
    ),
    "SYMPHONY": (
        "violin I", "violin I", "violin I", "violin II", "violin II", "violin II", "viola",
        "viola", "cello", "cello", "double bass", "flute", "oboe", "clarinet Bb", "bassoon",
        "horn", "trumpet", "trombone", "timpani",
    ),
    "STRING_ORCH": (
        "violin I", "violin I", "violin II", "violin II", "viola", "cello", "double bass",
    ),
    "CHAMBER": ("violin I", "violin II", "viola", "cello"),
}  # fmt: skip
SONGS_HANS = (
    ("茉莉花", "江苏民歌"), ("落水天", "客家民歌"), ("月光光", "广东童谣"),
    ("彩云追月", "广东音乐"), ("半个月亮爬上来", "青海民歌"), ("小河淌水", "云南民歌"),
    ("送别", "李叔同词"), ("春晓", "孟浩然诗"), ("静夜思", "李白诗"),
)  # fmt: skip
SONGS_LATIN = (
    ("Scarborough Fair", "trad. English"), ("Pokarekare Ana", "trad. Māori"),
    ("Verdes são os campos", "trad. Portuguese"), ("Sakura", "trad. Japanese"),
    ("Rasa Sayang", "trad. Malay"), ("The Skye Boat Song", "trad. Scottish"),
    ("Simple Gifts", "trad. Shaker"),
)  # fmt: skip
PLAYED = {
    "WIND_BAND": (
        ("First Suite in E-flat, Chaconne", "G. Holst"), ("Folk Song March", "R. Vaughan Williams"),
        ("瑶族舞曲", "茅沅、刘铁山"), ("Radetzky March", "J. Strauss I"),
    ),
    "SYMPHONY": (
        ("Slavonic Dance No. 8", "A. Dvořák"), ("Farandole", "G. Bizet"),
        ("Hungarian Dance No. 5", "J. Brahms"), ("Finlandia (ending)", "J. Sibelius"),
    ),
    "STRING_ORCH": (
        ("St Paul's Suite, Jig", "G. Holst"), ("Serenade for Strings, Waltz", "P. Tchaikovsky"),
        ("Brandenburg Concerto No. 3, Allegro", "J. S. Bach"), ("Plink, Plank", "trad."),
    ),
    "CHAMBER": (
        ("Divertimento in D, Presto", "W. A. Mozart"), ("Canon", "J. Pachelbel"),
        ("String Quartet op. 76/3, Adagio", "J. Haydn"), ("Menuet", "L. Boccherini"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Work:
    """A work with its composer and duration."""

    title: str
    composer: str
    seconds: int


def group_name(kind: str, school: SchoolRecord) -> str:
    """Return the name under which a school enters a group, in the school's own language."""
    hans, hant, english = ENSEMBLES[kind]
    if school.origin == "GZ":
        return school.name.removeprefix("广州市") + hans
    if school.is_chinese:
        return school.name.split()[-1] + hant
    return f"{school.name} {english}"


def works(kind: str, school: SchoolRecord, limit_minutes: int, chance: random.Random) -> list[Work]:
    """Return two different works that together stay within the limit."""
    songs = SONGS_HANS if school.is_chinese else SONGS_LATIN
    chosen = chance.sample(PLAYED.get(kind, songs), 2)
    whole = limit_minutes * 60 - chance.randrange(15, 75, 5)
    first = whole * chance.randrange(40, 60) // 100
    seconds = (first, whole - first)
    return [Work(*work, length) for work, length in zip(chosen, seconds, strict=True)]


def parts(kind: str, voicing: str | None, size: int) -> list[str]:
    """Return the voice or instrument of each member, evenly spread."""
    names = VOICE_PARTS[voicing] if voicing else INSTRUMENT_PARTS.get(kind, ("S", "A"))
    if voicing:
        return [names[number * len(names) // size] for number in range(size)]
    return [names[number % len(names)] for number in range(size)]
