"""The officials' pages of a case: queue, checklist, questions, proposal, decision, what came on paper."""
