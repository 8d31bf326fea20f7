package atm

// Position is a place in a topic.
type Position struct {
	Partition int32 `json:"partition"`
	Offset    int64 `json:"offset"`
}

// Decision is what the engine made of a transaction.
type Decision string

// The decisions: a transaction alerts if and only if its score reaches the threshold and it is not a Duplicate.
const (
	Pass   Decision = "pass"
	Alerts Decision = "alert"
)

// Flags mark what was unusual about how a transaction reached the engine.
type Flags uint8

// The bits of Flags.
const (
	Late      Flags = 1 << iota // event time behind its partition's watermark; scored with the right windows all the same
	Duplicate                   // the id was seen before on this card; scored, but it changes no state and never alerts
	Future                      // event time too far ahead to be believed alone; scored, but it does not move the watermark
	Overflow                    // a bounded window had dropped events that this vector should have counted
)

// Strings names the flags that are set.
func (f Flags) Strings() []string {
	var names []string
	for i, n := range []string{"late", "duplicate", "future", "overflow"} {
		if f&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return names
}

// Reason is one cause of a score in words, strongest first in a list.
type Reason struct {
	Code         string  `json:"code"`         // feature name, or "rule:" and the rule's name
	Text         string  `json:"text"`         // one sentence with the value in it
	Contribution float64 `json:"contribution"` // added to the score; negative speaks against fraud
}

// Score is the engine's answer to one transaction, with all that is needed to reproduce it.
type Score struct {
	Transaction Transaction
	CardAt      Position // where the card stage saw it, on the transactions topic
	ATMAt       Position // where the atm stage saw it, on the by-atm topic
	Flags       Flags
	FeatureSet  uint64    // hash of the catalogue that Vector follows
	Vector      []float64 // one value per feature, in catalogue order
	Score       float64   // 0–1
	Threshold   float64
	Decision    Decision
	Reasons     []Reason // of alerts only
	Model       string   // version, such as "fraud/7"; empty when rules decided alone
	Rules       string   // version of the rule set
	Produced    Time     // processing time at which the producer wrote the record
	Scored      Time     // processing time at which the answer was written
}

// Evidence is one feature of an alert, as it was when it was scored.
type Evidence struct {
	Feature      string  `json:"feature"`
	Value        float64 `json:"value"`
	Contribution float64 `json:"contribution"` // added to the score; negative speaks against fraud
}

// Alert is a transaction that a person should look at: a frozen snapshot of what the engine knew.
type Alert struct {
	ID          string     `json:"id"` // UUIDv5 of transaction and decision version
	Transaction string     `json:"transaction"`
	Card        string     `json:"card"`
	ATM         string     `json:"atm"`
	Time        Time       `json:"time"` // event time
	Score       float64    `json:"score"`
	Threshold   float64    `json:"threshold"`
	Reasons     []Reason   `json:"reasons"`
	Model       string     `json:"model"`
	Rules       string     `json:"rules"`
	BIN         string     `json:"bin,omitempty"`
	Last4       string     `json:"last4,omitempty"`
	Lat         float64    `json:"lat"`
	Lon         float64    `json:"lon"`
	HasPlace    bool       `json:"has_place"`
	Country     string     `json:"country,omitempty"`
	City        string     `json:"city,omitempty"`
	Kind        string     `json:"kind"`
	Amount      int64      `json:"amount"` // minor units
	Currency    string     `json:"currency,omitempty"`
	Entry       string     `json:"entry,omitempty"`
	Response    string     `json:"response"`
	Evidence    []Evidence `json:"evidence"` // every feature, in catalogue order
	Produced    Time       `json:"produced"` // processing time of the record that was scored
	Raised      Time       `json:"raised"`   // processing time of this alert
}

// DeadLetter is a record that could not be decoded, kept whole.
type DeadLetter struct {
	Reason    string `json:"reason"`
	Partition int32  `json:"partition"`
	Offset    int64  `json:"offset"`
	Bytes     []byte `json:"bytes"`           // base64 in JSON
	Topic     string `json:"topic,omitempty"` // where the record lies
	Key       string `json:"key,omitempty"`   // of the record, as text
}
