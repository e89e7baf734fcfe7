"""The formats of e-mail."""

from search.corpus.format import Format
from search.corpus.mail.mailbox import is_mailbox, is_message, read_mailbox, read_single

_ELEMENTS = {"id": "Message-ID", "title": "Subject", "date": "Date", "source": "From", "text": "text/html"}

MAIL = (
    Format("mbox", is_mailbox, read_mailbox, _ELEMENTS),
    Format("e-mail", is_message, read_single, _ELEMENTS),
)
