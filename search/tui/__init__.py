"""The interface in the terminal."""

import os

# Textual draws at the next tick of this rate, and reads it when it is first imported. At its 60 a second, a
# tick alone is half of the time from a key to its results. Nothing is drawn while nothing changes.
os.environ.setdefault("TEXTUAL_FPS", "120")
