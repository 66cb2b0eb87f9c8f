"""The components as template tags, built in for every template. Examples: templates/components/README.md."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField
from django.forms.boundfield import BoundWidget
from django.template.defaultfilters import floatformat
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from portal import ui

register = template.Library()

DATE_FORMATS = {"en": "j F Y"}
NOTICE_ICONS = {"info": "info", "success": "check", "warning": "warning", "error": "error"}
STEP_ICONS = {"done": "check", "current": "dot", "waiting": "", "late": "clock", "failed": "error"}


@register.inclusion_tag("components/icon.html")
def icon(name: str) -> dict[str, Any]:
    """A drawing that says nothing by itself: the text beside it does."""
    return {"name": name}


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as the language writes it: 23.11.2026, or 23 November 2026 in English. Empty for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, DATE_FORMATS.get(get_language() or "", "j.n.Y"))


@register.filter
def leading(label: Any) -> str:
    """A label before what belongs to it: with a colon, unless it is a question and has its mark."""
    text = str(label)
    return text if text.endswith("?") else f"{text}:"


@register.filter
def short_day(value: date) -> str:
    """A day without its year, for an axis: 23.11., or 23 Nov in English."""
    return date_format(value, "j M" if get_language() == "en" else "j.n.")


@register.filter
def moment(value: datetime | None) -> str:
    """A day and the time of day in Finland: 23.11.2026 14.05."""
    if not value:
        return ""
    clock = "H:i" if get_language() == "en" else "H.i"
    return f"{day(value)} {date_format(timezone.localtime(value), clock)}"


@register.filter
def when(value: date | datetime | None) -> str:
    """A moment with its time of day, or a day."""
    return moment(value) if isinstance(value, datetime) else day(value)


@register.filter
def thousands(value: int) -> str:
    """A number in groups of three, apart by a no-break space: 12 345."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")


@register.filter
def signed(value: float) -> str:
    """A number with its sign and one decimal, as the language writes it; a minus sign is no hyphen."""
    sign = "+" if value >= 0 else "\N{MINUS SIGN}"
    return f"{sign}{floatformat(abs(value), 1)}"


@register.filter
def percent(value: float) -> str:
    """A share of a hundred with one decimal: 12,5 %, or 12.5% in English."""
    space = "" if get_language() == "en" else "\N{NO-BREAK SPACE}"
    return f"{floatformat(value, 1)}{space}%"


@register.filter
def file_size(size: int) -> str:
    """A size as whole megabytes, kilobytes below one or bytes below that: 500 MB; 5 GB where exact."""
    if size < 1024:
        return ngettext("%(count)d byte", "%(count)d bytes", size) % {"count": size}
    if size and size % 1024**3 == 0:
        unit, name = 1024**3, pgettext("gigabytes", "GB")
    elif size >= 1024**2:
        unit, name = 1024**2, pgettext("megabytes", "MB")
    else:
        unit, name = 1024, pgettext("kilobytes", "kB")
    return f"{thousands((size + unit // 2) // unit)}\N{NO-BREAK SPACE}{name}"


@register.filter
def euros(cents: int) -> str:
    """An amount of money: 1 234,50 €, or €1,234.50 in English."""
    if get_language() == "en":
        return f"€{cents / 100:,.2f}"
    return f"{thousands(cents // 100)},{cents % 100:02d}\N{NO-BREAK SPACE}€"


@register.filter
def unlocalized(value: float) -> str:
    """A number as SVG reads it, with a point in every language."""
    return str(value)


# Page frame


@register.filter
def notice_kind(message: Message) -> str:
    """The notice in which a message is shown."""
    return message.level_tag if message.level_tag in NOTICE_ICONS else "info"


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context: template.Context, href: str, label: str) -> dict[str, Any]:
    """A link of the main navigation, marked as current on its own page and on those under it."""
    request = context.get("request")
    path = request.path if request else ""
    return {
        "href": href,
        "label": label,
        "current": path == href or (len(href) > 1 and path.startswith(href)),
    }


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts: Any) -> dict[str, Any]:
    """The way to this page: label, address, label, address, …, and the label of the page itself."""
    *links, last = parts
    return {"links": list(zip(links[::2], links[1::2], strict=True)), "last": last}


# Forms


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """A form field with label, hint and error."""
    return bound.as_field_group()


@register.filter
def target(bound: BoundField) -> str:
    """The id of the field's first input, for a link from the error summary."""
    return bound.id_for_label or (bound[0].id_for_label if len(bound) else bound.auto_id)


@register.filter
def choice_groups(bound: BoundField) -> list[tuple[Any, list[BoundWidget]]]:
    """The choices of radios or checkboxes as (name of the group or None, choices)."""
    widget: Any = bound.field.widget
    attrs = bound.build_widget_attrs({"id": bound.auto_id})
    groups: list[tuple[Any, list[BoundWidget]]] = []
    for name, options, _index in widget.optgroups(bound.html_name, widget.format_value(bound.value()), attrs):
        choices = [BoundWidget(widget, option, bound.form.renderer) for option in options]
        if name is None and groups and groups[-1][0] is None:
            groups[-1][1].extend(choices)
        else:
            groups.append((name, choices))
    return groups


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """What is wrong in the forms, each with a link to its field; takes the focus when the page opens."""
    return {
        "general": [error for form in forms for error in form.non_field_errors()],
        "fields": [bound for form in forms for bound in form if bound.errors],
    }


@register.inclusion_tag("components/file_upload.html")
def file_upload(bound: BoundField, formats: str = "", max_bytes: int | None = None) -> dict[str, Any]:
    """A file field that states its limit and types beforehand; a script adds a progress bar to its form."""
    return {
        "field": bound,
        "formats": formats,
        "max_bytes": max_bytes or settings.UPLOAD_MAX_BYTES,
        "describedby": " ".join(filter(None, [f"{bound.auto_id}_limits", bound.aria_describedby])),
    }


@register.inclusion_tag("components/action_button.html")
def action_button(
    label: str, reason: Any = None, variant: str = "primary", **attributes: Any
) -> dict[str, Any]:
    """A submit button or, with `href`, a link; with a `reason` it is off, and the reason stands beside it."""
    is_link, href = "href" in attributes, attributes.pop("href", "")
    if is_link and not href:  # in place of the link would stand a button that sends the form
        raise ValueError(f"The link “{label}” has no address.")
    return {"label": label, "reason": reason, "variant": variant, "href": href, "attributes": attributes}


# Content


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> str:
    """A box that tells something: info, success, warning or error."""
    context = {"content": content, "kind": kind, "title": title, "icon_name": NOTICE_ICONS[kind]}
    return render_to_string("components/notice.html", context)


@register.simple_block_tag
def empty_state(content: str, title: str) -> str:
    """What a list says that has nothing in it, and what to do next."""
    return render_to_string("components/empty_state.html", {"content": content, "title": title})


@register.inclusion_tag("components/badge.html")
def badge(label: str, tone: str = "neutral") -> dict[str, Any]:
    """A state as a short word: neutral, info, success, warning or error."""
    return {"label": label, "tone": tone}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[ui.SummaryRow]) -> dict[str, Any]:
    """Keys and values, with a link where a value can be changed."""
    return {"rows": rows}


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: Iterable[ui.Task]) -> dict[str, Any]:
    """What there is to do, and how far each is."""
    return {"tasks": tasks}


@register.inclusion_tag("components/steps.html")
def steps(items: Iterable[ui.Step]) -> dict[str, Any]:
    """The steps of a process: done, current, waiting, late or failed."""
    words = {
        "done": _("Done"),
        "current": _("In progress"),
        "waiting": _("Waiting"),
        "late": _("Late"),
        "failed": _("Stopped"),
    }
    return {"steps": [(step, words[step.state], STEP_ICONS[step.state]) for step in items]}


@register.inclusion_tag("components/timeline.html")
def timeline(start: date, opens: date, closes: date, today: date | None = None) -> dict[str, Any]:
    """A delivery window on a line of days, with today on it and what is late after it."""
    today = today or timezone.localdate()
    return {
        "line": ui.draw_timeline(start, opens, closes, today),
        "opens": opens,
        "closes": closes,
        "left": (closes - today).days,
        "late": (today - closes).days,
    }


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(
    caption: str, bars: Sequence[ui.Bar], label: str = "", total: int | None = None
) -> dict[str, Any]:
    """Counts as bars and as a table in one, with shares of `total` or else of their sum."""
    return {"caption": caption, "label": label or _("Result"), "rows": ui.draw_bars(bars, total)}


@register.inclusion_tag("components/pagination.html")
def pagination(previous_url: str | None, next_url: str | None) -> dict[str, Any]:
    """Links to the page before and the page after, where there are such."""
    return {"previous_url": previous_url, "next_url": next_url}
