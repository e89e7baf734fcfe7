"""What to tell the user who acts on an article where there is none."""

from search.tui.i18n import Texts


def purpose(texts: Texts, action: str) -> str:
    """What an action on articles is for, as a sentence that begins with its key; the key alone for others."""
    purposes = {
        "why": texts.with_keys("{} explains why an article was found.", action),
        "similar": texts.with_keys("{} finds articles like the selected one.", action),
        "counts": texts.with_keys("{} counts the words of an answer.", action),
        "export": texts.with_keys("{} writes results to a file.", action),
        "open": texts.with_keys("{} opens an article in the browser.", "open_outside"),
        "edit": texts.with_keys("{} opens an article in the editor.", action),
        "copy": texts.with_keys("{} copies the text of an article.", action),
        "cite": texts.with_keys("{} copies the reference of an article.", action),
        "dossier": texts.with_keys("{} puts an article into a dossier.", action),
        "read": texts.with_keys("{} marks an article as read or unread.", "mark_read"),
        "choose": texts.with_keys("{} chooses results, for the export.", action),
        "copies": texts.with_keys("{} shows the copies of an article.", action),
    }
    return purposes.get(action, texts.key_name(action))


def first_step(texts: Texts, query: str = "") -> str:
    """What the user does first to have an article; ``query`` is what was asked in vain, if anything."""
    if query:
        return texts.translate("This search found no article: change it first.")
    return texts.with_keys("First type a search; {} goes to the box.", "search")
