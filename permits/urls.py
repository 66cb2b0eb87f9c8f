"""Addresses of applications and permits, from the root: customers', officials' (`staff/…`), public ones."""

from permits.applying import urls as application_urls
from permits.documents import urls as document_urls
from permits.holding import urls as permit_urls
from permits.reviewing import urls as review_urls

app_name = "permits"
urlpatterns = [
    *application_urls.urlpatterns,
    *review_urls.urlpatterns,
    *permit_urls.urlpatterns,
    *document_urls.urlpatterns,
]
