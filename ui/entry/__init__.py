"""Entry of one form part: state, editors, and the view drawn from the form definition."""
