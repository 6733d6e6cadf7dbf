"""Access requests, from the first question to the letter that answers them."""
