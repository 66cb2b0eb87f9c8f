"""A document fetched by who may read its case, and the public page that tells whether one is genuine."""

import uuid

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from permits.access import get_application_for, get_permit_for, visible_permits
from permits.models import Document
from portal import papers
from portal.access import Denied, SignedInRequest
from portal.audit import record
from portal.events import Event
from portal.models import User


class CheckForm(forms.Form):
    """The SHA-256 of a document, as 64 hexadecimal digits; spaces do no harm."""

    sha256 = forms.RegexField(
        label=_("Hash of the document (SHA-256)"),
        regex=r"^\s*([0-9A-Fa-f]\s*){64}$",
        help_text=_("64 digits and letters a–f."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Choose the document, or enter its hash."),
            "invalid": _("A hash has 64 digits and letters from a to f."),
        },
        max_length=200,
    )

    def clean_sha256(self) -> str:
        return "".join(str(self.cleaned_data["sha256"]).split()).lower()


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Anyone can ask; only who has the very document knows its hash."""
    form = CheckForm(request.GET if "sha256" in request.GET else None)
    asked = form.is_bound and form.is_valid()
    document = papers.find(form.cleaned_data["sha256"]) if asked else None
    context = {"form": form, "asked": asked, "document": document}
    return render(request, "permits/documents/check.html", context)


@login_required
@require_safe
def download(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse | StreamingHttpResponse:
    document = get_document_for(request.user, pk)
    if request.method != "HEAD":
        record(Event.DOCUMENT_READ, by=request.user, about=document, kind=document.kind)
    name = f"{document.number.replace('/', '-')}-{document.kind}-{document.language}.pdf"
    return papers.handed_out(request, document, name)


def get_document_for(user: User, pk: uuid.UUID) -> Document:
    """The document, for who may read its case or permit; 404 for others."""
    known = Document.objects.select_related("submission", "decision", "permit__decision")
    document = known.filter(pk=pk).first()
    if document is None:
        raise Http404
    permit = document.permit
    source = document.submission or document.decision or (permit.decision if permit else None)
    if permit is not None and (source is None or visible_permits(user).filter(pk=permit.pk).exists()):
        get_permit_for(user, permit.pk)
        return document
    assert source is not None  # noqa: S101  (a constraint of the table)
    try:
        get_application_for(user, source.application_id)
    except Denied:
        get_application_for(user, source.application_id, "review")
    return document
