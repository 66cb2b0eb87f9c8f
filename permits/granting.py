"""Permits as they come into being, change their state and end. Each verb is one transaction."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.fields import output_fields
from permits import acts, emails, states
from permits.form import form_spec
from permits.models import Decision, Permit, PermitAcceptance, PermitEvent, StandingPermitDraft, Terms
from permits.models.decision import Content, Outcome
from portal import outbox
from portal.access import Denied
from portal.audit import Actor, record
from portal.calendar import local_day
from portal.events import MACHINE, Event
from portal.models import User
from portal.roles import Role
from portal.states import Conflict, move, move_all

CONTENT = (
    "outcome",
    "reasons",
    "scopes",
    "entitled_to_protected",
    "customer_completes",
    "conditions",
    "valid_from",
    "valid_to",
)


def check_content(content: Any) -> None:
    """Raise Denied unless what is proposed can be decided: reasons, fields that were applied for, dates."""
    if not content.reasons.strip():
        raise Denied(_("Give the reasons for the decision."), "reasons")
    if content.outcome == Outcome.REJECT:
        content.scopes, content.valid_from, content.valid_to = {}, None, None
        content.entitled_to_protected, content.customer_completes, content.conditions = False, False, ""
        return
    wanted = form_spec.wanted_scopes(content.submission.answers)
    content.scopes = {subject: names for subject, names in content.scopes.items() if names}
    if not content.scopes:
        raise Denied(_("A permit covers at least one piece of data."))
    for subject, names in content.scopes.items():
        if not set(names) <= set(wanted.get(subject, [])):
            raise Denied(_("Only data that were applied for can be granted."))
    if content.entitled_to_protected and not form_spec.needs_protected(content.submission.answers):
        raise Denied(_("Data under a non-disclosure order were not applied for."))
    _check_dates(content.valid_from, content.valid_to)
    content.outcome = Outcome.APPROVE if _is_whole(content, wanted) else Outcome.APPROVE_IN_PART


def _is_whole(content: Content, wanted: dict[str, list[str]]) -> bool:
    same_fields = {key: set(names) for key, names in content.scopes.items()} == {
        key: set(names) for key, names in wanted.items() if names
    }
    answers = content.submission.answers  # type: ignore[attr-defined]
    same_protection = content.entitled_to_protected == form_spec.needs_protected(answers)
    return same_fields and same_protection and not form_spec.is_shorter(content.valid_to, answers)


def _check_dates(valid_from: date | None, valid_to: date | None) -> None:
    """No first day means that of the decision."""
    if valid_from is not None and valid_from < today():
        raise Denied(_("A permit can't be in force from a day that has passed."), "valid_from")
    if valid_to is not None and valid_to < (valid_from or today()):
        raise Denied(_("The permit's last day can't be before its first."), "valid_to")


def today() -> date:
    return local_day(timezone.now())


def grant(decision: Decision, *, by: User) -> Permit:
    """Make the permit that a decision grants: a new number, or the next version of the one that it amends.

    The old version holds until the first day of the new one, which may be today.
    """
    application, answers = decision.application, decision.submission.answers
    language = application.language
    old = newest(application.amends) if application.amends is not None else None
    if old is not None and old.status == states.REVOKED:
        raise Denied(_("The permit has been revoked. A new one is applied for as new."))
    assert decision.valid_from is not None  # noqa: S101  (a constraint of the table)
    permit = Permit.objects.create(
        number=old.number if old else f"TL-{application.created_at.year}-{application.serial:06d}",
        version=old.version + 1 if old else 1,
        organisation=application.organisation,
        decision=decision,
        register_name=str(answers.get("register_name", ""))[:200],
        scopes=_in_order(decision.scopes),
        entitled_to_protected=decision.entitled_to_protected,
        customer_completes=decision.customer_completes,
        purposes={language: answers.get("purpose", "")},
        legal_bases={language: f"{answers.get('law', '')}, {answers.get('law_section', '')}"},
        conditions={language: decision.conditions} if decision.conditions else {},
        terms=decision.submission.terms,
        decided_on=local_day(decision.decided_at),
        valid_from=decision.valid_from,
        valid_to=decision.valid_to,
    )
    record(Event.PERMIT_GRANTED, by=by, about=permit, version=permit.version)
    replace_old_versions(permit, by=by)
    outbox.queue("permits.document", f"permit:{permit.pk}", kind="permit", of=str(permit.pk))
    emails.granted(permit)
    return permit


def _in_order(scopes: dict[str, list[str]]) -> dict[str, list[str]]:
    """The fields in the catalogue's order, whatever order a form sent them in."""
    return {
        subject: [field.name for field in output_fields(subject) if field.name in names]
        for subject, names in scopes.items()
    }


def newest(permit: Permit) -> Permit:
    """The newest version under the permit's number; no other is made until the transaction's end.

    The lock comes first: who has waited for it sees the version that the other one made.
    """
    versions = Permit.objects.filter(number=permit.number)
    versions.select_for_update().earliest("version")
    return versions.latest("version")


def replace_old_versions(permit: Permit, *, by: Actor) -> None:
    """Once a version is in force, those before it are replaced."""
    if permit.valid_from > today():
        return
    old_ones = Permit.objects.filter(
        number=permit.number, version__lt=permit.version, status__in=[states.IN_FORCE, states.SUSPENDED]
    )
    for old in old_ones:
        _change(old, states.REPLACED, by=by, reason="")


def accept(permit: Permit, *, by: User, name: str) -> PermitAcceptance:
    """The holder's signing official accepts the permit's terms and conditions; twice changes nothing."""
    with transaction.atomic():
        Permit.objects.select_for_update().get(pk=permit.pk)
        acts.check_permit("accept", by, permit)
        if not permit.needs_acceptance:
            raise Denied(_("A standing permit is accepted with each order."))
        organisation = permit.organisation
        made, new = PermitAcceptance.objects.get_or_create(
            permit=permit,
            defaults={
                "terms": permit.terms,
                "accepted_by": by,
                "name": name,
                "title": organisation.signing_official_title if organisation else "",
            },
        )
        if new:
            record(Event.PERMIT_ACCEPTED, by=by, about=permit, terms=permit.terms.version)
    permit.refresh_from_db()
    return made


def suspend(permit: Permit, *, by: User, reason: str) -> None:
    """Stop the use of the permit for now, and of a later version that has not begun."""
    _change_with_later(permit, "suspend", states.SUSPENDED, by=by, reason=reason, notice="suspended")


def resume(permit: Permit, *, by: User, reason: str) -> None:
    """Let a suspended permit be used again."""
    _change_with_later(permit, "resume", states.IN_FORCE, by=by, reason=reason, notice="resumed")


def revoke(permit: Permit, *, by: User, reason: str) -> None:
    """End the permit for good: no later version of it begins either."""
    _change_with_later(permit, "revoke", states.REVOKED, by=by, reason=reason, notice="revoked")


def _change_with_later(permit: Permit, act: str, to: str, *, by: User, reason: str, notice: str) -> None:
    with transaction.atomic():
        acts.check_permit(act, by, permit)
        _change(permit, to, by=by, reason=reason, notice=notice)
        later = Permit.objects.filter(number=permit.number, version__gt=permit.version)
        for version in later.filter(status__in=acts.PERMIT_ACTS[act].states):
            _change(version, to, by=by, reason=reason, notice=notice)


def _change(permit: Permit, to: str, *, by: Actor, reason: str, notice: str = "") -> None:
    if notice and not reason.strip():
        raise Denied(_("Give the reason: the holder sees it."))
    with transaction.atomic():
        move(permit, to, by=by, details={"to": to, "version": permit.version})
        actor = by if isinstance(by, User) else None
        event = PermitEvent.objects.create(permit=permit, status=to, by=actor, reason=reason)
        if notice and permit.organisation_id is not None:
            emails.permit_changed(permit, notice, str(event.pk))


def expire_due(day: date | None = None) -> int:
    """Mark every permit whose last day has passed as expired, each once; returns how many.

    Nothing depends on the hour of this: `check_usable` compares the dates at each use.
    """
    with transaction.atomic():
        ended = move_all(
            Permit.objects.over_on(day or today()), states.EXPIRED, by=MACHINE, details={"to": states.EXPIRED}
        )
        PermitEvent.objects.bulk_create(
            [PermitEvent(permit=permit, status=states.EXPIRED) for permit in ended], batch_size=1000
        )
        emails.expired(ended)
    return len(ended)


def begin_due() -> int:
    """Replace the old versions of permits whose newer version has come into force; returns how many."""
    begun = 0
    older = Permit.objects.filter(
        number=OuterRef("number"),
        version__lt=OuterRef("version"),
        status__in=[states.IN_FORCE, states.SUSPENDED],
    )
    for permit in Permit.objects.in_force(today()).filter(Exists(older)):
        try:
            replace_old_versions(permit, by=MACHINE)
        except Conflict:  # another run, or an official this instant
            continue
        begun += 1
    return begun


def prepare_standing(*, by: User, **content: Any) -> StandingPermitDraft:
    """Prepare a standing permit, or the next version of one; another official decides it."""
    _check_official(by)
    _check_dates(content.get("valid_from"), content.get("valid_to"))
    if not content.get("organisation_kinds") or not any(content.get("scopes", {}).values()):
        raise Denied(_("A standing permit names at least one class of organisations and one piece of data."))
    with transaction.atomic():
        content.setdefault("terms", Terms.objects.latest("published_on"))
        draft = StandingPermitDraft.objects.create(prepared_by=by, **content)
        record(Event.STANDING_PERMIT_PREPARED, by=by, about=draft)
    return draft


def decide_standing(draft: StandingPermitDraft, *, by: User) -> Permit:
    """Grant a prepared standing permit, as another official than its preparer."""
    with transaction.atomic():
        draft = StandingPermitDraft.objects.select_for_update().get(pk=draft.pk)
        check_can_decide(draft, by)
        _check_number_is_free(draft)
        old = newest(draft.replaces) if draft.replaces is not None else None
        permit = Permit.objects.create(
            number=draft.number,
            version=old.version + 1 if old else 1,
            organisation_kinds=draft.organisation_kinds,
            register_kind=draft.register_kind,
            scopes=_in_order(draft.scopes),
            entitled_to_protected=draft.entitled_to_protected,
            customer_completes=draft.customer_completes,
            purposes=draft.purposes,
            legal_bases=draft.legal_bases,
            conditions=draft.conditions,
            terms=draft.terms,
            decided_on=today(),
            valid_from=draft.valid_from,
            valid_to=draft.valid_to,
        )
        draft.decided_by, draft.decided_at, draft.permit = by, timezone.now(), permit
        draft.save(update_fields=["decided_by", "decided_at", "permit"])
        record(Event.PERMIT_GRANTED, by=by, about=permit, version=permit.version)
        replace_old_versions(permit, by=by)
        outbox.queue("permits.document", f"permit:{permit.pk}", kind="permit", of=str(permit.pk))
    return permit


def _check_number_is_free(draft: StandingPermitDraft) -> None:
    if draft.replaces is None and Permit.objects.filter(number=draft.number).exists():
        raise Denied(_("There is already a permit of this number. Prepare its next version instead."))


def check_can_decide(draft: StandingPermitDraft, by: User) -> None:
    """Raise Denied unless the official may decide the prepared permit now."""
    _check_official(by)
    if draft.prepared_by == by:
        raise Denied(_("You prepared this permit. Another official decides."))
    if draft.decided_at is not None or draft.discarded_at is not None:
        raise Denied(_("This has already been decided or given up."))
    if draft.valid_from < today():
        raise Denied(_("A permit can't be in force from a day that has passed."))


def discard_standing(draft: StandingPermitDraft, *, by: User) -> None:
    """Give up a prepared standing permit."""
    _check_official(by)
    with transaction.atomic():
        left = StandingPermitDraft.objects.filter(pk=draft.pk, decided_at=None, discarded_at=None)
        if left.update(discarded_at=timezone.now()):
            record(Event.STANDING_PERMIT_DISCARDED, by=by, about=draft)


def _check_official(by: User) -> None:
    if Role.OFFICIAL not in by.role_names:
        raise Denied(_("Only an official of the registry can do this."))
