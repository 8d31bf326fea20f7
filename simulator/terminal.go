package simulator

import (
	"fmt"
	"math"

	"skimwatch/engine/atm"
)

// Terminal is one cash machine as the outside knows it.
type Terminal struct {
	ID       string
	Lat, Lon float64 // degrees
	Country  string  // ISO 3166 alpha-2
	City     string
}

// machine is a terminal with what the world knows of it.
type machine struct {
	Terminal
	city    int32
	opens   int32    // day of the first customer; 0 or less: always was there
	service string   // token of the technician's card, which stands on records without a customer
	outage  span     // today's
	skimmer *skimmer // nil: clean
	storing span     // today's time without a line to the host (disorder only)
	skew    atm.Time // how far its clock is off (disorder only)
}

type span struct{ from, to atm.Time }

func (s span) contains(t atm.Time) bool { return t >= s.from && t < s.to }

// Terminals lists every cash machine, also those that open later, in order of id.
func (w *World) Terminals() []Terminal {
	ts := make([]Terminal, len(w.machines))
	for i := range w.machines {
		ts[i] = w.machines[i].Terminal
	}
	return ts
}

// buildTerminals spreads the machines over the cities and clusters them around a few centres in each.
func (w *World) buildTerminals() {
	w.cities = cities()
	share := newWeights(len(w.cities), func(i int) float64 { return w.cities[i].share() })
	w.machines = make([]machine, w.config.ATMs)
	for i := range w.machines {
		c := share.find((float64(i) + 0.5) / float64(len(w.machines)))
		w.cities[c].machines = append(w.cities[c].machines, int32(i))
		w.machines[i] = w.buildTerminal(i, c)
	}
	for i := range w.cities {
		c := &w.cities[i]
		c.busy = newWeights(len(c.machines), func(rank int) float64 { return math.Pow(float64(rank+1), -0.8) })
	}
}

func (w *World) buildTerminal(i, c int) machine {
	r, town := w.dice.at(w.config.Seed, drawTerminals, uint64(i), 0), &w.cities[c]
	cluster := r.IntN(1 + len(town.machines)/4)
	centre := newStream().at(w.config.Seed, drawTown, uint64(c), uint64(cluster))
	reach := 3 + math.Sqrt(town.people)/8 // kilometres
	north := centre.NormFloat64()*reach*float64(min(cluster, 1)) + r.NormFloat64()*0.6
	east := centre.NormFloat64()*reach*float64(min(cluster, 1)) + r.NormFloat64()*0.6
	m := machine{city: int32(c), Terminal: Terminal{
		ID:      fmt.Sprintf("ATM%05d", i+1),
		Lat:     grid(town.lat + north/111.2),
		Lon:     grid(town.lon + east/(111.2*math.Cos(town.lat*math.Pi/180))),
		Country: town.country,
		City:    town.name,
	}}
	if r.chance(0.08) && len(town.machines) > 1 {
		m.opens = int32(r.number(5, 180))
	}
	m.service = w.token("service", uint64(i))
	m.skew = 0
	if w.config.Disorder && r.chance(0.05) {
		m.skew = r.between(-90*atm.Second, 90*atm.Second)
	}
	return m
}

// grid rounds degrees to 1e-5, about one metre.
func grid(degrees float64) float64 { return math.Round(degrees*1e5) / 1e5 }

// anyMachine draws an open machine of the city, the busy ones more often. It must have one; see stay.
func (w *World) anyMachine(r *stream, c int32) int32 {
	town := &w.cities[c]
	m := town.machines[r.pick(town.busy)]
	for range 4 {
		if w.machines[m].opens <= int32(w.day) {
			break
		}
		m = town.machines[r.pick(town.busy)]
	}
	if w.machines[m].opens > int32(w.day) {
		return town.machines[0]
	}
	return m
}
