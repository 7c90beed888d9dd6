"""The sheet of the groups in an entry workbook (domain.md section 2)."""

from scheduler.applications.roster_choices import (
    A_DURATION,
    A_MOBILE,
    A_NAME,
    AN_EMAIL,
    ANY_TEXT,
    VOICINGS,
    YES_NO,
    YES_OR_NO,
    also,
    texts,
)
from scheduler.programmes.kinds import MOST_WORKS
from scheduler.spreadsheets.columns import Column, SheetPlan, Texts

FIRST_PIECES = 2
"""These stand among the others; the further ones last, where a category asks for them."""

ADVISERS = 3


def piece_keys(number: int) -> tuple[str, str, str]:
    """Return the columns of a work: title, composer and duration."""
    return (f"piece_{number}_title", f"piece_{number}_composer", f"piece_{number}_duration")


def _piece_columns(number: int) -> tuple[Column, ...]:
    is_first = number == 1
    title, composer, duration = piece_keys(number)
    return (
        Column(
            title,
            texts(f"Piece {number} title", f"曲目{number}曲名", f"曲目{number}名稱"),
            ANY_TEXT,
            (f"曲目{number}", f"曲名{number}", f"作品{number}", f"Piece {number}"),
            is_required=is_first,
            width=26,
            example="茉莉花",
        ),
        Column(
            composer,
            texts(f"Piece {number} composer", f"曲目{number}词曲作者", f"曲目{number}作曲及填詞"),
            ANY_TEXT,
            (f"曲目{number}作者", f"曲目{number}作曲", f"作曲{number}", f"Composer {number}"),
            width=20,
        ),
        Column(
            duration,
            texts(f"Piece {number} duration", f"曲目{number}时长", f"曲目{number}時長"),
            A_DURATION,
            (f"时长{number}", f"時長{number}", f"Duration {number}"),
            is_required=is_first,
            width=12,
            example="03:45",
        ),
    )


def _name_column(key: str, headings: Texts, *aliases: str) -> Column:
    return Column(key, headings, A_NAME, aliases)


def _adviser_column(number: int, *aliases: str) -> Column:
    headings = texts(f"Adviser {number}", f"指导教师{number}", f"指導老師{number}")
    aliases = (*aliases, f"指導教師{number}", f"Advisor {number}")
    return _name_column(f"adviser_{number}", headings, *aliases)


GROUP_SHEET = SheetPlan(
    "groups",
    texts("Groups", "队伍", "隊伍"),
    (
        Column(
            "reference",
            texts("Entry number", "报名编号", "報名編號"),
            texts(
                "filled in by this site; leave it as it is, blank for a new group",
                "由系统填写，请勿改动；新队伍留空",
                "由系統填寫，請勿更改；新隊伍留空",
            ),
            ("Application number", "编号", "編號"),
        ),
        Column(
            "name",
            texts("Group name", "队名", "隊名"),
            texts("its own name for each group", "每队名称不同", "每隊名稱不同"),
            ("队伍名称", "隊伍名稱", "团队名称", "團隊名稱", "Team name", "Group", "Ensemble"),
            is_required=True,
            width=26,
        ),
        Column(
            "voicing",
            texts("Voicing", "声部编制", "聲部編制"),
            texts("such as SSA or SATB", "如 SSA、SATB", "如 SSA、SATB"),
            ("声部", "聲部", "编制", "編制"),
            choices=VOICINGS,
            is_strict=False,
            width=12,
        ),
        Column(
            "leader",
            texts("Team leader", "领队", "領隊"),
            A_NAME,
            ("领队姓名", "領隊姓名", "Leader"),
            is_required=True,
        ),
        Column(
            "leader_phone",
            texts("Leader's mobile", "领队手机", "領隊手機"),
            A_MOBILE,
            also(
                "领队电话|領隊電話|领队联系电话|联系电话|聯絡電話|电话|電話|"
                "Leader mobile|Leader phone"
            ),
            is_required=True,
            width=18,
        ),
        Column(
            "leader_email",
            texts("Leader's e-mail", "领队邮箱", "領隊電郵"),
            AN_EMAIL,
            ("领队电子邮箱", "領隊電子郵件", "Leader email", "Leader e-mail"),
            width=26,
        ),
        _name_column("conductor", texts("Conductor", "指挥", "指揮"), "指挥姓名", "指揮姓名"),
        Column(
            "conductor_is_own",
            texts("Conductor is own teacher", "指挥是否本校教师", "指揮是否本校教師"),
            YES_OR_NO,
            ("是否本校教师", "是否本校教師", "Own-school conductor"),
            choices=YES_NO,
        ),
        _name_column(
            "accompanist",
            texts("Accompanist", "钢琴伴奏", "鋼琴伴奏"),
            "伴奏",
            "伴奏姓名",
            "Pianist",
        ),
        _adviser_column(1, "指导教师", "指導教師", "指導老師", "Adviser"),
        _adviser_column(2),
        *(column for number in range(1, FIRST_PIECES + 1) for column in _piece_columns(number)),
        Column(
            "equipment",
            texts("Equipment", "乐器与设备", "樂器與設備"),
            texts(
                "piano, timpani, stands, choir risers …",
                "钢琴、定音鼓、谱架、站台层数等",
                "鋼琴、定音鼓、譜架、合唱台階等",
            ),
            ("设备清单", "乐器与设备清单", "設備清單", "Equipment note"),
            width=30,
        ),
        Column(
            "introduction",
            texts("Introduction", "节目简介", "節目簡介"),
            texts("at most 400 characters", "不超过400字", "不超過400字"),
            ("简介", "簡介", "Programme note"),
            width=40,
        ),
        # Further columns stand last, so that workbooks that are out already keep their order.
        _adviser_column(3),
        Column(
            "chaperones",
            texts("Chaperones", "随队教师", "隨團教師"),
            texts("names with ; between them", "姓名，用分号或顿号隔开", "姓名，以分號或頓號分隔"),
            ("隨隊教師", "随队老师", "Escorts"),
            width=26,
        ),
        *(
            column
            for number in range(FIRST_PIECES + 1, MOST_WORKS + 1)
            for column in _piece_columns(number)
        ),
    ),
    aliases=("Group", "队伍信息", "队伍表", "團隊", "团队", "Teams"),
)
