package file

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"skimwatch/engine/atm"
)

// columns are the JSON field names of a transaction, in the order in which they are written.
var columns = [...]string{"id", "time", "card", "bin", "last4", "account", "customer", "atm", "lat", "lon", "country", "city", "kind",
	"amount", "currency", "entry", "response", "reversal_of", "reversal_reason", "daily_limit", "balance_after"}

// numeric are the columns that are numbers in JSON.
var numeric = [...]string{"lat", "lon", "amount", "daily_limit", "balance_after"}

func isCSV(path string) bool {
	path = strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".zst")
	return strings.HasSuffix(path, ".csv")
}

func appendHeader(b []byte) []byte {
	return append(append(b, strings.Join(columns[:], ",")...), '\n')
}

// appendRow appends t as one row; an absent field is an empty one.
func appendRow(b []byte, t *atm.Transaction) []byte {
	for _, s := range [...]string{t.ID, t.Time.String(), t.Card, t.BIN, t.Last4, t.Account, t.Customer, t.ATM} {
		b = append(appendCell(b, s), ',')
	}
	if t.Is(atm.HasPlace) {
		b = append(strconv.AppendFloat(b, t.Lat, 'f', -1, 64), ',')
		b = append(strconv.AppendFloat(b, t.Lon, 'f', -1, 64), ',')
	} else {
		b = append(b, ',', ',')
	}
	for _, s := range [...]string{t.Country, t.City, t.Kind.String()} {
		b = append(appendCell(b, s), ',')
	}
	b = append(appendMoney(b, t, atm.HasAmount, t.Amount), ',')
	for _, s := range [...]string{t.Currency, t.Entry.String(), string(t.Response), t.ReversalOf, t.ReversalReason} {
		b = append(appendCell(b, s), ',')
	}
	b = append(appendMoney(b, t, atm.HasLimit, t.DailyLimit), ',')
	return append(appendMoney(b, t, atm.HasBalance, t.BalanceAfter), '\n')
}

func appendMoney(b []byte, t *atm.Transaction, has atm.Fields, n int64) []byte {
	if !t.Is(has) {
		return b
	}
	return strconv.AppendInt(b, n, 10)
}

// appendCell quotes s where RFC 4180 asks for it.
func appendCell(b []byte, s string) []byte {
	if !strings.ContainsAny(s, ",\"\r\n") {
		return append(b, s...)
	}
	return append(append(append(b, '"'), strings.ReplaceAll(s, `"`, `""`)...), '"')
}

// table knows which column holds which field.
type table struct {
	names  []string // empty: to be passed over
	number []bool
	cells  []string
	buffer []byte
}

// readHeader reads the first line. A field without which no transaction can be is an error when it has no column.
func readHeader(lines *Lines) (*table, error) {
	line, err := lines.Next()
	if err == io.EOF {
		return nil, fmt.Errorf("read %s: no header: the file is empty", lines.path)
	}
	if err != nil {
		return nil, err
	}
	names, err := splitRow(nil, strings.TrimPrefix(string(line), "\ufeff"))
	if err != nil {
		return nil, lines.Wrong(line, err)
	}
	t := &table{names: names, number: make([]bool, len(names))}
	for i, n := range names {
		if !slices.Contains(columns[:], n) {
			t.names[i] = ""
		}
		t.number[i] = slices.Contains(numeric[:], n)
	}
	for _, need := range [...]string{"id", "time", "card", "atm", "kind"} {
		if !slices.Contains(t.names, need) {
			return nil, lines.Wrong(line, fmt.Errorf("header has no column %s", need))
		}
	}
	return t, nil
}

// object turns a row into the JSON object that it stands for, so that rows and objects are checked by the same decoder.
func (t *table) object(line []byte) ([]byte, error) {
	var err error
	if t.cells, err = splitRow(t.cells[:0], string(line)); err != nil {
		return nil, err
	}
	if len(t.cells) > len(t.names) {
		return nil, errColumns(len(t.cells), len(t.names))
	}
	b := append(t.buffer[:0], '{')
	for i, cell := range t.cells {
		if cell == "" || t.names[i] == "" {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), t.names[i]...), '"', ':')
		if t.number[i] {
			if strings.Trim(cell, "0123456789+-.eE") != "" {
				return nil, fmt.Errorf("%s %q is not a number", t.names[i], cell)
			}
			b = append(b, cell...)
			continue
		}
		b = appendQuoted(b, cell)
	}
	t.buffer = append(b, '}')
	return t.buffer, nil
}

func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = fmt.Appendf(b, "\\u%04x", c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// splitRow splits one row by RFC 4180, without line ends inside of quotes, which no field of ours has.
func splitRow(cells []string, row string) ([]string, error) {
	for {
		if !strings.HasPrefix(row, `"`) {
			end := strings.IndexByte(row, ',')
			if end < 0 {
				return append(cells, row), nil
			}
			cells, row = append(cells, row[:end]), row[end+1:]
			continue
		}
		cell, rest, err := quoted(row[1:])
		if err != nil {
			return nil, err
		}
		cells = append(cells, cell)
		if rest == "" {
			return cells, nil
		}
		if rest[0] != ',' {
			return nil, fmt.Errorf("%q follows a closing quote", rest[:1])
		}
		row = rest[1:]
	}
}

// quoted reads up to the closing quote.
func quoted(s string) (cell, rest string, err error) {
	for {
		end := strings.IndexByte(s, '"')
		if end < 0 {
			return "", "", errors.New("quote is not closed")
		}
		cell += s[:end]
		if !strings.HasPrefix(s[end+1:], `"`) {
			return cell, s[end+1:], nil
		}
		cell, s = cell+`"`, s[end+2:]
	}
}
