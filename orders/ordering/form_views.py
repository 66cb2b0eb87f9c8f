"""The order form that is filled in offline: downloaded, filled, sent; a worker makes it into the order."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orders import policies, states, workflow
from orders.delivery.kinds import CONTENT_TYPES
from orders.material import order_form
from orders.models import Material, Order
from orders.ordering.forms import FormUploadForm
from orders.ordering.views import choose_organisation, permit_lists, posted_file
from orders.prices.pricing import public_price_table
from permits.models import Permit, SubjectKind
from portal.access import Denied, SignedInRequest
from portal.models import Organisation, User


@login_required
@require_safe
def form(request: SignedInRequest) -> HttpResponse:
    """The form as a workbook for one organisation and permit: those in the address, else the first usable."""
    organisations, organisation = choose_organisation(request)
    organisation = organisation or organisations[0]
    permits = policies.form_permits(organisation)
    wanted = request.GET.get("permit", "")
    permit = next((one for one in permits if str(one.pk) == wanted), permits.first())
    if permit is None:
        raise Denied(_("Your organisation has no permit in force under which to order."))
    content = order_form.build(
        organisation=organisation,
        permit=permit,
        prices=public_price_table(policies.today()),
        language=get_language() or "fi",
    )
    response = HttpResponse(content, content_type=CONTENT_TYPES["xlsx"])
    name = slugify(_("Order form"))
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def form_upload(request: SignedInRequest) -> HttpResponse:
    """Send a filled form: it makes a draft (or mends the draft in `order`), which a worker fills in."""
    organisations, organisation = choose_organisation(request)
    if organisation is None:
        return render(request, "orders/form_upload.html", {"organisations": organisations})
    usable = policies.form_permits(organisation)
    initial = {"token": _token(request), "permit": usable.first()}
    filled = FormUploadForm(permits=usable, initial=initial, **posted_file(request))
    if filled.is_valid():
        values = filled.cleaned_data
        order = workflow.create(
            by=request.user,
            organisation=organisation,
            permit=values["permit"],
            token=_draft_to_mend(request.user, organisation, values["permit"], values["token"]),
            subject="person",
        )
        workflow.send_material(order, by=request.user, upload=values["register"], is_form=True)
        return redirect("orders:check", pk=order.pk)
    context = {"form": filled, "organisation": organisation, "organisations": organisations}
    return render(request, "orders/form_upload.html", context | permit_lists(organisation))


def _draft_to_mend(by: User, organisation: Organisation, permit: Permit, token: uuid.UUID) -> uuid.UUID:
    """The form's own id, or the user's newest draft that holds nothing but a refused form: no empty drafts
    are left behind by who sends form after form.
    """
    if Order.objects.filter(pk=token).exists():  # sent twice, or sent to mend this one
        return token
    drafts = Order.objects.filter(
        created_by=by, organisation=organisation, permit=permit, status=states.DRAFT, register_name=""
    )
    refused = Material.objects.filter(is_form=True, state=Material.State.REFUSED)
    others = Material.objects.exclude(is_form=True, state=Material.State.REFUSED)
    newest = (
        drafts.filter(materials__in=refused, uploads=None, repeats=None, subject=SubjectKind.PERSON)
        .exclude(materials__in=others)
        .order_by("-created_at")
        .first()
    )
    return newest.pk if newest else token


def _token(request: SignedInRequest) -> uuid.UUID:
    """The id of the draft that the form mends, else of a new one."""
    try:
        return uuid.UUID(request.GET.get("order", ""))
    except ValueError:
        return uuid.uuid4()
