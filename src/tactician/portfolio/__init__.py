"""Portfolio: many clients at once, from spreadsheets to millions of rows."""
