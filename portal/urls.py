"""The top-level addresses."""

from django.urls import include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView

from portal import views
from portal.health import health

urlpatterns = [
    path("", views.home, name="home"),
    path("service/", views.service, name="service"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("language/", set_language, name="set_language"),
    path("health/", health, name="health"),
    path("accounts/", include("portal.account_urls")),
    path("", include("portal.organisation_urls")),
    path("", include("orders.urls")),
    path("", include("permits.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/orders/", include(("orders.api", "api"))),
    path("api/v1/", include(("permits.api", "api_permits"))),
]
handler400 = "portal.views.bad_request"
handler403 = "portal.views.forbidden"
handler404 = "portal.views.not_found"
handler500 = "portal.views.server_error"
