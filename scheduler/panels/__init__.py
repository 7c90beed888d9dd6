"""Review by panel: several reviewers judge the same cases, and a ranking comes of their marks."""
