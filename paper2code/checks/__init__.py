"""What code can tell about a design, a file or a repository without asking a model."""
