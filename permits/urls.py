"""Addresses of applications and permits, from the root: customers', officials' (`staff/…`) and public ones."""

from permits import document_urls

app_name = "permits"
urlpatterns = [
    *document_urls.urlpatterns,
]
