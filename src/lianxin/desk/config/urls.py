"""Addresses of the workbench."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from lianxin.desk.accounts import views as account
from lianxin.desk.api.routes import api
from lianxin.desk.cases import views as cases
from lianxin.desk.customers import views as customers
from lianxin.desk.data import views as data
from lianxin.desk.decisions import views as decisions
from lianxin.desk.overview import views as overview
from lianxin.desk.results import analysis_view
from lianxin.desk.results import views as results
from lianxin.desk.results.pages import PAGES
from lianxin.desk.scenarios import views as scenarios
from lianxin.desk.shell import views as shell
from lianxin.desk.system import views as system

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("login/", login_not_required(LoginView.as_view(template_name="login.html")), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", shell.choose_language),
    path("customers/", customers.customers),
    path("customers/<str:customer_id>/", customers.customer),
    path("customers/<str:customer_id>/unmask/", customers.unmask),
    path("agreements/<str:value>/", customers.owner, {"column": "agreement_id"}),
    path("usage-points/<str:value>/", customers.owner, {"column": "usage_point_id"}),
    path("cases/<str:case_id>/", cases.case),
    path("results/<str:table>/", results.result_list),
    path("results/<str:table>/export/", results.result_export),
    path("decisions/", decisions.decisions),
    path("decisions/history/", decisions.history),
    path("decisions/<str:result>/decide/", decisions.make_decision),
    path("decisions/<int:pk>/approve/", decisions.approve),
    path("data/", data.data),
    path("data/run/", data.ask_run),
    path("data/import/", data.ask_import),
    path("data/jobs/<int:pk>/", data.job),
    path("data/jobs/<int:pk>/cancel/", data.cancel_job),
    path("data/jobs/<int:pk>/quarantine/", data.quarantine),
    path("data/runs/<str:run_id>/", data.run_page),
    path("data/model-cards/", data.cards),
    path("price/what-if/", scenarios.what_if),
    path("forecast/peak-shift/", scenarios.peak_shift),
    path("scenarios/<int:pk>/", scenarios.outcome),
    path("api/", api.urls),
    path("account/", account.account),
    path("account/tokens/<int:pk>/withdraw/", account.withdraw),
    path("system/", system.system),
    path("system/users/new/", system.edit_user),
    path("system/users/<int:pk>/", system.edit_user),
    *(path(f"{place}/", analysis_view.analysis_page, {"place": place}) for place in PAGES),
]
handler403 = "lianxin.desk.shell.refusals.forbidden"
handler404 = "lianxin.desk.shell.refusals.not_found"
