package dashboards

import (
	"time"

	"skimwatch/engine/atm"
)

// UndoFor is how long a decision can be taken back. Its labels leave no earlier.
const UndoFor = 10 * time.Second

// Status says where an episode stands.
type Status string

// The statuses. All but Open are verdicts.
const (
	Open         Status = "open"
	Fraud        Status = "fraud"
	NotFraud     Status = "not_fraud"
	Inconclusive Status = "inconclusive"
)

// Episode is one card's alerts that one decision answers.
type Episode struct {
	ID     string // id of its first alert
	Card   string // token
	BIN    string
	Last4  string
	Status Status
	Owner  string // user name, empty when nobody took it
	Score  float64
	Hits   int       // alerts in it
	First  atm.Time  // event time of the first alert
	Last   atm.Time  // event time of the newest alert
	Raised atm.Time  // processing time of the first alert
	Top    atm.Alert // the alert with the highest score, frozen as it was raised; of equals the first
}

// EpisodeDetail is an episode with everything that belongs to it.
type EpisodeDetail struct {
	Episode
	Alerts      []atm.Alert // newest event first, at most 100
	Disposition Disposition // in force; zero while open
	Activity    []Entry     // oldest first
}

// Filter narrows the queue. Zero fields do not narrow.
type Filter struct {
	Status      Status  // empty: any
	Owner       string  // with Unassigned: this owner or nobody
	Unassigned  bool    // owned by nobody (or by Owner)
	MinScore    float64 // at least
	Reason      string  // code of the top alert's first reason
	ATM         string  // exact id of the top alert's terminal
	Country     string  // ISO 3166 alpha-2 of the top alert
	Card        string  // exact token
	Text        string  // case-insensitive: equals last4, or prefix of the episode id, card token, ATM or city
	RaisedAfter atm.Time
}

// Cursor is the last row of a page: the next page starts after it in (Score descending, ID ascending).
type Cursor struct {
	Score float64
	ID    string // empty: start at the top
}

// Disposition is an analyst's decision on an episode.
type Disposition struct {
	ID      string // UUID chosen by the caller; makes a repeated request harmless
	Episode string
	Verdict Status // Fraud, NotFraud or Inconclusive
	Reason  string // reason code
	Note    string
	By      string   // user name
	At      atm.Time // processing time
	KnownAt atm.Time // newest event time seen when it was decided; becomes the labels' known_at
}

// Outgoing is a label that waits in the outbox.
type Outgoing struct {
	Number int64
	Label  atm.Label
}

// Event is one transaction of a card with its score.
type Event struct {
	Transaction atm.Transaction
	Scored      bool // false: not scored yet
	Score       float64
	Threshold   float64
	Decision    atm.Decision
}

// SignalKind says what a Signal is about.
type SignalKind string

// The kinds of signal.
const (
	Alerted SignalKind = "alert"   // ID is an alert's
	Changed SignalKind = "changed" // ID is an episode's: decided, undone or assigned
)

// Signal tells that an alert was raised or an episode changed.
type Signal struct {
	Kind SignalKind `json:"kind"`
	ID   string     `json:"id"`
}
