"""Chinese pages: one word for one thing, full-width punctuation, the product's Chinese name."""

import re

import polib
import pytest

from scheduler import paths
from tests import factories

CATALOGUES = paths.PACKAGE / "translations"
HAN = "[\u4e00-\u9fff]"
NOT_OURS = {
    "zh_Hans": ("团队", "报名项", "发布版", "召集", "作曲者", "Ambassador"),
    "zh_Hant_HK": ("團隊", "報名項", "發布版", "召集", "作曲者", "Ambassador"),
}


def texts(locale):
    catalogue = polib.pofile(str(CATALOGUES / locale / "LC_MESSAGES" / "messages.po"))
    for entry in catalogue:
        yield from (entry.msgstr, *entry.msgstr_plural.values())


@pytest.mark.parametrize("locale", sorted(NOT_OURS))
def test_one_thing_has_one_word(locale):
    found = [text for text in texts(locale) if any(word in text for word in NOT_OURS[locale])]
    assert found == []


@pytest.mark.parametrize("locale", sorted(NOT_OURS))
def test_punctuation_between_ideographs_is_full_width(locale):
    narrow = re.compile(f"{HAN}[,:;?!](?: |{HAN}|$)|[。，；：？！] {HAN}")
    assert [text for text in texts(locale) if narrow.search(text)] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-CN", ("学段", "姓名：")), ("zh-HK", ("學段", "姓名："))],
)
def test_lists_and_errors_on_pages_are_punctuated_in_chinese(sign_in, session, language, words):
    locale = {"zh-CN": "zh_Hans", "zh-HK": "zh_Hant_HK"}[language]
    school = factories.school(stages=["P", "J"])
    officer = sign_in(factories.officer(school, locale=locale, password_hash="x"))
    page = officer.get(f"/schools/{school.code}").page
    assert words[0] in page.text
    assert "、" in page.text
    assert page.title.endswith("· 小使者日程")
    wrong = officer.post("/account", data={"name": "", "email": "a@b.hk", "locale": locale})
    assert words[1] in wrong.page.text
