"""Official numbers of schools."""

import pytest

from scheduler.errors import Refused
from scheduler.organisations.models import CodeScheme
from scheduler.organisations.refusals import Refusal
from scheduler.organisations.school_codes import clean_code


@pytest.mark.parametrize(
    ("scheme", "written", "kept"),
    [
        (CodeScheme.CHINA, "2144 990001", "2144990001"),
        (CodeScheme.CHINA, "２１４４９９０００１", "2144990001"),
        (CodeScheme.HONG_KONG, "990027", "990027"),
        (CodeScheme.UNITED_KINGDOM, "990036", "990036"),
        (CodeScheme.NEW_ZEALAND, "9937", "9937"),
        (CodeScheme.OTHER, "b-12/3", "B-12/3"),
    ],
)
def test_a_number_of_its_scheme_s_shape_is_kept(scheme, written, kept):
    assert clean_code(scheme, written) == (scheme, kept)


@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000"])
def test_no_number_needs_no_scheme(blank):
    assert clean_code(CodeScheme.CHINA, blank) == (None, None)


@pytest.mark.parametrize(
    ("scheme", "written"),
    [
        (CodeScheme.CHINA, "214499001"),
        (CodeScheme.CHINA, "21449900011"),
        (CodeScheme.HONG_KONG, "99002A"),
        (CodeScheme.NEW_ZEALAND, "12345"),
        (CodeScheme.UNITED_KINGDOM, "١٢٣٤٥٦"),
    ],
)
def test_another_shape_is_refused(scheme, written):
    with pytest.raises(Refused) as refused:
        clean_code(scheme, written)
    assert (refused.value.code, refused.value.field) == (
        Refusal.OFFICIAL_CODE_SHAPE,
        "official_code",
    )


def test_a_number_needs_its_scheme():
    with pytest.raises(Refused) as refused:
        clean_code(None, "2144990001")
    assert refused.value.code is Refusal.OFFICIAL_CODE_WITHOUT_SCHEME
