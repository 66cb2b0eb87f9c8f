"""How a doubtful row and a building or a real-estate unit agree, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from orders.clearing.words import DIFFERS, NEAR, SAME, rivals

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

# Statistics Finland's classification of buildings of 1994: the classes of homes, and of others the groups,
# which are the first two of a class's three digits.
CLASS_DIGITS = 3
CLASSES = {
    "011": pgettext_lazy("of a building", "house of one dwelling"),
    "012": pgettext_lazy("of a building", "house of two dwellings"),
    "013": pgettext_lazy("of a building", "other detached house"),
    "021": pgettext_lazy("of a building", "terraced house"),
    "022": pgettext_lazy("of a building", "linked house"),
    "032": pgettext_lazy("of a building", "block of flats with open galleries"),
    "039": pgettext_lazy("of a building", "other block of flats"),
    "041": pgettext_lazy("of a building", "leisure home"),
    "11": pgettext_lazy("of a building", "shop building"),
    "12": pgettext_lazy("of a building", "hotel or other lodging"),
    "13": pgettext_lazy("of a building", "residential home"),
    "14": pgettext_lazy("of a building", "restaurant or the like"),
    "15": pgettext_lazy("of a building", "office building"),
    "16": pgettext_lazy("of a building", "transport building"),
    "21": pgettext_lazy("of a building", "building of health care"),
    "22": pgettext_lazy("of a building", "care institution"),
    "23": pgettext_lazy("of a building", "other building of social services"),
    "24": pgettext_lazy("of a building", "prison"),
    "31": pgettext_lazy("of a building", "theatre, concert hall or cinema"),
    "32": pgettext_lazy("of a building", "library, museum or exhibition hall"),
    "33": pgettext_lazy("of a building", "club building"),
    "34": pgettext_lazy("of a building", "building of a religious community"),
    "35": pgettext_lazy("of a building", "sports building"),
    "36": pgettext_lazy("of a building", "other assembly building"),
    "51": pgettext_lazy("of a building", "building of a school of general education"),
    "52": pgettext_lazy("of a building", "building of a vocational institution"),
    "53": pgettext_lazy("of a building", "university or research building"),
    "54": pgettext_lazy("of a building", "other building for teaching"),
    "61": pgettext_lazy("of a building", "building of energy supply or municipal engineering"),
    "69": pgettext_lazy("of a building", "industrial building"),
    "71": pgettext_lazy("of a building", "warehouse"),
    "72": pgettext_lazy("of a building", "building of rescue services"),
    "81": pgettext_lazy("of a building", "building for animals"),
    "89": pgettext_lazy("of a building", "other building of agriculture, forestry or fishing"),
    "93": pgettext_lazy("of a building", "sauna building"),
    "94": pgettext_lazy("of a building", "outbuilding"),
    "99": pgettext_lazy("of a building", "building not classified elsewhere"),
}
# The population information system's codes of how a building is used.
USE_STATUSES = {
    "01": pgettext_lazy("of a building", "permanently lived in"),
    "02": pgettext_lazy("of a building", "in business or production use"),
    "03": pgettext_lazy("of a building", "used as a leisure home"),
    "04": pgettext_lazy("of a building", "lived in temporarily otherwise"),
    "05": pgettext_lazy("of a building", "empty"),
    "06": pgettext_lazy("of a building", "demolished to make room for a new building"),
    "07": pgettext_lazy("of a building", "demolished for another reason"),
    "08": pgettext_lazy("of a building", "destroyed"),
    "09": pgettext_lazy("of a building", "abandoned as dilapidated"),
    "10": pgettext_lazy("of a building", "use not known"),
    "11": pgettext_lazy("of a building", "other use, such as a sauna or shed"),
}


def building_class(code: str) -> str:
    """A class with its words; a code of another classification, or of none, by itself."""
    words = CLASSES.get(code) or CLASSES.get(code[:2]) if len(code) == CLASS_DIGITS else None
    return f"{code} ({words})" if words else code


def use_status(code: str) -> str:
    words = USE_STATUSES.get(code)
    return f"{code} ({words})" if words else code


def addresses(text: str) -> str:
    """The buildings on a unit, each of whose classes stands behind its address."""
    parts = (part.rpartition(", ") for part in text.split("; "))
    return "; ".join(f"{address}{comma}{building_class(code)}" for address, comma, code in parts)


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
        classes = ", ".join(map(building_class, kinds.split("+")))
        said.append(_("building classes %(classes)s") % {"classes": classes})
    if "one" in parts:
        said.append(_("the same candidates in each row"))
    return "; ".join(said)
