"""Makes or changes a user from the command line: how the first administrator comes in."""

import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from lianxin.desk.accounts.models import User
from lianxin.desk.accounts.roles import ROLES


class Command(BaseCommand):
    """Make a user, or set role, districts and password of one; the password is read from standard input."""

    help = "make or change a user; the password is the first line of standard input"

    def add_arguments(self, parser: Any) -> None:
        """Take name, role and districts."""
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=list(ROLES))
        parser.add_argument("--districts", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Keep the user."""
        password = sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user, _made = User.objects.get_or_create(username=options["username"])
        user.role = options["role"]
        user.districts = [name for name in options["districts"].split(",") if name]
        user.set_password(password)
        user.save()
