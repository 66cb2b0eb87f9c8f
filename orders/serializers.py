"""Orders as the API shows them: named fields only, so that a new column never goes out by itself."""

from datetime import date

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from orders import states
from orders.models import Format, Material, Order, Status, Upload, UploadStatus
from permits.models import SubjectKind


class CustomerSerializer(serializers.Serializer):
    """The organisation that ordered."""

    business_id = serializers.CharField(help_text="Finnish business ID (Y-tunnus).")
    name = serializers.CharField()


class OrderSerializer(serializers.Serializer):
    """An order's status and deadlines. Times carry their offset; days are Finnish calendar days."""

    id = serializers.UUIDField()
    number = serializers.CharField(help_text="The number that people use of the order.")
    status = serializers.ChoiceField(choices=Status.choices)
    organisation = CustomerSerializer()
    permit = serializers.CharField(help_text="The permit's number and version.")
    subject = serializers.ChoiceField(
        choices=SubjectKind.choices, help_text="What the register is about, and so the data that are ordered."
    )
    formats = serializers.ListField(
        child=serializers.ChoiceField(choices=Format.choices), help_text="Forms of the delivery."
    )
    wanted_on = serializers.DateField(
        allow_null=True, help_text="Day by which the customer wants the delivery; the window still decides."
    )
    repeats = serializers.UUIDField(
        source="repeats_id", allow_null=True, help_text="The earlier order that this one was begun from."
    )
    created_at = serializers.DateTimeField()
    placed_at = serializers.DateTimeField(allow_null=True)
    window_opens = serializers.DateField(allow_null=True, help_text="First day of the delivery window.")
    window_closes = serializers.DateField(
        allow_null=True, help_text="Last day on which a delivery is on time."
    )
    released_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    expires_on = serializers.SerializerMethodField(
        help_text="Last day on which the delivery can be downloaded."
    )
    days_left = serializers.IntegerField(
        allow_null=True, help_text="Calendar days until the window closes; null where no deadline runs."
    )
    is_late = serializers.BooleanField(help_text="Late now, or delivered late.")
    rows = serializers.IntegerField(allow_null=True)
    results = serializers.SerializerMethodField(help_text="Rows by result code, once the order is delivered.")
    price_cents = serializers.IntegerField(
        allow_null=True, help_text="Price without value-added tax, in euro cents."
    )

    def get_expires_on(self, order: Order) -> date | None:
        return max((delivery.expires_on for delivery in order.deliveries.all()), default=None)

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_results(self, order: Order) -> dict[str, int]:
        return order.results if order.status in {states.DELIVERED, states.PURGED} else {}


class UploadSerializer(serializers.Serializer):
    """An upload in parts, and the material that it became."""

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField(help_text="Where to ask for its offset and to go on.")
    name = serializers.CharField(source="given_name")
    fingerprint = serializers.CharField(help_text="The sender's own mark of the file.")
    length = serializers.IntegerField()
    offset = serializers.IntegerField(help_text="Bytes that have arrived.")
    status = serializers.ChoiceField(choices=UploadStatus.choices)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="When it is deleted, unless more arrives before.")
    sha256 = serializers.CharField(
        source="material.file.sha256", default=None, help_text="Of the whole file, once it is put together."
    )
    material_state = serializers.ChoiceField(
        source="material.state",
        default=None,
        choices=Material.State.choices,
        help_text="Of the scan and the check of the whole file.",
    )
    rows = serializers.IntegerField(source="material.rows", default=None)

    def get_url(self, upload: Upload) -> str:
        return reverse("orders:upload_part", args=[upload.order_id, upload.pk])
