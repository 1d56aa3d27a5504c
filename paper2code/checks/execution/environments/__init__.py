"""The Python environment that generated code runs in: the user's own, or built once and kept."""
