"""Applications that come on paper: an official begins one, and fills in the applicant's own pages."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from permits import states, workflow
from permits.models import Application
from permits.reviewing import review_presentation
from permits.reviewing.forms import day_field
from portal import organisations
from portal.access import Denied, SignedInRequest, role_required
from portal.models import Organisation, validate_business_id
from portal.organisation_forms import OrganisationForm, business_id_of
from portal.roles import Role
from portal.states import Conflict
from portal.typed_text import keeping_typed_text, kept_text


class PaperForm(forms.Form):
    """Whose application came, and when. `token` becomes its id: sent twice, it makes one."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    business_id = forms.CharField(
        label=gettext_lazy("Business ID of the applicant"),
        help_text=gettext_lazy("Seven digits, a hyphen and a check digit, for example 1234567-1."),
        max_length=20,
        error_messages={"required": gettext_lazy("Enter the business ID.")},
    )
    received_on = day_field(
        gettext_lazy("Day of arrival"),
        gettext_lazy("Give the day on which the application arrived."),
        gettext_lazy("The two weeks are counted from this day."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the decision"),
        choices=Application.Language.choices,
        initial="fi",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the language of the decision.")},
    )

    def clean_business_id(self) -> str:
        business_id = business_id_of(self.cleaned_data["business_id"])
        validate_business_id(business_id)  # before the facts of a new organisation are asked
        return business_id

    @property
    def organisation(self) -> Organisation | None:
        return Organisation.objects.filter(business_id=self.cleaned_data["business_id"]).first()


@keeping_typed_text
@role_required(Role.OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: SignedInRequest) -> HttpResponse:
    """Begin it; where the organisation is unknown, its facts are asked on the same page."""
    typed = request.POST or kept_text(request)
    form = PaperForm(typed, initial={"token": uuid.uuid4()})
    new: OrganisationForm | None = None
    namesakes: list[Organisation] = []
    if request.method == "POST" and form.is_valid():
        if form.organisation is None:
            new = _new_organisation(request)
            namesakes = _namesakes(new)
        is_told = not namesakes or request.POST.get("namesakes") == _ids_of(namesakes)
        application = _begun(request, form, new) if is_told else None
        if application is not None:
            return redirect("permits:form", pk=application.pk)
    drafts = Application.objects.filter(status=states.DRAFT, received_on__isnull=False)
    context = {
        "form": form,
        "new": new,
        "namesakes": namesakes,
        "seen": _ids_of(namesakes),
        "drafts": drafts.select_related("organisation").order_by("-serial")[:50],
        "today": review_presentation.today(),
    }
    return render(request, "permits/review/paper.html", context)


def _new_organisation(request: SignedInRequest) -> OrganisationForm:
    """The facts of an organisation that nobody has registered yet; empty until they have been asked."""
    form = OrganisationForm(request.POST if "name" in request.POST else None)
    del form.fields["business_id"]
    return form


def _namesakes(new: OrganisationForm) -> list[Organisation]:
    """The organisations that have the typed name already: the business ID may be mistyped."""
    if not new.is_valid():
        return []
    return list(Organisation.objects.filter(name__iexact=new.facts()["name"]).order_by("business_id")[:10])


def _ids_of(namesakes: Sequence[Organisation]) -> str:
    """Which ones the page has told of: sent again with the form, one goes on."""
    return ",".join(one.business_id for one in namesakes)


def _begun(request: SignedInRequest, form: PaperForm, new: OrganisationForm | None) -> Application | None:
    """The application; None where something is still to be typed or corrected."""
    if new is not None and not new.is_valid():
        return None
    data: dict[str, Any] = form.cleaned_data
    try:
        organisation = form.organisation or organisations.enter(
            by=request.user,
            business_id=data["business_id"],
            **(new.facts() if new else {}),
        )
        return workflow.create(
            by=request.user,
            organisation=organisation,
            token=data["token"],
            language=data["language"],
            received_on=data["received_on"],
        )
    except Denied as denied:
        denied.tell(form)
    except ValidationError as error:
        form.add_error("business_id", error.messages)
    except (Conflict, IntegrityError):  # the form was used before, or somebody has just entered the same
        form.data = request.POST.dict() | {"token": str(uuid.uuid4())}
        form.add_error(None, _("The form was already used. Send it again."))
    return None
