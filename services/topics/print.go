package topics

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"unicode/utf8"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
	"skimwatch/engine/score"
	"skimwatch/services/internal/kafka"
)

// errEnough says that as many records were printed as were asked for.
var errEnough = errors.New("enough records")

// printer writes records as JSON lines. Safe for concurrent use.
type printer struct {
	mu     sync.Mutex
	out    io.Writer
	topic  string
	left   int // records still to print; negative for no limit
	buffer bytes.Buffer
	score  atm.Score
}

// newPrinter returns a printer that has enough after count records, or never when count is 0.
func newPrinter(out io.Writer, topic string, count int) *printer {
	if count == 0 {
		count = -1
	}
	return &printer{out: out, topic: topic, left: count}
}

// line is one record as it is shown.
type line struct {
	Topic     string          `json:"topic"`
	Partition int             `json:"partition"`
	Offset    int64           `json:"offset"`
	Key       string          `json:"key"`
	Time      atm.Time        `json:"time"`
	Value     json.RawMessage `json:"value"`
	Bytes     []byte          `json:"bytes,omitempty"`
	Error     string          `json:"error,omitempty"` // why there is no value
}

// print writes records; errEnough comes with the last one that was asked for.
func (p *printer) print(records []kafka.Record) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left == 0 {
		return errEnough
	}
	if p.left > 0 {
		records = records[:min(p.left, len(records))]
		p.left -= len(records)
	}
	p.buffer.Reset()
	encoder := json.NewEncoder(&p.buffer)
	encoder.SetEscapeHTML(false)
	for i := range records {
		if err := encoder.Encode(p.line(&records[i])); err != nil {
			return fmt.Errorf("show %s/%d at %d: %w", p.topic, records[i].Partition, records[i].Offset, err)
		}
	}
	if _, err := p.out.Write(p.buffer.Bytes()); err != nil {
		return fmt.Errorf("write the records: %w", err)
	}
	if p.left == 0 {
		return errEnough
	}
	return nil
}

func (p *printer) line(r *kafka.Record) line {
	l := line{Topic: p.topic, Partition: r.Partition, Offset: r.Offset, Key: string(r.Key), Time: atm.TimeOf(r.Time)}
	value, err := p.value(r.Value)
	if err != nil {
		l.Value, l.Bytes, l.Error = json.RawMessage("null"), r.Value, err.Error()
		return l
	}
	l.Value = value
	return l
}

// value returns the record's value as JSON.
func (p *printer) value(b []byte) (json.RawMessage, error) {
	if p.topic != kafka.Scores {
		if !utf8.Valid(b) || !json.Valid(b) {
			return nil, errors.New("the record is not valid JSON")
		}
		return b, nil
	}
	if err := atm.DecodeScore(b, &p.score); err != nil {
		return nil, err
	}
	if p.score.FeatureSet != feature.Hash() {
		return nil, fmt.Errorf("the score follows feature set %016x, this program knows %016x", p.score.FeatureSet, feature.Hash())
	}
	return score.AppendJSON(nil, &p.score)
}
