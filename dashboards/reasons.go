package dashboards

// reasonCode is one answer to "why": it is stored with the decision.
type reasonCode struct {
	Code string
	Text string
}

// reasonsOf lists the reason codes that go with a verdict.
func reasonsOf(verdict Status) []reasonCode {
	switch verdict {
	case Fraud:
		return []reasonCode{
			{"counterfeit_card", "Counterfeit card, cloned stripe"},
			{"lost_or_stolen", "Lost or stolen card, PIN known or guessed"},
			{"card_trapped", "Card trapped in the slot"},
			{"account_takeover", "Account taken over"},
			{"cash_out", "Part of a cash-out ring"},
			{"reversal_fraud", "Transaction reversal fraud"},
			{"machine_attacked", "The machine was made to pay"},
			{"customer_denies", "The customer denies it"},
		}
	case NotFraud:
		return []reasonCode{
			{"customer_confirms", "The customer confirms it"},
			{"travelling", "The customer is travelling"},
			{"usual_habit", "Usual for this card"},
			{"family_shares_card", "Family or partner shares the card"},
			{"terminal_fault", "Fault of the terminal or the chip"},
			{"new_habit", "New habit, plausible"},
		}
	case Inconclusive:
		return []reasonCode{
			{"customer_unreachable", "The customer cannot be reached"},
			{"evidence_too_thin", "The evidence is too thin"},
			{"waits_for_others", "Waits for another bank or the police"},
		}
	}
	return nil
}

// ReasonCodes lists the reason codes that go with a verdict; none for one that decides nothing.
func ReasonCodes(verdict Status) (codes []string) {
	for _, r := range reasonsOf(verdict) {
		codes = append(codes, r.Code)
	}
	return codes
}

// reasonText returns the text of a reason code, or the code itself.
func reasonText(verdict Status, code string) string {
	for _, r := range reasonsOf(verdict) {
		if r.Code == code {
			return r.Text
		}
	}
	return code
}

// verdictWord is how a status reads on the screen.
func verdictWord(s Status) string {
	switch s {
	case Open:
		return "Open"
	case Fraud:
		return "Fraud"
	case NotFraud:
		return "Not fraud"
	case Inconclusive:
		return "Inconclusive"
	}
	return "Any"
}
