"""Orders as customers and employees see them, and earlier orders that join an account."""
