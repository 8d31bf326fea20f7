// Package simulator is a world of cash machines, the people who use them and the crimes done at them. It gives a stream
// of transactions with the truth about each fraud, the same bytes for the same seed on every machine, and asks no clock.
//
// The host in it decides like an issuer: balances, limits, wrong PINs and blocked cards answer for honest customers and
// thieves alike, so that no single field tells them apart.
package simulator

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"skimwatch/engine/atm"
)

// Config describes a world. The zero value of a field means its default.
type Config struct {
	Seed      uint64   // default 1
	Cards     int      // default 5000
	ATMs      int      // default 300
	Start     atm.Time // default 2026-01-05T00:00:00Z
	Days      int      // 0: the world never ends
	FraudRate float64  // share of transactions that are fraud, default 0.003; negative: none
	Scenarios []string // names of what may happen; nil: everything
	Disorder  bool     // late, out-of-order and duplicated events, terminals that store and forward, clocks that are off
}

// The limits of what a Config may ask for.
const (
	maxCards = 20_000_000
	maxATMs  = 1_000_000
)

func (c Config) withDefaults() Config {
	if c.Seed == 0 {
		c.Seed = 1
	}
	if c.Cards == 0 {
		c.Cards = 5000
	}
	if c.ATMs == 0 {
		c.ATMs = 300
	}
	if c.Start == 0 {
		c.Start = 1767571200 * atm.Second
	}
	if c.FraudRate == 0 {
		c.FraudRate = 0.003
	}
	return c
}

// Check says what is wrong with the configuration: it names the field, its value and what is allowed.
func (c Config) Check() error {
	c = c.withDefaults()
	switch {
	case c.Cards < 0 || c.Cards > maxCards:
		return fmt.Errorf("cards %d is not within 1 to %d", c.Cards, maxCards)
	case c.ATMs < 0 || c.ATMs > maxATMs:
		return fmt.Errorf("atms %d is not within 1 to %d", c.ATMs, maxATMs)
	case c.Days < 0:
		return fmt.Errorf("days %d is negative", c.Days)
	case !(c.FraudRate <= 0.5):
		return fmt.Errorf("fraud rate %v is more than 0.5", c.FraudRate)
	case c.Start < 0 || c.Start > 7_258_118_400*atm.Second:
		return fmt.Errorf("start %s is not within 1970 to 2200", c.Start)
	}
	for _, name := range c.Scenarios {
		if !slices.ContainsFunc(scenarios(), func(s scenario) bool { return s.Name == name }) {
			return fmt.Errorf("scenario %q is not one of %s", name, strings.Join(scenarioNames(), ", "))
		}
	}
	return nil
}

// Event is one delivery of one transaction.
type Event struct {
	N           int64    // counts deliveries from 0
	At          atm.Time // when it is delivered; never goes back. Event time unless the world is in disorder
	Transaction atm.Transaction
	Labels      []atm.Label // to publish just before the transaction: the truth about it when it is fraud, else none
}

// World is a running simulation. It is not safe for use from two goroutines.
type World struct {
	config   Config
	key      [32]byte // of card tokens
	cities   []city
	machines []machine
	personas []persona
	cards    []card
	purses   []purse
	journeys weights
	dice     *stream // for planning
	luck     *stream // for the host

	day    int      // that is next to be planned
	start  atm.Time // of the planned day
	today  []intent // honest intents of the planned day, in order
	next   int      // in today
	later  queue    // what was planned ahead, and reactions
	turn   uint64
	crime  underworld
	wire   wire
	sender int32 // machine of the last transaction
	n      int64
}

// New builds the world that c describes. Memory grows with cards and terminals, not with days.
func New(c Config) (*World, error) {
	if err := c.Check(); err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	w := &World{config: c.withDefaults(), personas: personas(), dice: newStream(), luck: newStream()}
	w.key = sha256.Sum256(binary.BigEndian.AppendUint64([]byte("card tokens of "), mix(w.config.Seed^drawKey)))
	w.buildTerminals()
	w.journeys = w.journeyWeights()
	w.buildCards()
	w.buildUnderworld()
	return w, nil
}

// Next overwrites e with the next delivery and reports whether there was one. The strings of e may be kept, its Labels
// may not.
func (w *World) Next(e *Event) bool {
	if !w.config.Disorder {
		if !w.step(e) {
			return false
		}
		e.At = e.Transaction.Time
	} else if !w.deliver(e) {
		return false
	}
	e.N = w.n
	w.n++
	return true
}

// step lets the next thing happen that sends a transaction.
func (w *World) step(e *Event) bool {
	for {
		in, ok := w.upcoming()
		if !ok {
			return false
		}
		if w.answer(&in, &e.Transaction) {
			w.sender = in.machine
			e.Labels = w.label(&in, &e.Transaction, e.Labels[:0])
			return true
		}
	}
}

// upcoming takes the earliest intent, planning further days as needed.
func (w *World) upcoming() (intent, bool) {
	for w.next == len(w.today) && (len(w.later) == 0 || w.later[0].at >= w.end()) {
		if w.config.Days > 0 && w.day >= w.config.Days {
			return intent{}, false
		}
		w.planDay()
		w.day++
	}
	if w.next == len(w.today) || len(w.later) > 0 && earlier(w.later[0], w.today[w.next]) < 0 {
		return w.later.take(), true
	}
	w.next++
	return w.today[w.next-1], true
}

// end is where the planned days end.
func (w *World) end() atm.Time { return w.config.Start + atm.Time(w.day)*atm.Day }

// plan remembers what is to happen later.
func (w *World) plan(in intent) {
	in.turn = w.turn
	w.turn++
	w.later.add(in)
}
