"""What a customer promises when it places an order, and the document that confirms the order."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from portal.papers import StoredPaper


class Statement(models.TextChoices):
    """What is promised with each order, whatever the register is about."""

    LAWFUL = "lawful", _("The register is kept lawfully, for the purpose of use that the permit names.")
    PURPOSE = "purpose", _("The data are used for that purpose only, and are not given onward.")


class Attestation(models.Model):
    """One promise (vakuutus) made with an order, by name, when, and by whose account. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="attestations")
    statement = models.CharField(max_length=10, choices=Statement.choices)
    name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "statement"], name="a_promise_is_made_once"),
            models.CheckConstraint(
                condition=models.Q(statement__in=Statement.values), name="attestation_statement"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_promise_has_a_name"),
        ]


class Confirmation(StoredPaper):
    """The confirmation of a placed order (tilausvahvistus) as tagged PDF.

    It is a document of the case and holds nothing of the register, so it outlives the order's files.
    """

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="confirmation")
