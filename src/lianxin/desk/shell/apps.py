"""The app of the frame."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Frame, template tags, static files."""

    name = "lianxin.desk.shell"
    label = "shell"
