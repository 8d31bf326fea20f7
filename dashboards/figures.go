package dashboards

import (
	"time"

	"skimwatch/engine/atm"
)

// StatusCounts counts episodes.
type StatusCounts struct {
	Open, Fraud, NotFraud, Inconclusive int64
}

// LabelCount is how many labels one source gave one answer.
type LabelCount struct {
	Source atm.Source
	Fraud  bool
	Count  int64
}

// Truth compares alerts with what the simulator knows.
type Truth struct {
	Frauds        int64 // fraudulent transactions
	FraudsAlerted int64 // of those, alerted
	Alerts        int64 // alerts in all
	AlertsFraud   int64 // of those, fraudulent transactions
}

// Precision is the share of alerts that were fraud; ok is false without alerts.
func (t Truth) Precision() (share float64, ok bool) { return ratio(t.AlertsFraud, t.Alerts) }

// Recall is the share of frauds that were alerted; ok is false without frauds.
func (t Truth) Recall() (share float64, ok bool) { return ratio(t.FraudsAlerted, t.Frauds) }

func ratio(part, whole int64) (float64, bool) {
	if whole <= 0 {
		return 0, false
	}
	return float64(part) / float64(whole), true
}

// ATMAlerts is a terminal with its alerts.
type ATMAlerts struct {
	ATM      string
	City     string
	Country  string
	Lat, Lon float64
	HasPlace bool
	Alerts   int64
}

// ReasonAlerts is a reason with the alerts that name it first.
type ReasonAlerts struct {
	Code   string
	Alerts int64
}

// Live is what the speed layer did so far.
type Live struct {
	Transactions int64    // scored since the stream began
	Alerts       int64    // raised since the stream began
	DeadLetters  int64    // transactions that could not be decoded
	Newest       atm.Time // newest event time seen; 0 before the first event
	NewestAt     atm.Time // processing time at which the newest record was handled; 0 before the first
	Latency      Latency  // from produced to raised, over the last minute
	Ticks        []Tick
}

// Latency is a distribution of processing times.
type Latency struct {
	Count         int64
	P50, P99, Max time.Duration
}

// Tick is one second of processing time.
type Tick struct {
	At           atm.Time // start of the second
	Transactions int64
	Alerts       int64
	P50, P99     time.Duration // produced to scored; 0 when unknown
}

// Lag is how far a consumer group is behind on a partition.
type Lag struct {
	Group     string
	Topic     string
	Partition int32
	Records   int64
}
