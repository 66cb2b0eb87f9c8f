"""The customer's pages of an order: fetch and authorise, act, redirect."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orders import completion_policies, policies, states, subject_texts, words, workflow
from orders.access import get_order_for, get_own_order_for, visible_orders
from orders.check import report as check_report
from orders.deletion import holds
from orders.delivery import results
from orders.material import upload_views
from orders.models import Material, Order
from orders.ordering import presentation
from orders.ordering.forms import DescribeForm, PlaceForm, ReleaseForm, StartForm, SubjectForm, UploadForm
from orders.prices import pricing
from orders.third_parties.presentation import order_part
from permits.access import version_now
from permits.models import Permit
from portal.access import Denied, SignedInRequest, organisations_of, reason_not_to
from portal.audit import record
from portal.events import Event
from portal.models import Organisation
from portal.paging import Keyset
from portal.states import Conflict
from portal.typed_text import keeping_typed_text, kept_text

NEWEST_FIRST = Keyset(("serial",), (int,), descending=True)


@login_required
@require_safe
def order_list(request: SignedInRequest) -> HttpResponse:
    page = NEWEST_FIRST.page(visible_orders(request.user), request)
    record(Event.ORDERS_LISTED, by=request.user, about=request.user, rows=len(page.items))
    rows = [(order, presentation.TONES[order.status], words.days_left_words(order)) for order in page.items]
    return render(request, "orders/list.html", {"page": page, "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Choose the organisation, the permit and, where it covers several, what the register is about.

    The draft that this makes is described next.
    """
    organisations, organisation = choose_organisation(request)
    usable = policies.orderable_permits(organisation) if organisation else Permit.objects.none()
    form = StartForm(
        request.POST or None, permits=usable, initial={"token": uuid.uuid4(), "permit": usable.first()}
    )
    if request.method == "POST" and organisation is not None and form.is_valid():
        return _begin(request, organisation, form)
    context = {"form": form, "organisation": organisation, "organisations": organisations}
    if organisation is not None:
        context |= permit_lists(organisation)
    return render(request, "orders/new.html", context)


def _begin(request: SignedInRequest, organisation: Organisation, form: StartForm) -> HttpResponse:
    """Make the draft, or ask first what its register is about where the permit leaves that open."""
    permit = form.cleaned_data["permit"]
    subjects = permit.subjects
    about = SubjectForm(request.POST if "subject" in request.POST else None, permit=permit)
    if len(subjects) > 1 and not about.is_valid():
        if "about" in request.POST and not about.is_bound:  # asked, and none was chosen
            about = SubjectForm({}, permit=permit)
        context = {"form": about, "start": form, "permit": permit, "organisation": organisation}
        return render(request, "orders/new_subject.html", context)
    order = workflow.create(
        by=request.user,
        organisation=organisation,
        permit=permit,
        token=form.cleaned_data["token"],
        subject=about.cleaned_data["subject"] if len(subjects) > 1 else subjects[0].value,
    )
    return redirect("orders:describe", pk=order.pk)


def choose_organisation(request: SignedInRequest) -> tuple[list[Organisation], Organisation | None]:
    """The user's organisations, and the one to order for: the only one, or that in the address."""
    organisations = organisations_of(request.user)
    if not organisations:
        raise Denied(_("To make an order you need the role of applicant in a customer organisation."))
    if len(organisations) == 1:
        return organisations, organisations[0]
    wanted = request.GET.get("organisation")
    return organisations, next((one for one in organisations if str(one.pk) == wanted), None)


def permit_lists(organisation: Organisation) -> dict[str, Any]:
    """The organisation's usable permits with what they cover, and the others with the reason why not."""
    today = policies.today()
    held = Permit.objects.held_by(organisation).latest_versions(today)
    held = held.select_related("terms", "acceptance")
    reasons = [(permit, reason_not_to(policies.check_orderable, permit, organisation)) for permit in held]
    return {
        "price": words.price_basis(organisation, pricing.price_list_on(today)),
        "form_fits": any(permit.fields_of() for permit, reason in reasons if not reason),
        "usable": [
            (
                permit,
                [(kind.label, words.field_labels(permit.fields_of(kind), kind)) for kind in permit.subjects],
            )
            for permit, reason in reasons
            if not reason
        ],
        "unusable": [(permit, reason) for permit, reason in reasons if reason],
    }


@keeping_typed_text
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    order = get_own_order_for(request.user, pk)
    if refused := _refused(request, order, policies.check_can_describe):
        return refused
    order.permit = version_now(order.permit, policies.today())  # what can be chosen is in today's version
    kept = kept_text(request)
    form = DescribeForm(request.POST or kept, instance=order)
    if package := request.POST.get("choose"):
        form = DescribeForm.with_package(request.POST, package, order)
    elif request.method == "POST" and form.is_valid():
        try:
            workflow.describe(order, by=request.user, **form.details())
        except Denied as denied:
            form.add_error(None, denied.reason)
        else:
            return redirect("orders:place" if order.material else "orders:upload", pk=order.pk)
    prices = words.price_basis(order.organisation, pricing.price_list_on(policies.today()))
    context = {"form": form, "order": order, "kept": kept is not None, "price": prices}
    return render(request, "orders/describe.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    order = get_own_order_for(request.user, pk)
    if refused := _refused(request, order, policies.check_can_upload):
        return refused
    form = UploadForm(**posted_file(request))
    if form.is_valid():
        workflow.send_material(order, by=request.user, upload=form.cleaned_data["register"])
        return redirect("orders:check", pk=order.pk)
    hints = subject_texts.upload_hints(order.subject)
    context = {"form": form, "order": order, "hints": hints, **upload_views.upload_page(order)}
    return render(request, "orders/upload.html", context)


def posted_file(request: SignedInRequest) -> dict[str, Any]:
    """What a form with a file takes. Only once the file is read is it known whether it was too large."""
    if request.method != "POST":
        return {}
    files = request.FILES
    return {"data": request.POST, "files": files, "too_large": getattr(request, "upload_too_large", False)}


@login_required
@require_safe
def check(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """The report on the newest material; while a worker reads it, the page follows."""
    order = get_order_for(request.user, pk)
    _record_reading(request, order)
    if arriving := upload_views.arriving_page(request, order, is_own=_is_own(request, order)):
        return arriving
    material = order.material  # read after the upload: what is joined meanwhile is seen here
    if material is None:
        return redirect("orders:upload", pk=order.pk)
    context: dict[str, Any] = {
        "order": order,
        "material": material,
        "waiting": False,
        "is_own": _is_own(request, order),
        "again_url": _again_url(order, material),
    }
    if context["is_own"]:
        context |= check_report.own(material, by=request.user)
    if material.state == Material.State.RECEIVED:
        context |= {"waiting": True, "running": context["is_own"]}
    elif material.state == Material.State.REFUSED:
        problems = check_report.problem_lines(material)
        total = material.report.get("problems_total", len(problems))
        has_rows = any(one.get("row") for one in material.problems)
        context |= {"problems": problems, "more": total - len(problems), "has_rows": has_rows}
        context["hash_rows"] = check_report.hash_rows(material)
    else:
        price = words.price_words(order.organisation, _price_today(order).cents)
        context |= check_report.page(material, context.get("sample")) | {"price": price}
    return render(request, "orders/check.html", context)


def _price_today(order: Order) -> pricing.Price:
    """What the order costs if it is placed today."""
    rows = order.material.rows if order.material else 0
    return pricing.price(order.organisation, rows or 0, policies.today())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Review, price, window and terms; the customer accepts by name. Sent twice, it places once."""
    order = get_own_order_for(request.user, pk)
    if order.status != states.DRAFT:
        return redirect("orders:detail", pk=order.pk)
    shown = _review(order)
    accepted_by = order.terms_accepted_by or request.user.name  # the first where the order came as a form
    form = PlaceForm(request.POST or None, initial={"seen": shown["seen"], "accepted_by": accepted_by})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            workflow.lock(order)  # what is compared with what was seen is what is placed
            shown = _review(order)
            if order.status != states.DRAFT or _placed_as_seen(request, order, form, shown["seen"]):
                return redirect("orders:detail", pk=order.pk)
    return render(request, "orders/place.html", {"form": form, "order": order, **shown})


def _placed_as_seen(request: SignedInRequest, order: Order, form: PlaceForm, now: str) -> bool:
    """Place the order if it is still what the page showed; else the form says that it must be seen again."""
    if form.cleaned_data["seen"] == now:
        return _placed(request, order, form)
    data = request.POST.copy()
    data["seen"] = now
    form.data = data
    form.add_error(
        None, _("The order changed after you opened this page. Review it again and place it then.")
    )
    return False


def _placed(request: SignedInRequest, order: Order, form: PlaceForm) -> bool:
    try:
        accepted_by = form.cleaned_data["accepted_by"]
        workflow.place(order, by=request.user, accepted_by=accepted_by, attested=form.attested)
    except Denied as denied:
        form.add_error(None, denied.reason)
        return False
    except Conflict:  # the same form, sent twice at once
        return True
    messages.success(request, _("The order has been placed."))
    return True


def _review(order: Order) -> dict[str, Any]:
    """What is agreed on when the order is placed, and its fingerprint."""
    material, today = order.material, policies.today()
    order.permit = version_now(order.permit, today)
    price = _price_today(order)
    window = order.window_if_placed(today)
    rows = presentation.review_rows(order, material, words.price_words(order.organisation, price.cents))
    facts = [
        order.organisation_id,
        order.permit_id,
        order.permit.terms_id,
        material and material.pk,
        price.cents,
    ]
    details = [getattr(order, name) for name in sorted(workflow.DETAILS)]
    return {
        "rows": rows,
        "window": window,
        "window_words": words.window_words(window),
        "today": today,
        "terms": order.permit.terms,
        "reason": reason_not_to(policies.check_can_place, order),
        "seen": hashlib.sha256(repr([*facts, *details, window]).encode()).hexdigest(),
    }


@login_required
@require_safe
def detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """How the order stands, what comes next, and after the delivery its files and results."""
    order = get_order_for(request.user, pk)
    _record_reading(request, order)
    is_own = _is_own(request, order)
    context = presentation.order_page(order) | order_part(order) | {"order": order, "is_own": is_own}
    context["running"] &= is_own  # each look of an official is audited: theirs is not repeated by itself
    if is_own:
        context["is_open"] = order.status in states.OPEN | {states.DRAFT}
        context["completable"] = completion_policies.waiting(order)
        context["cancel_reason"] = reason_not_to(policies.check_can_cancel, order)
        context |= results.own_delivery(order, request.user)
    if request.user.is_official:
        context |= {
            "match_facts": presentation.match_facts(order),
            "release_form": ReleaseForm(),
            "release_reason": reason_not_to(policies.check_can_release, order),
            "retry_reason": reason_not_to(policies.check_can_retry, order),
            "hold_reason": reason_not_to(holds.check_can_place, order),
            "staff_reissue_reason": reason_not_to(policies.check_can_reissue, order, by_official=True),
        }
    return render(request, "orders/detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask once more, for what is cancelled and deleted does not come back; then cancel."""
    order = get_own_order_for(request.user, pk)
    if order.status == states.CANCELLED:  # the same form, sent twice
        return redirect("orders:detail", pk=order.pk)
    if request.method != "POST":
        refused = _refused(request, order, policies.check_can_cancel)
        return refused or render(request, "orders/cancel.html", {"order": order})
    return act(
        request, order, lambda: workflow.cancel(order, by=request.user), _("The order has been cancelled.")
    )


def act(request: SignedInRequest, order: Order, acting: Callable[[], None], done: str) -> HttpResponse:
    """Do it and go to the order's page, which tells that it is done or why it was not."""
    try:
        acting()
    except Denied as denied:
        messages.error(request, denied.reason)
    except Conflict:
        messages.error(request, _("The order has just changed. See below how it stands now."))
    else:
        messages.success(request, done)
    return redirect("orders:detail", pk=order.pk)


def _refused(request: SignedInRequest, order: Order, policy: Callable[[Order], None]) -> HttpResponse | None:
    """The way to the order's page with the reason, where the policy refuses."""
    reason = reason_not_to(policy, order)
    if reason is None:
        return None
    messages.error(request, reason)
    return redirect("orders:detail", pk=order.pk)


def _is_own(request: SignedInRequest, order: Order) -> bool:
    """True for who may act as the order's customer; an official may only read."""
    return any(one.pk == order.organisation_id for one in organisations_of(request.user))


def _again_url(order: Order, material: Material) -> str:
    """Where the material is sent anew: a form as a form into the same draft, a register as a register."""
    if not material.is_form:
        return reverse("orders:upload", args=[order.pk])
    return f"{reverse('orders:form_upload')}?organisation={order.organisation_id}&order={order.pk}"


def _record_reading(request: SignedInRequest, order: Order) -> None:
    """An official's reading of a customer's order is audited."""
    if request.user.is_official:
        record(Event.ORDER_READ, by=request.user, about=order)
