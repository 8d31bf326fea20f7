package simulator

// persona is a way of life as a cash machine sees it.
type persona struct {
	name    string
	share   float64 // of all cards
	hours   weights // over the 24 hours of the city's clock
	weekend float64 // visits on Saturday and Sunday, relative to a weekday
	visits  float64 // visits relative to the average card
	amount  float64 // median withdrawal in minor units
	sigma   float64 // spread of that median between cards, log scale
	limit   []int64 // daily limits, minor units
}

func personas() []persona {
	return []persona{
		{name: "worker", share: 0.52, weekend: 1.2, visits: 1, amount: 7000, sigma: 0.6, limit: []int64{50000, 60000, 100000},
			hours: hours(1, 1, 0, 0, 0, 1, 4, 9, 8, 6, 6, 8, 14, 10, 6, 6, 9, 14, 15, 11, 8, 6, 4, 2)},
		{name: "retiree", share: 0.2, weekend: 0.5, visits: 0.8, amount: 12000, sigma: 0.7, limit: []int64{50000, 60000, 100000},
			hours: hours(0, 0, 0, 0, 0, 0, 1, 4, 12, 18, 18, 14, 8, 5, 7, 9, 7, 4, 2, 1, 1, 0, 0, 0)},
		{name: "student", share: 0.16, weekend: 1.5, visits: 1.2, amount: 3000, sigma: 0.5, limit: []int64{30000, 50000},
			hours: hours(6, 5, 4, 3, 1, 0, 0, 1, 3, 4, 5, 6, 9, 8, 6, 6, 7, 8, 9, 10, 11, 12, 11, 9)},
		{name: "night shift", share: 0.06, weekend: 1, visits: 1.1, amount: 7000, sigma: 0.6, limit: []int64{50000, 60000, 100000},
			hours: hours(11, 10, 10, 9, 8, 8, 9, 6, 2, 1, 1, 1, 1, 2, 4, 5, 5, 4, 4, 5, 6, 8, 10, 11)},
		businessPersona(),
	}
}

func hours(perHour ...float64) weights {
	return newWeights(24, func(i int) float64 { return perHour[i] + 0.05 })
}
