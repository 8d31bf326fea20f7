package history

import (
	"context"
	"database/sql"
	"encoding/json"

	"skimwatch/engine/atm"
)

var insertScores = insertion{`INSERT INTO scores (tx, score, threshold, decision, model, rules, feature_set, vector, reasons, produced, scored) VALUES`, 11, `ON CONFLICT (tx) DO NOTHING`}

// AppendScores stores scores with their transactions. Of two scores of one transaction the first stays; those flagged
// atm.Duplicate are left out, because the record they repeat is stored.
func (s *Store) AppendScores(ctx context.Context, scores []atm.Score) error {
	kept := make([]*atm.Score, 0, len(scores))
	for i := range scores {
		if scores[i].Flags&atm.Duplicate == 0 {
			kept = append(kept, &scores[i])
		}
	}
	reasons := make([]string, len(kept))
	for i, k := range kept {
		if len(k.Reasons) == 0 {
			continue
		}
		b, err := json.Marshal(k.Reasons)
		if err != nil {
			return err
		}
		reasons[i] = string(b)
	}
	return s.write(ctx, "store scores", func(tx *sql.Tx) error {
		err := s.insert(ctx, tx, insertTransactions, len(kept), func(args []any, i int) []any {
			return appendRow(args, &kept[i].Transaction, kept[i].CardAt, kept[i].ATMAt, kept[i].Flags)
		})
		if err != nil {
			return err
		}
		return s.insert(ctx, tx, insertScores, len(kept), func(args []any, i int) []any {
			k := kept[i]
			return append(args, k.Transaction.ID, k.Score, k.Threshold, string(k.Decision), k.Model, k.Rules, int64(k.FeatureSet), encodeVector(k.Vector), reasons[i], int64(k.Produced), int64(k.Scored))
		})
	})
}

// AppendBackfill stores transactions that were never on a topic, such as an imported or simulated past, without scores. Their
// positions are negative, so that they come before live ones.
func (s *Store) AppendBackfill(ctx context.Context, rows []Row) error {
	return s.write(ctx, "store the past", func(tx *sql.Tx) error {
		return s.insert(ctx, tx, insertTransactions, len(rows), func(args []any, i int) []any {
			return appendRow(args, &rows[i].Transaction, rows[i].CardAt, rows[i].ATMAt, rows[i].Flags)
		})
	})
}
