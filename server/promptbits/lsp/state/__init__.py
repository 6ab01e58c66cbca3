"""What a session knows: the client, its open documents and views, the roots, their libraries, and the disk."""
