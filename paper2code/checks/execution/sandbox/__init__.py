"""Confining a command: bubblewrap, a container, or limits alone, behind one protocol."""
