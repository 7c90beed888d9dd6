"""What drafts are called where nobody gave them a name, in the reader's language."""

from flask_babel import gettext as _

from scheduler.scheduling.models import Plan, PlanMethod


def draft_name(name: str) -> str:
    """Return a draft's name; "#7" is the seventh draft."""
    number = name.removeprefix("#")
    is_number = number != name and number.isdigit()
    return str(_("Draft %(number)s", number=number)) if is_number else name


def origin_text(plan: Plan) -> str:
    """Return what a plan was made from and how, or nothing for a fresh start."""
    if not plan.made_from:
        return ""
    number = plan.made_from.removeprefix("R")
    is_release = number != plan.made_from and number.isdigit()
    known = {"source": _("release %(number)s", number=number)} if is_release else None
    source = known or {"source": draft_name(plan.made_from)}
    if plan.method is PlanMethod.KEEP:
        return str(_("from %(source)s, moving as little as possible", **source))
    if plan.method is PlanMethod.FILL:
        return str(_("from %(source)s, moving nothing", **source))
    return str(_("from %(source)s", **source))
