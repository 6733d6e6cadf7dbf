"""Customers' accounts: signing up, logging in, sessions, factors and passwords."""
