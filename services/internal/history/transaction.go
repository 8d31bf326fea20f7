package history

import (
	"database/sql"

	"skimwatch/engine/atm"
)

// transactionColumns are in the order of appendTransaction and scanTransaction.
const transactionColumns = `id, time, card, bin, last4, account, customer, atm, lat, lon, country, city, kind, amount, currency, entry, response,
	reversal_of, reversal_reason, daily_limit, balance_after, present`

func appendTransaction(args []any, t *atm.Transaction) []any {
	return append(args, t.ID, int64(t.Time), t.Card, t.BIN, t.Last4, t.Account, t.Customer, t.ATM, t.Lat, t.Lon, t.Country, t.City, int64(t.Kind), t.Amount,
		t.Currency, int64(t.Entry), string(t.Response), t.ReversalOf, t.ReversalReason, t.DailyLimit, t.BalanceAfter, int64(t.Has))
}

func transactionFields(t *atm.Transaction) []any {
	return []any{&t.ID, &t.Time, &t.Card, &t.BIN, &t.Last4, &t.Account, &t.Customer, &t.ATM, &t.Lat, &t.Lon, &t.Country, &t.City, &t.Kind, &t.Amount,
		&t.Currency, &t.Entry, &t.Response, &t.ReversalOf, &t.ReversalReason, &t.DailyLimit, &t.BalanceAfter, &t.Has}
}

// Row is a transaction of the history with the places at which the two stages of the engine saw it.
type Row struct {
	Transaction atm.Transaction
	CardAt      atm.Position
	ATMAt       atm.Position
	Flags       atm.Flags
}

const rowColumns = transactionColumns + `, card_partition, card_offset, atm_partition, atm_offset, flags`

func appendRow(args []any, t *atm.Transaction, card, at atm.Position, f atm.Flags) []any {
	return append(appendTransaction(args, t), card.Partition, card.Offset, at.Partition, at.Offset, int64(f))
}

func (r *Row) scan(rows *sql.Rows, more ...any) error {
	return rows.Scan(append(append(transactionFields(&r.Transaction), &r.CardAt.Partition, &r.CardAt.Offset, &r.ATMAt.Partition, &r.ATMAt.Offset, &r.Flags), more...)...)
}

// The first record of a transaction wins.
var insertTransactions = insertion{`INSERT INTO transactions (` + rowColumns + `) VALUES`, 27, `ON CONFLICT (id) DO NOTHING`}
