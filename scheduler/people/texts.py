"""Sentences about names, papers, dates and phone numbers that cannot be taken as they are."""

from flask_babel import lazy_gettext as _l

from scheduler.people.identity import PersonCode
from scheduler.texts import add_sentences

add_sentences(
    {
        PersonCode.NAME_CHARACTER: _l(
            "A name cannot contain “%(shown)s”. Accepted are letters, ideographs, spaces, hyphens, "
            "apostrophes and the middle dot ·."
        ),
        PersonCode.NAME_PRIVATE_USE: _l(
            "The name contains a character (%(shown)s) that only one computer can show. Type the "
            "character again with a current input method."
        ),
        PersonCode.NAME_TOO_LONG: _l(
            "A name has at most %(longest)s characters, of which at most %(longest_han)s are "
            "ideographs."
        ),
        PersonCode.NAME_NOT_LATIN: _l("“%(shown)s” is not a Latin letter."),
        PersonCode.NAME_NO_LETTER: _l("“%(shown)s” is no name."),
        PersonCode.DATE_SHAPE: _l("“%(shown)s” is not a date."),
        PersonCode.DATE_IMPOSSIBLE: _l("There is no such day as %(shown)s."),
        PersonCode.DATE_AMBIGUOUS: _l(
            "“%(shown)s” can be read as several dates. Write the year first, with four digits."
        ),
        PersonCode.BIRTH_IN_FUTURE: _l("The birth date %(shown)s is in the future."),
        PersonCode.BIRTH_IMPLAUSIBLE: _l(
            "Born on %(shown)s, the pupil would be %(age)s years old; accepted are %(youngest)s to "
            "%(oldest)s."
        ),
        PersonCode.DOCUMENT_LENGTH: _l(
            "The number has %(length)s characters; a mainland identity number has %(expected)s."
        ),
        PersonCode.DOCUMENT_SHAPE: _l("The number does not look like that of a %(kind)s."),
        PersonCode.DOCUMENT_CHECK_DIGIT: _l(
            "The check digit does not fit: one digit is wrong, or two are swapped."
        ),
        PersonCode.DOCUMENT_BIRTH_DATE: _l("The number contains a birth date that does not exist."),
        PersonCode.DOCUMENT_PLACE: _l("The number begins with a place code that does not exist."),
        PersonCode.DOCUMENT_CONTRADICTS_BIRTH: _l(
            "By the identity number the birth date is %(told)s."
        ),
        PersonCode.DOCUMENT_CONTRADICTS_SEX: _l("By the identity number the sex is another one."),
        PersonCode.PHONE_SHAPE: _l("“%(shown)s” is not a phone number."),
        PersonCode.PHONE_IMPOSSIBLE: _l("“%(shown)s” has too few or too many digits."),
        PersonCode.PHONE_NO_AREA: _l(
            "“%(shown)s” lacks the area or country code, such as +852 for Hong Kong."
        ),
        PersonCode.PHONE_UNASSIGNED: _l(
            "No operator has such numbers as %(shown)s. Please check it; it is accepted."
        ),
        PersonCode.EMAIL_SHAPE: _l("“%(shown)s” is not an e-mail address."),
    }
)
