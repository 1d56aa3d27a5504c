"""Runs that are killed at random moments until they end, and compared with runs that nothing broke off."""
