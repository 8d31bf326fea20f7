package stage

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/engine/score"
)

const noon = atm.Time(1767614400_000000) // 2026-01-05T12:00:00Z

// route is a partitioner for tests.
func route(key string, n int) int {
	h := fnv.New32a()
	h.Write([]byte(key))
	return int(h.Sum32() % uint32(n))
}

// at is a balance enquiry some minutes after noon.
func at(id string, minutes float64, card, machine string) atm.Transaction {
	return atm.Transaction{ID: id, Time: noon + atm.Time(minutes*float64(atm.Minute)), Card: card, ATM: machine, Kind: atm.Balance, Response: atm.Approved}
}

// topic makes n records for each of the partitions of transactions: late ones, duplicates and some that do not decode.
func topic(seed uint64, partitions, n int) [][][]byte {
	r := rand.New(rand.NewPCG(seed, 3))
	logs := make([][][]byte, partitions)
	for p := range logs {
		for i := range n {
			t := at(fmt.Sprintf("t%d-%d", p, i), float64(i)*3-r.Float64()*20, fmt.Sprintf("card%d-%d", p, r.IntN(6)), fmt.Sprintf("ATM%d", r.IntN(8)))
			t.Kind, t.Amount, t.Has, t.Lat, t.Lon, t.BIN = atm.Withdrawal, r.Int64N(100)*1000, atm.HasAmount|atm.HasPlace, r.Float64(), r.Float64(), "457000"
			b := t.AppendJSON(nil)
			switch r.IntN(25) {
			case 0:
				b = b[:len(b)-2]
			case 1:
				if i > 0 {
					b = logs[p][i-1]
				}
			}
			logs[p] = append(logs[p], b)
		}
	}
	return logs
}

// forward runs one card stage over records, without interruption, and returns what it sends.
func forward(t testing.TB, c *Card, records ...[]byte) (out []Forward) {
	t.Helper()
	for i, b := range records {
		var f Forward
		if letter := c.Apply(Input{Value: b, Offset: int64(i), Produced: 77}, &f); letter == nil {
			out = append(out, f)
		}
	}
	return out
}

func newCard(partition int32) *Card { return NewCard(partition, 1, route) }
func newATM() *ATM                  { return NewATM(0, score.NoModel) }
