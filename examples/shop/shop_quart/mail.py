"""Mail to customers; it lands in their mailbox at the store."""

from quart import render_template

from .database import change, now


async def send_mail(user_id: int, subject: str, template: str, **values: object) -> None:
    """Write a mail from ``templates/mail/`` and put it into the customer's mailbox."""
    body = await render_template(f"mail/{template}.txt", **values)
    change(
        "INSERT INTO messages (user_id, subject, body, sent_at) VALUES (?, ?, ?, ?)",
        user_id,
        subject,
        body,
        now(),
    )
