package history

import (
	"database/sql"
	"fmt"

	"skimwatch/engine/atm"
)

// transactionColumns are in the order of appendTransaction and cells.transaction.
const transactionColumns = `id, time, card, bin, last4, account, customer, atm, lat, lon, country, city, kind, amount, currency, entry, response,
	reversal_of, reversal_reason, daily_limit, balance_after, present`

func appendTransaction(args []any, t *atm.Transaction) []any {
	return append(args, t.ID, int64(t.Time), t.Card, t.BIN, t.Last4, t.Account, t.Customer, t.ATM, t.Lat, t.Lon, t.Country, t.City, int64(t.Kind), t.Amount,
		t.Currency, int64(t.Entry), string(t.Response), t.ReversalOf, t.ReversalReason, t.DailyLimit, t.BalanceAfter, int64(t.Has))
}

// cells receive the columns of a row. Scanning into the fields themselves would print and parse every number.
type cells struct {
	values []any
	into   []any
	err    error
}

func newCells(n int) *cells {
	c := &cells{values: make([]any, n), into: make([]any, n)}
	for i := range c.values {
		c.into[i] = &c.values[i]
	}
	return c
}

// cell returns a column as its type in SQL, and remembers when it is of another.
func cell[T any](c *cells, column int) T {
	v, ok := c.values[column].(T)
	if !ok && c.err == nil {
		c.err = fmt.Errorf("column %d of the row is %T, not %T", column, c.values[column], v)
	}
	return v
}

func (c *cells) text(column int) string   { return cell[string](c, column) }
func (c *cells) number(column int) int64  { return cell[int64](c, column) }
func (c *cells) float(column int) float64 { return cell[float64](c, column) }

// transaction fills t from the columns that appendTransaction wrote.
func (c *cells) transaction(t *atm.Transaction) {
	*t = atm.Transaction{
		ID: c.text(0), Time: atm.Time(c.number(1)), Card: c.text(2), BIN: c.text(3), Last4: c.text(4), Account: c.text(5), Customer: c.text(6), ATM: c.text(7),
		Lat: c.float(8), Lon: c.float(9), Country: c.text(10), City: c.text(11), Kind: atm.Kind(c.number(12)), Amount: c.number(13), Currency: c.text(14), Entry: atm.Entry(c.number(15)),
		Response: atm.Response(c.text(16)), ReversalOf: c.text(17), ReversalReason: c.text(18), DailyLimit: c.number(19), BalanceAfter: c.number(20), Has: atm.Fields(c.number(21)),
	}
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

func (r *Row) scan(rows *sql.Rows, c *cells) error {
	if err := rows.Scan(c.into...); err != nil {
		return err
	}
	c.transaction(&r.Transaction)
	r.CardAt = atm.Position{Partition: int32(c.number(22)), Offset: c.number(23)}
	r.ATMAt = atm.Position{Partition: int32(c.number(24)), Offset: c.number(25)}
	r.Flags = atm.Flags(c.number(26))
	return c.err
}

// The first record of a transaction wins.
var insertTransactions = insertion{`INSERT INTO transactions (` + rowColumns + `) VALUES`, 27, `ON CONFLICT (id) DO NOTHING`}
