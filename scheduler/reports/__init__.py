"""What leaves the house on paper and in files: lists as tables, cases as PDF, statistics."""
