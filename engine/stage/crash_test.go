package stage

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

// world is both stages on a log in memory, which keeps what was written whatever crashes. Producing comes before the
// checkpoint, and a crash in between loses the stage but not what it wrote.
type world struct {
	t     *testing.T
	r     *rand.Rand
	in    [][][]byte // transactions, by partition
	byATM [][][]byte
	cards []cardRun
	atms  []atmRun
	apply func(*ATM, Input, *atm.Score) bool
}

type cardRun struct {
	stage      *Card
	offset     int64
	checkpoint []byte
	letters    map[int64]string
}

type atmRun struct {
	stage      *ATM
	offset     int64
	checkpoint []byte
	scores     map[atm.Position]string // by source
}

func newWorld(t *testing.T, seed uint64, partitions, n int, apply func(*ATM, Input, *atm.Score) bool) *world {
	w := &world{t: t, r: rand.New(rand.NewPCG(seed, 8)), in: topic(seed, partitions, n), byATM: make([][][]byte, partitions), apply: apply}
	for p := range partitions {
		w.cards = append(w.cards, cardRun{letters: map[int64]string{}, checkpoint: NewCard(int32(p), partitions, route).Checkpoint(0, 0)})
		w.atms = append(w.atms, atmRun{scores: map[atm.Position]string{}, checkpoint: newATM().Checkpoint(0, 0)})
		w.restoreCard(p)
		w.restoreATM(p)
	}
	return w
}

func (w *world) restoreCard(p int) {
	c := &w.cards[p]
	c.stage = NewCard(int32(p), len(w.byATM), route)
	at, err := c.stage.Restore(c.checkpoint)
	if err != nil {
		w.t.Fatal(err)
	}
	c.offset = at.Offset
}

func (w *world) restoreATM(q int) {
	a := &w.atms[q]
	a.stage = NewATM(int32(q), newATM().Model())
	at, err := a.stage.Restore(a.checkpoint)
	if err != nil {
		w.t.Fatal(err)
	}
	a.offset = at.Offset
}

// stepCard folds up to n records. A batch that breaks has lost a part of what went to each destination, from anywhere in it;
// what came after may have been written all the same. A broken batch always ends the stage.
func (w *world) stepCard(p, n int, broken bool) {
	c := &w.cards[p]
	for ; n > 0 && c.offset < int64(len(w.in[p])); n-- {
		var f Forward
		letter := c.stage.Apply(Input{Value: w.in[p][c.offset], Offset: c.offset, Produced: 5}, &f)
		switch {
		case letter != nil:
			c.letters[letter.Offset] = string(letter.Bytes)
		case !broken || w.r.IntN(3) > 0:
			w.byATM[f.Partition] = append(w.byATM[f.Partition], f.Value)
		}
		c.offset++
	}
	if broken {
		w.restoreCard(p)
	}
}

// stepATM folds up to n records and writes their scores at once.
func (w *world) stepATM(q, n int) {
	a := &w.atms[q]
	var s atm.Score
	for ; n > 0 && a.offset < int64(len(w.byATM[q])); n-- {
		if w.apply(a.stage, Input{Value: w.byATM[q][a.offset], Offset: a.offset}, &s) {
			text := string(s.AppendBinary(nil))
			if before, twice := a.scores[s.CardAt]; twice && before != text {
				w.t.Fatalf("the score of %v was written twice and differently", s.CardAt)
			}
			a.scores[s.CardAt] = text
		}
		a.offset++
	}
}

// run drives the world at random until every record is through. crashes says how often.
func (w *world) run(crashes bool) {
	for step := 0; ; step++ {
		done := true
		for p := range w.cards {
			done = done && w.cards[p].offset == int64(len(w.in[p])) && w.atms[p].offset == int64(len(w.byATM[p]))
		}
		if done {
			return
		}
		p := w.r.IntN(len(w.cards))
		c, a := &w.cards[p], &w.atms[p]
		switch k := w.r.IntN(10); {
		case k < 3:
			w.stepCard(p, 1+w.r.IntN(12), false)
		case k < 7:
			w.stepATM(p, 1+w.r.IntN(16))
		case k == 7:
			c.checkpoint = c.stage.Checkpoint(c.offset, int32(step))
			a.checkpoint = a.stage.Checkpoint(a.offset, int32(step))
		case !crashes:
		case k == 8 && w.r.IntN(2) == 0:
			w.stepCard(p, 1+w.r.IntN(12), true)
		case k == 9 && w.r.IntN(2) == 0:
			w.restoreATM(p)
		}
	}
}

// oracle answers for an atm partition by an undisturbed stage: it reads the same log with every repetition and everything
// that ran ahead taken out beforehand, by the sequence numbers alone.
func (w *world) oracle(q int) map[atm.Position]string {
	next, scores := map[int32]int64{}, map[atm.Position]string{}
	stage := NewATM(int32(q), newATM().Model())
	var s atm.Score
	for offset, b := range w.byATM[q] {
		var h hop
		if err := h.read(b, make([]float64, feature.CardSize()), new(atm.Transaction)); err != nil {
			w.t.Fatal(err)
		}
		if h.sequence != next[h.source.Partition] {
			continue
		}
		next[h.source.Partition]++
		if applied, err := stage.Apply(Input{Value: b, Offset: int64(offset)}, &s); err != nil || !applied {
			w.t.Fatalf("record %d of the clean log: %v, %v", offset, applied, err)
		}
		scores[s.CardAt] = string(s.AppendBinary(nil))
	}
	return scores
}

// halves are the card halves of an undisturbed card stage, by source.
func (w *world) halves() map[atm.Position]string {
	halves := map[atm.Position]string{}
	for p := range w.in {
		c := NewCard(int32(p), len(w.byATM), route)
		for i, b := range w.in[p] {
			var f Forward
			if c.Apply(Input{Value: b, Offset: int64(i), Produced: 5}, &f) == nil {
				halves[atm.Position{Partition: int32(p), Offset: int64(i)}] = fmt.Sprint(f.Partition, ":", string(f.Value))
			}
		}
	}
	return halves
}

// verdict says what is wrong with the scores of a world, and nothing when all is well.
func (w *world) verdict() string {
	sent, scored := w.halves(), 0
	for q := range w.byATM {
		for i, b := range w.byATM[q] {
			var h hop
			if err := h.read(b, make([]float64, feature.CardSize()), new(atm.Transaction)); err != nil {
				return err.Error()
			}
			if sent[h.source] != fmt.Sprint(q, ":", string(b)) {
				return fmt.Sprintf("record %d of %d differs from what an undisturbed card stage sends", i, q)
			}
		}
		want := w.oracle(q)
		for source, text := range w.atms[q].scores {
			if want[source] != text {
				return fmt.Sprintf("the score of %v differs from the oracle's", source)
			}
		}
		scored += len(want)
		if len(want) != len(w.atms[q].scores) {
			return fmt.Sprintf("partition %d has %d scores, the oracle %d", q, len(w.atms[q].scores), len(want))
		}
	}
	letters, total := 0, 0
	for p := range w.in {
		letters, total = letters+len(w.cards[p].letters), total+len(w.in[p])
	}
	if scored != len(sent) || scored+letters != total {
		return fmt.Sprintf("%d scores and %d dead letters of %d records", scored, letters, total)
	}
	return ""
}

func byTheRule(a *ATM, in Input, s *atm.Score) bool {
	applied, err := a.Apply(in, s)
	return applied && err == nil
}

// naive applies whatever comes, as a stage without sequence numbers would.
func naive(a *ATM, in Input, s *atm.Score) bool {
	var h hop
	*s = atm.Score{Vector: make([]float64, feature.Size())}
	if h.read(in.Value, s.Vector[:feature.CardSize()], &s.Transaction) != nil {
		return false
	}
	s.CardAt, s.ATMAt, s.Flags, s.Produced = h.source, atm.Position{Partition: a.partition}, h.flags, h.produced
	a.Fold(s)
	s.ATMAt.Offset = in.Offset
	return true
}

// Whatever crashes whenever, every record is scored once or dead-lettered, as if nothing had happened.
func TestCrashesChangeNothing(t *testing.T) {
	f := func(seed uint64, crashes bool) {
		t.Helper()
		w := newWorld(t, seed, 3, 250, byTheRule)
		w.run(crashes)
		if wrong := w.verdict(); wrong != "" {
			t.Fatalf("seed %d: %s", seed, wrong)
		}
		records, repeated := 0, false
		for q := range w.byATM {
			records += len(w.byATM[q])
		}
		if repeated = records > len(w.halves()); repeated != crashes {
			t.Fatalf("seed %d: %d records between the stages, %d transactions, crashes %v", seed, records, len(w.halves()), crashes)
		}
	}
	f(1, false)
	for seed := range uint64(12) {
		f(seed, true)
	}
}

// The same crashes break a stage that does not look at sequence numbers: the test above can fail.
func TestNaiveStageFailsTheCrashTest(t *testing.T) {
	w := newWorld(t, 1, 3, 250, byTheRule)
	w.run(true)
	wrong, right := 0, 0
	for q := range w.byATM {
		want, stage := w.oracle(q), NewATM(int32(q), newATM().Model())
		var got, oracle atm.Score
		for i, b := range w.byATM[q] {
			if !naive(stage, Input{Value: b, Offset: int64(i)}, &got) {
				t.Fatalf("record %d of %d is not applied", i, q)
			}
			if err := atm.DecodeScore([]byte(want[got.CardAt]), &oracle); err != nil {
				t.Fatal(err)
			}
			if slices.Equal(got.Vector, oracle.Vector) {
				right++
			} else {
				wrong++
			}
		}
	}
	if wrong < 100 || right == 0 {
		t.Errorf("a stage without sequence numbers got %d vectors wrong and %d right", wrong, right)
	}
}
