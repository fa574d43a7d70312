"""The same rules over whole tables: the extra ``tables``."""
