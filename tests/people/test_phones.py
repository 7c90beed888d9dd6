"""Phone numbers and e-mail addresses of guardians and leaders."""

import pytest

from scheduler.errors import Refused
from scheduler.people.identity import PersonCode
from scheduler.people.phones import Phone, parse_email, parse_phone


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("13800138000", "CN", "+8613800138000"),
        ("+8613800138000", "CN", "+8613800138000"),
        ("008613800138000", "CN", "+8613800138000"),
        ("１３８００１３８０００", "CN", "+8613800138000"),
        ("138-0013-8000", "CN", "+8613800138000"),
        ("51234567", "HK", "+85251234567"),
        ("+852 5123 4567", "CN", "+85251234567"),
        ("66123456", "MO", "+85366123456"),
        ("020 7946 0123", "GB", "+442079460123"),
    ],
)
def test_numbers_are_stored_internationally(written, country, number):
    assert parse_phone(written, country) == Phone(number, is_assigned=True)


def test_numbers_of_films_are_possible_but_unassigned():
    assert parse_phone("07700 900123", "GB") == Phone("+447700900123", is_assigned=False)


@pytest.mark.parametrize("number", ["19999999999", "16000000000"])
def test_the_short_way_for_mainland_mobiles_judges_like_the_long_one(number):
    spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
    assert parse_phone(number, "CN") == parse_phone(spaced, "CN")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("12", PersonCode.PHONE_IMPOSSIBLE),
        ("1380013800012345", PersonCode.PHONE_IMPOSSIBLE),
        ("call me", PersonCode.PHONE_SHAPE),
    ],
)
def test_what_is_no_number_is_refused(written, code):
    with pytest.raises(Refused) as refusal:
        parse_phone(written, "CN")
    assert refusal.value.code is code


def test_a_number_without_its_area_is_refused():
    with pytest.raises(Refused) as refusal:
        parse_phone("253-0000", "US")
    assert refusal.value.code is PersonCode.PHONE_NO_AREA


def test_a_hong_kong_number_without_its_code_is_doubted_on_the_mainland():
    assert not parse_phone("51234567", "CN").is_assigned


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("parent@example.com", "parent@example.com"),
        ("Parent.Chen@Example.COM", "Parent.Chen@example.com"),
        ("ｐａｒｅｎｔ＠ｅｘａｍｐｌｅ．ｃｏｍ", "parent@example.com"),
        ("家长@example.com", "家长@example.com"),
        (" parent+choir@mail.example.co.uk ", "parent+choir@mail.example.co.uk"),
    ],
)
def test_addresses_are_kept(written, kept):
    assert parse_email(written) == kept


@pytest.mark.parametrize(
    "written",
    ["parent", "parent@", "@example.com", "a b@example.com", "a..b@example.com", "x@y", "a@-b.com"],
)
def test_what_is_no_address_is_refused(written):
    with pytest.raises(Refused) as refusal:
        parse_email(written)
    assert refusal.value.code is PersonCode.EMAIL_SHAPE
