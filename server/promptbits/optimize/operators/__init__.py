"""The grammar of edits: operators that each change one thing about a prompt, as a careful person would.

Each is a pure function of a view of the prompt and a source of random choices. It gives edits that leave everything
else as it is, byte by byte, or None where it does not apply.
"""
