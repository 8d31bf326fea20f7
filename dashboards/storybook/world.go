// Package storybook fills every page of the dashboard with invented data, in the states that pages have to look good in.
// Nothing here is measured; tests and the eyes of whoever changes a page need it.
package storybook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// State says how much there is on the pages.
type State string

// The states.
const (
	Empty State = "empty" // just started
	One   State = "one"   // a single alert of a card without history
	Many  State = "many"  // 100,000 open episodes
)

// Now is the processing time at which the invented world stands still, and Newest its newest event time.
var (
	Now    = atm.Time(1_772_461_800) * atm.Second // 2026-03-02 14:30:00
	Newest = Now - 3*atm.Minute
)

// World implements the dashboard's ports with invented data. Safe for concurrent use.
type World struct {
	state State
	now   func() atm.Time

	mu       sync.Mutex
	rows     []row // by score descending, then id
	byID     map[string]int
	entries  []dashboards.Entry
	users    map[string]dashboards.User
	watchers map[chan dashboards.Signal]struct{}
}

// row is what of an episode is kept; the rest follows from its number.
type row struct {
	n           int
	id          string
	score       float64
	status      dashboards.Status
	owner       string
	raised      atm.Time
	disposition dashboards.Disposition
}

// NewWorld invents a world. Its users are viewer, analyst, admin and colleague; their password is their name.
func NewWorld(s State, now func() atm.Time) *World {
	w := &World{state: s, now: now, byID: map[string]int{}, users: map[string]dashboards.User{}, watchers: map[chan dashboards.Signal]struct{}{}}
	size := map[State]int{Empty: 0, One: 1, Many: 100_000}[s]
	for n := range size {
		r := rand.New(rand.NewPCG(7, uint64(n)))
		x := row{n: n, id: fmt.Sprintf("a%07x-5eed-5000-8000-%012x", n, uint64(n)*2654435761%(1<<40)), score: 0.62 + 0.3799*r.Float64(), status: dashboards.Open, raised: Now - atm.Time(n+1)*20*atm.Second}
		switch {
		case n%97 == 5:
			x.status = dashboards.Fraud
		case n%97 == 9:
			x.status = dashboards.NotFraud
		case n%11 == 3:
			x.owner = "colleague"
		case n%29 == 1:
			x.owner = "analyst"
		}
		if n == 0 {
			x.score = 0.99972
		}
		if x.status != dashboards.Open {
			x.disposition = dashboards.Disposition{ID: "d-" + x.id, Episode: x.id, Verdict: x.status, Reason: map[dashboards.Status]string{dashboards.Fraud: "counterfeit_card", dashboards.NotFraud: "customer_confirms"}[x.status], By: "colleague", At: Now - atm.Hour}
		}
		w.rows = append(w.rows, x)
	}
	slices.SortFunc(w.rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id))
	})
	for i, x := range w.rows {
		w.byID[x.id] = i
	}
	for _, role := range []dashboards.Role{dashboards.Viewer, dashboards.Analyst, dashboards.Admin} {
		w.addUser(string(role), role)
	}
	w.addUser("colleague", dashboards.Analyst)
	return w
}

// hashOf returns the Argon2id hash of a user's password, its name, with parameters too weak for anything but a storybook:
// tests make many worlds.
func hashOf(name string) string {
	const with = "$argon2id$v=19$m=8,t=1,p=1$c3Rvcnlib29rLXNhbHQtMQ$"
	switch name {
	case "viewer":
		return with + "5hTf+fY7E8CoUMWDqxWhbNzXuPcDEr8mScd7sUqjsdQ"
	case "analyst":
		return with + "GDBYsfnsT1PtDdzuTRhnyf5HJEWlCDi/aABeo86ZQbQ"
	case "admin":
		return with + "FndKQcPq39eFKV5S3qTl6NIuFDMgFF3BeixwA6TZFSE"
	}
	return with + "Aq7G6VJWQv3k71c1H/zRidXUGtnrzfI7QOkP4NBvhZA"
}

func (w *World) addUser(name string, role dashboards.Role) {
	w.users[name] = dashboards.User{Name: name, Role: role, Password: hashOf(name), Token: tokenSum("token-of-" + name)}
}

// Ports returns the world as the dashboard's ports.
func (w *World) Ports() dashboards.Ports {
	return dashboards.Ports{
		Episodes: w, Decisions: w, Cards: w, Statistics: w, Patterns: w, DeadLetters: w, Counters: w, Feed: w, Users: w, Trail: w, Models: w,
		Normals: w.normals, Features: featureText, Lags: w.lags,
		Dependencies: []dashboards.Dependency{
			{Name: "history", Address: "sqlite:data/history.db", Check: func(context.Context) error { return nil }},
			{Name: "live counters", Address: "127.0.0.1:6379", Check: func(context.Context) error { return nil }},
			{Name: "broker", Address: "127.0.0.1:9092", Check: func(context.Context) error {
				if w.state == Empty {
					return errors.New("dial tcp 127.0.0.1:9092: connect: connection refused")
				}
				return nil
			}},
		},
	}
}

func (w *World) matches(f dashboards.Filter, x row) bool {
	switch {
	case f.Status != "" && x.status != f.Status, x.score < f.MinScore, f.RaisedAfter != 0 && x.raised <= f.RaisedAfter:
		return false
	case f.Unassigned && x.owner != "" && x.owner != f.Owner, !f.Unassigned && f.Owner != "" && x.owner != f.Owner:
		return false
	case f.Reason == "" && f.ATM == "" && f.Country == "" && f.Card == "" && f.Text == "":
		return true
	}
	e := w.episode(x)
	text := strings.ToLower(f.Text)
	return (f.Reason == "" || e.Top.Reasons[0].Code == f.Reason) && (f.ATM == "" || e.Top.ATM == f.ATM) &&
		(f.Country == "" || e.Top.Country == f.Country) && (f.Card == "" || e.Card == f.Card) &&
		(text == "" || e.Last4 == text || strings.HasPrefix(e.ID, text) || strings.HasPrefix(strings.ToLower(e.Top.ATM), text) || strings.HasPrefix(strings.ToLower(e.Top.City), text))
}

// Queue implements dashboards.Episodes.
func (w *World) Queue(_ context.Context, f dashboards.Filter, after dashboards.Cursor, limit int) ([]dashboards.Episode, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	start := 0
	if after.ID != "" {
		start, _ = slices.BinarySearchFunc(w.rows, after, func(x row, c dashboards.Cursor) int {
			if cmp.Or(cmp.Compare(c.Score, x.score), cmp.Compare(x.id, c.ID)) <= 0 {
				return -1
			}
			return 1
		})
	}
	var out []dashboards.Episode
	for _, x := range w.rows[start:] {
		if len(out) == limit {
			break
		}
		if w.matches(f, x) {
			out = append(out, w.episode(x))
		}
	}
	return out, nil
}

// CountQueue implements dashboards.Episodes.
func (w *World) CountQueue(_ context.Context, f dashboards.Filter, atMost int) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, x := range w.rows {
		if n < atMost && w.matches(f, x) {
			n++
		}
	}
	return n, nil
}

// Episode implements dashboards.Episodes.
func (w *World) Episode(_ context.Context, id string) (dashboards.EpisodeDetail, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i, ok := w.byID[id]
	if !ok {
		return dashboards.EpisodeDetail{}, dashboards.ErrNotFound
	}
	x := w.rows[i]
	d := dashboards.EpisodeDetail{Episode: w.episode(x), Disposition: x.disposition}
	for k := range d.Hits {
		a := d.Top
		if k > 0 {
			a.ID, a.Transaction = fmt.Sprintf("%s-%d", a.ID, k), fmt.Sprintf("%s-%d", a.Transaction, k)
			a.Time -= atm.Time(k) * 4 * atm.Minute
			a.Score = max(a.Threshold, a.Score-0.05*float64(k))
		}
		d.Alerts = append(d.Alerts, a)
	}
	for _, e := range w.entries {
		if e.Episode == id && e.Action != "view" {
			d.Activity = append(d.Activity, e)
		}
	}
	return d, nil
}
