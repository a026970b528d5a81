"""The record of one person: banner, parts, examinations, a new resident."""
