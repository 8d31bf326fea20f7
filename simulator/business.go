package simulator

// businessPersona is a cash-heavy small business, honest: large withdrawals for change and wages, close to a high limit,
// at shop hours and at night before the market.
func businessPersona() persona {
	return persona{name: "business", share: 0.06, weekend: 0.7, visits: 2.2, amount: 40000, sigma: 0.5, limit: []int64{100000, 150000, 200000},
		hours: hours(1, 1, 1, 3, 6, 8, 9, 9, 9, 8, 7, 7, 6, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1)}
}
