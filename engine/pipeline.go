// Package engine runs both stages of the speed layer in one process without a broker: the batch layer's replay, the oracle
// of the crash tests, and skimwatch replay. The folds are those of package stage, so the answers are too.
package engine

import (
	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/engine/score"
	"skimwatch/engine/stage"
	"skimwatch/engine/window"
)

// Config says how a pipeline is laid out. The zero value is one partition and no model.
type Config struct {
	Partitions int               // of both topics; 1 when 0
	Partition  stage.Partitioner // a hash of our own when nil
	Model      score.Version
}

// Pipeline folds transactions through the card stage and the atm stage. It is not safe for use from two goroutines.
type Pipeline struct {
	config Config
	cards  []*stage.Card
	atms   []*stage.ATM
	pushed [2][]int64 // per stage and partition
}

// New returns a pipeline that has seen nothing.
func New(c Config) *Pipeline {
	c.Partitions = max(c.Partitions, 1)
	if c.Model.Model == nil && c.Model.Threshold == 0 {
		c.Model = score.NoModel // a threshold of 0 would alert on everything
	}
	if c.Partition == nil {
		c.Partition = func(key string, n int) int { return int(window.Hash(key) % uint64(n)) }
	}
	p := &Pipeline{config: c, pushed: [2][]int64{make([]int64, c.Partitions), make([]int64, c.Partitions)}}
	for i := range c.Partitions {
		p.cards = append(p.cards, stage.NewCard(int32(i), c.Partitions, c.Partition))
		p.atms = append(p.atms, stage.NewATM(int32(i), c.Model))
	}
	return p
}

// Push folds one transaction and fills s, reusing its slices: vector, flags, score, decision and reasons, and positions that
// count from 0 in each partition. Processing times are left alone. s shares the strings of t.
func (p *Pipeline) Push(t *atm.Transaction, s *atm.Score) {
	c, a := p.config.Partition(t.Card, p.config.Partitions), p.config.Partition(t.ATM, p.config.Partitions)
	s.Transaction = *t
	if cap(s.Vector) < feature.Size() {
		s.Vector = make([]float64, feature.Size())
	}
	s.Vector = s.Vector[:feature.Size()]
	s.Flags = p.cards[c].Fold(t, s.Vector[:feature.CardSize()])
	s.CardAt, s.ATMAt = p.next(0, c), p.next(1, a)
	p.atms[a].Fold(s)
}

func (p *Pipeline) next(stage, partition int) atm.Position {
	n := p.pushed[stage][partition]
	p.pushed[stage][partition]++
	return atm.Position{Partition: int32(partition), Offset: n}
}

// Alert returns the alert of a score that Push has just made, whose decision is atm.Alerts.
func (p *Pipeline) Alert(s *atm.Score) atm.Alert { return p.atms[s.ATMAt.Partition].Alert(s) }

// Pushed returns how many transactions went through a partition of the card stage and of the atm stage.
func (p *Pipeline) Pushed(partition int) (cards, atms int64) {
	return p.pushed[0][partition], p.pushed[1][partition]
}

// Partitions returns how many partitions each stage has.
func (p *Pipeline) Partitions() int { return p.config.Partitions }

// Warm returns the state of a partition of both stages as checkpoints at offset 0 of empty topics: with them the speed layer
// starts where the history ended.
func (p *Pipeline) Warm(partition int) (card, atm []byte) {
	return p.cards[partition].Checkpoint(0, 0), p.atms[partition].Checkpoint(0, 0)
}

// Switch puts another model in force.
func (p *Pipeline) Switch(v score.Version) {
	for _, a := range p.atms {
		a.Switch(v)
	}
}
