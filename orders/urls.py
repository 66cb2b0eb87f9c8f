"""Addresses of the order pages, from the root: `orders/…` for customers, `staff/…` for officials."""

from django.urls import path

from orders import form_views, invoice_views, price_views, repeat_views, staff_views, views

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
    # Ordering again, confirmation, prices and invoicing
    path("orders/<uuid:pk>/again/", repeat_views.again, name="again"),
    path("orders/<uuid:pk>/confirmation.pdf", repeat_views.confirmation, name="confirmation"),
    path("staff/prices/", price_views.price_lists_page, name="price_lists"),
    path("staff/prices/new/", price_views.add_price_list, name="add_price_list"),
    path("staff/prices/<int:number>/withdraw/", price_views.withdraw_price_list, name="withdraw_price_list"),
    path("staff/invoicing/", invoice_views.invoicing, name="invoicing"),
    path("staff/invoicing/rows.csv", invoice_views.invoice_rows, name="invoice_rows"),
    path("staff/invoicing/finvoice.zip", invoice_views.invoice_messages, name="invoice_messages"),
]
