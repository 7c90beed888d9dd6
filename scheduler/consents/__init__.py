"""What guardians are asked for a programme, and what they answer without an account."""
