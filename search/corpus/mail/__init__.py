"""E-mail: letters of the press to their readers, one file a message or many in one."""
