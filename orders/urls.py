"""Addresses of the order pages, from the root: `orders/…` for customers, `staff/…` for officials."""

from django.urls import URLPattern

app_name = "orders"
urlpatterns: list[URLPattern] = []
