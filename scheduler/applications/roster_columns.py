"""The two sheets of an entry workbook: their columns, headings in three languages, and choices.

Headings are recognised in any language whatever the reader's own is, so they stand here as they
are and not in the catalogues. The columns follow domain.md section 2.
"""

from scheduler.people.identity import DocumentKind, Sex
from scheduler.spreadsheets.columns import Choice, Column, SheetPlan, Texts

PIECES = 2
ADVISERS = 3


def _texts(en: str, hans: str, hant: str) -> Texts:
    return {"en": en, "zh_Hans": hans, "zh_Hant_HK": hant}


def _also(headings: str) -> tuple[str, ...]:
    return tuple(headings.split("|"))


YES, NO = "Y", "N"

YES_NO = (
    Choice(YES, _texts("Yes", "是", "是"), ("true", "1", "√", "✓", "有", "已签", "已簽")),
    Choice(NO, _texts("No", "否", "否"), ("false", "0", "×", "✗", "无", "無", "未签", "未簽")),
)
SEXES = (
    Choice(Sex.FEMALE, _texts("Female", "女", "女"), ("girl", "woman", "女性", "feminino")),
    Choice(Sex.MALE, _texts("Male", "男", "男"), ("boy", "man", "男性", "masculino")),
)
DOCUMENT_KINDS = (
    Choice(
        DocumentKind.RESIDENT_ID,
        _texts("Mainland identity card", "居民身份证", "內地居民身份證"),
        ("身份证", "身份證", "居民身份證", "resident id", "二代身份证", "内地身份证", "id card"),
    ),
    Choice(
        DocumentKind.HONG_KONG_ID,
        _texts("Hong Kong identity card", "香港身份证", "香港身份證"),
        ("hkid", "香港居民身份证", "香港居民身份證", "香港永久性居民身份證"),
    ),
    Choice(
        DocumentKind.MACAO_ID,
        _texts("Macao identity card", "澳门身份证", "澳門身份證"),
        ("bir", "澳门居民身份证", "澳門居民身份證", "macau identity card"),
    ),
    Choice(
        DocumentKind.HOME_RETURN_PERMIT,
        _texts("Home Return Permit", "港澳居民来往内地通行证", "回鄉證"),
        ("回乡证", "港澳居民來往內地通行證", "mainland travel permit", "通行证", "通行證"),
    ),
    Choice(DocumentKind.PASSPORT, _texts("Passport", "护照", "護照"), ("普通护照", "passaporte")),
)
VOICINGS = tuple(
    Choice(text, _texts(text, text, text))
    for text in ("UNISON", "SA", "SSA", "SSAA", "TB", "TTBB", "SAB", "SATB", "SATB div.")
)

ANY_TEXT = _texts("any text", "任意文字", "任何文字")
_NAME = _texts(
    "the name as in the person's papers, no digits",
    "与证件一致的姓名，不含数字",
    "與證件一致的姓名，不含數字",
)
_MOBILE = _texts(
    "such as 13800138000; with the country code if abroad, such as +852 5123 4567",
    "如 13800138000；境外号码须加国家或地区代码，如 +852 5123 4567",
    "如 13800138000；境外號碼須加國家或地區代碼，如 +852 5123 4567",
)
_EMAIL = _texts("name@example.com", "name@example.com", "name@example.com")
_YES_NO = _texts("Yes or No", "是 或 否", "是 或 否")
_DURATION = _texts("minutes and seconds, such as 07:30", "分:秒，如 07:30", "分:秒，如 07:30")


def _piece_columns(number: int) -> tuple[Column, ...]:
    is_first = number == 1
    return (
        Column(
            f"piece_{number}_title",
            _texts(f"Piece {number} title", f"曲目{number}曲名", f"曲目{number}名稱"),
            ANY_TEXT,
            (f"曲目{number}", f"曲名{number}", f"作品{number}", f"Piece {number}"),
            is_required=is_first,
            width=26,
            example="茉莉花",
        ),
        Column(
            f"piece_{number}_composer",
            _texts(f"Piece {number} composer", f"曲目{number}词曲作者", f"曲目{number}作曲及填詞"),
            ANY_TEXT,
            (f"曲目{number}作者", f"曲目{number}作曲", f"作曲{number}", f"Composer {number}"),
            width=20,
        ),
        Column(
            f"piece_{number}_duration",
            _texts(f"Piece {number} duration", f"曲目{number}时长", f"曲目{number}時長"),
            _DURATION,
            (f"时长{number}", f"時長{number}", f"Duration {number}"),
            is_required=is_first,
            width=12,
            example="03:45",
        ),
    )


def _name_column(key: str, headings: Texts, *aliases: str) -> Column:
    return Column(key, headings, _NAME, aliases)


def _adviser_column(number: int, *aliases: str) -> Column:
    headings = _texts(f"Adviser {number}", f"指导教师{number}", f"指導老師{number}")
    aliases = (*aliases, f"指導教師{number}", f"Advisor {number}")
    return _name_column(f"adviser_{number}", headings, *aliases)


GROUP_SHEET = SheetPlan(
    "groups",
    _texts("Groups", "队伍", "隊伍"),
    (
        Column(
            "reference",
            _texts("Entry number", "报名编号", "報名編號"),
            _texts(
                "filled in by this site; leave it as it is, blank for a new group",
                "由系统填写，请勿改动；新队伍留空",
                "由系統填寫，請勿更改；新隊伍留空",
            ),
            ("Application number", "编号", "編號"),
        ),
        Column(
            "name",
            _texts("Group name", "队名", "隊名"),
            _texts("its own name for each group", "每队名称不同", "每隊名稱不同"),
            ("队伍名称", "隊伍名稱", "团队名称", "團隊名稱", "Team name", "Group", "Ensemble"),
            is_required=True,
            width=26,
        ),
        Column(
            "voicing",
            _texts("Voicing", "声部编制", "聲部編制"),
            _texts("such as SSA or SATB", "如 SSA、SATB", "如 SSA、SATB"),
            ("声部", "聲部", "编制", "編制"),
            choices=VOICINGS,
            is_strict=False,
            width=12,
        ),
        Column(
            "leader",
            _texts("Team leader", "领队", "領隊"),
            _NAME,
            ("领队姓名", "領隊姓名", "Leader"),
            is_required=True,
        ),
        Column(
            "leader_phone",
            _texts("Leader's mobile", "领队手机", "領隊手機"),
            _MOBILE,
            _also(
                "领队电话|領隊電話|领队联系电话|联系电话|聯絡電話|电话|電話|"
                "Leader mobile|Leader phone"
            ),
            is_required=True,
            width=18,
        ),
        Column(
            "leader_email",
            _texts("Leader's e-mail", "领队邮箱", "領隊電郵"),
            _EMAIL,
            ("领队电子邮箱", "領隊電子郵件", "Leader email", "Leader e-mail"),
            width=26,
        ),
        _name_column("conductor", _texts("Conductor", "指挥", "指揮"), "指挥姓名", "指揮姓名"),
        Column(
            "conductor_is_own",
            _texts("Conductor is own teacher", "指挥是否本校教师", "指揮是否本校教師"),
            _YES_NO,
            ("是否本校教师", "是否本校教師", "Own-school conductor"),
            choices=YES_NO,
        ),
        _name_column(
            "accompanist",
            _texts("Accompanist", "钢琴伴奏", "鋼琴伴奏"),
            "伴奏",
            "伴奏姓名",
            "Pianist",
        ),
        _adviser_column(1, "指导教师", "指導教師", "指導老師", "Adviser"),
        _adviser_column(2),
        *(column for number in range(1, PIECES + 1) for column in _piece_columns(number)),
        Column(
            "equipment",
            _texts("Equipment", "乐器与设备", "樂器與設備"),
            _texts(
                "piano, timpani, stands, choir risers …",
                "钢琴、定音鼓、谱架、站台层数等",
                "鋼琴、定音鼓、譜架、合唱台階等",
            ),
            ("设备清单", "乐器与设备清单", "設備清單", "Equipment note"),
            width=30,
        ),
        Column(
            "introduction",
            _texts("Introduction", "节目简介", "節目簡介"),
            _texts("at most 400 characters", "不超过400字", "不超過400字"),
            ("简介", "簡介", "Programme note"),
            width=40,
        ),
        # Further columns stand last, so that workbooks that are out already keep their order.
        _adviser_column(3),
        Column(
            "chaperones",
            _texts("Chaperones", "随队教师", "隨團教師"),
            _texts("names with ; between them", "姓名，用分号或顿号隔开", "姓名，以分號或頓號分隔"),
            ("隨隊教師", "随队老师", "Escorts"),
            width=26,
        ),
    ),
    aliases=("Group", "队伍信息", "队伍表", "團隊", "团队", "Teams"),
)

MEMBER_SHEET = SheetPlan(
    "members",
    _texts("Members", "成员名单", "成員名單"),
    (
        Column(
            "group",
            _texts("Group", "所属队伍", "所屬隊伍"),
            _texts(
                "a group name of the group sheet; may be blank if there is only one",
                "队伍表中的队名；只有一队时可留空",
                "隊伍表中的隊名；只有一隊時可留空",
            ),
            ("队名", "隊名", "队伍", "隊伍", "参赛队伍", "Group name", "Team"),
            list_from=("groups", "name"),
            width=26,
        ),
        Column(
            "name",
            _texts("Name", "姓名", "姓名"),
            _NAME,
            ("学生姓名", "學生姓名", "中文姓名", "Full name", "Pupil", "Student name", "Nome"),
            is_required=True,
        ),
        Column(
            "latin_name",
            _texts("Latin name", "拼音/英文名", "英文姓名"),
            _texts(
                "in Latin letters as in the passport, such as LYU SIRUI",
                "与护照一致的拉丁字母，如 LYU SIRUI",
                "與護照一致的英文字母，如 LYU SIRUI",
            ),
            ("拼音", "英文名", "姓名拼音", "拼音或英文名", "English name", "Name in Latin letters"),
            width=20,
        ),
        Column(
            "sex",
            _texts("Sex", "性别", "性別"),
            _texts("Female or Male", "男 或 女", "男 或 女"),
            ("Gender", "Sexo"),
            is_required=True,
            choices=SEXES,
            width=10,
        ),
        Column(
            "birth_on",
            _texts("Birth date", "出生日期", "出生日期"),
            _texts(
                "2015-03-01, 2015/3/1 or 20150301",
                "2015-03-01、2015/3/1 或 20150301",
                "2015-03-01、2015/3/1 或 20150301",
            ),
            ("出生年月日", "生日", "Date of birth", "DOB", "Born", "Data de nascimento"),
            is_required=True,
            example="2015-03-01",
        ),
        Column(
            "document_kind",
            _texts("Document type", "证件类型", "證件類型"),
            _texts(
                "one of the list; blank for day visitors",
                "从列表中选择；当日往返者可留空",
                "從列表中選擇；即日往返者可留空",
            ),
            ("证件种类", "證件種類", "ID type"),
            choices=DOCUMENT_KINDS,
            width=24,
        ),
        Column(
            "document_number",
            _texts("Document number", "证件号码", "證件號碼"),
            _texts(
                "as text, all digits; •••• keeps what is stored",
                "以文本填写全部数字；•••• 表示保留已存号码",
                "以文字填寫全部數字；•••• 表示保留已存號碼",
            ),
            _also("证件号|證件號|身份证号|身份证号码|身份證號碼|ID number|Passport number"),
            width=24,
        ),
        Column(
            "grade",
            _texts("Grade and class", "年级班级", "年級班別"),
            _texts(
                "as text, such as 五(3)班 or P5", "以文本填写，如 五(3)班", "以文字填寫，如 小五甲"
            ),
            ("年级", "班级", "年級", "班別", "Grade", "Class", "Year"),
        ),
        Column(
            "roll_number",
            _texts("School-roll number", "学籍号", "學籍號"),
            _texts("optional; as text", "可不填；以文本填写", "可不填；以文字填寫"),
            ("学籍号码", "学号", "學號", "Roll number", "Student number"),
            width=22,
        ),
        Column(
            "part",
            _texts("Voice part or instrument", "声部/乐器", "聲部/樂器"),
            _texts("such as S1, A2 or violin I", "如 S1、A2、小提琴I", "如 S1、A2、小提琴I"),
            ("声部", "乐器", "聲部", "樂器", "声部或乐器", "Part", "Instrument", "Voice part"),
        ),
        Column(
            "guardian_name",
            _texts("Guardian", "监护人姓名", "監護人姓名"),
            _NAME,
            _also("监护人|監護人|家长|家長|家长姓名|家長姓名|Guardian name|Guardian's name|Parent"),
            is_required=True,
        ),
        Column(
            "guardian_phone",
            _texts("Guardian's mobile", "监护人手机", "監護人手機"),
            _MOBILE,
            _also(
                "监护人电话|監護人電話|家长电话|家長電話|家长手机|家長手機|联系电话|"
                "聯絡電話|电话|電話|手机|手機|Guardian mobile|Guardian phone|Phone|"
                "Mobile"
            ),
            width=18,
        ),
        Column(
            "guardian_email",
            _texts("Guardian's e-mail", "监护人邮箱", "監護人電郵"),
            _texts(
                "name@example.com; siblings may share one",
                "name@example.com；兄弟姐妹可共用",
                "name@example.com；兄弟姊妹可共用",
            ),
            ("监护人电子邮箱", "監護人電子郵件", "家长邮箱", "Guardian email", "Guardian e-mail"),
            width=26,
        ),
        Column(
            "consent_held",
            _texts("Guardian's consent held", "已持监护人同意书", "已持監護人同意書"),
            _texts(
                "Yes if the school holds the guardian's written consent to this entry",
                "学校已持有监护人对报名信息的书面同意，填“是”",
                "學校已持有監護人對報名資料的書面同意，填「是」",
            ),
            ("监护人同意书", "監護人同意書", "家长同意书", "同意书", "Consent", "Consent held"),
            is_required=True,
            choices=YES_NO,
        ),
        Column(
            "health_note",
            _texts("Diet or allergy", "饮食/过敏", "飲食/敏感"),
            _texts(
                "only what supervising adults must know; •••• keeps what is stored",
                "仅填带队老师必须知道的内容；•••• 表示保留已存内容",
                "只填帶隊老師必須知道的內容；•••• 表示保留已存內容",
            ),
            _also("饮食过敏|过敏|饮食|飲食|敏感|過敏|Allergy|Diet|Diet and allergy"),
            width=22,
        ),
        Column(
            "remark",
            _texts("Remark", "备注", "備註"),
            ANY_TEXT,
            ("备注说明", "附註", "Remarks", "Note", "Notes"),
            width=22,
        ),
    ),
    aliases=("Member", "成员", "成員", "成员表", "名单", "名單", "学生名单", "Pupils"),
)

SHEETS = (GROUP_SHEET, MEMBER_SHEET)
KNOWN_HEADINGS = frozenset(heading for plan in SHEETS for heading in plan.column_by_heading)
