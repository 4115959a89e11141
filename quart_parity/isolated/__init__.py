"""A side in a process of its own: another folder, interpreter, environment or revision."""
