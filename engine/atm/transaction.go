// Package atm is the domain: the transaction a terminal sends, the label that says what it was, the score and the
// alert the engine answers with. It knows no broker, no database and no clock. Field meanings follow ISO 8583 (1987).
package atm

// Kind says what the customer, the host or the machine did.
type Kind uint8

// The kinds of event. Dispense is the cash module's own report: money left the machine.
const (
	Withdrawal Kind = iota + 1
	Balance
	Deposit
	Transfer
	PINChange
	LimitChange
	ContactChange
	TravelNotice
	Reversal
	Dispense
)

// Kinds are the names of the kinds as they stand in JSON, indexed by Kind; index 0 is empty.
var Kinds = [...]string{"", "withdrawal", "balance", "deposit", "transfer", "pin_change", "limit_change", "contact_change", "travel_notice", "reversal", "dispense"}

// String returns the name that stands in JSON.
func (k Kind) String() string { return name(Kinds[:], uint8(k)) }

// Money says whether events of this kind must carry an amount.
func (k Kind) Money() bool {
	switch k {
	case Withdrawal, Deposit, Transfer, Reversal, Dispense:
		return true
	}
	return false
}

// Entry is how the card was read (ISO 8583 DE 22). Zero is unknown.
type Entry uint8

// The entry modes. Fallback is a chip card read by its stripe.
const (
	Chip Entry = iota + 1
	Magstripe
	Fallback
	Contactless
	Manual
)

// Entries are the names of the entry modes as they stand in JSON, indexed by Entry; index 0 is empty.
var Entries = [...]string{"", "chip", "magstripe", "fallback", "contactless", "manual"}

// String returns the name that stands in JSON, empty when unknown.
func (e Entry) String() string { return name(Entries[:], uint8(e)) }

func name(names []string, i uint8) string {
	if int(i) < len(names) {
		return names[i]
	}
	return ""
}

// Response is the host's answer (ISO 8583 DE 39), two characters. Any two letters or digits are legal; those below are known.
type Response string

// The responses that ATM hosts give.
const (
	Approved         Response = "00"
	InvalidCard      Response = "14"
	LostCard         Response = "41"
	StolenCard       Response = "43"
	NoFunds          Response = "51"
	ExpiredCard      Response = "54"
	WrongPIN         Response = "55"
	NotPermitted     Response = "57"
	OverAmountLimit  Response = "61"
	Restricted       Response = "62"
	OverCountLimit   Response = "65"
	PINTriesExceeded Response = "75"
	IssuerDown       Response = "91"
	SystemError      Response = "96"
)

// Fields are the optional fields that a transaction carries and whose zero value would be a lie.
type Fields uint8

// The bits of Fields.
const (
	HasPlace   Fields = 1 << iota // Lat and Lon
	HasAmount                     // Amount
	HasLimit                      // DailyLimit
	HasBalance                    // BalanceAfter
)

// Transaction is one event at one terminal. Optional strings are empty and optional enumerations zero when absent.
type Transaction struct {
	ID       string // unique; two records with one id are one transaction
	Time     Time   // event time: the terminal's clock
	Card     string // token of the card number, never the number
	BIN      string // first six to eight digits of the card number
	Last4    string
	Account  string
	Customer string
	ATM      string // terminal id, DE 41

	Lat, Lon float64 // degrees; where the terminal stands (HasPlace)
	Country  string  // ISO 3166 alpha-2
	City     string

	Kind     Kind
	Amount   int64  // minor units (HasAmount)
	Currency string // ISO 4217
	Entry    Entry
	Response Response // Approved when the record has none

	ReversalOf     string // id of the transaction that is taken back
	ReversalReason string // DE 56: 10 hardware, 13 malfunction, 20 suspect, 08 cancelled, 01 time-out

	DailyLimit   int64 // minor units (HasLimit)
	BalanceAfter int64 // minor units (HasBalance)

	Has Fields
}

// Is reports whether all the given optional fields are present.
func (t *Transaction) Is(f Fields) bool { return t.Has&f == f }
