"""What options are called, in every language."""

from scheduler.formats import named
from scheduler.languages import LOCALES
from scheduler.organisations.models import Names
from scheduler.scheduling.assigning.models import AssignmentOption
from scheduler.scheduling.items import names_of


def option_names(option: AssignmentOption) -> Names:
    """Return an option's own name, or else those of its activity."""
    if option.name or option.activity is None:
        return dict.fromkeys(LOCALES, option.name)
    return names_of(option.activity)


def option_text(option: AssignmentOption) -> str:
    """Return an option's code and name in the reader's language."""
    return f"{option.code} · {named(option_names(option))}"
