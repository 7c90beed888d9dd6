"""The sheet of the members in an entry workbook (domain.md section 2)."""

from scheduler.applications.roster_choices import (
    A_MOBILE,
    A_NAME,
    ANY_TEXT,
    DOCUMENT_KINDS,
    SEXES,
    YES_NO,
    also,
    texts,
)
from scheduler.spreadsheets.columns import Column, SheetPlan

MEMBER_SHEET = SheetPlan(
    "members",
    texts("Members", "成员名单", "成員名單"),
    (
        Column(
            "group",
            texts("Group", "所属队伍", "所屬隊伍"),
            texts(
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
            texts("Name", "姓名", "姓名"),
            A_NAME,
            ("学生姓名", "學生姓名", "中文姓名", "Full name", "Pupil", "Student name", "Nome"),
            is_required=True,
        ),
        Column(
            "latin_name",
            texts("Latin name", "拼音/英文名", "英文姓名"),
            texts(
                "in Latin letters as in the passport, such as LYU SIRUI",
                "与护照一致的拉丁字母，如 LYU SIRUI",
                "與護照一致的英文字母，如 LYU SIRUI",
            ),
            ("拼音", "英文名", "姓名拼音", "拼音或英文名", "English name", "Name in Latin letters"),
            width=20,
        ),
        Column(
            "sex",
            texts("Sex", "性别", "性別"),
            texts("Female or Male", "男 或 女", "男 或 女"),
            ("Gender", "Sexo"),
            is_required=True,
            choices=SEXES,
            width=10,
        ),
        Column(
            "birth_on",
            texts("Birth date", "出生日期", "出生日期"),
            texts(
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
            texts("Document type", "证件类型", "證件類型"),
            texts(
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
            texts("Document number", "证件号码", "證件號碼"),
            texts(
                "as text, all digits; •••• keeps what is stored",
                "以文本填写全部数字；•••• 表示保留已存号码",
                "以文字填寫全部數字；•••• 表示保留已存號碼",
            ),
            also("证件号|證件號|身份证号|身份证号码|身份證號碼|ID number|Passport number"),
            width=24,
        ),
        Column(
            "grade",
            texts("Grade and class", "年级班级", "年級班別"),
            texts(
                "as text, such as 五(3)班 or P5", "以文本填写，如 五(3)班", "以文字填寫，如 小五甲"
            ),
            ("年级", "班级", "年級", "班別", "Grade", "Class", "Year"),
        ),
        Column(
            "roll_number",
            texts("School-roll number", "学籍号", "學籍號"),
            texts("optional; as text", "可不填；以文本填写", "可不填；以文字填寫"),
            ("学籍号码", "学号", "學號", "Roll number", "Student number"),
            width=22,
        ),
        Column(
            "part",
            texts("Voice part or instrument", "声部/乐器", "聲部/樂器"),
            texts("such as S1, A2 or violin I", "如 S1、A2、小提琴I", "如 S1、A2、小提琴I"),
            ("声部", "乐器", "聲部", "樂器", "声部或乐器", "Part", "Instrument", "Voice part"),
        ),
        Column(
            "guardian_name",
            texts("Guardian", "监护人姓名", "監護人姓名"),
            A_NAME,
            also("监护人|監護人|家长|家長|家长姓名|家長姓名|Guardian name|Guardian's name|Parent"),
            is_required=True,
        ),
        Column(
            "guardian_phone",
            texts("Guardian's mobile", "监护人手机", "監護人手機"),
            A_MOBILE,
            also(
                "监护人电话|監護人電話|家长电话|家長電話|家长手机|家長手機|联系电话|"
                "聯絡電話|电话|電話|手机|手機|Guardian mobile|Guardian phone|Phone|"
                "Mobile"
            ),
            width=18,
        ),
        Column(
            "guardian_email",
            texts("Guardian's e-mail", "监护人邮箱", "監護人電郵"),
            texts(
                "name@example.com; siblings may share one",
                "name@example.com；兄弟姐妹可共用",
                "name@example.com；兄弟姊妹可共用",
            ),
            ("监护人电子邮箱", "監護人電子郵件", "家长邮箱", "Guardian email", "Guardian e-mail"),
            width=26,
        ),
        Column(
            "consent_held",
            texts("Guardian's consent held", "已持监护人同意书", "已持監護人同意書"),
            texts(
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
            texts("Diet or allergy", "饮食/过敏", "飲食/敏感"),
            texts(
                "only what supervising adults must know; •••• keeps what is stored",
                "仅填带队老师必须知道的内容；•••• 表示保留已存内容",
                "只填帶隊老師必須知道的內容；•••• 表示保留已存內容",
            ),
            also("饮食过敏|过敏|饮食|飲食|敏感|過敏|Allergy|Diet|Diet and allergy"),
            width=22,
        ),
        Column(
            "remark",
            texts("Remark", "备注", "備註"),
            ANY_TEXT,
            ("备注说明", "附註", "Remarks", "Note", "Notes"),
            width=22,
        ),
    ),
    aliases=("Member", "成员", "成員", "成员表", "名单", "名單", "学生名单", "Pupils"),
)
