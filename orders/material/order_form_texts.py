"""The order form's texts: headers of the register's sheet, what may be wrong in it, instructions."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permits.models import Permit
from portal.calendar import WINDOW_CLOSES_ON_DAY, WINDOW_OPENS_ON_DAY
from portal.scan import largest_packed

# By language; not in the catalogues, since each must be one that the matching recognises.
REGISTER_HEADERS = {
    "fi": (
        "Henkilötunnus",
        "Sukunimi",
        "Etunimet",
        "Syntymäaika",
        "Lähiosoite",
        "Postinumero",
        "Postitoimipaikka",
        "Opiskelijanumero",
    ),
    "sv": (
        "Personbeteckning",
        "Efternamn",
        "Förnamn",
        "Födelsedatum",
        "Näradress",
        "Postnummer",
        "Postanstalt",
        "Studentnummer",
    ),
    "en": (
        "Personal identity code",
        "Surname",
        "Given names",
        "Date of birth",
        "Street address",
        "Postal code",
        "Post office",
        "Student number",
    ),
}

PROBLEMS = {
    "not_order_form": gettext_lazy(
        "This is not the order form. Download the form in the service and fill it in."
    ),
    "form_other_version": gettext_lazy(
        "This form is out of date. Download the form again and copy what you wrote."
    ),
    "form_other_permit": gettext_lazy(
        "This form belongs to another permit. Download the form of permit %(permit)s."
    ),
    "form_too_large": gettext_lazy("The register is too large for the form. Send it as a file of its own."),
    "form_cell_missing": gettext_lazy("A cell of the form is missing: %(name)s. Download the form again."),
    "form_unknown_field": gettext_lazy(
        "The form asks for data that the permit does not cover. Remove this row."
    ),
    "form_formula": gettext_lazy("The cell has a formula. Write the value itself."),
    "form_required": gettext_lazy("Fill in this cell."),
    "form_not_text": gettext_lazy("Write this as text. Put the mark ' before a number."),
    "form_too_long": gettext_lazy("Write at most %(limit)s characters."),
    "form_not_email": gettext_lazy("Write an e-mail address, for example name@school.example."),
    "form_not_in_list": gettext_lazy("Choose from the list of the cell."),
    "form_not_a_date": gettext_lazy("Write a date, for example 23.11.2026."),
    "form_date_in_future": gettext_lazy(
        "The date is in the future. Write the day on which the terms were accepted."
    ),
    "form_no_fields": gettext_lazy("Choose Yes for at least one of the data."),
}


def instructions(permit: Permit) -> list[tuple[str, str]]:
    """Headings and texts of the instructions sheet, with the permit's terms at the end."""
    terms = [paragraph.strip() for paragraph in permit.terms.text.split("\n\n")]
    heading = _("Terms, version %(version)s") % {"version": permit.terms.version}
    return [
        *_how(),
        *_what(),
        *_result(),
        *_protection(),
        *((heading if index == 0 else "", text) for index, text in enumerate(terms)),
    ]


def _how() -> list[tuple[str, str]]:
    return [
        (
            _("How to order"),
            _(
                "Fill in the order sheet, put your register on the register sheet, save the file as .xlsx"
                " and send it in the service. Your order is then ready for you to check and to place."
                " Nothing is ordered before you place it."
            ),
        ),
        (
            _("What to send"),
            _(
                "One person on each row. The personal identity code finds a person best. Names, the date"
                " of birth and the address help where the code is missing or mistyped. Leave the columns"
                " empty that you do not have."
            ),
        ),
        (
            _("Columns"),
            _(
                "The first row has the headers. You may rename or remove columns, and add your own to the"
                " right: they come back as they were. No two columns may have the same header."
            ),
        ),
    ]


def _what() -> list[tuple[str, str]]:
    return [
        (
            _("Formats"),
            _(
                "The cells of the register sheet are text, so that leading zeros stay. When you copy from"
                " elsewhere, paste values only. A personal identity code has 11 characters with its"
                " separator. Dates are written 23.11.2026 or 2026-11-23. Write no formulas on the order"
                " sheet."
            ),
        ),
        (
            _("Limits"),
            _(
                "The file may be at most %(megabytes)s MB. A register of more than 100,000 rows is better"
                " sent as a CSV, XLSX or Parquet file of its own in the service."
            )
            % {"megabytes": largest_packed() // 1024**2},
        ),
    ]


def _result() -> list[tuple[str, str]]:
    return [
        (
            _("How long it takes"),
            _(
                "The updated register is delivered on day %(opens)s to %(closes)s after the order is"
                " placed. It can be downloaded in the service for %(days)s days."
            )
            % {
                "opens": WINDOW_OPENS_ON_DAY,
                "closes": WINDOW_CLOSES_ON_DAY,
                "days": settings.DELIVERY_DAYS,
            },
        ),
        (
            _("What you get"),
            _(
                "The same rows in the same order with your own columns, the result of each row, and the"
                " data that you chose. The result tells whether the person was found, and by what."
            ),
        ),
    ]


def _protection() -> list[tuple[str, str]]:
    return [
        (
            _("Protect the data"),
            _(
                "The filled form holds personal data. Send it only in the service, never by e-mail. Keep"
                " it where only those can open it who need it in their work, and destroy the copies that"
                " you no longer need. What you send is deleted from the service after the delivery."
            ),
        ),
        (
            _("Non-disclosure for personal safety"),
            _(
                "The address and the municipality are not given of a person under a non-disclosure order"
                " (turvakielto) unless the permit entitles to them. Keep secret also what you know of such"
                " a person yourself."
            ),
        ),
        (_("Help"), settings.CONTACT_EMAIL),
    ]
