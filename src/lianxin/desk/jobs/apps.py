"""The app of background jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background jobs."""

    name = "lianxin.desk.jobs"
    label = "jobs"
