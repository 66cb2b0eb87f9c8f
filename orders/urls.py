"""Addresses of the order pages, from the root: `orders/…` for customers, `staff/…` for officials."""

from django.urls import path

from orders import download_views, form_views, key_views, reissue_views, staff_views, views

app_name = "orders"
urlpatterns = [
    path("orders/", views.order_list, name="list"),
    path("orders/new/", views.new, name="new"),
    path("orders/form.xlsx", form_views.form, name="form"),
    path("orders/form/", form_views.form_upload, name="form_upload"),
    path("orders/<uuid:pk>/", views.detail, name="detail"),
    path("orders/<uuid:pk>/describe/", views.describe, name="describe"),
    path("orders/<uuid:pk>/upload/", views.upload, name="upload"),
    path("orders/<uuid:pk>/check/", views.check, name="check"),
    path("orders/<uuid:pk>/place/", views.place, name="place"),
    path("orders/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("staff/deadlines/", staff_views.deadlines, name="deadlines"),
    path("staff/orders/<uuid:pk>/release/", staff_views.release, name="release"),
    path("staff/orders/<uuid:pk>/retry/", staff_views.retry, name="retry"),
]
urlpatterns += [  # deliveries
    path("orders/<uuid:pk>/download/<str:form>/", download_views.download, name="download"),
    path("orders/<uuid:pk>/duties/", download_views.duties, name="duties"),
    path("orders/<uuid:pk>/report/", download_views.report, name="report"),
    path("orders/<uuid:pk>/reissue/", reissue_views.reissue, name="reissue"),
    path("staff/orders/<uuid:pk>/reissue/", reissue_views.staff_reissue, name="staff_reissue"),
    path("organisations/<uuid:pk>/key/", key_views.organisation_key, name="organisation_key"),
    path("organisations/<uuid:pk>/key/remove/", key_views.remove_key, name="remove_key"),
]
