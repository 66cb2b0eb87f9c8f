"""Addresses of the order pages, from the root: `orders/…` for customers, `staff/…` for officials."""

from django.urls import path

from orders import clearing_views, form_views, staff_views, views

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
]
urlpatterns += [
    path("staff/clearing/", clearing_views.queue, name="clearing_queue"),
    path("staff/clearing/agreement/", clearing_views.agreements, name="clearing_agreement"),
    path("staff/orders/<uuid:pk>/clearing/", clearing_views.overview, name="clearing"),
    path("staff/orders/<uuid:pk>/clearing/group/", clearing_views.group, name="clearing_group"),
    path("staff/orders/<uuid:pk>/clearing/next/", clearing_views.following, name="clearing_next"),
    path("staff/orders/<uuid:pk>/clearing/close/", clearing_views.close, name="clearing_close"),
    path("staff/orders/<uuid:pk>/clearing/rows/<int:number>/", clearing_views.row, name="clearing_row"),
    path(
        "staff/orders/<uuid:pk>/clearing/rows/<int:number>/back/",
        clearing_views.take_back,
        name="clearing_take_back",
    ),
]
