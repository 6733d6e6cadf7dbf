"""What expires and is deleted every hour: rows that nobody can use any more, and what was kept as long as is declared.

A purge that meets many rows takes at most `BATCH` at a time: the job runs it again until it meets fewer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete

from portal.models.access_request_draft import AccessRequestDraft
from portal.models.account import EmailChange, KnownDevice, PasswordReset, Registration
from portal.models.database import affected
from portal.models.message import Message
from portal.models.staff import StaffInvitation, StaffKnownDevice
from portal.models.usage import PageView
from portal.rules.context import Context
from portal.rules.register import Retention
from portal.rules.retention import kept_since
from portal.services.accounts import account_closing, factor_removal, login_steps, passkeys, remembering, sessions
from portal.services.auditing import audit
from portal.services.data_copy import data_copy_queue
from portal.services.foundation import stored_files, throttle
from portal.services.imports import order_uploads
from portal.services.register import customer_search
from portal.services.requests import request_retention

# A full batch of the purges that take their rows in batches.
BATCH = min(request_retention.BATCH, data_copy_queue.BATCH)


def purge_registrations(context: Context) -> int:
    """Delete sign-ups that were not confirmed in time. Returns how many."""
    return affected(delete(Registration).where(Registration.expires_at < context.now))


def purge_request_drafts(context: Context) -> int:
    """Delete access requests that were begun and not signed in time. Returns how many."""
    oldest = context.now - timedelta(days=Retention.SHORT.rule.days)
    return affected(delete(AccessRequestDraft).where(AccessRequestDraft.created_at < oldest))


def purge_strangers_messages(context: Context) -> int:
    """Delete what was mailed to an address that nobody confirmed, or before it was: no customer leads to such a row, so
    it lives no longer than the sign-up it speaks of. Returns how many."""
    oldest = context.now - timedelta(days=Retention.SHORT.rule.days)
    nobody = (Message.customer_id.is_(None), Message.staff_id.is_(None))
    return affected(delete(Message).where(*nobody, Message.created_at < oldest))


def purge_account_events(context: Context) -> int:
    """Delete settled links and devices not used for as long as the security log is kept. Returns how many."""
    oldest = kept_since(Retention.SECURITY_LOG, context.now)
    return (
        affected(delete(PasswordReset).where(PasswordReset.created_at < oldest))
        + affected(delete(EmailChange).where(EmailChange.created_at < oldest))
        + affected(delete(KnownDevice).where(KnownDevice.last_used_at < oldest))
        + affected(delete(StaffKnownDevice).where(StaffKnownDevice.last_used_at < oldest))
    )


def purge_old_messages(context: Context) -> int:
    """Delete messages after their declared retention. Returns how many."""
    return affected(delete(Message).where(Message.created_at < kept_since(Retention.MESSAGES, context.now)))


def purge_page_views(context: Context) -> int:
    """Delete usage statistics after their declared retention. Returns how many."""
    return affected(delete(PageView).where(PageView.viewed_at < kept_since(Retention.USAGE, context.now)))


def purge_invitations(context: Context) -> int:
    """Delete invitations that nobody took, with the seed prepared in them, and old ones that were used."""
    untaken = StaffInvitation.used_at.is_(None) & (
        StaffInvitation.expires_at < context.now - timedelta(days=Retention.SHORT.rule.days)
    )
    used = StaffInvitation.used_at < kept_since(Retention.SECURITY_LOG, context.now)
    return affected(delete(StaffInvitation).where(untaken | used))


def drop_audit_segments(context: Context) -> int:
    """Drop whole months of the audit log after its declared retention. Returns how many events went."""
    return audit.drop_old_segments(context)


PURGES: dict[str, Callable[[Context], int]] = {
    "sessions": sessions.purge,
    "remembered_devices": remembering.purge,
    "login_steps": login_steps.purge,
    "passkey_challenges": passkeys.purge,
    "closed_accounts": account_closing.close_due,
    "second_factors": factor_removal.carry_out,
    "throttle": throttle.purge,
    "registrations": purge_registrations,
    "strangers_messages": purge_strangers_messages,
    "old_messages": purge_old_messages,
    "page_views": purge_page_views,
    "invitations": purge_invitations,
    "audit_segments": drop_audit_segments,
    "account_events": purge_account_events,
    "request_drafts": purge_request_drafts,
    "searches": customer_search.purge,
    "data_copies": data_copy_queue.expire,
    "old_copies": data_copy_queue.purge,
    "closed_requests": request_retention.purge,
    "order_uploads": order_uploads.purge,
    # Last, when every row that goes is gone.
    "files": stored_files.sweep,
    "order_files": order_uploads.sweep,
}
