package history

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
)

// encodeVector writes the values as little-endian IEEE 754 doubles.
func encodeVector(v []float64) []byte {
	b := make([]byte, 0, 8*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

// decodeVector reads what encodeVector wrote into v, which it may reuse.
func decodeVector(b []byte, v []float64) ([]float64, error) {
	if len(b)%8 != 0 {
		return nil, fmt.Errorf("a vector of %d bytes is not whole", len(b))
	}
	v = v[:0]
	for ; len(b) > 0; b = b[8:] {
		v = append(v, math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return v, nil
}

// Vectors calls fn with every feature vector that the engine logged, in no order: the transaction, the hash of the feature set, and
// the values, which are fn's only until it returns. An error of fn ends it and is returned.
func (s *Store) Vectors(ctx context.Context, fn func(transaction string, set uint64, vector []float64) error) error {
	var id string
	var set int64
	var raw sql.RawBytes
	var vector []float64
	return s.each(ctx, "read the logged vectors", `SELECT tx, feature_set, vector FROM scores`, nil, func(rows *sql.Rows) (err error) {
		if err := rows.Scan(&id, &set, &raw); err != nil {
			return err
		}
		if vector, err = decodeVector(raw, vector); err != nil {
			return fmt.Errorf("transaction %s: %w", id, err)
		}
		return fn(id, uint64(set), vector)
	})
}
