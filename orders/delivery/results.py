"""What a delivery says of itself: its files, its rows by result, its changed fields, and its receipts."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from orders import policies
from orders.delivery import kinds
from orders.models import Delivery, DownloadReceipt, Order
from orders.subject_texts import PROPERTY_RESULTS
from permits import field_texts
from portal.access import reason_not_to
from portal.models import User
from portal.ui import Bar, Tone

RESULTS: dict[str, tuple[Any, Any, Tone]] = {
    "match_id": (
        gettext_lazy("Found by the identity code"),
        gettext_lazy(
            "The code is this person’s, and neither name nor birth date on the row speaks against it."
            " The data are given."
        ),
        "success",
    ),
    "match_id_changed": (
        gettext_lazy("Found by a former identity code"),
        gettext_lazy("The person has got a new code. The data are given; put the new code in your register."),
        "success",
    ),
    "match_id_repaired": (
        gettext_lazy("Found by a corrected identity code"),
        gettext_lazy("The code had a typing error, and only one person fits. The data are given."),
        "success",
    ),
    "match_data": (
        gettext_lazy("Found by name and other data"),
        gettext_lazy("There was no usable code, but the other data name one person. The data are given."),
        "success",
    ),
    "match_review": (
        gettext_lazy("Found by an official"),
        gettext_lazy("An official has gone through the doubtful row. The data are given."),
        "success",
    ),
    "no_match_review": (
        gettext_lazy("Not found by an official"),
        gettext_lazy(
            "An official has gone through the doubtful row and found no person for it. No data are given."
        ),
        "warning",
    ),
    "conflict": (
        gettext_lazy("Code and name do not agree"),
        gettext_lazy("The code belongs to a person of another name. Check the row. No data are given."),
        "warning",
    ),
    "ambiguous": (
        gettext_lazy("Several possible persons"),
        gettext_lazy(
            "The row fits more than one person or fits one badly. Complete the row. No data are given."
        ),
        "warning",
    ),
    "not_found": (
        gettext_lazy("Not found"),
        gettext_lazy(
            "The row is sound, but there is no such person in the population register. No data are given."
        ),
        "neutral",
    ),
    "invalid_id": (
        gettext_lazy("Invalid identity code"),
        gettext_lazy(
            "The code is not an identity code, and the rest of the row finds nobody. Check the code."
            " No data are given."
        ),
        "error",
    ),
    "artificial_id": (
        gettext_lazy("Artificial identity code"),
        gettext_lazy("The code is a temporary or test code, which is no real person’s. No data are given."),
        "neutral",
    ),
    "insufficient_data": (
        gettext_lazy("Too little to search with"),
        gettext_lazy("The row has neither an identity code nor enough other data. No data are given."),
        "neutral",
    ),
}


SHOWN_DOWNLOADS = 50


@dataclass(frozen=True)
class Download:
    """A file that can be downloaded: its kind, its name in words, the size of its content."""

    kind: str
    name: Any
    size: int


def delivery_page(order: Order, delivery: Delivery) -> dict[str, Any]:
    """The delivery's files and results."""
    return {
        "delivery": delivery,
        "downloads": downloads_of(delivery),
        "not_made": [kinds.REFUSALS.get(code, code) for code in delivery.refused.values()],
        "own_key": delivery.own_key,
        "download_reason": reason_not_to(policies.check_can_download, order),
        "material_until": policies.material_kept_until(order),
        "reissues": order.reissues.select_related("asked_by"),
        "download_names": list(kinds.NAMES.items()),
        "sealed_name": sealed_name(delivery),
        "receipts_of_downloads": DownloadReceipt.objects.filter(delivery__order=order).select_related(
            "by", "file", "delivery"
        )[:SHOWN_DOWNLOADS],
        "result_bars": result_bars(delivery.results, order.subject),
        "result_meanings": result_meanings(delivery.results, order.subject),
        "changed_bars": changed_bars(delivery),
        "entitled": order.permit.entitled_to_protected,
    }


def sealed_name(delivery: Delivery) -> str:
    """The name of its first file once it is decrypted, for the words that tell how."""
    file = next(iter(downloads_of(delivery)), None)
    return kinds.file_name(delivery, file.kind) if file else ""


def own_delivery(order: Order, user: User) -> dict[str, Any]:
    """What the customer can do with the delivery, and why not."""
    delivery = order.delivery
    if delivery is None:
        return {}
    return {
        "may_reissue": settings.CUSTOMER_REISSUES > 0,
        "reissue_reason": reason_not_to(policies.check_can_reissue, order, by_official=False),
        "duties_reason": reason_not_to(policies.check_acknowledged, delivery, user),
    }


def downloads_of(delivery: Delivery) -> list[Download]:
    """The delivery's files of data that are there, in the order of the forms."""
    files = {file.kind: file for file in delivery.files.filter(purged_at=None)}
    return [Download(kind.value, kinds.NAMES[kind], files[kind].size) for kind in kinds.DATA if kind in files]


def result_bars(results: dict[str, int], subject: str = "person") -> list[Bar]:
    """The rows by result, in the order of `RESULTS`: in words, with the delivery's own code beside."""
    texts = results_of(subject)
    codes = [code for code in RESULTS if results.get(code)] + [
        code for code in results if code not in RESULTS
    ]
    bars = []
    for code in codes:
        name, _text, tone = texts.get(code, (code, "", "neutral"))
        bars.append(Bar(f"{name} ({code})", results[code], tone))
    return bars


def result_meanings(results: dict[str, int], subject: str = "person") -> list[tuple[str, Any, Any]]:
    """(code, name, meaning) of each result that the order has."""
    texts = results_of(subject).items()
    return [(code, name, text) for code, (name, text, _tone) in texts if results.get(code)]


def results_of(subject: str) -> dict[str, tuple[Any, Any, Tone]]:
    """The results in words: of a register of persons, or of buildings or real estate."""
    if subject == "person":
        return RESULTS
    return {code: (*PROPERTY_RESULTS.get(code, said[:2]), said[2]) for code, said in RESULTS.items()}


def changed_bars(delivery: Delivery) -> list[Bar]:
    subject, counts = delivery.order.subject, delivery.changed_by_count
    return [Bar(field_texts.label(name, subject), count, "info") for name, count in counts if count]
