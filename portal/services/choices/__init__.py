"""What a customer consents to and forbids, what follows from it, and what customers tell of themselves."""
