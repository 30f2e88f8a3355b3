"""The app of decisions."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Decisions."""

    name = "lianxin.desk.decisions"
    label = "decisions"
