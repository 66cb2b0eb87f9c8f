"""What a customer's file holds, in plain words: its fields, formats and encodings."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

INPUT_FIELDS = {
    "row_id": _("your own row identifier"),
    "hetu": _("personal identity code"),
    "surname": _("surname"),
    "given_names": _("given names"),
    "name": _("whole name"),
    "former_surname": _("former surname"),
    "birth_date": _("date of birth"),
    "sex": _("sex"),
    "street": _("street address"),
    "house_number": _("house number"),
    "postal_code": _("postal code"),
    "post_office": _("post office"),
    "municipality": _("municipality"),
    "building_id": _("permanent building identifier"),
    "real_estate_id": _("real-estate code"),
}

FORMATS = {
    "csv": pgettext_lazy("file format", "Text with a delimiter (CSV)"),
    "xlsx": pgettext_lazy("file format", "Excel workbook (XLSX)"),
    "parquet": pgettext_lazy("file format", "Parquet"),
    "fixed_width": pgettext_lazy("file format", "Fixed width"),
}
ENCODINGS = {
    "cp1252": "Windows-1252",
    "iso8859-1": "ISO-8859-1",
    "iso8859-15": "ISO-8859-15",
    "cp850": "MS-DOS (CP850)",
    "mac-roman": "Mac Roman",
}
ENCODING_CHOICES = {"utf-8": "UTF-8", "utf-16": "UTF-16"} | ENCODINGS
"""The encodings that a customer may choose; what is detected may also be a form of the first two."""
DELIMITERS = {";": _("semicolon"), ",": _("comma"), "\t": _("tab"), "|": _("vertical bar")}


def encoding_name(name: str) -> str:
    """What an encoding is called, by Python's name for it; empty for none."""
    plain = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(name, name)
    return ENCODING_CHOICES.get(plain, plain.upper())
