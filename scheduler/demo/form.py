"""What the demo's entry form asks beside the house's own fields, and what groups answered."""

from typing import Any

from scheduler.demo.entries import Entry
from scheduler.demo.writing import add_all
from scheduler.programmes.form_fields import AskedWhen, Audience, FieldKind, FieldOwner
from scheduler.programmes.form_models import FormField

CHOIRS = ["CHOIR_TREBLE_P", "CHOIR_TREBLE_J", "CHOIR_MIXED_JH", "CHOIR_SMALL"]
SIZES = ("110", "120", "130", "140", "150", "160", "170")


def _option(code: str, *names: str) -> dict[str, Any]:
    given = dict(zip(("en", "zh_Hans", "zh_Hant_HK"), names, strict=False))
    return {"code": code, "names": given, "is_retired": False}


ACCOMPANIMENT: dict[str, Any] = {
    "code": "accompaniment",
    "owner": FieldOwner.GROUP,
    "kind": FieldKind.CHOICE,
    "names": {
        "en": "Do you bring your own accompaniment recording?",
        "zh_Hans": "是否自备伴奏音频？",
        "zh_Hant_HK": "是否自備伴奏錄音？",
    },
    "helps": {
        "en": "The stage has a grand piano and a player for recordings.",
        "zh_Hans": "舞台备有三角钢琴和音频播放设备。",
        "zh_Hant_HK": "舞台備有三角琴及播放設備。",
    },
    "options": [
        _option("none", "No, we sing with piano or unaccompanied", "否，钢琴伴奏或无伴奏",
                "否，以鋼琴伴奏或無伴奏"),
        _option("stick", "Yes, on a memory stick", "是，存于U盘", "是，存於USB手指"),
        _option("mail", "Yes, sent by e-mail", "是，邮件发送", "是，以電郵傳送"),
    ],
    "most": None,
    "audience": Audience.EVERYBODY,
    "asked_when": AskedWhen.ENTRY,
    "is_required": True,
    "categories": CHOIRS,
}  # fmt: skip
VIDEO: dict[str, Any] = {
    **ACCOMPANIMENT,
    "code": "video",
    "kind": FieldKind.VIDEO,
    "names": {
        "en": "Video of a rehearsal",
        "zh_Hans": "排练视频",
        "zh_Hant_HK": "排練影片",
    },
    "helps": {
        "en": "Two minutes are enough, with the whole group in the picture.",
        "zh_Hans": "两分钟即可，画面应包含全体成员。",
        "zh_Hant_HK": "兩分鐘已足夠，畫面須包括全體成員。",
    },
    "options": [],
    "is_required": False,
    "categories": [],
}
SHIRT: dict[str, Any] = {
    **VIDEO,
    "code": "shirt",
    "owner": FieldOwner.MEMBER,
    "kind": FieldKind.CHOICE,
    "names": {"en": "T-shirt size", "zh_Hans": "T恤尺码", "zh_Hant_HK": "T恤尺碼"},
    "helps": {
        "en": "Body height in centimetres; everybody gets the festival's shirt.",
        "zh_Hans": "按身高（厘米）选择；每位成员将获赠活动T恤。",
        "zh_Hant_HK": "按身高（厘米）選擇；每位成員將獲贈活動T恤。",
    },
    "options": [_option(size, size, size, size) for size in SIZES],
}


def add_form(programme_id: int) -> None:
    """Add three fields: a choice for choirs, a video, and each pupil's shirt."""
    add_all(
        FormField,
        [
            {**field, "programme_id": programme_id, "position": position}
            for position, field in enumerate((ACCOMPANIMENT, VIDEO, SHIRT), start=1)
        ],
    )


def group_answers(entry: Entry) -> dict[str, str]:
    """Return what a group has answered; a returned one and a draft have not answered all."""
    answers = {}
    if entry.kind in CHOIRS:
        answers["accompaniment"] = "stick" if entry.kind == "CHOIR_SMALL" else "none"
    if entry.is_submitted:
        answers["video"] = f"https://www.bilibili.com/video/{entry.key}-demo"
    return answers


def member_answers(entry: Entry, position: int) -> dict[str, str]:
    """Return the size of a pupil's shirt; the draft's last pupil has not said it yet."""
    if not entry.is_submitted and position == len(entry.members):
        return {}
    return {"shirt": SIZES[position % len(SIZES)]}
