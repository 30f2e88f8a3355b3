"""Makes one log-in a role for the demo supplier."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand

from lianxin.desk.accounts.models import User
from lianxin.desk.accounts.roles import ROLES


class Command(BaseCommand):
    """Make a user for each role that has none, and print the log-ins."""

    help = "one user a role, with a password made now, for a demo"

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the users."""
        password = options["password"] or secrets.token_urlsafe(9)
        for role in ROLES:
            user, _made = User.objects.get_or_create(username=role.replace("_", "-"), defaults={"role": role})
            user.set_password(password)
            user.save()
            self.stdout.write(f"{user.username}\t{password}")

    def add_arguments(self, parser: Any) -> None:
        """Take a password."""
        parser.add_argument("--password", default="")
