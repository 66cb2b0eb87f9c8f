"""How a doubtful row and a building or a real-estate unit agree, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.clearing_words import DIFFERS, NEAR, SAME, rivals

COMPARISONS = {
    "identifier": gettext_lazy("Identifier"),
    "unit": gettext_lazy("Real-estate code"),
    "name": gettext_lazy("Name of the unit"),
    "street": gettext_lazy("Street"),
    "number": gettext_lazy("House number"),
    "stair": gettext_lazy("Stair"),
    "postal_code": gettext_lazy("Postal code"),
    "post_office": gettext_lazy("Post office"),
    "municipality": gettext_lazy("Municipality"),
}
# Level → what it says, and its words.
LEVELS = {
    "same": (SAME, gettext_lazy("same")),
    "near": (NEAR, gettext_lazy("nearly the same")),
    "part": (NEAR, gettext_lazy("one is a part of the other")),
    "range": (NEAR, gettext_lazy("the other end of the range")),
    "no letter": (NEAR, gettext_lazy("the number without its letter")),
    "other": (DIFFERS, gettext_lazy("another")),
}
RULES = {
    "building": gettext_lazy("the unit on which the building of the row’s identifier stands"),
    "address": gettext_lazy("street, house number and postal code"),
    "address_in_municipality": gettext_lazy("street, house number and municipality or post office"),
    "near_street": gettext_lazy("house number, postal code and a street that is one slip away"),
    "unit_name": gettext_lazy("name of the unit and municipality"),
}


def level(name: str | None) -> tuple[str, str]:
    """What a level says (empty where nothing can be said), and its words."""
    verdict, words = LEVELS.get(name or "", ("", ""))
    return verdict, str(words)


def rule(name: str) -> str:
    return str(RULES.get(name, name))


def group(key: str) -> str:
    """A group of alike cases: how its candidates were found, how the nearest agrees, how many are as near."""
    parts = dict(part.split(":", 1) for part in key.split("|"))
    said = [_("Found by %(rule)s") % {"rule": rule(parts.get("rule", ""))}]
    said += [f"{label}: {level(parts[name])[1]}" for name, label in COMPARISONS.items() if name in parts]
    near = int(parts.get("rivals", "1"))
    said.append(rivals(near) if near > 1 else _("one candidate is nearer than the others"))
    if kinds := parts.get("kinds"):
        said.append(_("building classes %(classes)s") % {"classes": ", ".join(kinds.split("+"))})
    if "one" in parts:
        said.append(_("the same candidates in each row"))
    return "; ".join(said)
