package feature_test

import (
	"fmt"

	"skimwatch/engine/atm"
	"skimwatch/engine/feature"
)

func Example() {
	fold := feature.NewCardFold()
	var card feature.CardState
	half := make([]float64, feature.CardSize())
	t := atm.Transaction{ID: "t1", Time: atm.Day, Card: "c", ATM: "A", Kind: atm.Withdrawal, Response: atm.Approved, Amount: 20000, Currency: "EUR"}
	fold.Apply(&card, &t, 0, half)
	t.ID, t.Time, t.ATM = "t2", t.Time+5*atm.Minute, "B"
	fold.Apply(&card, &t, 0, half)
	for _, name := range []string{"card_withdrawals_10m", "card_amount_1h", "card_atms_1h", "card_new_atm"} {
		f := feature.At(feature.Index(name))
		fmt.Println(f.Sentence(half[feature.Index(name)], &t))
	}
	// Output:
	// 2 approved withdrawals with this card within 10 min
	// EUR 400.00 in approved withdrawals with this card within 1 h
	// 2 different ATMs with this card within 1 h
	// An ATM the card has not used before
}
