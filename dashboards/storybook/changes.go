package storybook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

func tokenSum(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Raise adds an open alert with the given score, raised now, and tells the feed. It returns its id.
func (w *World) Raise(id string, score float64) string {
	w.mu.Lock()
	x := row{n: len(w.rows), id: id, score: score, status: dashboards.Open, raised: w.now()}
	at := 0
	for at < len(w.rows) && w.rows[at].score >= score {
		at++
	}
	w.rows = append(w.rows[:at], append([]row{x}, w.rows[at:]...)...)
	for i := at; i < len(w.rows); i++ {
		w.byID[w.rows[i].id] = i
	}
	w.mu.Unlock()
	w.send(dashboards.Signal{Kind: dashboards.Alerted, ID: id})
	return id
}

func (w *World) find(id string) (*row, error) {
	i, ok := w.byID[id]
	if !ok {
		return nil, dashboards.ErrNotFound
	}
	return &w.rows[i], nil
}

// Decide implements dashboards.Decisions.
func (w *World) Decide(_ context.Context, d dashboards.Disposition) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	x, err := w.find(d.Episode)
	switch {
	case err != nil:
		return err
	case x.disposition.ID == d.ID:
		return nil
	case x.status != dashboards.Open:
		return dashboards.ErrConflict
	}
	x.status, x.disposition = d.Verdict, d
	w.entries = append(w.entries, dashboards.Entry{At: d.At, By: d.By, Action: "decide", Episode: d.Episode, Detail: string(d.Verdict) + ", " + d.Reason})
	return nil
}

// Undo implements dashboards.Decisions.
func (w *World) Undo(_ context.Context, episode, disposition, by string, at atm.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	x, err := w.find(episode)
	switch {
	case err != nil:
		return err
	case x.disposition.ID != disposition || x.disposition.ID == "" || at > x.disposition.At+atm.Time(dashboards.UndoFor.Microseconds()):
		return dashboards.ErrConflict
	}
	x.status, x.disposition = dashboards.Open, dashboards.Disposition{}
	w.entries = append(w.entries, dashboards.Entry{At: at, By: by, Action: "undo", Episode: episode})
	return nil
}

// Assign implements dashboards.Decisions.
func (w *World) Assign(_ context.Context, episode, from, owner string, at atm.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	x, err := w.find(episode)
	switch {
	case err != nil:
		return err
	case x.status != dashboards.Open || x.owner != from:
		return dashboards.ErrConflict
	}
	x.owner = owner
	action := "assign"
	if owner == "" {
		action = "release"
	}
	w.entries = append(w.entries, dashboards.Entry{At: at, By: max(owner, from), Action: action, Episode: episode})
	return nil
}

// Record implements dashboards.Trail.
func (w *World) Record(_ context.Context, e dashboards.Entry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.entries = append(w.entries, e)
	return nil
}

// Entries returns the audit.
func (w *World) Entries() []dashboards.Entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]dashboards.Entry(nil), w.entries...)
}

// User implements dashboards.Users.
func (w *World) User(_ context.Context, name string) (dashboards.User, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if u, ok := w.users[name]; ok {
		return u, nil
	}
	return dashboards.User{}, dashboards.ErrNotFound
}

// UserByToken implements dashboards.Users.
func (w *World) UserByToken(_ context.Context, sum string) (dashboards.User, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, u := range w.users {
		if u.Token == sum {
			return u, nil
		}
	}
	return dashboards.User{}, dashboards.ErrNotFound
}

// PutUser implements dashboards.Users.
func (w *World) PutUser(_ context.Context, u dashboards.User) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.users[u.Name] = u
	return nil
}

// Subscribe implements dashboards.Feed.
func (w *World) Subscribe(ctx context.Context) (<-chan dashboards.Signal, error) {
	ch := make(chan dashboards.Signal, 64)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watchers[ch] = struct{}{}
	context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.watchers, ch)
		close(ch)
	})
	return ch, nil
}

// Announce implements dashboards.Feed.
func (w *World) Announce(_ context.Context, s dashboards.Signal) error {
	w.send(s)
	return nil
}

func (w *World) send(s dashboards.Signal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ch := range w.watchers {
		select {
		case ch <- s:
		default:
		}
	}
}
