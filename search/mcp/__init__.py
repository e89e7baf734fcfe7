"""Tools for assistants, by the Model Context Protocol: read only, over standard input or HTTP."""
