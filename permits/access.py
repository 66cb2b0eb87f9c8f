"""Who sees which applications and permits, and whether a permit may be used.

The last is one question, asked at upload, placing, match, release and each download.
"""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from permits import acts, states
from permits.field_texts import labels
from permits.models import Application, ApplicationShare, Permit, PermitQuerySet
from permits.models.application import ApplicationQuerySet
from portal.access import Denied
from portal.models import Organisation, User
from portal.templatetags.components import day


class NotAccepted(Denied):
    """The permit could be used, had the holder's signing official accepted it."""


def usable_permits(organisation: Organisation, on: date) -> PermitQuerySet:
    """The permits under which the organisation can order on the day; none before it is verified."""
    if not organisation.is_verified:
        return Permit.objects.none()
    accepted = Q(organisation__isnull=True) | Q(acceptance__isnull=False)
    return Permit.objects.held_by(organisation).in_force(on).filter(accepted).latest_versions(on)


def version_now(permit: Permit, on: date) -> Permit:
    """The version under the permit's number that counts on the day: a newer one once it has come into force.

    The date decides, whether or not the clock has marked the older one as replaced by then.
    """
    newer = Permit.objects.filter(number=permit.number, version__gt=permit.version, valid_from__lte=on)
    newer = newer.exclude(status=states.REPLACED).select_related("terms", "acceptance")
    newer = newer.order_by("-version")
    found = newer.filter(status=states.IN_FORCE).first()
    if found is None and permit.status == states.REPLACED:
        found = newer.first()
    return found or permit


def visible_applications(user: User) -> ApplicationQuerySet:
    """Those of the user's organisations and those shared with the user; an official's also all submitted.

    A draft is the applicant's own, unless an official writes it down from paper.
    """
    # Read first: with the ids at hand the index by organisation is used, and not every row looked at.
    shares = ApplicationShare.objects.filter(user=user, ended_at=None)
    shared = list(shares.values_list("application", flat=True))
    organisations = list(user.memberships.values_list("organisation", flat=True))
    own = Q(organisation__in=organisations) | Q(pk__in=shared)
    applications = Application.objects.select_related("organisation", "handler")
    if user.is_official:
        submitted = Q(submitted_at__isnull=False)  # a draft that was withdrawn never came to the registry
        return applications.filter(own | submitted | Q(received_on__isnull=False, status=states.DRAFT))
    return applications.filter(own)


def get_application_for(user: User, pk: uuid.UUID, act: str = "read") -> Application:
    """The application, for an act of `permits.acts`; 404 for a stranger, Denied for who may not do it now."""
    try:
        application = visible_applications(user).get(pk=pk)
    except Application.DoesNotExist:
        raise Http404 from None
    acts.check(act, user, application)
    return application


def visible_permits(user: User) -> PermitQuerySet:
    """The permits of the user's organisations and of their classes; an official's all."""
    permits = Permit.objects.select_related("organisation")
    if user.is_official:
        return permits
    memberships = user.memberships.values_list("organisation", "organisation__kind")
    organisations = {organisation for organisation, _kind in memberships}
    kinds = sorted({kind for _organisation, kind in memberships})
    return permits.filter(Q(organisation__in=organisations) | Q(organisation_kinds__overlap=kinds))


def get_permit_for(user: User, pk: uuid.UUID, act: str = "read") -> Permit:
    """The permit, for an act of `permits.acts`; 404 for a stranger, Denied for who may not do it now."""
    try:
        permit = visible_permits(user).get(pk=pk)
    except Permit.DoesNotExist:
        raise Http404 from None
    acts.check_permit(act, user, permit)
    return permit


def check_usable(permit: Permit, organisation: Organisation, on: date) -> None:
    """Raise Denied, with the reason, unless the organisation may use the permit on the day."""
    if not organisation.is_verified:
        raise Denied(_("The registry has not yet verified your organisation."))
    covers = permit.organisation_id == organisation.pk or organisation.kind in permit.organisation_kinds
    if not covers:
        raise Denied(_("Permit %(permit)s does not cover your organisation.") % {"permit": permit.number})
    if permit.status != states.IN_FORCE:
        raise Denied(_STATUS_REASONS[permit.status]() % {"permit": permit.number})
    if on < permit.valid_from:
        raise Denied(
            _("Permit %(permit)s is in force only from %(day)s.")
            % {"permit": permit.number, "day": day(permit.valid_from)}
        )
    if permit.valid_to is not None and on > permit.valid_to:
        raise Denied(
            _("Permit %(permit)s expired on %(day)s.")
            % {"permit": permit.number, "day": day(permit.valid_to)}
        )
    if not permit.is_accepted:
        raise NotAccepted(
            _("Your organisation's signing official must first accept the terms of permit %(permit)s.")
            % {"permit": permit}
        )


def check_fields(permit: Permit, fields: Iterable[str], subject: str = "person") -> None:
    """Raise Denied, naming them, where there are fields of the subject that the permit does not cover."""
    if missing := set(fields) - set(permit.fields_of(subject)):
        names = ", ".join(str(label) for label in labels(missing, subject))
        raise Denied(_("Permit %(permit)s does not cover: %(fields)s.") % {"permit": permit, "fields": names})


_STATUS_REASONS = {
    states.SUSPENDED: lambda: _("Permit %(permit)s is suspended for now."),
    states.REVOKED: lambda: _("Permit %(permit)s has been revoked."),
    states.EXPIRED: lambda: _("Permit %(permit)s has expired."),
    states.REPLACED: lambda: _("Permit %(permit)s has been replaced by a newer version."),
}
