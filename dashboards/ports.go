package dashboards

import (
	"context"
	"errors"

	"skimwatch/engine/atm"
)

// Adapters translate their driver's errors into these.
var (
	// ErrNotFound says that no such episode, user or model is stored.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that somebody else got there first: the episode is already decided, or its labels have already left.
	ErrConflict = errors.New("already decided")
)

// Episodes is the analyst's queue: the alerts of one card, gathered while an earlier one was open and less than 24 hours
// of event time old. Safe for concurrent use.
type Episodes interface {
	// Queue returns at most limit episodes that match f, by score descending, then ID ascending, strictly after the
	// cursor. The zero cursor starts at the top. Top.Evidence may be left empty.
	Queue(ctx context.Context, f Filter, after Cursor, limit int) ([]Episode, error)
	// CountQueue returns how many episodes match f, counting no further than atMost.
	CountQueue(ctx context.Context, f Filter, atMost int) (int, error)
	// Episode returns one episode with its alerts and what was done to it, or ErrNotFound.
	Episode(ctx context.Context, id string) (EpisodeDetail, error)
}

// Decisions changes episodes. Every method writes its change, the audit entry and the outbox in one transaction.
type Decisions interface {
	// Decide closes an open episode. The same Disposition.ID again is no error and changes nothing; a different one for
	// an episode that is not open is ErrConflict; no such episode is ErrNotFound. Fraud and NotFraud put one label for
	// every transaction of the episode into the outbox (source analyst, KnownAt, By, Reason, Note), due at At + UndoFor.
	Decide(ctx context.Context, d Disposition) error
	// Undo opens the episode again and takes its labels out of the outbox. ErrConflict if disposition is not the one in
	// force or its labels have been sent.
	Undo(ctx context.Context, episode, disposition, by string, at atm.Time) error
	// Assign makes owner responsible for an open episode; an empty owner gives it back. ErrConflict if the episode is
	// decided or belongs to somebody other than from.
	Assign(ctx context.Context, episode, from, owner string, at atm.Time) error
}

// Outbox holds labels that were decided and not yet published.
type Outbox interface {
	// Due returns at most limit labels, oldest first, whose due time is at or before now.
	Due(ctx context.Context, now atm.Time, limit int) ([]Outgoing, error)
	// Sent marks labels as published. Unknown numbers are ignored.
	Sent(ctx context.Context, numbers []int64) error
}

// Cards answers what a card did.
type Cards interface {
	// CardEvents returns the card's last n transactions with event time at or before until, newest first.
	CardEvents(ctx context.Context, card string, until atm.Time, n int) ([]Event, error)
}

// Statistics are the figures that the history answers.
type Statistics interface {
	// StatusCounts counts the episodes by status.
	StatusCounts(ctx context.Context) (StatusCounts, error)
	// LabelCounts counts labels with known_at after since, by source and answer. 0 counts all.
	LabelCounts(ctx context.Context, since atm.Time) ([]LabelCount, error)
	// Truth compares alerts with the simulator's labels, over event times at or after since. Without such labels Frauds
	// is 0 and the ratios mean nothing.
	Truth(ctx context.Context, since atm.Time) (Truth, error)
}

// Patterns says where alerts come from, over event times at or after since.
type Patterns interface {
	// TopATMs returns at most n terminals by number of alerts, descending, then by id.
	TopATMs(ctx context.Context, since atm.Time, n int) ([]ATMAlerts, error)
	// TopReasons returns at most n first reasons of alerts by number of alerts, descending, then by code.
	TopReasons(ctx context.Context, since atm.Time, n int) ([]ReasonAlerts, error)
}

// DeadLetters lists what could not be decoded.
type DeadLetters interface {
	// DeadLetters returns the newest n and how many there are in all.
	DeadLetters(ctx context.Context, n int) (letters []atm.DeadLetter, total int64, err error)
}

// Counters are the live figures of the speed layer, kept in Redis by the sinks.
type Counters interface {
	// Live returns the totals, and one Tick for each of the last seconds seconds of processing time in which anything
	// was handled, oldest first.
	Live(ctx context.Context, seconds int) (Live, error)
}

// Feed tells dashboards that something happened, so that browsers learn of it without asking.
type Feed interface {
	// Subscribe sends one Signal per new alert and per announcement, from now on, until ctx ends or the connection is
	// lost; then it closes the channel. Signals may be dropped when the reader is slow.
	Subscribe(ctx context.Context) (<-chan Signal, error)
	// Announce sends s to every subscriber of every dashboard.
	Announce(ctx context.Context, s Signal) error
}

// Users are the people and programs that may sign in.
type Users interface {
	// User returns the user of that name, or ErrNotFound.
	User(ctx context.Context, name string) (User, error)
	// UserByToken returns the user whose API token has this SHA-256 in hexadecimal, or ErrNotFound.
	UserByToken(ctx context.Context, sum string) (User, error)
	// PutUser adds or replaces a user.
	PutUser(ctx context.Context, u User) error
}

// Trail is the append-only audit of sign-ins and views of card data. Decisions write their own entries.
type Trail interface {
	Record(ctx context.Context, e Entry) error
}

// Models lists the registry.
type Models interface {
	// Models returns all versions, newest first. An empty registry is no error.
	Models(ctx context.Context) ([]Model, error)
}

// Normals returns, per feature name, the range in which the card's own values lay at its events before that event time.
// Features without enough events are missing.
type Normals func(ctx context.Context, card string, before atm.Time) (map[string]Range, error)

// FeatureTexts explains a feature by name; ok is false for an unknown one.
type FeatureTexts func(name string) (text FeatureText, ok bool)

// Lags returns how far each consumer group is behind on each partition.
type Lags func(ctx context.Context) ([]Lag, error)
