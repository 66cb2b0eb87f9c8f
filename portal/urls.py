"""The top-level addresses."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("orders/", include("orders.urls")),
]
