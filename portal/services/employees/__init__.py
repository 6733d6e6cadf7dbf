"""Employees' accounts: invited, logged in with two factors, managed."""
