"""Files that can be no register, told at once: by their size or their first bytes."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.scan import PACKED, largest_packed
from portal.templatetags.components import file_size

FOREIGN = (
    (b"%PDF", _("a PDF document")),
    (b"\x89PNG", _("an image")),
    (b"\xff\xd8\xff", _("an image")),
    (b"GIF8", _("an image")),
    (b"II*\0", _("an image")),
    (b"MM\0*", _("an image")),
    (b"7z\xbc\xaf", _("a packed archive")),
    (b"Rar!", _("a packed archive")),
    (b"\x1f\x8b", _("a packed archive")),
    (b"MZ", _("a program")),
    (b"\x7fELF", _("a program")),
    (b"{\\rtf", _("a text document")),
)
"""First bytes of files that are no register, told at once; the worker's check finds the rest."""


def unfit_reason(head: bytes, size: int) -> str:
    """Why a file of `size` bytes that begins so can be no register; empty where it may be one."""
    if head.startswith(PACKED) and size > largest_packed():
        text = _(
            "The file is too large: a workbook or a ZIP file may be at most %(limit)s. Send the register"
            " as a CSV file, or in two orders."
        )
        return str(text % {"limit": file_size(largest_packed())})
    return _foreign_reason(head)


def _foreign_reason(head: bytes) -> str:
    for start, kind in FOREIGN:
        if head.startswith(start):
            text = _(
                "This file is %(kind)s. Save the register as a CSV file or an Excel workbook (.xlsx)"
                " and send that."
            )
            return str(text % {"kind": kind})
    return ""


def too_large_reason() -> str:
    """What is told of a file above the limit."""
    text = _(
        "The file is too large. The largest size is %(limit)s. Leave out the columns that you"
        " don’t need, or send the register in two orders."
    )
    return str(text % {"limit": file_size(settings.UPLOAD_MAX_BYTES)})
