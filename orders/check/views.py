"""What the check of a register found, row by row, to take along."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from orders.access import get_order_for
from orders.check import files, samples
from orders.delivery.kinds import CONTENT_TYPES
from portal.access import SignedInRequest
from portal.audit import record
from portal.events import Event

FORMS = ("csv", "xlsx")


@login_required
@require_safe
def findings(request: SignedInRequest, pk: uuid.UUID, form: str) -> HttpResponse | StreamingHttpResponse:
    """All that was found in the newest material: row numbers, what and in which column; never a cell."""
    order = get_order_for(request.user, pk)
    material = order.material
    file = material.findings if material else None
    if material is None or file is None or file.purged_at is not None or form not in FORMS:
        raise Http404
    if request.method != "HEAD":
        record(Event.CHECK_REPORT_DOWNLOADED, by=request.user, about=order, file=file.pk, form=form)
    rows = files.rows(samples.findings(file), material.report)
    response: HttpResponse | StreamingHttpResponse
    if form == "csv":
        response = StreamingHttpResponse(files.csv_lines(rows))
    else:
        response = HttpResponse(files.workbook(rows, material.report["findings"]))
    response["Content-Type"] = CONTENT_TYPES[form]
    response["Content-Disposition"] = f'attachment; filename="{order.number}-check.{form}"'
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response
