"""Which encoding of a feed suits whom, by the rules of RFC 9110 12.5.3."""

import gzip

import brotli
import pytest

from scheduler.calendars.encodings import Encoding, decoded, encoded, suiting

BODY = "BEGIN:VCALENDAR\r\nNAME:春季合唱节\r\n".encode() * 40


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br", "br"),
        ("gzip, br", "br"),
        ("deflate, zstd", "identity"),
        ("*", "br"),
        ("gzip;q=1.0, br;q=0.9", "gzip"),
        ("gzip;q=0.5, identity;q=0.8", "identity"),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=0", "identity"),
        ("br;q=0, *;q=0.5", "gzip"),
        ("*;q=0.1, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.2", "gzip"),
        ("*;q=0", "identity"),
        ("identity;q=0", "identity"),
        (", ;q=1, \x00", "identity"),
    ],
)
def test_the_clients_qualities_decide_then_the_size(accepted, encoding):
    assert suiting(accepted) == encoding


def test_only_what_is_offered_is_chosen():
    assert suiting("br, gzip", (Encoding.GZIP, Encoding.IDENTITY)) == "gzip"
    assert suiting("br", (Encoding.GZIP, Encoding.IDENTITY)) == "identity"


def test_all_encodings_are_made_at_once_and_the_same_each_time():
    made = encoded(BODY)

    assert made == encoded(BODY)
    assert made["body"] == BODY
    assert brotli.decompress(made["body_br"]) == gzip.decompress(made["body_gzip"]) == BODY
    assert [
        decoded(made[f"body{end}"], e)
        for e, end in zip(Encoding, ("_br", "_gzip", ""), strict=True)
    ] == [BODY] * 3
    assert len(made["body_br"]) < len(made["body_gzip"]) < len(BODY)
