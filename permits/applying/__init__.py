"""The applicant's pages: start, the form section by section, attachments, how the application stands."""
