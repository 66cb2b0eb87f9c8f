"""Addresses of the order pages."""

from django.urls import URLPattern

app_name = "orders"
urlpatterns: list[URLPattern] = []
