"""The jobs of applications and permits, and the clockwork that queues them."""

from celery import shared_task

from permits import emails, granting
from permits.applying import attachments
from permits.documents import making
from portal.outbox import handler

handler("permits.mail")(emails.send)
handler("permits.attachment", give_up=attachments.give_up)(attachments.check)
handler("permits.document")(making.make)


@shared_task
def turn_day() -> dict[str, int]:
    """What the date alone changes: new versions come into force, and permits end."""
    return {"begun": granting.begin_due(), "expired": granting.expire_due()}
