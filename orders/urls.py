"""Addresses of the order pages, from the root: `orders/…` for customers, `staff/…` for officials."""

from django.urls import path

from orders.check import mapping_views
from orders.check import views as check_views
from orders.clearing import views as clearing_views
from orders.completion import views as completion_views
from orders.deletion import views as retention_views
from orders.delivery import download_views, key_views, reissue_views
from orders.disclosures import views as disclosure_views
from orders.material import upload_api, upload_views
from orders.ordering import form_views, repeat_views, staff_views, views
from orders.prices import invoice_views, price_views
from orders.third_parties import views as third_party_views

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
    # Retention, the disclosure register and third parties
    path("orders/<uuid:pk>/deletions/", retention_views.deletions, name="deletions"),
    path("orders/<uuid:pk>/deletions.csv", retention_views.deletions_csv, name="deletions_csv"),
    path("orders/<uuid:pk>/third-parties/new/", third_party_views.ask_third_party, name="ask_third_party"),
    path("orders/<uuid:pk>/third-parties/<int:serial>/", third_party_views.third_party, name="third_party"),
    path(
        "orders/<uuid:pk>/third-parties/<int:serial>/decision.pdf",
        third_party_views.third_party_decision,
        name="third_party_decision",
    ),
    path(
        "orders/<uuid:pk>/third-parties/<int:serial>/withdraw/",
        third_party_views.withdraw_third_party,
        name="withdraw_third_party",
    ),
    path("staff/oversight/", retention_views.oversight_page, name="oversight"),
    path("staff/retention/", retention_views.retention_rules, name="retention"),
    path("staff/holds/", retention_views.holds_list, name="holds"),
    path("staff/orders/<uuid:pk>/hold/", retention_views.place_hold, name="place_hold"),
    path("staff/orders/<uuid:pk>/hold/lift/", retention_views.lift_hold, name="lift_hold"),
    path("staff/disclosures/", disclosure_views.search_disclosures, name="search_disclosures"),
    path("staff/disclosures/all/", disclosure_views.all_searches, name="all_searches"),
    path("staff/disclosures/<uuid:pk>/", disclosure_views.search, name="search"),
    path("staff/disclosures/<uuid:pk>/result.csv", disclosure_views.search_csv, name="search_csv"),
    path("staff/third-parties/", third_party_views.third_parties_list, name="third_parties"),
    path("staff/third-parties/<uuid:pk>/", third_party_views.decide_third_party, name="decide_third_party"),
    # Ordering again, confirmation, prices and invoicing
    path("orders/<uuid:pk>/again/", repeat_views.again, name="again"),
    path("orders/<uuid:pk>/confirmation.pdf", repeat_views.confirmation, name="confirmation"),
    path("staff/prices/", price_views.price_lists_page, name="price_lists"),
    path("staff/prices/new/", price_views.add_price_list, name="add_price_list"),
    path("staff/prices/<int:number>/withdraw/", price_views.withdraw_price_list, name="withdraw_price_list"),
    path("staff/invoicing/", invoice_views.invoicing, name="invoicing"),
    path("staff/invoicing/rows.csv", invoice_views.invoice_rows, name="invoice_rows"),
    path("staff/invoicing/finvoice.zip", invoice_views.invoice_messages, name="invoice_messages"),
    # Uploads in parts
    path("orders/<uuid:pk>/uploads/", upload_api.Uploads.as_view(), name="uploads"),
    path("orders/<uuid:pk>/uploads/<uuid:upload>/", upload_api.UploadDetail.as_view(), name="upload_part"),
    path("orders/<uuid:pk>/uploads/<uuid:upload>/discard/", upload_views.discard, name="discard_upload"),
    # How a register is read, and what was found in it
    path("orders/<uuid:pk>/mapping/", mapping_views.mapping, name="mapping"),
    path("orders/<uuid:pk>/layout/", mapping_views.layout, name="layout"),
    path("orders/<uuid:pk>/saved-mapping/", mapping_views.saved_mapping, name="saved_mapping"),
    path("orders/<uuid:pk>/findings/<str:form>/", check_views.findings, name="findings"),
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
urlpatterns += [  # what a customer completes of its doubtful rows
    path("orders/<uuid:pk>/rows/", completion_views.rows, name="own_rows"),
    path("orders/<uuid:pk>/rows/<int:number>/", completion_views.row, name="own_row"),
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
