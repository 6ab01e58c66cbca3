"""What applications call: prompts as they lie in the files, and what happened with them.

Light to import: neither pydantic nor numpy, and what reads prompts is imported when the first one is loaded.
"""
