"""The top-level addresses."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from portal.health import health

urlpatterns = [
    path("accounts/", include("portal.account_urls")),
    path("api/v1/orders/", include(("orders.api", "orders_api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("health/", health, name="health"),
    path("orders/", include("orders.urls")),
]
