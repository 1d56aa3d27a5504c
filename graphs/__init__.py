"""Graphs that can be deployed."""
