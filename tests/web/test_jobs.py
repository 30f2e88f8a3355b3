"""Runs and imports from the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianxin.desk.jobs.models import Job
from lianxin.desk.jobs.tasks import carry_out

pytestmark = pytest.mark.django_db


def test_an_import_is_queued_done_and_its_rejected_rows_can_be_fetched(desk):
    client = desk("administrator")
    content = "district_id,name,kind\nD9,城北,urban\n,无编号,urban\n".encode()
    client.post("/data/import/", {"table": "district", "files": SimpleUploadedFile("d.csv", content)})
    job = Job.objects.get()
    assert job.state == "queued"
    carry_out.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.outcome["inserted"], job.outcome["rejected"]) == ("done", 1, 1)
    assert "无编号" not in client.get("/data/").content.decode()
    rejected = b"".join(client.get(f"/data/jobs/{job.pk}/quarantine/").streaming_content).decode()
    assert "district_id" in rejected


def test_an_unusable_file_fails_with_a_sentence(desk):
    client = desk("administrator")
    client.post("/data/import/", {"table": "district", "files": SimpleUploadedFile("d.csv", b"a,b\n1,2\n")})
    job = Job.objects.get()
    carry_out.call(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "district_id" in job.message_zh


def test_other_kinds_of_files_and_other_roles_are_refused(desk):
    file = {"table": "district", "files": SimpleUploadedFile("d.exe", b"x")}
    assert desk("administrator").post("/data/import/", file).status_code == 422
    file = {"table": "district", "files": SimpleUploadedFile("d.csv", b"x")}
    assert desk("director").post("/data/import/", file).status_code == 403
    assert not Job.objects.exists()


def test_a_job_that_is_to_stop_does_not_begin(desk):
    client = desk("administrator")
    client.post("/data/run/", {"analysis": "value_added", "as_of": "2026-06-30"})
    job = Job.objects.get()
    client.post(f"/data/jobs/{job.pk}/cancel/")
    carry_out.call(job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_run_without_enough_data_says_what_is_needed(desk):
    client = desk("administrator")
    client.post("/data/run/", {"analysis": "value_added", "as_of": "2026-06-30"})
    job = Job.objects.get()
    carry_out.call(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.message_en.count("at least one interval_reading with kWh") == 1
    assert "至少一条有电量的 interval_reading" in job.message_zh
