"""Interview: the questionnaire that asks an owner only what matters."""
