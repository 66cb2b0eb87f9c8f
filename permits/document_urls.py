"""Addresses of documents, from the root."""

from django.urls import path

from permits import document_views

urlpatterns = [
    path("documents/check/", document_views.check, name="document_check"),
    path("documents/<uuid:pk>/", document_views.download, name="document"),
]
