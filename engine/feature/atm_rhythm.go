package feature

import "skimwatch/engine/atm"

// atmRhythm compares the ATM's present with its own day.
func atmRhythm() []Feature {
	return []Feature{{
		Name: "atm_seconds_since_last", Title: "Since the ATM's last event", Entity: OfATM, Aggregate: "last", Of: "time", Unit: "seconds", Default: never,
		Meaning: "time since the ATM's event before this one, at most 30 days", says: "%s after the event before at this ATM",
		atm: func(v *atmView) float64 {
			if v.last == nil {
				return never
			}
			return min(never, float64(int64(v.t.Time)-v.last.Time)/float64(atm.Second))
		},
	}, {
		Name: "atm_hour_to_day", Title: "ATM's last hour against its day", Entity: OfATM, Aggregate: "ratio", Of: "time", Unit: "times", Default: 1,
		Meaning: "events at this ATM in the last hour against the mean hour of its last 24 h", says: "%s the ATM's usual hour of the last day",
		needs: []string{"atm_events_1h", "atm_events_24h"},
		atm: func(v *atmView) float64 {
			return 24 * v.need(0) / max(1, v.need(1))
		},
	}, {
		Name: "atm_amount_share", Title: "Share of the ATM's hour", Entity: OfTransaction, Aggregate: "ratio", Of: "amount", Where: withdrawals.where, Unit: "share",
		Meaning: "amount of this event against all approved withdrawals at this ATM within 1 h, at most 1; 0 when there are none", says: "%s of what this ATM paid out within an hour",
		needs: []string{"atm_amount_1h"},
		atm: func(v *atmView) float64 {
			sum := v.need(0)
			if sum == 0 {
				return 0
			}
			return between(0, 1, float64(v.t.Amount)/sum)
		},
	}}
}
