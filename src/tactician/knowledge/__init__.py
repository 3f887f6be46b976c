"""Knowledge: the rule model, its files and their checks, up to a frozen Rulebase. Knows no engine."""
