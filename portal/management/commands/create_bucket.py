"""`manage.py create_bucket`: the bucket that FILES_OPTIONS names, where files lie in object storage."""

from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Makes the bucket for stored files where it is missing; does nothing for a folder."

    def handle(self, **options: Any) -> None:
        bucket = getattr(default_storage, "bucket", None)
        if bucket is None:
            return
        try:
            bucket.meta.client.head_bucket(Bucket=bucket.name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            bucket.create()
            self.stdout.write(f"Made the bucket {bucket.name}.")
