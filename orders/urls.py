"""Addresses of the order pages, from the root: `orders/…` for customers, `staff/…` for officials."""

from django.urls import path

from orders import check_views, form_views, mapping_views, staff_views, views

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
    path("orders/<uuid:pk>/download/<str:form>/", views.download, name="download"),
    path("staff/deadlines/", staff_views.deadlines, name="deadlines"),
    path("staff/orders/<uuid:pk>/release/", staff_views.release, name="release"),
    path("staff/orders/<uuid:pk>/retry/", staff_views.retry, name="retry"),
    # How a register is read, and what was found in it
    path("orders/<uuid:pk>/mapping/", mapping_views.mapping, name="mapping"),
    path("orders/<uuid:pk>/layout/", mapping_views.layout, name="layout"),
    path("orders/<uuid:pk>/saved-mapping/", mapping_views.saved_mapping, name="saved_mapping"),
    path("orders/<uuid:pk>/findings/<str:form>/", check_views.findings, name="findings"),
]
