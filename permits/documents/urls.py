"""Addresses of documents, from the root."""

from django.urls import path

from permits.documents import views

urlpatterns = [
    path("documents/check/", views.check, name="document_check"),
    path("documents/<uuid:pk>/", views.download, name="document"),
]
