"""What was: numbers, verdicts and whole pictures, over days and over a year."""
