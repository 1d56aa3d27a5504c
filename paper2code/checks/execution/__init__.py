"""Running generated code: in a sandbox, with limits, in an environment of its own."""
