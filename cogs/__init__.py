"""Slash commands and buttons: Discord in, one call of the service, Discord out."""
