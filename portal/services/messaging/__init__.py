"""Messages: sent from their rows, read by customers, watched by employees."""
