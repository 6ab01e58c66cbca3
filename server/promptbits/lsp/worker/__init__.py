"""The one process for heavy work: started on first need, and killed to cancel what it does.

The server's side is `process`, the other one `__main__` with its `jobs`. They talk in lines of JSON over pipes.
"""
