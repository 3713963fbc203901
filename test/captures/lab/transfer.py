"""What happens in between."""
