"""The standard texts of documents: labels, law references, instructions for appeal.

Each function gives plain strings in the active language; choosing it is the caller's duty.
"""

from django.utils.translation import gettext as _


def registry() -> str:
    return _("The Registry Agency")


def kind(name: str) -> str:
    """The document's type, as its first page shows it; `name` is a kind of `permits.documents.pdf.Sheet`."""
    return {
        "application": _("Application for a data permit"),
        "decision": _("Decision on a data permit"),
        "permit": _("Data permit"),
        "order": _("Order confirmation"),
        "third_party": _("Decision on a permission for a third party"),
    }[name]


def footer(number: str) -> str:
    """The last line of each page of a document that can be checked by its hash."""
    return _("%(number)s. Whether this document is genuine can be checked in the service.") % {
        "number": number
    }


def columns() -> list[str]:
    """The heads of a table of facts."""
    return [_("Item"), _("Information")]


def labels() -> dict[str, str]:
    """Titles and labels by name."""
    return {
        "case_number": _("Case number"),
        "applicant": _("Applicant"),
        "matter": _("Matter"),
        "decision": _("Decision"),
        "reasons": _("Reasons"),
        "conditions": _("Conditions"),
        "validity": _("Validity"),
        "applied_provisions": _("Applied provisions"),
        "appeal": _("Instructions for appeal"),
        "prepared_by": _("Prepared by"),
        "decided_by": _("Decided by"),
        "attachments": _("Attachments"),
        "further_information": _("Further information"),
    }


def law_references() -> list[str]:
    """The provisions on which a decision on a data permit rests."""
    return [
        _(
            "Act on the Population Information System and the certificate services of the Digital and "
            "Population Data Services Agency (661/2009)"
        ),
        _("Administrative Procedure Act (434/2003), sections 43–45 and 47"),
        _("Administrative Judicial Procedure Act (808/2019)"),
        _("Act on Information Management in Public Administration (906/2019)"),
        _("General Data Protection Regulation, (EU) 2016/679"),
    ]


def appeal_instructions() -> list[str]:
    """Instructions for appeal to an administrative court (valitusosoitus), a paragraph each.

    Acts 808/2019 (time and content of an appeal), 434/2003 59 § and 13/2003 19 § (notice).
    """
    return [
        _(
            "You may appeal against this decision to the administrative court. The appeal must be made in "
            "writing within 30 days of notice of the decision; the day of notice is not counted. If the last "
            "day is a public holiday, Independence Day, May Day, Christmas Eve, Midsummer Eve or a Saturday, "
            "the appeal may be delivered on the next working day."
        ),
        _(
            "Notice is presumed on the seventh day after the decision was posted as a letter (Administrative "
            "Procedure Act, section 59), or on the third day after it was sent as an electronic message (Act "
            "on Electronic Services and Communication in the Public Sector 13/2003, section 19), unless "
            "shown otherwise. An authority has notice on the day on which the decision arrives."
        ),
        _(
            "The appeal must state the decision appealed against, the points to which a change is sought, "
            "the changes demanded, the grounds for them, and on what the right of appeal is based if it does "
            "not rest on being the party to whom the decision is addressed."
        ),
        _(
            "The appeal must also give the appellant's name and contact details, the postal address and any "
            "other address to which the documents of the court may be sent, and the contact details of a "
            "legal representative or an agent who uses the right to speak."
        ),
        _(
            "Attach the decision with these instructions, a statement of when notice was received, or other "
            "account of the start of the period, the documents relied upon, and an agent's power of attorney "
            "where the law requires one."
        ),
        _(
            "Send the appeal to the administrative court in whose judicial district the appellant's home or "
            "registered office is, in the e-services of the administrative courts, by e-mail, by post or by "
            "hand. It must arrive before the office hours of the last day end. A document is sent at the "
            "sender's own risk. The court may collect a court fee."
        ),
    ]
