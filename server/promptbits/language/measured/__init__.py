"""What editors say of measurements: beside the id and the confidence of a prompt, and in a document of their own.

Every number comes from `facts.statistics` and is written by `facts.wording`.
"""
