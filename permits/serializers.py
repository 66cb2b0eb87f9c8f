"""Applications, permits and the public register as the API shows them: named fields only."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from permits.models import Application, Permit
from permits.models.application import ApplicationStatus
from permits.models.permit import PermitStatus


class HolderSerializer(serializers.Serializer):
    """The organisation that applies or holds a permit."""

    business_id = serializers.CharField(help_text="Finnish business ID (Y-tunnus).")
    name = serializers.CharField()


class ApplicationSerializer(serializers.Serializer):
    """An application's state and due day. Times carry their offset; days are Finnish calendar days."""

    id = serializers.UUIDField()
    number = serializers.CharField(help_text="The case number.")
    status = serializers.ChoiceField(choices=ApplicationStatus.choices)
    kind = serializers.ChoiceField(choices=Application.Kind.choices)
    organisation = HolderSerializer()
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(
        allow_null=True, help_text="Day by which it is to be decided; it moves while the clock stands still."
    )
    decided_at = serializers.DateTimeField(allow_null=True)


class PermitSerializer(serializers.Serializer):
    """A version of a permit. Texts are by language code, in the languages in which they were given."""

    id = serializers.UUIDField()
    number = serializers.CharField(help_text="The permit's number, the same for all its versions.")
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=PermitStatus.choices)
    organisation = HolderSerializer(allow_null=True, help_text="The holder; null for a standing permit.")
    organisation_kinds = serializers.ListField(
        child=serializers.CharField(), help_text="Classes of organisations that a standing permit covers."
    )
    scopes = serializers.SerializerMethodField(help_text="Subject to the names of the fields covered.")
    entitled_to_protected = serializers.BooleanField(
        help_text="Whether data under a non-disclosure order may be given."
    )
    customer_completes = serializers.BooleanField(
        help_text="Whether the customer may complete the doubtful rows of its orders."
    )
    purposes = serializers.DictField(child=serializers.CharField())
    legal_bases = serializers.DictField(child=serializers.CharField())
    conditions = serializers.DictField(child=serializers.CharField())
    terms = serializers.CharField(help_text="Version of the terms.")
    decided_on = serializers.DateField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text="Last day; null until further notice.")
    is_accepted = serializers.BooleanField(
        help_text="Whether the holder's signing official has accepted it; a standing permit needs it not."
    )

    @extend_schema_field(serializers.DictField(child=serializers.ListField(child=serializers.CharField())))
    def get_scopes(self, permit: Permit) -> dict[str, list[str]]:
        return {subject: permit.fields_of(subject) for subject in permit.scopes}


class RegisterEntrySerializer(serializers.Serializer):
    """A permit in force, in the public register; words are in the language that was asked for."""

    number = serializers.CharField(help_text="The permit's number.")
    organisation = serializers.CharField(
        help_text="The holder; of a standing permit the classes of organisations that it covers."
    )
    business_id = serializers.CharField(
        allow_blank=True, help_text="Finnish business ID (Y-tunnus); empty for a standing permit."
    )
    purpose = serializers.CharField(help_text="Purpose of use, in a language in which it was given.")
    subjects = serializers.ListField(child=serializers.CharField(), help_text="What the data are about.")
    data_groups = serializers.ListField(child=serializers.CharField(), help_text="Groups of data covered.")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text="Last day; null until further notice.")
