"""What the columns of an entry workbook offer to choose from, and how their cells are filled in.

Words are recognised in any language whatever the reader's own is, so they stand here as they are
and not in the catalogues.
"""

from scheduler.people.identity import DocumentKind, Sex
from scheduler.spreadsheets.columns import Choice, Texts


def texts(en: str, hans: str, hant: str) -> Texts:
    """Return the words in three languages."""
    return {"en": en, "zh_Hans": hans, "zh_Hant_HK": hant}


def also(headings: str) -> tuple[str, ...]:
    """Return further headings, which stand in one line with | between them."""
    return tuple(headings.split("|"))


YES, NO = "Y", "N"

YES_NO = (
    Choice(YES, texts("Yes", "是", "是"), ("true", "1", "√", "✓", "有", "已签", "已簽")),
    Choice(NO, texts("No", "否", "否"), ("false", "0", "×", "✗", "无", "無", "未签", "未簽")),
)
SEXES = (
    Choice(Sex.FEMALE, texts("Female", "女", "女"), ("girl", "woman", "女性", "feminino")),
    Choice(Sex.MALE, texts("Male", "男", "男"), ("boy", "man", "男性", "masculino")),
)
DOCUMENT_KINDS = (
    Choice(
        DocumentKind.RESIDENT_ID,
        texts("Mainland identity card", "居民身份证", "內地居民身份證"),
        ("身份证", "身份證", "居民身份證", "resident id", "二代身份证", "内地身份证", "id card"),
    ),
    Choice(
        DocumentKind.HONG_KONG_ID,
        texts("Hong Kong identity card", "香港身份证", "香港身份證"),
        ("hkid", "香港居民身份证", "香港居民身份證", "香港永久性居民身份證"),
    ),
    Choice(
        DocumentKind.MACAO_ID,
        texts("Macao identity card", "澳门身份证", "澳門身份證"),
        ("bir", "澳门居民身份证", "澳門居民身份證", "macau identity card"),
    ),
    Choice(
        DocumentKind.HOME_RETURN_PERMIT,
        texts("Home Return Permit", "港澳居民来往内地通行证", "回鄉證"),
        ("回乡证", "港澳居民來往內地通行證", "mainland travel permit", "通行证", "通行證"),
    ),
    Choice(DocumentKind.PASSPORT, texts("Passport", "护照", "護照"), ("普通护照", "passaporte")),
)
VOICINGS = tuple(
    Choice(text, texts(text, text, text))
    for text in ("UNISON", "SA", "SSA", "SSAA", "TB", "TTBB", "SAB", "SATB", "SATB div.")
)

ANY_TEXT = texts("any text", "任意文字", "任何文字")
A_NAME = texts(
    "the name as in the person's papers, no digits",
    "与证件一致的姓名，不含数字",
    "與證件一致的姓名，不含數字",
)
A_MOBILE = texts(
    "such as 13800138000; with the country code if abroad, such as +852 5123 4567",
    "如 13800138000；境外号码须加国家或地区代码，如 +852 5123 4567",
    "如 13800138000；境外號碼須加國家或地區代碼，如 +852 5123 4567",
)
AN_EMAIL = texts("name@example.com", "name@example.com", "name@example.com")
YES_OR_NO = texts("Yes or No", "是 或 否", "是 或 否")
A_DURATION = texts("minutes and seconds, such as 07:30", "分:秒，如 07:30", "分:秒，如 07:30")
