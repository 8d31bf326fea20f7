package feature

import "skimwatch/engine/atm"

// cardLimits compares what is taken with what may be taken and with what there is.
func cardLimits() []Feature {
	return []Feature{{
		Name: "card_limit_share", Title: "Daily limit used, 24 h", Entity: OfTransaction, Aggregate: "ratio", Of: "amount", Where: withdrawals.where, Unit: "share",
		Meaning: "approved withdrawals of the last 24 h, this one included, against the card's daily limit, at most 5; 0 without a limit",
		says:    "%s of the daily limit taken within 24 h",
		needs:   []string{"card_amount_24h"},
		card: func(v *cardView) float64 {
			if !v.t.Is(atm.HasLimit) || v.t.DailyLimit <= 0 {
				return 0
			}
			return min(5, v.need(0)/float64(v.t.DailyLimit))
		},
	}, {
		Name: "card_balance_share", Title: "Balance taken at once", Entity: OfTransaction, Aggregate: "ratio", Of: "amount", Where: withdrawals.where, Unit: "share",
		Meaning: "amount of this approved withdrawal against the balance before it; 0 when the balance is unknown",
		says:    "%s of the balance taken at once",
		card: func(v *cardView) float64 {
			before := v.t.BalanceAfter + v.t.Amount
			if !v.t.Is(atm.HasBalance) || v.t.Kind != atm.Withdrawal || v.t.Response != atm.Approved || before <= 0 {
				return 0
			}
			return between(0, 1, float64(v.t.Amount)/float64(before))
		},
	}, {
		Name: "card_pass_through_24h", Title: "Credits taken out again, 24 h", Entity: OfCard, Aggregate: "ratio", Of: "amount", Unit: "share",
		Meaning: "approved withdrawals of the last 24 h against the credits of the same time, at most 2; 0 without credits",
		says:    "%s of the credits of the last 24 h taken out again",
		needs:   []string{"card_amount_24h", "card_credits_24h"},
		card: func(v *cardView) float64 {
			credits := v.need(1)
			if credits == 0 {
				return 0
			}
			return min(2, v.need(0)/credits)
		},
	}}
}
