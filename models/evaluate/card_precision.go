package evaluate

import (
	"cmp"
	"slices"

	"skimwatch/engine/atm"
)

// CardPrecision is the card precision top-k of the Fraud Detection Handbook (Le Borgne et al., 2022): each day, counted in
// whole days from `from`, the k cards with the highest score are looked at; the day's precision is the share of k that had
// a fraud that day; a card caught on one day leaves the later ones. The result is the mean over the days with transactions.
func CardPrecision(list []Scored, from atm.Time, k int) float64 {
	if k <= 0 || len(list) == 0 {
		return 0
	}
	caught := map[string]bool{}
	sum, n := 0.0, 0
	for _, day := range days(list, from) {
		found := 0
		for _, c := range topCards(day, caught, k) {
			if c.fraud {
				caught[c.card] = true
				found++
			}
		}
		sum += float64(found) / float64(k)
		n++
	}
	return sum / float64(n)
}

type cardDay struct {
	card  string
	score float64
	fraud bool
}

// topCards ranks the cards of one day that were not caught before; equal scores rank by card, so that the result does not
// hang on the order of the rows.
func topCards(day []Scored, caught map[string]bool, k int) []cardDay {
	at := map[string]int{}
	var cards []cardDay
	for _, s := range day {
		if caught[s.Card] {
			continue
		}
		i, seen := at[s.Card]
		if !seen {
			i = len(cards)
			at[s.Card] = i
			cards = append(cards, cardDay{card: s.Card, score: s.Score})
		}
		cards[i].score = max(cards[i].score, s.Score)
		cards[i].fraud = cards[i].fraud || s.Fraud
	}
	slices.SortFunc(cards, func(a, b cardDay) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.card, b.card))
	})
	return cards[:min(k, len(cards))]
}
