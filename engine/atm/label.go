package atm

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Source says who knew that a transaction was fraud.
type Source string

// The sources of labels.
const (
	Chargeback Source = "chargeback"
	Analyst    Source = "analyst"
	Simulator  Source = "simulator"
)

// Label says what a transaction turned out to be. Training uses only labels known at its cut-off.
type Label struct {
	Transaction string `json:"transaction"`
	Fraud       bool   `json:"fraud"`
	Scenario    string `json:"scenario,omitempty"` // what was simulated, or what the analyst named
	Campaign    string `json:"campaign,omitempty"` // simulator only: frauds by one hand share it
	Source      Source `json:"source"`
	KnownAt     Time   `json:"known_at"`
	By          string `json:"by,omitempty"`     // analyst's user name
	Reason      string `json:"reason,omitempty"` // analyst's reason code
	Note        string `json:"note,omitempty"`
}

// DecodeLabel reads one JSON label. The error names the field and the value that is wrong.
func DecodeLabel(b []byte) (Label, error) {
	var raw struct {
		Label
		Fraud   *bool `json:"fraud"`
		KnownAt *Time `json:"known_at"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return Label{}, fmt.Errorf("decode label: %w", err)
	}
	l := raw.Label
	switch {
	case l.Transaction == "":
		return Label{}, fmt.Errorf("decode label: transaction is missing")
	case raw.Fraud == nil:
		return Label{}, fmt.Errorf("decode label of %q: fraud is missing", l.Transaction)
	case raw.KnownAt == nil:
		return Label{}, fmt.Errorf("decode label of %q: known_at is missing", l.Transaction)
	case l.Source != Chargeback && l.Source != Analyst && l.Source != Simulator:
		return Label{}, fmt.Errorf("decode label of %q: source %q is not one of chargeback, analyst, simulator", l.Transaction, l.Source)
	}
	for _, text := range [...]string{l.Transaction, l.Scenario, l.Campaign, l.By, l.Reason, l.Note} {
		if strings.IndexByte(text, 0) >= 0 {
			return Label{}, fmt.Errorf("decode label of %q: %q holds U+0000, which no database keeps", l.Transaction, text)
		}
	}
	l.Fraud, l.KnownAt = *raw.Fraud, *raw.KnownAt
	return l, nil
}
