"""The report: one HTML file that a producer reads on a phone, and the same on paper."""
