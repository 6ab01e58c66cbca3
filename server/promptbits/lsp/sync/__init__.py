"""What keeps the client and the server in step: settings, documents, changed files, registrations, refreshes."""
