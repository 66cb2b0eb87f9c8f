"""What a delivery says of those found, and no more: named fields, who is protected, files, report."""
