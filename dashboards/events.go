package dashboards

import (
	"strings"

	"skimwatch/engine/atm"
)

// eventRow is one of the card's last transactions.
type eventRow struct {
	Time     string
	What     string
	Amount   string
	ATM      string
	Where    string
	Entry    string
	Response string
	Refused  bool
	Score    string
	Severity Severity
	Alerted  bool // one of this episode's hits
	Shown    bool // the hit that the page is about
}

func eventRows(events []Event, e EpisodeDetail, shown atm.Alert) []eventRow {
	hits := map[string]bool{shown.Transaction: true}
	for _, a := range e.Alerts {
		hits[a.Transaction] = true
	}
	var out []eventRow
	for _, v := range events {
		t := v.Transaction
		r := eventRow{
			Time: clock(t.Time), What: kindWord(t.Kind.String()), ATM: t.ATM, Where: place(t.City, t.Country), Entry: t.Entry.String(),
			Response: responseText(t.Response), Refused: t.Response != atm.Approved, Score: absent,
			Alerted: hits[t.ID], Shown: t.ID == shown.Transaction,
		}
		if t.Is(atm.HasAmount) && t.Kind.Money() {
			r.Amount = money(t.Amount, t.Currency)
		}
		if v.Scored {
			r.Score = score(v.Score)
		}
		if v.Decision == atm.Alerts || r.Alerted {
			r.Severity = severityOf(v.Score, v.Threshold)
		}
		out = append(out, r)
	}
	return out
}

func kindWord(kind string) string { return strings.ReplaceAll(kind, "_", " ") }

func whatOf(kind string, amount int64, currency string) string {
	if amount == 0 {
		return kindWord(kind)
	}
	return kindWord(kind) + " of " + money(amount, currency)
}

// responseText explains a response code of ISO 8583 DE 39.
func responseText(r atm.Response) string {
	switch r {
	case atm.Approved:
		return "approved"
	case atm.InvalidCard:
		return "invalid card"
	case atm.LostCard:
		return "lost card"
	case atm.StolenCard:
		return "stolen card"
	case atm.NoFunds:
		return "no funds"
	case atm.ExpiredCard:
		return "card expired"
	case atm.WrongPIN:
		return "wrong PIN"
	case atm.NotPermitted:
		return "not permitted"
	case atm.OverAmountLimit:
		return "over amount limit"
	case atm.Restricted:
		return "restricted"
	case atm.OverCountLimit:
		return "over count limit"
	case atm.PINTriesExceeded:
		return "PIN tries exceeded"
	case atm.IssuerDown:
		return "issuer down"
	case atm.SystemError:
		return "system error"
	}
	return "code " + string(r)
}
