"""Addresses of applications, from the root."""

from django.urls import path

from permits.applying import attachment_views, form_views, views

urlpatterns = [
    path("applications/", views.application_list, name="applications"),
    path("applications/new/", views.new, name="new"),
    path("applications/blank-form/", views.blank_form, name="blank_form"),
    path("applications/<uuid:pk>/", views.detail, name="application"),
    path("applications/<uuid:pk>/form/", form_views.form, name="form"),
    path("applications/<uuid:pk>/form/<slug:name>/", form_views.section, name="section"),
    path("applications/<uuid:pk>/form/<slug:name>/autosave/", form_views.autosave, name="autosave"),
    path("applications/<uuid:pk>/attachments/", attachment_views.attachments, name="attachments"),
    path(
        "applications/<uuid:pk>/attachments/<uuid:attachment_id>/",
        attachment_views.attachment,
        name="attachment",
    ),
    path(
        "applications/<uuid:pk>/attachments/<uuid:attachment_id>/remove/",
        attachment_views.remove_attachment,
        name="remove_attachment",
    ),
    path("applications/<uuid:pk>/check/", form_views.check, name="check"),
    path("applications/<uuid:pk>/submit/", form_views.submit, name="submit"),
    path("applications/<uuid:pk>/receipt/", views.receipt, name="receipt"),
    path("applications/<uuid:pk>/message/", views.message, name="message"),
    path("applications/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("applications/<uuid:pk>/print/", views.printed, name="print"),
    path("applications/<uuid:pk>/share/", attachment_views.share, name="share"),
    path("applications/<uuid:pk>/share/<int:share_id>/end/", attachment_views.end_share, name="end_share"),
]
