"""The app of users."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users and roles."""

    name = "lianxin.desk.accounts"
    label = "accounts"
