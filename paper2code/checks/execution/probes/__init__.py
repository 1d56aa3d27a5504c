"""What runs inside the sandbox, beside the generated code: this folder is on its module search path.

The generated code shares its process with the probes and could write what they write, so the gate believes
them only where the exit code and the limits say the same. They use nothing but the standard library and
pytest, because the interpreter is the repository's.
"""
