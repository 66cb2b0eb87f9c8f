"""Whether a permit may be used: the same question at upload, placing, match, release and each download."""

from datetime import date

from django.utils.translation import gettext as _

from permits import states
from permits.models import Permit, PermitQuerySet
from portal.access import Denied
from portal.models import Organisation
from portal.templatetags.components import day


def usable_permits(organisation: Organisation, on: date) -> PermitQuerySet:
    """The permits under which the organisation can order on the day."""
    return Permit.objects.held_by(organisation).in_force(on)


def check_usable(permit: Permit, organisation: Organisation, on: date) -> None:
    """Raise Denied, with the reason, unless the organisation may use the permit on the day."""
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


def check_fields(permit: Permit, fields: list[str]) -> None:
    """Raise Denied unless every field is one that the permit names."""
    if not set(fields) <= set(permit.fields_of()):
        raise Denied(
            _("Permit %(permit)s does not cover all the data you chose.") % {"permit": permit.number}
        )


_STATUS_REASONS = {
    states.SUSPENDED: lambda: _("Permit %(permit)s is suspended for now."),
    states.REVOKED: lambda: _("Permit %(permit)s has been revoked."),
    states.EXPIRED: lambda: _("Permit %(permit)s has expired."),
    states.REPLACED: lambda: _("Permit %(permit)s has been replaced by a newer version."),
}
