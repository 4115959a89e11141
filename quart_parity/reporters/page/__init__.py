"""What stands in the page of one run."""
