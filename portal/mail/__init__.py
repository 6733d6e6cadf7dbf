"""Mail: one function per message. Each writes the message's row in the business transaction; a job sends it."""
