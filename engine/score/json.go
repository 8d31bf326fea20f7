package score

import (
	"encoding/json"
	"fmt"
	"strconv"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

// AppendJSON appends a score as programs read it: {id, score, decision, threshold, reasons, features, model} and what was
// unusual about it. Features are named; the vector must follow the running catalogue.
func AppendJSON(b []byte, s *atm.Score) ([]byte, error) {
	if len(s.Vector) != feature.Size() {
		return b, fmt.Errorf("score of %q has %d features, the catalogue has %d", s.Transaction.ID, len(s.Vector), feature.Size())
	}
	head, err := json.Marshal(struct {
		ID        string       `json:"id"`
		Score     float64      `json:"score"`
		Decision  atm.Decision `json:"decision"`
		Threshold float64      `json:"threshold"`
		Reasons   []atm.Reason `json:"reasons"`
		Flags     []string     `json:"flags,omitempty"`
		Model     string       `json:"model"`
		Rules     string       `json:"rules"`
	}{s.Transaction.ID, s.Score, s.Decision, s.Threshold, append([]atm.Reason{}, s.Reasons...), s.Flags.Strings(), s.Model, s.Rules})
	if err != nil {
		return b, fmt.Errorf("encode score of %q: %w", s.Transaction.ID, err)
	}
	b = append(append(b, head[:len(head)-1]...), `,"features":{`...)
	for i, v := range s.Vector {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), feature.At(i).Name...), '"', ':')
		b = strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	return append(b, '}', '}'), nil
}
