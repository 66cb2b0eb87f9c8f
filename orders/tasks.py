"""The jobs of orders, and the clockwork that queues them. The work itself is in `pipeline` and the rooms."""

from celery import shared_task

from orders import emails, pipeline, policies, workflow
from orders.clearing import mail as clearing_mail
from orders.deletion import purge
from orders.delivery import reminders
from orders.disclosures import months as disclosure_months
from orders.disclosures import search as disclosure_search
from orders.material import upload_jobs
from orders.models import Order
from orders.ordering import confirmation
from orders.steps import clearing, completing, matches, reissuing
from orders.third_parties import decision
from orders.third_parties import mail as third_party_mail
from orders.third_parties import permissions as third_parties
from portal.outbox import handler
from portal.states import Conflict

handler("orders.check", queue="match", give_up=pipeline.give_up_check)(pipeline.check_material)
handler("orders.match", queue="match", give_up=pipeline.give_up)(matches.match)
handler("orders.match_chunk", queue="match", give_up=matches.give_up_chunk)(matches.match_chunk)
handler("orders.merge", queue="match", give_up=pipeline.give_up)(matches.merge)
handler("orders.sheets", queue="match", give_up=pipeline.give_up)(clearing.make_sheets)
handler("orders.complete", queue="match", give_up=completing.give_up)(completing.link_completed)
handler("orders.deliver", queue="match", give_up=pipeline.give_up)(pipeline.deliver)
handler("orders.confirm")(confirmation.make)
handler("orders.reissue", queue="match", give_up=reissuing.give_up)(reissuing.reissue)
handler("orders.purge_file")(purge.purge_file)
handler("orders.join_upload", queue="match", give_up=upload_jobs.give_up)(upload_jobs.join)
handler("orders.purge_upload")(upload_jobs.purge)
handler("orders.mail")(emails.send)
handler("orders.find_disclosures", give_up=disclosure_search.give_up)(disclosure_search.find)
handler("orders.third_party_decision")(decision.make)
handler("orders.third_party_mail")(third_party_mail.send)
handler("orders.clearing_mail")(clearing_mail.send)


@shared_task
def release_due() -> int:
    """Release every ready order whose window is open."""
    released = 0
    for order in Order.objects.due_for_release(policies.today()):
        try:
            workflow.release_by_clock(order)
        except Conflict:  # released by an official this instant
            continue
        released += 1
    return released


@shared_task
def close_clearings() -> int:
    return clearing.close_due()


@shared_task
def tell_of_doubtful_rows() -> int:
    return clearing_mail.tell_officials()


@shared_task
def purge_due() -> int:
    disclosure_search.expire_results()
    return purge.queue_due()


@shared_task
def make_disclosure_months() -> int:
    return disclosure_months.make_ahead(policies.today())


@shared_task
def end_third_parties() -> int:
    return third_parties.end_void()


@shared_task
def remind_of_expiry() -> int:
    return reminders.remind()


@shared_task
def prune_store() -> int:
    return pipeline.prune_store()
