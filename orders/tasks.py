"""The jobs of orders, and the clockwork that queues them. The work itself is in `pipeline` and `purge`."""

from celery import shared_task

from orders import emails, matches, pipeline, policies, purge, reissuing, reminders
from orders.models import Order
from portal.outbox import handler
from portal.states import Conflict

handler("orders.check", queue="match", give_up=pipeline.give_up_check)(pipeline.check_material)
handler("orders.match", queue="match", give_up=pipeline.give_up)(matches.match)
handler("orders.match_chunk", queue="match", give_up=matches.give_up_chunk)(matches.match_chunk)
handler("orders.merge", queue="match", give_up=pipeline.give_up)(matches.merge)
handler("orders.deliver", queue="match", give_up=pipeline.give_up)(pipeline.deliver)
handler("orders.reissue", queue="match", give_up=reissuing.give_up)(reissuing.reissue)
handler("orders.purge_file")(purge.purge_file)
handler("orders.mail")(emails.send)


@shared_task
def release_due() -> int:
    """Release every ready order whose window is open."""
    released = 0
    for order in Order.objects.due_for_release(policies.today()):
        try:
            pipeline.release(order)
        except Conflict:  # released by an official this instant
            continue
        released += 1
    return released


@shared_task
def purge_due() -> int:
    return purge.queue_due()


@shared_task
def remind_of_expiry() -> int:
    return reminders.remind()


@shared_task
def prune_store() -> int:
    return pipeline.prune_store()
