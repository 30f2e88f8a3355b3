"""Users of the workbench."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from simple_history.models import HistoricalRecords

from lianxin.desk.accounts.roles import ROLES, Right, Role


class User(AbstractUser):
    """Somebody who works with the workbench.

    ``districts``: the district_ids that one sees; empty means all. ``language``: zh or en.
    """

    role = models.CharField(max_length=30, choices=[(key, role.name.en) for key, role in ROLES.items()])
    districts: models.JSONField[list[str], Any] = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=2, choices=[("zh", "中文"), ("en", "English")], default="zh")
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    @property
    def duties(self) -> Role:
        """What the user's role may do."""
        return ROLES.get(self.role, Role(name=ROLES["director"].name, rights=frozenset()))

    def may(self, right: Right) -> bool:
        """Whether the user has a right."""
        return right in self.duties.rights

    def decides(self, result: str) -> bool:
        """Whether the user decides the proposals of a result."""
        return result in self.duties.decides


class Unmasking(models.Model):
    """Somebody looked at a customer's personal data."""

    user = models.ForeignKey(User, on_delete=models.PROTECT)
    customer_id = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)


class Export(models.Model):
    """Somebody took a table out of the workbench."""

    user = models.ForeignKey(User, on_delete=models.PROTECT)
    what = models.CharField(max_length=300)
    rows = models.IntegerField()
    at = models.DateTimeField(auto_now_add=True)


class ApiToken(models.Model):
    """A program's key: it may do what its user may, and writes only where it says so."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
