"""Files beside the database are whole or not there (SECURITY 57, R6, R16)."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import Settings
from portal.models.stored_file import StoredFile
from portal.rules.errors import NotFound
from portal.services.foundation import stored_files
from tests.support import builders
from tests.support.fixtures import Transaction

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)


def on_disk(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / "files").glob("*"))


def kept(transaction: Transaction, content: bytes, **options: datetime) -> tuple[int, int]:
    with transaction(now=NOW) as context:
        customer_id = builders.customer(context)
        written = stored_files.write_bytes(content)
        file_id = stored_files.keep(
            context,
            written,
            customer_id=customer_id,
            kind="letter",
            name="Kirje.pdf",
            media_type="text/plain",
            **options,
        )
    return customer_id, file_id


def test_a_kept_file_is_found_by_its_owner_with_its_digest(transaction: Transaction, reading: Transaction) -> None:
    customer_id, file_id = kept(transaction, b"sana")
    with reading(now=NOW) as context:
        found = stored_files.find(context, file_id, customer_id=customer_id)
        assert found.path.read_bytes() == b"sana"
        assert (found.size, found.sha256) == (4, hashlib.sha256(b"sana").digest())
        # The name on the disk is the server's own.
        assert "Kirje" not in found.path.name
        with pytest.raises(NotFound):
            stored_files.find(context, file_id, customer_id=customer_id + 1)


def test_an_expired_file_is_not_handed_out(transaction: Transaction, reading: Transaction) -> None:
    customer_id, file_id = kept(transaction, b"sana", expires_at=NOW + timedelta(days=14))
    with reading(now=NOW + timedelta(days=14)) as context, pytest.raises(NotFound):
        stored_files.find(context, file_id, customer_id=customer_id)


def test_a_failure_in_the_middle_leaves_nothing(transaction: Transaction, settings: Settings) -> None:
    def broken() -> Iterator[bytes]:
        yield b"the first half"
        raise OSError("disk full")

    with transaction(), pytest.raises(OSError, match="disk full"):
        stored_files.write_bytes(broken())
    assert on_disk(settings) == []


def test_a_rename_happens_only_once_the_file_is_whole(transaction: Transaction, settings: Settings) -> None:
    with transaction(), stored_files.writing() as (writer, written):
        writer.write(b"half")
        (partial,) = on_disk(settings)
        assert partial.suffix == stored_files.PARTIAL
        assert not written
    (whole,) = on_disk(settings)
    assert whole.name == written[0].uuid.hex


def test_the_sweep_looks_up_a_few_names_at_a_time(
    transaction: Transaction, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_files, "NAMES", 2)
    names = [kept(transaction, b"kept %d" % number)[1] for number in range(3)]
    with transaction(now=NOW):
        orphans = [stored_files.write_bytes(b"orphan") for _ in range(4)]
    strange = settings.data_dir / "files" / f"{orphans[0].uuid.hex}{stored_files.PARTIAL}"
    strange.write_bytes(b"half")
    old = (NOW - timedelta(hours=25)).timestamp()
    for path in on_disk(settings):
        os.utime(path, (old, old))
    with transaction(now=NOW) as context:
        assert stored_files.sweep(context) == 5
        assert stored_files.sweep(context) == 0
    assert len(on_disk(settings)) == len(names)


def test_the_sweep_takes_what_no_row_knows_and_nothing_young(transaction: Transaction, settings: Settings) -> None:
    customer_id, file_id = kept(transaction, b"kept")
    with transaction(now=NOW):
        orphan = stored_files.write_bytes(b"orphan")
        young = stored_files.write_bytes(b"young")
    folder = settings.data_dir / "files"
    old = (NOW - timedelta(hours=25)).timestamp()
    for path in on_disk(settings):
        os.utime(path, (old, old) if path.name != young.uuid.hex else (NOW.timestamp(), NOW.timestamp()))
    with transaction(now=NOW) as context:
        assert stored_files.sweep(context) == 1
        assert not (folder / orphan.uuid.hex).exists()
        assert stored_files.find(context, file_id, customer_id=customer_id).path.exists()
    with transaction(now=NOW) as context:
        assert stored_files.delete_rows(context, StoredFile.id == file_id) == 1
    with transaction(now=NOW) as context:
        assert stored_files.sweep(context) == 1
