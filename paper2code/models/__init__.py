"""Calls to chat models: the only part of the package that asks one."""
