"""What is proposed or decided, in words: for the officials before, and for the applicant after."""

from django.template.defaultfilters import linebreaksbr
from django.utils.translation import gettext as _

from permits import field_texts, words
from permits.form import form_spec
from permits.models import SubjectKind, Submission
from permits.models.decision import Content, Outcome
from portal.templatetags.components import day
from portal.ui import SummaryRow


def content_rows(content: Content, submission: Submission) -> list[SummaryRow]:
    """What is proposed or decided: outcome, data granted and left out, conditions, validity, reasons."""
    rows = [SummaryRow(_("Outcome"), Outcome(content.outcome).label)]
    if content.grants:
        wanted = form_spec.wanted_scopes(submission.answers)
        for subject, names in wanted.items():
            rows += _scope_rows(subject, names, content.scopes.get(subject, []))
        if form_spec.needs_protected(submission.answers):
            given = _("Granted") if content.entitled_to_protected else _("Not granted")
            rows.append(SummaryRow(_("Data under a non-disclosure order"), given))
        rows.append(SummaryRow(_("Doubtful rows"), _completion(content, submission)))
        rows.append(
            SummaryRow(
                _("Conditions"), linebreaksbr(content.conditions) or _("None besides the general terms")
            )
        )
        first = day(content.valid_from) or _("the day of the decision")
        last = day(content.valid_to) or _("until further notice")
        rows.append(SummaryRow(_("In force"), f"{first} – {last}"))
        if form_spec.is_shorter(content.valid_to, submission.answers):
            rows.append(SummaryRow(_("Time applied for"), words.wanted_time(submission.answers)))
    rows.append(SummaryRow(_("Reasons"), linebreaksbr(content.reasons)))
    return rows


def _completion(content: Content, submission: Submission) -> str:
    """Who clears doubtful rows; of a change, and where it was otherwise, how it has been too."""
    said, before = words.completion_words(content.customer_completes), submission.application.amends
    if before is None or before.customer_completes == content.customer_completes:
        return said
    was = words.completion_words(before.customer_completes)
    return f"{said} " + _("In %(permit)s: %(was)s") % {"permit": before, "was": was}


def _scope_rows(subject: str, wanted: list[str], granted: list[str]) -> list[SummaryRow]:
    title = SubjectKind(subject).label
    left = [name for name in wanted if name not in granted]
    rows = [SummaryRow(_("Granted: %(subject)s") % {"subject": title}, _listed(granted, subject))]
    if left:
        rows.append(SummaryRow(_("Not granted: %(subject)s") % {"subject": title}, _listed(left, subject)))
    return rows


def _listed(names: list[str], subject: str) -> str:
    return ", ".join(str(label) for label in field_texts.labels(names, subject)) or _("nothing")
