"""Load shapes: meters grouped by their typical days, with labels in words."""

from lianxin.analyses.value_added.load_shapes.clusters import Candidate, Clusters
from lianxin.analyses.value_added.load_shapes.config import LoadShapeSettings
from lianxin.analyses.value_added.load_shapes.table import SCHEMA, load_shapes

__all__ = ["SCHEMA", "Candidate", "Clusters", "LoadShapeSettings", "load_shapes"]
