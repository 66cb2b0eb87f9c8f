"""The form in which a customer completes a row: the fields of the register's subject, checked one by one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.fields import CODE_FIELDS
from matching.register import cells
from orders import policies
from orders.check import input_texts
from orders.check import texts as check_texts

LONGEST = 200
FIELDS = {
    "person": (
        *("hetu", "surname", "given_names", "name", "former_surname", "birth_date", "sex"),
        *("street", "house_number", "postal_code", "post_office", "municipality"),
    ),
    "building": (
        *("building_id", "real_estate_id", "street", "house_number", "postal_code", "post_office"),
        "municipality",
    ),
    "real_estate": (
        *("real_estate_id", "name", "building_id", "street", "house_number", "postal_code"),
        *("post_office", "municipality"),
    ),
}
ONLY_IF_SENT = {
    "person": {"name", "sex", "house_number"},
    "building": {"real_estate_id", "house_number"},
    "real_estate": {"house_number"},
}
"""Fields that say nothing which another one does not, for a register that lacks them."""
TELLING = {
    "person": {"hetu", "surname", "name", "birth_date", "street"},
    "building": {"building_id", "street"},
    "real_estate": {"real_estate_id", "name", "street"},
}
"""Fields of which one that was sent stays: a row of which only the sex or the town stays is another's."""
HELP = {
    "hetu": gettext_lazy("For example 010594Y9032. If you do not know it, leave it empty."),
    "birth_date": gettext_lazy("For example 1.5.1994."),
    "street": gettext_lazy("With the number of the house, for example Esimerkkikatu 5 A 3."),
    "building_id": gettext_lazy("Ten characters, for example 100000000E, or the former identifier."),
    "real_estate_id": gettext_lazy("For example 91-2-5-3, or 14 digits."),
}
WRONG = {
    "date": gettext_lazy("Write the day as 1.5.1994."),
    "future": gettext_lazy("The day of birth is still to come. Check it."),
    "postal_code": gettext_lazy("Write the postal code as 00100."),
    "sex": gettext_lazy("Write the sex as man or woman."),
}


class CompletionForm(forms.Form):
    """What the customer knows of a row; it begins with what was sent. Only what is changed is checked."""

    def __init__(self, data: Any = None, *, subject: str, sent: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(sent))
        self.subject, self.sent = subject, sent
        for name in FIELDS[subject]:
            if name in sent or name not in ONLY_IF_SENT[subject]:
                self.fields[name] = _field(name, max(LONGEST, len(sent.get(name, ""))))

    def clean(self) -> dict[str, Any]:
        """The cells as they are matched: those of fields without a place here stay as they were sent."""
        data = {name: cells.plain(text) for name, text in (super().clean() or {}).items()}
        changed = [name for name, text in data.items() if text != cells.plain(self.sent.get(name, ""))]
        for name in changed:
            if reason := cells.problem(name, data[name], policies.today()):
                self.add_error(name, _wrong(self.subject, name, reason))
        if self.errors:
            return data
        if not changed:
            raise forms.ValidationError(
                _("You have changed nothing. Complete or correct the row, or say that you know no more.")
            )
        kept = {
            name: text for name, text in self.sent.items() if name not in self.fields and name != "row_id"
        }
        whole = kept | {name: text for name, text in data.items() if text}
        given = {name for name in self.fields if self.sent.get(name, "").strip()}
        telling = given & TELLING[self.subject] or given
        if telling and telling <= set(changed):
            text = _(
                "You have changed all that tells whom or what the row means."
                " Whoever else it means belongs in a new order."
            )
            raise forms.ValidationError(text)
        if not cells.is_enough(self.subject, whole):
            raise forms.ValidationError(check_texts.TOO_LITTLE[self.subject])
        return whole


def _field(name: str, longest: int) -> forms.CharField:
    hints = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
    return forms.CharField(
        label=capfirst(input_texts.INPUT_FIELDS[name]),
        help_text=HELP.get(name, ""),
        max_length=longest,
        required=False,
        widget=forms.TextInput(attrs=hints),
    )


def _wrong(subject: str, name: str, reason: str) -> Any:
    """What is wrong with a cell, in words; never the cell."""
    if name in CODE_FIELDS.values():
        of = next(one for one, field in CODE_FIELDS.items() if field == name)
        return check_texts.Texts(of).of("invalid", reason)
    return WRONG[reason]
