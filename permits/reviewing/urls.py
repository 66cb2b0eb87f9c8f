"""Addresses of the officials' pages of applications, from the root."""

from django.urls import path

from permits.reviewing import paper_views, proposal_views, queue_views, views

CASE = "staff/applications/<uuid:pk>/"

urlpatterns = [
    path("staff/applications/", queue_views.queue, name="queue"),
    path("staff/applications/paper/", paper_views.paper, name="paper"),
    path(CASE, views.case, name="review"),
    path(f"{CASE}submissions/<int:number>/", views.submission, name="review_submission"),
    path(f"{CASE}take/", views.take, name="take"),
    path(f"{CASE}ask/", views.ask_information, name="ask_information"),
    path(f"{CASE}go-on/", views.go_on, name="go_on"),
    path(f"{CASE}note/", views.note, name="note"),
    path(f"{CASE}checklist/", views.points, name="checklist"),
    path(f"{CASE}statements/", views.ask_statement, name="ask_statement"),
    path(f"{CASE}statements/<int:number>/", views.give_statement, name="give_statement"),
    path(f"{CASE}statements/<int:number>/cancel/", views.cancel_statement, name="cancel_statement"),
    path(f"{CASE}propose/", proposal_views.propose, name="propose"),
    path(f"{CASE}return/", proposal_views.return_proposal, name="return_proposal"),
    path(f"{CASE}decide/", proposal_views.decide, name="decide"),
]
