"""Addresses of applications and permits, from the root: customers', officials' (`staff/…`), public ones."""

from permits import application_urls, document_urls, permit_urls, review_urls

app_name = "permits"
urlpatterns = [
    *application_urls.urlpatterns,
    *review_urls.urlpatterns,
    *permit_urls.urlpatterns,
    *document_urls.urlpatterns,
]
