"""The end of an access request: three years after its decision everything about it is deleted (GDPR 5(1)(e)).

`Retention.LEGAL_CLAIMS` is declared for the request, its timeline, letters, correspondence, searches and copies alike,
and is counted from the day on which the matter was closed. Triggers refuse to delete a request or a step before.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from portal.models.access_request import (
    AccessRequest,
    AccessRequestAttachment,
    AccessRequestCheck,
    AccessRequestEvent,
    AccessRequestLetter,
    AccessRequestNote,
)
from portal.models.base import db
from portal.models.data_copy import DataCopy
from portal.models.database import affected
from portal.models.stored_file import StoredFile
from portal.rules.context import Context
from portal.rules.register import Retention
from portal.rules.retention import kept_since
from portal.services.auditing import audit
from portal.services.foundation import stored_files

# Requests that one transaction deletes at most.
BATCH = 100
# In the order in which rows refer to each other: what refers to others goes first.
OF_A_REQUEST = (AccessRequestEvent, AccessRequestCheck, DataCopy, AccessRequestLetter, AccessRequestNote)


def purge(context: Context) -> int:
    """Delete requests whose retention has ended, with all that belongs to them. Returns how many, at most `BATCH`.

    The bytes of files go with `stored_files.sweep` after the commit. Two workers at once take different requests.
    """
    closed_before = kept_since(Retention.LEGAL_CLAIMS, context.now)
    ended = select(AccessRequest.id).where(AccessRequest.closed_at < closed_before)
    oldest = ended.order_by(AccessRequest.closed_at, AccessRequest.id).limit(BATCH)
    ids = db.session.execute(oldest.with_for_update(skip_locked=True)).scalars().all()
    if not ids:
        return 0
    files = _files(ids)
    notes = select(AccessRequestNote.id).where(AccessRequestNote.request_id.in_(ids))
    db.session.execute(delete(AccessRequestAttachment).where(AccessRequestAttachment.note_id.in_(notes)))
    for table in OF_A_REQUEST:
        db.session.execute(delete(table).where(table.request_id.in_(ids)))
    stored_files.delete_rows(context, StoredFile.id.in_(files))
    # A later request is kept for its own time; that it repeated one of these is over with them.
    db.session.execute(update(AccessRequest).where(AccessRequest.earlier_id.in_(ids)).values(earlier_id=None))
    audit.record(context, "access_request.purged", count=len(ids), files=len(files))
    return affected(delete(AccessRequest).where(AccessRequest.id.in_(ids)))


def _files(ids: Sequence[int]) -> Sequence[int]:
    """The rows of the letters, attachments and copies of these requests."""
    letters = select(AccessRequestLetter.file_id).where(AccessRequestLetter.request_id.in_(ids))
    attachments = (
        select(AccessRequestAttachment.file_id)
        .join(AccessRequestNote, AccessRequestAttachment.note_id == AccessRequestNote.id)
        .where(AccessRequestNote.request_id.in_(ids))
    )
    copies = select(DataCopy.file_id).where(DataCopy.request_id.in_(ids), DataCopy.file_id.is_not(None))
    return db.session.execute(letters.union(attachments, copies)).scalars().all()
