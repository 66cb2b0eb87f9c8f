"""How an order stands, as its pages show it: steps, what comes next, tasks, facts."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders import completion_policies, policies, states, subject_texts, words
from orders.deletion import receipts
from orders.delivery import results
from orders.models import Confirmation, Format, Material, Order
from permits.models import Permit
from portal.access import reason_not_to
from portal.calendar import local_day
from portal.templatetags.components import moment, thousands
from portal.ui import Step, SummaryRow, Task, Tone

TONES: dict[str, Tone] = {
    states.DRAFT: "neutral",
    states.PLACED: "info",
    states.MATCHING: "info",
    states.CLEARING: "info",
    states.READY: "info",
    states.RELEASED: "info",
    states.DELIVERED: "success",
    states.PURGED: "neutral",
    states.CANCELLED: "neutral",
    states.REJECTED: "error",
    states.FAILED: "error",
}
RUNNING = frozenset({states.PLACED, states.MATCHING, states.RELEASED})
"""States that a worker leaves by itself, soon: their pages are looked at again every few seconds."""

# The steps of an order


@dataclass(frozen=True)
class Passed:
    """A step of the line of steps: its name, when it was done, its explanation."""

    label: Any
    done_at: Any
    text: Any = ""


def steps(order: Order, material: Material | None) -> list[Step]:
    """Each step of the order: what is done, when, what goes on now and what is to come."""
    checked = material is not None and material.state == Material.State.CHECKED
    again = order.status in {states.PLACED, states.MATCHING}  # also after a fault: matched and released anew
    line = [
        Passed(_("Draft begun"), order.created_at),
        Passed(_("Check of the register"), material.checked_at if material and checked else None),
        Passed(_("Placing of the order"), order.placed_at),
        Passed(_("Matching with the population register"), None if again else order.matched_at),
        *_clearing_step(order),
        Passed(_("Release of the delivery"), None if again else order.released_at, _release_text(order)),
        Passed(_("Delivery"), order.delivered_at),
        Passed(_("Deletion of the delivery"), order.ended_at if order.status == states.PURGED else None),
    ]
    done = [Step(step.label, "done", step.done_at) for step in line if step.done_at]
    rest = [step for step in line if not step.done_at]
    if order.status in {states.CANCELLED, states.REJECTED, states.FAILED}:
        return [*done, Step(order.get_status_display(), "failed", order.ended_at, ended_text(order))]
    if order.status in {states.DELIVERED, states.PURGED}:
        return [*done, *(Step(step.label, "waiting") for step in rest)]
    first, *others = rest
    current = Step(
        first.label,
        "late" if order.is_late else "current",
        None,
        first.text or _current_text(order, material),
    )
    return [*done, current, *(Step(step.label, "waiting") for step in others)]


def _clearing_step(order: Order) -> list[Passed]:
    """While officials go through doubtful rows; afterwards it is part of the match."""
    if order.status != states.CLEARING:
        return []
    text = str(subject_texts.BEING_CLEARED[order.subject])
    return [Passed(_("Going through the doubtful rows"), None, text)]


def _release_text(order: Order) -> str:
    if order.status == states.READY and order.window is not None:
        return _("Waits for the delivery window, which opens on %(day)s.") % {
            "day": words.day(order.window.opens)
        }
    return ""


def _current_text(order: Order, material: Material | None) -> str:
    if order.status == states.DRAFT:
        at_work = material is not None and material.state != Material.State.CHECKED
        return material.get_state_display() if material and at_work else _("Waits for you.")
    return {
        states.PLACED: _("Waiting for its turn."),
        states.MATCHING: _("The rows are being matched now."),
        states.RELEASED: _("The delivery is being made now."),
    }.get(order.status, "")


def ended_text(order: Order) -> str:
    """Why an order was cancelled, rejected or stopped, what becomes of its register, and what to do."""
    fields = words.field_labels(order.lost_fields, order.subject)
    texts: dict[str, tuple[str, str]] = {
        "cancelled": (_("Your organisation cancelled the order."), ""),
        "abandoned": (_("The draft was not finished in time, so it was cancelled."), ""),
        "permit": (
            _("The permit no longer allows the order."),
            _("When you have a permit in force, make a new order."),
        ),
        "fields": (
            _("The permit has a newer version, which does not cover: %(fields)s.") % {"fields": fields},
            _("Make a new order of the data that the permit covers."),
        ),
    }
    if order.ended_reason in texts:
        why, what_to_do = texts[order.ended_reason]
        return " ".join(filter(None, (why, _register_text(order), what_to_do)))
    if order.ended_reason == "fault":
        return _(
            "A fault in the service stopped the order. The customer need not do anything: an official has"
            " been told, and starts the order again. The delivery window stays the same."
        )
    return ""


def _register_text(order: Order) -> str:
    """What becomes of the register of an order that has ended without a delivery."""
    if order.material is None:
        return ""
    if order.open_hold is not None:
        return _("The register you sent is kept for the present.")
    return _("The register you sent is deleted.")


def next_words(order: Order) -> str:
    """What happens next, and who acts."""
    window = words.window_words(order.window) if order.window else ""
    texts = {
        states.DRAFT: _("Your turn: do the tasks below and place the order. Nothing is matched before that."),
        states.PLACED: _("We match the rows of your register next. You need not do anything."),
        states.MATCHING: _("We are matching the rows of your register. You need not do anything."),
        states.CLEARING: _(
            "The rows have been matched. Some fit several, or one badly: you can complete those of which you"
            " know more, and officials look at them too. The delivery comes %(window)s; rows that are not"
            " decided by then are marked ambiguous in it."
        )
        if completion_policies.waiting(order)
        else str(subject_texts.CLEARING_NEXT[order.subject]),
        states.READY: _(
            "The rows have been matched. The delivery comes %(window)s. You need not do anything."
        ),
        states.RELEASED: _("We are making the delivery. It is ready to download in a moment."),
        states.DELIVERED: _delivered_text(order),
        states.PURGED: _("The delivery has been deleted. If you need the data again, make a new order."),
    }
    if order.status in states.OPEN and policies.waits_for_acceptance(order):
        return _(
            "The permit has a newer version. The order goes on when your organisation's signing official has"
            " accepted it on the permit's page."
        )
    if order.status == states.DELIVERED and (reason := reason_not_to(policies.check_can_download, order)):
        return reason
    last = words.day(order.delivery.expires_on) if order.delivery else ""
    text = texts.get(order.status, ended_text(order)) % {"window": window, "last": last}
    if order.is_late and order.days_left is not None:
        return _("The delivery is late. We are sorry for that, and make it as soon as we can.")
    return text


def _delivered_text(order: Order) -> str:
    """By when to download, and that what is left is then deleted, unless a legal hold keeps it."""
    if order.open_hold is not None:
        return _("The delivery is ready. Download it by %(last)s. For the present nothing of it is deleted.")
    return _("The delivery is ready. Download it by %(last)s: after that day it is deleted.")


def official_words(order: Order) -> str:
    """What an official reads first: whose order, how long it has, and what waits for an official."""
    left = words.days_left_words(order)
    text = f"{order.organisation.name}: {left}." if left else f"{order.organisation.name}."
    if order.status == states.CLEARING:
        return text + " " + _("Doubtful rows wait for officials’ decisions.")
    if order.status == states.FAILED:
        return text + " " + _("A fault stopped the order. Start it again at the end of this page.")
    return text


def tasks(order: Order, material: Material | None) -> list[Task]:
    """What the customer still has to do with a draft."""
    described = reason_not_to(policies.check_described, order) is None
    sent, tone = _("To do"), "neutral"
    if material is not None:
        tones: dict[str, Tone] = {Material.State.CHECKED: "success", Material.State.REFUSED: "error"}
        sent, tone = material.get_state_display(), tones.get(material.state, "info")
    arriving = order.arriving
    if arriving is not None:
        sent, tone = arriving.get_status_display(), "info"
    elif material is None and order.uploads.filter(status=states.UPLOAD_OPEN).exists():
        sent, tone = _("Not finished"), "warning"
    checked = arriving is None and material is not None and material.state == Material.State.CHECKED
    send_name = "orders:check" if material or arriving else "orders:upload"
    ready = described and checked
    return [
        Task(
            _("Describe the register and choose the data"),
            _("Done") if described else _("To do"),
            "success" if described else "neutral",
            reverse("orders:describe", args=[order.pk]),
        ),
        Task(_("Send the register"), sent, tone, reverse(send_name, args=[order.pk])),  # type: ignore[arg-type]
        Task(
            _("Review and place the order"),
            _("To do") if ready else _("Cannot be done yet"),
            "info" if ready else "neutral",
            reverse("orders:place", args=[order.pk]) if ready else "",
        ),
    ]


# The page of an order


def order_page(order: Order) -> dict[str, Any]:
    """How an order stands, as its page takes it. What tells of a turvakielto is not in it."""
    material, delivery = order.material, order.delivery
    being_checked = material is not None and material.state == Material.State.RECEIVED
    being_checked = being_checked or order.arriving is not None
    return {
        "tone": TONES[order.status],
        "material": material,
        "steps": steps(order, material),
        "next_words": next_words(order),
        "official_words": official_words(order),
        "window_words": words.window_words(order.window) if order.window else "",
        "placed_on": local_day(order.placed_at) if order.placed_at else None,
        "days_left": words.days_left_words(order),
        "running": order.status in RUNNING or _release_is_due(order) or being_checked,
        "tasks": tasks(order, material) if order.status == states.DRAFT else [],
        "facts": order_facts(order, material),
        "confirmation": Confirmation.objects.filter(order=order).first(),
        "repeat_reason": reason_not_to(policies.check_can_repeat, order),
        **_files(order),
        "hold": order.open_hold,
        **(results.delivery_page(order, delivery) if delivery else {}),
    }


def _files(order: Order) -> dict[str, Any]:
    """The receipts of the files that are there, and of those that are deleted."""
    every = receipts.of_order(order)
    return {
        "receipts": every,
        "kept_files": [one for one in every if one.purged_at is None],
        "deleted_files": [one for one in every if one.purged_at is not None],
    }


def _release_is_due(order: Order) -> bool:
    if order.status != states.READY or order.window_opens is None:
        return False
    return settings.DELIVERY_RELEASE == "when_ready" or order.window_opens <= policies.today()


def order_facts(order: Order, material: Material | None) -> list[SummaryRow]:
    """The order in short, as it was placed."""
    price = "" if order.price_cents is None else words.price_words(order.organisation, order.price_cents)
    rows = review_rows(order, material, price)
    if order.terms_accepted_by:
        text = _("%(name)s, terms %(version)s") % {"name": order.terms_accepted_by, "version": order.terms}
        rows.append(SummaryRow(_("Terms accepted by"), text))
    for promise in order.attestations.all():
        who = _("%(name)s, %(moment)s") % {"name": promise.name, "moment": moment(promise.at)}
        rows.append(SummaryRow(_("Assured by %(who)s") % {"who": who}, promise.get_statement_display()))
    return [SummaryRow(row.key, row.value) for row in rows if row.value]


def match_facts(order: Order) -> list[SummaryRow]:
    """For officials: how far the match is, and what makes it give the same again."""
    chunks, linked = order.chunks.count(), order.chunks.exclude(links=None).count()
    rows = []
    if chunks:
        text = _("%(done)s of %(all)s") % {"done": thousands(linked), "all": thousands(chunks)}
        rows.append(SummaryRow(_("Chunks that are matched"), text))
    if order.judged_on and order.store_version:
        rows += [
            SummaryRow(_("Judged on"), words.day(order.judged_on)),
            SummaryRow(_("Version of the population data"), order.store_version),
            SummaryRow(_("Version of the matching model"), order.model_version),
        ]
    return [row for row in rows if row.value]


# The review before placing


def review_rows(order: Order, material: Material | None, price: str) -> list[SummaryRow]:
    """The whole order in short, each part with a link to where it is changed."""
    describe, send = reverse("orders:describe", args=[order.pk]), reverse("orders:upload", args=[order.pk])
    rows = [
        SummaryRow(_("Organisation"), order.organisation.name),
        SummaryRow(_("Permit"), f"{order.permit} – {order.permit.purpose}"),
        SummaryRow(_("Contact person"), contact(order), describe),
        SummaryRow(_("Register"), order.register_name, describe),
    ]
    rows.append(SummaryRow(_("What the register is about"), order.get_subject_display()))
    if order.register_description:
        rows.append(SummaryRow(_("Description"), order.register_description, describe))
    if order.students:
        rows.append(SummaryRow(_("Whose data"), order.get_students_display(), describe))
    if order.register_name:
        rows.append(
            SummaryRow(_("Data to be delivered"), words.field_labels(order.fields, order.subject), describe)
        )
    rows += wishes(order, describe)
    if material is not None:
        size = ""
        if material.rows is not None:
            size = ngettext("%(rows)s row", "%(rows)s rows", material.rows) % {
                "rows": thousands(material.rows)
            }
        rows.append(SummaryRow(_("File"), ", ".join(filter(None, [material.given_name, size])), send))
    return [*rows, SummaryRow(_("Price"), price)]


def again_rows(order: Order, permit: Permit, fields: list[str]) -> list[SummaryRow]:
    """What a repetition of the order takes over."""
    rows = [
        SummaryRow(_("Permit"), f"{permit} – {permit.purpose}"),
        SummaryRow(_("What the register is about"), order.get_subject_display()),
        SummaryRow(_("Register"), order.register_name),
        SummaryRow(_("Data to be delivered"), words.field_labels(fields, order.subject)),
    ]
    return [*rows, wishes(order, "")[0]]


def wishes(order: Order, describe: str) -> list[SummaryRow]:
    """In which forms the delivery is wanted, by which day, and which order it repeats."""
    formats = [str(Format(name).label) for name in order.formats]
    rows = [SummaryRow(_("Form of the delivery"), "; ".join(formats), describe)]
    if order.wanted_on:
        text = _("%(day)s; the delivery window still decides") % {"day": words.day(order.wanted_on)}
        rows.append(SummaryRow(_("Wanted day"), text, describe))
    if order.repeats:
        rows.append(SummaryRow(_("Repeats the order"), order.repeats.number))
    return rows


def contact(order: Order) -> str:
    return ", ".join(filter(None, [order.contact_name, order.contact_email, order.contact_phone]))
