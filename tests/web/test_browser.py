"""The workbench in a real browser: no error, no request to another host, usable by keyboard, screen reader and phone.

Skipped aloud where there is no Chromium (Debian: ``apt-get install chromium fonts-noto-cjk``).
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
VENDOR = Path(__file__).resolve().parents[2] / "src" / "lianxin" / "desk" / "static" / "vendor"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is absent: apt-get install chromium fonts-noto-cjk"),
    pytest.mark.skipif(not VENDOR.is_dir(), reason="the front-end packages are absent: make setup"),
]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = [
    "/",
    "/customers/",
    "/customers/1001/",
    "/credit/",
    "/decisions/?kind=payment_term_advice",
    "/results/customer_tier/",
    "/data/",
    "/account/",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    # Playwright's own loop runs in this thread, and Django would refuse its database beside a loop
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


class Visitor:
    """A logged-in user at a browser, and what went wrong on the way."""

    def __init__(self, page, base):
        self.page, self.base = page, base
        self.troubles: list[str] = []
        page.on("console", lambda message: self.troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", lambda asked: self.troubles.append(asked.url) if not asked.url.startswith(base) else None)

    def visit(self, path):
        self.page.goto(self.base + path)
        self.page.wait_for_load_state("networkidle")


@pytest.fixture
def visit(desk, live_server, browser):
    """``visit(role, language=, width=, theme=)`` logs somebody in through the form."""
    opened = []

    def go(role, *, language="zh", width=1280, theme="light"):
        name = desk(role, language=language).user.username
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
        opened.append(context)
        visitor = Visitor(context.new_page(), live_server.url)
        visitor.visit("/login/")
        visitor.page.fill("#id_username", name)
        visitor.page.fill("#id_password", "correct-horse-9")
        visitor.page.click("button.btn-primary")
        visitor.page.wait_for_selector("h1")
        return visitor

    yield go
    for context in opened:
        context.close()


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_pages_show_no_error_ask_nobody_else_and_axe_finds_nothing_serious(visit, language, theme):
    from axe_playwright_python.sync_playwright import Axe

    visitor, serious = visit("director", language=language, theme=theme), []
    for path in PAGES:
        visitor.visit(path)
        serious += [
            (path, one["id"], [node["html"][:200] for node in one["nodes"][:3]])
            for one in Axe().run(visitor.page).response["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
    assert serious == []
    assert visitor.troubles == []


def test_a_phone_shows_pages_without_sideways_scrolling(visit):
    visitor = visit("credit_controller", width=390)
    for path in ("/", "/customers/1001/", "/decisions/?kind=payment_term_advice", "/cases/C1/"):
        visitor.visit(path)
        assert visitor.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 1, path


def test_the_keyboard_searches_and_goes_to_pages(visit):
    visitor = visit("director")
    visitor.page.keyboard.press("/")
    visitor.page.keyboard.type("M-0001")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/customers/1001/")
    visitor.page.keyboard.press("g")
    visitor.page.keyboard.press("d")
    visitor.page.wait_for_url("**/decisions/**")


def test_a_chart_is_drawn_and_has_its_table(visit):
    visitor = visit("director")
    visitor.visit("/customers/1001/")
    assert visitor.page.locator("#chart-energy canvas").count() == 1
    visitor.page.click("section:has(#chart-energy) .twin summary")
    assert "2,000" in visitor.page.inner_text("section:has(#chart-energy) .twin")


def test_a_proposal_is_accepted_in_the_browser(visit):
    from lianxin.desk.decisions.models import Decision

    visitor = visit("credit_controller")
    visitor.visit("/decisions/?kind=payment_term_advice")
    visitor.page.click("tr:has-text('1001') details:has(form) summary")
    visitor.page.click("tr:has-text('1001') button[value=accept]")
    visitor.page.wait_for_selector("text=待复核")
    assert Decision.objects.get().action == "accept"
