"""Attachments and readers of an application."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from permits import acts, workflow
from permits.access import get_application_for
from permits.applying import application_pages
from permits.applying.attachments import file_name
from permits.applying.form_views import while_editable
from permits.applying.forms import FORMATS, AttachmentForm, ShareForm
from permits.applying.views import get_readable
from permits.leading_back import leading_back
from permits.models import Application, ApplicationShare, Attachment
from portal import storage
from portal.access import Denied, SignedInRequest
from portal.audit import record
from portal.events import Event
from portal.uploads import ATTACHMENT_MAX_BYTES


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@while_editable
@leading_back
def attachments(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The files with how each stands, and a form to add one."""
    application = get_application_for(request.user, pk, "edit")
    form = AttachmentForm(**_posted(request))
    if form.is_bound and form.is_valid():
        try:
            workflow.add_attachment(
                application,
                by=request.user,
                upload=form.cleaned_data["attachment"],
                description=form.cleaned_data["description"],
            )
        except Denied as denied:
            form.add_error(None, denied.reason)
        else:
            return redirect("permits:attachments", pk=pk)
    rows = application_pages.attachment_rows(application)
    waiting = any(row["file"].state == Attachment.State.RECEIVED for row in rows)
    context = {"application": application, "form": form, "rows": rows, "running": waiting}
    context |= {"formats": FORMATS, "max_bytes": ATTACHMENT_MAX_BYTES, "max_count": workflow.MAX_ATTACHMENTS}
    return render(request, "permits/applications/attachments.html", context)


def _posted(request: SignedInRequest) -> dict[str, Any]:
    """What a form with a file takes. Only once the file is read is it known whether it was too large."""
    if request.method != "POST":
        return {}
    files = request.FILES
    return {"data": request.POST, "files": files, "too_large": getattr(request, "upload_too_large", False)}


@login_required
@require_safe
def attachment(
    request: SignedInRequest, pk: uuid.UUID, attachment_id: uuid.UUID
) -> HttpResponse | StreamingHttpResponse:
    """The file, for who may read the application. Looking at its header by HEAD is no reading."""
    application = get_readable(request.user, pk)
    found = get_object_or_404(application.attachments, pk=attachment_id, state=Attachment.State.READY)
    is_draft = found.removed_at is not None or "review" in acts.allowed(request.user, application)
    if is_draft and not _was_submitted(application, found):  # an official sees what was submitted
        raise Http404
    if request.method == "HEAD":
        return _headers(HttpResponse(), found)
    record(Event.ATTACHMENT_READ, by=request.user, about=application, attachment=found.pk)
    blocks = storage.decrypted_blocks(found.name, storage.delivery_key())
    response = _headers(StreamingHttpResponse(blocks), found)
    response["Content-Length"] = str(found.size)
    return response


def _was_submitted(application: Application, found: Attachment) -> bool:
    """One that was taken away later still belongs to the submission of which it was part."""
    return application.submissions.filter(attachments__contains=[str(found.pk)]).exists()


def _headers(response: Any, found: Attachment) -> Any:
    response["Content-Type"] = found.media_type
    response["Content-Disposition"] = content_disposition_header(True, file_name(found))
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
@leading_back
def remove_attachment(request: SignedInRequest, pk: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    application = get_application_for(request.user, pk, "edit")
    found = get_object_or_404(application.attachments, pk=attachment_id)
    workflow.remove_attachment(application, by=request.user, attachment=found)
    messages.success(request, _("The attachment has been removed."))
    return redirect("permits:attachments", pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@leading_back
def share(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Who may read the application besides the organisation's members, and a form to add a reader."""
    application = get_application_for(request.user, pk, "share")
    form = ShareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.share(application, by=request.user, email=form.cleaned_data["email"])
        except Denied as denied:
            form.add_error("email", denied.reason)
        else:
            messages.success(request, _("The application can now be read at that address."))
            return redirect("permits:share", pk=pk)
    readers = application.shares.filter(ended_at=None).order_by("shared_at")
    context = {"application": application, "form": form, "readers": readers}
    return render(request, "permits/applications/share.html", context)


@login_required
@require_POST
@leading_back
def end_share(request: SignedInRequest, pk: uuid.UUID, share_id: int) -> HttpResponse:
    application = get_application_for(request.user, pk, "share")
    shared = get_object_or_404(ApplicationShare, pk=share_id, application=application)
    workflow.end_share(application, by=request.user, share=shared)
    messages.success(request, _("The right to read has ended."))
    return redirect("permits:share", pk=pk)
